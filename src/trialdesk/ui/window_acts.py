"""What the window can be told to do, by key or by name: one table for the shortcuts and for the palette."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import Act as Right
from trialdesk.domain.admin.role import Role
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.windows import days_text
from trialdesk.domain.text import Text
from trialdesk.services.finder import Command, Hit
from trialdesk.services.wrong_visit import column_of
from trialdesk.ui import job, look, message, window_inspector
from trialdesk.ui.casebook_view import CasebookView
from trialdesk.ui.form_wizard import FormWizard
from trialdesk.ui.frame import Strip
from trialdesk.ui.palette import Palette
from trialdesk.ui.today_view import TodayView
from trialdesk.ui.transfer_view import TransferView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from trialdesk.storage.place_store import ResumePoint
    from trialdesk.ui.main_window import MainWindow

Act = Callable[["MainWindow"], object]


def _in_form(act: Callable[[FormWizard], object]) -> Act:
    def do(window: MainWindow) -> None:
        if isinstance(window.view, FormWizard):
            act(window.view)

    return do


_ACTS: dict[str, tuple[Command, Act]] = {}


def _add(command: Command, act: Act) -> None:
    _ACTS[command.name] = (command, act)


_add(Command("today", Text(en="Today", zh="今日"), "Alt 1"), lambda w: w.show_today())
_add(Command("subjects", Text(en="Participants", zh="受试者"), "Alt 2", right=Right.VIEW), lambda w: w.show_list())
_add(Command("transfer", Text(en="Transfer", zh="传输"), "Alt 3"), lambda w: w.show_transfer())
_add(
    Command("inspector", Text(en="Inspection: what the trail answers", zh="检查资料"), "Alt 4", right=Right.INSPECT),
    window_inspector.show,
)
_add(
    Command(
        "people", Text(en="Accounts: let someone in, end an account", zh="账户：开设与停用"), right=Right.MANAGE_USERS
    ),
    window_inspector.show_people,
)
_add(
    Command("enrol", Text(en="Enrol a participant", zh="登记受试者"), "Ctrl N", right=Right.ENROL), lambda w: w.enrol()
)
_add(
    Command(
        "adverse_event", Text(en="New adverse event", zh="登记不良事件"), "Alt A", needs_subject=True, right=Right.ENTER
    ),
    lambda w: w.adverse_event(),
)
_add(
    Command(
        "unscheduled", Text(en="Unscheduled visit", zh="计划外访视"), "Alt N", needs_subject=True, right=Right.ENTER
    ),
    lambda w: w.unscheduled_visit(),
)
_add(
    Command("casebook", Text(en="Back to the casebook", zh="返回病例报告册"), "Ctrl B", needs_subject=True),
    lambda w: w.back_to_casebook(),
)
_add(
    Command("complete", Text(en="Complete the form", zh="完成表单"), "", needs_subject=True, needs_form=True),
    _in_form(lambda form: form.complete()),
)
_add(
    Command("to_finish", Text(en="What is left to finish", zh="待完成项目"), "", needs_subject=True, needs_form=True),
    _in_form(lambda form: form.open_list()),
)
_add(
    Command("sign", Text(en="Sign the form", zh="签署表单"), "", needs_subject=True, needs_form=True),
    _in_form(lambda form: form.sign_wanted.emit(form.form)),
)
_add(
    Command(
        "more", Text(en="Strike, reopen or move", zh="划去、重新打开或移动"), "F9", needs_subject=True, needs_form=True
    ),
    _in_form(lambda form: form.offer_acts()),
)
_add(
    Command(
        "undo", Text(en="Take the last answer back", zh="撤销上一项录入"), "Ctrl Z", needs_subject=True, needs_form=True
    ),
    _in_form(lambda form: form.entry.take_back()),
)
_add(Command("print", Text(en="Print, preview", zh="打印与预览"), "Ctrl P"), lambda w: w.print())
_add(
    Command("send", Text(en="Write a bundle for the centre", zh="导出数据包"), "Ctrl E", right=Right.SEND),
    lambda w: w.transfer_act("send"),
)
_add(
    Command("receive", Text(en="Read a receipt", zh="读取回执"), "Ctrl O", right=Right.TAKE_RECEIPT),
    lambda w: w.transfer_act("receive"),
)
_add(Command("lock", Text(en="Lock, or let another person work", zh="锁定或换人"), "Ctrl L"), lambda w: w.locked.emit())
_add(Command("language", Text(en="中文", zh="English")), lambda w: w.switch_language())
_add(Command("theme", Text(en="Light or dark", zh="浅色或深色")), lambda w: w.theme_wanted.emit())

COMMANDS = tuple(command for command, _ in _ACTS.values())


def do(window: MainWindow, name: str) -> None:
    """Carry out an act by its name."""
    _ACTS[name][1](window)


def take_up(window: MainWindow) -> None:
    """Take up a study release whose day has come; called while no form lies open, so nobody loses a place."""
    from trialdesk.services import amendment
    from trialdesk.services.finder import Finder

    if amendment.take_up(window.desk):
        window.finder = Finder(window.desk, COMMANDS)
        window.setWindowTitle(f"TrialDesk  {look.first(window.desk.study.name)}")


def shortcuts() -> list[tuple[str, Act]]:
    """The keys of the window as a whole, with what each does."""
    keys = [(command.key.replace(" ", "+"), act) for command, act in _ACTS.values() if command.key]
    of_the_form = {"F9", "Ctrl+Z"}
    find: list[tuple[str, Act]] = [(key, lambda window: window.find()) for key in ("Ctrl+K", "Ctrl+F")]
    return [*((key, act) for key, act in keys if key not in of_the_form), *find]


def open_palette(window: MainWindow, begin: str = "") -> Palette:
    """Open the box that leads anywhere."""
    view = window.view
    form = view.form if isinstance(view, FormWizard) else None
    finder = window.finder
    palette = Palette(window, lambda typed: finder.find(typed, window.subject, form), begin)
    palette.chosen.connect(lambda hit: go(window, hit))
    return palette


def go(window: MainWindow, hit: Hit) -> None:
    """Go where a line of the palette leads, or do what it says."""
    if hit.kind == "act":
        do(window, hit.act)
        if hit.detail:
            _put_term(window, hit.detail)
    elif hit.kind == "participant" and hit.subject is not None:
        window.open_casebook(hit.subject)
    elif hit.kind == "visit" and hit.subject is not None:
        window.open_casebook(hit.subject, hit.form)
    elif hit.subject is not None and hit.form is not None:
        window.go_to(hit.subject, hit.form, hit.path)


def sign(window: MainWindow, view: FormWizard, form: FormPath) -> None:
    """Show the form's pages and let an investigator sign, whoever is signed in."""
    from trialdesk.errors import KnownError
    from trialdesk.services.signing import prepare
    from trialdesk.ui.signing_dialog import SigningDialog

    view.foot.say(Text(en="Making the pages…", zh="正在生成页面…"))
    try:
        prepared = job.outcome(window, lambda: prepare(window.desk, view.casebook, form))
    except KnownError as fault:
        message.tell(fault.text, window)
        return
    finally:
        view.foot.hush()
    if window.view is not view:
        return
    dialog = SigningDialog(window.desk, view.casebook, form, prepared, window)
    dialog.path_wanted.connect(view.go_to)
    dialog.exec()
    if dialog.signed is not None or dialog.certified is not None:
        window.note_saved()
        view.refresh()
        said = Text(en="Signed. The PDF is kept in the desk.", zh="已签署，PDF 已保存在本机。")
        if dialog.signed is None:
            said = Text(
                en="Signed by data entry. The investigator's signature is next.",
                zh="数据录入者已签名，待研究者签名。",
            )
        view.foot.say(said)


def carry_over(window: MainWindow, subject: str, form: FormPath, path: ItemPath, typed: str) -> None:
    """Go to the same question of another visit with a text in its box; Enter records it there."""
    window.go_to(subject, form, path)
    view = window.view
    row = view.page.row_at(path) if isinstance(view, FormWizard) else None
    if row is not None and not row.control.text_now():
        row.put_back(typed)


def warn_of_early_visit(window: MainWindow, view: FormWizard) -> None:
    """Say so where an empty form of a visit is opened before the visit is due."""
    column = column_of(window.desk.plan(view.casebook.subject), view.form)
    if column is not None and column.state == "not_due" and column.window is not None:
        says = Text(
            en="This visit is due {a} to {b}. Check that it is the visit at hand.",
            zh="本次访视时间窗为 {a}～{b}，尚未到期。请核对是否为本次访视。",
        )
        view.head.show_banner(says.format(a=days_text(column.window.first), b=days_text(column.window.last)))


def begin(window: MainWindow) -> None:
    """Where a day begins: an inspector's with the questions, everybody else's with Today."""
    if window.desk.session.user.role is Role.INSPECTOR:
        window_inspector.show(window)
    else:
        window.show_today()


def same_place(window: MainWindow, old: QWidget | None, point: ResumePoint | None) -> None:
    """Show again, in another dress, what the window showed before."""
    subject = window.subject
    if isinstance(old, FormWizard) and point is not None and subject is not None:
        window.open_form(subject, point.form, point)
    elif isinstance(old, CasebookView) and subject is not None:
        cell = old.matrix.current()
        window.open_casebook(subject, cell.form if cell else None)
    elif isinstance(old, TransferView):
        window.show_transfer()
    elif isinstance(old, TodayView):
        window.show_today()
    elif window_inspector.same_page(window, old):
        pass
    elif subject is not None:
        window.open_timeline()
    else:
        window.show_list()


def today_strip(window: MainWindow) -> Strip:
    """The head of Today: the date in both languages."""
    day = window.desk.session.today
    title = Text(en="Today", zh="今日")
    return Strip(window.desk.session.user, title=title, more=date_title(day))


def date_title(day: date) -> Text:
    """A day in words, with its weekday."""
    zh = f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}"
    return Text(en=day.strftime("%a ") + f"{day.day} " + day.strftime("%b %Y"), zh=zh)


def _put_term(window: MainWindow, term: str) -> None:
    """Put the name of a new event into its box, to be confirmed by Enter."""
    view = window.view
    if isinstance(view, FormWizard):
        row = next((one for one in view.page.rows if one.item.kind == "term"), None)
        if row is not None and not row.control.text_now():
            row.focus()
            row.put_back(term)


def next_occurrence(window: MainWindow, kind: str, event: str | None = None) -> FormPath | None:
    """The first form of the next occurrence of a log or unscheduled visit of this participant."""
    study = window.desk.study
    chosen = study.event.get(event or "") or next((one for one in study.events if one.kind == kind), None)
    if window.subject is None or chosen is None:
        return None
    used = max(window.desk.casebook(window.subject).data.repeats(chosen.oid), default=0)
    return FormPath(chosen.oid, used + 1, chosen.forms[0])


def other_language() -> str:
    """The language that does not lead now."""
    return "en" if look.language() == "zh" else "zh"


SEALS_BROKEN = Text(
    en="The audit trail was changed outside TrialDesk: the seal of record {seq} of {origin} does not hold. Enter "
    "nothing more on this laptop, write a bundle to keep what is here, and call the data manager; the desk is restored "
    "from the backup stick.",
    zh="稽查轨迹在 TrialDesk 之外被改动：{origin} 第 {seq} 条记录的封印不符。请停止在本机录入，导出数据包以保留现状，"
    "并联系数据管理员；工作台须从备份 U 盘恢复。",
)
"""What is said across the window when the trail was changed from outside."""
