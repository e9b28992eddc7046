"""The whole trail as lines: for the screen, and for files that open without TrialDesk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.changes import ItemCorrected, ItemDerived, ItemEntered
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import Asked, Found, Row, count, form_words, item_words, names_of, table, when
from trialdesk.services.inspection.answer import who as who_wrote
from trialdesk.services.inspection.record_words import Values, place_of, what, why

if TYPE_CHECKING:
    from trialdesk.exchange.trail_file import TrailLine
    from trialdesk.services.desk import OpenDesk

MOST = 5000
"""Lines of the trail that the screen shows; the file has all."""


def whole(desk: OpenDesk, asked: Asked) -> Found:
    """The newest records of the trail in words; saving writes all of them as XLSX, CSV and sealed JSON lines."""
    names, values, kinds, total = names_of(desk), Values(desk.study), Counter[str](), 0
    rows = []
    for record in desk.trail.records():
        total += 1
        kinds[record.change.kind] += 1
        before, after = values.step(record)
        place = place_of(record)
        form = place.form_path if isinstance(place, ItemPath) else place
        cells = (
            record.id, when(record), who_wrote(names, record),
            ROLE_WORDS[Role(record.role)], what(record), record.subject or "", form_words(desk.study, form) if form else "",
            item_words(desk.study, place) if isinstance(place, ItemPath) else "", before, after, why(record),
        )  # fmt: skip
        target = (
            (record.subject, form, place if isinstance(place, ItemPath) else None) if record.subject and form else None
        )
        rows.append((record.at, record.seq, Row(cells, isinstance(record.change, ItemCorrected), target)))
    rows.sort(key=lambda one: one[:2], reverse=True)
    says = Text(
        en=f"{count(total, 'record', 'records')} of {count(len(desk.trail.origins()), 'trail', 'trails')}, "
        f"{count(len(kinds), 'kind', 'kinds')} of event; the newest {min(total, MOST)} are shown. Save writes the whole trail: "
        "XLSX and CSV to sort, JSON lines with the seals, and a one-page program that checks the seals without TrialDesk.",
        zh=f"共 {total} 条记录，{len(desk.trail.origins())} 条轨迹，{len(kinds)} 类事件；显示最新 {min(total, MOST)} 条。"
        "“另存”写出完整轨迹：可排序的 XLSX 与 CSV、带封印的 JSON 行文件，以及脱离 TrialDesk 即可核对封印的一页程序。",
    )
    heads = (
        ("Record", "记录"), ("When", "时间"), ("Who", "操作者"), ("Role", "角色"), ("What", "操作"), ("Participant", "受试者"),
        ("Form", "表单"), ("Field", "字段"), ("From", "原值"), ("To", "新值"), ("Why", "原因"),
    )  # fmt: skip
    title = Text(en="The trail, newest first", zh="稽查轨迹（最新在前）")
    return Found((says,), (table(title, heads, [row for _, _, row in rows[:MOST]], (6, 7, 9)),))


def trail_lines(desk: OpenDesk) -> Iterator[TrailLine]:
    """Every stored line with its exact bytes and seal, and its columns as recorded: codes and values, not words."""
    from trialdesk.exchange.trail_file import TrailLine

    names = names_of(desk)
    for origin in desk.trail.origins():
        held: dict[tuple[str | None, ItemPath], str] = {}
        for seq, content, sealed in desk.trail.lines(origin):
            record = RECORD.validate_json(content)
            change, place = record.change, place_of(record)
            before = after = unit = ""
            if isinstance(change, ItemEntered | ItemCorrected | ItemDerived):
                key = (record.subject, change.path)
                before = held.get(key, "")
                after = change.value or ("" if isinstance(change, ItemDerived) else change.missing) or ""
                unit = "" if isinstance(change, ItemDerived) else change.unit or ""
                held[key] = after
            form = place.form_path if isinstance(place, ItemPath) else place if isinstance(place, FormPath) else None
            words, label = what(record), item_words(desk.study, place) if isinstance(place, ItemPath) else None
            said = why(record)
            cells = (
                origin, seq, record.at, record.local_time.isoformat(timespec="milliseconds"), record.user,
                names[record.user].zh if record.user in names else record.user, record.role, record.site, record.study,
                record.subject or "", change.kind, f"{words.zh} {words.en}", form.event if form else "",
                form.repeat if form else "", form.form if form else "",
                place.group if isinstance(place, ItemPath) else "", place.group_repeat if isinstance(place, ItemPath) else "",
                place.item if isinstance(place, ItemPath) else "", f"{label.zh} {label.en}" if label else "",
                before, after, unit, record.reason.code if record.reason else "", f"{said.zh} {said.en}".strip(), sealed,
            )  # fmt: skip
            yield TrailLine(origin, seq, content, sealed, cells)
