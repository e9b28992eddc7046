"""The sheet of an injection series: figures, cards by day, intervals, and the chosen injection's questions beside them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.injection_series import (
    Series,
    given_now,
    hours_words,
    injection_series,
    not_given,
)
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.sheet import InjectionSheet
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_page import FormPage
from trialdesk.ui.injection_cards import CardWords, InjectionGrid
from trialdesk.ui.interval_chart import IntervalChart

PANEL = 296
"""Width of the questions of the chosen injection."""


class InjectionPage(FormPage):
    """Records a series of injections; `t` on a card says "given now", F8 asks why it was not given."""

    wide = True

    def __init__(self, casebook: Casebook, form: FormPath, group: ItemGroupDef, label_width: int = 212) -> None:
        sheet = casebook.session.book.study.form[form.form].injections
        assert sheet is not None
        self._sheet: InjectionSheet = sheet
        self._figures: dict[str, QLabel] = {}
        super().__init__(casebook, form, group, 0)
        following = self.series().next
        if following is not None:
            self.show_row(following.number)

    def series(self) -> Series:
        """The injections as they stand now."""
        session = self._casebook.session
        return injection_series(session.book, self._casebook.data, self._form, self._sheet, session.today)

    # -- parts

    def _lay_out(self, layout: QVBoxLayout) -> None:
        across = QHBoxLayout()
        across.setContentsMargins(28, 6, 0, 0)
        across.setSpacing(12)
        layout.addLayout(across, 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        across.addLayout(left, 1)
        left.addWidget(self._figure_strip())
        self.grid = InjectionGrid(len(self.series().injections), self._per_day())
        self.grid.chosen.connect(self.show_row)
        self.grid.give_now.connect(self.give_now)
        self.grid.not_given.connect(self.ask_why_not)
        self.grid.entered.connect(lambda _number: super(InjectionPage, self).focus_first())
        self.cards = self.grid  # type: ignore[assignment]
        left.addWidget(self.grid)
        left.addWidget(self._chart_title())
        self._chart = IntervalChart()
        left.addWidget(self._chart)
        left.addStretch(1)
        panel = parts.plane("sunken", gap=0, margins=(0, 10, 0, 10))
        panel.setFixedWidth(PANEL)
        beside = panel.layout()
        assert isinstance(beside, QVBoxLayout)
        self._title = parts.words("", "heading")
        self._title.setContentsMargins(16, 0, 16, 0)
        self._second = parts.words("", "small", "ink3")
        self._second.setContentsMargins(16, 0, 16, 4)
        beside.addWidget(self._title)
        beside.addWidget(self._second)
        beside.addLayout(self._holder)
        beside.addStretch(1)
        across.addWidget(panel)

    def _per_day(self) -> int:
        return self._casebook.session.book.amount(self._sheet.per_day) or 1

    def _figure_strip(self) -> QWidget:
        study = self._casebook.session.book.study
        cells: list[QWidget] = []
        for name in self._sheet.figures:
            item = study.item(name)
            number = parts.words("", "number")
            self._figures[name] = number
            unit = parts.words(item.unit or "", "small", "ink3")
            label = parts.words(look.first(item.label), "small", "ink2")
            label.setToolTip(look.both(item.label))
            below = parts.words("", "small", "ink3")
            self._figures[f"{name} below"] = below
            cells.append(parts.column(label, parts.row(number, unit, None, gap=5), below, gap=0))
        return parts.plane("card", parts.flow(*cells, gap=20), margins=(14, 7, 14, 7))

    def _chart_title(self) -> QWidget:
        timing = self.series().timing
        title = parts.words(look.first(Text(en="Intervals", zh="注射间隔")), "smallstrong", "ink2")
        if timing is None:
            return title
        said = Text(en="{h} ± {t}, minimum {m}", zh="{h} ± {t}，下限 {m}").format(
            h=hours_words(timing.interval), t=hours_words(timing.tolerance), m=hours_words(timing.minimum)
        )
        setting = parts.Chip(look.first(Text(en="study setting", zh="研究设定")), "info", "assumption")
        return parts.row(title, parts.words(look.first(said), "small", "ink3"), setting, None)

    def _make_row(self, item: ItemDef, path: ItemPath) -> FieldRow:
        made = super()._make_row(item, path)
        # The planned day stands in the head of its column.
        made.setVisible(item.name != self._sheet.planned_date)
        return made

    def _place_row(self, made: FieldRow) -> None:
        if made.item.name == self._sheet.planned_date:
            made.setParent(self)
            made.hide()
        else:
            self._holder.addWidget(made)

    # -- what is shown

    def refresh(self) -> None:
        """Show what stands now."""
        super().refresh()
        series = self.series()
        session = self._casebook.session
        study = session.book.study
        words = CardWords(
            self._words_of(self._sheet.site),
            self._words_of(self._sheet.reason),
            (study.item(self._sheet.dose).unit or "", study.item(self._sheet.volume).unit or ""),
            self._findings(),
            session.clock.now(),
        )
        self.grid.show_series(series, words, self._day_0(), session.today)
        self._chart.show_series(series)
        self._show_figures(series)
        for row in self.rows:
            skipped = self._casebook.assessment(self._form).skipped.get(row.path)
            if skipped is not None and row.item.name != self._sheet.planned_date:
                row.setVisible(False)
            elif row.item.name != self._sheet.planned_date:
                row.setVisible(True)
        self._title.setText(look.first(Text(en="Injection {n}", zh="第 {n} 针").format(n=self.repeat)))
        labels = self.group.row_labels
        self._second.setText(look.first(labels[self.repeat - 1]) if self.repeat <= len(labels) else "")

    def _words_of(self, name: str | None) -> dict[str, Text]:
        study = self._casebook.session.book.study
        item = study.item(name) if name else None
        if item is None or item.codelist is None:
            return {}
        return {one.code: one.label for one in study.codelist[item.codelist].items}

    def _findings(self) -> dict[int, str]:
        """The gravest kind of finding of each injection that was begun."""
        found: dict[int, str] = {}
        rank = {"hard": 3, "soft": 2, "missing": 1}
        begun = set(self._casebook.data.rows(self._form, self.group.oid))
        for finding in self._casebook.assessment(self._form).findings:
            row = finding.path.group_repeat
            if finding.path.group != self.group.oid or finding.settled or row not in begun:
                continue
            if rank[finding.severity] > rank.get(found.get(row, ""), 0):
                found[row] = finding.severity
        return found

    def _day_0(self) -> date | None:
        """The day that is counted from, in this round."""
        data = self._casebook.data
        wanted = self._casebook.session.book.study.landmarks.day_0
        for path in data.by_item.get(wanted, ()):
            text = data.value(path)
            if path.repeat == self._form.repeat and text:
                found = PartialDate.parse(text)
                return found.earliest if found.complete else None
        return None

    def _show_figures(self, series: Series) -> None:
        study = self._casebook.session.book.study
        for name in self._sheet.figures:
            group = study.place[name][1]
            value = self._casebook.shown(self._form.item(group.oid, name))
            self._figures[name].setText(value or "–")
            below, tone = Text(en="", zh=""), "ink3"
            if name == self._sheet.daily_dose and series.day_cap is not None:
                over = _number(value) is not None and (_number(value) or 0) > series.day_cap
                tone = "warn" if over else "ink3"
                below = (
                    Text(en="above the label's {cap} {unit}", zh="超过说明书上限 {cap} {unit}")
                    if over
                    else Text(en="label: up to {cap} {unit}", zh="说明书上限 {cap} {unit}")
                ).format(cap=series.day_cap, unit=study.item(name).unit)
            elif value is None:
                below = Text(en="cannot tell yet", zh="暂不能计算")
            shown = self._figures[f"{name} below"]
            shown.setText(look.first(below))
            if shown.property("tone") != tone:
                shown.setProperty("tone", tone)
                shown.style().polish(shown)

    # -- what the person does

    def give_now(self, number: int) -> None:
        """Record that an injection was given now with the planned dose; what is answered already stays."""
        session = self._casebook.session
        now = session.clock.now()
        answers = given_now(
            session.book, self._casebook.data, self._form, self._sheet, number, now.replace(tzinfo=None)
        )
        if not answers:
            self.told.emit(Text(en="Injection {n} is recorded already.", zh="第 {n} 针已有记录。").format(n=number))
            return
        values = {path.item: text for path, text in answers}
        said = Text(
            en="Injection {n} recorded: {t}, {mg} mg, {ml} mL.", zh="第 {n} 针已记录：{t}，{mg} mg，{ml} mL。"
        ).format(
            n=number,
            t=values.get(self._sheet.time, now.strftime("%H:%M")),
            mg=values.get(self._sheet.dose, "–"),
            ml=values.get(self._sheet.volume, "–"),
        )
        if self._record(answers, said):
            super().focus_first()

    def ask_why_not(self, number: int) -> None:
        """Offer the reasons why an injection was not given, by digit."""
        menu = QMenu(self)
        for digit, (code, text) in enumerate(self._words_of(self._sheet.reason).items(), start=1):
            act = menu.addAction(f"&{digit}  {look.first(text)}  {look.second(text)}")
            act.triggered.connect(lambda _=False, chosen=code: self.not_given(number, chosen))
        card = self.grid.cards[number - 1]
        menu.popup(card.mapToGlobal(QPoint(0, card.height())))

    def not_given(self, number: int, code: str) -> None:
        """Record that an injection was not given, and why."""
        said = Text(en="Injection {n} recorded as not given.", zh="第 {n} 针已记为未给药。").format(n=number)
        if self._record(not_given(self._form, self._sheet, number, code), said):
            self.grid.cards[number - 1].setFocus()

    def _record(self, answers: list[tuple[ItemPath, str]], said: Text) -> bool:
        outcome = self._casebook.enter_together(answers)
        if isinstance(outcome, Refusal):
            self.told.emit(outcome.says)
            return False
        self.recorded.emit()
        self.told.emit(said)
        return True

    # -- going about

    def focus_first(self) -> None:
        """Put the focus on the card of the injection that is next."""
        following = self.series().next
        self.focus_card(following.number if following else self.repeat)

    def focus_card(self, number: int) -> None:
        """Choose an injection and put the focus on its card."""
        self.show_row(number)
        self.grid.cards[number - 1].setFocus()

    def show_row(self, number: int, focus: bool = False) -> None:
        """Show another injection's questions."""
        if number == self.repeat:
            self.grid.select(number)
        else:
            super().show_row(number)
            self.grid.select(number)
        if focus:
            super().focus_first()

    def focus_after(self, row: FieldRow) -> None:
        """The next question; after the last one the card of the next injection to account for."""
        after = self.rows[self.rows.index(row) + 1 :] if row in self.rows else []
        following = next((made for made in after if made.can_take_focus() and made.isVisible()), None)
        if following is not None:
            following.focus()
            return
        waiting = self.series().next
        if waiting is None:
            self.end_reached.emit()
        else:
            self.focus_card(waiting.number)


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
