"""One act on every form of a participant that is ready for it; the others are listed with what they still need."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from trialdesk.domain.actions.form_conditions import FormAct, conditions
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.form_act_dialog import MEANS, TWO
from trialdesk.ui.centre.place_words import form_words
from trialdesk.ui.centre.second_person import ask_second
from trialdesk.ui.centre.table import Cell, Table


class FormsActDialog(QDialog):
    """Freezes, thaws or locks all forms that are ready; accepted when at least one was recorded, `done` says how many."""

    def __init__(
        self,
        work: CentreAtWork,
        data: SubjectData,
        forms: tuple[FormPath, ...],
        act: FormAct,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._work, self._data, self._act = work, data, act
        found = [(form, conditions(data, form, act)) for form in forms]
        self.ready = tuple(form for form, checks in found if all(check.met for check in checks))
        self.recorded = 0
        self.setWindowTitle(look.first(TITLES[act]))
        self.resize(700, 560)
        down = QVBoxLayout(self)
        down.setContentsMargins(22, 18, 22, 16)
        down.setSpacing(10)
        down.addWidget(parts.row(parts.Plate(data.subject), parts.bilingual(TITLES[act], "title"), None, gap=12))
        down.addWidget(parts.words(look.first(MEANS[act]), "text", "ink2", wrap=True))
        count = _COUNT.format(n=len(self.ready), m=len(found) - len(self.ready))
        down.addWidget(parts.words(look.first(count), "heading"))
        self.table = Table(
            (Text(en="Form", zh="表单"), Text(en="Ready, or what it needs", zh="就绪，或尚缺条件")), (290, 0), 36
        )
        lines = []
        for form, checks in sorted(found, key=lambda one: one[0] in self.ready):
            unmet = [look.first(check.says) for check in checks if not check.met]
            says = Cell(f"✓ {look.first(_READY)}", tone="ok") if not unmet else Cell("；".join(unmet), tone="hard")
            lines.append([Cell(form_words(work.study, form)), says])
        self.table.show_lines(lines)
        down.addWidget(self.table, 1)
        self.said = parts.words("", "small", "hard", wrap=True)
        down.addWidget(self.said)
        self.do_it = parts.Button(DO[act].format(n=len(self.ready)), "primary")
        self.do_it.forbid(None if self.ready else _NONE)
        self.do_it.clicked.connect(lambda _=False: self.carry_out())
        leave = parts.Button(Text(en="Leave", zh="返回"), key="Esc")
        leave.clicked.connect(lambda _=False: self.reject())
        down.addWidget(parts.row(None, leave, self.do_it))

    def carry_out(self) -> None:
        """Ask for the second person once where two are needed, then record the act form by form."""
        second = ""
        if self._act in TWO:
            what = DO[self._act].format(n=len(self.ready))
            named = ask_second(self, self._work, what, Act.LOCK if self._act == "lock" else Act.UNLOCK)
            if named is None:
                return
            second = named.id
        for form in self.ready:
            done = self._work.form_act(self._act, self._data.subject, form, second)
            if isinstance(done, Refusal):
                self.said.setText(look.first(done.says))
                return
            self.recorded += 1
        self.accept()


TITLES: dict[FormAct, Text] = {
    "freeze": Text(en="Freeze every form that is ready", zh="冻结全部就绪表单"),
    "thaw": Text(en="Thaw every frozen form", zh="解冻全部已冻结表单"),
    "lock": Text(en="Lock every form that is ready", zh="锁定全部就绪表单"),
}
DO: dict[FormAct, Text] = {
    "freeze": Text(en="Freeze {n} forms", zh="冻结 {n} 份表单"), "thaw": Text(en="Thaw {n} forms", zh="解冻 {n} 份表单"),
    "lock": Text(en="Lock {n} forms, two persons…", zh="双人锁定 {n} 份表单…"),
}  # fmt: skip
_COUNT = Text(en="Ready: {n}, not ready: {m}", zh="就绪 {n} 份，未就绪 {m} 份")
_READY = Text(en="ready", zh="就绪")
_NONE = Text(en="No form is ready.", zh="没有就绪的表单。")
