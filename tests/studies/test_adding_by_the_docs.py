"""What the pages on adding a form and a rule show works as it stands."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from trialdesk.services.study_release import check_folder, shipped_study
from trialdesk.storage.study_library import load_study

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str) -> list[str]:
    """The YAML blocks of a page, in order."""
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_a_stranger_follows_the_two_pages_and_the_study_checks(tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(shipped_study(), study)
    form, line = blocks("adding-a-form.md")
    (study / "forms" / "walk.yaml").write_text(form, encoding="utf-8")
    events = study / "events.yaml"
    text = events.read_text(encoding="utf-8")
    assert line.strip().replace(", WALK]", "]") in text
    events.write_text(text.replace(line.strip().replace(", WALK]", "]"), line.strip(), 1), encoding="utf-8")
    (rules,) = blocks("adding-a-rule.md")
    (study / "rules" / "walk.yaml").write_text(rules, encoding="utf-8")
    outcome = check_folder(study)
    assert outcome.problems == ()
    made = load_study(study)
    assert "WALKM" in made.place
    assert any("WALK" in event.forms for event in made.events)


def test_the_page_on_rules_names_every_function_of_the_language() -> None:
    from trialdesk.domain.rules.functions import FUNCTIONS, PLACE_FUNCTIONS

    page = (DOCS / "adding-a-rule.md").read_text(encoding="utf-8")
    for name in (*FUNCTIONS, *PLACE_FUNCTIONS):
        assert f"`{name}" in page, name
