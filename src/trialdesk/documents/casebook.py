"""A participant's casebook in one file: cover, every form with its marks, and the tables behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from trialdesk.documents import fonts
from trialdesk.documents.binding import bind
from trialdesk.documents.content import CrfContent, CrfTable
from trialdesk.documents.crf import draw_form, training, words_by_field
from trialdesk.documents.glyphs import MissingGlyph
from trialdesk.documents.paper import About, Frame, Paper
from trialdesk.documents.tables import table
from trialdesk.domain.text import Text

Progress = Callable[[int, int], bool]
"""Called with how many of how many parts are done; answering False stops the work."""


@dataclass(frozen=True)
class Chapter:
    """Forms that belong together: one visit, or one form over all visits; each is made when its turn comes."""

    title: Text
    forms: tuple[Callable[[], CrfContent], ...]


@dataclass(frozen=True)
class TableFrame:
    """Head and foot around a frame's tables, with the large grey word of a training desk."""

    frame: Frame
    training: bool

    def head(self, paper: Paper) -> None:
        """The head of the frame."""
        if self.training:
            training(paper)
        self.frame.head(paper)

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        """The foot of the frame."""
        self.frame.foot(paper, page, pages)


def render_casebook(
    frame: Frame,
    about: About,
    cover: Sequence[CrfTable],
    chapters: Sequence[Chapter],
    annex: Sequence[CrfTable],
    progress: Progress,
    training: bool = False,
) -> bytes | None:
    """The casebook as PDF/A-3b, or None when `progress` answered False; raises KnownError for missing glyphs."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    framed = TableFrame(frame, training)
    total = sum(len(chapter.forms) for chapter in chapters) + 2
    done = 0
    content: CrfContent | None = None
    try:
        _tables(paper, framed, cover)
        for chapter in chapters:
            for number, make in enumerate(chapter.forms):
                if not progress(done, total):
                    return None
                content = make()
                draw_form(paper, content, level=1, above=chapter.title if number == 0 else None)
                done += 1
        _tables(paper, framed, annex)
    except MissingGlyph:
        if content is not None:
            fonts.refuse_missing(words_by_field(content))
        fonts.refuse_missing({one.title.zh: repr(one) for one in (*cover, *annex)})
        raise
    paper.finish()
    if not progress(done, total):
        return None
    pdf = bind(paper, about)
    if not progress(done + 1, total):
        return None
    pdf = judged(pdf)
    progress(total, total)
    return pdf


def _tables(paper: Paper, frame: Frame, tables: Sequence[CrfTable]) -> None:
    if not tables:
        return
    paper.section(frame)
    paper.begin("Sect")
    for one in tables:
        table(paper, one, bookmark=0)
        paper.y -= 12
    paper.end()
