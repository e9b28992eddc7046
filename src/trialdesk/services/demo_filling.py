"""Filling a form as a person would: question by question as they are asked, reasons where needed, then complete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.pages import place, skip_of
from trialdesk.domain.study.form import ItemDef, ItemGroupDef
from trialdesk.domain.study.laboratory import CS
from trialdesk.services.casebook import Casebook
from trialdesk.services.laboratory import make_event, result_at

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
    continuing: bool = False
    left: tuple[str, ...] = ()
    """Rules that still forbid completing the form."""

    def __post_init__(self) -> None:
        # A row of a log that a laboratory value has taken meanwhile is left; this one is the next.
        log = self.casebook.session.book.study.event[self.form.event].kind == "log"
        if log and self.form in self.casebook.data.by_form and not self.continuing:
            self.form = self.form._replace(repeat=max(self.casebook.data.repeats(self.form.event)) + 1)

    def run(self, complete: bool = True) -> Filling:
        """Answer every question that is asked, explain what is kept on purpose, and complete the form.

        A form that a rule forbids to complete stays in draft with its finding: that is how a planted breach is caught.
        """
        while self._go_through():
            pass
        if complete:
            self._make_events()
            self._explain()
            self.left = tuple(finding.rule for finding in self.casebook.assessment(self.form).to_finish)
            if not self.left and isinstance(refused := self.casebook.complete(self.form), Refusal):
                raise CannotFill(f"{self.form} cannot be completed: {refused.says.en}")
        return self

    def _go_through(self) -> int:
        """Answer, in reading order, what is asked now and was not answered yet; an answer may bring new questions."""
        before = len(self.asked)
        book, day = self.casebook.session.book, self.casebook.session.today
        definition = book.study.form[self.form.form]
        for group in definition.groups:
            for row in self._rows(group):
                for item in group.items:
                    path = self.form.item(group.oid, item.name, row)
                    if path in self.asked or item.derived:
                        continue
                    if skip_of(book, place(book, self.casebook.data, path, day), item.name) is None:
                        self._answer(path)
        return len(self.asked) - before

    def _rows(self, group: ItemGroupDef) -> range:
        """The rows to fill: the fixed ones, or as many as the story tells of."""
        told = max((len(v) for item in group.items if isinstance(v := self.answers.get(item.name), list)), default=1)
        return range(1, (group.rows or (told if group.repeating else 1)) + 1)

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
            text = _significance(self.casebook, path)
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

    def _make_events(self) -> None:
        """Grade 4 from the laboratory becomes an adverse event, filled to its end; milder grades get a reason."""
        lab = self.casebook.session.book.study.laboratory
        rules = {
            rule.id
            for rule in self.casebook.session.book.study.rules
            if lab and rule.template == lab.adverse_event.rule
        }
        for finding in self.casebook.assessment(self.form).to_finish:
            result = result_at(self.casebook, finding.path) if finding.rule in rules else None
            for one in result.worse if result else ():
                if one.made is None and (one.now or 0) >= 4:
                    row = make_event(self.casebook, finding.path, one.term)
                    assert not isinstance(row, Refusal)
                    known = {p.item: str(self.casebook.data.value(p)) for p in self.casebook.data.by_form[row]}
                    made = Filling(self.casebook, row, _FROM_A_RESULT | known, self.random, continuing=True).run()
                    self.entered += made.entered

    def _explain(self) -> None:
        for finding in self.casebook.assessment(self.form).to_finish:
            if finding.severity == "soft":
                self.casebook.explain(finding.path, finding.rule, "MEDICAL", "")
                self.explained += 1
            elif finding.severity == "missing":
                done = self.casebook.enter(finding.path, "", "UNK")
                if isinstance(done, Refusal):
                    raise CannotFill(f"{finding.path}: {done.says.en}")


_FROM_A_RESULT = {
    "AEONGO": "Y", "AEGVHD": "N", "AESER": "N", "AERELCH": "PROBABLE", "AERELDLI": "UNLIKELY", "AERELPLX": "POSSIBLE",
    "AEACN": "NONE", "AECONTRT": "Y", "AEOUT": "NOTREC",
}  # fmt: skip
"""What is written to an event made from a laboratory value."""


def _significance(casebook: Casebook, path: ItemPath) -> str | None:
    """NCS or CS as a ward would say: worse than at baseline and at least grade 3; None for another question."""
    lab = casebook.session.book.study.laboratory
    name = path.item.removesuffix(CS)
    known = casebook.session.book.study.place.get(name)
    if lab is None or name == path.item or known is None or not known[2].lab:
        return None
    worse = result_at(casebook, path._replace(item=name)).worse
    return lab.significant if any((one.now or 0) >= 3 for one in worse) else lab.not_significant


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
