"""The study on paper: its settings with where each comes from, visits, rules with their proofs, open points."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from trialdesk.documents import fonts
from trialdesk.documents.content import CrfTable
from trialdesk.documents.crf import FOOT, GREY, INK, MARGIN, table_of, text_of, write
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


def render_summary(content: SummaryContent, data: bytes) -> bytes:
    """The summary as PDF/A-3b with the frozen study inside; raises KnownError for a character that cannot be printed."""
    from trialdesk.documents.archival import archive

    return archive(_draw(content), "study.json", data, f"{content.registration} {content.version}")


def _draw(content: SummaryContent) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Spacer

    fonts.register()
    width, height = A4
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=A4, initialFontName=fonts.REGULAR, title=f"{content.name.zh} {content.name.en}", lang="zh-CN"
    )
    frame = Frame(MARGIN, FOOT + 8, width - 2 * MARGIN, height - FOOT - 60, 0, 0, 0, 0)

    def foot(canvas: Any, _document: Any) -> None:
        words = f"{content.registration}   版本 release {content.version}   {content.fingerprint[:16]}…   {content.printed_on}"
        write(canvas, words, MARGIN, FOOT - 14, 7, GREY)
        write(
            canvas,
            f"第 {canvas.getPageNumber()} 页 page {canvas.getPageNumber()}",
            width - MARGIN,
            FOOT - 14,
            7.5,
            INK,
            right=True,
        )

    document.addPageTemplates([PageTemplate("summary", [frame], onPage=foot)])
    story: list[Any] = [
        text_of(f"<font size=16><b>{content.title.zh}</b></font>", 16),
        text_of(f"<font color='{GREY}'>{content.title.en}</font>", 9),
        Spacer(0, 12),
    ]
    for table in content.tables:
        story += [*table_of(table, width - 2 * MARGIN), Spacer(0, 12)]
    document.build(story)
    return buffer.getvalue()
