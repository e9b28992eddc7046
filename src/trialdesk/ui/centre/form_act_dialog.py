"""Before a form is frozen, thawed, locked or unlocked: what must hold, one line each, then the act."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.actions.form_conditions import FormAct, conditions
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.place_words import form_words
from trialdesk.ui.centre.second_person import ask_second

TWO: tuple[FormAct, ...] = ("lock", "unlock")
"""Acts that take two persons."""


class FormActDialog(QDialog):
    """The act is possible once every condition is met; accepted when it was recorded."""

    def __init__(
        self, work: CentreAtWork, data: SubjectData, form: FormPath, act: FormAct, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._work, self._data, self._form, self._act = work, data, form, act
        self.setWindowTitle(look.first(TITLES[act]))
        self.setMinimumWidth(480)
        down = QVBoxLayout(self)
        down.setContentsMargins(22, 18, 22, 16)
        down.setSpacing(10)
        place = parts.words(form_words(work.study, form), "strong")
        down.addWidget(parts.row(parts.Plate(data.subject), parts.bilingual(TITLES[act], "title"), None, gap=12))
        down.addWidget(place)
        down.addWidget(parts.words(look.first(MEANS[act]), "text", "ink2", wrap=True))
        self.checks = conditions(data, form, act)
        lines = []
        for check in self.checks:
            shape, tone = ("complete", "ok") if check.met else ("close", "hard")
            word = parts.words(look.first(check.says), "text", "ink" if check.met else "hard", wrap=True)
            line = parts.row(parts.icon(shape, 18, tone), word, gap=10)
            line.layout().setStretch(1, 1)  # type: ignore[union-attr]
            lines.append(line)
        down.addWidget(parts.plane("card", *lines, gap=8))
        self.why = QLineEdit()
        self.why.setPlaceholderText(look.first(_WHY))
        self.why.setAccessibleName(look.both(_WHY))
        self.why.setVisible(act == "unlock")
        down.addWidget(self.why)
        self.said = parts.words("", "small", "hard", wrap=True)
        down.addWidget(self.said)
        self.do_it = parts.Button(DO[act], "primary")
        unmet = sum(1 for check in self.checks if not check.met)
        self.do_it.forbid(_UNMET.format(n=unmet) if unmet else None)
        if unmet:
            self.said.setText(look.first(_UNMET.format(n=unmet)))
        self.do_it.clicked.connect(lambda _=False: self.carry_out())
        leave = parts.Button(Text(en="Leave", zh="返回"), key="Esc")
        leave.clicked.connect(lambda _=False: self.reject())
        down.addWidget(parts.row(None, leave, self.do_it))

    def carry_out(self) -> None:
        """Ask for the second person where two are needed, then record the act."""
        second = ""
        if self._act in TWO:
            named = ask_second(self, self._work, MEANS[self._act], Act.LOCK if self._act == "lock" else Act.UNLOCK)
            if named is None:
                return
            second = named.id
        done = self._work.form_act(self._act, self._data.subject, self._form, second, self.why.text())
        if isinstance(done, Refusal):
            self.said.setText(look.first(done.says))
            return
        self.accept()


TITLES: dict[FormAct, Text] = {
    "freeze": Text(en="Freeze the form", zh="冻结表单"), "thaw": Text(en="Thaw the form", zh="解冻表单"),
    "lock": Text(en="Lock the form", zh="锁定表单"), "unlock": Text(en="Unlock the form", zh="解锁表单"),
}  # fmt: skip
DO: dict[FormAct, Text] = {
    "freeze": Text(en="Freeze", zh="冻结"), "thaw": Text(en="Thaw", zh="解冻"),
    "lock": Text(en="Lock, two persons…", zh="双人锁定…"), "unlock": Text(en="Unlock, two persons…", zh="双人解锁…"),
}  # fmt: skip
MEANS: dict[FormAct, Text] = {
    "freeze": Text(
        en="The ward may answer queries and change no answer until the form is thawed. It hears of it with the next receipt.",
        zh="冻结期间病房可答复质疑，不可修改数据。随下一份回执生效。",
    ),
    "thaw": Text(
        en="The ward may change answers again from the next receipt on.", zh="自下一份回执起，病房可再次修改数据。"
    ),
    "lock": Text(
        en="From the next receipt on nothing on the form can be changed. Unlocking takes two persons and a reason.",
        zh="自下一份回执起，表单不可再修改。解锁须两人并说明原因。",
    ),
    "unlock": Text(
        en="The ward may change the signed form again; a change asks for a new signature.",
        zh="病房可再次修改已签名的表单，修改后须重新签名。",
    ),
}
_WHY = Text(en="Why it is unlocked", zh="解锁原因")
_UNMET = Text(en="Not met yet: {n}.", zh="尚有 {n} 项条件未满足。")
