"""What another list of normal ranges reads otherwise; nothing of it is ever written by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.laboratory import LabResult, lab_result
from trialdesk.domain.rules.pages import place
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.text import Text


@dataclass(frozen=True)
class Regrading:
    """One result that two lists read differently: its arrow or a grade it proposes is another one."""

    path: ItemPath
    label: Text
    before: LabResult
    after: LabResult

    @property
    def says(self) -> Text:
        """The result with both readings, in words."""
        value = f"{self.after.text} {self.after.unit}".strip()
        return Text(en="{label} {value}: {before} becomes {after}", zh="{label} {value}：{before} 改为 {after}").format(
            label=self.label, value=value, before=_reading(self.before), after=_reading(self.after)
        )


def regradings(
    before: Rulebook, after: Rulebook, data: SubjectData, form: FormPath, today: date
) -> tuple[Regrading, ...]:
    """The results of a form that two lists read differently, in the order of the form."""
    if before.study.laboratory is None or before.study.laboratory == after.study.laboratory:
        return ()
    found = []
    for path in data.by_form.get(form, ()):
        item = after.study.place[path.item][2] if path.item in after.study.place else None
        if item is None or item.lab is None or data.value(path) is None:
            continue
        one, other = (lab_result(place(book, data, path, today), path) for book in (before, after))
        if _reads(one) != _reads(other):
            found.append(Regrading(path, item.label, one, other))
    return tuple(found)


def _reads(result: LabResult) -> tuple[object, ...]:
    return result.flag, tuple((one.term, one.grade, one.baseline) for one in result.proposals)


def _reading(result: LabResult) -> Text:
    """Arrow, range and grade of a result, in a few words."""
    arrow = {"low": "↓ ", "high": "↑ "}.get(result.flag or "", "")
    limits = "–".join("" if one is None else f"{one.normalize():f}" for one in (result.low, result.high))
    words = Text(en="{arrow}range {limits}", zh="{arrow}范围 {limits}").format(arrow=arrow, limits=limits or "?")
    grades = [one.grade for one in result.proposals if one.grade is not None]
    if not grades:
        return words
    said = Text(en="{words}, grade {n}", zh="{words}，{n} 级") if max(grades) else _NO_GRADE
    return said.format(words=words, n=max(grades))


_NO_GRADE = Text(en="{words}, no grade", zh="{words}，未达分级")
