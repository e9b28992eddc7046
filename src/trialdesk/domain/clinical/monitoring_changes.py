"""What a monitor and a medical reviewer record beside the comparison with a source; part of the closed list of changes."""

from __future__ import annotations

from typing import Literal

from trialdesk.domain.clinical.change_base import AtForm, AtItem, ChangeBase, RecordId


class MedicallyReviewed(ChangeBase):
    """A medically qualified person judged a form as it stood; it holds for exactly the records named."""

    kind: Literal["MedicallyReviewed"] = "MedicallyReviewed"
    form: AtForm
    covers: tuple[RecordId, ...]
    words: str = ""


class MedicalReviewLifted(ChangeBase):
    """A medical review was taken back, with the reason; names the reviews it lifts."""

    kind: Literal["MedicalReviewLifted"] = "MedicalReviewLifted"
    replaces: tuple[RecordId, ...]
    words: str


class FormRead(ChangeBase):
    """A form was opened and read to its end before all of its answers were called verified in one act."""

    kind: Literal["FormRead"] = "FormRead"
    form: AtForm
    covers: tuple[RecordId, ...]


class TrailReviewed(ChangeBase):
    """The audit trail of a participant was looked through up to these records, with what was concluded."""

    kind: Literal["TrailReviewed"] = "TrailReviewed"
    heads: tuple[RecordId, ...]
    signs: tuple[str, ...] = ()
    words: str


class VisitTaken(ChangeBase):
    """What a monitor did at a visit was taken in, once: acts `first` to `last` of the visit's own trail.

    `seal` is that of act `last`, `header` the SHA-256 of the signed head of the file, `made` the centre's record for each act in order (empty for
    an act that gave none), `lapsed` the answers that were changed since the pack was made.
    """

    kind: Literal["VisitTaken"] = "VisitTaken"
    visit: str
    monitor: str
    first: int
    last: int
    seal: str
    header: str
    made: tuple[RecordId, ...]
    lapsed: tuple[AtItem, ...] = ()
