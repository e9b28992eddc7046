"""What one release of a study changes against another, and whether it may: an amendment adds and never hides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

What = Literal["event", "form", "item", "code", "rule", "parameter", "monitoring"]
Act = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Difference:
    """One difference; `form` is the form it shows on, `hides` says why recorded answers could no longer be read."""

    what: What
    act: Act
    name: str
    form: str | None = None
    hides: Text | None = None


def differences(old: Study, new: Study) -> tuple[Difference, ...]:
    """Every difference of events, forms, items, codes, rules, parameters and the monitoring plan, in this order."""
    found = [
        *_compared("event", {e.oid: e for e in old.events}, {e.oid: e for e in new.events}),
        *_compared("form", {f.oid: f.label for f in old.forms}, {f.oid: f.label for f in new.forms}),
        *_items(old, new),
        *_codes(old, new),
        *_compared("rule", {r.id: r for r in old.rules}, {r.id: r for r in new.rules}),
        *_compared("parameter", {p.name: p for p in old.parameters}, {p.name: p for p in new.parameters}),
        *_compared("monitoring", _plan(old), _plan(new)),
    ]
    return tuple(_judged(one, old, new) for one in found)


def changed_forms(old: Study, new: Study) -> frozenset[str]:
    """The forms that are asked or checked otherwise; a changed setting may touch every form."""
    found: set[str] = set()
    for one in differences(old, new):
        if one.what == "parameter":
            return frozenset(form.oid for form in new.forms)
        if one.form is not None:
            found.add(one.form)
        elif one.what == "form":
            found.add(one.name)
        elif one.what == "code":
            codes = one.name.partition(".")[0]
            found |= {form.oid for form, _, item in new.place.values() if item.codelist == codes}
        elif one.what == "rule":
            found |= {new.place[name][0].oid for name in _told_of(old, new, one.name) if name in new.place}
    return frozenset(found)


def _told_of(old: Study, new: Study, rule: str) -> set[str]:
    """The items a rule of either release speaks about."""
    named: set[str] = set()
    for one in (old.rule.get(rule), new.rule.get(rule)):
        named.update(getattr(one, "items", ()))
        if (item := getattr(one, "item", None)) is not None:
            named.add(item)
        groups = set(getattr(one, "groups", ()))
        named |= {name for name, (_, group, _) in new.place.items() if group.oid in groups}
    return named


def hidden_by(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """The differences for which a release must not be given out."""
    return tuple(one for one in found if one.hides is not None)


def _compared(what: What, old: dict[str, object], new: dict[str, object]) -> list[Difference]:
    made = [Difference(what, "removed", name) for name in old if name not in new]
    made += [Difference(what, "added", name) for name in new if name not in old]
    return made + [Difference(what, "changed", name) for name in old if name in new and old[name] != new[name]]


def _plan(study: Study) -> dict[str, object]:
    """The monitoring plan by its parts, so that a difference names the part."""
    if study.monitoring is None:
        return {}
    return {name: getattr(study.monitoring, name) for name in type(study.monitoring).model_fields}


def _items(old: Study, new: Study) -> list[Difference]:
    def told(study: Study) -> dict[str, object]:
        return {name: (form.oid, group.oid, item) for name, (form, group, item) in study.place.items()}

    before, after = told(old), told(new)
    return [
        Difference("item", one.act, one.name, str((after.get(one.name) or before[one.name])[0]))  # type: ignore[index]
        for one in _compared("item", before, after)
    ]


def _codes(old: Study, new: Study) -> list[Difference]:
    def told(study: Study) -> dict[str, object]:
        return {f"{codes.oid}.{one.code}": one for codes in study.codelists for one in codes.items}

    return _compared("code", told(old), told(new))


def _judged(one: Difference, old: Study, new: Study) -> Difference:
    """The same difference with why it would hide answers, if it would."""
    if one.act == "removed" and one.what in ("event", "form", "item", "code"):
        return Difference(one.what, one.act, one.name, one.form, _GONE.format(name=one.name))
    if one.act == "changed" and one.what == "item":
        (form, group, item), (form2, group2, item2) = old.place[one.name], new.place[one.name]
        if (form.oid, group.oid) != (form2.oid, group2.oid):
            return Difference(one.what, one.act, one.name, one.form, _MOVED.format(name=one.name))
        if (item.kind, item.codelist, item.unit) != (item2.kind, item2.codelist, item2.unit):
            return Difference(one.what, one.act, one.name, one.form, _OTHER_KIND.format(name=one.name))
    return one


_GONE = Text(
    en="{name} is gone: answers to it could no longer be read. Keep it, and let a rule skip it from now on.",
    zh="缺少 {name}：已有答案将无法查看。请保留，并用规则使其今后不再填写。",
)
_MOVED = Text(
    en="{name} stands on another form or in another group: answers given before would be lost from sight. Keep its "
    "place, and add a new item where it is wanted.",
    zh="{name} 移到了其他表单或题组：此前的答案将无法显示。请保留原位置，在新位置另加字段。",
)
_OTHER_KIND = Text(
    en="{name} has another kind, code list or unit: answers given before would be read otherwise. Add a new item.",
    zh="{name} 的类型、代码表或单位不同：此前的答案会被误读。请另加新字段。",
)
