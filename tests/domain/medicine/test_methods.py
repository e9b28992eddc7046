"""Every published criterion a study can name has its inputs, its source and its words."""

from __future__ import annotations

import inspect

from tests.factories import form, group, item, make_book, rule, study_source
from trialdesk.domain.medicine.registry import METHODS, explained
from trialdesk.domain.rules.example import run_example


def test_every_method_names_its_inputs_and_its_source() -> None:
    for name, method in METHODS.items():
        assert method.name == name
        assert method.source
        assert tuple(inspect.signature(method.function).parameters) == method.inputs
        assert "Source:" in method.explained, name
    assert explained("acute_gvhd.grade").source.startswith("Harris")


def test_a_study_can_name_a_published_criterion() -> None:
    source = study_source()
    organs = [item(name, "text") for name in ("SKIN", "LIVER", "UPPER", "LOWER")]
    source["forms"] = [*source["forms"], form("GV", group("GV", *organs, item("GRADE", derived=True)))]
    source["events"][0] = source["events"][0] | {"forms": ("DM", "VS", "GV")}
    inputs = {"skin": "SKIN", "liver": "LIVER", "upper_gi": "UPPER", "lower_gi": "LOWER"}
    given_all = {"SKIN": "3", "LIVER": "0", "UPPER": "0", "LOWER": "0"}
    examples = [{"given": given_all, "expect": "II"}, {"given": {"SKIN": "3"}, "expect": "cannot_tell"}]
    source["rules"] = [
        rule("CALC-9", "method", item="GRADE", method="acute_gvhd.grade", inputs=inputs, examples=examples)
    ]
    book = make_book(**source)
    for example in book.study.rule["CALC-9"].examples:
        assert run_example(book, book.study.rule["CALC-9"], example).expect == example.expect
