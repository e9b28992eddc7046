"""What a laboratory sheet needs of every item is written once in a study and unfolded here, item by item, when read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trialdesk.domain.study.laboratory import ASKED, CS

ASKED_WORDS = {"en": "What the number of {label} cannot settle", "zh": "{label}：数值不能判定之处"}
SIGNIFICANCE = {"en": "Clinically significant: {label}", "zh": "{label}的临床意义"}
LABORATORIES = "LABORATORY"
"""The code list of the study's laboratories."""

Raw = dict[str, Any]


def laboratory_items(forms: list[Any]) -> Iterator[Raw]:
    """Every item of the raw forms that names an analyte."""
    for form in forms:
        for group in _list(form, "groups"):
            yield from (one for one in _list(group, "items") if isinstance(one, dict) and "lab" in one)


def with_companions(form: Any, laboratory: Any) -> Any:
    """A form whose laboratory items have their companions at the end of their section: significance, and questions.

    They stand at the end so that every other item keeps its place, and problems their line.
    """
    if not isinstance(form, dict) or not isinstance(laboratory, dict):
        return form
    groups = []
    for group in _list(form, "groups"):
        items = _list(group, "items")
        made = [one for item in items if isinstance(item, dict) and "lab" in item for one in _of(item, laboratory)]
        groups.append(group | {"items": [*items, *made]} if made else group)
    return form | {"groups": groups} if "groups" in form else form


def _of(item: Raw, laboratory: Raw) -> list[Raw]:
    label = _label(item)
    words = {tongue: SIGNIFICANCE[tongue].replace("{label}", label[tongue]) for tongue in ("en", "zh")}
    name = str(item.get("name"))
    made: list[Raw] = [{"name": name + CS, "kind": "code", "codelist": laboratory.get("significance"), **words}]
    if _is_graded(item, laboratory):
        asked = {tongue: ASKED_WORDS[tongue].replace("{label}", label[tongue]) for tongue in ("en", "zh")}
        made.append({"name": name + ASKED, "kind": "code", "codelist": laboratory.get("asked"), **asked})
    return made


def _is_graded(item: Raw, laboratory: Any) -> bool:
    known = [one for one in _list(laboratory, "analytes") if isinstance(one, dict) and one.get("code") == item["lab"]]
    return any("low" in one or "high" in one for one in known)


def unfolded(rule: Raw, items: list[Raw], laboratory: Any) -> Iterator[Raw]:
    """A rule with `each:` once for every laboratory item it is for; `{item}` and `{label}` become
    the item's own, `{anchor}` the item a reason stands beside.

    `each: laboratory` is for all of them, `each: graded` for those CTCAE knows.
    """
    for item in items:
        if rule["each"] == "laboratory" or (rule["each"] == "graded" and _is_graded(item, laboratory)):
            name = str(item["name"])
            # A reason given beside a computed value would lapse when completing records that value.
            anchor = name + CS if "derived" in item else name
            names = {"{item}": name, "{anchor}": anchor}
            made = _filled({key: value for key, value in rule.items() if key != "each"}, names, _label(item))
            examples = [one for one in made.get("examples", ()) if _speaks_of(one, name)]
            yield made | {"id": f"{rule.get('id')}-{name}", "template": rule.get("id"), "examples": examples}


def laboratory_list(laboratory: Any) -> Raw | None:
    """The code list of the laboratories, for the items that ask which one it was."""
    places = [one for one in _list(laboratory, "laboratories") if isinstance(one, dict) and "code" in one]
    codes = [{"code": one["code"], **_label(one)} for one in places]
    return {"oid": LABORATORIES, "items": codes} if codes else None


def _speaks_of(example: Any, name: str) -> bool:
    given = example.get("given", {}) if isinstance(example, dict) else {}
    return any(str(key).rsplit(".", 1)[-1] == name for key in given)


def _filled(value: Any, names: Mapping[str, str], label: Mapping[str, str], tongue: str = "en") -> Any:
    if isinstance(value, str):
        for mark, name in names.items():
            value = value.replace(mark, name)
        return value.replace("{label}", label[tongue])
    if isinstance(value, list):
        return [_filled(one, names, label, tongue) for one in value]
    if isinstance(value, dict):
        return {
            str(_filled(key, names, label)): _filled(one, names, label, key if key in ("en", "zh") else tongue)
            for key, one in value.items()
        }
    return value


def _label(item: Raw) -> dict[str, str]:
    label = item.get("label", item)
    name = str(item.get("name", item.get("code")))
    return {tongue: str(label.get(tongue, name)) for tongue in ("en", "zh")}


def _list(owner: Any, name: str) -> list[Any]:
    found = owner.get(name) if isinstance(owner, dict) else None
    return found if isinstance(found, list) else []
