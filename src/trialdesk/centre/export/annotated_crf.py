"""The annotated CRF of a study, for define.xml to point at."""

from __future__ import annotations

from trialdesk.documents.annotated import AnnotatedForm, AnnotatedItem, AnnotatedSection, render_annotated
from trialdesk.documents.paper import About
from trialdesk.domain.study.form import FormDef, ItemDef
from trialdesk.domain.study.sdtm import SdtmMapping
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.exchange.sdtm.annotations import targets
from trialdesk.exchange.sdtm.standard import Dataset

KINDS = {
    "text": Text(en="text", zh="文字"),
    "long_text": Text(en="text", zh="文字"),
    "integer": Text(en="whole number", zh="整数"),
    "float": Text(en="number", zh="数值"),
    "date": Text(en="date", zh="日期"),
    "partial_date": Text(en="date, may be partial", zh="日期（可不完整）"),
    "time": Text(en="time", zh="时间"),
    "datetime": Text(en="date and time", zh="日期时间"),
    "boolean": Text(en="yes or no", zh="是或否"),
}
_WIDEST = 16
"""Choices named in full; a longer list is named by its number of choices."""


def annotated_crf(study: Study, mapping: SdtmMapping, guide: dict[str, Dataset]) -> tuple[bytes, dict[str, int]]:
    """The PDF, and the page of each question that reaches the tabulation."""
    reached = targets(study, mapping)
    forms = [_form(study, form, reached, guide) for form in study.forms]
    words = f"{study.registration}   {study.name.zh}   {study.version}   SDTMIG {mapping.standard}"
    about = About("注释病例报告表 Annotated CRF", words, f"TrialDesk {study.registration}")
    content, pages = render_annotated(forms, words, about)
    return content, {item: page for item, page in pages.items() if item in reached}


def _form(study: Study, form: FormDef, reached: dict[str, tuple[str, ...]], guide: dict[str, Dataset]) -> AnnotatedForm:
    items = [item for group in form.groups for item in group.items]
    names = [words.partition(".")[0] for item in items for words in reached.get(item.name, ()) if "." in words]
    datasets = ", ".join(f"{name} ({guide[name].label})" if name in guide else name for name in dict.fromkeys(names))
    visits = [event.label for event in study.events if form.oid in event.forms]
    return AnnotatedForm(
        form.oid,
        form.label,
        "；".join(f"{one.zh} {one.en}" for one in visits),
        datasets,
        tuple(
            AnnotatedSection(group.label, tuple(_item(study, item, reached) for item in group.items))
            for group in form.groups
            if group.items
        ),
    )


def _item(study: Study, item: ItemDef, reached: dict[str, tuple[str, ...]]) -> AnnotatedItem:
    answer = KINDS.get(item.kind, Text(en=item.kind, zh=item.kind))
    if item.codelist:
        choices = study.codelist[item.codelist].items
        answer = Text(
            en="  ".join(f"[{one.code}]" for one in choices),
            zh="  ".join(f"□ {one.label.zh}" for one in choices),
        )
        if len(choices) > _WIDEST:
            answer = Text(en=f"one of {len(choices)}", zh=f"{len(choices)} 项选一")
    if item.unit:
        answer = Text(en=f"{answer.en}, {item.unit}", zh=answer.zh)
    if item.derived:
        answer = Text(en=f"{answer.en}; derived", zh=f"{answer.zh}；系统计算")
    return AnnotatedItem(item.name, item.label, answer, reached.get(item.name, ()))
