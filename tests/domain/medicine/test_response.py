"""Response: AML by ELN 2022, ALL by NCI/ASBMT 2010, MRD beside it, relapse, best response, round 2."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine import response
from trialdesk.domain.medicine.registry import METHODS


def number(text: str | None) -> Decimal | None:
    return None if text in (None, "-") else Decimal(str(text))


def logical(sign: str) -> bool | None:
    return {"Y": True, "N": False}.get(sign)


def aml(words: str) -> str:
    marrow, before, blood, outside, anc, plt, adequate = words.split()
    numbers = [number(one) for one in (marrow, before, anc, plt)]
    return response.aml(
        numbers[0], numbers[1], logical(blood), logical(outside), numbers[2], numbers[3], logical(adequate)
    ).shown


@pytest.mark.parametrize(
    ("row", "shown"),
    [  # marrow, before, blasts in blood, extramedullary, ANC, platelets, adequate
        ("4.9 40 N N 1.0 100 Y", "CR"), ("4.9 40 N N 0.99 100 Y", "CRh"), ("4.9 40 N N 1.0 99 Y", "CRh"),
        ("4.9 40 N N 0.5 50 Y", "CRh"), ("4.9 40 N N 1.0 49 Y", "CRi"), ("4.9 40 N N 0.49 100 Y", "CRi"),
        ("4.9 40 N N 0.49 99 Y", "MLFS"), ("4.9 40 N N 0.99 49 Y", "MLFS"), ("4.9 40 N N - 200 Y", "at least MLFS"),
        ("4.9 40 N N 2 - Y", "at least MLFS"), ("4.9 40 Y N 2 200 Y", "NR"), ("4.9 40 N Y 2 200 Y", "NR"),
        ("4.9 - N N 2 200 Y", "CR"), ("4.9 40 N - 2 200 Y", ""), ("4.9 40 - N 2 200 Y", ""), ("4.9 40 - Y 2 200 Y", "NR"),
        ("5 40 N N 1 100 Y", "PR"), ("20 40 N N 1 100 Y", "PR"), ("20.1 40 N N 1 100 Y", "NR"), ("25 50 N N 1 100 Y", "PR"),
        ("25.1 60 N N 1 100 Y", "NR"), ("10 - N N 1 100 Y", "NE"), ("10 40 N N 0.9 100 Y", "NR"), ("10 40 Y N 1 100 Y", "NR"),
        ("10 - N N 0.9 100 Y", "NR"), ("10 40 N N - 100 Y", ""), ("10 40 N N - 99 Y", "NR"), ("40 40 N N - - Y", "NR"),
        ("- 40 N N 1 100 N", "NE"), ("3 40 N N 1 100 N", "NE"), ("- 40 N N 1 100 Y", ""), ("3 40 N N 1 100 -", ""),
        ("3 40 N N 1500 150000 Y", ""),
    ],
)  # fmt: skip
def test_aml_is_judged_by_eln_2022(row: str, shown: str) -> None:
    assert aml(row) == shown


def test_leukaemia_again_after_a_remission_is_relapse() -> None:
    again = response.aml(Decimal(5), Decimal(40), False, False, Decimal(1), Decimal(100), True, after_remission=True)
    assert again.value == "RELAPSE"
    still = response.aml(
        Decimal("4.9"), Decimal(40), False, False, Decimal(1), Decimal(100), True, after_remission=True
    )
    assert still.value == "CR"


def test_a_reason_names_what_is_missing() -> None:
    told = response.aml(Decimal(3), Decimal(40), False, None, Decimal(2), Decimal(200), True)
    assert "extramedullary" in told.why.en
    assert "髓外病变" in told.why.zh


counts = st.decimals(0, 5, places=2)
maybe_count = st.one_of(st.none(), counts)


@given(st.decimals(0, 100, places=1), counts, st.decimals(0, 300, places=0), st.booleans(), st.booleans())
def test_with_everything_known_there_is_always_one_category(
    marrow: Decimal, anc: Decimal, plt: Decimal, blood: bool, outside: bool
) -> None:
    told = response.aml(marrow, Decimal(60), blood, outside, anc, plt, True)
    assert told.exact in response.ORDER


@given(
    st.decimals(0, 100, places=1),
    maybe_count,
    st.decimals(0, 300, places=0),
    counts,
    st.sampled_from([None, False, True]),
    st.booleans(),
)
def test_what_was_told_holds_whatever_the_missing_turns_out_to_be(
    marrow: Decimal, anc: Decimal | None, plt: Decimal, later: Decimal, blood: bool | None, then: bool
) -> None:
    told = response.aml(marrow, Decimal(60), blood, False, anc, plt, True)
    whole = response.aml(
        marrow, Decimal(60), then if blood is None else blood, False, later if anc is None else anc, plt, True
    )
    assert told.exact in (None, whole.exact)
    if told.at_least:
        assert response.ORDER.index(str(whole.value)) <= response.ORDER.index(str(told.value))


@pytest.mark.parametrize(
    ("marrow", "before", "blood", "outside", "anc", "plt", "halved", "shown"),
    [
        ("4.9", "40", False, False, "1", "100", None, "CR"), ("4.9", "40", False, False, "0.9", "100", None, "CRi"),
        ("4.9", "40", False, False, None, "100", None, "at least CRi"), ("4.9", "40", False, False, "0.2", "10", None, "CRi"),
        ("20", "40", False, False, "1", "100", None, "PR"), ("20", "40", True, False, "1", "100", True, "PR"),
        ("20", "40", True, False, "1", "100", False, "NR"), ("20", "40", True, False, "1", "100", None, ""),
        ("4", "40", True, False, "1", "100", True, "PR"), ("25.1", "90", False, False, "1", "100", None, "NR"),
        ("10", None, False, False, "1", "100", None, "NE"), ("20.1", "40", False, False, "1", "100", None, "NR"),
        ("10", "40", False, False, "0.9", "100", None, "NR"),
    ],
)  # fmt: skip
def test_all_keeps_partial_remission_while_what_remains_is_halved(
    marrow: str,
    before: str | None,
    blood: bool,
    outside: bool,
    anc: str | None,
    plt: str,
    halved: bool | None,
    shown: str,
) -> None:
    told = response.all_leukaemia(
        number(marrow), number(before), blood, outside, number(anc), number(plt), True, halved, None
    )
    assert told.shown == shown


def test_the_disease_chooses_the_criteria() -> None:
    by_disease = METHODS["response.by_disease"].function
    least = METHODS["response.least_by_disease"].function
    unknown_count = (Decimal(4), Decimal(40), Decimal(0), "ABSENT", None, Decimal(140), True, None)
    assert by_disease("AML", *unknown_count) is None
    assert least("AML", *unknown_count) == ">=MLFS"
    assert least("ALL", *unknown_count) == ">=CRI"
    rest = (Decimal(4), Decimal(40), Decimal(0), "ABSENT", Decimal("0.4"), Decimal(40), True, None)
    assert by_disease("AML", *rest) == "MLFS"
    assert by_disease("ALL", *rest) == "CRI"
    assert by_disease("OTHER", *rest) is None
    half = (Decimal(20), Decimal(40), Decimal(10), "ABSENT", Decimal(1), Decimal(100), True, Decimal(20))
    assert by_disease("ALL", *half) == "PR"
    assert by_disease("AML", *half) == "NR"
    left = (Decimal(4), Decimal(40), Decimal(0), "PRESENT", Decimal(1), Decimal(100), True, None)
    assert by_disease("ALL", *left, True) == "PR"
    assert by_disease("ALL", *left, False) == "NR"
    assert by_disease("ALL", *left) is None
    unseen = (Decimal(4), Decimal(40), Decimal(0), "NE", Decimal(2), Decimal(200), True, None)
    assert by_disease("AML", *unseen) is None


def test_mrd_stands_beside_a_remission_only() -> None:
    assert response.with_mrd("CR", "NEG") == "CR, MRD-negative"
    assert response.with_mrd("CRi", None) == "CRi, MRD unknown"
    assert response.with_mrd("PR", "POS") == "PR"
    assert response.mrd_positive(Decimal("0.1"), Decimal("0.1")) is True
    assert response.mrd_positive(Decimal("0.09"), Decimal("0.1")) is False
    assert response.mrd_positive(None, Decimal("0.1")) is None


@pytest.mark.parametrize(
    ("after", "marrow", "blood", "outside", "found"),
    [
        (True, "4.9", False, False, False), (True, "5", False, False, True), (True, "2", True, False, True),
        (True, None, None, True, True), (True, "2", None, False, None), (False, "50", True, False, False),
        (None, "50", True, False, None),
    ],
)  # fmt: skip
def test_relapse_is_blasts_or_new_disease_after_a_remission(
    after: bool | None, marrow: str | None, blood: bool | None, outside: bool, found: bool | None
) -> None:
    assert response.relapse(after, number(marrow), blood, outside) is found


def test_only_what_was_assessed_inside_the_window_counts() -> None:
    first, last = date(2026, 3, 1), date(2026, 5, 30)
    seen = [(date(2026, 2, 28), "CR"), (date(2026, 3, 1), "PR"), (date(2026, 5, 30), "CRi"), (date(2026, 5, 31), "CR")]
    assert response.best_in_window(seen, first, last) == "CRi"
    assert response.best_in_window(seen, None, None) == "CR"
    assert response.best_in_window([(None, "CR")], first, last) is None


def test_the_best_response_wins() -> None:
    assert response.best(["NR", "CRI", "PR"]) == "CRi"
    assert response.best(["NE"]) == "NE"
    assert response.best([]) is None


@pytest.mark.parametrize(
    ("name", "mrd", "acute", "relapsed", "answer"),
    [
        ("PR", None, "0", False, "Y"), ("CR", "POS", "I", False, "Y"), ("CRI", "POS", "0", False, "Y"),
        ("CR", "NEG", "0", False, "N"), ("CR", "UNK", "0", False, None), ("CR", None, "0", False, None),
        ("PR", None, "II", False, "N"), ("PR", None, None, False, None), ("PR", None, "0", True, "N"),
        ("NR", None, "0", False, "N"), ("MLFS", "POS", "0", False, "N"), (None, "POS", "0", False, None),
    ],
)  # fmt: skip
def test_round_2_follows_pr_or_cr_with_mrd_and_unknown_mrd_asks(
    name: str | None, mrd: str | None, acute: str | None, relapsed: bool, answer: str | None
) -> None:
    assert response.round_2(name, mrd, acute, relapsed) == answer
