"""The trial design datasets: arms, elements, visits, criteria and summary, for a trial of one arm."""

from __future__ import annotations

from trialdesk.domain.study.sdtm import SdtmMapping
from trialdesk.domain.study.study import Study
from trialdesk.domain.study.study_event import StudyEventDef
from trialdesk.exchange.sdtm.timing import planned_visits

Row = dict[str, str | int | float | None]


def trial_design(study: Study, mapping: SdtmMapping) -> dict[str, list[Row]]:
    """The rows of TA, TE, TV, TI and TS."""
    arm: Row = {"ARMCD": mapping.arm_code, "ARM": mapping.arm}
    made: dict[str, list[Row]] = {
        "TA": [
            arm
            | {"TAETORD": number, "ETCD": one.ETCD, "ELEMENT": one.ELEMENT, "EPOCH": one.EPOCH}
            | {"TATRANS": one.transition or None}
            for number, one in enumerate(mapping.elements, 1)
        ],
        "TE": [
            {"ETCD": one.ETCD, "ELEMENT": one.ELEMENT, "TESTRL": one.rule, "TEENRL": one.end_rule or None}
            for one in mapping.elements
        ],
        "TV": [
            arm | {"VISITNUM": visit.number, "VISIT": visit.name, "TVSTRL": _start(study, study.event[event])}
            for event, _, visit in planned_visits(study)
        ],
        "TI": [{"IETESTCD": code, "IETEST": words, "IECAT": category} for code, words, category in mapping.criteria],
        "TS": _summary(mapping),
    }
    return {
        name: [{"STUDYID": study.oid, "DOMAIN": name, **row} for row in rows] for name, rows in made.items() if rows
    }


def _summary(mapping: SdtmMapping) -> list[Row]:
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for one in sorted(mapping.summary, key=lambda one: one.code):
        seen[one.code] = seen.get(one.code, 0) + 1
        # A null flavour (ISO 21090) says why there is no value.
        known = not one.value.startswith("?")
        dictionary = one.dictionary if one.term else None
        rows.append(
            {
                "TSSEQ": seen[one.code], "TSPARMCD": one.code, "TSPARM": one.name, "TSVAL": one.value if known else None,
                "TSVALNF": None if known else one.value[1:], "TSVALCD": one.term or None, "TSVCDREF": dictionary,
                "TSVCDVER": mapping.terminology if dictionary == "CDISC CT" else None,
            }
        )  # fmt: skip
    return rows


def _start(study: Study, event: StudyEventDef) -> str:
    """When a visit starts, in words."""
    due = event.due
    if due is None:
        return f"{event.label.en}: when it takes place"
    anchor = study.item(study.anchor(due)).label.en
    amount, unit = (due.months, "months") if due.months is not None else (due.days, "days")
    number = study.parameter[amount].value if isinstance(amount, str) else amount
    return f"{number} {unit} after: {anchor}"
