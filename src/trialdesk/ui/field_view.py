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


def chip_of(view: FieldView, required_shown: bool) -> tuple[Text, str, str] | None:
    """The state beside a control: its words, colour and shape; None where there is nothing to say."""
    if view.missing:
        return MISSING_WORDS[view.missing], "idle", "not_done"
    if view.queries:
        return Text(en="query {n}", zh="质疑 {n}").format(n=view.queries), "query", "bubble"
    if required_shown and any(f.severity == "missing" for f in view.findings):
        return Text(en="needed to complete", zh="完成前必填"), "idle", "missing"
    if view.derived:
        return Text(en="computed", zh="自动计算"), "info", "info"
    if view.notes:
        return Text(en="note {n}", zh="备注 {n}").format(n=view.notes), "info", "bubble"
    return None


def tone_of(view: FieldView, required_shown: bool) -> str | None:
    """The colour of the bar before a question: findings first, then queries, then what is needed to complete."""
    kinds = {("ok" if f.settled else f.severity) for f in view.findings}
    for kind, tone in (("hard", "hard"), ("soft", "warn")):
        if kind in kinds:
            return tone
    if view.queries:
        return "query"
    return "idle" if "missing" in kinds and required_shown else None


def skipped_words(why: Text, undecided: bool) -> Text:
    """Why a question is not asked, or not yet."""
    if undecided:
        return Text(en="Waits to be known: {why}", zh="待确定：{why}").format(why=why)
    return Text(en="Asked only where: {why}", zh="仅在此时填写：{why}").format(why=why)


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
