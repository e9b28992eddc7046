"""The annotated CRF: every question once, beside it where its answer goes in the tabulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from trialdesk.documents.binding import bind
from trialdesk.documents.paper import BODY, FOOT, HEIGHT, MARGIN, WIDTH, About, Paper
from trialdesk.documents.tables import ABOVE, title
from trialdesk.documents.wrapping import GREY, INK, Piece, Style, flow
from trialdesk.domain.text import Text

TARGET, NOWHERE = "#AD0F2F", "#5F6B79"
_LEFT, _MIDDLE, _RIGHT = BODY * 0.36, BODY * 0.3, BODY * 0.34
LEGEND = Text(
    en="Red: dataset and variable the answer goes to. [NOT SUBMITTED]: it stays in the tables of the forms.",
    zh="红色为该答案对应的数据集与变量；[NOT SUBMITTED] 表示仅保留在表单数据中。",
)


@dataclass(frozen=True)
class AnnotatedItem:
    """One question: its name, its words, how it is answered in short, and its targets (none: not submitted)."""

    name: str
    label: Text
    answer: Text
    targets: tuple[str, ...]


@dataclass(frozen=True)
class AnnotatedSection:
    """One section of a form."""

    title: Text
    items: tuple[AnnotatedItem, ...]


@dataclass(frozen=True)
class AnnotatedForm:
    """One form of the study, the visits it belongs to and the datasets its answers reach."""

    oid: str
    title: Text
    visits: str
    datasets: str
    sections: tuple[AnnotatedSection, ...]


def render_annotated(forms: Sequence[AnnotatedForm], study: str, about: About) -> tuple[bytes, dict[str, int]]:
    """The forms as one PDF/A-3b, and the page (from 1) on which each question stands."""
    from trialdesk.documents.archival import judged

    paper = Paper()
    pages: dict[str, int] = {}
    for form in forms:
        paper.section(_Frame(form, study))
        paper.bookmark(f"{form.title.zh} {form.title.en}")
        paper.begin("Sect")
        words: list[Piece] = [(form.datasets or "[NOT SUBMITTED]", Style(8.5, TARGET, strong=True))]
        words.append((f"\n访视 visits  {form.visits}", Style(7.2, GREY)))
        paper.y = paper.say(flow(words, BODY), MARGIN, paper.y) - 8
        for section in form.sections:
            title(paper, section.title)
            paper.begin("Table")
            for item in section.items:
                _item(paper, item)
                pages[item.name] = len(paper.pages)
            paper.end()
            paper.y -= 10
        paper.end()
    paper.finish()
    return judged(bind(paper, about)), pages


@dataclass
class _Frame:
    form: AnnotatedForm
    study: str

    def head(self, paper: Paper) -> None:
        top = HEIGHT - 40
        paper.artifact(self.form.title.zh, MARGIN, top - 2, Style(14, strong=True))
        paper.artifact(self.form.title.en, MARGIN, top - 16, Style(8.5, GREY))
        paper.artifact(f"注释病例报告表 annotated CRF   {self.form.oid}", WIDTH - MARGIN, top - 2, Style(9), "right")
        paper.artifact(self.study, MARGIN, top - 34, Style(7.5, GREY))
        paper.rule(top - 41, ink=INK, w=1.2)

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        paper.rule(FOOT, w=0.5)
        paper.artifact(LEGEND.zh, MARGIN, FOOT - 11, Style(7, GREY))
        paper.artifact(LEGEND.en, MARGIN, FOOT - 20, Style(6.5, GREY))
        paper.artifact(
            f"第 {page} 页，共 {pages} 页   page {page} / {pages}", WIDTH - MARGIN, FOOT - 29, Style(7.5), "right"
        )


def _item(paper: Paper, item: AnnotatedItem) -> None:
    label: list[Piece] = [
        (item.label.zh, Style(8.6)),
        (f"  {item.label.en}", Style(7.2, GREY, english=True)),
        (f"  {item.name}", Style(6, GREY)),
    ]
    answer: list[Piece] = [(item.answer.zh, Style(7.4)), (f"  {item.answer.en}", Style(6.6, GREY, english=True))]
    strong = Style(7.4, TARGET, strong=True)
    target = [line for words in item.targets for line in flow([(words, strong)], _RIGHT - 8)]
    if not target:
        target = flow([("[NOT SUBMITTED]", Style(7, NOWHERE))], _RIGHT - 8)
    cells = [flow(label, _LEFT - 8), flow(answer, _MIDDLE - 8), target]
    height = max(sum(line.height for line in cell) for cell in cells) + 2 * ABOVE + 2
    paper.need(height)
    x = MARGIN + 3
    paper.begin("TR")
    for kind, cell, wide in zip(("TH", "TD", "TD"), cells, (_LEFT, _MIDDLE, _RIGHT), strict=True):
        paper.begin(kind)
        paper.say(cell, x, paper.y - ABOVE)
        paper.end()
        x += wide
    paper.end()
    paper.y -= height
    paper.rule(paper.y)
