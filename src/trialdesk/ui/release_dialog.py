"""A study release that waits: from when, for whom, what it changes form by form, and which drafts can be moved."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.release_news import ReleaseNews
from trialdesk.services.today import place_words
from trialdesk.ui import look, parts
from trialdesk.ui.reading_dialog import ReadingDialog

_TONES = {"in_effect": ("ok", "complete"), "waits": ("warn", "not_due"), "never": ("idle", "not_done")}


class ReleaseDialog(ReadingDialog):
    """Reads like a letter; a draft leads to its form."""

    def __init__(self, desk: OpenDesk, news: ReleaseNews, parent: QWidget | None = None) -> None:
        super().__init__(release_title(news), 680, 560, parent)
        self._desk, self._news = desk, news
        self.say(news.terms, "body", "ink")
        self.say(_KEEPS, "small", "ink2")
        self.drafts: list[parts.Button] = []
        self.show_all(*self._changes(), *self._who(), *self._drafts_part())

    def _changes(self) -> list[parts.Content]:
        made: list[parts.Content] = [_heading(Text(en="What it changes", zh="变化内容"))]
        if not self._news.changes:
            made.append(parts.words(look.first(self._news.summary), "text", "ink2", wrap=True))
        for label, lines in self._news.changes:
            made.append(parts.words(look.first(label), "label"))
            made += [_indented(line) for line in lines]
        return made

    def _who(self) -> list[parts.Content]:
        if not self._news.who:
            return []
        made: list[parts.Content] = [_heading(Text(en="For whom", zh="适用受试者"))]
        for subject, one in self._news.who:
            tone, shape = _TONES[one.state]
            words = parts.words(look.first(one.says), "text", "ink", wrap=True)
            line = parts.row(parts.icon(shape, 16, tone), parts.words(subject, "label"), words, gap=8)
            line.layout().setStretch(2, 1)  # type: ignore[union-attr]
            made.append(line)
        return made

    def _drafts_part(self) -> list[parts.Content]:
        if not self._news.drafts:
            return []
        made: list[parts.Content] = [_heading(Text(en="Drafts that can be moved", zh="可移动的草稿"))]
        for subject, form in self._news.drafts:
            label = self._desk.casebook(subject).study(form).form[form.form].label
            words = Text(en="{s}  {where}  {label}", zh="{s}  {where}  {label}")
            act = parts.Button(
                words.format(s=subject, where=place_words(self._desk, form), label=label), "quiet", high=28
            )
            act.clicked.connect(lambda _=False, at=(subject, form): self.go(*at))
            self.drafts.append(act)
            made.append(parts.row(act, None))
        return made


def release_title(news: ReleaseNews) -> Text:
    """What waits, in one line."""
    if not news.taken:
        return Text(en="Study release {v} from {day}", zh="研究版本 {v} 将于 {day} 生效").format(
            v=news.version, day=news.effective
        )
    return Text(en="Study release {v} is in use", zh="研究版本 {v} 已启用").format(v=news.version)


def release_line(news: ReleaseNews) -> Text:
    """What it changes and for whom it waits, in one line below."""
    said = [news.summary]
    if news.waiting:
        said.append(Text(en="{n} participants wait", zh="{n} 名受试者待生效").format(n=news.waiting))
    if news.drafts:
        said.append(Text(en="{n} drafts can be moved", zh="{n} 张草稿可移动").format(n=len(news.drafts)))
    return Text(en="; ".join(one.en for one in said), zh="；".join(one.zh for one in said))


def _heading(says: Text) -> QWidget:
    made = parts.bilingual(says, "heading", "small")
    made.setContentsMargins(0, 8, 0, 0)
    return made


def _indented(says: Text) -> QWidget:
    words = parts.words(look.first(says), "text", "ink2", wrap=True)
    words.setContentsMargins(16, 0, 0, 0)
    return words


_KEEPS = Text(
    en="A form that is begun keeps its release; a draft is moved by a person, a finished form stays. No answer changes.",
    zh="已开始填写的表单保持原版本；草稿由人员移动，已完成的表单不变。任何答案都不会改变。",
)
