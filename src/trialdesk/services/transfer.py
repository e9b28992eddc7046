"""Sending to the centre and hearing back: nothing is called received without the centre's signature."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from trialdesk import __version__
from trialdesk.domain.actions.outcome import Refusal, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.audit_record import AuditRecord, stamp
from trialdesk.domain.clinical.changes import BundleWritten, ReceiptTaken
from trialdesk.domain.clinical.documents_named import NAMING, documents_named
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk
from trialdesk.storage.document_store import Document

HOUSEKEEPING = frozenset({"BundleWritten", "ReceiptTaken", "SessionNoted", "AnswerShown"})
"""Records that alone are no reason for another bundle; they go along with the next one."""


@dataclass(frozen=True)
class BundleNote:
    """One bundle this desk has made, and whether the centre has confirmed it."""

    number: int
    first: int
    last: int
    made_at: str
    header: str
    document: str
    confirmed_at: str | None


@dataclass(frozen=True)
class Standing:
    """How far this desk's trail has come: last record, last bundled, last confirmed by the centre's signature."""

    last: int
    sent_to: int
    accepted_to: int
    accepted_at: str | None
    bundles: tuple[BundleNote, ...]


@dataclass(frozen=True)
class SentBundle:
    """What was written for the centre."""

    path: Path
    number: int
    first: int
    last: int
    also_written: tuple[Path, ...] = ()


def standing(desk: OpenDesk) -> Standing:
    """How far the centre has this desk's trail, from signed receipts alone."""
    notes = list(desk.trail.records(origin=desk.session.origin, kinds=("BundleWritten", "ReceiptTaken")))
    receipts = [(r, r.change) for r in notes if isinstance(r.change, ReceiptTaken)]
    accepted = max((c.accepted_to for _, c in receipts), default=0)
    accepted_at = next((c.centre_time for _, c in reversed(receipts) if c.accepted_to == accepted), None)
    bundles = tuple(_note(r, r.change, receipts) for r in notes if isinstance(r.change, BundleWritten))
    sent = max((b.last for b in bundles), default=0)
    return Standing(desk.trail.head(desk.session.origin)[0], sent, accepted, accepted_at, bundles)


def _note(record: AuditRecord, change: BundleWritten, receipts: list[tuple[AuditRecord, ReceiptTaken]]) -> BundleNote:
    confirmed = next((c.centre_time for _, c in receipts if c.accepted_to >= change.last), None)
    return BundleNote(change.number, change.first, change.last, record.at, change.header, change.document, confirmed)


def require_stick(folder: Path) -> None:
    """Raises KnownError for a folder that is not there: a stick that is out must not become a folder of the disk."""
    if not folder.is_dir():
        raise KnownError(
            Text(
                en="The folder {folder} is not there. Plug in the stick or choose another folder.",
                zh="找不到文件夹 {folder}。请插入 U 盘或另选文件夹。",
            ).format(folder=folder)
        )


def send(desk: OpenDesk, folder: Path) -> SentBundle | Refusal:
    """Write everything the centre has not confirmed yet as one bundle into a folder, such as a stick.

    The bundle is kept in the desk before it is copied, so that a lost stick or a crash in between costs nothing;
    earlier bundles the centre has not confirmed are copied along. Raises KnownError when the folder cannot be written.
    """
    refusal = refuse_role(desk.session.user.role, Act.SEND)
    if refusal:
        return refusal
    require_stick(folder)
    now = standing(desk)
    if not _anything_new(desk, now):
        return _again(desk, folder, now)
    return _new(desk, folder, now)


def _anything_new(desk: OpenDesk, now: Standing) -> bool:
    fresh = desk.trail.records(origin=desk.session.origin, after=now.sent_to)
    return any(record.change.kind not in HOUSEKEEPING for record in fresh)


def _again(desk: OpenDesk, folder: Path, now: Standing) -> SentBundle | Refusal:
    """Nothing was added since the last bundle: the bundles the centre has not confirmed are written again."""
    waiting = [note for note in now.bundles if note.confirmed_at is None]
    if not waiting:
        return Refusal(
            "state",
            Text(en="The centre has everything; there is nothing to send.", zh="中心已收到全部数据，无需发送。"),
        )
    paths = [_copy(desk, folder, note) for note in waiting]
    last = waiting[-1]
    return SentBundle(paths[-1], last.number, last.first, last.last, tuple(paths[:-1]))


def _new(desk: OpenDesk, folder: Path, now: Standing) -> SentBundle:
    from trialdesk.exchange.bundle import NO_HEADER, Announcement, make_bundle

    session = desk.session
    at, zone = stamp(session.clock.now())
    previous = now.bundles[-1] if now.bundles else None
    announcement = Announcement(
        study=desk.study.oid,
        study_version=session.version,
        study_fingerprint=desk.fingerprint,
        site=session.site,
        origin=session.origin,
        epoch=desk.epoch,
        number=previous.number + 1 if previous else 1,
        previous_header_sha256=previous.header if previous else NO_HEADER,
        bundle_id=str(uuid.uuid4()),
        created=at,
        zone=zone,
        recipients=desk.recipients,
        application=f"TrialDesk {__version__}",
        training=desk.is_training,
    )
    lines = list(desk.trail.lines(session.origin, now.accepted_to + 1, now.last))
    named = _documents_named(desk, now.accepted_to)
    documents = {name: desk.documents.read(name).content for name in named}
    header, content = make_bundle(announcement, lines, documents, desk.sign_as_workstation, desk.encrypt_for_centre)
    kept = Document("bundle", content)
    change = BundleWritten(
        number=header.number, first=header.first, last=header.last, header=header.sha256, document=kept.sha256
    )
    session.record([change], documents=[kept])
    waiting = [note for note in now.bundles if note.confirmed_at is None]
    also = tuple(_copy(desk, folder, note) for note in waiting)
    path = _write(folder / header.file_name, content)
    return SentBundle(path, header.number, header.first, header.last, also)


def _documents_named(desk: OpenDesk, after: int) -> tuple[str, ...]:
    """What the records of this stretch name and the centre must be able to open."""
    records = desk.trail.records(origin=desk.session.origin, after=after, kinds=NAMING)
    return documents_named(record.change for record in records)


def _copy(desk: OpenDesk, folder: Path, note: BundleNote) -> Path:
    content = desk.documents.read(note.document).content
    return _write(folder / f"{desk.session.site}_{desk.session.origin}_{note.number:06d}.tdb", content)


def _write(path: Path, content: bytes) -> Path:
    from trialdesk.exchange.envelope import write_durably

    # A bundle of the same number that holds something else is what a desk before a restore sent: it may be the only copy.
    number, usual = 1, path
    while path.is_file() and path.read_bytes() != content:
        number += 1
        path = usual.with_name(f"{usual.stem}-{number}{usual.suffix}")
    write_durably(path, content)
    return path


def take_receipt(desk: OpenDesk, path: Path) -> Standing | Refusal:
    """Take in the centre's receipt; raises KnownError where it is damaged, of another study, or not the centre's."""
    from trialdesk.exchange.receipt import read_receipt
    from trialdesk.services.centre_letter import take_letter
    from trialdesk.services.certificates import take_revocations

    refusal = refuse_role(desk.session.user.role, Act.TAKE_RECEIPT)
    if refusal:
        return refusal
    receipt = read_receipt(path, desk.verify_centre, desk.study.oid)
    if receipt.origin != desk.session.origin:
        raise KnownError(
            Text(
                en="This receipt is for workstation {other}, not for this one. Take it to that laptop.",
                zh="此回执属于工作站 {other}，不是本机。请在该电脑上导入。",
            ).format(other=receipt.origin)
        )
    seals = {seq: seal for seq, _, seal in desk.trail.lines(desk.session.origin, receipt.accepted_to)}
    if receipt.accepted_to and seals.get(receipt.accepted_to) != receipt.seal:
        raise KnownError(
            Text(
                en="The centre holds other records under this laptop's name. Stop and call the data manager: "
                "this desk may be a copy or an old state.",
                zh="中心以本机名义保存的记录与本机不同。请停止使用并联系数据管理员：本机可能是副本或旧状态。",
            )
        )
    known = [r.change for r in desk.trail.records(origin=desk.session.origin, kinds=("ReceiptTaken",))]
    change = ReceiptTaken(
        number=receipt.number,
        accepted_to=receipt.accepted_to,
        centre_time=receipt.centre_time,
        revocations=take_revocations(desk, receipt.revocations),
        centre_to=take_letter(desk, receipt.letter) if receipt.letter is not None else None,
        skew_seconds=receipt.skew_seconds if receipt.number else None,
    )
    if change not in known:
        desk.session.record([change])
    return standing(desk)


def send_from_command(home: Path, user: str, folder: Path, receipt: Path | None) -> str:
    """What `trialdesk send` does: sign in, take in a receipt if given, write the bundle, say what was written."""
    from trialdesk.services.desk import sign_in_from_command

    desk = sign_in_from_command(home, user)
    try:
        lines = []
        if receipt is not None:
            taken = take_receipt(desk, receipt)
            lines.append(
                taken.says.en if isinstance(taken, Refusal) else f"centre has records 1 to {taken.accepted_to}"
            )
        sent = send(desk, folder)
        if isinstance(sent, Refusal):
            lines.append(sent.says.en)
        else:
            lines.append(f"wrote {sent.path}: bundle {sent.number}, records {sent.first} to {sent.last}")
        return "\n".join(lines)
    finally:
        desk.close()
