"""What a trail says of signed documents, so that a file can be held against it."""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.documents.verdict import Recorded
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormCertified, FormLocked, FormSigned, FormUnlocked

KINDS = ("FormCertified", "FormSigned", "FormLocked", "FormUnlocked")


class DocumentTrail:
    """The signed documents that a desk's or the centre's trail names, by hash, and what became of their forms."""

    def __init__(self, records: Iterable[AuditRecord]) -> None:
        self._known: dict[str, Recorded] = {}
        self._signed: dict[tuple[str, str], list[AuditRecord]] = {}
        self._locks: dict[tuple[str, str], list[AuditRecord]] = {}
        self._lifted: set[str] = set()
        certified: dict[str, int] = {}
        for record in records:
            change, subject = record.change, record.subject or ""
            if isinstance(change, FormCertified):
                certified[change.document] = int(change.certificate, 16)
            elif isinstance(change, FormSigned):
                first = certified.get(change.certified or "")
                serials = (int(change.certificate, 16), *([first] if first is not None else []))
                self._known[change.document] = Recorded(subject, str(change.form), serials)
                self._signed.setdefault((subject, str(change.form)), []).append(record)
            elif isinstance(change, FormLocked | FormUnlocked):
                self._locks.setdefault((subject, str(change.form)), []).append(record)
                if isinstance(change, FormUnlocked):
                    self._lifted.update(change.replaces)

    def recorded(self, sha256: str) -> Recorded | None:
        """What is recorded of the document of this hash, or None."""
        return self._known.get(sha256)

    def became(self, sha256: str) -> tuple[tuple[str, str], ...]:
        """What became of the form since: whether a later signature takes this file's place, each lock and unlock."""
        known = self._known.get(sha256)
        if known is None:
            return ()
        key = (known.subject, known.form)
        signed = sorted(self._signed[key], key=lambda record: record.at)
        mine = next(r for r in signed if isinstance(r.change, FormSigned) and r.change.document == sha256)
        said = [("signed again 已重新签署", _moment(later)) for later in signed if later.at > mine.at]
        for record in sorted(self._locks.get(key, ()), key=lambda record: record.at):
            change = record.change
            assert isinstance(change, FormLocked | FormUnlocked)
            who = f"{_moment(record)}, {record.user} + {change.second or '-'}"
            if isinstance(change, FormUnlocked):
                said.append(("unlocked 已解锁", f"{who}: {record.reason.words if record.reason else ''}"))
            else:
                holds = "" if record.id in self._lifted else ", stands 有效"
                said.append(("locked 已锁定", who + holds))
        return tuple(said)


def _moment(record: AuditRecord) -> str:
    return record.local_time.strftime("%Y-%m-%d %H:%M:%S") + f" {record.zone}"
