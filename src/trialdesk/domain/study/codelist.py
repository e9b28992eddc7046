"""The choices of a question (ODM CodeList): codes never change, words may."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from trialdesk.domain.study.labelled import Labelled
from trialdesk.domain.text import Text


class CodeListItem(Labelled):
    """One choice: the code that is stored and the words that are shown; `note` explains it on the help page."""

    code: str
    note: Text | None = None


class CodeList(BaseModel):
    """A closed list of choices."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oid: str
    items: tuple[CodeListItem, ...]

    @property
    def is_yes_no(self) -> bool:
        """True where a choice says nothing without its question: yes, no, unknown."""
        return {item.code for item in self.items} <= {"Y", "N", "U"}

    def label(self, code: str) -> Text | None:
        """The words of a code, or None where the list lacks it."""
        return next((item.label for item in self.items if item.code == code), None)
