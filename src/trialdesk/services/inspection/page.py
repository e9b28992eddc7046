"""The inspector's page: the questions in the order in which they are asked, and asking one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.inspection.accounts import readings, rights, shared
from trialdesk.services.inspection.answer import Answer, Asked, Question
from trialdesk.services.inspection.keeping import restored, reviewed, switched_off
from trialdesk.services.inspection.oversight import oversight
from trialdesk.services.inspection.times import clock, down, lateness, waiting
from trialdesk.services.inspection.values import after_signature, history
from trialdesk.services.inspection.whole import whole

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

QUESTIONS: tuple[Question, ...] = (
    Question(
        "history",
        Text(en="Where does this value come from?", zh="这个值是怎么来的？"),
        "B-02, B-03, B-04",
        history,
        asks="field",
    ),
    Question(
        "after-signature",
        Text(en="What changed after signature or lock, and why?", zh="签署或锁定后改过什么，为什么？"),
        "C-07, G-05",
        after_signature,
    ),
    Question(
        "rights",
        Text(en="Who could change data on a given day?", zh="某一天谁有权修改数据？"),
        "A-02, A-03",
        rights,
        reads_data=False,
        asks="day",
    ),
    Question("shared", Text(en="Were accounts shared?", zh="账户是否共用？"), "A-01, A-05", shared, reads_data=False),
    Question(
        "switched-off",
        Text(en="Can anyone switch the trail off or edit it?", zh="有人能关闭稽查轨迹或修改数据库吗？"),
        "B-01, B-11",
        switched_off,
        reads_data=False,
    ),
    Question(
        "clock", Text(en="How is the laptop's time known?", zh="如何确知电脑时间？"), "D-02", clock, reads_data=False
    ),
    Question(
        "times",
        Text(en="When was it entered, when did it reach the centre?", zh="何时录入，何时到达中心？"),
        "B-08, F-03",
        lateness,
    ),
    Question("waiting", Text(en="What is not yet transferred?", zh="哪些尚未传输？"), "B-08, F-03", waiting),
    Question(
        "reviewed",
        Text(en="How often was the trail reviewed, and by whom?", zh="稽查轨迹多久审查一次，由谁审查？"),
        "B-13",
        reviewed,
    ),
    Question(
        "restored", Text(en="Can a backup be restored?", zh="备份能否恢复？"), "G-01, G-02", restored, reads_data=False
    ),
    Question(
        "oversight",
        Text(en="How is the investigator's oversight shown?", zh="如何体现研究者的监督？"),
        "C-08",
        oversight,
    ),
    Question(
        "down",
        Text(en="What happened on the day the system was down?", zh="系统停机当天发生了什么？"),
        "G-03, H-06",
        down,
        reads_data=False,
    ),
    Question(
        "readings",
        Text(en="Who read, printed and took along what?", zh="谁查阅、打印、带走过什么？"),
        "B-07",
        readings,
    ),
    Question("trail", Text(en="Give me the whole trail as a file", zh="导出完整稽查轨迹"), "B-10", whole),
)
"""The questions of an inspection (section 5 of the requirements), in plain words."""

BY_NAME = {question.name: question for question in QUESTIONS}


def offered(role: Role) -> tuple[Question, ...]:
    """The questions a role may ask; who may not read data is offered those about the desk alone."""
    if not may(role, Act.INSPECT):
        return ()
    return tuple(one for one in QUESTIONS if not one.reads_data or may(role, Act.VIEW))


def ask(desk: OpenDesk, name: str, asked: Asked | None = None) -> Answer:
    """Answer one question from the trail as it is now; reading it is itself recorded once it is shown (`note_shown`).

    Raises KnownError for a role that may not ask it.
    """
    question = BY_NAME[name]
    refusal = refuse_role(desk.session.user.role, Act.INSPECT)
    if refusal is None and question.reads_data:
        refusal = refuse_role(desk.session.user.role, Act.VIEW)
    if refusal:
        raise KnownError(refusal.says)
    asked = asked or Asked()
    found = question.find(desk, asked)
    now = desk.session.clock.now()
    number, sealed = desk.trail.head(desk.session.origin)
    return Answer(question, asked, found, f"{now:%Y-%m-%d %H:%M:%S %z}", number, sealed)


def note_shown(desk: OpenDesk, answer: Answer) -> None:
    """Record that a person read an answer on the screen (ICH E6(R3) 4.2.2)."""
    desk.session.record([AnswerShown(question=answer.question.name, about=str(answer.asked), how="shown")])
