"""Lines of another workstation, checked one after another: numbers, seals, canonical form of every record."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pydantic import ValidationError

from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.seal import body
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

Line = tuple[int, bytes, str]
"""Number, canonical bytes and seal of one record."""


class Answer(NamedTuple):
    """The fields of a first answer as its bytes hold them; `place` has the six columns of its path, parted by tabs."""

    at: bytes
    origin: bytes
    role: bytes
    seq: bytes
    site: bytes
    study: bytes
    subject: bytes
    user: bytes
    place: bytes


Checked = tuple[int, bytes, str, Answer | None]
"""A line that was verified, and its fields where it is a first answer."""


class Forked(KnownError):
    """A trail came with other content under numbers that are held already: a copied or rolled-back workstation."""


def fresh_lines(
    origin: str, lines: Iterable[Line], last: int, previous: str, held: Mapping[int, str]
) -> Iterator[Checked]:
    """Each line that is not held, every one verified against the line before it.

    `last` and `previous` are number and seal of the head that is held, `held` the seals held under the numbers that come
    again. Raises Forked for another seal under a held number, and KnownError for a gap, a seal that does not follow, or
    a line that is no record of this trail.
    """
    name, link = origin.encode(), bytes.fromhex(previous)
    for seq, content, claimed in lines:
        if seq <= last:
            if held.get(seq) != claimed:
                raise Forked(_FORKED.format(origin=origin, seq=seq))
            continue
        if seq != last + 1:
            raise KnownError(_GAP.format(origin=origin, missing=last + 1, seq=seq))
        # The chain of `seal`, spelled out here: as a call of its own it would cost a tenth of the whole check.
        link = hashlib.sha256(b"\0" + link + content).digest()
        if link.hex() != claimed:
            raise KnownError(_BROKEN.format(origin=origin, seq=seq))
        answer = plain_answer(content)
        if answer is None:
            _judge(origin, seq, content)
        elif answer.origin != name or answer.seq != b"%d" % seq:
            raise KnownError(_STRANGE.format(origin=origin, seq=seq))
        yield seq, content, claimed, answer
        last = seq


def _judge(origin: str, seq: int, content: bytes) -> None:
    """Raises KnownError unless the record's model knows this line as a record of this trail in canonical form."""
    try:
        known = RECORD.validate_json(content)
    except ValidationError as fault:
        raise KnownError(_UNREADABLE.format(origin=origin, seq=seq)) from fault
    if (known.origin, known.seq) != (origin, seq) or body(known) != content:
        raise KnownError(_STRANGE.format(origin=origin, seq=seq))


# A text without quotation mark, backslash and control characters is its own canonical JSON.
_ANY = rb'"[^"\\\x00-\x1f]*"'
_TEXT = rb'"([^"\\\x00-\x1f]*)"'
_PLAIN = re.compile(
    rb'\{"at":' + _TEXT + rb',"change":\{"kind":"ItemEntered"(?:,"missing":"(?:ND|UNK|NA)")?,"path":' + _TEXT
    + rb'(?:,"unit":' + _ANY + rb')?(?:,"value":' + _ANY + rb')?\},"origin":' + _TEXT + rb',"role":' + _TEXT
    + rb',"seq":([1-9][0-9]*),"site":' + _TEXT + rb',"study":' + _TEXT + rb',"subject":' + _TEXT + rb',"user":' + _TEXT
    + rb',"zone":' + _ANY + rb"\}"
)  # fmt: skip


def plain_answer(content: bytes) -> Answer | None:
    """A first answer read without the record's model, or None: then the model has to judge it.

    Nine records of ten are first answers, and the model needs ten times as long. A match has every key in its order and
    nothing between them, so it is canonical as it stands: what this accepts, the model accepts as the same record with
    the same bytes; the tests compare both on damaged records.
    """
    found = _PLAIN.fullmatch(content)
    if found is None:
        return None
    at, path, origin, role, seq, site, study, subject, user = found.groups()
    place = _place(path)
    if place is None or not (content.isascii() or _is_text(content)):
        return None
    return Answer(at, origin, role, seq, site, study, subject, user, place)


@lru_cache(maxsize=65536)
def _place(path: bytes) -> bytes | None:
    try:
        return "\t".join(map(str, ItemPath.parse(path.decode()))).encode()
    except ValueError:
        return None


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


_FORKED = Text(
    en="Workstation {origin} sent other content under number {seq} than the centre holds: the workstation was copied "
    "or set back to an older state. Nothing was taken in. Call the site and find out which state is the true one.",
    zh="工作站 {origin} 第 {seq} 号记录的内容与协调中心已有记录不同：该工作站可能被复制或恢复到旧状态。"
    "未接收任何内容。请联系研究中心，确认以哪一份为准。",
)
_GAP = Text(
    en="Records of workstation {origin} are missing from number {missing}: what came begins at number {seq}. "
    "Nothing was taken in. First import the bundle that holds number {missing}.",
    zh="工作站 {origin} 缺少第 {missing} 号起的记录：本次从第 {seq} 号开始。未接收任何内容。"
    "请先导入含第 {missing} 号记录的数据包。",
)
_BROKEN = Text(
    en="Record {seq} of workstation {origin} was changed after it was written: its seal does not match. "
    "Nothing was taken in. Keep the file, and ask the site to send the bundle again.",
    zh="工作站 {origin} 的第 {seq} 号记录在写入后被改动：封印值不符。未接收任何内容。"
    "请保留该文件，并请研究中心重新发送。",
)
_UNREADABLE = Text(
    en="Record {seq} of workstation {origin} is of a kind this TrialDesk does not know. Nothing was taken in. "
    "Install the newer TrialDesk at the centre, then import the bundle again.",
    zh="本版 TrialDesk 无法识别工作站 {origin} 的第 {seq} 号记录。未接收任何内容。"
    "请在协调中心安装新版 TrialDesk 后重新导入。",
)
_STRANGE = Text(
    en="Record {seq} of workstation {origin} is not written as its trail requires. Nothing was taken in. "
    "Keep the file, and ask the site to send the bundle again.",
    zh="工作站 {origin} 的第 {seq} 号记录不符合稽查轨迹的格式。未接收任何内容。请保留该文件，并请研究中心重新发送。",
)
