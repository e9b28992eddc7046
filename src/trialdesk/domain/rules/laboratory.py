"""A laboratory value in its setting: range, arrow, baseline, change, and the CTCAE grades it proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from trialdesk.domain.medicine.ctcae import Asked, BaselineStatus, Graded
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.laboratory_events import EventRow, event_rows
from trialdesk.domain.rules.values import UNKNOWN, Value
from trialdesk.domain.study.expanding import LABORATORIES
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.laboratory import ASKED, CS, LaboratoryDef, NormalRange
from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from trialdesk.domain.clinical.subject_data import SubjectData
    from trialdesk.domain.rules.rulebook import Rulebook
    from trialdesk.domain.rules.scope import PlaceScope

Flag = Literal["low", "high", "normal"]


class Setting(NamedTuple):
    """What every result of one laboratory form shares: sampling day, laboratory, sex, age in completed years."""

    day: date | None
    laboratory: str | None
    sex: str | None
    age: int | None


@dataclass(frozen=True)
class Proposal:
    """What a value can become in CTCAE: the grade its number gives, what a person added, the grade at baseline.

    `grade` is 0 where the term is gradable and no criterion is met, None where it cannot be graded; `why` says which
    clause decided. `chosen` is the grade a person gave to what the number cannot settle. `rows` are the adverse events
    of this term that stand on the sampling day.
    """

    term: str
    grade: int | None
    why: Text
    questions: tuple[Asked, ...] = ()
    chosen: int | None = None
    baseline: int | None = None
    rows: tuple[EventRow, ...] = ()

    @property
    def now(self) -> int | None:
        """The grade with what a person added to the number."""
        return self.grade if self.grade is None else max(self.grade, self.chosen or 0)

    @property
    def worse(self) -> bool:
        """True when the grade is above the one at baseline; without a known baseline every grade counts."""
        return bool(self.now) and (self.now or 0) > (self.baseline or 0)

    @property
    def made(self) -> EventRow | None:
        """The adverse event that holds this grade already."""
        return next((row for row in self.rows if row.linked or (row.grade or 0) >= (self.now or 0)), None)

    @property
    def milder(self) -> EventRow | None:
        """An adverse event of this term with a lower grade: the event has become worse since."""
        return None if self.made else next(iter(self.rows), None)


@dataclass(frozen=True)
class LabResult:
    """One result as entered, and in the item's own unit (`si`); limits are in the entered unit."""

    path: ItemPath
    text: str
    unit: str
    value: Decimal | None = None
    si: Decimal | None = None
    day: date | None = None
    range: NormalRange | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    flag: Flag | None = None
    baseline: Decimal | None = None
    proposals: tuple[Proposal, ...] = ()
    significance: str | None = None

    @property
    def change(self) -> Decimal | None:
        """The change from baseline in the item's own unit."""
        return None if self.si is None or self.baseline is None else self.si - self.baseline

    @property
    def percent(self) -> Decimal | None:
        """The change from baseline in percent of it."""
        return None if self.change is None or not self.baseline else self.change * 100 / self.baseline

    @property
    def top(self) -> Proposal | None:
        """The proposal with the highest grade."""
        graded = [one for one in self.proposals if one.now is not None]
        return max(graded, key=lambda one: one.now or 0) if graded else None

    @property
    def gradable(self) -> bool:
        """True when CTCAE has a term for this analyte."""
        return bool(self.proposals)

    @property
    def worse(self) -> tuple[Proposal, ...]:
        """Proposals above the grade at baseline: what an adverse event can be made of."""
        return tuple(one for one in self.proposals if one.worse)


def lab_result(scope: PlaceScope, path: ItemPath) -> LabResult:
    """What is known of one laboratory value; worked out once for each state of the casebook."""
    known = scope.book.lab_results(scope.data)
    found = known.get(path)
    if found is None:
        found = known[path] = _result(scope, path)
    return found


def _result(scope: PlaceScope, path: ItemPath) -> LabResult:
    book, data = scope.book, scope.data
    lab, item = book.study.laboratory, book.study.item(path.item)
    recorded = data.items.get(path)
    unit = (recorded.unit if recorded else None) or item.unit or ""
    si = scope.read(path)
    if lab is None or item.lab is None:
        return LabResult(path, "", unit)
    factor = _factor(item, unit)
    day, limits = setting_of(book, data, path.form_path).day, range_at(scope, lab, path)
    low, high = _limits(item, limits, factor)
    if not isinstance(si, Decimal):
        text = (recorded.value if recorded else None) or ""
        return LabResult(path, text, unit, None, None, day, limits, low, high)
    value = si if factor == 1 or recorded is None or not recorded.value else Decimal(recorded.value)
    base = _baseline(scope, path)
    base_si = si if base is None else base.si
    flag: Flag | None = None if limits is None else _flag(value, low, high)
    chosen = data.value(path._replace(item=path.item + ASKED)) if path.item + ASKED in book.study.place else None
    proposals = tuple(
        _proposal(scope, lab, item, path, term, high_term, (value, unit, low, high), base, chosen, day)
        for term, high_term in ((lab.analyte[item.lab].low, False), (lab.analyte[item.lab].high, True))
        if term
    )
    text = (recorded.value if recorded and recorded.value else None) or _plain(si, item)
    return LabResult(
        path, text, unit, value, si, day, limits, low, high, flag, base_si, proposals,
        data.value(path._replace(item=path.item + CS)),
    )  # fmt: skip


def _proposal(
    scope: PlaceScope,
    lab: LaboratoryDef,
    item: ItemDef,
    path: ItemPath,
    term: str,
    upward: bool,
    measured: tuple[Decimal, str, Decimal | None, Decimal | None],
    base: LabResult | None,
    chosen: str | None,
    day: date | None,
) -> Proposal:
    value, unit, low, high = measured
    factor = _factor(item, unit)
    base_value = value if base is None else None if base.si is None else base.si / factor
    # A value at the baseline visit is its own baseline: an abnormal start is no worsening.
    status = _status(base_value, high if upward else low, upward)
    terminology: Any = scope.book.terminology
    graded = _grade(terminology, term, value, unit, low, high, base_value, status)
    before = next((one.grade for one in base.proposals if one.term == term), None) if base else graded.grade
    rows = event_rows(scope.book.study, scope.data, lab.adverse_event, term, day, path)
    number = int(chosen) if chosen and chosen.isdigit() and (graded.grade or 0) > 0 else None
    higher = tuple(one for one in graded.questions if one.grade > (graded.grade or 0))
    return Proposal(term, graded.grade, graded.why, higher, number, before, rows)


def _status(baseline: Decimal | None, limit: Decimal | None, upward: bool) -> BaselineStatus | None:
    """Normal or abnormal in the term's direction; an increase is not judged by a baseline that was too low."""
    if baseline is None or limit is None:
        return None
    return "abnormal" if (baseline > limit if upward else baseline < limit) else "normal"


@lru_cache(maxsize=8192)
def _grade(
    terminology: Any,
    term: str,
    value: Decimal,
    unit: str,
    low: Decimal | None,
    high: Decimal | None,
    baseline: Decimal | None,
    status: BaselineStatus | None,
) -> Graded:
    """By the published criteria, in the entered unit and never after a conversion (CTCAE v5.0)."""
    if terminology is None:
        return Graded(None, Text(en="The terminology is not installed.", zh="未安装术语集。"))
    graded: Graded = terminology.grade(term, value, unit, low, high, baseline, status)
    return graded


def _baseline(scope: PlaceScope, path: ItemPath) -> LabResult | None:
    """The result at the study's baseline visit; None where this is that visit itself."""
    event = scope.book.study.baseline_event
    if path.event == event:
        return None
    at = path._replace(event=event, repeat=1)
    return lab_result(type(scope)(scope.book, scope.data, at.form_path, at.group, 1, scope.today), at)


def range_at(scope: PlaceScope, lab: LaboratoryDef, path: ItemPath) -> NormalRange | None:
    """The range that holds for this participant on the sampling day."""
    found = setting_of(scope.book, scope.data, path.form_path)
    item = scope.book.study.item(path.item)
    if found.day is None or item.lab is None:
        return None
    return lab.range_for(found.laboratory, item.lab, found.sex, found.age, found.day)


def setting_of(book: Rulebook, data: SubjectData, form: FormPath) -> Setting:
    """Day, laboratory, sex and age of a laboratory form; the same for all its results, so looked up once."""
    known = book.lab_settings(data)
    found = known.get(form)
    if found is None:
        day, marks = sampling_day(book, data, form), book.study.landmarks
        age = age_on(_first(data, marks.birth), day) if day else None
        found = known[form] = Setting(day, laboratory_of(book, data, form), _first(data, marks.sex), age)
    return found


def sampling_day(book: Rulebook, data: SubjectData, form: FormPath) -> date | None:
    """The day of a laboratory form: its first date, where it is whole."""
    for group in book.study.form[form.form].groups:
        for item in group.items:
            if item.kind == "date":
                text = data.value(form.item(group.oid, item.name))
                return date.fromisoformat(text) if text else None
    return None


def laboratory_of(book: Rulebook, data: SubjectData, form: FormPath) -> str | None:
    """The laboratory named on the form, or None for the study's first."""
    for group in book.study.form[form.form].groups:
        for item in group.items:
            if item.codelist == LABORATORIES:
                return data.value(form.item(group.oid, item.name))
    return None


def age_on(birth: str | None, day: date) -> int | None:
    """Completed years on a day; None where the date of birth is unknown or too vague to tell."""
    if birth is None:
        return None
    born = PartialDate.parse(birth)
    ages = {day.year - b.year - ((day.month, day.day) < (b.month, b.day)) for b in (born.earliest, born.latest)}
    return ages.pop() if len(ages) == 1 else None


def _first(data: SubjectData, name: str) -> str | None:
    return next((value for path in data.by_item.get(name, ()) if (value := data.value(path))), None)


def _factor(item: ItemDef, unit: str) -> Decimal:
    return next((choice.factor for choice in item.units if choice.unit == unit), Decimal(1))


def _limits(item: ItemDef, limits: NormalRange | None, factor: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """Both limits in the entered unit."""
    if limits is None:
        return None, None
    own = _factor(item, limits.unit)
    low, high = (None if one is None else one * own / factor for one in (limits.low, limits.high))
    return low, high


def _flag(value: Decimal, low: Decimal | None, high: Decimal | None) -> Flag:
    if low is not None and value < low:
        return "low"
    return "high" if high is not None and value > high else "normal"


def _plain(value: Decimal, item: ItemDef) -> str:
    return f"{round(value, item.digits):f}" if item.digits is not None else f"{value.normalize():f}"


def _at(scope: PlaceScope, name: str) -> LabResult | None:
    path = scope.path(name)
    return None if path is None else lab_result(scope, path)


def _out_of_range(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    found = _at(scope, name)
    if found is None or found.value is None:
        return UNKNOWN
    if found.worse:
        return True
    return UNKNOWN if found.flag is None else found.flag != "normal"


def _lab_grade(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    found = _at(scope, name)
    top = found.top if found else None
    return UNKNOWN if top is None else Decimal(top.now or 0)


def _lab_worse(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    found = _at(scope, name)
    return UNKNOWN if found is None or found.top is None else bool(found.worse)


def _lab_asks(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    found = _at(scope, name)
    if found is None or found.top is None:
        return UNKNOWN
    return any(one.questions and one.grade for one in found.proposals)


def _lab_event(scope: PlaceScope, name: str, arguments: tuple[Value, ...]) -> Value:
    found = _at(scope, name)
    return UNKNOWN if found is None or found.top is None else all(one.made is not None for one in found.worse)


CALLS: Mapping[str, Callable[[PlaceScope, str, tuple[Value, ...]], Value]] = {
    "out_of_range": _out_of_range,
    "lab_grade": _lab_grade,
    "lab_worse": _lab_worse,
    "lab_asks": _lab_asks,
    "lab_event": _lab_event,
}
"""What rules may ask of a laboratory value by its item's name."""
