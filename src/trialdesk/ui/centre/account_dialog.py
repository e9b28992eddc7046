"""What an administrator says of an account: its id and name, its role, its first passphrase, each where it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import AT_CENTRE, ROLE_WORDS, Role
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.ui import job, look, parts
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


class AccountDialog(QDialog):
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
        super().__init__(parent)
        self._do = do
        self.setWindowTitle(look.first(title))
        self.setFixedWidth(WIDE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        layout.addWidget(parts.bilingual(title, "title"))
        layout.addWidget(parts.words(look.first(says), "text", "ink2", wrap=True))
        self.boxes: dict[str, QLineEdit] = {}
        self.role: WrappedSegments | None = None
        if "id" in asks:
            for name in ("id", "zh", "en"):
                self._box(name, layout)
        if "role" in asks:
            layout.addWidget(parts.words(look.first(_WORDS["role"]), "smallstrong", "ink2"))
            self.role = WrappedSegments([(str(one), ROLE_WORDS[one]) for one in Role if one in AT_CENTRE], WIDE - 48)
            layout.addWidget(self.role)
        if "passphrase" in asks:
            for name in ("passphrase", "again"):
                self._box(name, layout).setEchoMode(QLineEdit.EchoMode.Password)
        self.said = parts.words("", "text", "hard", wrap=True)
        self.said.hide()
        layout.addWidget(self.said)
        leave = parts.Button(Text(en="Leave it as it is", zh="不执行"), key="Esc")
        leave.clicked.connect(self.reject)
        self.enter = parts.Button(act, "danger" if danger else "primary", "Enter")
        self.enter.clicked.connect(self._try)
        layout.addWidget(parts.row(None, leave, self.enter))
        self._fit()
        (next(iter(self.boxes.values())) if self.boxes else self.role or self.enter).setFocus()

    def _box(self, name: str, layout: QVBoxLayout) -> QLineEdit:
        layout.addWidget(parts.words(look.first(_WORDS[name]), "smallstrong", "ink2"))
        box = self.boxes[name] = QLineEdit()
        box.setFixedHeight(36)
        box.setAccessibleName(look.both(_WORDS[name]))
        box.returnPressed.connect(self._try)
        layout.addWidget(box)
        return box

    def _try(self) -> None:
        typed = {name: box.text() for name, box in self.boxes.items()}
        if typed.get("passphrase", "") != typed.pop("again", ""):
            self._fail(Text(en="The two passphrases are not the same.", zh="两次输入的口令不一致。"))
        elif self.role is not None and not self.role.text_now():
            self._fail(Text(en="Choose the role.", zh="请选择角色。"))
        elif self.enter.isEnabled():
            role = Role(self.role.text_now()) if self.role is not None else None
            given = Said(
                role=role, **{name: one if name == "passphrase" else one.strip() for name, one in typed.items()}
            )
            self.enter.forbid(Text(en="Writing…", zh="正在写入…"))
            job.start(self, lambda: self._do(given), lambda _: self.accept(), self._refused)

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


_WORDS = {
    "id": Text(en="Account, such as dm3; never given twice", zh="账户名，例如 dm3；不可重复使用"),
    "zh": Text(en="Name in Chinese", zh="中文姓名"),
    "en": Text(en="Name in English", zh="英文姓名"),
    "role": Text(en="Role", zh="角色"),
    "passphrase": Text(en="First passphrase, at least 12 characters", zh="初始口令，至少 12 个字符"),
    "again": Text(en="Once more", zh="再次输入"),
}
