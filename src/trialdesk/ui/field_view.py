"""What one row shows, as a plain value: two equal views need no repainting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.clinical.date_entry import read_date, read_time
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.day_count import DayZeros

MISSING_WORDS = dict(MISSING)
NO_ZEROS = DayZeros()

_DAYS = ("一", "二", "三", "四", "五", "六", "日")
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class FieldView:
    """Value, why it is missing, unit, findings, why it is not asked, open queries, and whether it may be changed."""

    value: str
    missing: str | None = None
    unit: str | None = None
    findings: tuple[Finding, ...] = ()
    skipped: Text | None = None
    undecided: bool = False
    queries: int = 0
    notes: int = 0
    derived: bool = False


def view_of(casebook: Casebook, path: ItemPath, item: ItemDef) -> FieldView:
    """What a row shows now."""
    assessment = casebook.assessment(path.form_path)
    skip = assessment.skipped.get(path)
    known = casebook.data.items.get(path)
    return FieldView(
        value=casebook.shown(path) or "",
        missing=known.missing if known else None,
        unit=known.unit if known else None,
        findings=assessment.at(path),
        skipped=skip.because if skip else None,
        undecided=bool(skip and skip.undecided),
        queries=sum(1 for query in casebook.data.open_queries(path.form_path) if path in query.change.paths),
        notes=len(casebook.data.notes.get(path, ())),
        derived=item.by_program,
    )


def echo(
    item: ItemDef, typed: str, today: date, visit: date | None, zeros: DayZeros = NO_ZEROS
) -> tuple[Text | None, bool]:
    """What was understood of a date or time as it is typed, and whether it is one at all."""
    if item.kind == "term" and typed.strip():
        from trialdesk.ui.term_box import term_words

        return term_words(typed), True
    if item.consequence is not None:
        return item.consequence, True
    if item.kind not in ("date", "partial_date", "time") or not typed.strip():
        return None, True
    if item.kind == "time":
        return _time_echo(typed)
    found = read_date(typed, today, visit, "md")
    if isinstance(found, Text):
        return found, False
    return date_words(found, today, zeros), True


def _time_echo(typed: str) -> tuple[Text | None, bool]:
    """The time understood, while it differs from what was typed; `t` is worked out when the field is left."""
    if typed.strip().lower() in ("t", "现在"):
        return Text(en="now", zh="现在"), True
    found = read_time(typed)
    if isinstance(found, Text):
        return found, False
    return (None if found == typed else Text(en=found, zh=found)), True


def date_words(day: PartialDate, today: date, zeros: DayZeros = NO_ZEROS) -> Text:
    """A date as it is echoed: year-month-day with the weekday and the day of treatment, or what is unknown of it."""
    if not day.complete:
        known = Text(en="day unknown", zh="日不详") if day.month else Text(en="month unknown", zh="月不详")
        return Text(en="{day}, {known}: {a} to {b}", zh="{day}，{known}：{a} 至 {b}").format(
            day=day.text, known=known, a=day.earliest.isoformat(), b=day.latest.isoformat()
        )
    exact = day.earliest
    bits = [Text(en=exact.isoformat(), zh=exact.isoformat())]
    bits.append(Text(en=_DAYS_EN[exact.weekday()], zh=f"周{_DAYS[exact.weekday()]}"))
    near = {0: Text(en="today", zh="今天"), -1: Text(en="yesterday", zh="昨天")}.get((exact - today).days)
    bits += [bit for bit in (near, zeros.words(exact)) if bit is not None]
    return Text(en=" ".join(bit.en for bit in bits), zh=" ".join(bit.zh for bit in bits))
