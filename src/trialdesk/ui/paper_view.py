"""The pages of a PDF as they are kept, one at a time; it remembers which were shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.text import Text
from trialdesk.ui import look, parts

PAGE_WIDTH = 500


def page_pictures(pdf: bytes, width: int = PAGE_WIDTH) -> list[QPixmap]:
    """The pages of a PDF as pictures, two dots for each point of the screen."""
    import pypdfium2

    made = []
    with pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        for page in document:
            bitmap = page.render(scale=2 * width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
            image = QImage(
                bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888
            )
            picture = QPixmap.fromImage(image)
            picture.setDevicePixelRatio(2)
            made.append(picture)
    return made


class PaperView(QWidget):
    """Shows one page; `turned` tells that another page came into sight."""

    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page = 0
        self._pages: list[QPixmap] = []
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
        self._pages, self._seen = page_pictures(pdf), seen
        self.show_page(0)

    @property
    def page_count(self) -> int:
        """How many pages the file has."""
        return len(self._pages)

    @property
    def unseen(self) -> int:
        """How many pages were not shown yet."""
        return len(self._pages) - len(self._seen)

    def show_page(self, number: int) -> None:
        """Show one page; a number that is not there changes nothing."""
        if not 0 <= number < len(self._pages):
            return
        self.page = number
        self._seen.add(number)
        self._picture.setPixmap(self._pages[number])
        self._area.verticalScrollBar().setValue(0)
        name = Text(en="Page {a} of {b}", zh="第 {a} 页，共 {b} 页").format(a=number + 1, b=len(self._pages))
        self._picture.setAccessibleName(look.both(name))
        self._number.setText(f"{number + 1} / {len(self._pages)}")
        self.turned.emit()
