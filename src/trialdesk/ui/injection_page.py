"""The sheet of an injection series: figures, cards by day, intervals, and the chosen injection's questions beside them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.injection_series import (
    Series,
    given_now,
    hours_words,
    injection_series,
    interval_words,
    not_given,
)
from trialdesk.domain.study.form import ItemGroupDef
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
    room = PANEL - 42

    def __init__(
        self,
        casebook: Casebook,
        form: FormPath,
        group: ItemGroupDef,
        label_width: int = 212,
        parent: QWidget | None = None,
    ) -> None:
        sheet = casebook.study(form).form[form.form].injections
        assert sheet is not None
        self._sheet: InjectionSheet = sheet
        self._figures: dict[str, QLabel] = {}
        super().__init__(casebook, form, group, 0, parent)
        following = self.series().next
        if following is not None:
            self.show_row(following.number)

    def series(self) -> Series:
        """The injections as they stand now."""
        session = self._casebook.session
        return injection_series(
            self._casebook.book(self._form), self._casebook.data, self._form, self._sheet, session.today
        )

    # -- parts

    def _lay_out(self, layout: QVBoxLayout) -> None:
        across = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        across.setContentsMargins(28, 0, 0, 0)
        across.setSpacing(12)
        layout.addLayout(across, 1)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.setContentsMargins(0, 10, 0, 8)
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
        across.addWidget(self._panel())

    def _panel(self) -> QScrollArea:
        """The questions of the chosen injection; they scroll by themselves, so that the days stay in sight."""
        ground = parts.plane("sunken", gap=0, margins=(0, 10, 0, 10))
        beside = ground.layout()
        assert isinstance(beside, QVBoxLayout)
        self._title = parts.words("", "heading")
        self._title.setContentsMargins(16, 0, 16, 0)
        self._second = parts.words("", "small", "ink3")
        self._second.setContentsMargins(16, 0, 16, 4)
        self._when = parts.words("", "small", "ink2", wrap=True)
        self._when.setContentsMargins(16, 0, 16, 6)
        for one in (self._title, self._second, self._when):
            beside.addWidget(one)
        beside.addLayout(self._holder)
        beside.addStretch(1)
        self._beside = QScrollArea()
        self._beside.setFrameShape(QFrame.Shape.NoFrame)
        self._beside.setWidgetResizable(True)
        self._beside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._beside.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._beside.setFixedWidth(PANEL)
        self._beside.setWidget(ground)
        return self._beside

    def _reveal(self, row: FieldRow) -> None:
        if row in self.rows:
            self._beside.ensureWidgetVisible(row, 0, 12)

    def _per_day(self) -> int:
        return self._casebook.book(self._form).amount(self._sheet.per_day) or 1

    def _figure_strip(self) -> QWidget:
        study = self._casebook.book(self._form).study
        cells: list[QWidget] = []
        for name in self._sheet.figures:
            item = study.item(name)
            number = parts.words("", "number")
            self._figures[name] = number
            unit = parts.words(item.unit or "", "small", "ink3")
            label = parts.words(_before_bracket(look.first(item.label))[0], "small", "ink2", wrap=True)
            label.setToolTip(look.both(item.label))
            below = parts.words("", "small", "ink3")
            self._figures[f"{name} below"] = below
            cells.append(parts.column(label, parts.row(number, unit, None, gap=5), below, None, gap=1))
        strip = parts.plane("card", *cells, gap=14, margins=(14, 7, 14, 7), across=True)
        for index in range(len(cells)):
            strip.layout().setStretch(index, 1)  # type: ignore[union-attr]
        return strip

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

    def _place_row(self, made: FieldRow) -> None:
        if made.item.name == self._sheet.planned_date:
            # The planned day stands in the head of its column.
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
        study = self._casebook.study(self._form)
        words = CardWords(
            self._words_of(self._sheet.site),
            self._words_of(self._sheet.reason),
            (study.item(self._sheet.dose).unit or "", study.item(self._sheet.volume).unit or ""),
            self._findings(),
            session.clock.now().replace(tzinfo=None),
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
        self._show_when(series)
        labels = self.group.row_labels
        self._second.setText(look.first(labels[self.repeat - 1]) if self.repeat <= len(labels) else "")

    def _show_when(self, series: Series) -> None:
        """When the chosen injection is planned and due, and how it stands to the one before."""
        one = series.injections[self.repeat - 1]
        said: list[Text] = []
        if one.planned is not None:
            said.append(Text(en="Planned {t}.", zh="计划 {t}。").format(t=one.planned.strftime("%m-%d %H:%M")))
        if one.window is not None and one.at is None:
            a, b = (moment.strftime("%m-%d %H:%M") for moment in one.window)
            said.append(Text(en="Due {a} to {b}.", zh="应在 {a} 至 {b}。").format(a=a, b=b))
        off = one.interval is not None and one.interval.verdict != "in_time"
        if one.interval is not None and series.timing is not None:
            said.append(Text(en="{i}.", zh="{i}。").format(i=interval_words(series.timing, one.interval)))
        parts.tone(self._when, "warn" if off else "ink2")
        self._when.setText(" ".join(look.first(words) for words in said))
        self._when.setVisible(bool(said))

    def _words_of(self, name: str | None) -> dict[str, Text]:
        study = self._casebook.book(self._form).study
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

    def _show_figures(self, series: Series) -> None:
        study = self._casebook.book(self._form).study
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
            elif value is not None:
                label = study.item(name).label
                below = Text(en=_before_bracket(label.en)[1], zh=_before_bracket(label.zh)[1])
            else:
                below = Text(en="cannot tell yet", zh="暂不能计算")
            shown = self._figures[f"{name} below"]
            shown.setText(look.first(below))
            parts.tone(shown, tone)

    # -- what the person does

    def give_now(self, number: int) -> None:
        """Record that an injection was given now with the planned dose; what is answered already stays."""
        session = self._casebook.session
        now = session.clock.now()
        moment = now.replace(tzinfo=None)
        done: dict[str, str] = {}
        # The planned dose may rest on the date: it is known once the date is recorded.
        while answers := given_now(
            self._casebook.book(self._form), self._casebook.data, self._form, self._sheet, number, moment
        ):
            outcome = self._casebook.enter_together(answers)
            if isinstance(outcome, Refusal):
                self.told.emit(outcome.says)
                return
            done |= {path.item: text for path, text in answers}
        if not done:
            self.told.emit(Text(en="Injection {n} is recorded already.", zh="第 {n} 针已有记录。").format(n=number))
            return
        self.recorded.emit()
        said = Text(en="Injection {n} recorded: {t}", zh="第 {n} 针已记录：{t}")
        study = self._casebook.study(self._form)
        amounts = [f"{done[n]} {study.item(n).unit}" for n in (self._sheet.dose, self._sheet.volume) if n in done]
        told = ", ".join([done.get(self._sheet.time, now.strftime("%H:%M")), *amounts])
        self.told.emit(said.format(n=number, t=told))
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
        # The planned time is filled in from the first injection; nobody has to walk through it.
        able = [made for made in after if made.can_take_focus() and made.isVisible()]
        following = next((made for made in able if made.item.name != self._sheet.planned_time), None)
        if following is not None:
            following.focus()
            return
        open_now = [one.number for one in self.series().injections if one.given is None and not one.missing]
        later = [number for number in open_now if number > self.repeat]
        if not open_now:
            self.end_reached.emit()
        else:
            self.focus_card((later or open_now)[0])


def _before_bracket(label: str) -> tuple[str, str]:
    """A label without what stands in brackets at its end, and that part alone."""
    found = re.fullmatch(r"(.+?)\s*[(（](.+)[)）]", label)
    return (found[1], found[2]) if found else (label, "")


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
