"""The second person of an act that takes two: chosen by name, let in by their own passphrase, beside the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from trialdesk.domain.admin.role import ROLE_WORDS, Act
from trialdesk.domain.admin.user import User
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork, Person
from trialdesk.ui import look, parts
from trialdesk.ui.centre.asking_dialog import AskingDialog
from trialdesk.ui.person_tile import Person as Tile
from trialdesk.ui.person_tile import step_to

WIDE = 460
"""Width of the dialog in pixels."""


class SecondPersonDialog(AskingDialog):
    """Asks who the second person is; `person` is there once the passphrase fitted.

    Arrow keys choose while the passphrase keeps the keyboard, Enter gives it, Esc leaves everything as it was.
    """

    def __init__(self, work: CentreAtWork, says: Text, act: Act = Act.LOCK, parent: QWidget | None = None) -> None:
        super().__init__(Text(en="Second person", zh="第二人确认"), WIDE, parent)
        self.work, self.act = work, act
        self.person: Person | None = None
        self.asks.addWidget(parts.words(look.first(says), "body", "ink", wrap=True))
        self.asks.addWidget(parts.words(look.first(_SIGNED_IN.format(name=work.user.name)), "small", "ink2", wrap=True))
        self.asks.addSpacing(4)
        self.people = self._tiles(work.others(act))
        self.asks.addSpacing(4)
        self.passphrase = self.box(_PASSPHRASE, hidden=True)
        self.passphrase.returnPressed.connect(self.try_it)
        self.end(Text(en="Leave it as it is", zh="不执行"), Text(en="Confirm together", zh="共同确认"))
        if self.people:
            self.people[0].setChecked(True)
            self.passphrase.setFocus()
        else:
            self.enter.forbid(_ALONE)
            self.passphrase.setEnabled(False)
            self.fail(_ALONE)

    def _tiles(self, users: Sequence[User]) -> list[Tile]:
        self._group = QButtonGroup(self)
        tiles = [Tile(user.id, user.name, ROLE_WORDS[user.role]) for user in users]
        for tile in tiles:
            tile.clicked.connect(lambda _=False: self.passphrase.setFocus())
            self._group.addButton(tile)
            self.asks.addWidget(tile)
        return tiles

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not step_to(self.people, event):
            super().keyPressEvent(event)

    def try_it(self) -> None:
        chosen = next((tile.user_id for tile in self.people if tile.isChecked()), "")
        if not self.passphrase.text():
            self.fail(Text(en="Let the second person type their own passphrase.", zh="请由第二人输入本人口令。"))
        elif chosen:
            given, waiting = self.passphrase.text(), Text(en="Checking…", zh="正在核对…")
            self.run(waiting, lambda: self.work.let_second_in(chosen, given, self.act), self._let_in)

    def _let_in(self, person: Person) -> None:
        self.passphrase.clear()
        self.person = person
        self.accept()

    def fail(self, says: Text) -> None:
        super().fail(says)
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
