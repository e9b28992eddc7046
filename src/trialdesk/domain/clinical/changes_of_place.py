"""What happens to a workstation or between it and the centre: people, releases, ranges, bundles, receipts, the clock."""

from __future__ import annotations

from typing import Literal

from trialdesk.domain.clinical.change import AtForm, OneChange, RecordId
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.laboratory import RangeTable
from trialdesk.domain.text import Text


class UserAdded(OneChange):
    """A person may sign in with this role from now on; the name is a role name, never a private name."""

    kind: Literal["UserAdded"] = "UserAdded"
    user: str
    name: Text
    role: str
    certificate: str | None = None


class CertificateTaken(OneChange):
    """A person or, without one, this workstation has a new certificate; the key belonging to it never left the laptop."""

    kind: Literal["CertificateTaken"] = "CertificateTaken"
    user: str | None = None
    certificate: str


class AccessReset(OneChange):
    """An administrator let a person in again under a new passphrase; the person's signing key is gone by that."""

    kind: Literal["AccessReset"] = "AccessReset"
    user: str


class UserRetired(OneChange):
    """A person may no longer sign in; the name is never given to anyone else."""

    kind: Literal["UserRetired"] = "UserRetired"
    user: str


class StudyAdopted(OneChange):
    """The desk works with this study release from now on."""

    kind: Literal["StudyAdopted"] = "StudyAdopted"
    study: str
    version: str
    fingerprint: str


class StudyReleased(OneChange):
    """The centre gives a study release out to one workstation.

    `approved` is the day of the ethics committee's approval at its site, `effective` the first day on which the
    workstation asks by it (both ISO 8601), `rule` for whom and from which visit on. Records made before keep the
    release they were made under.
    """

    kind: Literal["StudyReleased"] = "StudyReleased"
    study: str
    version: str
    fingerprint: str
    approved: str
    effective: str
    rule: EffectiveRule = EffectiveRule()


class LabRangesGiven(OneChange):
    """The centre gives a laboratory's own list of normal ranges out to one workstation, beside the study release.

    `table` says from when to when the list is in force, by the day of sampling; `name` and `file` are the file it came
    in and its SHA-256.
    """

    kind: Literal["LabRangesGiven"] = "LabRangesGiven"
    laboratory: str
    table: RangeTable
    name: str
    file: str


class LabRangesTaken(OneChange):
    """The desk reads laboratory results by this list from now on; `given` is the centre's record that brought it."""

    kind: Literal["LabRangesTaken"] = "LabRangesTaken"
    laboratory: str
    valid_from: str
    given: RecordId


class TerminologyAdopted(OneChange):
    """The official wording of a terminology is shown from now on; names the workbook and what is kept of it by SHA-256."""

    kind: Literal["TerminologyAdopted"] = "TerminologyAdopted"
    terminology: str
    workbook: str
    document: str


class SessionNoted(OneChange):
    """A sign-in, sign-out, lock, refused sign-in, backup, restore or recovery of access at this workstation."""

    kind: Literal["SessionNoted"] = "SessionNoted"
    what: Literal["signed_in", "signed_out", "locked", "unlocked", "refused", "restored", "backed_up", "recovered"]
    detail: str = ""


class DocumentMade(OneChange):
    """A document was printed or saved, or the scan of a paper was attached to a form; `document` is its SHA-256."""

    kind: Literal["DocumentMade"] = "DocumentMade"
    what: Literal["printed", "saved", "scanned"]
    document: str
    form: AtForm | None = None


class BundleWritten(OneChange):
    """A stretch of this trail was sealed for the centre; `document` names the bundle's own bytes, kept in the desk."""

    kind: Literal["BundleWritten"] = "BundleWritten"
    number: int
    first: int
    last: int
    header: str
    document: str


class ReceiptTaken(OneChange):
    """The centre confirmed with its signature how far it holds this trail; `revocations` numbers the list it sent.

    `centre_to` is the last of the centre's own records that this workstation holds; `skew_seconds` is the centre's clock
    minus the stamp of the bundle, the time on the way included.
    """

    kind: Literal["ReceiptTaken"] = "ReceiptTaken"
    number: int
    accepted_to: int
    centre_time: str
    revocations: int | None = None
    centre_to: int | None = None
    skew_seconds: int | None = None


class CustodyPassed(OneChange):
    """A rebuilt workstation stands in the place of a dead one: what the centre says goes to it from now on."""

    kind: Literal["CustodyPassed"] = "CustodyPassed"
    replaces: str
    workstation: str


class ClockFlagged(OneChange):
    """The computer's clock went against the order of records; work goes on, order is kept by the numbers."""

    kind: Literal["ClockFlagged"] = "ClockFlagged"
    last: str
    now: str
