"""What follows from a casebook, as the nurse sees it."""

from __future__ import annotations

from tests.factories import CHDAT, DLI_FORM, DLIDAT, TODAY, answered, make_book, path
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess, assess_form

BOOK = make_book()


def rules_at(form: FormPath, answers: dict[str, str]) -> set[str]:
    data = answered({path(key): value for key, value in answers.items()})
    return {finding.rule for finding in assess_form(BOOK, data, form, TODAY).findings}


def test_a_date_outside_its_window_is_kept_and_shown_with_the_rule() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-06"})
    found = assess_form(BOOK, data, DLI_FORM, TODAY).at(DLIDAT)
    assert [(f.rule, f.severity) for f in found] == [("DOSE-01", "soft")]
    assert found[0].says.zh == "超窗 1 天（偏晚）：应在 3月3日～3月5日。"
    assert found[0].says.en == "1 day too late: expected 3 Mar to 5 Mar."


def test_the_edges_of_a_window_are_inside() -> None:
    for day in ("2026-03-03", "2026-03-04", "2026-03-05"):
        assert "DOSE-01" not in rules_at(DLI_FORM, {str(CHDAT): "2026-03-01", str(DLIDAT): day})
    assert "DOSE-01" in rules_at(DLI_FORM, {str(CHDAT): "2026-03-01", str(DLIDAT): "2026-03-02"})


def test_without_its_anchor_a_window_says_nothing() -> None:
    assert rules_at(DLI_FORM, {str(DLIDAT): "2026-03-05"}) == set()


def test_round_two_looks_at_its_own_chemotherapy() -> None:
    second = FormPath("DLI", 2, "DLI")
    answers = {
        str(CHDAT): "2026-03-01",
        "CHEMO[2]/CHEMO/CH[1]/CHDAT": "2026-03-10",
        str(second.item("DLI", "DLIDAT")): "2026-03-13",
    }
    assert rules_at(second, answers) == set()


def test_a_computed_answer_is_shown_before_it_is_recorded() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-05"})
    derived = assess_form(BOOK, data, DLI_FORM, TODAY).derived
    assert derived[DLI_FORM.item("DLI", "DLIGAP")] == ("CALC-01", "4")


def test_a_question_that_is_not_asked_is_not_missing() -> None:
    form = FormPath("PLX", 1, "PLX")
    data = answered({form.item("INJ", "PLXGIVEN", 1): "Y", form.item("INJ", "PLXGIVEN", 2): "N"})
    found = assess_form(BOOK, data, form, TODAY)
    missing = {str(f.path) for f in found.findings if f.rule == "MISSING"}
    assert "PLX[1]/PLX/INJ[1]/PLXTIM" in missing
    assert "PLX[1]/PLX/INJ[1]/PLXWHY" not in missing
    assert "PLX[1]/PLX/INJ[2]/PLXWHY" in missing
    assert found.skipped[form.item("INJ", "PLXWHY", 1)].undecided is False
    assert found.skipped[form.item("INJ", "PLXWHY", 3)].undecided is True


def test_a_number_out_of_range_is_judged_in_the_items_own_unit() -> None:
    weight = path("SCR[1]/VS/VS[1]/WT")
    form = weight.form_path
    assert rules_at(form, {str(weight): "620"}) == {"RANGE-WT"}
    assert rules_at(form, {str(weight): "62.0"}) == set()


def test_a_date_after_today_is_asked_about() -> None:
    assert "DATE-FUTURE" in rules_at(FormPath("CHEMO", 1, "CHEMO"), {str(CHDAT): "2026-03-21"})
    assert "DATE-FUTURE" not in rules_at(FormPath("CHEMO", 1, "CHEMO"), {str(CHDAT): "2026-03-20"})


def test_the_whole_casebook_is_assessed_form_by_form() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-06"})
    whole = assess(BOOK, data, TODAY)
    assert set(whole) == {FormPath("CHEMO", 1, "CHEMO"), DLI_FORM}
    assert whole[DLI_FORM] == assess_form(BOOK, data, DLI_FORM, TODAY)
