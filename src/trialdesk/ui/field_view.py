"""What one row shows, as a plain value: two equal views need no repainting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.actions.reasons import MISSING
from trialdesk.domain.clinical.date_entry import read_date
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.finding import Finding
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook

MISSING_WORDS = dict(MISSING)

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
        derived=item.by_program,
    )


def echo(item: ItemDef, typed: str, today: date, visit: date | None) -> tuple[Text | None, bool]:
    """What was understood of a date as it is typed, and whether it is a date at all."""
    if item.kind == "term" and typed.strip():
        from trialdesk.ui.term_box import term_words

        return term_words(typed), True
    if item.consequence is not None:
        return item.consequence, True
    if item.kind not in ("date", "partial_date") or not typed.strip():
        return None, True
    found = read_date(typed, today, visit, "md")
    if isinstance(found, Text):
        return found, False
    return date_words(found, today), True


def date_words(day: PartialDate, today: date) -> Text:
    """A date as it is echoed: year-month-day with the weekday, or what is unknown of it."""
    if not day.complete:
        known = Text(en="day unknown", zh="日不详") if day.month else Text(en="month unknown", zh="月不详")
        return Text(en="{day}, {known}: {a} to {b}", zh="{day}，{known}：{a} 至 {b}").format(
            day=day.text, known=known, a=day.earliest.isoformat(), b=day.latest.isoformat()
        )
    exact = day.earliest
    away = (exact - today).days
    near = {0: Text(en="today", zh="今天"), -1: Text(en="yesterday", zh="昨天")}.get(away, Text(en="", zh=""))
    text = Text(
        en=f"{exact.isoformat()} {_DAYS_EN[exact.weekday()]}", zh=f"{exact.isoformat()} 周{_DAYS[exact.weekday()]}"
    )
    return Text(en=f"{text.en} {near.en}".strip(), zh=f"{text.zh} {near.zh}".strip())
