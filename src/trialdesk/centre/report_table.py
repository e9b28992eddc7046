"""One table of the report, and the small words every table shares."""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.centre.endpoints import Endpoints, Population, Rate
from trialdesk.centre.statistics import Interval
from trialdesk.documents.report import ReportTable
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import Figure, Worded

__all__ = [
    "COUNT",
    "LIMITS",
    "POPULATIONS",
    "RATE",
    "ReportTable",
    "both",
    "cells",
    "limits",
    "notes",
    "percent",
    "quarters",
    "remitted",
]


POPULATIONS: dict[Population, Text] = {
    "ITT": Text(en="All enrolled (ITT)", zh="全部入组者（ITT）"),
    "treated": Text(en="Treated: at least one dose of plerixafor", zh="已治疗者：至少 1 次普乐沙福"),
    "evaluable": Text(
        en="Evaluable: treated, response evaluated in the window", zh="可评价者：已治疗且窗内有可评价疗效"
    ),
    "remission": Text(en="Those who reached complete remission", zh="达到完全缓解者"),
}


def remitted(among: Population) -> Text:
    """The words for those of a population who reached complete remission."""
    if among == "ITT":
        return POPULATIONS["remission"]
    return Text(en="{people}, of them those in complete remission", zh="{people}中达到完全缓解者").format(
        people=POPULATIONS[among]
    )


COUNT = Text(en="n", zh="例数")
RATE = Text(en="Rate", zh="率")
LIMITS = Text(en="95% interval", zh="95% 置信区间")


def quarters(horizon: int) -> tuple[int, ...]:
    """The days at which a curve is read: each quarter of the follow-up."""
    return tuple(round(horizon * part / 4) for part in (1, 2, 3, 4))


def percent(value: float) -> str:
    """A fraction as per cent with one decimal."""
    return f"{value * 100:.1f}%"


def limits(interval: Interval | tuple[float | None, float | None] | None) -> str:
    """The limits of an interval, or a dash where the method has none."""
    low, high = interval[-2:] if interval else (None, None)
    return f"{percent(low)}–{percent(high)}" if low is not None and high is not None else "–"


def cells(rate: Rate) -> tuple[str, ...]:
    """k / n, the rate, and its limits."""
    shown = percent(rate.interval.estimate) if rate.interval else "–"
    return Figure(f"{rate.k} / {rate.n}", rate.who), shown, limits(rate.interval)


def notes(endpoints: Endpoints, names: Iterable[str]) -> tuple[Text, ...]:
    """Protocol notes of the study by id, with how the study reads them."""
    known = {note.id: note for note in endpoints.study.notes}
    return tuple(
        Text(
            en=f"{name}: {known[name].about.en} {known[name].reading.en}",
            zh=f"{name}：{known[name].about.zh}{known[name].reading.zh}",
        )
        for name in names
        if name in known
    )


def both(text: Text) -> Worded:
    """Both languages on one line of paper."""
    return Worded(text)
