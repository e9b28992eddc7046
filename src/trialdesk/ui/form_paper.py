"""Paper from a form's menu: printing it, and the scan of the paper it was keyed from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMenu

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.paper_scan import attach_scan, scans
from trialdesk.ui import look, message

if TYPE_CHECKING:
    from trialdesk.ui.form_wizard import FormWizard

PRINT = Text(en="Print…  Ctrl+P", zh="打印…  Ctrl+P")
ATTACH = Text(en="Attach the scan of the paper form…", zh="附上纸质表单的扫描件…")


def add_paper(menu: QMenu, form: FormWizard) -> None:
    """Two more lines for the menu of a form."""
    menu.addSeparator()
    menu.addAction(look.first(PRINT)).triggered.connect(form.print_wanted)
    held = len(scans(form.casebook, form.form))
    label = look.first(ATTACH) + (f"  ({held})" if held else "")
    menu.addAction(label).triggered.connect(lambda: choose_scan(form))


def choose_scan(form: FormWizard) -> None:
    """Ask for the file and attach it."""
    chosen, _ = QFileDialog.getOpenFileName(form, look.first(ATTACH), "", "PDF PNG JPEG (*.pdf *.png *.jpg *.jpeg)")
    if chosen:
        attach(form, Path(chosen))


def attach(form: FormWizard, file: Path) -> None:
    """Attach a scan and say so in the foot."""
    try:
        done = attach_scan(form.desk, form.casebook, form.form, file)
    except KnownError as fault:
        message.tell(fault.text, form)
        return
    if isinstance(done, Refusal):
        form.foot.say(done.says)
        return
    form.saved.emit()
    form.foot.say(
        Text(
            en="Attached: {name}. It goes to the centre with the next bundle.",
            zh="已附：{name}，随下一个数据包送中心。",
        ).format(name=file.name)
    )
