"""The paper a form was keyed from: its scan is kept under its hash, named in the trail, and goes to the centre."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.actions.outcome import Refusal, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import DocumentMade
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.document_store import Document

LARGEST = 20_000_000
"""Bytes of one scan; a bundle on a stick has to carry it."""

_KINDS = ((b"%PDF-", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))


@dataclass(frozen=True)
class Scan:
    """One attached scan: the hash it is kept under, and the record that says who attached it and when."""

    document: str
    record: AuditRecord


def attach_scan(desk: OpenDesk, casebook: Casebook, form: FormPath, file: Path) -> Scan | Refusal:
    """Keep a scan (PDF, PNG or JPEG, up to 20 MB) with a form; raises KnownError for a file that is none of these."""
    refusal = refuse_role(desk.session.user.role, Act.ENTER)
    if refusal:
        return refusal
    if casebook.status(form) is FormStatus.LOCKED:
        return Refusal(
            "state", Text(en="The form is locked; nothing can be attached.", zh="表单已锁定，不能再附文件。")
        )
    document = Document(f"scan-{_kind(file)}", file.read_bytes())
    change = DocumentMade(what="scanned", document=document.sha256, form=form)
    (record,) = desk.session.record([change], casebook.subject, documents=[document], under=casebook.version)
    casebook.apply((record,))
    return Scan(document.sha256, record)


def scans(casebook: Casebook, form: FormPath) -> tuple[Scan, ...]:
    """The scans attached to a form, oldest first."""
    made = casebook.session.trail.records(subject=casebook.subject, kinds=("DocumentMade",))
    return tuple(
        Scan(record.change.document, record)
        for record in made
        if isinstance(record.change, DocumentMade) and record.change.what == "scanned" and record.change.form == form
    )


def open_scan(desk: OpenDesk, scan: Scan) -> tuple[bytes, str]:
    """The bytes of a scan and its kind (pdf, png, jpg); raises KnownError when it is not kept here."""
    document = desk.documents.read(scan.document)
    return document.content, document.kind.removeprefix("scan-")


def _kind(file: Path) -> str:
    """What the file is by its first bytes, whatever its name says."""
    try:
        size = file.stat().st_size
        with file.open("rb") as opened:
            head = opened.read(16)
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(name=file.name, why=fault.strerror or fault)) from fault
    if size > LARGEST:
        raise KnownError(_LARGE.format(name=file.name, mb=f"{size / 1e6:.0f}"))
    kind = next((kind for start, kind in _KINDS if head.startswith(start)), None)
    if kind is None:
        raise KnownError(_OTHER.format(name=file.name))
    return kind


_UNREADABLE = Text(en="{name} cannot be read: {why}. Nothing was attached.", zh="无法读取 {name}：{why}。未附文件。")
_LARGE = Text(
    en="{name} has {mb} MB; a scan may have 20. Scan it in grey at 200 dpi and attach it again.",
    zh="{name} 有 {mb} MB，扫描件不得超过 20 MB。请以 200 dpi 灰度重新扫描后再附。",
)
_OTHER = Text(
    en="{name} is no PDF, PNG or JPEG. Save the scan as one of these and attach it again.",
    zh="{name} 不是 PDF、PNG 或 JPEG。请另存为其中一种后再附。",
)
