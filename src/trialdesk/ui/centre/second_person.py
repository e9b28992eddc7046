"""The second person of an act that takes two: chosen by name, let in by their own passphrase, beside the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Act
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork, Person
from trialdesk.ui import job, look, parts
from trialdesk.ui.person_tile import Person as Tile
from trialdesk.ui.person_tile import step_to

WIDE = 460
"""Width of the dialog in pixels."""


class SecondPersonDialog(QDialog):
    """Asks who the second person is; `person` is there once the passphrase fitted.

    Arrow keys choose while the passphrase keeps the keyboard, Enter gives it, Esc leaves everything as it was.
    """

    def __init__(self, work: CentreAtWork, says: Text, act: Act = Act.LOCK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work, self.act = work, act
        self.person: Person | None = None
        title = Text(en="Second person", zh="第二人确认")
        self.setWindowTitle(look.first(title))
        self.setFixedWidth(WIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(parts.bilingual(title, "title"))
        layout.addWidget(parts.words(look.first(says), "body", "ink", wrap=True))
        layout.addWidget(parts.words(look.first(_SIGNED_IN.format(name=work.user.name)), "small", "ink2", wrap=True))
        layout.addSpacing(4)
        self.people = self._tiles(work.others(act), layout)
        layout.addSpacing(4)
        layout.addWidget(parts.words(look.first(_PASSPHRASE), "smallstrong", "ink2"))
        self.passphrase = QLineEdit()
        self.passphrase.setFixedHeight(38)
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName(look.both(_PASSPHRASE))
        self.passphrase.returnPressed.connect(self._try)
        layout.addWidget(self.passphrase)
        self.said = parts.words("", "text", "hard", wrap=True)
        self.said.hide()
        layout.addWidget(self.said)
        leave = parts.Button(Text(en="Leave it as it is", zh="不执行"), key="Esc")
        leave.clicked.connect(self.reject)
        self.enter = parts.Button(Text(en="Confirm together", zh="共同确认"), "primary", "Enter")
        self.enter.clicked.connect(self._try)
        layout.addWidget(parts.row(None, leave, self.enter))
        if self.people:
            self.people[0].setChecked(True)
            self.passphrase.setFocus()
        else:
            self.enter.forbid(_ALONE)
            self.passphrase.setEnabled(False)
            self._fail(_ALONE)
        self._fit()

    def _tiles(self, users: Sequence[User], layout: QVBoxLayout) -> list[Tile]:
        self._group = QButtonGroup(self)
        tiles = [Tile(user.id, user.name, ROLE_WORDS[user.role]) for user in users]
        for tile in tiles:
            tile.clicked.connect(lambda _=False: self.passphrase.setFocus())
            self._group.addButton(tile)
            layout.addWidget(tile)
        return tiles

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_to(self.people, event):
            super().keyPressEvent(event)

    def _try(self) -> None:
        chosen = next((tile.user_id for tile in self.people if tile.isChecked()), "")
        if not self.passphrase.text():
            self._fail(Text(en="Let the second person type their own passphrase.", zh="请由第二人输入本人口令。"))
        elif chosen and self.enter.isEnabled():
            given = self.passphrase.text()
            self.said.hide()
            self.enter.forbid(Text(en="Checking…", zh="正在核对…"))
            job.start(self, lambda: self.work.let_second_in(chosen, given, self.act), self._let_in, self._refused)

    def _let_in(self, person: Person) -> None:
        self.passphrase.clear()
        self.person = person
        self.accept()

    def _refused(self, fault: KnownError) -> None:
        self.enter.forbid(None)
        self._fail(fault.text)

    def _fit(self) -> None:
        """As high as the words need in this language."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.setFixedHeight(layout.totalHeightForWidth(WIDE))

    def _fail(self, says: Text) -> None:
        self.said.setText(look.first(says))
        self.said.setAccessibleName(look.both(says))
        self.said.show()
        self._fit()
        self.passphrase.selectAll()
        self.passphrase.setFocus()


def ask_second(parent: QWidget | None, work: CentreAtWork, says: Text, act: Act = Act.LOCK) -> Person | None:
    """The second person, who has given their own passphrase, or None when nothing is to be done.

    `says` names what the two do together, such as the form that is locked. The person stands by for two minutes.
    """
    dialog = SecondPersonDialog(work, says, act, parent)
    dialog.exec()
    return dialog.person


_SIGNED_IN = Text(
    en="{name} is signed in. The second person types their own passphrase; nobody types another's.",
    zh="{name} 已登录。请第二人亲自输入本人口令，不得由他人代输。",
)
_PASSPHRASE = Text(en="Passphrase of the second person", zh="第二人口令")
_ALONE = Text(
    en="Nobody else at the centre has this right. The administrator has to add a person with it.",
    zh="中心没有其他人拥有此权限，须由管理员添加人员。",
)
