"""Grading a measured value by the numeric criteria of CTCAE v5.0.

Source: US National Cancer Institute, Common Terminology Criteria for Adverse Events v5.0, 27 November 2017. The criteria
are data (`resources/terminology/ctcae-5.0/criteria.csv`); this module decides them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from trialdesk.domain.medicine import clause as clauses
from trialdesk.domain.medicine.ctcae_words import CONDITIONS, Condition, in_words, missing_words
from trialdesk.domain.medicine.units import canonical
from trialdesk.domain.text import Text

SOURCE = "NCI, CTCAE v5.0, 27 November 2017"

BaselineStatus = Literal["normal", "abnormal"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One row of the criteria: with this unit, this makes the grade; a condition is what a number cannot settle."""

    term: str
    analyte: str
    direction: Literal["L", "H"]
    grade: int
    unit: str
    expression: str
    condition: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Something no number settles, and the grade that a yes would make."""

    term: str
    grade: int
    words: Text


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known besides the value; None is not known and never taken for no.

    Blood pressure: the value is systolic, `diastolic` and `diastolic_baseline` in mmHg. Febrile neutropenia: the value
    is the neutrophil count, `temperature` the highest one, `sustained_38` at or above 38.0 degC for more than an hour.
    """

    symptomatic: bool | None = None
    anticoagulated: bool | None = None
    consequences: bool | None = None
    intervention: bool | None = None
    over_24_h: bool | None = None
    adolescent: bool | None = None
    diastolic: Decimal | None = None
    diastolic_baseline: Decimal | None = None
    temperature: Decimal | None = None
    temperature_unit: str = "degC"
    sustained_38: bool | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade a number proposes: 0 when gradable and no criterion is met, None when it cannot be graded.

    `why` says which clause decided, or what is missing. `questions` are clauses a number cannot settle that would make
    a higher grade; they are asked of a person and never guessed.
    """

    grade: int | None
    why: Text
    questions: tuple[Asked, ...] = ()


NO_FACTS = Facts()


@dataclass(frozen=True)
class Criteria:
    """The numeric criteria of CTCAE v5.0 in memory."""

    clauses: Sequence[Clause]
    asked: Sequence[Asked] = ()
    by_term: Mapping[str, tuple[Clause, ...]] = field(init=False)

    def __post_init__(self) -> None:
        found: dict[str, list[Clause]] = {}
        for one in self.clauses:
            found.setdefault(one.term.lower(), []).append(one)
        object.__setattr__(self, "by_term", {term: tuple(rows) for term, rows in found.items()})

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that have numeric criteria, in file order."""
        return tuple(dict.fromkeys(one.term for one in self.clauses))

    def units(self, term: str) -> tuple[str, ...]:
        """The units a term has a ladder for; `any` means that every clause is relative to limits or baseline."""
        return tuple(dict.fromkeys(one.unit for one in self.by_term.get(_named(term, None)[0], ())))

    def grade(
        self,
        term: str,
        value: Decimal | None,
        unit: str | None = None,
        lln: Decimal | None = None,
        uln: Decimal | None = None,
        baseline: Decimal | None = None,
        baseline_status: BaselineStatus | None = None,
        percent_change: Decimal | None = None,
        facts: Facts = NO_FACTS,
        analyte: str | None = None,
    ) -> Graded:
        """Grade a value in its own unit by that unit's own ladder; nothing is converted.

        The grade is the highest with a true clause; 0 when every clause is false; None when none is true and one cannot
        be told. `lln`, `uln` and `baseline` are in the unit of the value. `percent_change` is of the value against the
        baseline, in percent, and is reckoned from the baseline when it is not given. Limits belong to the milder grade
        as printed: haemoglobin of exactly 8.0 g/dL is grade 2, ALT of exactly 3 x ULN is grade 1. Where one unit serves
        two analytes (calcium in mmol/L) `analyte` says which; the first of the file otherwise: corrected calcium.
        Source: NCI, CTCAE v5.0, grade columns of the term.
        """
        name, analyte = _named(term, analyte)
        rows = self.by_term.get(name)
        if not rows:
            return _cannot(
                "CTCAE v5.0 has no numeric criterion for {term}.", "CTCAE 5.0 对“{term}”没有数值标准。", term=term
            )
        if value is None:
            return _cannot("The value is missing.", "缺少数值。")
        if value < 0 or (lln is not None and uln is not None and lln > uln):
            return _cannot(
                "A negative value, or a lower limit above the upper one, cannot be graded. Check the numbers.",
                "数值为负，或正常值下限高于上限，无法分级，请核对。",
            )
        ladder = _ladder(rows, unit, analyte, facts)
        if not ladder:
            units = ", ".join(self.units(term))
            return _cannot(
                "The unit is missing or has no criterion; CTCAE grades {term} in: {units}.",
                "单位缺失或没有对应标准；“{term}”的分级单位为：{units}。",
                term=term,
                units=units,
            )
        if baseline_status not in ("normal", "abnormal") and any(
            one.condition.startswith("baseline") for one in ladder
        ):
            return _cannot(
                "Whether the baseline was normal or abnormal is not known; the criterion depends on it.",
                "基线是否正常未知，分级取决于此。",
            )
        known = _known(value, lln, uln, baseline, percent_change, facts)
        return _decide(ladder, known, baseline_status, facts, [one for one in self.asked if _key(one.term) == name])


def _key(term: str) -> str:
    return " ".join(term.split()).lower()


def _cannot(en: str, zh: str, **names: object) -> Graded:
    return Graded(None, Text(en=en, zh=zh).format(**names))


def _named(term: str, analyte: str | None) -> tuple[str, str | None]:
    """`Hypercalcemia (ionized)` names the term Hypercalcemia and the analyte ionized calcium."""
    name = _key(term)
    plain = name.removesuffix("(ionized)").removesuffix("(ionised)").rstrip()
    return (plain, "Ionized calcium") if plain != name else (name, analyte)


def _ladder(rows: Iterable[Clause], unit: str | None, analyte: str | None, facts: Facts) -> tuple[Clause, ...]:
    """The clauses of one analyte for this unit; a term with a count and a temperature needs both units."""

    def fits(one: Clause) -> bool:
        if one.unit == "any":
            return True
        first, _, second = (part.strip() for part in one.unit.partition(";"))
        if canonical(first, one.analyte) != canonical(unit, one.analyte):
            return False
        return not second or canonical(second) == canonical(facts.temperature_unit)

    fitting = [one for one in rows if fits(one) and (analyte is None or _key(one.analyte) == _key(analyte))]
    return tuple(one for one in fitting if one.analyte == fitting[0].analyte)


def _known(
    value: Decimal,
    lln: Decimal | None,
    uln: Decimal | None,
    baseline: Decimal | None,
    percent_change: Decimal | None,
    facts: Facts,
) -> dict[str, Decimal | bool | None]:
    if percent_change is None and baseline:
        percent_change = (value - baseline) * 100 / baseline
    sustained = facts.sustained_38
    floor = Decimal("100.4") if canonical(facts.temperature_unit) == "degf" else Decimal(38)
    if sustained is None and facts.temperature is not None and facts.temperature < floor:
        sustained = False
    return {
        "V": value,
        "LLN": lln,
        "ULN": uln,
        "BASE": baseline,
        "PCHG": percent_change,
        "SBP": value,
        "DBP": facts.diastolic,
        "DBP_BASE": facts.diastolic_baseline,
        "ANC": value,
        "TEMP": facts.temperature,
        "SUSTAINED38": sustained,
    }


def _decide(
    ladder: tuple[Clause, ...],
    known: dict[str, Decimal | bool | None],
    status: BaselineStatus | None,
    facts: Facts,
    asked: Sequence[Asked],
) -> Graded:
    best: Clause | None = None
    open_clauses: list[Clause] = []
    waiting: list[tuple[Clause, Condition]] = []
    for one in ladder:
        number = clauses.holds(one.expression, known)
        condition = CONDITIONS[one.condition]
        met = condition.met(facts, status)
        if number is False or met is False:
            continue
        if met is None:
            if condition.question is not None:
                waiting.append((one, condition))
            if not condition.assumed:
                continue
        if number is None:
            open_clauses.append(one)
        elif best is None or one.grade > best.grade:
            best = one
    grade = best.grade if best else 0
    if best is None and open_clauses:
        return Graded(None, missing_words([one.expression for one in open_clauses], known))
    higher = [one.expression for one in open_clauses if one.grade > grade]
    why = in_words(best.expression if best else None, grade, known, higher)
    return Graded(grade, why, _questions(grade, waiting, asked))


def _questions(grade: int, waiting: Sequence[tuple[Clause, Condition]], asked: Sequence[Asked]) -> tuple[Asked, ...]:
    found: dict[str, Asked] = {}
    for one, condition in sorted(waiting, key=lambda pair: -pair[0].grade):
        if condition.question is not None and (one.grade > grade or condition.lowers):
            found.setdefault(
                condition.question.en, Asked(one.term, 0 if condition.lowers else one.grade, condition.question)
            )
    if grade:
        for more in asked:
            if more.grade > grade:
                found.setdefault(more.words.en, more)
    return tuple(sorted(found.values(), key=lambda one: one.grade))
