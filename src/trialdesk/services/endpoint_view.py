"""The endpoints as a screen shows them: numbers that know the participants behind them, curves, and deciding facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text

Population = Literal["ITT", "treated", "evaluable"]
Estimand = Literal["os", "dfs-registered", "dfs", "nrm"]
Topic = Literal["flow", "response", "os", "dfs", "nrm", "acute-gvhd", "chronic-gvhd", "trae", "incomplete"]


class Figure(str):
    """A printed number with the participants behind it; on paper and in files it is its text."""

    who: tuple[str, ...]

    def __new__(cls, text: str, who: Iterable[str]) -> Figure:
        """The text as it is printed, and the numbers of the participants."""
        made = super().__new__(cls, text)
        made.who = tuple(who)
        return made

    def __getnewargs__(self) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        """What it is made of, for another process."""
        return str(self), self.who


class Worded(str):
    """A cell in words: in print and in files in both languages on one line, on a screen in the reader's own."""

    text: Text

    def __new__(cls, text: Text, printed: str | None = None) -> Worded:
        """`printed` stands in print where it is not simply Chinese, then English."""
        both = f"{text.zh} {text.en}" if text.zh != text.en else text.zh
        made = super().__new__(cls, both if printed is None else printed)
        made.text = text
        return made

    def __getnewargs__(self) -> tuple[Text, str]:  # type: ignore[override]
        """What it is made of, for another process."""
        return self.text, str(self)


def text_of(cell: str) -> Text:
    """A cell in each language: its words, or what is printed where it has none."""
    return cell.text if isinstance(cell, Worded) else Text(en=str(cell), zh=str(cell))


def joined(cells: Iterable[str]) -> Worded:
    """Several cells as one."""
    found = tuple(cells)
    said = [text_of(one) for one in found]
    return Worded(Text(en="; ".join(one.en for one in said), zh="；".join(one.zh for one in said)), "; ".join(found))


def figure(who: Iterable[str]) -> Figure:
    """How many they are."""
    found = tuple(who)
    return Figure(str(len(found)), found)


@dataclass(frozen=True)
class CountedTable:
    """A table of the endpoints: file name, title, what it counts and among whom; cells may be figures."""

    name: str
    title: Text
    definition: Text
    population: Text
    heads: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[Text, ...]
    topic: Topic


@dataclass(frozen=True)
class RateRow:
    """One rate: k of n, and the estimate with its exact limits as fractions of 1 (None without a denominator)."""

    label: Text
    count: Figure
    estimate: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class CurvePoint:
    """The height of a curve just after a day, and its limits where the method has them; fractions of 1."""

    day: float
    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True)
class CurveLine:
    """One line of a picture: its points in order of time, and where it is censored; `tone` is a colour's name."""

    label: Text
    tone: str
    dashed: bool
    points: tuple[CurvePoint, ...]
    censored: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class RiskPoint:
    """Who was still at risk on a day, and who had been censored before it."""

    day: int
    at_risk: Figure
    censored: Figure


@dataclass(frozen=True)
class Curve:
    """A survival or incidence picture in one population, to be read up to `horizon` days."""

    name: Estimand
    title: Text
    population: Text
    axis: Text
    horizon: int
    lines: tuple[CurveLine, ...]
    risk: tuple[RiskPoint, ...]
    events: Figure
    headline: str
    limits: str
    table: CountedTable
    topic: Topic


@dataclass(frozen=True)
class CourseBar:
    """One participant's time from enrolment to the last contact or death, in days, with what happened on which day."""

    subject: str
    length: int
    died: bool
    marks: tuple[tuple[int, Literal["treatment", "remission", "relapse", "death"]], ...]


@dataclass(frozen=True)
class Fact:
    """One thing that decided how a participant counts: what, its value, its day, and the answer it was read from.

    `topics` are the numbers it bears on.
    """

    topics: frozenset[Topic]
    label: Text
    value: Text
    day: date | None = None
    path: ItemPath | None = None


@dataclass(frozen=True)
class EndpointBoard:
    """Everything counted at one data cut, in every population."""

    cut: date
    on_record: tuple[str, ...]
    populations: Mapping[Population, tuple[str, ...]]
    rates: Mapping[Population, tuple[RateRow, ...]]
    rates_say: CountedTable
    curves: Mapping[tuple[Estimand, Population], Curve]
    tables: Mapping[Population, tuple[CountedTable, ...]]
    courses: tuple[CourseBar, ...]
    facts: Mapping[str, tuple[Fact, ...]]
    initials: Mapping[str, str]

    def decided(self, subject: str, topic: Topic) -> tuple[Fact, ...]:
        """The facts of a participant that bear on a number, in order of their days, those without a day last."""
        found = [fact for fact in self.facts.get(subject, ()) if topic in fact.topics]
        return tuple(sorted(found, key=lambda fact: fact.day or date.max))
