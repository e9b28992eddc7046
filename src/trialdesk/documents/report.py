"""A report on paper: tables and pictures as PDF/A-3b, with the tables inside as data."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from trialdesk.documents import fonts
from trialdesk.domain.text import Text

INK, GREY, LINE, SOFT = "#17202B", "#5F6B79", "#C9D0D8", "#F7F8FA"
MARGIN, FOOT = 46, 52


@dataclass(frozen=True)
class ReportTable:
    """One table: file name, title, what it counts and among whom (empty where that is plain), heads, cells, notes."""

    name: str
    title: Text
    definition: Text
    population: Text
    heads: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ReportPicture:
    """A PNG without transparency, and where it stands: after the table of that name."""

    after: str
    name: str
    content: bytes


@dataclass(frozen=True)
class ReportContent:
    """Everything on the pages; `facts` are the lines under the title, `foot` identifies the data."""

    title: Text
    study: Text
    facts: tuple[Text, ...]
    foot: str
    tables: tuple[ReportTable, ...]
    pictures: tuple[ReportPicture, ...]
    data: bytes
    data_name: str = "tables.json"


def render_report(content: ReportContent) -> bytes:
    """The report as PDF/A-3b; raises KnownError for a character that cannot be printed."""
    from trialdesk.documents.archival import archive

    return archive(_draw(content), content.data_name, content.data, f"{content.title.zh} {content.title.en}")


def _draw(content: ReportContent) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Spacer

    fonts.register()
    width, height = A4
    buffer = io.BytesIO()
    document = BaseDocTemplate(
        buffer, pagesize=A4, initialFontName=fonts.REGULAR, title=f"{content.title.zh} {content.title.en}", lang="zh-CN"
    )
    frame = Frame(MARGIN, FOOT + 8, width - 2 * MARGIN, height - FOOT - 56, 0, 0, 0, 0)
    document.addPageTemplates([PageTemplate("report", [frame], onPage=_foot(content.foot, width))])
    story: list[Any] = [
        _text(f"<b>{_safe(content.title.zh)}</b>", 17),
        _text(f"<font color='{GREY}'>{_safe(content.title.en)}</font>", 9.5),
        Spacer(0, 8),
        *(_pair(line, 8.5) for line in content.facts),
    ]
    for table in content.tables:
        story += [Spacer(0, 14), *_table(table, width - 2 * MARGIN)]
        story += [_picture(one, width - 2 * MARGIN) for one in content.pictures if one.after == table.name]
    story.append(Spacer(0, 66))  # the place of the centre's stamp at the foot of the last page
    document.build(story)
    return buffer.getvalue()


def _foot(words: str, width: float) -> Any:
    def draw(canvas: Any, _document: Any) -> None:
        canvas.setFont(fonts.REGULAR, 7)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, FOOT - 14, fonts.printable(words))
        number = canvas.getPageNumber()
        canvas.drawRightString(width - MARGIN, FOOT - 14, f"第 {number} 页 page {number}")

    return draw


def _table(table: ReportTable, width: float) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import CondPageBreak, Spacer, Table, TableStyle

    head = [
        _text(f"<b>{_safe(h.zh)}</b><br/><font size=6.5 color='{GREY}'>{_safe(h.en)}</font>", 7.5) for h in table.heads
    ]
    cells = [head, *([_text(_safe(cell), 7.5) for cell in row] for row in table.rows)]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, HexColor(INK)),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)),
        ("BACKGROUND", (0, 0), (-1, 0), HexColor(SOFT)),
    ]
    grid = Table(cells, colWidths=_widths(table, width), style=TableStyle(style), repeatRows=1)
    lines: list[Any] = [
        CondPageBreak(150),
        _text(f"<b>{_safe(table.title.zh)}</b>  <font size=8.5 color='{GREY}'>{_safe(table.title.en)}</font>", 11.5),
        _pair(table.definition, 7.5),
        *_population(table),
        Spacer(0, 4),
        grid,
    ]
    return [*lines, *(_pair(note, 7) for note in table.notes)]


def _population(table: ReportTable) -> list[Any]:
    if not table.population.zh:
        return []
    return [_pair(Text(en=f"Population: {table.population.en}", zh=f"人群：{table.population.zh}"), 7.5)]


def _widths(table: ReportTable, width: float) -> list[float]:
    """Columns as wide as what stands in them, within bounds."""
    weights = [
        min(32, max(13, 3 + max(_breadth(words) for words in (head.zh, head.en, *(row[index] for row in table.rows)))))
        for index, head in enumerate(table.heads)
    ]
    return [width * weight / sum(weights) for weight in weights]


def _breadth(words: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in words)


def _picture(picture: ReportPicture, width: float) -> Any:
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    wide, high = ImageReader(io.BytesIO(picture.content)).getSize()
    return Image(io.BytesIO(picture.content), width, width * high / wide)


def _pair(text: Text, size: float) -> Any:
    return _text(f"{_safe(text.zh)}<br/><font size={size - 0.8} color='{GREY}'>{_safe(text.en)}</font>", size)


def _text(markup: str, size: float) -> Any:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        f"r{size}", fontName=fonts.REGULAR, bulletFontName=fonts.REGULAR, fontSize=size, leading=size * 1.4,
        textColor=INK, wordWrap="CJK",
    )  # fmt: skip
    # An empty paragraph would call in a font that is not embedded.
    return Paragraph(markup or "\u3000", style)


def _safe(words: str) -> str:
    return escape(fonts.printable(words))


def rows_as_json(tables: Sequence[ReportTable]) -> bytes:
    """The tables as JSON, the copy that is embedded in the PDF."""
    import orjson

    return orjson.dumps(
        {
            table.name: {
                "title": {"en": table.title.en, "zh": table.title.zh},
                "definition": {"en": table.definition.en, "zh": table.definition.zh},
                "population": {"en": table.population.en, "zh": table.population.zh},
                "columns": [{"en": head.en, "zh": head.zh} for head in table.heads],
                "rows": table.rows,
                "notes": [{"en": note.en, "zh": note.zh} for note in table.notes],
            }
            for table in tables
        },
        option=orjson.OPT_INDENT_2,
    )
