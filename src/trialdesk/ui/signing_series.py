"""Signing a series: the clean forms of one participant are made, shown, and signed with one passphrase."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressDialog, QWidget

from trialdesk.domain.actions.signing import ACT
from trialdesk.domain.admin.role import may
from trialdesk.domain.admin.signature_def import FIELDS, FieldName
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk
from trialdesk.services.signing import Prepared, prepare
from trialdesk.services.signing_batch import clean_forms
from trialdesk.ui import job, look, message
from trialdesk.ui.signing_dialog import SigningDialog

_NOTHING = Text(
    en="No form is ready to be signed: each must be complete, with every finding settled and every query answered.",
    zh="没有可签署的表单：表单须已完成，提示均已处理，质疑均已答复。",
)


def sign_series(desk: OpenDesk, subject: str, parent: QWidget) -> Text | None:
    """Let someone sign every clean form of a participant; returns what to say, or None when nothing was signed."""
    field = _due(desk, subject)
    if field is None:
        message.tell(_NOTHING, parent)
        return None
    papers = make_papers(desk, subject, field, parent)
    if not papers:
        return None
    (casebook, first), *more = papers
    dialog = SigningDialog(desk, casebook, first.form, first, parent, more)
    dialog.exec()
    if dialog.batch is None:
        return _SIGNED.format(n=1) if dialog.signed is not None or dialog.certified is not None else None
    said = _SIGNED.format(n=len(dialog.batch.signed))
    for form, refusal in dialog.batch.refused:
        said = Text(en="{said} {form}: {why}", zh="{said}{form}：{why}").format(said=said, form=form, why=refusal.says)
    return said


def _due(desk: OpenDesk, subject: str) -> FieldName | None:
    """The signature of the person at work comes first, then the other."""
    own = sorted(FIELDS, key=lambda field: not may(desk.session.user.role, ACT[field]))
    return next((field for field in own if next(clean_forms(desk, field, [subject]), None) is not None), None)


class MakingPages(QProgressDialog):
    """How far the pages are; Cancel is heard at once and acts when the form being made is done."""

    def __init__(self, forms: int, parent: QWidget) -> None:
        making = look.first(Text(en="Making the pages…", zh="正在生成页面…"))
        super().__init__(making, look.first(Text(en="Cancel", zh="取消")), 0, forms, parent)
        self.stopped = False
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(0)
        # Shut by its own button it would let keys through to the window while a form is still being made.
        self.canceled.disconnect(self.cancel)
        self.canceled.connect(self._stop)
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        self.show()

    def reject(self) -> None:
        self._stop()

    def _stop(self) -> None:
        self.stopped = True
        self.setLabelText(look.first(Text(en="Stopping after this form…", zh="当前表单生成后停止…")))


def make_papers(desk: OpenDesk, subject: str, field: FieldName, parent: QWidget) -> list[tuple[Casebook, Prepared]]:
    """The pages of each clean form, with progress; none when it was cancelled."""
    forms = list(clean_forms(desk, field, [subject]))
    progress = MakingPages(len(forms), parent)
    made: list[tuple[Casebook, Prepared]] = []
    left_out: list[Text] = []
    for number, (casebook, form) in enumerate(forms):
        progress.setValue(number)
        if progress.stopped:
            break
        try:
            made.append((casebook, job.outcome(parent, partial(prepare, desk, casebook, form, field), heard=True)))
        except KnownError as fault:
            left_out.append(Text(en="{form}: {why}", zh="{form}：{why}").format(form=form, why=fault.text))
    progress.hide()
    progress.deleteLater()
    if progress.stopped:
        return []
    if left_out:
        message.tell(_LEFT_OUT.format(n=len(left_out), why=left_out[0]), parent)
    return made


_LEFT_OUT = Text(
    en="{n} forms were left out because their pages could not be made. {why}",
    zh="{n} 张表单因无法生成页面而未列入。{why}",
)
_SIGNED = Text(en="{n} forms signed.", zh="已签署 {n} 张表单。")
