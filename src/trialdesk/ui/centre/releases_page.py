"""Study releases: those given out and who holds them; a new one is looked at participant by participant, then given out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.services.release_view import ChangeLine, DryRun, EffectLine, GivenRelease, ReleaseHolder, Terms
from trialdesk.ui import look, parts
from trialdesk.ui.centre.choosers import DayBox, RuleBoxes, Tick
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.place_words import form_words
from trialdesk.ui.centre.table import Cell, Table


class ReleasesPage(CentrePage):
    """Two views: the releases given out, and the dry run of a new one; Esc leads from the second to the first."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.given: tuple[GivenRelease, ...] = ()
        self.dry: DryRun | None = None
        self.stack = QStackedWidget()
        self.stack.addWidget(self._given_view())
        today = work.now().date()
        self.approved, self.effective = DayBox(today, _APPROVED), DayBox(today, _EFFECTIVE)
        self.sites = {site: Tick(Text(en=site, zh=site)) for site in work.enrolled_sites()}
        for box in self.sites.values():
            box.setChecked(True)
        self.rule = RuleBoxes(work.study)
        self.looked: Terms | None = None
        self.said = parts.words("", "text", "ok", wrap=True)
        self.said.hide()
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.setSpacing(8)
        for one in (self.busy, self.said):
            down.addWidget(one)
        down.addWidget(self.stack, 1)
        self.refresh()

    def _given_view(self) -> QWidget:
        self.table = Table(_GIVEN_HEADS, (120, 190, 150, 110, 130, 0), high=40)
        self.table.chosen.connect(self._choose)
        head = parts.row(parts.words(look.first(_GIVEN), "heading"), None, margins=(16, 10, 16, 6))
        above = parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8))
        self.holders = Table(_HOLDER_HEADS, (80, 110, 110, 110, 110, 150, 0), high=36).say_when_empty(_NO_HOLDER)
        self.whose = parts.words("", "heading")
        head = parts.row(self.whose, None, margins=(16, 10, 16, 6))
        below = parts.plane("card", head, self.holders, gap=0, margins=(1, 1, 1, 8))
        view = QWidget()
        down = QVBoxLayout(view)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(12)
        down.addWidget(above, 2)
        down.addWidget(below, 3)
        return view

    def _dry_view(self) -> QWidget:
        self.title = parts.words("", "heading", wrap=True)
        self.effects = Table(_EFFECT_HEADS, (124, 84, 0, 176, 190, 84), high=43)
        self.effects.opened.connect(self._open)
        head = parts.row(self.title, margins=(16, 10, 16, 6))
        left = parts.plane("card", head, self.effects, gap=0, margins=(1, 1, 1, 8))
        self.changes = Table(_CHANGE_HEADS, (74, 90, 0), high=40).say_when_empty(_NO_CHANGE)
        right = parts.plane("card", self.changes, gap=0, margins=(1, 1, 1, 8))
        right.setFixedWidth(346)
        self.do_it = parts.Button(Text(en="Give out…", zh="发布…"), "primary", shape="above")
        self.do_it.clicked.connect(lambda _=False: self.give())
        leave = parts.Button(Text(en="Leave it", zh="不发布"), key="Esc")
        leave.clicked.connect(lambda _=False: self.back())
        self.wrong = parts.words("", "small", "hard", wrap=True)
        terms = parts.row(
            parts.words(look.first(_APPROVED), "small", "ink2"), self.approved,
            parts.words(look.first(_EFFECTIVE), "small", "ink2"), self.effective,
            parts.words(look.first(_SITES), "small", "ink2"), *self.sites.values(), None, leave, self.do_it, gap=8,
        )  # fmt: skip
        again = parts.Button(Text(en="Look again", zh="重新试算"), shape="search")
        again.clicked.connect(lambda _=False: self.dry is not None and self.look_at(self.dry.folder))
        for_whom = parts.row(parts.words(look.first(_FOR), "small", "ink2"), *self.rule.boxes, None, again, gap=8)
        foot = parts.plane("card", terms, for_whom, self.wrong, gap=6)
        view = QWidget()
        down = QVBoxLayout(view)
        down.setContentsMargins(0, 0, 0, 0)
        down.setSpacing(12)
        across = parts.row(left, right, gap=12)
        across.layout().setStretch(0, 1)  # type: ignore[union-attr]
        down.addWidget(across, 1)
        down.addWidget(foot)
        return view

    # -- the frame

    def acts(self) -> tuple[HeadAct, ...]:
        if self.stack.currentIndex() or not may(self.work.user.role, Act.RELEASE):
            return ()
        return (
            HeadAct(
                Text(en="Look at a new release…", zh="查看新版本…"), self._ask_folder, "search", "primary", "Ctrl+O"
            ),
        )

    def key_hints(self) -> Keys:
        return (
            ("↑ ↓", Text(en="choose", zh="选择")), ("Ctrl O", Text(en="look at a release", zh="查看新版本")),
            ("Esc", Text(en="back", zh="返回")),
        )  # fmt: skip

    def take_focus(self) -> None:
        (self.effects if self.stack.currentIndex() else self.table).setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.stack.currentIndex():
            self.back()
            return
        super().keyPressEvent(event)

    def refresh(self) -> None:
        """Read again what was given out and who has confirmed it."""
        self.given = self.work.releases()
        self.table.show_lines([self._given_cells(one) for one in self.given])

    # -- given out

    def _given_cells(self, one: GivenRelease) -> list[Cell]:
        held = sum(1 for holder in one.holders if holder.holding != "on its way")
        every = Text(en="with every workstation from the start", zh="随工作站初始安装")
        says = Text(en="{h} of {n} workstations hold it", zh="{n} 台工作站中 {h} 台已持有").format(
            h=held, n=len(one.holders)
        )
        effective = sorted({holder.effective for holder in one.holders})
        return [
            Cell(one.version, strong=True),
            Cell(f"{one.fingerprint[:16]}…", tone="ink3"),
            Cell(one.given[:16].replace("T", " ") or "–", one.by),
            Cell((one.holders[0].approved if one.holders else "") or "–"),
            Cell(" / ".join(filter(None, effective)) or "–"),
            Cell(
                look.first(says if one.holders else every),
                look.first(Text(en="the centre works by it", zh="本中心现行版本")) if one.runs else "",
                tone="ok" if held == len(one.holders) else "warn",
            ),
        ]

    def _choose(self, row: int) -> None:
        one = self.given[row]
        self.whose.setText(
            look.first(Text(en="Release {v} by workstation", zh="版本 {v} 各工作站").format(v=one.version))
        )
        self.holders.show_lines([self._holder_cells(holder) for holder in one.holders])

    def _holder_cells(self, one: ReleaseHolder) -> list[Cell]:
        word, tone = _HOLDING[one.holding]
        return [
            Cell(one.site, strong=True), Cell(one.origin), Cell(one.approved), Cell(one.effective),
            Cell(look.first(word), tone=tone, strong=True), Cell(one.since[:16].replace("T", " "), tone="ink3"),
            Cell(look.first(one.terms)),
        ]  # fmt: skip

    # -- a new one

    def _ask_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, look.first(_FOLDER))
        if folder:
            self.look_at(Path(folder))

    def look_at(self, folder: Path) -> None:
        """Show what the release in a study folder would change for each participant; nothing is written."""
        self.said.hide()
        self._make_dry_view()
        terms = self.looked = self.terms()
        self.busy.run(_LOOKING, lambda told: self.work.look_at_release(folder, terms, told), self._looked)

    def _make_dry_view(self) -> None:
        if self.stack.count() == 1:
            self.stack.addWidget(self._dry_view())

    def terms(self) -> Terms:
        """The terms as they stand on the page."""
        ticked = tuple(site for site, box in self.sites.items() if box.isChecked())
        return Terms(
            self.approved.day(),
            self.effective.day(),
            () if len(ticked) in (0, len(self.sites)) else ticked,
            self.rule.rule(),
        )

    def _looked(self, dry: DryRun) -> None:
        self.dry = dry
        says = Text(
            en="Dry run: release {new} beside {old}, {n} differences, {p} participants. Nothing is written yet.",
            zh="试运行：版本 {new} 与 {old} 相比，差异 {n} 处，受试者 {p} 名。尚未写入任何内容。",
        ).format(new=dry.new, old=dry.old, n=len(dry.changes), p=len(dry.effects))
        self.title.setText(f"{look.first(says)}\n{look.first(dry.terms)}")
        initials = self.work.lists.initials({one.subject for one in dry.effects})
        self.effects.show_lines([self._effect_cells(one, initials) for one in dry.effects])
        self.changes.show_lines([_change_cells(one) for one in dry.changes])
        again = any(one.fingerprint == dry.fingerprint and one.given for one in self.given)
        self.do_it.forbid(None if dry.changes or again else _SAME)
        self.wrong.setText("" if dry.changes else look.first(_AGAIN if again else _SAME))
        self.stack.setCurrentIndex(1)
        self.effects.setFocus()
        self.acts_changed.emit()

    def _effect_cells(self, one: EffectLine, initials: dict[str, str]) -> list[Cell]:
        more = f"+{one.new_findings} −{one.gone_findings}"
        return [
            Cell(one.subject, initials.get(one.subject, ""), plate=True),
            Cell(one.version),
            Cell(look.first(one.says)),
            Cell(str(len(one.drafts)), self._places(one.drafts), tone="warn" if one.drafts else "ink3"),
            Cell(str(len(one.finished)), self._places(one.finished), tone="ink" if one.finished else "ink3"),
            Cell(more, tone="warn" if one.new_findings else "ink3"),
        ]

    def _places(self, forms: tuple[str, ...]) -> str:
        return "; ".join(form_words(self.work.study, FormPath.parse(form)) for form in forms)

    def _open(self, row: int) -> None:
        if self.dry is not None:
            one = self.dry.effects[row]
            touched = (*one.drafts, *one.finished)
            self.record_wanted.emit(one.subject, FormPath.parse(touched[0]) if touched else None)

    def give(self) -> None:
        """Give the release that was looked at out to the sites ticked."""
        if self.dry is None:
            return
        if not any(box.isChecked() for box in self.sites.values()):
            self.wrong.setText(look.first(_NO_SITE))
            return
        if self.terms() != self.looked:
            self.wrong.setText(look.first(_TERMS_CHANGED))
            return
        try:
            to = self.work.give_out(self.dry.folder, self.terms())
        except KnownError as fault:
            self.wrong.setText(look.first(fault.text))
            return
        says = Text(
            en="Release {v} goes to {n} workstations with their next receipts: {who}.",
            zh="版本 {v} 将随下一份回执发往 {n} 台工作站：{who}。",
        ).format(v=self.dry.new, n=len(to), who=", ".join(to))
        self.said.setText(look.first(says))
        self.said.show()
        self.back()
        self.refresh()
        self.changed.emit()

    def back(self) -> None:
        """From the dry run to the releases given out."""
        self.stack.setCurrentIndex(0)
        self.table.setFocus()
        self.acts_changed.emit()


def _change_cells(one: ChangeLine) -> list[Cell]:
    word, tone = _ACTS[one.act]
    return [Cell(look.first(word), tone=tone), Cell(look.first(_KINDS[one.what])), Cell(one.name, one.place)]


_GIVEN = Text(en="Given out", zh="已发布版本")
_GIVEN_HEADS = (
    Text(en="Version", zh="版本"), Text(en="Fingerprint", zh="指纹"), Text(en="Given out (UTC)", zh="发布时间（UTC）"),
    Text(en="Approved", zh="伦理批准"), Text(en="In effect from", zh="生效日期"), Text(en="Held by receipt", zh="回执确认"),
)  # fmt: skip
_HOLDER_HEADS = (
    Text(en="Site", zh="中心"), Text(en="Workstation", zh="工作站"), Text(en="Approved", zh="伦理批准"),
    Text(en="In effect from", zh="生效日期"), Text(en="State", zh="状态"), Text(en="Since (UTC)", zh="时间（UTC）"),
    Text(en="Rule", zh="生效规则"),
)  # fmt: skip
_EFFECT_HEADS = (
    Text(en="Participant", zh="受试者"), Text(en="Now under", zh="现行版本"), Text(en="In effect", zh="生效情况"),
    Text(en="Drafts that ask more", zh="将增加字段的草稿"), Text(en="Finished, stay so", zh="保持完成的表单"),
    Text(en="Findings", zh="提示增减"),
)  # fmt: skip
_CHANGE_HEADS = (Text(en="Change", zh="变更"), Text(en="What", zh="类型"), Text(en="Name", zh="名称"))
_HOLDING = {
    "adopted": (Text(en="asks by it", zh="已启用"), "ok"), "received": (Text(en="received", zh="已收到"), "info"),
    "on its way": (Text(en="on its way", zh="待送达"), "warn"),
}  # fmt: skip
_ACTS = {
    "added": (Text(en="added", zh="新增"), "ok"), "removed": (Text(en="removed", zh="删除"), "hard"),
    "changed": (Text(en="changed", zh="修改"), "warn"),
}  # fmt: skip
_KINDS = {
    "event": Text(en="visit", zh="访视"), "form": Text(en="form", zh="表单"), "item": Text(en="field", zh="字段"),
    "code": Text(en="code", zh="选项"), "rule": Text(en="rule", zh="规则"), "parameter": Text(en="setting", zh="参数"),
}  # fmt: skip
_FOLDER = Text(en="Folder of the new study release", zh="新版本的研究文件夹")
_LOOKING = Text(en="Reading every casebook beside the new release", zh="正在用新版本逐份比对病例")
_APPROVED, _EFFECTIVE = Text(en="Ethics approval", zh="伦理批准日期"), Text(en="In effect from", zh="生效日期")
_SITES = Text(en="Sites", zh="发布中心")
_SAME = Text(en="This release is the one that runs. There is nothing to give out.", zh="该版本即现行版本，无需发布。")
_NO_CHANGE = Text(en="No difference.", zh="无差异。")
_NO_HOLDER = Text(en="No workstation is enrolled yet.", zh="尚未登记工作站。")
_FOR = Text(en="For", zh="适用于")
_TERMS_CHANGED = Text(
    en="The terms were changed since they were looked at. Look again, then give out.",
    zh="发布条件已修改，请重新试算后再发布。",
)
_AGAIN = Text(
    en="This release was given out before. Given out again, its new terms take the place of the former.",
    zh="该版本此前已发布。再次发布时，新的条件取代原条件。",
)
_NO_SITE = Text(en="Tick at least one site.", zh="请至少勾选一家中心。")
