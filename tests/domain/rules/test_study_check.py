"""A study's author hears every problem at once, with the nearest known name."""

from __future__ import annotations

from typing import Any

from tests.factories import item, rule, study_source
from trialdesk.domain.rules.study_check import check_study
from trialdesk.domain.study.reading import SourceFile, Sources


def problems_of(source: dict[str, Any]) -> list[str]:
    sources = Sources([])
    sources.raw = source
    return [problem.says for problem in check_study(sources)]


def with_rule(one: dict[str, Any]) -> list[str]:
    source = study_source()
    source["rules"] = [*source["rules"], one]
    return problems_of(source)


def test_the_small_study_has_no_problem_and_its_examples_hold() -> None:
    assert problems_of(study_source()) == []


def test_a_misspelt_item_is_answered_with_the_nearest_one() -> None:
    found = with_rule(rule("X-01", "check", item="DLIDAT", expect="DLIDATE > CHDAT", examples=[{"expect": "ok"}]))
    assert any("no item DLIDATE; did you mean 'DLIDAT'?" in says for says in found)


def test_a_name_asked_at_several_visits_must_say_which() -> None:
    found = with_rule(rule("X-02", "check", item="AESTDAT", expect="DLIDAT < AESTDAT", examples=[{"expect": "ok"}]))
    assert any("latest(DLIDAT)" in says for says in found)


def test_values_that_depend_on_each_other_in_a_circle_are_refused() -> None:
    source = study_source()
    source["forms"][0]["groups"][0]["items"] = [
        item("ONE", "integer", derived=True), item("TWO", "integer", derived=True)
    ]  # fmt: skip
    source["rules"] = [
        rule("C-1", "method", item="ONE", value="TWO + 1", examples=[{"expect": "cannot_tell"}]),
        rule("C-2", "method", item="TWO", value="ONE + 1", examples=[{"expect": "cannot_tell"}]),
    ]
    assert sum("circle" in says for says in problems_of(source)) == 2


def test_an_example_that_does_not_hold_is_named() -> None:
    found = with_rule(
        rule("X-03", "check", item="DLIDAT", expect="DLIDAT > CHDAT",
             examples=[{"given": {"CHEMO.CHDAT": "2026-03-05", "DLIDAT": "2026-03-01"}, "expect": "ok"}])
    )  # fmt: skip
    assert found == ["X-03: the example expects 'ok', the rule gives 'finding'"]


def test_a_rule_without_an_example_is_refused() -> None:
    assert any("no examples" in says for says in with_rule(rule("X-04", "check", item="DLIDAT", expect="true_ > 1")))


def test_an_item_name_used_twice_is_refused() -> None:
    source = study_source()
    source["forms"][1]["groups"][0]["items"] += (item("SEX"),)
    assert any("SEX stands on DM already" in says for says in problems_of(source))


def test_a_fault_of_form_names_file_and_line() -> None:
    file = SourceFile("forms/dm.yaml", {"oid": "DM", "grups": []}, {("grups",): 7})
    found = [str(problem) for problem in check_study(Sources([file]))]
    assert any(line.startswith("forms/dm.yaml:7: ") and "'groups'" in line for line in found)
