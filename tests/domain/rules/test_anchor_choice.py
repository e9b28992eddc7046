"""A parameter says which day is counted from: visit windows and dose rules both follow it."""

from __future__ import annotations

from datetime import date

from tests.factories import answered
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.checks import scope_anchor
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.windows import window_of_event
from trialdesk.domain.study.study import Study
from trialdesk.services.study_release import release_from_folder, shipped_study

SHIPPED = release_from_folder(shipped_study()).study
CHEMO, DLI = FormPath("CHEMO", 1, "CHEMO"), FormPath("DLI", 1, "DLI")
TODAY = date(2026, 3, 20)


def study(anchor: str) -> Study:
    """The shipped study with the chemotherapy day that is counted from."""
    parameters = tuple(
        one.model_copy(update={"value": anchor}) if one.name == "chemo_anchor" else one for one in SHIPPED.parameters
    )
    return SHIPPED.model_copy(update={"parameters": parameters})


def at(form: FormPath, name: str) -> ItemPath:
    """Where an item stands on a form."""
    return form.item(SHIPPED.place[name][1].oid, name)


def told(anchor: str, infused: str) -> tuple[date, set[str]]:
    """The target day of the infusion and the rules that speak, chemotherapy being from 1 to 5 March."""
    book = Rulebook(study(anchor))
    answers = {
        at(CHEMO, "CHSTDAT"): "2026-03-01",
        at(CHEMO, "CHENDAT"): "2026-03-05",
        at(DLI, "DLIDAT"): infused,
    }
    data = answered(answers)
    due = book.study.event["DLI"].due
    assert due is not None
    window = window_of_event(
        book, due, scope_anchor(PlaceScope(book, data, DLI, None, 1, TODAY), book.study.anchor(due))
    )
    assert window is not None
    found = assess_form(book, data, DLI, TODAY).at(at(DLI, "DLIDAT"))
    return window.target, {one.rule for one in found if one.rule == "DOSE-01"}


def test_the_infusion_counts_from_the_last_day_of_chemotherapy() -> None:
    assert told("END", "2026-03-08") == (date(2026, 3, 8), set())
    assert told("END", "2026-03-04") == (date(2026, 3, 8), {"DOSE-01"})


def test_the_infusion_counts_from_the_first_day_where_the_setting_says_so() -> None:
    assert told("START", "2026-03-04") == (date(2026, 3, 4), set())
    assert told("START", "2026-03-08") == (date(2026, 3, 4), {"DOSE-01"})
