"""Above the page: where one is, the form's name, its state, signing, and what was restored after a crash."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.ranges_news import read_otherwise
from trialdesk.ui import look, parts
from trialdesk.ui.form_acts import struck_record, struck_words
from trialdesk.ui.states import STATUS_SHAPES, STRUCK, held_words, status_word


class FormHead(QFrame):
    """Title bar of a form."""

    def __init__(self, casebook: Casebook, form: FormPath, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._casebook, self._form = casebook, form
        self.setProperty("plane", "surface")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        across = QHBoxLayout()
        across.setContentsMargins(28, 7, 16, 8)
        across.setSpacing(10)
        outer.addLayout(across)
        self._name = parts.words(look.first(self._label()), "title")
        self._second = parts.words(look.second(self._label()), "text", "ink3")
        self._name.setToolTip(look.both(self._label()))
        names = parts.row(self._name, self._second, None)
        self.back = parts.Button(self._path(), "quiet", "Ctrl B", "left", 22)
        self.back.setAccessibleName(look.both(Text(en="Back to the casebook", zh="返回病例报告册")))
        self._names = parts.column(parts.row(self.back, None), names, gap=0)
        across.addWidget(self._names, 1)
        self._chip = parts.Chip("")
        across.addWidget(self._chip)
        self.help = parts.Button(Text(en="Help", zh="说明"), "quiet", "F1", "info")
        self.help.setText("")  # the sign and its key say enough; the words go to readers and the tooltip
        self.help.setToolTip(look.both(Text(en="Help", zh="说明")))
        across.addWidget(self.help)
        self.more = parts.Button(Text(en="More", zh="更多"), "quiet", "F9", "down")
        across.addWidget(self.more)
        self.sign = parts.Button(Text(en="Sign…", zh="签署…"), shape="pen")
        across.addWidget(self.sign)
        outer.addWidget(parts.Line())
        self._banner = QFrame()
        self._banner.setProperty("plane", "info")
        self._restored = parts.words("", "text", "info", wrap=True)
        line = QHBoxLayout(self._banner)
        line.setContentsMargins(28, 8, 16, 8)
        line.addWidget(parts.icon("undo", 18, "info", "info_soft"))
        line.addWidget(self._restored, 1)
        self._banner.hide()
        self._offers = False
        outer.addWidget(self._banner)
        self.refresh()

    def _label(self) -> Text:
        return self._casebook.book(self._form).study.form[self._form.form].label

    def _path(self) -> Text:
        where = self._where()
        if len(self._casebook.session.book.every) == 1:
            return where
        version = self._casebook.study(self._form).version
        return Text(en="{where}, release {v}", zh="{where}，研究版本 {v}").format(where=where, v=version)

    def _where(self) -> Text:
        event = self._casebook.book(self._form).study.event[self._form.event]
        if event.kind in ("log", "unscheduled"):
            return Text(en="{label} {n}", zh="{label} {n}").format(label=event.label, n=self._form.repeat)
        if event.per_round:
            return Text(en="Round {n} › {label}", zh="第 {n} 轮 › {label}").format(
                n=self._form.repeat, label=event.label
            )
        return event.label

    def refresh(self) -> None:
        """Show the form's state."""
        status = self._casebook.status(self._form)
        shape, tone = STATUS_SHAPES[status]
        struck = struck_record(self._casebook, self._form)
        if struck is not None:
            self._chip.show_state(look.first(STRUCK), "idle", "not_done")
            self.show_banner(struck_words(struck))
            self.sign.forbid(Text(en="A struck entry is not signed.", zh="已划去的记录无需签署。"))
            return
        self._say_standing(status)
        self._chip.show_state(look.first(status_word(status)), tone if tone != "accent" else "info", shape)
        ready = status in (FormStatus.COMPLETE, FormStatus.CHANGED)
        why = Text(en="Complete the form first; then an investigator signs.", zh="请先完成表单，再由研究者签署。")
        if status is FormStatus.SIGNED:
            why = Text(en="Signed and unchanged.", zh="已签名，未更改。")
        self.sign.forbid(None if ready else why)
        self.sign.setVisible(self._casebook.book(self._form).study.form[self._form.form].signed)

    def _say_standing(self, status: FormStatus) -> None:
        """Say that the centre holds or locked the form, or that a newer release is in effect; nothing moves by itself."""
        says = held_words(self._casebook, self._form) or self._newer_words(status) or self._ranges_words()
        if says is None:
            if self._offers:
                self._banner.hide()
                self._offers = False
        elif self._banner.isHidden() or self._offers:
            self.show_banner(says)
            self._offers = True

    def _ranges_words(self) -> Text | None:
        """That a list of ranges taken up after the form was finished reads results otherwise."""
        found = read_otherwise(self._casebook, self._form)
        if not found:
            return None
        says = Text(
            en="A newer list of normal ranges reads {n} results here otherwise ({first}). They stay as they were finished; "
            "F9 reopens the form.",
            zh="新的参考范围对本表 {n} 项结果判读不同（{first}）。结果保持完成时的判读；按 F9 可重新打开表单。",
        )
        return says.format(n=len(found), first=found[0].says)

    def _newer_words(self, status: FormStatus) -> Text | None:
        casebook = self._casebook
        newer = casebook.session.book.newer(casebook.data, casebook.session.today, self._form)
        if newer is None or status is not FormStatus.DRAFT:
            return None
        says = Text(
            en="This draft was begun under release {a}; release {b} is in effect now. F9 shows what changes and moves it.",
            zh="本草稿按研究版本 {a} 填写，现行版本为 {b}。按 F9 可查看变化并移动草稿。",
        )
        return says.format(a=casebook.study(self._form).version, b=newer.study.version)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the second language to the tooltip where both names do not fit."""
        super().resizeEvent(event)
        acts = (self._chip, self.help, self.more, self.sign)
        taken = sum(max(one.sizeHint().width(), one.minimumWidth()) + 10 for one in acts if not one.isHidden()) + 44
        both = self._name.sizeHint().width() + self._second.sizeHint().width() + 12
        self._second.setVisible(both <= self.width() - taken)

    def show_banner(self, says: Text) -> None:
        """Say what was restored."""
        self._offers = False
        self._restored.setText(look.first(says))
        self._banner.setAccessibleName(look.both(says))
        self._banner.show()

    def show_restored(self, typed: str, label: Text) -> None:
        """Say that text was put back which is not on record yet."""
        says = Text(
            en="Restored: “{typed}” in {label}. It was typed but not yet saved; Enter saves it.",
            zh="已恢复：{label} 中键入的“{typed}”。该内容尚未保存，按 Enter 保存。",
        )
        self.show_banner(says.format(typed=typed, label=label))

    def banner(self) -> str:
        """The words of the banner, or an empty text while none is shown."""
        return self._restored.text() if not self._banner.isHidden() else ""
