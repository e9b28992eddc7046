"""The results that a new list of normal ranges reads otherwise; each leads to its form."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.ranges_news import RangesNews, ReadOtherwise
from trialdesk.services.today import place_words
from trialdesk.ui import look, parts


class RangesDialog(QDialog):
    """Lists both readings of each result, finished forms apart from drafts."""

    form_wanted = Signal(str, object)

    def __init__(self, desk: OpenDesk, news: RangesNews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setWindowTitle(look.first(news.title))
        self.resize(760, 520)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(parts.bilingual(news.title, "title", "small"))
        came = Text(en="The laboratory's own list, {name}", zh="检验科自有范围表 {name}").format(name=news.name)
        layout.addWidget(parts.words(look.first(came), "body", "ink2", wrap=True))
        self.acts: list[parts.Button] = []
        made: list[parts.Content] = []
        for finished, title in ((True, _FINISHED), (False, _DRAFTS)):
            results = [one for one in news.results if one.finished is finished]
            if results:
                made.append(parts.words(look.first(title), "heading", wrap=True))
                made += [self._line(one) for one in results]
        inner = parts.column(*made, None, gap=6)
        inner.setProperty("clear", "true")
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        layout.addWidget(area, 1)
        self.back = parts.Button(Text(en="Close", zh="关闭"), "primary", "Esc")
        self.back.clicked.connect(self.reject)
        layout.addWidget(parts.row(None, self.back))
        self.back.setFocus()

    def _line(self, one: ReadOtherwise) -> QWidget:
        act = parts.Button(
            Text(en="{s}  {where}", zh="{s}  {where}").format(s=one.subject, where=place_words(self._desk, one.form)),
            "quiet",
            high=28,
        )
        act.clicked.connect(lambda: self._go(one))
        self.acts.append(act)
        words = parts.words(look.first(one.one.says), "text", "ink", wrap=True)
        line = parts.row(act, words, gap=10)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return line

    def _go(self, one: ReadOtherwise) -> None:
        self.accept()
        self.form_wanted.emit(one.subject, one.form)


_FINISHED = Text(
    en="Finished forms: the reading stays as it was finished or signed. Reopen a form to read it by the new list.",
    zh="已完成的表单：判读保持完成或签名时的状态。重新打开表单后按新范围判读。",
)
_DRAFTS = Text(en="Drafts: read by the new list from now on", zh="草稿：现按新范围判读")
