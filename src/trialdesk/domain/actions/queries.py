"""Asking about answers, answering, and settling (ODM Query)."""

from __future__ import annotations

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    QueryAnswered,
    QueryAskedAgain,
    QueryClosed,
    QueryOpened,
    QueryProposed,
    QuerySource,
    RecordId,
)
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text


def open_query(request: Request, paths: tuple[ItemPath, ...], words: str) -> Outcome | Refusal:
    """Ask the site about one or several answers."""
    refusal = refuse_role(request.role, Act.OPEN_QUERY)
    if refusal:
        return refusal
    if not words.strip():
        return Refusal("reason_needed", Text(en="Write the question.", zh="请填写质疑内容。"))
    says = Text(en=words.strip(), zh=words.strip())
    return Outcome((QueryOpened(source=_source(request.role), paths=paths, says=says),))


def propose_query(
    request: Request, paths: tuple[ItemPath, ...], says: Text, rule: str | None = None
) -> Outcome | Refusal:
    """Draft a query at the centre about one answer or several; no site sees it before it is issued."""
    refusal = refuse_role(request.role, Act.OPEN_QUERY)
    if refusal:
        return refusal
    if not paths or not says.en.strip() or not says.zh.strip():
        return Refusal("reason_needed", _BOTH_LANGUAGES)
    return Outcome((QueryProposed(source=_source(request.role), paths=paths, says=says, rule=rule),))


def issue_query(
    request: Request, paths: tuple[ItemPath, ...], says: Text, proposal: AuditRecord | None = None
) -> Outcome | Refusal:
    """Send a query to the site: a new one, or the drafted one `proposal`, whose words then stand."""
    drafted = propose_query(request, paths, says)
    if isinstance(drafted, Refusal):
        return drafted
    if proposal is None:
        return Outcome((QueryOpened(source=_source(request.role), paths=paths, says=says),))
    change = proposal.change
    assert isinstance(change, QueryProposed)
    return Outcome((QueryOpened(source=change.source, paths=paths, says=says, rule=change.rule, proposal=proposal.id),))


def drop_proposal(data: SubjectData, request: Request, proposal: RecordId, words: str) -> Outcome | Refusal:
    """Drop a drafted query, with the reason; it stays in the trail."""
    refusal = refuse_role(request.role, Act.CLOSE_QUERY)
    if refusal:
        return refusal
    if proposal not in {record.id for record in data.candidates}:
        return Refusal("state", _SETTLED)
    if not words.strip():
        return Refusal("reason_needed", _WHY)
    return Outcome((QueryClosed(query=proposal, words=words.strip(), cancelled=True),))


def answer_query(data: SubjectData, request: Request, query: RecordId, words: str) -> Outcome | Refusal:
    """Answer a query that waits."""
    refusal = refuse_role(request.role, Act.ANSWER_QUERY)
    if refusal:
        return refusal
    known = data.queries.get(query)
    if known is None or known.state not in ("Open", "Answered"):
        return Refusal("state", _SETTLED)
    if not words.strip():
        return Refusal("reason_needed", Text(en="Write the answer.", zh="请填写答复。"))
    return Outcome((QueryAnswered(query=query, words=words.strip()),))


def ask_again(data: SubjectData, request: Request, query: RecordId, says: Text) -> Outcome | Refusal:
    """Put the question again after an answer that did not settle it, or after it was closed; the thread keeps all."""
    refusal = refuse_role(request.role, Act.OPEN_QUERY)
    if refusal:
        return refusal
    known = data.queries.get(query)
    if known is None or known.state not in ("Answered", "Closed"):
        return Refusal("state", _WAITS if known is not None and known.state == "Open" else _SETTLED)
    if not says.en.strip() or not says.zh.strip():
        return Refusal("reason_needed", _AGAIN)
    replaces = tuple(record.id for record in (*known.answers, *known.closings))
    said = Text(en=says.en.strip(), zh=says.zh.strip())
    return Outcome((QueryAskedAgain(query=query, says=said, replaces=replaces),))


def close_query(
    data: SubjectData, request: Request, query: RecordId, words: str, cancelled: bool = False
) -> Outcome | Refusal:
    """Settle or cancel a query."""
    refusal = refuse_role(request.role, Act.CLOSE_QUERY)
    if refusal:
        return refusal
    known = data.queries.get(query)
    if known is None or known.state not in ("Open", "Answered"):
        return Refusal("state", _SETTLED)
    if cancelled and not words.strip():
        return Refusal("reason_needed", _WHY)
    return Outcome((QueryClosed(query=query, words=words.strip(), cancelled=cancelled),))


_SOURCES: dict[Role, QuerySource] = {
    Role.MONITOR: "Monitor",
    Role.MEDICAL_REVIEWER: "Medical Review",
    Role.SYSTEM: "System",
}


def _source(role: Role) -> QuerySource:
    return _SOURCES.get(role, "Data Management")


_SETTLED = Text(en="This query is settled already.", zh="此质疑已关闭。")
_WAITS = Text(
    en="The site has not answered yet. Ask again once there is an answer, or open another query.",
    zh="研究中心尚未答复。请在答复后追问，或另提质疑。",
)
_AGAIN = Text(en="Write what is still to be clarified.", zh="请填写仍需澄清的内容。")
_WHY = Text(en="Say why the query is cancelled.", zh="请说明取消质疑的原因。")
_BOTH_LANGUAGES = Text(
    en="Name at least one field and write the question in Chinese and in English.",
    zh="请至少指明一个字段，并用中文和英文填写质疑内容。",
)
