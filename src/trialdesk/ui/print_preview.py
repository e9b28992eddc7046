"""Print preview: the pages of the file itself, small ones left, the chosen one large, print and save right."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QIcon, QImage, QKeyEvent, QPainter, QPixmap
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QScrollArea,
    QWidget,
)

from trialdesk.documents.pictures import PDFIUM
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.desk import OpenDesk
from trialdesk.services.printing import BY_NAME, SHEETS, Printed, Sheet, make, record_made, save
from trialdesk.ui import job, look, parts
from trialdesk.ui.boxes import Combo

PAGE_WIDTH, SMALL = 560, 92
PRINT_DPI = 300


class PdfPages:
    """The pages of a file as pictures, each made when it is asked for."""

    def __init__(self, pdf: bytes) -> None:
        import pypdfium2

        with PDFIUM:
            self._document = pypdfium2.PdfDocument(pdf)
            self._document.init_forms()
            self.count = len(self._document)

    def image(self, number: int, scale: float) -> QImage:
        """One page, `scale` dots for each point of the paper."""
        with PDFIUM:
            bitmap = self._document[number].render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
            dots = bytes(bitmap.buffer)
        made = QImage(dots, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
        return made.copy()

    def width(self, number: int) -> float:
        """Width of a page in points."""
        with PDFIUM:
            return float(self._document[number].get_width())

    def close(self) -> None:
        """Let go of the file."""
        with PDFIUM:
            self._document.close()


class PrintPreview(QDialog):
    """What can be printed here, its pages, and what to do with them; making it can be stopped."""

    told = Signal(int, int)

    def __init__(
        self,
        desk: OpenDesk,
        subject: str | None = None,
        form: FormPath | None = None,
        what: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._subject, self._form = desk, subject, form
        self.printed: Printed | None = None
        self._pages: PdfPages | None = None
        self._stopped = threading.Event()
        self._busy = False
        self._waiting: str | None = None
        self.page = 0
        self.setWindowTitle(look.first(Text(en="Print", zh="打印")))
        self.resize(1120, 700)
        self.told.connect(self._show_progress)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._left())
        across.addWidget(parts.Line(upright=True))
        across.addWidget(self._middle(), 1)
        across.addWidget(parts.Line(upright=True))
        across.addWidget(self._right())
        self._thumbs = QTimer(self)
        self._thumbs.setInterval(0)
        self._thumbs.timeout.connect(self._next_thumb)
        offered = [sheet.name for sheet in self.offered()]
        first = what if what in offered else offered[0]
        self.choice.setCurrentIndex(offered.index(first))
        self.choice.currentIndexChanged.connect(lambda _: self.make(self.choice.currentData()))
        self.make(first)

    def offered(self) -> list[Sheet]:
        """The papers that make sense here: those of a form only where one is open, those of a person where one is.

        Who may not read what was recorded is offered the papers of study and desk alone.
        """
        reads = may(self._desk.session.user.role, Act.PRINT)
        layout = self._desk.study.safety_report
        return [
            sheet
            for sheet in SHEETS
            if (not sheet.subject or (reads and self._subject is not None))
            and (not sheet.form or self._form is not None)
            and (sheet.name != "sae" or (layout and self._form and self._form.form == layout.form))
        ]

    # -- parts

    def _left(self) -> QWidget:
        self.small = QListWidget()
        self.small.setIconSize(QSize(SMALL, int(SMALL * 1.42)))
        self.small.setFrameShape(QFrame.Shape.NoFrame)
        self.small.setAccessibleName(look.both(Text(en="Pages", zh="页面")))
        self.small.currentRowChanged.connect(self.show_page)
        made = parts.plane("sunken", self.small, margins=(8, 10, 4, 8))
        made.setFixedWidth(172)
        return made

    def _middle(self) -> QWidget:
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setWidget(self._picture)
        self._number = parts.words("", "text", "ink2")
        return parts.plane("window", parts.row(None, self._number, None), self._area, gap=6, margins=(12, 8, 12, 8))

    def _right(self) -> QWidget:
        self.choice = Combo()
        self.choice.setFixedHeight(34)
        self.choice.setAccessibleName(look.both(Text(en="What to print", zh="打印内容")))
        for sheet in self.offered():
            self.choice.addItem(look.first(sheet.label), sheet.name)
        self.print = parts.Button(Text(en="Print…", zh="打印…"), "primary", "", "printer", 36)
        self.save = parts.Button(Text(en="Save to a folder…", zh="另存到文件夹…"), "secondary")
        self.stop = parts.Button(Text(en="Stop", zh="停止"), "quiet", "Esc")
        self.print.clicked.connect(self.choose_printer)
        self.save.clicked.connect(self.choose_folder)
        self.stop.clicked.connect(self.cancel)
        self.progress = QProgressBar()
        self.progress.setFixedHeight(6)
        self.progress.setTextVisible(False)
        self._said = parts.words("", "small", "ink2", wrap=True)
        made = parts.plane(
            "surface",
            parts.words(look.first(Text(en="What to print", zh="打印内容")), "smallstrong", "ink2"),
            self.choice,
            6,
            self.print,
            self.save,
            12,
            self.progress,
            self.stop,
            self._said,
            None,
            gap=8,
            margins=(18, 16, 18, 16),
        )
        made.setFixedWidth(268)
        return made

    # -- making

    def make(self, name: str) -> None:
        """Make a paper; one that is still being made is stopped first."""
        if self._busy:
            self._waiting = name
            self._stopped.set()
            return
        self._busy, self._stopped = True, threading.Event()
        stopped = self._stopped
        label = BY_NAME[name].label
        self._say(Text(en="Making {what}…", zh="正在生成{what}…").format(what=label), "ink2")
        self._allow(False)

        def progress(done: int, total: int) -> bool:
            if stopped.is_set():
                return False
            self.told.emit(done, total)
            return True

        def work() -> Any:
            return make(self._desk, name, self._subject, self._form, progress)

        job.start(self, work, self._made, self._failed)

    def _made(self, printed: Printed | None) -> None:
        if self._next():
            return
        if printed is None:
            self._say(Text(en="Stopped. Nothing was made.", zh="已停止，未生成文件。"), "warn")
            self._allow(self.printed is not None)
            return
        self.printed = printed
        if self._pages is not None:
            self._pages.close()
        self._pages = PdfPages(printed.pdf)
        self.small.blockSignals(True)
        self.small.clear()
        for number in range(self._pages.count):
            item = QListWidgetItem(str(number + 1))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, self._page_words(number))
            item.setSizeHint(QSize(SMALL + 30, int(SMALL * 1.42) + 8))
            self.small.addItem(item)
        self.small.blockSignals(False)
        self._allow(True)
        size = f"{len(printed.pdf) / 1000:.0f} kB"
        self._say(
            Text(en="{n} pages, {size}, PDF/A-3b", zh="{n} 页，{size}，PDF/A-3b").format(
                n=self._pages.count, size=size
            ),
            "ink2",
        )
        self.small.setCurrentRow(0)
        self.show_page(0)
        self._thumb = 0
        self._thumbs.start()

    def _failed(self, fault: KnownError) -> None:
        if self._next():
            return
        self._say(fault.text, "hard")
        self._allow(False)

    def _next(self) -> bool:
        """Begin what was chosen meanwhile."""
        self._busy = False
        wanted, self._waiting = self._waiting, None
        if wanted is not None:
            self.make(wanted)
        return wanted is not None

    def cancel(self) -> None:
        """Stop what is being made."""
        self._stopped.set()

    def _allow(self, ready: bool) -> None:
        why = None if ready else Text(en="There are no pages yet.", zh="尚无页面。")
        self.print.forbid(why)
        self.save.forbid(why)
        self.stop.setVisible(self._busy)
        self.progress.setVisible(self._busy)

    def _show_progress(self, done: int, total: int) -> None:
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(done)

    def _say(self, text: Text, tone: str) -> None:
        self._said.setText(look.first(text))
        parts.tone(self._said, tone)

    def said(self) -> str:
        """What stands under the buttons."""
        return self._said.text()

    # -- pages

    def _next_thumb(self) -> None:
        if self._pages is None or self._thumb >= self._pages.count:
            self._thumbs.stop()
            return
        scale = 2 * SMALL / self._pages.width(self._thumb)
        picture = QPixmap.fromImage(self._pages.image(self._thumb, scale))
        self.small.item(self._thumb).setIcon(QIcon(picture))
        self._thumb += 1

    def show_page(self, number: int) -> None:
        """Show one page large; a number that is not there changes nothing."""
        if self._pages is None or not 0 <= number < self._pages.count:
            return
        self.page = number
        picture = QPixmap.fromImage(self._pages.image(number, 2 * PAGE_WIDTH / self._pages.width(number)))
        picture.setDevicePixelRatio(2)
        self._picture.setPixmap(picture)
        self._picture.setAccessibleName(self._page_words(number))
        self._area.verticalScrollBar().setValue(0)
        self._number.setText(f"{number + 1} / {self._pages.count}")

    def _page_words(self, number: int) -> str:
        assert self._pages is not None
        return look.both(
            Text(en="Page {a} of {b}", zh="第 {a} 页，共 {b} 页").format(a=number + 1, b=self._pages.count)
        )

    # -- acts

    def choose_printer(self) -> None:
        """Ask which printer and print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Send the pages to a printer, each filling its sheet, and record it."""
        if self._pages is None or self.printed is None:
            return
        printer.setFullPage(True)
        printer.setDocName(self.printed.file)
        painter = QPainter()
        if not painter.begin(printer):
            self._say(
                Text(
                    en="The printer did not take the pages. Look at it, then print again.",
                    zh="打印机未接受页面，请检查后重试。",
                ),
                "hard",
            )
            return
        first, last = printer.fromPage() or 1, printer.toPage() or self._pages.count
        numbers = range(max(1, first) - 1, min(last, self._pages.count))
        for place, number in enumerate(numbers):
            if place:
                printer.newPage()
            image = self._pages.image(number, min(printer.resolution(), PRINT_DPI) / 72)
            painter.drawImage(QRectF(painter.viewport()), image)
        painter.end()
        self.note(self.printed)
        self._say(Text(en="Sent to the printer: {n} pages.", zh="已送打印机：{n} 页。").format(n=len(numbers)), "ok")

    def note(self, printed: Printed) -> None:
        """Record that the pages went to a printer."""
        record_made(self._desk, printed, "printed")

    def keep(self, printed: Printed, folder: Path) -> Path:
        """Write the file and record it."""
        return save(self._desk, printed, folder)

    def choose_folder(self) -> None:
        """Ask for a folder and save the file there."""
        chosen = QFileDialog.getExistingDirectory(self, look.first(Text(en="Save to a folder", zh="另存到文件夹")))
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, folder: Path) -> None:
        """Save the file into a folder and record it."""
        if self.printed is None:
            return
        try:
            path = self.keep(self.printed, folder)
        except KnownError as fault:
            self._say(fault.text, "hard")
            return
        self._say(Text(en="Saved: {path}", zh="已保存：{path}").format(path=path.name), "ok")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_PageDown:
            self.small.setCurrentRow(min(self.page + 1, self.small.count() - 1))
        elif event.key() == Qt.Key.Key_PageUp:
            self.small.setCurrentRow(max(self.page - 1, 0))
        elif event.key() == Qt.Key.Key_Escape and self._busy:
            self.cancel()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return
        else:
            super().keyPressEvent(event)

    def done(self, result: int) -> None:
        self._stopped.set()
        self._waiting = None
        self._thumbs.stop()
        if self._busy:
            # The work looks up between two forms; it must not outlive the window that hears of it.
            QThreadPool.globalInstance().waitForDone(20_000)
        if self._pages is not None:
            self._pages.close()
            self._pages = None
        super().done(result)
