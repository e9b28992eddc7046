"""Asking about answers, answering, and settling (ODM Query)."""

from __future__ import annotations

from trialdesk.domain.actions.outcome import Outcome, Refusal, Request, refuse_role
from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.clinical.changes import QueryAnswered, QueryClosed, QueryOpened, RecordId
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
    source = "Monitor" if request.role is Role.MONITOR else "Data Management"
    says = Text(en=words.strip(), zh=words.strip())
    return Outcome(
        (QueryOpened(source="Monitor" if source == "Monitor" else "Data Management", paths=paths, says=says),)
    )


def answer_query(data: SubjectData, request: Request, query: RecordId, words: str) -> Outcome | Refusal:
    """Answer a query that waits."""
    refusal = refuse_role(request.role, Act.ANSWER_QUERY)
    if refusal:
        return refusal
    known = data.queries.get(query)
    if known is None or known.state not in ("Open", "Answered"):
        return Refusal("state", Text(en="This query is settled already.", zh="此质疑已关闭。"))
    if not words.strip():
        return Refusal("reason_needed", Text(en="Write the answer.", zh="请填写答复。"))
    return Outcome((QueryAnswered(query=query, words=words.strip()),))


def close_query(
    data: SubjectData, request: Request, query: RecordId, words: str, cancelled: bool = False
) -> Outcome | Refusal:
    """Settle or cancel a query."""
    refusal = refuse_role(request.role, Act.CLOSE_QUERY)
    if refusal:
        return refusal
    known = data.queries.get(query)
    if known is None or known.state not in ("Open", "Answered"):
        return Refusal("state", Text(en="This query is settled already.", zh="此质疑已关闭。"))
    return Outcome((QueryClosed(query=query, words=words.strip(), cancelled=cancelled),))
