"""Names of places: where a form, a group row or a value sits in a participant's casebook (ODM's KeySet)."""

from __future__ import annotations

import re
from typing import NamedTuple


class FormPath(NamedTuple):
    """One form in one occurrence of a study event; `repeat` is the round or the row of a log, from 1."""

    event: str
    repeat: int
    form: str

    def __str__(self) -> str:
        return f"{self.event}[{self.repeat}]/{self.form}"

    @classmethod
    def parse(cls, text: str) -> FormPath:
        """Read the written form `EVENT[1]/FORM`; raises ValueError for anything else."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError(f"not a form path: {text!r}")
        return cls(found[1], int(found[2]), found[3])

    def item(self, group: str, item: str, group_repeat: int = 1) -> ItemPath:
        """Name one item of this form."""
        return ItemPath(self.event, self.repeat, self.form, group, group_repeat, item)


class ItemPath(NamedTuple):
    """One answer: event occurrence, form, group row, item."""

    event: str
    repeat: int
    form: str
    group: str
    group_repeat: int
    item: str

    def __str__(self) -> str:
        return f"{self.event}[{self.repeat}]/{self.form}/{self.group}[{self.group_repeat}]/{self.item}"

    @classmethod
    def parse(cls, text: str) -> ItemPath:
        """Read the written form `EVENT[1]/FORM/GROUP[1]/ITEM`; raises ValueError for anything else."""
        found = _ITEM.fullmatch(text)
        if not found:
            raise ValueError(f"not an item path: {text!r}")
        return cls(found[1], int(found[2]), found[3], found[4], int(found[5]), found[6])

    @property
    def form_path(self) -> FormPath:
        """The form this answer stands on."""
        return FormPath(self.event, self.repeat, self.form)


# OpenEDC and other ODM readers take OIDs of this alphabet only.
_NAME = r"([A-Za-z][A-Za-z0-9_]*)"
_REPEAT = r"\[([1-9][0-9]{0,5})\]"
_FORM = re.compile(f"{_NAME}{_REPEAT}/{_NAME}")
_ITEM = re.compile(f"{_NAME}{_REPEAT}/{_NAME}/{_NAME}{_REPEAT}/{_NAME}")
