"""Pages being drawn: words, rules and shapes straight into the page, every piece tagged, and one archival file out.

What is written conforms to PDF/A-3b by construction and carries a structure tree; `archival.archive` has it judged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trialdesk.documents import fonts
from trialdesk.documents.glyphs import Glyphs
from trialdesk.documents.wrapping import GREY, INK, LINE, Line, Piece, Style, flow, width_of

WIDTH, HEIGHT = 595.28, 841.89
MARGIN, HEAD, FOOT = 46.0, 92.0, 46.0
BODY = WIDTH - 2 * MARGIN
"""Width of what is written, A4 in points."""


@dataclass(frozen=True)
class Attachment:
    """A file inside the document; `relationship` is Data or Source (ISO 19005-3, associated files)."""

    name: str
    content: bytes
    says: str
    kind: str = "text/xml"
    relationship: str = "Data"


@dataclass(frozen=True)
class About:
    """What the file says of itself."""

    title: str
    subject: str
    author: str
    made: datetime | None = None
    attachments: tuple[Attachment, ...] = ()


class Frame(Protocol):
    """What stands above and below every page of a section."""

    def head(self, paper: Paper) -> None:
        """Draw the head of the page that was just begun."""

    def foot(self, paper: Paper, page: int, pages: int) -> None:
        """Draw the foot; now it is known how many pages there are."""


@dataclass
class Page:
    """The content of one page so far, and the structure elements of its marked pieces."""

    frame: Frame
    code: list[str]
    elements: list[int]


@dataclass
class Element:
    """One node of the structure tree; a leaf names its page and its marked piece there."""

    kind: str
    parent: int
    page: int = -1
    piece: int = -1
    title: str = ""


@dataclass(frozen=True)
class Bookmark:
    """An entry of the outline."""

    title: str
    page: int
    y: float
    level: int


class Paper:
    """Pages from top to bottom; `y` is where the next thing goes, in points from the bottom."""

    def __init__(self) -> None:
        self.pages: list[Page] = []
        self.elements: list[Element] = [Element("Document", -1)]
        self.bookmarks: list[Bookmark] = []
        self.glyphs = {name: Glyphs(name) for name in (fonts.REGULAR, fonts.STRONG)}
        self.y = 0.0
        self.on_break: Callable[[], None] | None = None
        self._open = [0]
        self._ink = ""
        self._code: list[str] = []
        self._marked = False

    def section(self, frame: Frame) -> None:
        """Start a page whose head and foot, like those of the pages after it, are drawn by `frame`."""
        self._begin_page(frame)

    def _begin_page(self, frame: Frame) -> None:
        page = Page(frame, [], [])
        self.pages.append(page)
        self._code, self._ink = page.code, ""
        self.y = HEIGHT - HEAD
        frame.head(self)

    def need(self, height: float) -> None:
        """Go on to a new page unless so much room is left on this one."""
        if self.y - height < FOOT + 8:
            self._begin_page(self.pages[-1].frame)
            if self.on_break:
                self.on_break()

    def finish(self) -> None:
        """Draw every foot."""
        for number, page in enumerate(self.pages, 1):
            self._code, self._ink = page.code, ""
            page.frame.foot(self, number, len(self.pages))

    def bookmark(self, title: str, level: int = 0) -> None:
        """Remember this place in the outline."""
        self.bookmarks.append(Bookmark(title, len(self.pages) - 1, self.y + 14, level))

    def begin(self, kind: str) -> None:
        """Open a structure element, such as Table or TR, around what follows."""
        self.elements.append(Element(kind, self._open[-1]))
        self._open.append(len(self.elements) - 1)

    def end(self) -> None:
        """Close the structure element opened last."""
        self._open.pop()

    def say(self, lines: Sequence[Line], x: float, y: float, kind: str = "P") -> float:
        """Draw lines downward from the top edge `y`, tagged; returns the y below them."""
        code, mark = self._code, None
        opened = False
        for line in lines:
            base = y - line.height * 0.78
            for left, words, style, font, at in line.runs:
                if not opened or at != mark:
                    if opened:
                        code.append("EMC")
                    self._mark("Span" if at else kind, at or "")
                    opened, mark = True, at
                self._words(words, x + left, base + style.size * 0.34 if style.raised else base, style, font)
            y -= line.height
        if opened:
            code.append("EMC")
        return y

    def _mark(self, kind: str, title: str) -> None:
        page = self.pages[-1]
        piece = len(page.elements)
        self.elements.append(Element(kind, self._open[-1], len(self.pages) - 1, piece, title))
        page.elements.append(len(self.elements) - 1)
        self._code.append(f"/{kind}<</MCID {piece}>>BDC")

    def _words(self, words: str, x: float, y: float, style: Style, font: str) -> None:
        size = style.size * 0.68 if style.raised else style.size
        key = "/S" if font is fonts.STRONG else "/R"
        shown = words.translate(self.glyphs[font]).encode("utf-16-be").hex()
        if style.ink != self._ink:
            self._ink = style.ink
            self._code.append(f"{_COLOURS[style.ink]} rg")
        run = f"BT{key} {size:g} Tf {x:.2f} {y:.2f} Td<{shown}>Tj ET"
        self._code.append(f"/Span<</Lang(en)>>BDC {run} EMC" if style.english else run)

    def artifact(self, words: str, x: float, y: float, style: Style, align: str = "left") -> None:
        """One line at a fixed place that belongs to the page and not to the text, such as a page number."""
        plain = fonts.printable(words).replace("\n", " ")
        font = fonts.strong_or_regular(plain) if style.strong else fonts.REGULAR
        if align != "left":
            wide = width_of(plain, style)
            x -= wide if align == "right" else wide / 2
        self._code.append("/Artifact BMC")
        self._words(plain, x, y, style._replace(english=False), font)
        self._code.append("EMC")

    def graphic(self, code: str) -> None:
        """Drawing operators as an artifact."""
        self._code.append(f"/Artifact BMC q {code} Q EMC")

    def rule(
        self, y: float, left: float = MARGIN, right: float = WIDTH - MARGIN, ink: str = LINE, w: float = 0.4
    ) -> None:
        """A horizontal line."""
        self._code.append(
            f"/Artifact BMC q {_COLOURS[ink]} RG {w:g} w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S Q EMC"
        )

    def fill(self, x: float, y: float, width: float, height: float, ink: str) -> None:
        """A filled rectangle; `y` is its lower edge."""
        self.graphic(f"{_COLOURS[ink]} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def plate(self, words: str, x: float, y: float, ink: str, width: float = 46, height: float = 24) -> None:
        """The participant's number, white on the hue."""
        self.graphic(f"{_COLOURS[ink]} rg {rounded(x, y, width, height, 5)} f")
        self.artifact(words, x + width / 2, y + height / 2 - 4.3, Style(12, "#FFFFFF", strong=True), "centre")

    def paragraph(self, pieces: Sequence[Piece], kind: str = "P", after: float = 4.0) -> None:
        """Words over the whole width at the current place."""
        for line in flow(pieces, BODY):
            self.need(line.height)
            self.y = self.say([line], MARGIN, self.y, kind)
        self.y -= after


class _Colours(dict[str, str]):
    def __missing__(self, ink: str) -> str:
        parts = (int(ink[at : at + 2], 16) / 255 for at in (1, 3, 5))
        made = self[ink] = " ".join(f"{part:.3f}".rstrip("0").rstrip(".") for part in parts)
        return made


_COLOURS = _Colours()


def rgb(ink: str) -> str:
    """A colour such as #17202B as three numbers of a page."""
    return _COLOURS[ink]


def rounded(x: float, y: float, w: float, h: float, r: float) -> str:
    """The path of a rectangle with round corners."""
    k = r * 0.4477
    return (
        f"{x + r:.2f} {y:.2f} m {x + w - r:.2f} {y:.2f} l {x + w - k:.2f} {y:.2f} {x + w:.2f} {y + k:.2f} "
        f"{x + w:.2f} {y + r:.2f} c {x + w:.2f} {y + h - r:.2f} l {x + w:.2f} {y + h - k:.2f} {x + w - k:.2f} "
        f"{y + h:.2f} {x + w - r:.2f} {y + h:.2f} c {x + r:.2f} {y + h:.2f} l {x + k:.2f} {y + h:.2f} {x:.2f} "
        f"{y + h - k:.2f} {x:.2f} {y + h - r:.2f} c {x:.2f} {y + r:.2f} l {x:.2f} {y + k:.2f} {x + k:.2f} {y:.2f} "
        f"{x + r:.2f} {y:.2f} c h"
    )


__all__ = ["BODY", "FOOT", "GREY", "HEAD", "HEIGHT", "INK", "MARGIN", "WIDTH", "About", "Attachment", "Frame", "Paper"]
