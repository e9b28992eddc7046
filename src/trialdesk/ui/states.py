"""One vocabulary of states: the shape, the colour and the word of each, the same on every screen."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.clinical.changes import FormLocked
from trialdesk.domain.clinical.form_status import STATUS_WORDS, FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook

STATUS_SHAPES: dict[FormStatus, tuple[str, str]] = {
    FormStatus.EMPTY: ("empty", "idle"),
    FormStatus.DRAFT: ("draft", "accent"),
    FormStatus.COMPLETE: ("complete", "ok"),
    FormStatus.SIGNED: ("signed", "ok"),
    FormStatus.CHANGED: ("changed", "warn"),
    FormStatus.LOCKED: ("locked", "idle"),
}
"""Shape and colour of a form's state."""

STRUCK = Text(en="Struck", zh="已划去")
"""The word for an entry that no longer counts; it is also drawn through."""

DUE_SHAPES: dict[str, tuple[str, str, Text]] = {
    "none": ("empty", "idle", Text(en="No date yet", zh="尚无日期")),
    "not_due": ("not_due", "idle", Text(en="Not due", zh="未到期")),
    "in_window": ("in_window", "ok", Text(en="In window", zh="窗口内")),
    "closes_today": ("not_due", "warn", Text(en="Closes today", zh="今日关闭")),
    "overdue": ("overdue", "hard", Text(en="Overdue", zh="超窗")),
    "done": ("check", "ok", Text(en="Done", zh="已完成")),
}
"""Shape, colour and word of a visit's state."""


@dataclass(frozen=True)
class Waiting:
    """How much waits: empty answers, findings (hard among them), queries."""

    missing: int = 0
    findings: int = 0
    hard: int = 0
    queries: int = 0


def waiting(casebook: Casebook, form: FormPath, group: str | None = None) -> Waiting:
    """What waits on a begun form, or on one section of it."""
    queries = [q for q in casebook.data.open_queries(form) if group is None or q.change.paths[0].group == group]
    if form not in casebook.data.by_form:
        return Waiting(queries=len(queries))
    left = [f for f in casebook.assessment(form).to_finish if group is None or f.path.group == group]
    missing = sum(1 for f in left if f.severity == "missing")
    hard = sum(1 for f in left if f.severity == "hard")
    return Waiting(missing, len(left) - missing, hard, len(queries))


def status_word(status: FormStatus) -> Text:
    """The word of a form's state."""
    return STATUS_WORDS[status]


def held_words(casebook: Casebook, form: FormPath) -> Text | None:
    """Who locked a form or holds it still, since when, and what can be done; None while it is free."""
    acts = casebook.data.forms.get(form)
    if acts is None or not (acts.is_locked or acts.is_frozen):
        return None
    held = acts.locked if acts.is_locked else acts.frozen
    record = next(one for one in reversed(held) if one.id not in acts.lifted)
    says = _LOCKED if acts.is_locked else _FROZEN
    who = record.user
    if isinstance(record.change, FormLocked) and record.change.second:
        who = f"{who} + {record.change.second}"
    return says.format(who=who, at=record.local_time.strftime("%Y-%m-%d %H:%M"))


_LOCKED = Text(
    en="Locked by the centre ({who}, {at}). Queries can be answered; for a correction ask the data manager to unlock it.",
    zh="中心已锁定（{who}，{at}）。质疑仍可答复；如需更正，请联系数据管理员解锁。",
)
_FROZEN = Text(
    en="Held still by the centre ({who}, {at}). Queries can be answered; answers wait until it is free again.",
    zh="中心已冻结（{who}，{at}）。质疑仍可答复；解除冻结前不能修改答案。",
)
