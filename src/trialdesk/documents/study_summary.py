"""The study on paper: its settings with where each comes from, visits, forms, rules with their proofs, open points."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.documents import fonts
from trialdesk.documents.binding import bind
from trialdesk.documents.content import CrfTable
from trialdesk.documents.glyphs import MissingGlyph
from trialdesk.documents.paper import FOOT, HEIGHT, MARGIN, WIDTH, About, Attachment, Paper
from trialdesk.documents.tables import table
from trialdesk.documents.wrapping import GREY, INK, Style
from trialdesk.domain.text import Text


@dataclass(frozen=True)
class SummaryContent:
    """Head lines and tables of the summary; `fingerprint` names the release that was printed."""

    name: Text
    title: Text
    registration: str
    version: str
    fingerprint: str
    printed_on: str
    tables: tuple[CrfTable, ...]


@dataclass(frozen=True)
class SheetFrame:
    """Head and foot of paper that is not one form: what it is, and what it was made from."""

    title: Text
    left: str
    foot_left: str
    foot_right: str = ""
    plate: str = ""
    hue: str = "#17202B"
    right: str = ""

    def head(self, paper: Paper) -> None:
        """The title, the study, and whose paper it is."""
        top, right = HEIGHT - 40, WIDTH - MARGIN
        x = MARGIN
        if self.plate:
            paper.plate(self.plate, MARGIN, top - 18, self.hue)
            x += 56
        paper.artifact(self.title.zh, x, top - 2, Style(14, strong=True))
        paper.artifact(self.title.en, x, top - 16, Style(8.5, GREY))
        paper.artifact(self.right, right, top - 2, Style(9), "right")
        paper.artifact(self.left, MARGIN, top - 34, Style(7.5, GREY))
        paper.rule(top - 41, ink=INK, w=1.2)

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        """What the paper was made from, and the page."""
        paper.rule(FOOT, w=0.5)
        paper.artifact(self.foot_left, MARGIN, FOOT - 12, Style(7, GREY))
        paper.artifact(
            f"第 {page} 页，共 {pages} 页   page {page} / {pages}", WIDTH - MARGIN, FOOT - 12, Style(7.5), "right"
        )
        if self.foot_right:
            paper.artifact(self.foot_right, WIDTH - MARGIN, FOOT - 22, Style(6.5, GREY), "right")


def render_summary(content: SummaryContent, data: bytes) -> bytes:
    """The summary as PDF/A-3b with the frozen study inside; raises KnownError for a character that cannot be printed."""
    made = f"版本 release {content.version}   {content.fingerprint[:16]}…   {content.printed_on}"
    frame = SheetFrame(content.name, f"{content.registration}   {content.title.zh}", made)
    about = About(
        title=f"{content.name.zh} {content.name.en}",
        subject=f"{content.registration} {content.version}",
        author=f"TrialDesk {content.registration}",
        attachments=(Attachment("study.json", data, "the frozen study", "application/json", "Source"),),
    )
    return sheets(frame, about, content.tables, (content.title,))


def sheets(frame: SheetFrame, about: About, tables: tuple[CrfTable, ...], opening: tuple[Text, ...] = ()) -> bytes:
    """Paper made of titled tables, judged PDF/A-3b; each table has a bookmark."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    try:
        paper.section(frame)
        paper.begin("Sect")
        for words in opening:
            paper.paragraph([(words.zh, Style(13, strong=True))], "H1", after=1)
            paper.paragraph([(words.en, Style(9, GREY, english=True))], after=10)
        for one in tables:
            table(paper, one, bookmark=0)
            paper.y -= 12
        paper.end()
        paper.finish()
    except MissingGlyph:
        fonts.refuse_missing({one.title.zh: repr(one) for one in tables})
        raise
    return judged(bind(paper, about))
