"""The centre's letter at the desk: its records are laid beside the desk's own, in the centre's name and under its seals."""

from __future__ import annotations

from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.document_store import Document

KINDS = frozenset(
    {
        "QueryOpened", "QueryAskedAgain", "QueryClosed", "FormFrozen", "FormThawed", "FormLocked", "FormUnlocked", "SourceVerified",
        "VerificationLifted", "NoteAdded", "StudyReleased", "LabRangesGiven",
    }
)  # fmt: skip
"""What the centre may say at a ward: it asks, holds, locks and verifies; it never enters or corrects an answer."""

ROLES = frozenset({Role.DATA_MANAGER, Role.MONITOR, Role.MEDICAL_REVIEWER, Role.SYSTEM})


def take_letter(desk: OpenDesk, text: str) -> int:
    """Take in the centre's records for this workstation; returns the last number held of them.

    The letter has come inside a receipt whose signature was checked. Raises KnownError, and stores nothing, for records
    that are not the centre's for this workstation, that say what a centre may not say, or that leave a gap.
    """
    from trialdesk.exchange.letter import open_letter
    from trialdesk.security import age

    letter = open_letter("receipt", text, lambda content: age.decrypt(content, desk.meta["workstation_age"]))
    origin = f"CENTRE-{desk.session.origin}"
    for _, content, _ in letter.lines:
        record = RECORD.validate_json(content)
        if record.origin != origin or record.change.kind not in KINDS or record.role not in ROLES:
            raise KnownError(_NOT_ITS_OWN.format(kind=record.change.kind))
    desk.trail.take_in(origin, letter.lines, [Document("study", study) for study in letter.studies])
    desk.forget()
    return desk.trail.head(origin)[0]


_NOT_ITS_OWN = Text(
    en="The receipt holds a record ({kind}) that the centre may not write at this desk. Nothing was taken in. Call the "
    "data manager.",
    zh="回执中含有中心无权在本机写入的记录（{kind}）。未接收任何内容，请联系数据管理员。",
)
