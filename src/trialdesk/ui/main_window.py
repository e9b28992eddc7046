"""The desk's window: one place at a time, the same frame round all of them."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.desk import OpenDesk
from trialdesk.services.finder import Finder
from trialdesk.services.worklist import summary
from trialdesk.storage.audit_trail import Verdict
from trialdesk.storage.place_store import ResumePoint
from trialdesk.ui import look, parts, training_frame, window_acts, window_help, window_papers
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.covering import Covering
from trialdesk.ui.field_row import FieldRow
from trialdesk.ui.form_wizard import NARROW, FormWizard
from trialdesk.ui.frame import Alarm, NavigationRail, StatusBar, Strip
from trialdesk.ui.palette import Palette
from trialdesk.ui.participant_list import ParticipantList
from trialdesk.ui.status_keys import field_keys
from trialdesk.ui.today_view import TodayView
from trialdesk.ui.transfer_view import TransferView, centre_sentence

_OPEN = ("Enter", Text(en="open", zh="打开"))


class MainWindow(QWidget):
    """Holds an open desk; `locked` and `language_wanted` are answered by whoever made the window."""

    locked = Signal()
    closed = Signal()
    language_wanted = Signal(str)
    theme_wanted = Signal()

    def __init__(self, desk: OpenDesk) -> None:
        super().__init__()
        self.desk = desk
        self.setWindowTitle(f"TrialDesk  {look.first(desk.study.name)}")
        self.setMinimumSize(1080, 600)
        self.resize(1366, 768)
        self.subject: str | None = None
        self.view: QWidget | None = None
        self._saved_at: str | None = None
        self._seals: bool | None = None
        self._alarm: Text | None = None
        self._frozen = False
        self.palette_open: Palette | None = None
        self.covering = Covering(self)
        self.finder = Finder(desk, window_acts.COMMANDS)
        self._outer = QVBoxLayout(self)
        edge = training_frame.EDGE if desk.is_training else 0
        self._outer.setContentsMargins(edge, edge, edge, edge)
        self._outer.setSpacing(0)
        self._build()
        for keys, act in window_acts.shortcuts():
            self.covering.add_key(keys, lambda act=act: act(self))
        self.covering.add_key("Ctrl+S", self._answer_saved)
        self._start()

    def _build(self) -> None:
        self._whole = QWidget()
        column = QVBoxLayout(self._whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.alarm = Alarm()
        column.addWidget(self.alarm)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        column.addLayout(middle, 1)
        self.rail = NavigationRail(self.desk.session.user.role)
        self.rail.chosen.connect(self._go)
        middle.addWidget(self.rail)
        self._place = QVBoxLayout()
        self._place.setSpacing(0)
        middle.addLayout(self._place, 1)
        self.status = StatusBar()
        column.addWidget(self.status)
        self._outer.addWidget(self._whole)
        self._show_centre()
        self.show_backup()
        self.status.show_seals(self._seals)
        if self._alarm is not None:
            self.alarm.say(self._alarm)

    def _start(self) -> None:
        """Go back to where this person was, or to the list."""
        points = self.desk.places.open(self.desk.session.user.id)
        known = self.desk.subjects() if self.sees_participants else ()
        point = next((p for p in points if p.subject in known and p.form.form in self.desk.study.form), None)
        if point is not None:
            self.open_form(point.subject, point.form, point)
        else:
            window_acts.begin(self)

    # -- places

    def _show(self, view: QWidget, strip: Strip, name: str) -> None:
        # Words that wrap are laid out once where the place has its size before it is shown.
        view.resize(self.width() - self.rail.width(), self.height() - strip.height() - self.status.height())
        parts.empty(self._place)
        self.view = view
        strip.find.clicked.connect(lambda: self.find())
        if self.desk.is_training:
            strip.marks.addWidget(training_frame.chip())
        self._place.addWidget(strip)
        self._place.addWidget(view, 1)
        self.rail.mark(name)

    def _leave(self) -> None:
        """Commit what stands in a box; the person chose to go elsewhere, so nothing has to be resumed."""
        if isinstance(self.view, FormWizard) and self.view.leave():
            self.desk.places.clear(self.desk.session.user.id, self.view.casebook.subject)

    def show_today(self) -> None:
        """Where a day begins."""
        self._leave()
        window_acts.take_up(self)
        self.subject = None
        view = TodayView(self.desk)
        view.field_wanted.connect(self.go_to)
        view.act_wanted.connect(lambda name: window_acts.do(self, name))
        self._show(view, window_acts.today_strip(self), "today")
        self.status.show_keys((("↑ ↓", Text(en="choose", zh="选择")), _OPEN, ("Ctrl K", Text(en="find", zh="查找"))))
        view.focus_first()

    @property
    def sees_participants(self) -> bool:
        """True where the person's role may read what was recorded."""
        return may(self.desk.session.user.role, Act.VIEW)

    def show_list(self) -> None:
        """The participants; who may not see them stays where the day begins."""
        if not self.sees_participants:
            self.show_today()
            return
        self._leave()
        window_acts.take_up(self)
        self.subject = None
        view = ParticipantList(self.desk)
        view.chosen.connect(self.open_casebook)
        view.enrolled.connect(self._enrolled)
        self._show(view, Strip(self.desk.session.user, title=Text(en="Participants", zh="受试者")), "subjects")
        self.status.show_keys((_OPEN, ("F3", Text(en="enrol", zh="登记"))))
        view.focus_first()

    def _enrolled(self, subject: str) -> None:
        self.note_saved()
        self.open_casebook(subject)

    def open_casebook(self, subject: str, at: FormPath | None = None) -> None:
        """One participant's casebook; raises KnownError, and stays, for a role that may not read it."""
        casebook = self.desk.casebook(subject)
        self._leave()
        window_acts.take_up(self)
        self.subject = subject
        view = CasebookView(casebook, at)
        view.form_wanted.connect(lambda form: self.open_form(subject, form))
        view.timeline_wanted.connect(self.open_timeline)
        view.signing_wanted.connect(lambda: self.sign_clean(subject))
        self._show(view, self._strip(subject), "subjects")
        self.status.show_keys(
            (_OPEN, ("F3", Text(en="add AE", zh="登记不良事件")), ("F11", Text(en="timeline", zh="时间轴")))
        )
        view.matrix.setFocus()

    def open_timeline(self) -> None:
        """The timeline of the participant on a screen of its own."""
        from trialdesk.ui.timeline_page import TimelinePage

        if self.subject is None:
            return
        self._leave()
        subject = self.subject
        view = TimelinePage(self.desk.casebook(subject))
        view.form_wanted.connect(lambda form: self.open_form(subject, form))
        view.left.connect(lambda: self.open_casebook(subject))
        view.print_wanted.connect(lambda: self.print("timeline"))
        self._show(view, self._strip(subject), "subjects")
        self.status.show_keys((_OPEN, ("+ -", Text(en="zoom", zh="缩放")), ("Ctrl P", Text(en="print", zh="打印"))))
        view.strip.setFocus()

    def _strip(self, subject: str) -> Strip:
        about = summary(self.desk.book, self.desk.casebook(subject).data, self.desk.session.today, counted=False)
        return Strip(self.desk.session.user, about)

    def open_form(self, subject: str, form: FormPath, point: ResumePoint | None = None) -> None:
        """One form; opening it writes no data. Raises KnownError, and stays, for a role that may not read it."""
        casebook = self.desk.casebook(subject)
        self._leave()
        self.subject = subject
        if point is None:
            # Text that could not be read when the form was left comes back with the form.
            kept = self.desk.places.load(self.desk.session.user.id, subject)
            point = kept if kept is not None and kept.form == form and kept.typed is not None else None
        view = FormWizard(self.desk, casebook, form, self.width() - 76 < NARROW, self._whole)
        view.saved.connect(self.note_saved)
        view.form_wanted.connect(lambda other: self.open_form(subject, other))
        view.casebook_wanted.connect(self.back_to_casebook)
        view.sign_wanted.connect(self.sign)
        view.print_wanted.connect(self.print)
        view.field_wanted.connect(lambda other, path, typed: window_acts.carry_over(self, subject, other, path, typed))
        window_acts.warn_of_early_visit(self, view)
        view.field_entered.connect(self._show_field_keys)
        self._show(view, self._strip(subject), "subjects")
        if point is not None:
            view.resume(point)
        else:
            view.page.focus_first()

    def go_to(self, subject: str, form: FormPath, path: ItemPath | None = None) -> None:
        """One field, in the form that is open or in another one."""
        view = self.view
        if not (isinstance(view, FormWizard) and (view.casebook.subject, view.form) == (subject, form)):
            self.open_form(subject, form)
            view = self.view
        if path is not None and isinstance(view, FormWizard):
            view.go_to(path)

    def find(self, begin: str = "") -> None:
        """The box that leads to any field, form, participant or act."""
        if self.palette_open is None:
            self.palette_open = window_acts.open_palette(self, begin)
            self.palette_open.closed.connect(lambda: setattr(self, "palette_open", None))

    def adverse_event(self) -> None:
        """The next adverse event of this participant, from wherever one is."""
        self._next("log", "AE")

    def unscheduled_visit(self) -> None:
        """The next unscheduled visit of this participant."""
        self._next("unscheduled")

    def _next(self, kind: str, event: str | None = None) -> None:
        form = window_acts.next_occurrence(self, kind, event)
        if form is not None and self.subject is not None:
            self.open_form(self.subject, form)

    def enrol(self) -> None:
        """Give the next participant a number."""
        if not isinstance(self.view, ParticipantList):
            self.show_list()
        if isinstance(self.view, ParticipantList):
            self.view.enrol_next()

    def back_to_casebook(self) -> None:
        """From a form to the casebook around it."""
        if isinstance(self.view, FormWizard):
            self.open_casebook(self.view.casebook.subject, self.view.form)
        elif isinstance(self.view, CasebookView):
            self.show_list()
        elif self.subject is not None:
            self.open_casebook(self.subject)

    def show_transfer(self) -> None:
        """Sending and receipts."""
        self._leave()
        view = TransferView(self.desk)
        view.changed.connect(self._show_centre)
        view.changed.connect(self.show_backup)
        self._show(view, Strip(self.desk.session.user, title=Text(en="Transfer", zh="传输")), "transfer")
        self.status.show_keys((("Ctrl E", Text(en="write", zh="导出")), ("Ctrl O", Text(en="receipt", zh="读回执"))))
        view.send.setFocus()

    def transfer_act(self, name: str) -> None:
        """Ask where a bundle goes, or which receipt to read."""
        if not isinstance(self.view, TransferView):
            self.show_transfer()
        view = cast(TransferView, self.view)
        (view.choose_folder if name == "send" else view.choose_receipt)()

    def _go(self, name: str) -> None:
        if name == "today":
            self.show_today()
        elif name == "subjects":
            # From inside a participant one step leads out at a time.
            self.back_to_casebook() if isinstance(self.view, FormWizard) else self.show_list()
        elif name == "transfer":
            self.show_transfer()
        elif name == "inspector":
            window_acts.do(self, name)
        elif name == "language":
            self.switch_language()
        elif name == "theme":
            self.theme_wanted.emit()
        elif name == "lock":
            self.locked.emit()

    def cover(self) -> None:
        """Cover a participant's page until the participant's number is confirmed."""
        if not self._frozen:
            self.covering.cover()

    def switch_language(self) -> None:
        """Let the other language lead."""
        self.language_wanted.emit(window_acts.other_language())

    def sign(self, form: FormPath) -> None:
        """Show the form's pages and let an investigator sign."""
        if isinstance(self.view, FormWizard):
            window_acts.sign(self, self.view, form)

    def print(self, what: str | None = None) -> None:
        """Preview what can be printed from here: of the open form, of the participant, of the study and the desk."""
        window_papers.preview(self, what)

    def sign_clean(self, subject: str) -> None:
        """Show every form of a participant that is ready to be signed, and sign those that were looked at."""
        window_papers.sign_clean(self, subject)

    # -- status

    def note_saved(self) -> None:
        """Something was committed durably just now."""
        self._saved_at = self.desk.session.clock.now().strftime("%H:%M:%S")
        self.status.show_saved(self._saved_at)

    def _answer_saved(self) -> None:
        if isinstance(self.view, FormWizard):
            self.view.page.commit_pending()
            self.view.foot.say(
                Text(en="Saved already: every field is saved as you leave it.", zh="已保存：每个字段离开时即已保存。")
            )
        self.status.show_saved(self._saved_at)

    def show_seals(self, verdict: Verdict) -> None:
        """Say whether every seal of the trail holds, and what to do where one does not."""
        self._seals = verdict.whole
        self.status.show_seals(verdict.whole)
        if verdict.breaks:
            first = verdict.breaks[0]
            self.show_alarm(window_acts.SEALS_BROKEN.format(origin=first.origin, seq=first.seq))

    def show_alarm(self, says: Text) -> None:
        """Say across the window what must not be overlooked; it stays in another language or scheme."""
        self._alarm = says
        self.alarm.say(says)

    def freeze(self) -> None:
        """Keep the place and the typed text, and take no more answers: the desk is about to lock."""
        if isinstance(self.view, FormWizard) and not self._frozen:
            self.view.freeze()
        self._frozen = True

    def show_backup(self) -> None:
        """How old the last backup is."""
        from trialdesk.services.backup import backup_sentence, backup_state, is_late

        state, now = backup_state(self.desk), self.desk.session.clock.now()
        self.status.show_backup(backup_sentence(state, now), is_late(state, now))

    def _show_centre(self) -> None:
        from trialdesk.services.transfer import standing

        self.status.show_centre(centre_sentence(standing(self.desk)))

    def _show_field_keys(self, row: FieldRow) -> None:
        self.status.show_keys(field_keys(self.view, row))

    # -- the same place in another dress

    def dress_again(self) -> None:
        """Build the screen anew after language or theme changed; place and typed text stay."""
        view = self.view
        point: ResumePoint | None = None
        if isinstance(view, FormWizard):
            # The text goes on as typed: leaving the old widgets must not commit half a word.
            view.freeze()
            point = self.desk.places.load(self.desk.session.user.id, view.casebook.subject)
        if self.palette_open is not None:
            self.palette_open.close_palette()
        old, self.view = view, None
        parts.empty(self._outer)
        self._build()
        self.setWindowTitle(f"TrialDesk  {look.first(self.desk.study.name)}")
        window_acts.same_place(self, old, point)
        self.status.show_saved(self._saved_at)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.desk.is_training:
            training_frame.draw(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not window_help.act(self, event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if isinstance(self.view, FormWizard) and not self._frozen:
            self.view.leave()
        QTimer.singleShot(0, self.closed.emit)
        super().closeEvent(event)
