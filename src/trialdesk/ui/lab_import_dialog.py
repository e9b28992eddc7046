"""Taking over a slip of the laboratory system: paste, drop or choose it, look it over, lay the chosen values on the sheet."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QIcon, QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.lab_import import CLIPBOARD, ImportLine, Preview, State, preview_file, preview_text, propose
from trialdesk.ui import icons, look, parts

STATES: dict[State, tuple[str, str, Text]] = {
    "ready": ("check", "ok", Text(en="ready", zh="可取入")),
    "overwrite": ("changed", "warn", Text(en="overwrites", zh="将覆盖")),
    "warning": ("soft", "warn", Text(en="check", zh="请核对")),
    "error": ("hard", "hard", Text(en="not taken", zh="不取入")),
    "same": ("complete", "idle", Text(en="same", zh="已有")),
}
"""Shape, colour and word of each state of a line."""

_HEADS = (
    Text(en="Line", zh="行"),
    Text(en="In the file", zh="文件中的项目"),
    Text(en="Test", zh="检验项目"),
    Text(en="Result", zh="结果"),
    Text(en="What will be done", zh="处理"),
)
_WIDE = (58, 176, 214, 132, 330)
_EMPTY = Text(
    en="Copy the results in the laboratory system and press Ctrl V here, drop a file on this window, or choose one "
    "(XLSX, CSV or TXT). Participant and sampling date must match.",
    zh="在检验系统中复制结果后在此按 Ctrl V，或将文件拖到此窗口，或选择文件（XLSX、CSV、TXT）。受试者与采样日期须一致。",
)


def _name(name: str) -> Text:
    return Text(en="Clipboard", zh="剪贴板") if name == CLIPBOARD else Text(en=name, zh=name)


class _Lines(QTableWidget):
    """The lines of the file; Enter, Space and paste belong to the dialog around it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        own = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End)
        if event.key() in own:
            super().keyPressEvent(event)
        else:
            event.ignore()


class LabImportDialog(QDialog):
    """Shows what a slip holds; `taken` counts the values that wait on the sheet once it is closed."""

    def __init__(
        self, casebook: Casebook, form: FormPath, parent: QWidget | None = None, source: object = None
    ) -> None:
        super().__init__(parent)
        self._casebook, self._form = casebook, form
        self.preview: Preview | None = None
        self.taken = 0
        title = Text(en="Results of the laboratory system", zh="导入检验结果")
        self.setWindowTitle(look.first(title))
        self.setAcceptDrops(True)
        self.resize(940, 560)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(10)
        self._paste = parts.Button(Text(en="Paste", zh="粘贴"), key="Ctrl V", high=32)
        self._paste.clicked.connect(self.paste)
        self._choose = parts.Button(Text(en="Choose a file…", zh="选择文件…"), key="Ctrl O", high=32)
        self._choose.clicked.connect(self.choose)
        layout.addWidget(parts.row(parts.bilingual(title, "title"), None, self._paste, self._choose))
        self._says = parts.words(look.first(_EMPTY), "body", "ink2", wrap=True)
        layout.addWidget(self._says)
        self._chips = [parts.Chip("") for _ in STATES]
        self._chip_row = parts.row(*self._chips, None)
        self._chip_row.hide()
        layout.addWidget(self._chip_row)
        self.table = self._make_table()
        layout.addWidget(self.table, 1)
        hint = Text(
            en="Space chooses a line. Chosen values wait on the sheet and count only once confirmed there.",
            zh="空格键选择或取消。选中的数值先放在检验单上待确认，确认后才计入数据。",
        )
        self.take = parts.Button(Text(en="Lay on the sheet", zh="放入检验单"), "primary", "Enter")
        self.take.clicked.connect(self.accept_lines)
        leave = parts.Button(Text(en="Leave", zh="不导入"), key="Esc")
        leave.clicked.connect(self.reject)
        layout.addWidget(parts.row(parts.words(look.first(hint), "small", "ink3"), None, leave, self.take))
        self._show(None)
        if isinstance(source, Path):
            self.read(source)
        else:
            self._offer_clipboard()

    def _make_table(self) -> QTableWidget:
        made = _Lines(0, len(_HEADS))
        made.setHorizontalHeaderLabels([look.first(one) for one in _HEADS])
        made.verticalHeader().hide()
        # A chosen line is tinted as everywhere; its words and shapes keep their own colours.
        colours = made.palette()
        colours.setColor(QPalette.ColorRole.Highlight, look.color("selected"))
        colours.setColor(QPalette.ColorRole.HighlightedText, look.color("ink"))
        made.setPalette(colours)
        made.setShowGrid(False)
        made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        made.setTabKeyNavigation(False)
        made.itemChanged.connect(lambda _cell: self._count())
        made.setAccessibleName(look.both(Text(en="Results of the file", zh="文件中的结果")))
        made.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, wide in enumerate(_WIDE):
            made.setColumnWidth(column, wide)
        made.horizontalHeader().setSectionResizeMode(len(_WIDE) - 1, QHeaderView.ResizeMode.Stretch)
        return made

    # -- where it comes from

    def _offer_clipboard(self) -> None:
        """What was copied just before is looked at at once; other texts on the clipboard are left alone."""
        text = QGuiApplication.clipboard().text()
        if "\t" in text and "\n" in text:
            self.paste()

    def paste(self) -> None:
        """Look over what is on the clipboard."""
        text = QGuiApplication.clipboard().text()
        self._try(lambda: preview_text(self._casebook, self._form, text))

    def choose(self) -> None:
        """Let a person choose a file."""
        title = look.first(Text(en="Results of the laboratory system", zh="检验结果文件"))
        path, _ = QFileDialog.getOpenFileName(self, title, "", "XLSX CSV TXT (*.xlsx *.csv *.tsv *.txt)")
        if path:
            self.read(Path(path))

    def read(self, path: Path) -> None:
        """Look a file over."""
        self._try(lambda: preview_file(self._casebook, self._form, path))

    def _try(self, look_over: object) -> None:
        assert callable(look_over)
        try:
            self._show(look_over())
        except KnownError as fault:
            self._show(None, fault.text)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        urls = event.mimeData().urls()
        if urls and urls[0].isLocalFile():
            self.read(Path(urls[0].toLocalFile()))
        elif event.mimeData().hasText():
            text = event.mimeData().text()
            self._try(lambda: preview_text(self._casebook, self._form, text))

    # -- what it holds

    def _show(self, preview: Preview | None, fault: Text | None = None) -> None:
        self.preview = preview
        refused = fault or (preview.refused if preview else None)
        lines = preview.lines if preview and refused is None else ()
        self._chip_row.setVisible(bool(lines))
        self.table.setVisible(bool(lines))
        self._say(refused or (_EMPTY if preview is None else self._about(preview)), "hard" if refused else "ink2")
        self._fill(lines)
        for chip, (state, (shape, tone, word)) in zip(self._chips, STATES.items(), strict=True):
            count = preview.count(state) if preview and lines else 0
            chip.show_state(f"{look.first(word)} {count}", tone, shape)
            chip.setVisible(count > 0)
        self._count()
        (self.table if lines else self._paste).setFocus()

    def _about(self, preview: Preview) -> Text:
        left = Text(en="", zh="")
        if preview.left_out:
            left = Text(
                en=" {n} results of other people or days are left out.", zh="另有 {n} 项属于其他受试者或日期，未列入。"
            ).format(n=preview.left_out)
        return Text(
            en="{name}: participant {subject}, sampled {day}.{left}",
            zh="{name}：受试者 {subject}，采样 {day}。{left}",
        ).format(name=_name(preview.name), subject=self._casebook.subject, day=preview.day, left=left)

    def _say(self, says: Text, tone: str) -> None:
        self._says.setText(look.first(says))
        parts.tone(self._says, tone)
        self._says.setAccessibleName(look.both(says))

    def _fill(self, lines: tuple[ImportLine, ...]) -> None:
        self.table.blockSignals(True)
        self.table.setRowCount(len(lines))
        for at, line in enumerate(lines):
            shape, tone, word = STATES[line.state]
            says = look.first(line.says) if line.state not in ("ready",) else look.first(word)
            label = look.first(line.label) if line.label else "–"
            for column, text in enumerate((str(line.line), line.test, label, line.shown, says)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                if column == 0:
                    able = line.state in ("ready", "overwrite", "warning")
                    cell.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
                    if able:
                        chosen = Qt.CheckState.Checked if line.state == "ready" else Qt.CheckState.Unchecked
                        cell.setCheckState(chosen)
                if column == 4:
                    cell.setIcon(QIcon(icons.pixmap(shape, 16, tone)))
                    cell.setForeground(look.color(tone if line.state != "same" else "ink3"))
                self.table.setItem(at, column, cell)
        self.table.blockSignals(False)
        if lines:
            self.table.setCurrentCell(0, 0)

    def chosen(self) -> list[ImportLine]:
        """The lines that are to be laid on the sheet."""
        lines = self.preview.lines if self.preview and self.preview.refused is None else ()
        made = []
        for at, line in enumerate(lines):
            cell = self.table.item(at, 0)
            if cell is not None and cell.checkState() == Qt.CheckState.Checked and line.state != "error":
                made.append(line)
        return made

    def _count(self) -> None:
        number = len(self.chosen())
        self.take.say(Text(en="Lay {n} on the sheet", zh="放入检验单 {n} 项").format(n=number))
        self.take.forbid(None if number else Text(en="No line is chosen.", zh="未选择任何项目。"))

    def toggle(self, at: int) -> None:
        """Choose a line or leave it."""
        cell = self.table.item(at, 0)
        if cell is not None and self.preview and self.preview.lines[at].state in ("ready", "overwrite", "warning"):
            on = cell.checkState() == Qt.CheckState.Checked
            cell.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
            self._count()

    def accept_lines(self) -> None:
        """Lay the chosen values on the sheet, where they wait."""
        lines = self.chosen()
        if lines and self.preview is not None:
            self.taken = propose(self._casebook, self._form, self.preview, lines)
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.key() == Qt.Key.Key_O and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.choose()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.accept_lines()
        elif event.key() == Qt.Key.Key_Space and self.table.isVisible():
            self.toggle(self.table.currentRow())
        else:
            super().keyPressEvent(event)
