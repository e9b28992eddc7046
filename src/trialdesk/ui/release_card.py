"""On Today: study releases that wait, and laboratory results that a new list of ranges would read otherwise."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.ranges_news import RangesNews, ranges_news
from trialdesk.services.release_news import ReleaseNews, release_news
from trialdesk.ui import look, parts
from trialdesk.ui.ranges_dialog import RangesDialog
from trialdesk.ui.release_dialog import ReleaseDialog, release_line, release_title


class ReleaseCard(QWidget):
    """What, from when, for whom, what it changes; a button opens everything about one. Hidden while nothing waits."""

    form_wanted = Signal(str, object)

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        self._desk = desk
        self.acts: list[parts.Button] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        shown: list[parts.Content] = []
        for news in release_news(desk):
            act = parts.Button(Text(en="What changes, for whom…", zh="变化与适用范围…"), "quiet", None, "form", 28)
            act.clicked.connect(lambda _=False, one=news: self.show_release(one))
            self.acts.append(act)
            shown += [
                parts.words(look.first(release_title(news)), "label", "ink", wrap=True),
                parts.words(look.first(news.terms), "small", "ink2", wrap=True),
                parts.words(look.first(release_line(news)), "small", "ink2", wrap=True),
                parts.row(act, None),
            ]
        for found in ranges_news(desk):
            act = parts.Button(Text(en="Which results…", zh="哪些结果…"), "quiet", None, "sheet", 28)
            act.clicked.connect(lambda _=False, one=found: self.show_ranges(one))
            self.acts.append(act)
            shown += [
                parts.words(look.first(found.title), "label", "ink", wrap=True),
                parts.words(look.first(found.line), "small", "ink2", wrap=True),
                parts.row(act, None),
            ]
        self.setVisible(bool(shown))
        if shown:
            title = Text(en="From the centre", zh="中心发布")
            head = parts.row(
                parts.words(look.first(title), "heading"), parts.words(look.second(title), "small", "ink3"), None
            )
            layout.addWidget(parts.plane("card", head, *shown, gap=4, margins=(16, 10, 16, 10)))

    def show_ranges(self, news: RangesNews) -> None:
        """The results a new list reads otherwise."""
        dialog = RangesDialog(self._desk, news, self)
        dialog.form_wanted.connect(self.form_wanted)
        dialog.exec()

    def show_release(self, news: ReleaseNews) -> None:
        """Everything about a release that waits."""
        dialog = ReleaseDialog(self._desk, news, self)
        dialog.form_wanted.connect(self.form_wanted)
        dialog.exec()
