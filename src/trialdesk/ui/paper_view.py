"""The pages of a PDF as they are kept, one at a time, drawn beside the window's thread; it remembers which were shown."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from trialdesk.documents.pictures import PagePicture, page_count, page_picture
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.ui import job, look, parts

PAGE_WIDTH = 500


class PaperView(QWidget):
    """Shows one page; `turned` tells that another page came into sight."""

    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page = 0
        self._pdf = b""
        self._pictures: dict[int, QPixmap] = {}
        self._asked: set[int] = set()
        self.page_count = 0
        self._seen: set[int] = set()
        self._number = parts.words("", "text", "ink2")
        back = parts.Button(Text(en="Previous page", zh="上一页"), "quiet", "PgUp", "left", 30)
        following = parts.Button(Text(en="Next page", zh="下一页"), "quiet", "PgDn", "right", 30)
        back.clicked.connect(lambda: self.show_page(self.page - 1))
        following.clicked.connect(lambda: self.show_page(self.page + 1))
        for one in (back, following):
            one.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        what = Text(en="The pages that are kept and signed", zh="将被保存并签名的页面")
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area.setWidget(self._picture)
        line = parts.row(parts.words(look.first(what), "smallstrong"), None, back, self._number, following)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts.plane("window", line, self._area, gap=6, margins=(16, 8, 8, 8)))

    def open(self, pdf: bytes, seen: set[int]) -> None:
        """Show a file from its first page; `seen` keeps the pages that came into sight, also from an earlier look."""
        self._pdf, self._seen, self.page_count = pdf, seen, page_count(pdf)
        self._pictures, self._asked = {}, set()
        self._turn_to(0)

    @property
    def unseen(self) -> int:
        """How many pages were not shown yet."""
        return self.page_count - len(self._seen)

    @property
    def coming(self) -> bool:
        """True while the page in sight is still being drawn."""
        return self.page not in self._pictures

    def show_page(self, number: int) -> None:
        """Show one page; a number that is not there changes nothing, and no page is left before it was seen."""
        if 0 <= number < self.page_count and not self.coming:
            self._turn_to(number)

    def _turn_to(self, number: int) -> None:
        self.page = number
        self._picture.clear()
        self._area.verticalScrollBar().setValue(0)
        name = Text(en="Page {a} of {b}", zh="第 {a} 页，共 {b} 页").format(a=number + 1, b=self.page_count)
        self._picture.setAccessibleName(look.both(name))
        self._number.setText(f"{number + 1} / {self.page_count}")
        self._draw(number)
        # The next page is drawn while this one is read.
        self._draw(number + 1)
        self._show_if_drawn()

    def _draw(self, number: int) -> None:
        """Have a page drawn, once; two dots for each point of the screen."""
        if number < self.page_count and number not in self._asked:
            self._asked.add(number)
            job.start(self, partial(_drawn, self._pdf, number), self._arrived, self._failed)

    def _arrived(self, drawn: tuple[bytes, int, PagePicture]) -> None:
        pdf, number, dots = drawn
        if pdf is not self._pdf:
            return
        image = QImage(dots.dots, dots.width, dots.height, dots.stride, QImage.Format.Format_RGBX8888)
        made = self._pictures[number] = QPixmap.fromImage(image)
        made.setDevicePixelRatio(2)
        if number == self.page:
            self._show_if_drawn()

    def _show_if_drawn(self) -> None:
        if not self.coming:
            self._seen.add(self.page)
            self._picture.setPixmap(self._pictures[self.page])
        self.turned.emit()

    def _failed(self, fault: KnownError) -> None:
        self._picture.setText(look.first(fault.text))


def _drawn(pdf: bytes, number: int) -> tuple[bytes, int, PagePicture]:
    return pdf, number, page_picture(pdf, number, 2 * PAGE_WIDTH)
