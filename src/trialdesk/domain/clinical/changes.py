"""The closed list of things that can happen: each audit record carries exactly one of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from trialdesk.domain.clinical.account_changes import KeysChanged, PassphraseChanged, RoleChanged
from trialdesk.domain.clinical.change_base import AtForm, AtItem, ChangeBase
from trialdesk.domain.clinical.change_base import Missing as Missing
from trialdesk.domain.clinical.change_base import QuerySource as QuerySource
from trialdesk.domain.clinical.change_base import RecordId as RecordId
from trialdesk.domain.clinical.change_base import SourceKind as SourceKind
from trialdesk.domain.clinical.monitoring_changes import (
    FormRead,
    MedicallyReviewed,
    MedicalReviewLifted,
    TrailReviewed,
    VisitTaken,
)
from trialdesk.domain.clinical.query_changes import QueryAnswered as QueryAnswered
from trialdesk.domain.clinical.query_changes import QueryAskedAgain as QueryAskedAgain
from trialdesk.domain.clinical.query_changes import QueryClosed as QueryClosed
from trialdesk.domain.clinical.query_changes import QueryOpened as QueryOpened
from trialdesk.domain.clinical.query_changes import QueryProposed as QueryProposed
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.clinical.release_changes import FormMoved as FormMoved
from trialdesk.domain.clinical.release_changes import LabRangesGiven as LabRangesGiven
from trialdesk.domain.clinical.release_changes import LabRangesTaken as LabRangesTaken
from trialdesk.domain.clinical.release_changes import StudyAdopted as StudyAdopted
from trialdesk.domain.clinical.release_changes import StudyReleased as StudyReleased
from trialdesk.domain.text import Text


class SubjectEnrolled(ChangeBase):
    """A participant got a number; initials follow the study's rule and name nobody."""

    kind: Literal["SubjectEnrolled"] = "SubjectEnrolled"
    initials: str


class ItemEntered(ChangeBase):
    """An answer was given for the first time: a value in canonical text, or why there is none."""

    kind: Literal["ItemEntered"] = "ItemEntered"
    path: AtItem
    value: str | None = None
    missing: Missing | None = None
    unit: str | None = None


class ItemCorrected(ChangeBase):
    """An answer was changed; `replaces` names every record it takes the place of, so that no clock has to decide."""

    kind: Literal["ItemCorrected"] = "ItemCorrected"
    path: AtItem
    value: str | None = None
    missing: Missing | None = None
    unit: str | None = None
    replaces: tuple[RecordId, ...]


class ItemDerived(ChangeBase):
    """The system computed an answer by a rule; it is recorded so that the trail holds what the person saw."""

    kind: Literal["ItemDerived"] = "ItemDerived"
    path: AtItem
    value: str | None
    rule: str
    replaces: tuple[RecordId, ...] = ()


class FindingExplained(ChangeBase):
    """A person kept a value in spite of a finding and said why; it holds for exactly the records named."""

    kind: Literal["FindingExplained"] = "FindingExplained"
    path: AtItem
    rule: str
    code: str
    words: str = ""
    covers: tuple[RecordId, ...]


class RowStruck(ChangeBase):
    """A row was struck out: it stays readable in the trail and leaves every count and export."""

    kind: Literal["RowStruck"] = "RowStruck"
    form: AtForm
    group: str | None = None
    group_repeat: int = 1


class FormCompleted(ChangeBase):
    """A form was declared complete with exactly these records and these findings in sight."""

    kind: Literal["FormCompleted"] = "FormCompleted"
    form: AtForm
    covers: tuple[RecordId, ...]
    findings: tuple[str, ...] = ()


class FormReopened(ChangeBase):
    """A completed form went back to draft; names the completions it lifts."""

    kind: Literal["FormReopened"] = "FormReopened"
    form: AtForm
    replaces: tuple[RecordId, ...]


class _Signature(ChangeBase):
    """What every signature records: what it covered, what it meant, the PDF, and the certificate's serial number.

    `version` numbers the wording (`domain/admin/signature_def.py`), `legal_reason` says why it binds; `read_seconds` is how
    long its pages were in sight before, idle moments included.
    """

    form: AtForm
    covers: tuple[RecordId, ...]
    meaning: Text
    document: str
    certificate: str
    version: str | None = None
    legal_reason: Text | None = None
    read_seconds: int | None = None


class FormCertified(_Signature):
    """The person who entered the data signed that they agree with the source; the investigator's field is still open."""

    kind: Literal["FormCertified"] = "FormCertified"


class FormSigned(_Signature):
    """An investigator signed a form; `certified` is the PDF the signature was put on, signed by data entry."""

    kind: Literal["FormSigned"] = "FormSigned"
    certified: str | None = None


class FormFrozen(ChangeBase):
    """A form is held still while the centre looks at it; queries may be answered, answers may not be changed."""

    kind: Literal["FormFrozen"] = "FormFrozen"
    form: AtForm


class FormThawed(ChangeBase):
    """A form is free again; names the freezes it lifts."""

    kind: Literal["FormThawed"] = "FormThawed"
    form: AtForm
    replaces: tuple[RecordId, ...]


class FormLocked(ChangeBase):
    """A form may no longer be changed; `second` is the other person without whom it would not have been locked."""

    kind: Literal["FormLocked"] = "FormLocked"
    form: AtForm
    second: str | None = None


class FormUnlocked(ChangeBase):
    """A lock was lifted with a reason; names the locks it lifts, and the second person who agreed."""

    kind: Literal["FormUnlocked"] = "FormUnlocked"
    form: AtForm
    replaces: tuple[RecordId, ...]
    second: str | None = None


class SourceVerified(ChangeBase):
    """Answers were compared with a named source; it holds for exactly the records named, so a correction ends it.

    `source` is the kind of document, `where` its number, page or place.
    """

    kind: Literal["SourceVerified"] = "SourceVerified"
    paths: tuple[AtItem, ...]
    covers: tuple[RecordId, ...]
    source: SourceKind
    where: str


class VerificationLifted(ChangeBase):
    """A comparison with the source was taken back, with the reason; names the verifications it lifts."""

    kind: Literal["VerificationLifted"] = "VerificationLifted"
    replaces: tuple[RecordId, ...]
    words: str


class NoteAdded(ChangeBase):
    """A person wrote a note at a field; it changes no value and stays beside it."""

    kind: Literal["NoteAdded"] = "NoteAdded"
    path: AtItem
    words: str


class UserAdded(ChangeBase):
    """A person may sign in with this role from now on; the name is a role name, never a private name.

    `begins` and `ends` are the first and last day of an account that is limited in time (ISO 8601).
    """

    kind: Literal["UserAdded"] = "UserAdded"
    user: str
    name: Text
    role: str
    certificate: str | None = None
    begins: str | None = None
    ends: str | None = None


class CertificateTaken(ChangeBase):
    """A person or, without one, this workstation has a new certificate; the key belonging to it never left the laptop."""

    kind: Literal["CertificateTaken"] = "CertificateTaken"
    user: str | None = None
    certificate: str


class AccessReset(ChangeBase):
    """An administrator let a person in again under a new passphrase; the person's signing key is gone by that."""

    kind: Literal["AccessReset"] = "AccessReset"
    user: str


class UserRetired(ChangeBase):
    """A person may no longer sign in; the name is never given to anyone else."""

    kind: Literal["UserRetired"] = "UserRetired"
    user: str


class TerminologyAdopted(ChangeBase):
    """The official wording of a terminology is shown from now on; names the workbook and what is kept of it by SHA-256."""

    kind: Literal["TerminologyAdopted"] = "TerminologyAdopted"
    terminology: str
    workbook: str
    document: str


class SessionNoted(ChangeBase):
    """A sign-in, sign-out, lock, refused sign-in, backup, restore or recovery of access at this workstation."""

    kind: Literal["SessionNoted"] = "SessionNoted"
    what: Literal["signed_in", "signed_out", "locked", "unlocked", "refused", "restored", "backed_up", "recovered"]
    detail: str = ""


class DocumentMade(ChangeBase):
    """A document was printed, saved, reported or sealed, or a scan attached to a form; `document` is its SHA-256."""

    kind: Literal["DocumentMade"] = "DocumentMade"
    what: Literal["printed", "saved", "scanned", "reported", "sealed"]
    document: str
    form: AtForm | None = None


class BundleWritten(ChangeBase):
    """A stretch of this trail was sealed for the centre; `document` names the bundle's own bytes, kept in the desk."""

    kind: Literal["BundleWritten"] = "BundleWritten"
    number: int
    first: int
    last: int
    header: str
    document: str


class ReceiptTaken(ChangeBase):
    """The centre confirmed with its signature how far it holds this trail; `revocations` numbers the list it sent.

    `centre_to` is the last of the centre's own records that this workstation holds; `skew_seconds` is the centre's clock
    minus this workstation's stamp of the bundle, so it includes the time on the way.
    """

    kind: Literal["ReceiptTaken"] = "ReceiptTaken"
    number: int
    accepted_to: int
    centre_time: str
    revocations: int | None = None
    centre_to: int | None = None
    skew_seconds: int | None = None


class CustodyPassed(ChangeBase):
    """A rebuilt workstation stands in the place of a dead one: what the centre says goes to it from now on."""

    kind: Literal["CustodyPassed"] = "CustodyPassed"
    replaces: str
    workstation: str


class ClockFlagged(ChangeBase):
    """The computer's clock went against the order of records; work goes on, order is kept by the numbers."""

    kind: Literal["ClockFlagged"] = "ClockFlagged"
    last: str
    now: str


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
    | MedicallyReviewed
    | MedicalReviewLifted
    | FormRead
    | TrailReviewed
    | VisitTaken
    | QueryOpened
    | QueryProposed
    | QueryAnswered
    | QueryAskedAgain
    | QueryClosed
    | NoteAdded
    | UserAdded
    | CertificateTaken
    | AccessReset
    | UserRetired
    | RoleChanged
    | PassphraseChanged
    | KeysChanged
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
    | AnswerShown
    | CustodyPassed
    | ClockFlagged,
    Field(discriminator="kind"),
]
