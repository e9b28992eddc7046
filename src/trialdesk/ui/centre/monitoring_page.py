"""Monitoring at the centre: shields of a site by participant and visit, medical review, and what the trail shows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QStackedWidget, QVBoxLayout, QWidget

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.services.monitoring_view import FormLine, ShieldRow, SiteMonitoring, columns, form_lines
from trialdesk.ui import look, parts
from trialdesk.ui.boxes import Combo
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.trail_list import TrailList
from trialdesk.ui.shield_forms import FormButton, scrolled
from trialdesk.ui.shields import ShieldMatrix, legend
from trialdesk.ui.visit.entry_line import EntryLine

Done = tuple[AuditRecord, ...] | Refusal


class ViewButton(parts.Button):
    """One of several views; the one in sight is filled."""

    def mark(self, chosen: bool) -> None:
        """Show whether this view is in sight."""
        self._kind = "primary" if chosen else "secondary"
        self.updateGeometry()
        self.update()


class MonitoringPage(CentrePage):
    """One site at a time; its trail is read off the window's thread, which goes on drawing meanwhile."""

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.held: SiteMonitoring | None = None
        self._chosen: tuple[str, FormLine] | None = None
        self._acted = False
        self.site = Combo()
        self.site.setFixedWidth(220)
        for name in work.lists.sites():
            said = work.study.sites.get(name)
            self.site.addItem(f"{name} {look.first(said)}" if said else name, name)
        self.site.currentIndexChanged.connect(lambda _: self.refresh())
        self.site.currentTextChanged.connect(self.site.setToolTip)
        self.site.setToolTip(self.site.currentText())
        self.views = {
            name: ViewButton(words, "secondary", high=30)
            for name, words in (
                ("shields", Text(en="Source verification", zh="源数据核查")),
                ("trail", Text(en="Trail review", zh="稽查轨迹审查")),
            )
        }
        for name, button in self.views.items():
            button.clicked.connect(lambda _=False, view=name: self.show_view(view))
        self.count = parts.words("", "heading")
        self.lapsed = parts.Chip("", "warn", "lapsed")
        self.lapsed.hide()
        self.medical = parts.Chip("", "info", "pulse")
        self.medical.hide()
        plan = work.study.monitoring
        says = plan.words() if plan else _NO_PLAN
        self.plan = parts.words(look.first(says), "small", "ink2", wrap=True)
        self.matrix = ShieldMatrix(columns(work.study), medical=True)
        self.matrix.moved.connect(self._show_forms)
        self.matrix.opened.connect(lambda *_: self._enter())
        self.trail = TrailList(work.study, work.user.role)
        self.trail.reviewed.connect(self._review_trail)
        self.trail.wanted.connect(self.record_wanted.emit)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._shields())
        self.stack.addWidget(self.trail)
        head = parts.row(
            *self.views.values(),
            10,
            self.count,
            self.lapsed,
            self.medical,
            self.busy,
            4,
            self.plan,
            self.site,
            margins=(0, 0, 0, 4),
        )
        head.layout().setStretch(8, 1)  # type: ignore[union-attr]
        down = QVBoxLayout(self)
        down.setContentsMargins(16, 2, 16, 12)
        down.addWidget(head)
        self.told = parts.words("", "small", "ok", wrap=True)
        self.told.hide()
        down.addWidget(self.told)
        down.addWidget(self.stack, 1)
        self.show_view("shields")
        self.refresh()

    def refresh(self) -> None:
        """Read the site again."""
        site = self.site.currentData()
        if site is None or self.work.study.monitoring is None:
            return
        self.busy.run(_READING, lambda told: self.work.monitoring(site, told), self._show)

    def acts(self) -> tuple[HeadAct, ...]:
        if not may(self.work.user.role, Act.RECEIVE):
            return ()
        return (
            HeadAct(Text(en="Visit pack…", zh="制作访视包…"), self._ask_pack, "transfer"),
            HeadAct(Text(en="Take a visit in…", zh="接收访视结果…"), self._ask_results, "inbox", "primary"),
        )

    def write_pack(self, monitor: str, folder: Path) -> None:
        """Write a monitor's pack of the site in sight."""
        site = self.site.currentData()
        self.busy.run(
            _PACKING,
            lambda told: self.work.write_pack(site, monitor, folder, told),
            lambda path: self._tell(_PACKED.format(name=path.name, monitor=monitor), True),
        )

    def take_visits(self, results: list[Path]) -> None:
        """Take in what monitors did, and show it."""
        self.busy.run(_TAKING, lambda told: self.work.take_visits(results, told), self._taken)

    def _taken(self, became: tuple[tuple[str, bool, Text], ...]) -> None:
        says = Text(
            en="  ".join(f"{name}: {told.en}" for name, _, told in became),
            zh="  ".join(f"{name}：{told.zh}" for name, _, told in became),
        )
        self._tell(says, all(fine for _, fine, _ in became))
        self.changed.emit()
        self.refresh()

    def _tell(self, says: Text, fine: bool) -> None:
        self.told.setText(look.first(says))
        parts.tone(self.told, "ok" if fine else "hard")
        self.told.show()

    def _ask_pack(self) -> None:
        known = self.work.monitors()
        if not known:
            self._tell(_NO_MONITOR, False)
            return
        monitor = known[0]
        if len(known) > 1:
            monitor, sure = QInputDialog.getItem(self, look.first(_FOR), look.first(_FOR), list(known), 0, False)
            if not sure:
                return
        folder = QFileDialog.getExistingDirectory(self, look.first(_STICK))
        if folder:
            self.write_pack(monitor, Path(folder))

    def _ask_results(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, look.first(_RESULTS), "", "TrialDesk (*.tdvr)")
        if chosen:
            self.take_visits([Path(name) for name in chosen])

    def key_hints(self) -> Keys:
        return (
            ("↑↓←→", Text(en="move", zh="移动")), ("Enter", Text(en="forms", zh="表单")),
            ("M", Text(en="medical review", zh="医学审核")), ("Esc", Text(en="back", zh="返回")),
        )  # fmt: skip

    def show_view(self, name: str) -> None:
        """Shields or trail."""
        self.stack.setCurrentIndex(list(self.views).index(name))
        for view, button in self.views.items():
            button.mark(view == name)
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to the list in sight."""
        (self.matrix if self.stack.currentIndex() == 0 else self.trail.table).setFocus()

    def form_buttons(self) -> list[FormButton]:
        """The forms beside the matrix."""
        items = (self._forms.itemAt(n) for n in range(self._forms.count()))
        return [item.widget() for item in items if item and isinstance(item.widget(), FormButton)]  # type: ignore[misc]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_M and self.words.isVisible():
            self.words.setFocus()
        elif event.key() == Qt.Key.Key_Escape:
            self.take_focus()
        else:
            super().keyPressEvent(event)

    def _shields(self) -> QWidget:
        foot = parts.row(legend(medical=True), margins=(16, 8, 16, 8))
        card = parts.plane("card", self.matrix, foot, gap=0, margins=(1, 1, 1, 1))
        card.layout().setStretch(0, 1)  # type: ignore[union-attr]
        self._title = parts.words("", "heading")
        self._who = parts.words("", "small", "ink3")
        self._forms = QVBoxLayout()
        self._forms.setContentsMargins(0, 4, 0, 0)
        self._forms.setSpacing(4)
        inner = QWidget()
        inner.setLayout(self._forms)
        self.judged = parts.words("", "small", "ink2", wrap=True)
        self.words = EntryLine(_JUDGEMENT)
        self.words.returnPressed.connect(lambda: self._medical())
        self.do_review = parts.Button(_REVIEW, "primary", "M", shape="pulse", high=32)
        self.do_review.clicked.connect(lambda: self._medical())
        self.said = parts.words("", "small", "hard", wrap=True)
        self.reviewing = parts.column(self.words, parts.row(None, self.do_review), gap=6)
        self.reviewing.hide()
        beside = parts.plane(
            "card", self._title, self._who, scrolled(inner), self.judged, self.reviewing, self.said, gap=4
        )
        beside.layout().setStretch(2, 1)  # type: ignore[union-attr]
        beside.setFixedWidth(290)
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        across.addWidget(card, 1)
        across.addWidget(beside)
        return whole

    def _show(self, held: SiteMonitoring) -> None:
        self.held = held
        tally = held.tally
        self.count.setText(look.first(_COUNT.format(v=tally.verified, n=tally.required)))
        self.lapsed.setVisible(tally.lapsed > 0)
        self.lapsed.show_state(look.first(_LAPSED.format(n=tally.lapsed)), "warn", "lapsed")
        waiting = sum(visit.medical for row in held.rows for visit in row.visits.values())
        self.medical.setVisible(waiting > 0)
        self.medical.show_state(look.first(_WAITING.format(n=waiting)), "info", "pulse")
        self.trail.show_site(held)
        self.matrix.show_rows(held.rows)
        if self._acted:
            # On to the next form that waits, or back to the list.
            self._acted = False
            self.take_focus()
            if self.stack.currentIndex() == 0 and any(one.line.medical is False for one in self.form_buttons()):
                self._enter()

    def _row(self, subject: str) -> ShieldRow:
        assert self.held is not None
        return next(row for row in self.held.rows if row.subject == subject)

    def _show_forms(self, subject: str, column: str) -> None:
        plan = self.work.study.monitoring
        assert plan is not None
        parts.empty(self._forms)
        self._choose(subject, None)
        row = self._row(subject)
        self._title.setText(look.first(next(words for name, words in columns(self.work.study) if name == column)))
        self._who.setText(look.first(_PLACE.format(subject=subject, initials=row.initials, n=row.review.place)))
        for line in form_lines(self.work.study, plan, self.work.data(subject), row.review, column):
            button = FormButton(line, medical=True)
            button.opened.connect(lambda form, who=subject: self.record_wanted.emit(who, form))
            button.chosen.connect(lambda _form, who=subject, one=line: self._choose(who, one))
            button.wants_back.connect(self.matrix.setFocus)
            self._forms.addWidget(button)
        self._forms.addStretch(1)

    def _enter(self) -> None:
        buttons = self.form_buttons()
        waiting = [one for one in buttons if one.line.medical is False]
        if buttons:
            (waiting or buttons)[0].setFocus()

    def _choose(self, subject: str, line: FormLine | None) -> None:
        """What may be done with a form: judge it medically, or take that back."""
        self._chosen = (subject, line) if line is not None else None
        self.said.setText("")
        medical = line is not None and line.medical is not None
        self.reviewing.setVisible(medical and may(self.work.user.role, Act.MEDICAL_REVIEW))
        self.judged.setText("")
        if line is None or not medical:
            return
        if line.reviewed is None:
            self.judged.setText(look.first(_TO_JUDGE.format(form=line.label)))
        else:
            said = _JUDGED.format(user=line.reviewed.user, day=line.reviewed.at[:10], form=line.label)
            words = getattr(line.reviewed.change, "words", "")
            self.judged.setText(look.first(said) + (f"\n{words}" if words else ""))
        self.do_review.say(_REVIEW if line.reviewed is None else _TAKE_BACK)
        self.words.setPlaceholderText(look.first(_JUDGEMENT if line.reviewed is None else _WHY))

    def _medical(self) -> None:
        if self._chosen is None:
            return
        subject, line = self._chosen
        words, reviewed = self.words.text(), line.reviewed
        if reviewed is None:
            self._do(lambda: self.work.review_medically(subject, line.form, words), self.said, self.words)
        else:
            self._do(lambda: self.work.lift_medical_review(subject, reviewed.id, words), self.said, self.words)

    def _review_trail(self, subject: str, words: str) -> None:
        self._do(lambda: self.work.review_trail(subject, words), self.trail.said, self.trail.conclusion)

    def _do(self, act: Callable[[], Done], said: QWidget, typed: EntryLine) -> None:
        """Do an act and read the site again; what stands against it is said, and what was typed stays."""
        try:
            done = act()
        except KnownError as fault:
            said.setText(look.first(fault.text))  # type: ignore[attr-defined]
            return
        if isinstance(done, Refusal):
            said.setText(look.first(done.says))  # type: ignore[attr-defined]
            return
        said.setText("")  # type: ignore[attr-defined]
        typed.clear()
        self._acted = True
        self.refresh()
        self.changed.emit()


_NO_PLAN = Text(
    en="The study has no monitoring plan. Add monitoring.yaml to the study and make a new release.",
    zh="研究没有监查计划。请在研究文件夹中添加 monitoring.yaml 并发布新版本。",
)
_PACKING = Text(en="Writing the pack", zh="正在制作访视包")
_PACKED = Text(en="{name} is written; only {monitor} can open it.", zh="已写出 {name}，仅 {monitor} 可打开。")
_TAKING = Text(en="Taking in", zh="正在接收")
_FOR = Text(en="Pack for which monitor", zh="为哪位监查员制作")
_STICK = Text(en="Stick for the monitor", zh="监查员的 U 盘")
_RESULTS = Text(en="Results of visits", zh="访视结果")
_NO_MONITOR = Text(
    en="The centre knows no monitor yet. Enter one first: trialdesk centre add-monitor FOLDER REQUEST",
    zh="中心尚未登记监查员。请先登记：trialdesk centre add-monitor FOLDER REQUEST",
)
_READING = Text(en="Reading the site", zh="正在读取")
_COUNT = Text(en="{v} of {n} verified", zh="已核查 {v} / {n}")
_LAPSED = Text(en="{n} lapsed", zh="{n} 项失效")
_WAITING = Text(en="medical reviews to do: {n}", zh="待医学审核 {n} 份")
_PLACE = Text(en="{subject} {initials}, enrolled as number {n}", zh="{subject} {initials}，第 {n} 位入组")
_TO_JUDGE = Text(en="{form} waits for its medical review.", zh="{form}待医学审核。")
_JUDGED = Text(
    en="{form}: reviewed medically by {user} on {day}, as it stands.",
    zh="{form}：{user} 于 {day} 完成医学审核，内容未变。",
)
_JUDGEMENT = Text(en="Judgement (may stay empty)", zh="审核意见（可不填）")
_WHY = Text(en="Why it is taken back", zh="撤销原因")
_REVIEW = Text(en="Medically reviewed", zh="完成医学审核")
_TAKE_BACK = Text(en="Take the review back", zh="撤销医学审核")
