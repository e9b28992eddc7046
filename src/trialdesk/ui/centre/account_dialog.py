"""What an administrator says of an account: its id and name, its role, its first passphrase, each where it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from trialdesk.domain.admin.role import AT_CENTRE, ROLE_WORDS, Role
from trialdesk.domain.text import Text
from trialdesk.ui import look, parts
from trialdesk.ui.centre.asking_dialog import SIDE, AskingDialog
from trialdesk.ui.wrapped_segments import WrappedSegments

WIDE = 500
"""Width of the dialog in pixels."""


@dataclass(frozen=True)
class Said:
    """What was typed; empty where it was not asked."""

    id: str = ""
    zh: str = ""
    en: str = ""
    role: Role | None = None
    passphrase: str = ""


class AccountDialog(AskingDialog):
    """Asks for `asks` (id, role, passphrase) and hands it to `do`, which says by KnownError what is the matter."""

    def __init__(
        self,
        title: Text,
        says: Text,
        asks: tuple[str, ...],
        act: Text,
        do: Callable[[Said], None],
        parent: QWidget | None = None,
        danger: bool = False,
    ) -> None:
        super().__init__(title, WIDE, parent)
        self._do = do
        self.asks.addWidget(parts.words(look.first(says), "text", "ink2", wrap=True))
        self.boxes: dict[str, QLineEdit] = {}
        self.role: WrappedSegments | None = None
        if "id" in asks:
            for name in ("id", "zh", "en"):
                self._box(name)
        if "role" in asks:
            self.asks.addWidget(parts.words(look.first(_WORDS["role"]), "smallstrong", "ink2"))
            self.role = WrappedSegments(
                [(str(one), ROLE_WORDS[one]) for one in Role if one in AT_CENTRE], WIDE - 2 * SIDE
            )
            self.asks.addWidget(self.role)
        if "passphrase" in asks:
            for name in ("passphrase", "again"):
                self._box(name, hidden=True)
        self.end(Text(en="Leave it as it is", zh="不执行"), act, "danger" if danger else "primary")
        (next(iter(self.boxes.values())) if self.boxes else self.role or self.enter).setFocus()

    def _box(self, name: str, hidden: bool = False) -> None:
        made = self.boxes[name] = self.box(_WORDS[name], hidden, high=36)
        made.returnPressed.connect(self.try_it)

    def try_it(self) -> None:
        typed = {name: box.text() for name, box in self.boxes.items()}
        if typed.get("passphrase", "") != typed.pop("again", ""):
            self.fail(Text(en="The two passphrases are not the same.", zh="两次输入的口令不一致。"))
        elif self.role is not None and not self.role.text_now():
            self.fail(Text(en="Choose the role.", zh="请选择角色。"))
        else:
            role = Role(self.role.text_now()) if self.role is not None else None
            given = Said(
                role=role, **{name: one if name == "passphrase" else one.strip() for name, one in typed.items()}
            )
            self.run(Text(en="Writing…", zh="正在写入…"), lambda: self._do(given), lambda _: self.accept())


_WORDS = {
    "id": Text(en="Account, such as dm3; never given twice", zh="账户名，例如 dm3；不可重复使用"),
    "zh": Text(en="Name in Chinese", zh="中文姓名"),
    "en": Text(en="Name in English", zh="英文姓名"),
    "role": Text(en="Role", zh="角色"),
    "passphrase": Text(en="First passphrase, at least 12 characters", zh="初始口令，至少 12 个字符"),
    "again": Text(en="Once more", zh="再次输入"),
}
