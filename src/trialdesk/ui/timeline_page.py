"""The timeline on a screen of its own: the strip, and every mark in words below it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.timeline import LANES, Mark, timeline
from trialdesk.ui import icons, look, parts
from trialdesk.ui.timeline_view import TimelineStrip


class TimelinePage(QWidget):
    """Everything that happened to a participant, drawn and in words; writes nothing."""

    form_wanted = Signal(object)
    left = Signal()
    print_wanted = Signal()

    def __init__(self, casebook: Casebook, at: FormPath | None = None) -> None:
        super().__init__()
        self.casebook = casebook
        session = casebook.session
        self.line = timeline(casebook.book(), casebook.data, session.today)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(12)
        self.strip = TimelineStrip(self.line)
        self.strip.opened.connect(self.form_wanted)
        self.strip.moved.connect(self._follow)
        column.addWidget(parts.plane("card", self._head(), self.strip, gap=4, margins=(1, 8, 1, 4)), 3)
        self.list = QListWidget()
        self.list.setAccessibleName(look.both(Text(en="Every mark in words", zh="全部条目")))
        self.list.setProperty("plain", "true")
        for mark in self.line.marks:
            self._add(mark)
        self.list.itemActivated.connect(lambda item: self.form_wanted.emit(item.data(Qt.ItemDataRole.UserRole).form))
        self.list.currentItemChanged.connect(self._chosen)
        column.addWidget(parts.plane("card", self.list, margins=(8, 8, 8, 8)), 2)
        self.said = parts.words("", "small", "info", wrap=True)
        self.said.hide()
        column.addWidget(self.said)
        if at is not None:
            mark = next((m for m in self.line.marks if m.form == at), None)
            if mark is not None:
                self.strip.go_to(mark)

    def _head(self) -> QWidget:
        title = Text(en="Timeline", zh="时间轴")
        self.closer = parts.Button(Text(en="Back", zh="返回"), "quiet", "Esc", "left", 30)
        self.closer.clicked.connect(self.left)
        self.bigger = parts.Button(Text(en="Wider", zh="放大"), "quiet", "+", high=30)
        self.bigger.clicked.connect(lambda: self.strip.step_zoom(1))
        self.smaller = parts.Button(Text(en="Narrower", zh="缩小"), "quiet", "-", high=30)
        self.smaller.clicked.connect(lambda: self.strip.step_zoom(-1))
        self.printer = parts.Button(Text(en="Print", zh="打印"), "quiet", "Ctrl P", "printer", 30)
        self.printer.clicked.connect(self.print_wanted)
        self.picture = parts.Button(Text(en="Picture as PDF…", zh="存为 PDF…"), "quiet", high=30)
        self.picture.clicked.connect(self.choose_file)
        return parts.row(
            parts.words(look.first(title), "heading"), parts.words(look.second(title), "small", "ink3"), None,
            self.smaller, self.bigger, self.picture, self.printer, self.closer, margins=(14, 0, 8, 0),
        )  # fmt: skip

    def _add(self, mark: Mark) -> None:
        shape = {"bar": "draft", "episode": "soft", "triangle": "soft", "window": "not_due", "drop": "drop",
                 "cross": "hard", "tick": "syringe"}.get(mark.shape, "complete")  # fmt: skip
        words = Text(en="{lane}: {says}", zh="{lane}：{says}").format(lane=LANES[mark.lane], says=mark.says)
        item = QListWidgetItem(icons.icon(shape, "ink2"), look.first(words))
        item.setToolTip(look.second(words))
        item.setData(Qt.ItemDataRole.UserRole, mark)
        self.list.addItem(item)

    def _follow(self, mark: Mark) -> None:
        row = next(
            (n for n in range(self.list.count()) if self.list.item(n).data(Qt.ItemDataRole.UserRole) == mark), -1
        )
        self.list.blockSignals(True)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.strip.blockSignals(True)
            self.strip.go_to(item.data(Qt.ItemDataRole.UserRole))
            self.strip.blockSignals(False)

    def choose_file(self) -> None:
        """Ask for a place and write the timeline there as a PDF."""
        title = look.first(Text(en="Timeline as PDF", zh="时间轴 PDF"))
        chosen, _ = QFileDialog.getSaveFileName(self, title, f"timeline-{self.casebook.subject}.pdf", "PDF (*.pdf)")
        if chosen:
            self.write(Path(chosen))

    def write(self, path: Path) -> None:
        """Write the timeline as a PDF and say where it is, or why it could not be written."""
        from trialdesk.ui.timeline_print import write_pdf

        about = Text(en="Timeline of participant {s}, {day}", zh="受试者 {s} 时间轴，{day}")
        try:
            write_pdf(path, self.line, about.format(s=self.casebook.subject, day=self.line.today.isoformat()))
        except OSError:
            says = Text(en="{p} cannot be written. Choose another place.", zh="无法写入 {p}，请选择其他位置。")
        else:
            says = Text(en="Written: {p}", zh="已写入：{p}")
        self.said.setText(look.first(says.format(p=path)))
        self.said.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_0):
            self.strip.keyPressEvent(event)
        else:
            super().keyPressEvent(event)
