"""The study that ships is whole: it loads, names only what exists, and its rules do what their examples say."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialdesk.domain.rules.study_check import check_study
from trialdesk.services.study_release import terminology
from trialdesk.storage.study_library import freeze, load_study, read_folder, thaw

STUDIES = Path(__file__).parents[2] / "resources" / "studies"


@pytest.mark.parametrize("folder", sorted(p.parent for p in STUDIES.glob("*/study.yaml")), ids=lambda p: p.name)
def test_a_shipped_study_has_no_problem_an_author_must_mend(folder: Path) -> None:
    assert [str(problem) for problem in check_study(read_folder(folder), terminology())] == []


def test_the_study_survives_being_frozen_for_a_desk() -> None:
    study = load_study(STUDIES / "nct06141304")
    assert thaw(freeze(study)) == study


def test_every_eligibility_place_for_the_site_is_marked_as_a_setting() -> None:
    study = load_study(STUDIES / "nct06141304")
    site = next(group for group in study.form["ELIG"].groups if group.oid == "IESITE")
    assert all(item.setting for item in site.items)


def test_every_rule_has_its_proofs_on_both_sides() -> None:
    study = load_study(STUDIES / "nct06141304")
    assert len(study.rules) >= 60
    proofs: dict[str, set[str]] = {}
    for rule in study.rules:
        # What is written once for many items is proved once.
        proofs.setdefault(rule.template or rule.id, set()).update(example.expect for example in rule.examples)
    for rule in study.rules:
        expected = proofs[rule.template or rule.id]
        assert len(expected) >= 2 or rule.id == "PLX-11", f"{rule.id} shows only {expected}"


def test_every_derived_item_has_its_method() -> None:
    study = load_study(STUDIES / "nct06141304")
    computed = {rule.item for rule in study.rules if rule.kind == "method"}
    assert {item.name for _, _, item in study.place.values() if item.derived} == computed
