"""The printed safety report of a serious event: which answers stand in which numbered cell."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.study.labelled import Labelled


class ReportCell(Labelled):
    """One numbered cell; `items` are printed in this order, in the order of visits where there are several.

    Items of the report's own form are taken from that report; those of other forms from everything recorded of the
    participant. `needed` cells that stay empty are listed on the report. `wide` cells take the whole width.
    """

    number: str
    items: tuple[str, ...] = ()
    needed: bool = True
    wide: bool = False
    fixed: str | None = None


class SafetyReport(BaseModel):
    """The layout after the CIOMS I form: `form` is the form that reports a serious event."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: str
    cells: tuple[ReportCell, ...]

    def items(self) -> Iterator[str]:
        """Every item the report names."""
        for cell in self.cells:
            yield from cell.items
