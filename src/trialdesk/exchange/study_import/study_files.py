"""A draft as the YAML files of a study folder."""

from __future__ import annotations

from typing import Any

from trialdesk.domain.text import Text
from trialdesk.exchange.study_import.draft import DraftCondition, DraftEvent, DraftForm, DraftItem, StudyDraft

_MARKS = {
    "sex": ("SEX", "GENDER"),
    "birth": ("BRTHDAT", "BIRTH", "DOB", "BRTH"),
    "disease": ("DISEASE", "DIAG"),
    "day_0": ("DAY0", "RFSTDAT", "EXSTDAT"),
}
SITE = "01"


def study_files(draft: StudyDraft) -> dict[str, str]:
    """File names and contents; what had to be assumed is added to the draft's remarks."""
    import yaml

    _reach_every_form(draft)
    files: dict[str, Any] = {"study.yaml": _study(draft)}
    if draft.codelists:
        files["codelists.yaml"] = [
            {"oid": oid, "items": [{"code": code, **_both(words)} for code, words in codes]}
            for oid, codes in draft.codelists.items()
        ]
    files["events.yaml"] = [_event(event) for event in draft.events]
    if draft.conditions:
        files["rules/conditions.yaml"] = [_rule(number, one) for number, one in enumerate(draft.conditions, 1)]
    for form in draft.forms:
        files[f"forms/{form.oid.lower()}.yaml"] = _form(form)
    same = sum(item.label.en == item.label.zh for item in draft.items)
    if same:
        draft.remark(0, f"{same} questions stand in one language; write the other in forms/*.yaml")
    return {
        name: yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000, default_flow_style=False)
        for name, content in files.items()
    }


def _study(draft: StudyDraft) -> dict[str, Any]:
    draft.remark(0, "sponsor, sites, planned_subjects and protocol_version are not in the file; set them in study.yaml")
    return {
        "oid": draft.oid,
        "name": _both(draft.name),
        "title": _both(draft.description),
        "registration": draft.oid,
        "sponsor": {"en": "Not given", "zh": "未提供"},
        "protocol_version": "imported",
        "version": "1.0",
        "planned_subjects": 1,
        "baseline_event": draft.events[0].oid,
        "max_rounds": 1,
        "landmarks": _landmarks(draft),
        "sites": {SITE: {"en": "Site 01", "zh": "01 中心"}},
    }


def _landmarks(draft: StudyDraft) -> dict[str, str]:
    """The items every list shows, guessed by name; a guess that found nothing takes the first question and says so."""
    found: dict[str, str] = {}
    for mark, parts in _MARKS.items():
        named = [item for item in draft.items if any(part in item.name for part in parts)]
        if mark == "day_0" and not named:
            named = [item for item in draft.items if item.kind == "date"]
        found[mark] = (named or draft.items)[0].name
        if not named:
            draft.remark(0, f"no question looks like {mark}; landmarks.{mark} in study.yaml names the first question")
    return found


def _reach_every_form(draft: StudyDraft) -> None:
    if not draft.events:
        draft.events.append(DraftEvent("BASELINE", Text(en="Baseline", zh="基线"), "scheduled"))
        draft.remark(0, "no visit holds a form; every form stands in one visit")
    asked = {form for event in draft.events for form in event.forms}
    for form in draft.forms:
        if form.oid not in asked:
            draft.events[0].forms.append(form.oid)
            draft.remark(0, f"form {form.oid} stood in no visit; added to {draft.events[0].oid}")


def _rule(number: int, condition: DraftCondition) -> dict[str, Any]:
    says = {"en": f"Asked while {condition.show}.", "zh": f"满足 {condition.show} 时填写。"}
    examples = [{"given": condition.shown, "expect": "shown"}, {"given": condition.hidden, "expect": "hidden"}]
    return {
        "id": f"SKIP-{number:02d}",
        "kind": "condition",
        "items": condition.items,
        "show": condition.show,
        "because": says,
        "says": says,
        "protocol": {"en": "Taken over from the branching logic of the source.", "zh": "取自来源文件的跳转逻辑。"},
        "source": "REDCap",
        "examples": examples,
    }


def _event(event: DraftEvent) -> dict[str, Any]:
    short = {"en": event.label.en[:12], "zh": event.label.zh[:8]}
    return {"oid": event.oid, **_both(event.label), "short": short, "kind": event.kind, "forms": event.forms}


def _form(form: DraftForm) -> dict[str, Any]:
    groups = []
    for group in form.groups:
        one: dict[str, Any] = {"oid": group.oid, **_both(group.label)}
        if group.repeating:
            one["repeating"] = True
        groups.append(one | {"items": [_item(item) for item in group.items]})
    return {"oid": form.oid, **_both(form.label), "groups": groups}


def _item(item: DraftItem) -> dict[str, Any]:
    limits: dict[str, str] = {k: v for k, v in (("min", item.low), ("max", item.high)) if v is not None}
    if limits and item.outside == "hard":
        limits["outside"] = "hard"
    wanted: dict[str, Any] = {
        "name": item.name,
        "kind": item.kind if item.kind != "text" else None,
        "codelist": item.codelist,
        "unit": item.unit,
        "digits": item.digits,
        "length": item.length,
        "range": limits or None,
        "optional": item.optional or None,
        "help": {"en": item.help, "zh": item.help} if item.help else None,
        "sdtm": item.sdtm,
    }
    return {key: value for key, value in wanted.items() if value is not None} | _both(item.label)


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
