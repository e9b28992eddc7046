"""How a value comes about, in one English sentence for the methods of define.xml."""

from __future__ import annotations

from trialdesk.domain.study.rule import MethodRule
from trialdesk.domain.study.sdtm import Source
from trialdesk.domain.study.study import Study

METHODS = {
    "DY": "Date of the record minus RFSTDTC, plus 1 from RFSTDTC on; there is no day 0. Empty where either day is partial.",
    "SEQ": "Number of the record within the participant, in the order of the keys.",
    "LOBXFL": "Y for the last result of the test and specimen on or before the day of RFXSTDTC.",
    "EPOCH": "Epoch of the visit, else of the element the day falls into; empty where the day is partial.",
    "VISITNUM": "Place of the visit in the schedule, plus 100 for each round, plus 300 after the rounds, 400 and its own number if unscheduled.",
    "STRESC": "Result in the unit of the question, by the factor of the study for the unit it was given in; a coded result in the term of the standard.",
    "STRESN": "STRESC where it is a number.",
    "STNRLO": "Lower limit of the laboratory named on the form, for sex and age on the sampling day, in the standard unit.",
    "STNRHI": "Upper limit of the laboratory named on the form, for sex and age on the sampling day, in the standard unit.",
    "NRIND": "LOW below the lower limit of normal, HIGH above the upper one, else NORMAL; empty where no range is known.",
    "TAETORD": "Place of the element in the arm.",
}  # fmt: skip
"""How the machinery makes a variable, by the end of its name."""


def ending(name: str) -> str | None:
    """The end of a variable's name by which METHODS knows it; none for the trial summary and for names of visits."""
    if name.startswith("TS"):
        return None
    return next((one for one in METHODS if name.endswith(one)), None)


def rule_of(study: Study, item: str) -> MethodRule | None:
    """The rule of the study that computes an item."""
    return next((one for one in study.rules if isinstance(one, MethodRule) and one.item == item), None)


def described(study: Study, source: Source) -> str:
    """What a source gives, in words."""
    parts = [described(study, part) for part in source.parts]
    if source.act in ("item", "repeat"):
        name, _, repeat = source.text.partition("#")
        return f"{name} ({study.item(name).label.en}{f', round {repeat}' if repeat else ''})"
    if source.act in ("earliest", "latest"):
        many = len(parts) > 1 or source.parts[0].act == "record"
        return f"{source.act} of {', '.join(parts)}" if many else parts[0]
    if source.act in ("when", "unless"):
        return f"{parts[1]}, {'if' if source.act == 'when' else 'unless'} there is {parts[0]}"
    if source.act == "match":
        pairs = zip(parts[1::2], parts[2::2], strict=True)
        same = " and ".join(f"{there} says what {here} says here" for there, here in pairs)
        return f"{parts[0]} of the one form on which {same}"
    shapes = {
        "constant": f'"{source.text}"',
        "place": "place of the answer in the casebook",
        "record": source.text,
        "visit": f"first day of visit {source.text}",
        "map": f"{', '.join(parts)} in the terms of list {source.text}",
        "first": ", else ".join(parts),
        "words": f"words of {', '.join(parts)}",
        "own": f"{', '.join(parts)} in the unit of the question",
        "unit": f"unit of {', '.join(parts)}",
        "here": f"{', '.join(parts)} of the same visit",
        "iso": " with the time ".join(parts),
        "per": f"{' divided by '.join(parts)}, to three decimals",
    }
    return shapes[source.act]
