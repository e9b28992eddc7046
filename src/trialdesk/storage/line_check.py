"""Lines of another workstation, checked one after another and turned into rows: numbers, seals, canonical form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson
from pydantic import ValidationError

from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.seal import body, seal
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.tables import audit_values

Line = tuple[int, bytes, str]
"""Number, canonical bytes and seal of one record."""

Row = tuple[Any, ...]
"""The columns of `audit_record` in their order."""


class Forked(KnownError):
    """A trail came with other content under numbers that are held already: a copied or rolled-back workstation."""


def fresh_rows(
    origin: str, lines: Iterable[Line], last: int, previous: str, held: Mapping[int, str]
) -> Iterator[tuple[Row, bytes]]:
    """The row and bytes of each line that is not held, every one verified against the line before it.

    `last` and `previous` are number and seal of the head that is held, `held` the seals held under the numbers that come
    again. Raises Forked for another seal under a held number, and KnownError for a gap, a seal that does not follow, or
    a line that is no record of this trail.
    """
    for seq, content, claimed in lines:
        if seq <= last:
            if held.get(seq) != claimed:
                raise Forked(_FORKED.format(origin=origin, seq=seq))
            continue
        if seq != last + 1:
            raise KnownError(_GAP.format(origin=origin, missing=last + 1, seq=seq))
        if seal(previous, content) != claimed:
            raise KnownError(_BROKEN.format(origin=origin, seq=seq))
        yield _row(origin, seq, content, claimed), content
        last, previous = seq, claimed


def _row(origin: str, seq: int, content: bytes, claimed: str) -> Row:
    """The columns of a line that is a record of this trail in canonical form; raises KnownError for any other."""
    plain = plain_answer(content)
    if plain is not None:
        record, place = plain
        if record["origin"] != origin or record["seq"] != seq:
            raise KnownError(_STRANGE.format(origin=origin, seq=seq))
        return (
            origin, seq, content.decode(), claimed, record["at"], record["user"], record["role"], record["site"],
            record["study"], record["subject"], record["change"]["kind"], *place,
        )  # fmt: skip
    try:
        known = RECORD.validate_json(content)
    except ValidationError as fault:
        raise KnownError(_UNREADABLE.format(origin=origin, seq=seq)) from fault
    if (known.origin, known.seq) != (origin, seq) or body(known) != content:
        raise KnownError(_STRANGE.format(origin=origin, seq=seq))
    return audit_values(content, claimed)


_FIELDS = frozenset({"origin", "seq", "at", "zone", "user", "role", "site", "study", "subject", "change"})
_ANSWER = frozenset({"kind", "path", "value", "missing", "unit"})
_NAMED = ("origin", "at", "zone", "user", "role", "site", "study", "subject")
_WHY_EMPTY = frozenset({"ND", "UNK", "NA"})


def plain_answer(content: bytes) -> tuple[dict[str, Any], ItemPath] | None:
    """A first answer read without the record's model, or None: then the model has to judge it.

    Nine records of ten are first answers, and the model needs ten times as long. What this accepts, the model accepts
    as the same record with the same bytes; the tests compare both on damaged records.
    """
    try:
        record = orjson.loads(content)
        change = record["change"]
        if change["kind"] != "ItemEntered" or record.keys() != _FIELDS or not change.keys() <= _ANSWER:
            return None
        if any(type(record[name]) is not str for name in _NAMED) or type(record["seq"]) is not int:
            return None
        if any(type(value) is not str for value in change.values()) or change.get("missing", "ND") not in _WHY_EMPTY:
            return None
        place = _place(change["path"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None
    return (record, place) if orjson.dumps(record, option=orjson.OPT_SORT_KEYS) == content else None


@lru_cache(maxsize=65536)
def _place(path: str) -> ItemPath:
    return ItemPath.parse(path)


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
