"""Asking the site, its answer, and how a question was settled (ODM Query); part of the closed list of changes."""

from __future__ import annotations

from typing import Literal

from trialdesk.domain.clinical.change_base import AtItem, ChangeBase, QuerySource, RecordId
from trialdesk.domain.text import Text


class QueryOpened(ChangeBase):
    """A question about one or more answers; its record id is the query's name."""

    kind: Literal["QueryOpened"] = "QueryOpened"
    source: QuerySource
    paths: tuple[AtItem, ...]
    says: Text
    rule: str | None = None
    proposal: RecordId | None = None


class QueryProposed(ChangeBase):
    """A query that the centre's checks or a person drafted and that no site has seen; `QueryOpened.proposal` issues it."""

    kind: Literal["QueryProposed"] = "QueryProposed"
    source: QuerySource
    paths: tuple[AtItem, ...]
    says: Text
    rule: str | None = None


class QueryAnswered(ChangeBase):
    """The site answered a query."""

    kind: Literal["QueryAnswered"] = "QueryAnswered"
    query: RecordId
    words: str


class QueryAskedAgain(ChangeBase):
    """The question stands again in the same thread; `replaces` names the answers and closings that did not settle it."""

    kind: Literal["QueryAskedAgain"] = "QueryAskedAgain"
    query: RecordId
    says: Text
    replaces: tuple[RecordId, ...]


class QueryClosed(ChangeBase):
    """A query was settled; system queries are closed by the system with the reason."""

    kind: Literal["QueryClosed"] = "QueryClosed"
    query: RecordId
    words: str
    cancelled: bool = False
