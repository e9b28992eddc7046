"""What an assessment organ by organ comes to: the grade, the organs that decide it, and its course over the visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.values import written
from trialdesk.domain.study.sheet import Organ, OrganSheet
from trialdesk.domain.text import Text

NONE = "0"
"""The stage and the grade that say there is no disease."""


@dataclass(frozen=True)
class OrganGrade:
    """The grade of one assessment: code (None: cannot be told), stages by organ, and which organs decide it.

    `unknown` are the organs without a stage; `override` is the investigator's own grade where one was given.
    """

    grade: str | None
    stages: dict[str, str | None]
    deciding: tuple[Organ, ...]
    unknown: tuple[Organ, ...]
    override: str | None
    rule: str
    source: str

    @property
    def counts(self) -> str | None:
        """The grade that counts: the investigator's where it was given, else the derived one."""
        return self.override or self.grade


def organ_grade(book: Rulebook, data: SubjectData, form: FormPath, sheet: OrganSheet, today: date) -> OrganGrade:
    """The grade on one form with what decides it, computed by the published method that the study names.

    An organ decides when its stage alone would give the same grade.
    """
    method = book.method_of[sheet.grade]
    group = book.study.place[sheet.grade][1]
    scope = PlaceScope(book, data, form, group.oid, 1, today)
    inputs = method.inputs(scope)
    stages = {organ.stage: inputs.get(organ.input) for organ in sheet.organs}
    item = book.study.item(sheet.grade)
    grade = written(method.evaluate(scope), item)
    deciding: list[Organ] = []
    if grade is not None and grade != NONE and method.function is not None:
        for organ in sheet.organs:
            alone = dict.fromkeys(inputs, NONE) | {organ.input: inputs.get(organ.input)}
            if inputs.get(organ.input) is not None and method.function(**alone) == grade:
                deciding.append(organ)
    override = data.value(_place(book, form, sheet.override)) if sheet.override else None
    return OrganGrade(
        grade=grade,
        stages=stages,
        deciding=tuple(deciding),
        unknown=tuple(organ for organ in sheet.organs if stages[organ.stage] is None),
        override=override,
        rule=method.rule.id,
        source=method.rule.source,
    )


def course(book: Rulebook, data: SubjectData, sheet: OrganSheet, today: date) -> tuple[tuple[date, FormPath, str], ...]:
    """Every assessment of this kind by day with the grade that counts; those without day or grade are left out."""
    if sheet.date is None:
        return ()
    found: list[tuple[date, FormPath, str]] = []
    for path in data.by_item.get(sheet.date, ()):
        text = data.value(path)
        day = PartialDate.parse(text) if text else None
        grade = organ_grade(book, data, path.form_path, sheet, today).counts
        if day is not None and day.complete and grade is not None:
            found.append((day.earliest, path.form_path, grade))
    return tuple(sorted(found))


def grade_words(book: Rulebook, sheet: OrganSheet, made: OrganGrade) -> Text:
    """Why this grade: the deciding organs, what does not change it, or what is missing."""
    if made.grade is None:
        names = _listed([organ.label for organ in made.unknown])
        return Text(en="Cannot tell yet: {o} not staged.", zh="暂不能判断：{o} 未评估。").format(o=names)
    words = book.study.words(book.study.item(sheet.grade), made.grade) or Text(en=made.grade, zh=made.grade)
    if made.grade == NONE or not made.deciding:
        return Text(en="No organ is involved: {g}.", zh="各器官均为 0 级：{g}。").format(g=words)
    decide = _listed([_staged(organ, made) for organ in made.deciding])
    says = Text(en="{o}: therefore {g}.", zh="{o}，因此整体 {g}。").format(o=decide, g=words)
    others = [o for o in sheet.organs if o not in made.deciding and made.stages[o.stage] not in (None, NONE)]
    if not others:
        return says
    rest = Text(
        en="{o} does not change it; the grade is not the highest stage.",
        zh="{o} 不改变结果；整体分度不是各器官分级的最大值。",
    ).format(o=_listed([_staged(organ, made) for organ in others]))
    return Text(en=f"{says.en} {rest.en}", zh=f"{says.zh}{rest.zh}")


def _staged(organ: Organ, made: OrganGrade) -> Text:
    stage = made.stages[organ.stage]
    return Text(en="{o} stage {s}", zh="{o} {s} 级").format(o=organ.label, s=stage)


def _listed(names: list[Text]) -> Text:
    return Text(en=", ".join(name.en for name in names), zh="、".join(name.zh for name in names))


def _place(book: Rulebook, form: FormPath, name: str) -> ItemPath:
    return form.item(book.study.place[name][1].oid, name)
