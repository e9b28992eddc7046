"""The results that a new list of normal ranges reads otherwise; each leads to its form."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.ranges_news import RangesNews, ReadOtherwise
from trialdesk.services.today import place_words
from trialdesk.ui import look, parts
from trialdesk.ui.reading_dialog import ReadingDialog


class RangesDialog(ReadingDialog):
    """Lists both readings of each result, finished forms apart from drafts."""

    def __init__(self, desk: OpenDesk, news: RangesNews, parent: QWidget | None = None) -> None:
        super().__init__(news.title, 760, 520, parent)
        self._desk = desk
        self.say(
            Text(en="The laboratory's own list, {name}", zh="检验科自有范围表 {name}").format(name=news.name),
            "body",
            "ink2",
        )
        self.acts: list[parts.Button] = []
        made: list[parts.Content] = []
        for finished, title in ((True, _FINISHED), (False, _DRAFTS)):
            results = [one for one in news.results if one.finished is finished]
            if results:
                made.append(parts.words(look.first(title), "heading", wrap=True))
                made += [self._line(one) for one in results]
        self.show_all(*made)

    def _line(self, one: ReadOtherwise) -> QWidget:
        act = parts.Button(
            Text(en="{s}  {where}", zh="{s}  {where}").format(s=one.subject, where=place_words(self._desk, one.form)),
            "quiet",
            high=28,
        )
        act.clicked.connect(lambda: self.go(one.subject, one.form))
        self.acts.append(act)
        words = parts.words(look.first(one.one.says), "text", "ink", wrap=True)
        line = parts.row(act, words, gap=10)
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]
        return line


_FINISHED = Text(
    en="Finished forms: the reading stays as it was finished or signed. Reopen a form to read it by the new list.",
    zh="已完成的表单：判读保持完成或签名时的状态。重新打开表单后按新范围判读。",
)
_DRAFTS = Text(en="Drafts: read by the new list from now on", zh="草稿：现按新范围判读")
