"""What was understood of a foreign study definition, and what was not, line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from trialdesk.domain.text import Text


class Remark(NamedTuple):
    """Something of the source that was left out or read in a way its author should look at."""

    line: int
    says: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.says}"


@dataclass
class DraftItem:
    """One question as it will stand in a form's file."""

    name: str
    label: Text
    kind: str = "text"
    codelist: str | None = None
    unit: str | None = None
    digits: int | None = None
    length: int | None = None
    low: str | None = None
    high: str | None = None
    outside: str = "soft"
    optional: bool = False
    help: str | None = None
    sdtm: str | None = None


@dataclass
class DraftGroup:
    """One section."""

    oid: str
    label: Text
    items: list[DraftItem] = field(default_factory=list)
    repeating: bool = False


@dataclass
class DraftForm:
    """One form."""

    oid: str
    label: Text
    groups: list[DraftGroup] = field(default_factory=list)


@dataclass
class DraftEvent:
    """One visit or log with its forms."""

    oid: str
    label: Text
    kind: str
    forms: list[str] = field(default_factory=list)


@dataclass
class DraftCondition:
    """When some questions are asked, as an expression, with answers under which they are and are not."""

    items: list[str]
    show: str
    shown: dict[str, str]
    hidden: dict[str, str]


@dataclass
class StudyDraft:
    """The study as far as it was understood; `remarks` say what a person must look at."""

    oid: str
    name: Text
    description: Text
    codelists: dict[str, list[tuple[str, Text]]] = field(default_factory=dict)
    forms: list[DraftForm] = field(default_factory=list)
    events: list[DraftEvent] = field(default_factory=list)
    conditions: list[DraftCondition] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def remark(self, line: int, says: str) -> None:
        """Note something for the report."""
        self.remarks.append(Remark(line, says))

    @property
    def items(self) -> list[DraftItem]:
        """Every question in reading order."""
        return [item for form in self.forms for group in form.groups for item in group.items]


class Names:
    """Gives names that TrialDesk and other readers of ODM take, each once: capitals, digits and underscores."""

    def __init__(self) -> None:
        self.given: set[str] = set()

    def take(self, wanted: str) -> str:
        """A free name as close as can be to the one wanted."""
        plain = re.sub(r"[^A-Z0-9]+", "_", wanted.upper()).strip("_")
        plain = plain if plain[:1].isalpha() else f"X_{plain}".rstrip("_")
        name, number = plain, 1
        while name in self.given:
            number += 1
            name = f"{plain}_{number}"
        self.given.add(name)
        return name


def both(words: str) -> Text:
    """Words of one language for both; a translator finds them by their being equal."""
    said = " ".join(words.split())
    return Text(en=said, zh=said)
