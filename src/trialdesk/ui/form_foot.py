"""Below the page: what is left to finish, the page number, Back, and Next or Complete."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.rules.finding import FormAssessment
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

SAY_FOR = 6000
"""Milliseconds for which the outcome of an act stays readable."""


class FormFoot(QFrame):
    """Foot of a form; its counts are always visible."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("plane", "surface")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(parts.Line())
        self._said = parts.words("", "text", "info", wrap=True)
        self._said.setContentsMargins(28, 8, 16, 0)
        self._said.hide()
        outer.addWidget(self._said)
        across = QHBoxLayout()
        across.setContentsMargins(28, 10, 16, 10)
        across.setSpacing(8)
        outer.addLayout(across)
        self.to_finish = parts.Button(Text(en="To finish", zh="待完成"), key="F4", shape="flag")
        self._missing, self._hard, self._soft = parts.Chip(""), parts.Chip(""), parts.Chip("")
        self._page = parts.words("", "small", "ink2")
        self.back = parts.Button(Text(en="Back", zh="上一页"), key="PgUp")
        self.forward = parts.Button(Text(en="Next", zh="下一页"), "primary", "Ctrl Enter")
        for one in (self.to_finish, self._hard, self._missing, self._soft):
            across.addWidget(one)
        across.addStretch(1)
        for other in (self._page, self.back, self.forward):
            across.addWidget(other)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAY_FOR)
        self._timer.timeout.connect(self._said.hide)

    def show_state(
        self, assessment: FormAssessment, page: int, pages: int, following: Text | None, status: FormStatus
    ) -> None:
        """Show counts, page and what the next step is."""
        left = assessment.to_finish
        count = {kind: sum(1 for f in left if f.severity == kind) for kind in ("missing", "hard", "soft")}
        self.to_finish.say(Text(en="{n} to finish", zh="待完成 {n} 项").format(n=len(left)))
        for chip, kind, text, tone, shape in (
            (self._hard, "hard", Text(en="correct {n}", zh="须更正 {n}"), "hard", "hard"),
            (self._missing, "missing", Text(en="empty {n}", zh="未填 {n}"), "idle", "missing"),
            (self._soft, "soft", Text(en="explain {n}", zh="待说明 {n}"), "warn", "soft"),
        ):
            chip.show_state(look.first(text.format(n=count[kind])), tone, shape)
            chip.setVisible(count[kind] > 0)
        self._page.setText(f"{page + 1} / {pages}")
        self.back.setVisible(page > 0)
        done = status not in (FormStatus.EMPTY, FormStatus.DRAFT)
        if following is not None:
            self.forward.say(Text(en="Next: {page}", zh="下一页：{page}").format(page=following))
        elif done:
            self.forward.say(Text(en="Completed", zh="表单已完成"))
        else:
            self.forward.say(Text(en="Complete the form", zh="完成表单"))

    def say(self, says: Text) -> None:
        """Say what an act came to, for a few seconds."""
        self._said.setText(look.first(says))
        self._said.setAccessibleName(look.both(says))
        self._said.show()
        self._timer.start()

    def hush(self) -> None:
        """Say no longer what is being said."""
        self._timer.stop()
        self._said.hide()

    def said(self) -> str:
        """What is being said now, or an empty text."""
        return self._said.text() if not self._said.isHidden() else ""
