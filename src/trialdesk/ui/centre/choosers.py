"""Boxes for days, ticks and rules in the window's own look; the style sheet cannot draw their signs."""

from __future__ import annotations

from datetime import date
from typing import cast

from PySide6.QtCore import QDate, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QDateEdit

from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.ui import icons, look
from trialdesk.ui.boxes import Combo


class DayBox(QDateEdit):
    """A day as year-month-day; Alt with the arrow down opens a calendar."""

    def __init__(self, day: date, name: Text) -> None:
        super().__init__(QDate(day.year, day.month, day.day))
        self.setDisplayFormat("yyyy-MM-dd")
        self.setCalendarPopup(True)
        self.setFixedSize(132, 34)
        self.setAccessibleName(look.both(name))
        t = look.tokens()
        self.setStyleSheet(
            f"QDateEdit {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge}; border-radius: 6px;"
            f" padding-left: 9px; font-size: 14px; }}"
            f"QDateEdit:focus {{ border: 2px solid {t.accent}; padding-left: 8px; }}"
            f"QDateEdit:disabled {{ color: {t.ink3}; background: {t.sunken}; }}"
            "QDateEdit::drop-down { border: none; width: 26px; } QDateEdit::down-arrow { image: none; }"
        )

    def day(self) -> date:
        """The day chosen."""
        return cast(date, self.date().toPython())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons.draw(p, "down", QRectF(self.width() - 25, (self.height() - 16) / 2, 16, 16), "ink2")


CONSENT = "DM.RFICDTC"
"""The day of informed consent in SDTM: the item a study maps to it is offered first."""


class RuleBoxes:
    """For whom a release takes effect and from which visit on; a day of consent is asked where it decides."""

    def __init__(self, study: Study) -> None:
        self.whom, self.consent, self.event = Combo(), Combo(), Combo()
        for words, name in _WHOM:
            self.whom.addItem(look.first(words), name)
        for form in study.forms:
            for group in form.groups:
                for item in group.items:
                    if item.kind in ("date", "partial_date") and not group.repeating:
                        self.consent.addItem(f"{look.first(form.label)}: {look.first(item.label)}", item.name)
                        if item.sdtm == CONSENT:
                            self.consent.setCurrentIndex(self.consent.count() - 1)
        self.event.addItem(look.first(_ANY_VISIT), None)
        for event in study.events:
            if event.kind == "scheduled":
                words = Text(en="from {visit} on", zh="自“{visit}”起").format(visit=event.short)
                self.event.addItem(look.first(words), event.oid)
        for box, wide in ((self.whom, 250), (self.consent, 260), (self.event, 170)):
            box.setFixedWidth(wide)
        self.consent.hide()
        self.whom.currentIndexChanged.connect(lambda _: self.consent.setVisible(self.whom.currentData() == "consent"))
        self.boxes = (self.whom, self.consent, self.event)

    def rule(self) -> EffectiveRule:
        """The rule as chosen."""
        whom = self.whom.currentData()
        return EffectiveRule(
            newly_enrolled=whom == "new",
            consent=self.consent.currentData() if whom == "consent" else None,
            from_event=self.event.currentData(),
        )


_WHOM = (
    (Text(en="every participant", zh="全部受试者"), "all"),
    (Text(en="those enrolled from that day on", zh="自生效日起入组的受试者"), "new"),
    (Text(en="those who consented again, by", zh="重新签署知情同意者，依据"), "consent"),
)
_ANY_VISIT = Text(en="at any visit", zh="任何访视")


class Tick(QCheckBox):
    """A box to tick, its edge visible in both schemes."""

    def __init__(self, words: Text, role: str = "text") -> None:
        super().__init__(look.first(words))
        self._role = role
        self.setFont(look.font(role))
        self.setAccessibleName(look.both(words))

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 34, 26)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:
        """Box and words both tick."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - 17) / 2
        box = QRectF(1.5, top, 16, 16)
        on = self.isChecked()
        p.setPen(QPen(look.color("fill" if on else "edge"), 1.2))
        p.setBrush(look.color("fill" if on else "surface"))
        p.drawRoundedRect(box, 4, 4)
        if on:
            p.setPen(QPen(look.color("on_fill"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            p.drawPolyline([QPointF(5.5, top + 8.5), QPointF(8.5, top + 11.5), QPointF(14, top + 5)])
        p.setFont(look.font(self._role))
        p.setPen(look.color("ink" if self.isEnabled() else "ink3"))
        p.drawText(QRectF(26, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.setPen(QPen(look.color("accent"), 2))
            p.drawRoundedRect(box.adjusted(-1, -1, 1, 1), 5, 5)
