"""The data browser: standing answers by site, form, item and participant, and what is shown as a file."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout

from trialdesk.domain.actions.reasons import MISSING, words_of
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.storage.centre_lists import AnswerLine
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.centre.choosers import Tick
from trialdesk.ui.centre.page import CentrePage, Keys
from trialdesk.ui.centre.place_words import place_words
from trialdesk.ui.centre.table import Cell, Table

SHOWN, EXPORTED = 500, 1_000_000


class DataPage(CentrePage):
    """Five hundred answers at a time; the export holds all that meet the filters."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self._found: tuple[AnswerLine, ...] = ()
        self.form = Combo()
        self.form.addItem(look.first(Text(en="All forms", zh="全部表单")), None)
        for form in work.study.forms:
            self.form.addItem(look.first(form.label), form.oid)
        self.item = Combo()
        self.subject = QLineEdit()
        self.subject.setPlaceholderText(look.first(Text(en="Participant", zh="受试者编号")))
        self.value = QLineEdit()
        self.value.setPlaceholderText(look.first(Text(en="Value is", zh="值等于")))
        self.disputed = Tick(Text(en="Only disputed", zh="仅有争议"))
        self.export = parts.Button(Text(en="Export…", zh="导出…"), shape="sheet")
        self.export.clicked.connect(self._ask_where)
        for box, wide in ((self.form, 190), (self.item, 210), (self.subject, 120), (self.value, 110)):
            box.setFixedWidth(wide)
        self.count = parts.words("", "heading")
        self.table = Table(_HEADS, (124, 230, 230, 0, 150, 120), high=36).say_when_empty(_NONE)
        self.table.opened.connect(
            lambda row: self.record_wanted.emit(self._found[row].subject, _path(self._found[row]))
        )
        head = parts.row(
            self.count, None, self.form, self.item, self.subject, self.value, self.disputed, self.export,
            margins=(16, 10, 16, 6),
        )  # fmt: skip
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)))
        self.form.currentIndexChanged.connect(self._items)
        self.item.currentIndexChanged.connect(lambda _: self.refresh())
        self.subject.editingFinished.connect(self.refresh)
        self.value.editingFinished.connect(self.refresh)
        self.disputed.toggled.connect(lambda _: self.refresh())
        self._items()

    def _items(self) -> None:
        self.item.blockSignals(True)
        self.item.clear()
        self.item.addItem(look.first(Text(en="All items", zh="全部字段")), None)
        form = self.work.study.form.get(self.form.currentData() or "")
        for group in form.groups if form else ():
            for item in group.items:
                self.item.addItem(look.first(item.label), item.name)
        self.item.blockSignals(False)
        self.refresh()

    def _answers(self, limit: int) -> tuple[AnswerLine, ...]:
        return self.work.lists.answers(
            subject=self.subject.text().strip() or None,
            form=self.form.currentData(),
            item=self.item.currentData(),
            value=self.value.text().strip() or None,
            disputed=self.disputed.isChecked(),
            limit=limit,
        )

    def key_hints(self) -> Keys:
        return (("↑ ↓", Text(en="choose", zh="选择")), ("Enter", Text(en="open at the field", zh="打开到该格")))

    def refresh(self) -> None:
        """Ask again with the filters as they stand."""
        found = self._found = self._answers(SHOWN)
        more = "+" if len(found) == SHOWN else ""
        self.count.setText(look.first(Text(en="{n} answers", zh="{n} 条数据").format(n=f"{len(found)}{more}")))
        initials = self.work.lists.initials({one.subject for one in found})
        self.table.show_lines([self._cells(one, initials) for one in found])

    def _cells(self, one: AnswerLine, initials: dict[str, str]) -> list[Cell]:
        place, item = place_words(self.work.study, _path(one))
        row = f" {one.group_repeat}" if one.group_repeat > 1 else ""
        shown = look.first(_DISPUTED) if one.disputed else self._words(one)
        return [
            Cell(one.subject, initials.get(one.subject, ""), plate=True),
            Cell(place), Cell(item + row), Cell(shown, tone="hard" if one.disputed else "ink", strong=True),
            Cell(one.unit or "", tone="ink3"), Cell(one.record, tone="ink3"),
        ]  # fmt: skip

    def _words(self, one: AnswerLine) -> str:
        """A value with the words of its code, or why there is none."""
        if one.value is None:
            return look.first(words_of(MISSING, one.missing)) if one.missing else ""
        place = self.work.study.place.get(one.item)
        said = self.work.study.words(place[2], one.value) if place else None
        return f"{look.first(said)} ({one.value})" if said else one.value

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, look.first(Text(en="Export", zh="导出")), "data.csv", "CSV (*.csv)")
        if path:
            self.write(Path(path))

    def write(self, path: Path) -> int:
        """Write every answer that meets the filters; text that a spreadsheet would take for a formula stays text."""
        found = self._answers(EXPORTED)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                [
                    "subject",
                    "site",
                    "event",
                    "repeat",
                    "form",
                    "group",
                    "row",
                    "item",
                    "value",
                    "missing",
                    "unit",
                    "disputed",
                    "record",
                ]
            )
            for one in found:
                cells = (
                    one.subject,
                    one.site,
                    one.event,
                    one.repeat,
                    one.form,
                    one.group,
                    one.group_repeat,
                    one.item,
                    _plain(one.value),
                    one.missing,
                    one.unit,
                    int(one.disputed),
                    one.record,
                )
                writer.writerow(["" if cell is None else cell for cell in cells])
        return len(found)


def _path(one: AnswerLine) -> ItemPath:
    return ItemPath(one.event, one.repeat, one.form, one.group, one.group_repeat, one.item)


def _plain(value: str | None) -> str | None:
    if value is None or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value


_NONE = Text(en="No answer meets the filters.", zh="没有符合筛选条件的数据。")
_DISPUTED = Text(en="disputed: several values", zh="有争议：多个值")
_HEADS = (
    Text(en="Participant", zh="受试者"), Text(en="Form and visit", zh="表单与访视"), Text(en="Item", zh="字段"),
    Text(en="Value", zh="值"), Text(en="Unit", zh="单位"), Text(en="Record", zh="记录"),
)  # fmt: skip
