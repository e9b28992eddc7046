"""Refusals, faults and bugs in words: what happened and what to do."""

from __future__ import annotations

import platform
import traceback
from datetime import datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from trialdesk import __version__
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts


class MessageDialog(QDialog):
    """One message with one act; used only where nothing else can be done before it was read."""

    def __init__(self, title: Text, says: Text, act: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(look.first(title))
        self.setMinimumWidth(460)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(parts.bilingual(title, "title", "small"))
        layout.addWidget(parts.words(look.first(says), "body", "ink", wrap=True))
        layout.addWidget(parts.words(look.second(says), "small", "ink3", wrap=True))
        self.act = parts.Button(act, "primary", "Enter")
        self.act.clicked.connect(self.accept)
        layout.addWidget(parts.row(None, self.act))
        self.act.setFocus()


def tell(says: Text, parent: QWidget | None = None) -> None:
    """Say that something outside the program stands in the way."""
    title = Text(en="This cannot go on yet", zh="暂时无法继续")
    MessageDialog(title, says, Text(en="Back", zh="返回"), parent).exec()


def write_report(folder: Path, kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> Path:
    """Keep what a programmer needs of a bug, and no data: places in the code and the kind of error, not its words."""
    lines = [f"TrialDesk {__version__}", f"Python {platform.python_version()} {platform.system()}", kind.__name__]
    lines += [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(trace)]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"report-{datetime.now():%Y%m%d-%H%M%S}.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def tell_crash(report: Path, parent: QWidget | None = None) -> None:
    """Say that the program made a mistake; everything that was left is on disk already."""
    title = Text(en="TrialDesk made a mistake", zh="程序出现错误")
    says = Text(
        en="What you entered is saved, up to the field you were in. Close TrialDesk and open it again; it returns to "
        "the same field. A report without data is in {path}; give it to the data manager.",
        zh="录入内容已保存至当前字段。请关闭并重新打开 TrialDesk，程序会回到原字段。不含数据的报告在 {path}，请交给数据管理员。",
    ).format(path=report)
    MessageDialog(title, says, Text(en="Go on", zh="继续"), parent).exec()
