"""Binding the columns of a table to a published criterion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from trialdesk.domain.medicine.told import Told
from trialdesk.domain.text import Text
from trialdesk.services.calc import Cells
from trialdesk.services.calc_cells import Column, column

Result = tuple[Mapping[str, str], Text]


def numbers(names: str, least: str | None = "0", most: str | None = None) -> tuple[Column, ...]:
    """Number columns of the names."""
    return tuple(column(name, "number", "", least, most) for name in names.split())


def logicals(names: str) -> tuple[Column, ...]:
    """Yes or no columns of the names."""
    return tuple(column(name, "logical") for name in names.split())


def reason(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


def lacking(cells: Cells, names: Sequence[str]) -> Text | None:
    empty = [name for name in names if cells[name] is None]
    if not empty:
        return None
    return reason(f"Not known: {', '.join(empty)}.", f"未知：{'、'.join(empty)}。")


def told(result: str, function: Callable[..., Told], names: str) -> Callable[[Cells], Result]:
    """A row function from a criterion that tells its reason."""

    def run(cells: Cells) -> Result:
        found = function(*(cells[name] for name in names.split()))
        return {result: found.shown}, found.why

    return run


def answered(result: str, function: Callable[..., Any], names: str) -> Callable[[Cells], Result]:
    """A row function from a criterion that gives a value or None; what is empty is named when there is no value."""

    def run(cells: Cells) -> Result:
        found = function(*(cells[name] for name in names.split()))
        if found is None:
            return {}, lacking(cells, names.split()) or reason("Cannot be told.", "无法判定。")
        shown = ("Y" if found else "N") if isinstance(found, bool) else str(found)
        return {result: shown}, reason("", "")

    return run
