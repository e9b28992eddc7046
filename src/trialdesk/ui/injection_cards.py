"""The injections of a series as cards: a column for each day, a row for each time of day; arrows move, `t` gives now."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QWidget

from trialdesk.domain.rules.injection_series import Injection, Series, hours_words, interval_brief
from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.ui import icons, look, parts

HIGH, LEAST = 98, 112
_WEEKDAYS = Text(en="Mon Tue Wed Thu Fri Sat Sun", zh="周一 周二 周三 周四 周五 周六 周日")
_SLOTS = (Text(en="AM", zh="早"), Text(en="PM", zh="晚"))


class InjectionCard(QAbstractButton):
    """One injection: its time as the largest word, or what is to be done, with dose, volume and remark."""

    give_now = Signal(int)
    not_given = Signal(int)
    moved = Signal(int, str)
    entered = Signal(int)

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._lines: tuple[str, str, str] = ("", "", "")
        self._look = "later"
        self._second_tone = self._remark_tone = "ink2"
        self._shape: tuple[str, str] | None = None
        self.setCheckable(True)
        self.setFixedHeight(HIGH)
        self.setMinimumWidth(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(126, HIGH)

    def show_injection(self, one: Injection, series: Series, words: CardWords) -> None:
        """Show an injection as it stands."""
        self._look, self._shape = words.looks(one, series)
        big = words.big(one, self._look)
        self._lines = (look.first(big), look.first(words.second(one, self._look)), look.first(words.third(one, series)))
        off = one.interval is not None and one.interval.verdict != "in_time"
        self._second_tone = "warn" if words.overdue(one, self._look) else "ink2"
        self._remark_tone = "warn" if off else "accent" if self._look == "next" else "ink2"
        name = Text(en="Injection {n}", zh="第 {n} 针").format(n=self.number)
        self.setAccessibleName(look.both(name))
        self.setAccessibleDescription(" ".join(line for line in self._lines if line))
        self.setToolTip("\n".join(line for line in self._lines if line))
        self.update()

    def lines(self) -> tuple[str, str, str]:
        """What stands on the card."""
        return self._lines

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ways = {Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}
        if plain and key in ways:
            self.moved.emit(self.number, ways[Qt.Key(key)])
        elif plain and key == Qt.Key.Key_T:
            self.give_now.emit(self.number)
        elif plain and key in (Qt.Key.Key_F8, Qt.Key.Key_Period):
            self.not_given.emit(self.number)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit(self.number)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.moved.emit(self.number, "here")

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        soft, hard = self._shape == ("soft", "warn"), self._shape == ("hard", "hard")
        edge = "hard" if hard else "warn" if soft else "edge"
        pen = QPen(look.color("accent" if on or self._look == "next" else edge), 2 if on else 1)
        if self._look == "later" and not on:
            pen.setStyle(Qt.PenStyle.DashLine)
        p.setPen(pen)
        p.setBrush(look.color("selected" if self._look == "next" or on else "surface"))
        p.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        if self.hasFocus():
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(QPen(look.color("accent"), 2))
            p.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 6, 6)
        self._write(p, 9, 19, "small", "ink2", look.first(Text(en="No. {n}", zh="第 {n} 针").format(n=self.number)), 28)
        if self._shape:
            icons.draw(p, self._shape[0], QRectF(self.width() - 26, 9, 17, 17), self._shape[1])
        big = {"next": ("heading", "accent"), "later": ("heading", "ink3")}.get(self._look, ("title", "ink"))
        self._write(p, 27, 25, big[0], big[1], self._lines[0], 12, struck=self._look == "not_given")
        p.setFont(look.font("small"))
        second = self._lines[1]
        if p.fontMetrics().horizontalAdvance(second) > self.width() - 24:
            # The dose says more than half a volume; both stand in the tooltip.
            second = second.partition(", ")[0]
        self._write(p, 52, 18, "small", self._second_tone, second)
        self._write(p, 71, 18, "small", self._remark_tone, self._lines[2])

    def _write(
        self, p: QPainter, y: int, high: int, role: str, tone: str, text: str, right: int = 12, struck: bool = False
    ) -> None:
        letters = QFont(look.font(role))
        letters.setStrikeOut(struck)
        p.setFont(letters)
        p.setPen(look.color(tone))
        wide = self.width() - 12 - right
        shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, wide)
        p.drawText(QRectF(12, y, wide + 2, high), Qt.AlignmentFlag.AlignVCenter, shown)


class CardWords:
    """The words of the cards: sites and reasons by code, units, findings, and the time now."""

    def __init__(
        self,
        sites: dict[str, Text],
        reasons: dict[str, Text],
        units: tuple[str, str],
        findings: dict[int, str],
        now: datetime,
    ) -> None:
        self._sites, self._reasons, self._units = sites, reasons, units
        self._findings, self._now = findings, now

    def looks(self, one: Injection, series: Series) -> tuple[str, tuple[str, str] | None]:
        """How a card is drawn, with its state's shape and tone."""
        finding = self._findings.get(one.number)
        if finding in ("hard", "soft"):
            shape: tuple[str, str] | None = (finding, "hard" if finding == "hard" else "warn")
        elif one.given:
            shape = ("complete", "ok") if finding != "missing" else ("draft", "accent")
        elif one.given is False or one.missing:
            shape = ("not_done", "idle")
        else:
            shape = None
        if one.given is False or one.missing:
            return "not_given", shape
        if one.given or one.at is not None:
            return "given", shape
        following = series.next
        if following is not None and following.number == one.number:
            return "next", shape or ("syringe", "accent")
        return "later", shape or ("not_due", "idle")

    def big(self, one: Injection, looks: str) -> Text:
        """The largest word: the time, or what is to be done."""
        if looks == "not_given":
            return Text(en="Not given", zh="未给药")
        if one.at is not None:
            clock = one.at.strftime("%H:%M")
            return Text(en=clock, zh=clock)
        if looks == "given":
            return Text(en="Time missing", zh="时间未填")
        if looks == "next":
            return Text(en="Record", zh="登记注射")
        if one.planned is not None:
            clock = one.planned.strftime("%H:%M")
            return Text(en="Plan {t}", zh="计划 {t}").format(t=clock)
        return Text(en="Not entered", zh="未填")

    def second(self, one: Injection, looks: str) -> Text:
        """Dose and volume, or when it is due."""
        if looks == "not_given":
            return self._reasons.get(one.reason or "", Text(en="Reason missing", zh="原因未填"))
        if looks == "given":
            amounts = [f"{v} {u}" for v, u in zip((one.dose, one.volume), self._units, strict=True) if v]
            return Text(en=", ".join(amounts) or "Dose missing", zh=", ".join(amounts) or "剂量未填")
        if one.window is not None and looks == "next":
            a, b = (moment.strftime("%H:%M") for moment in one.window)
            if self.overdue(one, looks):
                late = hours_words(Decimal(int((self._now - one.window[1]).total_seconds() // 60)) / 60)
                return Text(en="late by {late}", zh="已晚 {late}").format(late=late)
            return Text(en="due {a} to {b}", zh="应在 {a}～{b}").format(a=a, b=b)
        return Text(en="", zh="")

    def overdue(self, one: Injection, looks: str) -> bool:
        """True for the next injection once its window has passed."""
        return looks == "next" and one.window is not None and self._now > one.window[1]

    def third(self, one: Injection, series: Series) -> Text:
        """What is off, else the site, else the key that records it."""
        off = one.interval is not None and one.interval.verdict != "in_time"
        if off and one.interval is not None and series.timing is not None:
            return interval_brief(series.timing, one.interval)
        if one.site is not None and one.given:
            return self._sites.get(one.site, Text(en=one.site, zh=one.site))
        following = series.next
        if following is not None and following.number == one.number:
            return Text(en="t: now {t}", zh="按 t 记为 {t}").format(t=self._now.strftime("%H:%M"))
        return Text(en="", zh="")


class InjectionGrid(QWidget):
    """All cards with the heads of their days; says which injection was chosen and what is to be done with it."""

    chosen = Signal(int)
    give_now = Signal(int)
    not_given = Signal(int)
    entered = Signal(int)

    def __init__(self, count: int, per_day: int) -> None:
        super().__init__()
        self._per_day = per_day
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self._heads: list[_DayHead] = []
        self.cards: list[InjectionCard] = []
        for slot in range(per_day):
            if per_day == len(_SLOTS):
                grid.addWidget(parts.bilingual(_SLOTS[slot], "label"), slot + 1, 0)
        for number in range(1, count + 1):
            card = InjectionCard(number)
            card.clicked.connect(lambda _=False, n=number: self.chosen.emit(n))
            card.moved.connect(self._move)
            card.give_now.connect(self.give_now)
            card.not_given.connect(self.not_given)
            card.entered.connect(self.entered)
            self.cards.append(card)
            day, slot = divmod(number - 1, per_day)
            if slot == 0:
                head = _DayHead(day + 1)
                self._heads.append(head)
                grid.addWidget(head, 0, day + 1)
                grid.setColumnStretch(day + 1, 1)
            grid.addWidget(card, slot + 1, day + 1)

    def show_series(self, series: Series, words: CardWords, day_0: date | None, today: date) -> None:
        """Show every injection and the heads of the days."""
        for card in self.cards:
            card.show_injection(series.injections[card.number - 1], series, words)
        for index, head in enumerate(self._heads):
            head.show_day(series.injections[index * self._per_day].on, day_0, today)

    def select(self, number: int) -> None:
        """Mark the chosen card; only this one is a stop of Tab."""
        for card in self.cards:
            card.setChecked(card.number == number)
            here = card.number == number
            card.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def rebuild(self, extra: int = 0) -> None:
        """The number of injections is fixed by the protocol: nothing to lay out again."""

    def refresh(self) -> None:
        """Shown by the page, which knows the words."""

    def _move(self, number: int, way: str) -> None:
        day, slot = divmod(number - 1, self._per_day)
        steps = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1), "here": (0, 0)}[way]
        day, slot = day + steps[0], slot + steps[1]
        wanted = day * self._per_day + slot + 1
        if day < 0 or not 0 <= slot < self._per_day or not 1 <= wanted <= len(self.cards):
            return
        card = self.cards[wanted - 1]
        self.chosen.emit(wanted)
        if way != "here":
            card.setFocus(Qt.FocusReason.OtherFocusReason)


class _DayHead(QWidget):
    """Head of a day: its number, the day after the infusion, its date; today in the accent."""

    def __init__(self, day: int) -> None:
        super().__init__()
        self._day = day
        self._above, self._below = ("", ""), ""
        self._today = False
        self.setFixedHeight(40)

    def show_day(self, on: date | None, day_0: date | None, today: date) -> None:
        """Show the date of this day."""
        number = Text(en="Day {n}", zh="第 {n} 天").format(n=self._day)
        after = f"D+{(on - day_0).days}" if on and day_0 else ""
        self._above = (look.first(number), after)
        self._today = on == today
        if on is None:
            below = Text(en="no date yet", zh="尚无日期")
        else:
            weekdays = Text(en=_WEEKDAYS.en.split()[on.weekday()], zh=_WEEKDAYS.zh.split()[on.weekday()])
            word = Text(en="today", zh="今天") if self._today else weekdays
            below = Text(en="{day}, {word}", zh="{day} {word}").format(day=days_text(on), word=word)
        self._below = look.first(below)
        self.setAccessibleName(f"{self._above[0]} {after} {self._below}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setFont(look.font("strong"))
        p.setPen(look.color("accent" if self._today else "ink"))
        wide = p.fontMetrics().horizontalAdvance(self._above[0])
        p.drawText(QRectF(0, 0, wide + 2, 20), Qt.AlignmentFlag.AlignVCenter, self._above[0])
        p.setFont(look.font("small"))
        p.setPen(look.color("accent" if self._today else "ink3"))
        p.drawText(QRectF(wide + 8, 0, 60, 20), Qt.AlignmentFlag.AlignVCenter, self._above[1])
        p.setPen(look.color("accent" if self._today else "ink2"))
        p.drawText(QRectF(0, 20, self.width(), 18), Qt.AlignmentFlag.AlignVCenter, self._below)
