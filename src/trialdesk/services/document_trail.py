"""What a trail says of signed documents, so that a file can be held against it."""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.documents.verdict import Recorded
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormCertified, FormSigned

KINDS = ("FormCertified", "FormSigned")


class DocumentTrail:
    """The signed documents that a desk's or the centre's trail names, by hash."""

    def __init__(self, records: Iterable[AuditRecord]) -> None:
        self._known: dict[str, Recorded] = {}
        certified: dict[str, int] = {}
        for record in records:
            change = record.change
            if isinstance(change, FormCertified):
                certified[change.document] = int(change.certificate, 16)
            elif isinstance(change, FormSigned):
                first = certified.get(change.certified or "")
                serials = (int(change.certificate, 16), *([first] if first is not None else []))
                self._known[change.document] = Recorded(record.subject or "", str(change.form), serials)

    def recorded(self, sha256: str) -> Recorded | None:
        """What is recorded of the document of this hash, or None."""
        return self._known.get(sha256)
