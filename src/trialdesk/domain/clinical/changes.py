"""The closed list of things that can happen: each audit record carries exactly one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trialdesk.domain.clinical.change import AtForm as AtForm
from trialdesk.domain.clinical.change import AtItem as AtItem
from trialdesk.domain.clinical.change import OneChange
from trialdesk.domain.clinical.change import RecordId as RecordId
from trialdesk.domain.clinical.changes_of_place import AccessReset as AccessReset
from trialdesk.domain.clinical.changes_of_place import BundleWritten as BundleWritten
from trialdesk.domain.clinical.changes_of_place import CertificateTaken as CertificateTaken
from trialdesk.domain.clinical.changes_of_place import ClockFlagged as ClockFlagged
from trialdesk.domain.clinical.changes_of_place import CustodyPassed as CustodyPassed
from trialdesk.domain.clinical.changes_of_place import DocumentMade as DocumentMade
from trialdesk.domain.clinical.changes_of_place import LabRangesGiven as LabRangesGiven
from trialdesk.domain.clinical.changes_of_place import LabRangesTaken as LabRangesTaken
from trialdesk.domain.clinical.changes_of_place import ReceiptTaken as ReceiptTaken
from trialdesk.domain.clinical.changes_of_place import SessionNoted as SessionNoted
from trialdesk.domain.clinical.changes_of_place import StudyAdopted as StudyAdopted
from trialdesk.domain.clinical.changes_of_place import StudyReleased as StudyReleased
from trialdesk.domain.clinical.changes_of_place import TerminologyAdopted as TerminologyAdopted
from trialdesk.domain.clinical.changes_of_place import UserAdded as UserAdded
from trialdesk.domain.clinical.changes_of_place import UserRetired as UserRetired
from trialdesk.domain.text import Text

Missing = Literal["ND", "UNK", "NA"]
"""Not done, unknown, not applicable (ODM and CDASH reasons for an empty answer)."""

SourceKind = Literal[
    "Medical record", "Laboratory report", "Order sheet", "Transfusion record", "Nursing record", "Other"
]
"""Kinds of document an answer is compared with."""


class SubjectEnrolled(OneChange):
    """A participant got a number; initials follow the study's rule and name nobody."""

    kind: Literal["SubjectEnrolled"] = "SubjectEnrolled"
    initials: str


class ItemEntered(OneChange):
    """An answer was given for the first time: a value in canonical text, or why there is none."""

    kind: Literal["ItemEntered"] = "ItemEntered"
    path: AtItem
    value: str | None = None
    missing: Missing | None = None
    unit: str | None = None


class ItemCorrected(OneChange):
    """An answer was changed; `replaces` names every record it takes the place of, so that no clock has to decide."""

    kind: Literal["ItemCorrected"] = "ItemCorrected"
    path: AtItem
    value: str | None = None
    missing: Missing | None = None
    unit: str | None = None
    replaces: tuple[RecordId, ...]


class ItemDerived(OneChange):
    """The system computed an answer by a rule; it is recorded so that the trail holds what the person saw."""

    kind: Literal["ItemDerived"] = "ItemDerived"
    path: AtItem
    value: str | None
    rule: str
    replaces: tuple[RecordId, ...] = ()


class FindingExplained(OneChange):
    """A person kept a value in spite of a finding and said why; it holds for exactly the records named."""

    kind: Literal["FindingExplained"] = "FindingExplained"
    path: AtItem
    rule: str
    code: str
    words: str = ""
    covers: tuple[RecordId, ...]


class RowStruck(OneChange):
    """A row was struck out: it stays readable in the trail and leaves every count and export."""

    kind: Literal["RowStruck"] = "RowStruck"
    form: AtForm
    group: str | None = None
    group_repeat: int = 1


class FormCompleted(OneChange):
    """A form was declared complete with exactly these records and these findings in sight."""

    kind: Literal["FormCompleted"] = "FormCompleted"
    form: AtForm
    covers: tuple[RecordId, ...]
    findings: tuple[str, ...] = ()


class FormReopened(OneChange):
    """A completed form went back to draft; names the completions it lifts."""

    kind: Literal["FormReopened"] = "FormReopened"
    form: AtForm
    replaces: tuple[RecordId, ...]


class _Signature(OneChange):
    """What every signature records: what it covered, what it meant, the PDF, and the certificate's serial number.

    `version` numbers the wording (`domain/admin/signature_def.py`), `legal_reason` says why it binds.
    """

    form: AtForm
    covers: tuple[RecordId, ...]
    meaning: Text
    document: str
    certificate: str
    version: str | None = None
    legal_reason: Text | None = None


class FormCertified(_Signature):
    """The person who entered the data signed that they agree with the source; the investigator's field is still open."""

    kind: Literal["FormCertified"] = "FormCertified"


class FormSigned(_Signature):
    """An investigator signed a form; `certified` is the PDF the signature was put on, signed by data entry."""

    kind: Literal["FormSigned"] = "FormSigned"
    certified: str | None = None


class FormFrozen(OneChange):
    """A form is held still while the centre looks at it; queries may be answered, answers may not be changed."""

    kind: Literal["FormFrozen"] = "FormFrozen"
    form: AtForm


class FormThawed(OneChange):
    """A form is free again; names the freezes it lifts."""

    kind: Literal["FormThawed"] = "FormThawed"
    form: AtForm
    replaces: tuple[RecordId, ...]


class FormLocked(OneChange):
    """A form may no longer be changed; `second` is the other person without whom it would not have been locked."""

    kind: Literal["FormLocked"] = "FormLocked"
    form: AtForm
    second: str | None = None


class FormUnlocked(OneChange):
    """A lock was lifted with a reason; names the locks it lifts, and the second person who agreed."""

    kind: Literal["FormUnlocked"] = "FormUnlocked"
    form: AtForm
    replaces: tuple[RecordId, ...]
    second: str | None = None


class SourceVerified(OneChange):
    """Answers were compared with a named source; it holds for exactly the records named, so a correction ends it.

    `source` is the kind of document, `where` its number, page or place.
    """

    kind: Literal["SourceVerified"] = "SourceVerified"
    paths: tuple[AtItem, ...]
    covers: tuple[RecordId, ...]
    source: SourceKind
    where: str


class VerificationLifted(OneChange):
    """A comparison with the source was taken back, with the reason; names the verifications it lifts."""

    kind: Literal["VerificationLifted"] = "VerificationLifted"
    replaces: tuple[RecordId, ...]
    words: str


class QueryOpened(OneChange):
    """A question about one or more answers; its record id is the query's name."""

    kind: Literal["QueryOpened"] = "QueryOpened"
    source: Literal["System", "Data Management", "Monitor"]
    paths: tuple[AtItem, ...]
    says: Text
    rule: str | None = None
    proposal: RecordId | None = None


class QueryProposed(OneChange):
    """A query that the centre's checks or a person drafted and that no site has seen; `QueryOpened.proposal` issues it."""

    kind: Literal["QueryProposed"] = "QueryProposed"
    source: Literal["System", "Data Management", "Monitor"]
    paths: tuple[AtItem, ...]
    says: Text
    rule: str | None = None


class QueryAnswered(OneChange):
    """The site answered a query."""

    kind: Literal["QueryAnswered"] = "QueryAnswered"
    query: RecordId
    words: str


class QueryClosed(OneChange):
    """A query was settled; system queries are closed by the system with the reason."""

    kind: Literal["QueryClosed"] = "QueryClosed"
    query: RecordId
    words: str
    cancelled: bool = False


class NoteAdded(OneChange):
    """A person wrote a note at a field; it changes no value and stays beside it."""

    kind: Literal["NoteAdded"] = "NoteAdded"
    path: AtItem
    words: str


class FormMoved(OneChange):
    """A person let a draft that was begun under an older study release be asked by a newer one; no answer changed."""

    kind: Literal["FormMoved"] = "FormMoved"
    form: AtForm
    before: str
    version: str


Change = Annotated[
    SubjectEnrolled
    | ItemEntered
    | ItemCorrected
    | ItemDerived
    | FindingExplained
    | RowStruck
    | FormCompleted
    | FormReopened
    | FormCertified
    | FormSigned
    | FormFrozen
    | FormThawed
    | FormLocked
    | FormUnlocked
    | SourceVerified
    | VerificationLifted
    | QueryOpened
    | QueryProposed
    | QueryAnswered
    | QueryClosed
    | NoteAdded
    | UserAdded
    | CertificateTaken
    | AccessReset
    | UserRetired
    | StudyAdopted
    | StudyReleased
    | LabRangesGiven
    | LabRangesTaken
    | FormMoved
    | TerminologyAdopted
    | SessionNoted
    | DocumentMade
    | BundleWritten
    | ReceiptTaken
    | CustodyPassed
    | ClockFlagged,
    Field(discriminator="kind"),
]
