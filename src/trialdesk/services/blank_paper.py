"""Empty forms on paper, from the study's own definition."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.documents.blank import BlankForm, BlankItem, BlankSection, render_blanks
from trialdesk.documents.paper import About
from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.rule import ConditionRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

PATTERNS = {"date": "年 yyyy - 月 mm - 日 dd", "partial_date": "年 yyyy - 月 mm - 日 dd", "time": "时 hh : 分 mm"}
ROWS = 6
"""Empty rows of a table that grows row by row."""


def blank_pdf(
    study: Study,
    release: str,
    site: str,
    forms: Sequence[str] = (),
    subject: str = "",
    place: FormPath | None = None,
) -> bytes:
    """Empty forms as PDF/A-3b: those named, or every form; `place` puts participant's visit into the QR code."""
    chosen = [form for form in study.forms if not forms or form.oid in forms]
    blanks = [_form(study, release, site, form, subject, place) for form in chosen]
    named = chosen[0].label if len(chosen) == 1 else Text(en="Blank forms", zh="空白表单")
    about = About(f"{named.zh} {named.en}", f"{study.registration} {release}", f"TrialDesk {study.registration}")
    return render_blanks(blanks, about)


def _form(study: Study, release: str, site: str, form: FormDef, subject: str, place: FormPath | None) -> BlankForm:
    because: dict[str, Text] = {}
    for rule in study.rules:
        if isinstance(rule, ConditionRule):
            for name in (*rule.items, *rule.groups):
                because.setdefault(name, rule.because)
    visit = study.event[place.event].label if place else Text(en="", zh="")
    if place and study.event[place.event].repeating:
        visit = Text(en=f"{visit.en} {place.repeat}", zh=f"{visit.zh} {place.repeat}")
    return BlankForm(
        study=study.name,
        registration=study.registration,
        release=release,
        site=site,
        form=form.label,
        form_oid=form.oid,
        form_version=form.version,
        event=f"{place.event}[{place.repeat}]" if place else "",
        visit=visit,
        subject=subject,
        sections=tuple(_section(study, group, because) for group in form.groups if _asked(group)),
    )


def _asked(group: ItemGroupDef) -> bool:
    return any(not item.derived for item in group.items)


def _section(study: Study, group: ItemGroupDef, because: dict[str, Text]) -> BlankSection:
    rows: tuple[Text, ...] = ()
    if group.repeating:
        count = group.rows or ROWS
        rows = tuple(
            group.row_labels[n] if n < len(group.row_labels) else Text(en=f"no. {n + 1}", zh=f"第 {n + 1} 行")
            for n in range(count)
        )
    items = tuple(
        _item(study, item, because.get(item.name) or because.get(group.oid)) for item in group.items if not item.derived
    )
    return BlankSection(group.label, items, rows)


def _item(study: Study, item: ItemDef, condition: Text | None) -> BlankItem:
    choices: tuple[tuple[str, Text], ...] = ()
    if item.codelist:
        choices = tuple((one.code, one.label) for one in study.codelist[item.codelist].items)
    return BlankItem(
        name=item.name,
        label=item.label,
        choices=choices,
        unit=item.unit or "",
        pattern=PATTERNS.get(item.kind, ""),
        lines=7 if item.kind == "long_text" else 1,
        setting=item.setting,
        condition=condition,
    )
