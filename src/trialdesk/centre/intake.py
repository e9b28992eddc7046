"""Taking in a bundle: verify, find its place in what is held, store, answer; a fault is named and loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

import orjson

from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import stamp
from trialdesk.domain.text import Text
from trialdesk.exchange.bundle import Header, Sealed, read_sealed
from trialdesk.exchange.payload import Line
from trialdesk.exchange.receipt import Receipt, pack_receipt
from trialdesk.storage.audit_trail import Forked
from trialdesk.storage.bulk import uncollected
from trialdesk.storage.intake_ledger import Arrival, IntakeLedger, OriginState, Turn

Result = Literal["accepted", "duplicate", "held", "quarantined"]


class Sender(Protocol):
    """Who signed a bundle, as the certificate says."""

    @property
    def id(self) -> str:
        """The workstation or user."""


class Keys(Protocol):
    """What the centre needs to read bundles and answer them."""

    @property
    def recipient(self) -> str:
        """The age recipient that bundles for this centre are encrypted for."""

    @property
    def revocations(self) -> tuple[str, ...]:
        """The newest lists of revoked certificates as PEM."""

    def sign(self, content: bytes) -> bytes:
        """The centre's detached CMS signature."""

    def decrypt(self, content: bytes) -> bytes:
        """Open an age file made for this centre; raises KnownError."""

    def verify(self, content: bytes, signature: bytes) -> Sender:
        """Who signed this header; raises KnownError unless an enrolled workstation of the header's site did."""


@dataclass(frozen=True)
class Intake:
    """What became of one bundle.

    `accepted`: its records are stored; `duplicate`: they were stored before, nothing changed; `held`: something has to
    come first, nothing was stored; `quarantined`: it contradicts what is held and was set aside.
    """

    result: Result
    says: Text
    header: Header
    new_records: int
    accepted_to: int
    receipt: bytes

    @property
    def taken(self) -> bool:
        """True when the centre holds everything in this bundle."""
        return self.result in ("accepted", "duplicate")


def receive(path: Path, study: str, ledger: IntakeLedger, keys: Keys, now: datetime) -> Intake:
    """Take in one bundle file at the centre's time `now`.

    Raises KnownError, and stores nothing, for a file that is no bundle, damaged, of another study, for another centre,
    signed by no enrolled sender, or holding anything but what its header announces.
    """
    with uncollected():
        sealed = read_sealed(path, keys.verify, study, keys.recipient)
        with ledger.turn(sealed.header.origin) as turn:
            return _Reception(sealed, turn, keys, now).decide(path)


class _Reception:
    """One bundle in front of what is held of its workstation."""

    def __init__(self, sealed: Sealed[Sender], turn: Turn, keys: Keys, now: datetime) -> None:
        self.sealed, self.turn, self.keys = sealed, turn, keys
        self.header = header = sealed.header
        self.time = stamp(now)[0]
        self.skew = round((now - datetime.fromisoformat(header.created)).total_seconds())
        self.state: OriginState | None = turn.state(header.origin)
        self.arrival = Arrival(header.origin, header.site, header.epoch, header.number, header.sha256, self.time)

    def decide(self, path: Path) -> Intake:
        """The rules of reception, in the order in which they speak."""
        header, state = self.header, self.state
        seen = self.turn.seen(header.origin, header.number)
        if seen and seen.header_sha256 == header.sha256:
            return self._result("duplicate", self._say(_DUPLICATE), seen.receipt)
        before = self.turn.seen(header.origin, header.number - 1)
        if seen or (before and before.header_sha256 != header.previous_header_sha256):
            return self._set_aside(path, self._say(_TWICE))
        if header.first > (state.accepted_to if state else 0) + 1:
            return self._hold()
        bundle = self.sealed.open(self.keys.decrypt)
        if state and header.number > state.number and header.epoch != state.epoch and not _restored(bundle.lines):
            return self._set_aside(path, self._say(_RESTORED))
        try:
            new, receipt = self.turn.accept(self.arrival, bundle.lines, bundle.documents, self._answer)
        except Forked as fork:
            return self._set_aside(path, fork.text)
        return self._result("accepted", self._say(_ACCEPTED, new=new), receipt, new)

    def _hold(self) -> Intake:
        state = self.state
        missing = tuple(range(state.number + 1 if state else 1, self.header.number))
        numbers = ", ".join(map(str, missing))
        says = self._say(_HELD, numbers=numbers) if missing else self._say(_SKIPPED)
        return self._result("held", says, pack_receipt(self._receipt("held", missing=missing), self.keys.sign))

    def _set_aside(self, path: Path, why: Text) -> Intake:
        self.turn.set_aside(self.arrival, why, path.read_bytes())
        return self._result("quarantined", why, pack_receipt(self._receipt("quarantined"), self.keys.sign))

    def _answer(self, accepted_to: int, seal: str) -> bytes:
        return pack_receipt(self._receipt("accepted", (accepted_to, seal)), self.keys.sign)

    def _receipt(
        self,
        result: Literal["accepted", "held", "quarantined"],
        head: tuple[int, str] | None = None,
        missing: tuple[int, ...] = (),
    ) -> Receipt:
        header, state = self.header, self.state
        held = head or ((state.accepted_to, state.seal) if state else (0, "0" * 64))
        return Receipt(
            study=header.study,
            site=header.site,
            origin=header.origin,
            epoch=header.epoch,
            number=header.number,
            header_sha256=header.sha256,
            result=result,
            accepted_to=held[0],
            seal=held[1],
            centre_time=self.time,
            skew_seconds=self.skew,
            lacking=self.turn.lacking(header.origin) if head else (),
            missing=missing,
            revocations=self.keys.revocations,
        )

    def _result(self, result: Result, says: Text, receipt: bytes, new: int = 0) -> Intake:
        return Intake(result, says, self.header, new, self._held(), receipt)

    def _say(self, text: Text, **more: object) -> Text:
        header = self.header
        about = {"origin": header.origin, "number": header.number, "first": header.first, "last": header.last}
        return text.format(**about, held=self._held(), **more)

    def _held(self) -> int:
        state = self.turn.state(self.header.origin)
        return state.accepted_to if state else 0


def _restored(lines: Sequence[Line]) -> bool:
    """True when an administrator recorded that this workstation was restored from a backup."""
    records = (orjson.loads(content) for _, content, _ in lines if b'"restored"' in content)
    return any(r["change"].get("what") == "restored" and r["role"] == Role.ADMINISTRATOR for r in records)


_ACCEPTED = Text(
    en="Bundle {number} of {origin} was taken in: {new} new records. The centre holds {origin} up to record "
    "{held}. Give the receipt back to the site.",
    zh="已接收 {origin} 的第 {number} 号数据包：新记录 {new} 条。协调中心已有 {origin} 截至第 {held} 号的记录。"
    "请将回执交还研究中心。",
)
_DUPLICATE = Text(
    en="Bundle {number} of {origin} was taken in before; nothing changed. The centre holds {origin} up to record "
    "{held}. The receipt is the same as then.",
    zh="{origin} 的第 {number} 号数据包此前已接收，未作任何更改。"
    "协调中心已有 {origin} 截至第 {held} 号的记录。回执与当时相同。",
)
_HELD = Text(
    en="Bundle {number} of {origin} begins at record {first}, but the centre holds {origin} only up to "
    "{held}: bundle {numbers} is missing. Nothing was taken in. First import bundle {numbers}, then this one again.",
    zh="{origin} 的第 {number} 号数据包从第 {first} 号记录开始，而协调中心只有截至第 {held} 号的记录："
    "缺少第 {numbers} 号数据包。未接收任何内容。请先导入第 {numbers} 号数据包，再重新导入本数据包。",
)
_SKIPPED = Text(
    en="Bundle {number} of {origin} begins at record {first}, but the centre holds {origin} only up to {held}. "
    "Nothing was taken in. Ask the site to send again everything after record {held}.",
    zh="{origin} 的第 {number} 号数据包从第 {first} 号记录开始，而协调中心只有截至第 {held} 号的记录。"
    "未接收任何内容。请研究中心重新发送第 {held} 号之后的全部记录。",
)
_TWICE = Text(
    en="{origin} sent two different bundles under or around number {number}: the workstation was copied or set back to "
    "an older state. The bundle was set aside and nothing was taken in. Call the site and find out which is true.",
    zh="{origin} 在第 {number} 号前后发送了两个不同的数据包：该工作站可能被复制或恢复到旧状态。"
    "数据包已隔离，未接收任何内容。请联系研究中心，确认以哪一份为准。",
)
_RESTORED = Text(
    en="{origin} was restored from a backup, but bundle {number} holds no administrator's record of it. The bundle was "
    "set aside and nothing was taken in. Ask the site's administrator to record the restore, then to send again.",
    zh="{origin} 已从备份恢复，但第 {number} 号数据包中没有系统管理员的恢复记录。数据包已隔离，未接收任何内容。"
    "请研究中心的系统管理员记录此次恢复，再重新发送。",
)
