"""Empty forms for the day the laptop is down: boxes to write in, choices to tick, a QR code on every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trialdesk.documents.binding import bind
from trialdesk.documents.paper import BODY, FOOT, HEIGHT, MARGIN, WIDTH, About, Paper
from trialdesk.documents.qr import placed_qr
from trialdesk.documents.tables import ABOVE, title
from trialdesk.documents.wrapping import GREY, INK, LINE, Line, Piece, Style, flow
from trialdesk.domain.text import Text

_LABEL, _LABEL_EN, _NAME = Style(9), Style(7.4, GREY, english=True), Style(6, GREY)
_CHOICE, _CHOICE_EN = Style(8.4), Style(7.2, GREY, english=True)
_LEFT, _RIGHT = BODY * 0.38, BODY * 0.62
_QR = 46.0
LEGEND = Text(
    en="No value: write ND (not done), UNK (unknown) or NA (not applicable). Correct by one line through, with date and initials.",
    zh="无值时填 ND（未做）、UNK（不详）或 NA（不适用）。更正请划单线，注明日期并签缩写。",
)


@dataclass(frozen=True)
class BlankItem:
    """One question to be answered by hand: choices to tick, or a place to write with its unit and pattern."""

    name: str
    label: Text
    choices: tuple[tuple[str, Text], ...] = ()
    unit: str = ""
    pattern: str = ""
    lines: int = 1
    setting: bool = False
    condition: Text | None = None


@dataclass(frozen=True)
class BlankSection:
    """One section; `rows` names the rows of a repeating one, which is printed as a table where it is narrow enough."""

    title: Text
    items: tuple[BlankItem, ...]
    rows: tuple[Text, ...] = ()


@dataclass(frozen=True)
class BlankForm:
    """One empty form: which, of which version and release, for whom and which visit as far as that is known."""

    study: Text
    registration: str
    release: str
    site: str
    form: Text
    form_oid: str
    form_version: str
    event: str
    visit: Text
    subject: str
    sections: tuple[BlankSection, ...]

    def payload(self, page: int, pages: int) -> str:
        """What the QR code of a page says; plain text, no personal data."""
        return (
            f"TDCRF1;{self.registration};R={self.release};F={self.form_oid};V={self.form_version};"
            f"E={self.event};P={self.subject};N={page}/{pages}"
        )


def render_blanks(forms: Sequence[BlankForm], about: About) -> bytes:
    """Empty forms one after the other as PDF/A-3b; pages count within each form."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    for form in forms:
        frame = _BlankFrame(form, len(paper.pages))
        paper.section(frame)
        paper.bookmark(f"{form.form.zh} {form.form.en}")
        paper.begin("Sect")
        for section in form.sections:
            _section(paper, section)
        _who(paper)
        paper.end()
        frame.count = len(paper.pages) - frame.first
    paper.finish()
    return judged(bind(paper, about))


class _BlankFrame:
    def __init__(self, form: BlankForm, first: int) -> None:
        self.form, self.first, self.count = form, first, 0

    def head(self, paper: Paper) -> None:
        form, top, right = self.form, HEIGHT - 40, WIDTH - MARGIN
        paper.artifact(form.form.zh, MARGIN, top - 2, Style(14, strong=True))
        paper.artifact(form.form.en, MARGIN, top - 16, Style(8.5, GREY))
        known = form.subject or "________"
        paper.artifact(f"受试者 participant  {known}", right - _QR - 10, top - 2, Style(9), "right")
        visit = f"{form.visit.zh} {form.visit.en}".strip() or "________"
        paper.artifact(f"访视 visit  {visit}", right - _QR - 10, top - 16, Style(8.5), "right")
        study = f"{form.registration}   {form.study.zh}   中心 site {form.site}   {form.form_oid} v{form.form_version}"
        paper.artifact(study, MARGIN, top - 34, Style(7.5, GREY))
        paper.rule(top - 41, ink=INK, w=1.2)

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        form, right = self.form, WIDTH - MARGIN
        number = page - self.first
        words = form.payload(number, self.count)
        paper.graphic(placed_qr(words, right - _QR, HEIGHT - 40 - 34, _QR))
        paper.rule(FOOT, w=0.5)
        paper.artifact(f"{LEGEND.zh}", MARGIN, FOOT - 11, Style(7, GREY))
        paper.artifact(f"{LEGEND.en}", MARGIN, FOOT - 20, Style(6.5, GREY))
        paper.artifact(words, MARGIN, FOOT - 29, Style(5.5, GREY))
        paper.artifact(
            f"第 {number} 页，共 {self.count} 页   page {number} / {self.count}", right, FOOT - 29, Style(7.5), "right"
        )


def _section(paper: Paper, section: BlankSection) -> None:
    if section.rows and len(section.items) <= 8:
        _grid(paper, section)
        return
    for name in section.rows or (None,):
        words = section.title
        if name is not None:
            words = Text(en=f"{words.en}, {name.en}", zh=f"{words.zh}，{name.zh}")
        title(paper, words)
        paper.begin("Table")
        for item in section.items:
            _item(paper, item)
        paper.end()
        paper.y -= 10


def _label(item: BlankItem, width: float, small: bool = False) -> list[Line]:
    zh, en = (Style(7.6, strong=True), Style(6.5, GREY, english=True)) if small else (_LABEL, _LABEL_EN)
    pieces: list[Piece] = [(item.label.zh + (" ◇" if item.setting else ""), zh), (f"  {item.label.en}", en)]
    if not small:
        pieces.append((f"  {item.name}", _NAME))
        if item.condition is not None:
            pieces += [
                (f"\n仅当：{item.condition.zh} ", Style(6.8, GREY)),
                (f"only if {item.condition.en}", Style(6.5, GREY, english=True)),
            ]
    return flow(pieces, width)


def _item(paper: Paper, item: BlankItem) -> None:
    label = _label(item, _LEFT - 8)
    answer = _choices(item, _RIGHT - 8) if item.choices else []
    tall = sum(line.height for line in answer) if answer else 17.0 * item.lines
    height = max(sum(line.height for line in label), tall) + 2 * ABOVE + 2
    paper.need(height)
    top, x = paper.y - ABOVE, MARGIN + 3 + _LEFT
    paper.begin("TR")
    paper.begin("TH")
    paper.say(label, MARGIN + 3, top)
    paper.end()
    paper.begin("TD")
    if answer:
        paper.say(answer, x, top)
    else:
        box = height - 2 * ABOVE
        paper.graphic(
            f"0.5 w 0.5 0.55 0.6 RG {x:.1f} {paper.y - height + ABOVE + 1:.1f} {_RIGHT - 60:.1f} {box - 1:.1f} re S"
        )
        if item.pattern:
            paper.say(flow([(item.pattern, Style(8, "#C9D0D8"))], 300), x + 4, top - (box - 12) / 2)
        if item.unit:
            paper.say(flow([(item.unit, Style(8, GREY))], 56), x + _RIGHT - 56, top - (box - 12) / 2)
    paper.end()
    paper.end()
    paper.y -= height
    paper.rule(paper.y)


def _choices(item: BlankItem, width: float) -> list[Line]:
    """Choices side by side where they fit, each kept together."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for code, words in item.choices:
        one: list[Piece] = [("□ ", Style(10)), (words.zh, _CHOICE), (f" {words.en}", _CHOICE_EN), (f" [{code}]", _NAME)]
        wide = flow(one, 4000)[0].width + 14
        if used and used + wide > width:
            lines.append([])
            used = 0.0
        lines[-1] += [*one, ("    ", _CHOICE)]
        used += wide
    return [line for pieces in lines for line in flow(pieces, width + 14)]


def _grid(paper: Paper, section: BlankSection) -> None:
    title(paper, section.title)
    first = 54.0
    wide = (BODY - first) / len(section.items)
    heads = [_label(item, wide - 5, small=True) for item in section.items]
    notes = [_legend(item, wide - 5) for item in section.items]
    height = max(sum(line.height for line in head + note) for head, note in zip(heads, notes, strict=True)) + 6

    def draw_heads() -> None:
        paper.need(height)
        paper.begin("TR")
        for index, (head, note) in enumerate(zip(heads, notes, strict=True)):
            paper.begin("TH")
            low = paper.say(head, MARGIN + first + index * wide + 3, paper.y - 3)
            paper.say(note, MARGIN + first + index * wide + 3, low)
            paper.end()
        paper.end()
        paper.y -= height
        paper.rule(paper.y, ink=INK, w=0.6)

    paper.begin("Table")
    draw_heads()
    paper.on_break = draw_heads
    for name in section.rows:
        label = flow([(name.zh, Style(7.6))], first - 6)
        paper.need(24)
        paper.begin("TR")
        paper.begin("TH")
        paper.say(label, MARGIN + 3, paper.y - 4)
        paper.end()
        paper.end()
        for index in range(len(section.items)):
            x = MARGIN + first + index * wide
            paper.graphic(f"0.4 w {_grey()} RG {x:.1f} {paper.y:.1f} m {x:.1f} {paper.y - 24:.1f} l S")
        paper.y -= 24
        paper.rule(paper.y, ink=LINE)
    paper.on_break = None
    paper.end()
    paper.y -= 10


def _legend(item: BlankItem, width: float) -> list[Line]:
    if item.choices:
        return flow([(" ".join(f"{code} {words.zh}" for code, words in item.choices), Style(6, GREY))], width)
    words = " ".join(part for part in (item.pattern, item.unit) if part)
    return flow([(words, Style(6, GREY))], width) if words else []


def _grey() -> str:
    return "0.79 0.82 0.85"


def _who(paper: Paper) -> None:
    paper.need(40)
    paper.y -= 16
    words = "填写人 written by ____________________    日期时间 date and time ____________________    签名 signature ____________________"
    paper.y = paper.say(flow([(words, Style(8))], BODY), MARGIN, paper.y)
