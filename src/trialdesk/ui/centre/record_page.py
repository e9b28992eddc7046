"""A participant's answers as the centre holds them: forms, answers, and what was said about the chosen one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from trialdesk.domain.actions.form_conditions import FormAct
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.clinical.form_status import STATUS_WORDS, FormStatus
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.centre_record import HeldAnswer, HeldForm, held_form, held_forms
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui import look, parts
from trialdesk.ui.centre.asking import Question
from trialdesk.ui.centre.field_card import field_parts
from trialdesk.ui.centre.page import CentrePage, HeadAct, Keys
from trialdesk.ui.centre.place_words import form_words
from trialdesk.ui.centre.table import Cell, Table


class RecordPage(CentrePage):
    """Read-only; asks queries about the chosen field, and freezes, thaws, locks and unlocks the chosen form."""

    back_wanted = Signal()

    def __init__(self, work: CentreAtWork) -> None:
        super().__init__(work)
        self.subject = ""
        self.data: SubjectData | None = None
        self.forms: tuple[HeldForm, ...] = ()
        self.answers: tuple[HeldAnswer, ...] = ()
        self.picked: tuple[ItemPath, ...] = ()
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 2, 16, 12)
        across.setSpacing(12)
        self.who = QHBoxLayout()
        who = QWidget()
        who.setLayout(self.who)
        self.who.setContentsMargins(12, 8, 12, 4)
        self.form_list = Table((Text(en="Form", zh="表单"), Text(en="State", zh="状态")), (0, 104), high=46)
        self.form_list.chosen.connect(self._choose_form)
        self.form_list.opened.connect(lambda _: self.table.setFocus())
        left = parts.plane("card", who, self.form_list, gap=0, margins=(1, 1, 1, 8))
        left.setFixedWidth(316)
        across.addWidget(left)
        self.title = parts.words("", "heading")
        self.table = Table(_HEADS, (0, 200, 150), high=46)
        self.table.chosen.connect(self._choose_field)
        self._acts = QHBoxLayout()
        self._acts.setSpacing(8)
        acts = QWidget()
        acts.setLayout(self._acts)
        self._acts.setContentsMargins(0, 0, 0, 0)
        head = parts.row(self.title, None, acts, margins=(16, 8, 12, 6))
        across.addWidget(parts.plane("card", head, self.table, gap=0, margins=(1, 1, 1, 8)), 1)
        self._beside = QVBoxLayout()
        self._beside.setContentsMargins(0, 0, 6, 0)
        self._beside.setSpacing(8)
        inner = QWidget()
        inner.setProperty("clear", "true")
        inner.setLayout(self._beside)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.question = Question(Text(en="Ask the site about this field…", zh="就此字段提出质疑…"))
        self.question.sent.connect(lambda: self.ask(draft=False))
        self.send = parts.Button(_ASK, "primary", key="Ctrl Enter", high=32)
        self.draft = parts.Button(Text(en="Draft", zh="存为待发"), high=32)
        self.send.clicked.connect(lambda _=False: self.ask(draft=False))
        self.draft.clicked.connect(lambda _=False: self.ask(draft=True))
        self.said = parts.words("", "small", "hard", wrap=True)
        self._asking = parts.column(self.question, parts.row(self.send, self.draft, None), gap=6)
        self._asking.setSizePolicy(self.question.sizePolicy())
        self._asking.setVisible(may(work.user.role, Act.OPEN_QUERY))
        right = parts.plane("card", area, self._asking, self.said, gap=8, margins=(14, 10, 10, 10))
        right.setFixedWidth(346)
        across.addWidget(right)

    # -- what is shown

    def open(self, subject: str, place: ItemPath | FormPath | None = None) -> None:
        """Show a participant at a field or a form, else at the first form; raises KnownError for nobody."""
        if subject != self.subject:
            self.picked = ()
            self.send.say(_ASK)
        self.subject = subject
        self._read()
        form = place.form_path if isinstance(place, ItemPath) else place
        if form is not None and form not in {one.form for one in self.forms}:
            self.forms = (*self.forms, HeldForm(form, FormStatus.EMPTY, False, False, 0, 0, 0))
        self._show_forms(form)
        if isinstance(place, ItemPath):
            self.mark(place)

    def refresh(self) -> None:
        """Read again what is held, and stay at the field."""
        if self.subject:
            form, field = self.form(), self.field()
            self._read()
            self._show_forms(form.form if form else None)
            if field is not None:
                self.mark(field.path)

    def mark(self, path: ItemPath) -> None:
        """Choose the field of a place on the form that is shown."""
        row = next((index for index, one in enumerate(self.answers) if one.path == path), None)
        if row is not None:
            self.table.selectRow(row)
            self.table.scrollTo(self.table.lines.index(row, 0), self.table.ScrollHint.PositionAtCenter)

    def form(self) -> HeldForm | None:
        """The form chosen."""
        row = self.form_list.row()
        return self.forms[row] if 0 <= row < len(self.forms) else None

    def field(self) -> HeldAnswer | None:
        """The field chosen."""
        row = self.table.row()
        return self.answers[row] if 0 <= row < len(self.answers) else None

    def key_hints(self) -> Keys:
        return (
            ("Tab", Text(en="forms, answers, question", zh="表单、答案、质疑")),
            ("Space", Text(en="several fields in one query", zh="多字段质疑")), ("Esc", Text(en="back", zh="返回")),
        )  # fmt: skip

    def acts(self) -> tuple[HeadAct, ...]:
        back = HeadAct(Text(en="Back", zh="返回"), self.back_wanted.emit, "left")
        if not may(self.work.user.role, Act.FREEZE):
            return (back,)
        return (
            HeadAct(Text(en="Freeze all ready…", zh="批量冻结…"), lambda: self.act_on_all("freeze")),
            HeadAct(Text(en="Lock all ready…", zh="批量锁定…"), lambda: self.act_on_all("lock"), "locked"), back,
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back_wanted.emit()
            return
        if event.key() == Qt.Key.Key_Space and self.focusWidget() is self.table:
            self.toggle()
            return
        super().keyPressEvent(event)

    # -- acts

    def ask(self, draft: bool) -> None:
        """Ask the site about the chosen field, or draft the query."""
        field = self.field()
        if field is None:
            return
        done = self.work.ask(self.subject, self.picked or (field.path,), self.question.says(), draft)
        if isinstance(done, Refusal):
            self.said.setText(look.first(done.says))
            return
        self.question.put("")
        self.picked = ()
        self.send.say(_ASK)
        self.refresh()
        self.changed.emit()

    def act(self, act: FormAct) -> None:
        """Freeze, thaw, lock or unlock the chosen form, after its conditions were shown."""
        from trialdesk.ui.centre.form_act_dialog import FormActDialog

        form = self.form()
        if form is None or self.data is None:
            return
        dialog = FormActDialog(self.work, self.data, form.form, act, self)
        if dialog.exec():
            self.refresh()
            self.changed.emit()

    def act_on_all(self, act: FormAct) -> None:
        """Freeze, thaw or lock every form of the participant that is ready."""
        from trialdesk.ui.centre.forms_act_dialog import FormsActDialog

        if self.data is None:
            return
        forms = tuple(one.form for one in self.forms if one.status is not FormStatus.EMPTY and not one.struck)
        dialog = FormsActDialog(self.work, self.data, forms, act, self)
        dialog.exec()
        if dialog.recorded:
            self.refresh()
            self.changed.emit()

    def toggle(self) -> None:
        """Take the chosen field into the next query, or out of it: one query may ask about several fields."""
        field = self.field()
        if field is None:
            return
        self.picked = (
            tuple(path for path in self.picked if path != field.path)
            if field.path in self.picked
            else (*self.picked, field.path)
        )
        row = self.table.row()
        self.table.show_lines([self._cells(one) for one in self.answers])
        self.table.selectRow(row)
        self.send.say(_ASK_MANY.format(n=len(self.picked)) if self.picked else _ASK)

    # -- inside

    def _read(self) -> None:
        self.data = self.work.data(self.subject)
        self.forms = tuple(sorted(held_forms(self.data), key=self._order))
        parts.empty(self.who)
        site = self.data.enrolled.site if self.data.enrolled else ""
        said = Text(en="site {site}, {n} forms", zh="中心 {site}，表单 {n} 份").format(site=site, n=len(self.forms))
        self.who.addWidget(parts.Plate(self.subject))
        self.who.addWidget(parts.column(
            parts.words(self.data.initials, "heading"), parts.words(look.first(said), "small", "ink3"), gap=0,
        ))  # fmt: skip
        self.who.addStretch(1)

    def _order(self, held: HeldForm) -> tuple[int, int, int]:
        """The order of the study: its events, their numbers, their forms."""
        study, form = self.work.study, held.form
        event = study.event.get(form.event)
        if event is None:
            return len(study.events), form.repeat, 0
        at = event.forms.index(form.form) if form.form in event.forms else len(event.forms)
        return study.events.index(event), form.repeat, at

    def _show_forms(self, form: FormPath | None) -> None:
        self.form_list.blockSignals(True)
        self.form_list.show_lines([self._form_cells(one) for one in self.forms])
        row = next((index for index, one in enumerate(self.forms) if one.form == form), 0)
        if self.forms:
            self.form_list.selectRow(row)
        self.form_list.blockSignals(False)
        self._choose_form(row if self.forms else -1)

    def _form_cells(self, one: HeldForm) -> list[Cell]:
        form, _, event = form_words(self.work.study, one.form).rpartition("，" if look.language() == "zh" else ", ")
        counts = [look.first(_ASKED.format(n=one.queries))] if one.queries else []
        if one.verified:
            counts.append(f"SDV {one.verified}/{one.answers}")
        if one.struck:
            counts.append(look.first(_STRUCK))
        elif one.frozen:
            counts.append(look.first(_FROZEN))
        tone = {"changed": "hard", "draft": "warn", "signed": "ok", "locked": "ok"}.get(str(one.status), "ink2")
        return [Cell(form, event), Cell(look.first(STATUS_WORDS[one.status]), "  ".join(counts), tone=tone)]

    def _choose_form(self, row: int) -> None:
        parts.empty(self._acts)
        held = self.forms[row] if 0 <= row < len(self.forms) else None
        if held is None or self.data is None:
            self.answers = ()
            self.title.setText(look.first(_NOTHING))
            self.table.show_lines([])
            self._choose_field(-1)
            return
        self.title.setText(form_words(self.work.study, held.form))
        self.answers = held_form(self.work.rules, self.data, held.form, self.work.now().date())
        for act in self._offered(held):
            button = parts.Button(ACTS[act], high=30, shape="locked" if "lock" in act else None)
            button.clicked.connect(lambda _=False, chosen=act: self.act(chosen))
            self._acts.addWidget(button)
        self.table.show_lines([self._cells(one) for one in self.answers])

    def _offered(self, held: HeldForm) -> tuple[FormAct, ...]:
        if not may(self.work.user.role, Act.FREEZE):
            return ()
        if held.status is FormStatus.LOCKED:
            return ("unlock",)
        return ("thaw" if held.frozen else "freeze", "lock")

    def _cells(self, one: HeldAnswer) -> list[Cell]:
        row = f" {one.row}" if one.row else ""
        value = look.first(one.value) if one.value else "–"
        unit = f" {one.unit}" if one.unit and one.value else ""
        quiet = one.state in ("skipped", "ghost", "struck", "parked")
        state = look.first(STATE_WORDS[one.state]) if one.state != "asked" else ""
        tone = "ink3" if quiet or one.value is None else "hard" if one.state == "disputed" else "ink"
        waiting = sum(1 for query in one.queries if query.state in ("Open", "Answered"))
        marks = [f"● {look.first(_PICKED)}"] if one.path in self.picked else []
        if waiting:
            marks.append(look.first(_ASKED.format(n=waiting)))
        open_findings = [finding for finding in one.findings if not finding.settled]
        if open_findings:
            marks.append(look.first(_FINDINGS.format(n=len(open_findings))))
        if one.verified is not None:
            marks.append("SDV")
        mark = "query" if waiting or one.path in self.picked else "warn" if open_findings else "ok"
        return [
            Cell(look.first(one.label), look.first(one.section) + row, tone="ink3" if quiet else "ink"),
            Cell(value + unit, state or (one.entry.record.local_time.strftime("%Y-%m-%d %H:%M") if one.entry else " "),
                 tone=tone, strong=not quiet),
            Cell("  ".join(marks), tone=mark),
        ]  # fmt: skip

    def _choose_field(self, row: int) -> None:
        parts.empty(self._beside)
        self.said.setText("")
        field = self.answers[row] if 0 <= row < len(self.answers) else None
        self._asking.setEnabled(field is not None)
        if field is not None and self.data is not None:
            for part in field_parts(self.work.study, self.data, field):
                self._beside.addWidget(part)
        self._beside.addStretch(1)


ACTS: dict[FormAct, Text] = {
    "freeze": Text(en="Freeze…", zh="冻结…"), "thaw": Text(en="Thaw…", zh="解冻…"),
    "lock": Text(en="Lock…", zh="锁定…"), "unlock": Text(en="Unlock…", zh="解锁…"),
}  # fmt: skip
STATE_WORDS = {
    "skipped": Text(en="not asked", zh="未询问"), "parked": Text(en="parked: not asked any more", zh="暂存：已不再询问"),
    "struck": Text(en="struck out", zh="已划去"), "disputed": Text(en="disputed: laptops differ", zh="有争议：工作站不一致"),
    "ghost": Text(en="not on the form now", zh="表单现无此项"),
}  # fmt: skip
_ASK = Text(en="Ask", zh="提出质疑")
_ASK_MANY = Text(en="Ask about {n} fields", zh="质疑 {n} 个字段")
_PICKED = Text(en="in the query", zh="列入质疑")
_HEADS = (Text(en="Field", zh="字段"), Text(en="Answer", zh="答案"), Text(en="Marks", zh="标记"))
_ASKED, _FINDINGS = Text(en="queries {n}", zh="质疑 {n}"), Text(en="findings {n}", zh="提示 {n}")
_STRUCK, _FROZEN = Text(en="struck out", zh="已划去"), Text(en="frozen", zh="已冻结")
_NOTHING = Text(en="No answers are held.", zh="尚无数据。")
