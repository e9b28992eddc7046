"""A form as PDF/A-3b: both languages, findings with reasons, audit summary, and the data embedded."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from trialdesk.documents import fonts
from trialdesk.documents.content import CrfAuditLine, CrfContent, CrfFinding, CrfRow, CrfSection, CrfTable
from trialdesk.domain.text import Text

INK, GREY, LINE, SOFT = "#17202B", "#5F6B79", "#C9D0D8", "#F3F5F7"
MARGIN, HEAD, FOOT = 46.0, 92.0, 46.0
SIGNATURE_SPACE = 96.0
"""Height kept free at the end of the last page for the two signature stamps, in points."""


def render_crf(content: CrfContent) -> bytes:
    """The pages of a form as PDF/A-3b with its data as an associated file; raises KnownError for missing glyphs."""
    from trialdesk.documents.archival import archive

    return archive(draw(content), content.data_name, content.data, f"{content.form.en} {content.subject}")


def draw(content: CrfContent) -> bytes:
    """The plain pages, before they are made archival."""
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    fonts.register()
    buffer = io.BytesIO()
    width, height = A4
    frame = Frame(MARGIN, FOOT + 8, width - 2 * MARGIN, height - HEAD - FOOT - 16, 0, 0, 0, 0, id="page")
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        initialFontName=fonts.REGULAR,
        title=f"{content.form.zh} {content.form.en}",
        author=f"TrialDesk {content.registration}",
        subject=f"{content.subject} {content.visit.en}",
        creator="TrialDesk",
        lang="zh-CN",
    )
    document.addPageTemplates([PageTemplate("crf", [frame])])
    document.build(_story(content, width - 2 * MARGIN), canvasmaker=_numbered(content))
    return buffer.getvalue()


def _story(content: CrfContent, width: float) -> list[Any]:
    from reportlab.platypus import CondPageBreak, Spacer

    story: list[Any] = []
    for part in content.parts:
        story += _section(part, width) if isinstance(part, CrfSection) else table_of(part, width)
        story.append(Spacer(0, 9))
    if content.audit:
        story += _audit(content.audit, width)
        story.append(Spacer(0, 10))
    story += [CondPageBreak(SIGNATURE_SPACE + 20), _SignaturePlace(width)]
    return story


def _section(section: CrfSection, width: float) -> list[Any]:
    from reportlab.platypus import CondPageBreak

    label = section.row_label
    title = Text(en=f"{section.title.en}, {label.en}", zh=f"{section.title.zh}，{label.zh}") if label else section.title
    rows: list[list[Any]] = []
    lines: list[int] = []
    for row in section.rows:
        lines.append(len(rows))
        rows.append([_label(row), _answer(row), _remarks(row)])
    return [CondPageBreak(70), title_of(title), _grid(rows, (width * 0.36, width * 0.27, width * 0.37), lines)]


def table_of(table: CrfTable, width: float) -> list[Any]:
    """A titled table whose columns share the width by what is in them."""
    from reportlab.platypus import CondPageBreak

    head = [
        text_of(f"<b>{_safe(h.zh)}</b><br/><font size=6.5 color='{GREY}'>{_safe(h.en)}</font>", 7.6)
        for h in table.heads
    ]
    body = [[text_of(_sized(cell), 7.6) for cell in row] for row in table.cells]
    columns = _column_widths(table, width)
    parts: list[Any] = [
        CondPageBreak(70),
        title_of(table.title),
        _grid([head, *body], columns, list(range(len(body) + 1)), head=True),
    ]
    parts += [_finding(finding) for finding in table.findings]
    return parts


def _column_widths(table: CrfTable, width: float) -> tuple[float, ...]:
    """Columns share the width by the longest thing in them, within bounds."""
    weight = []
    for index, head in enumerate(table.heads):
        words = [head.zh * 2, head.en, *(row[index] for row in table.cells)]
        weight.append(min(26, max(7, max(_breadth(one) for one in words))))
    return tuple(width * one / sum(weight) for one in weight)


def _breadth(words: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in words)


def _audit(lines: Sequence[CrfAuditLine], width: float) -> list[Any]:
    heads = [
        Text(en="When", zh="时间"), Text(en="Who", zh="人员"), Text(en="Item", zh="项目"),
        Text(en="Before", zh="原值"), Text(en="After", zh="新值"), Text(en="Why", zh="原因"),
    ]  # fmt: skip
    cells = tuple((one.at, one.who.zh, one.item, one.before, one.after, one.why) for one in lines)
    return table_of(CrfTable(Text(en="Changes", zh="稽查轨迹摘要"), tuple(heads), cells), width)


def title_of(title: Text) -> Any:
    """A section's title in both languages."""
    words = f"<font size=10.5><b>{_safe(title.zh)}</b></font>  <font size=8 color='{GREY}'>{_safe(title.en)}</font>"
    paragraph = text_of(words, 10.5)
    paragraph.spaceAfter = 4
    return paragraph


def _label(row: CrfRow) -> Any:
    mark = f" <font size=6.5 color='{GREY}'>◇</font>" if row.setting else ""
    name = f"<font size=6 color='{GREY}'>{_safe(row.name)}</font>"
    return text_of(
        f"{_safe(row.label.zh)}{mark}<br/><font size=7 color='{GREY}'>{_safe(row.label.en)}</font>  {name}", 9
    )


def _answer(row: CrfRow) -> Any:
    unit = f" <font size=7.5 color='{GREY}'>{_sized(row.unit)}</font>" if row.unit else ""
    words = f"<b>{_sized(row.value)}</b>{unit}"
    if row.words is not None:
        words = f"<b>{_safe(row.words.zh)}</b><br/><font size=7 color='{GREY}'>{_safe(row.words.en)} [{_safe(row.value)}]</font>"
    if row.derived:
        words += f"<br/><font size=6.5 color='{GREY}'>计算值 computed</font>"
    return text_of(words, 9)


def _remarks(row: CrfRow) -> list[Any]:
    from reportlab.platypus import Spacer

    remarks: list[Any] = []
    if row.range:
        remarks.append(text_of(f"<font color='{GREY}'>参考 expected {_sized(row.range)}</font>", 7))
    remarks += [_finding(finding) for finding in row.findings]
    remarks += [text_of(f"质疑 query: {_safe(query)}", 7) for query in row.queries]
    return remarks or [Spacer(0, 0)]


def _finding(finding: CrfFinding) -> Any:
    words = (
        f"△ <b>{_safe(finding.rule)}</b> {_safe(finding.says.zh)} <font color='{GREY}'>{_safe(finding.says.en)}</font>"
    )
    if finding.reason is not None:
        words += f"<br/>已说明 kept: <b>{_safe(finding.reason.zh)}</b> {_safe(finding.reason.en)}"
    return text_of(words, 7)


def _grid(rows: list[list[Any]], widths: tuple[float, ...], lines: list[int], head: bool = False) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Table, TableStyle

    style: list[Any] = [
        ("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("LINEABOVE", (0, 0), (-1, 0), 0.8, HexColor(INK)),
        *(("LINEBELOW", (0, line), (-1, line), 0.4, HexColor(LINE)) for line in lines),
    ]
    if head:
        style.append(("BACKGROUND", (0, 0), (-1, 0), HexColor(SOFT)))
    return Table(rows, colWidths=widths, style=TableStyle(style), repeatRows=1 if head else 0)


def text_of(markup: str, size: float) -> Any:
    """A paragraph of reportlab markup in the embedded font; the words in it must have been made safe."""
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    style = ParagraphStyle(
        f"s{size}",
        fontName=fonts.REGULAR,
        bulletFontName=fonts.REGULAR,
        fontSize=size,
        leading=size * 1.38,
        textColor=HexColor(INK),
        wordWrap="CJK",
    )
    # An empty paragraph would call in a font that is not embedded.
    return Paragraph(markup or "\u3000", style)


def _safe(words: str) -> str:
    """Text for the page: printable, with nothing that could be read as markup."""
    return escape(fonts.printable(words)).replace("\n", "<br/>")


def _sized(words: str) -> str:
    """Powers such as 10^9/L as real superscripts; the font has no superscript 9."""
    return re.sub(r"\^(-?\d+)", r"<super>\1</super>", _safe(words))


def _numbered(content: CrfContent) -> Any:
    """A canvas that knows how many pages there are before it draws the first head and foot."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._pages:
                self.__dict__.update(page)
                _frame_page(self, content, self._pageNumber, len(self._pages))
                super().showPage()
            super().save()

    return Numbered


def _frame_page(canvas: Any, content: CrfContent, page: int, pages: int) -> None:
    width, height = canvas._pagesize
    _draw_head(canvas, content, width, height)
    _draw_foot(canvas, content, width, page, pages)
    if content.training:
        canvas.saveState()
        canvas.setFillColorRGB(0.93, 0.93, 0.93)
        canvas.setFont(fonts.STRONG, 60)
        canvas.translate(width / 2, height / 2)
        canvas.rotate(35)
        canvas.drawCentredString(0, 0, "训练 TRAINING")
        canvas.restoreState()


def _draw_head(canvas: Any, content: CrfContent, width: float, height: float) -> None:
    from reportlab.lib.colors import HexColor

    top = height - 40
    canvas.setFillColor(HexColor(content.hue))
    canvas.roundRect(MARGIN, top - 18, 46, 24, 5, stroke=0, fill=1)
    write(canvas, content.number, MARGIN + 23, top - 11, 12, "#FFFFFF", strong=True, centred=True)
    write(canvas, content.form.zh, MARGIN + 56, top - 2, 14, INK, strong=True)
    write(canvas, content.form.en, MARGIN + 56, top - 16, 8.5, GREY)
    right = width - MARGIN
    write(canvas, f"{content.initials}   {content.person.zh}   {content.person.en}", right, top - 2, 9, INK, right=True)
    visit = f"{content.visit.zh} {content.visit.en}   {content.visit_date}"
    write(canvas, visit, right, top - 15, 8.5, INK, right=True)
    study = f"{content.registration}   {content.study.zh}   方案 protocol {content.protocol_version}   中心 site {content.site}"
    write(canvas, study, MARGIN, top - 34, 7.5, GREY)
    state = f"{content.state.zh} {content.state.en}   {content.form_oid} v{content.form_version}"
    write(canvas, state, right, top - 34, 7.5, GREY, right=True)
    canvas.setStrokeColor(HexColor(content.hue))
    canvas.setLineWidth(1.2)
    canvas.line(MARGIN, top - 41, right, top - 41)


def _draw_foot(canvas: Any, content: CrfContent, width: float, page: int, pages: int) -> None:
    from reportlab.lib.colors import HexColor

    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, FOOT, width - MARGIN, FOOT)
    left = f"记录 record {content.record_number}   链 chain {content.chain_head[:16]}…{content.chain_head[-8:]}"
    write(canvas, left, MARGIN, FOOT - 12, 7, GREY)
    write(canvas, f"{content.printed_at}   版本 release {content.study_version}", MARGIN, FOOT - 22, 7, GREY)
    write(
        canvas,
        "◇ 研究设定，注册信息未规定 study setting, not in the registration",
        width / 2 + 20,
        FOOT - 22,
        6.5,
        GREY,
    )
    write(
        canvas, f"第 {page} 页，共 {pages} 页   page {page} / {pages}", width - MARGIN, FOOT - 12, 7.5, INK, right=True
    )


def write(
    canvas: Any, words: str, x: float, y: float, size: float, ink: str, strong: bool = False, right: bool = False,
    centred: bool = False,
) -> None:  # fmt: skip
    from reportlab.lib.colors import HexColor

    plain = fonts.printable(words)
    canvas.setFont(fonts.strong_or_regular(plain) if strong else fonts.REGULAR, size)
    canvas.setFillColor(HexColor(ink))
    draw = canvas.drawRightString if right else canvas.drawCentredString if centred else canvas.drawString
    draw(x, y, plain)


def _SignaturePlace(width: float) -> Any:
    """Two frames on the last page where the stamps go; `signing.BOXES` are the same places."""
    from reportlab.platypus import Flowable

    class Place(Flowable):  # type: ignore[misc]
        def wrap(self, *_: float) -> tuple[float, float]:
            return width, SIGNATURE_SPACE

        def draw(self) -> None:
            self.canv.bookmarkPage("signatures")

    return Place()
