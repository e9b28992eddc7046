"""Help pages come from the study's own files: every field has one, in both languages, with the rules that speak there."""

from __future__ import annotations

from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.help_pages import help_page
from trialdesk.services.study_release import release_from_folder, shipped_study

BOOK = Rulebook(release_from_folder(shipped_study()).study)


def test_every_field_of_the_study_has_a_page_in_both_languages() -> None:
    for name in BOOK.study.place:
        page = help_page(BOOK, name)
        assert page.how.en
        assert page.how.zh
        for rule in page.rules:
            assert rule.says.zh, rule.id
            assert rule.protocol.en, rule.id
            assert rule.source, rule.id


def test_a_window_names_its_rule_and_the_settings_behind_it() -> None:
    page = help_page(BOOK, "DLIDAT")
    assert "DOSE-01" in [rule.id for rule in page.rules]
    assert {"chemo_to_dli_days", "dli_tolerance"} <= {one.name for one in page.settings}


def test_a_computed_field_says_so_and_names_the_publication() -> None:
    page = help_page(BOOK, "AGGRADE")
    assert "computed" in page.how.en.lower()
    assert any(rule.published and "Harris" in rule.published for rule in page.rules)


def test_a_range_says_what_happens_beyond_it() -> None:
    limits = help_page(BOOK, "AGBSA").limits
    assert limits is not None
    assert limits.zh == "预期范围 0～100 %，超出须更正"
