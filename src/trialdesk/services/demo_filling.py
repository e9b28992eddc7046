"""Filling a form as a person would: question by question as they are asked, reasons where needed, then complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.pages import questions
from trialdesk.domain.study.form import ItemDef
from trialdesk.services.casebook import Casebook

Answers = Mapping[str, str | list[str | None]]
"""Answers by item name; a list gives the rows of a repeating section; `ND`, `UNK`, `NA` say why there is no value."""

MISSING_CODES = ("ND", "UNK", "NA")


class CannotFill(Exception):
    """A form of the demonstration could not be filled; the message names form and field: a fault of the story."""


@dataclass
class Filling:
    """One form being filled; counts what was done."""

    casebook: Casebook
    form: FormPath
    answers: Answers
    random: Random
    entered: int = 0
    explained: int = 0
    asked: set[ItemPath] = field(default_factory=set)

    def run(self, complete: bool = True) -> Filling:
        """Answer every question that is asked, explain what is kept on purpose, and complete the form."""
        while (path := self._next_question()) is not None:
            self._answer(path)
        if complete:
            self._explain()
            refused = self.casebook.complete(self.form)
            if isinstance(refused, Refusal):
                left = [f"{f.rule} at {f.path}" for f in self.casebook.assessment(self.form).to_finish]
                raise CannotFill(f"{self.form} cannot be completed: {refused.says.en} {left[:5]}")
        return self

    def _next_question(self) -> ItemPath | None:
        """The first question in reading order that is asked now and was not answered yet."""
        book = self.casebook.session.book
        skipped = self.casebook.assessment(self.form).skipped
        definition = book.study.form[self.form.form]
        for group, item, path in questions(self.casebook.data, self.form, definition):
            row_wanted = group.rows is not None or path.group_repeat == 1
            if path not in self.asked and path not in skipped and not item.derived and row_wanted:
                return path
        for group in definition.groups:
            if group.repeating and group.rows is None:
                path_of_row = self._row_of_growing(group.oid, [item.name for item in group.items])
                if path_of_row is not None and path_of_row not in skipped:
                    return path_of_row
        return None

    def _row_of_growing(self, group: str, names: list[str]) -> ItemPath | None:
        rows = max((len(v) for n in names if isinstance(v := self.answers.get(n), list)), default=1)
        for row in range(2, rows + 1):
            for name in names:
                path = self.form.item(group, name, row)
                if path not in self.asked and self._said(name, row) is not None:
                    return path
        return None

    def _said(self, name: str, row: int) -> str | None:
        value = self.answers.get(name)
        if isinstance(value, list):
            return value[row - 1] if row <= len(value) else None
        return value

    def _answer(self, path: ItemPath) -> None:
        self.asked.add(path)
        item = self.casebook.session.book.study.item(path.item)
        text = self._said(path.item, path.group_repeat)
        if text is None:
            text = "" if item.optional else plausible(self.casebook, item, self.random)
        if text == "" or (text == self.casebook.data.value(path)):
            return
        missing = text if text in MISSING_CODES and item.kind != "code" else None
        reason = Reason(code="SOURCE") if self.casebook.data.items.get(path) else None
        done = self.casebook.enter(path, "" if missing else text, missing, reason=reason)  # type: ignore[arg-type]
        if isinstance(done, Refusal):
            raise CannotFill(f"{path}: {done.says.en} ({text!r})")
        self.entered += 1

    def _explain(self) -> None:
        for finding in self.casebook.assessment(self.form).to_finish:
            if finding.severity == "soft":
                self.casebook.explain(finding.path, finding.rule, "MEDICAL", "")
                self.explained += 1
            elif finding.severity == "missing":
                done = self.casebook.enter(finding.path, "", "UNK")
                if isinstance(done, Refusal):
                    raise CannotFill(f"{finding.path}: {done.says.en}")


def plausible(casebook: Casebook, item: ItemDef, random: Random) -> str:
    """An everyday answer to a question the story says nothing about."""
    study = casebook.session.book.study
    if item.kind == "code" and item.codelist:
        codes = [one.code for one in study.codelist[item.codelist].items]
        return "N" if set(codes) <= {"Y", "N", "U", "NA"} and "N" in codes else codes[0]
    if item.kind in ("integer", "float"):
        low = item.range.min if item.range and item.range.min is not None else Decimal(1)
        high = item.range.max if item.range and item.range.max is not None else low + 10
        number = low + (high - low) * Decimal(random.randint(35, 65)) / 100
        digits = 0 if item.kind == "integer" else (item.digits if item.digits is not None else 1)
        return f"{round(number, digits):f}"
    if item.kind in ("date", "partial_date"):
        return casebook.session.today.isoformat()
    if item.kind == "time":
        return f"{random.randint(8, 17):02d}:{random.choice((0, 15, 30, 45)):02d}"
    return "Synthetic entry"
