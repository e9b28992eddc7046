"""A term is found the way it is called on the ward, and in spite of a slip of the hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.medicine.gvhd_words import speaks_of_gvhd
from trialdesk.domain.medicine.slips import slips, slips_allowed
from trialdesk.services.terminology import rule_terminology

CTCAE = rule_terminology()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("low platelets", "Platelet count decreased"), ("血小板低", "Platelet count decreased"),
        ("血小板减少", "Platelet count decreased"), ("plt", "Platelet count decreased"),
        ("neutropenia", "Neutrophil count decreased"), ("粒缺", "Neutrophil count decreased"),
        ("粒缺发热", "Febrile neutropenia"), ("发热", "Fever"), ("发烧", "Fever"), ("fare", "Fever"), ("fr", "Fever"),
        ("拉肚子", "Diarrhea"), ("fuxie", "Diarrhea"), ("fu xie", "Diarrhea"), ("fx", "Diarrhea"),
        ("腹泻", "Diarrhea"), ("diarrhoea", "Diarrhea"), ("DIARRHEA", "Diarrhea"),
        ("转氨酶高", "Alanine aminotransferase increased"), ("谷草转氨酶高", "Aspartate aminotransferase increased"),
        ("黄疸", "Blood bilirubin increased"), ("肛周感染", "Anorectal infection"), ("败血症", "Sepsis"),
        ("皮疹", "Rash maculo-papular"), ("口腔溃疡", "Mucositis oral"), ("QT延长", "Electrocardiogram QT corrected interval prolonged"),
        ("麻木", "Paresthesia"), ("ｃｍｖ", "Cytomegalovirus infection reactivation"), ("infection lung", "Lung infection"),
    ],
)  # fmt: skip
def test_ward_words_find_their_term_first(typed: str, name: str) -> None:
    assert CTCAE.search(typed)[0].name == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("diarhea", "Diarrhea"), ("neutropnia", "Neutrophil count decreased"), ("platlet", "Platelet count decreased"),
        ("nausae", "Nausea"), ("headahe", "Headache"), ("abdominl pain", "Abdominal pain"), ("xuexiaobna", "Platelet count decreased"),
        ("腹泄", "Diarrhea"), ("血小扳降低", "Platelet count decreased"),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_still_finds_the_term(typed: str, name: str) -> None:
    assert CTCAE.search(typed)[0].name == name


def test_every_term_is_found_first_by_each_of_its_own_names() -> None:
    for term in CTCAE.terms:
        assert CTCAE.search(term.name)[0] == term
        assert CTCAE.search(term.zh)[0] == term


def test_nothing_is_offered_for_nothing_or_for_nonsense() -> None:
    assert CTCAE.search("") == CTCAE.search("   ") == ()
    assert CTCAE.search("qqqqqqqq") == ()


@given(st.text(max_size=20))
def test_any_text_can_be_typed(typed: str) -> None:
    assert len(CTCAE.search(typed, 12)) <= 12


words = st.text("abcdeé", min_size=1, max_size=9)


@given(words)
def test_a_word_needs_no_slip_for_its_own_beginning(word: str) -> None:
    assert slips(word[: len(word) // 2 + 1], word, 1) == 0


@given(words, st.integers(0, 8), st.sampled_from("xyz"))
def test_one_wrong_letter_is_at_most_one_slip(word: str, at: int, letter: str) -> None:
    at = at % len(word)
    assert slips(word[:at] + letter + word[at + 1 :], word, 1) in (0, 1)


@given(words.filter(lambda word: len(word) > 1))
def test_two_swapped_neighbours_are_one_slip(word: str) -> None:
    assert slips(word[1] + word[0] + word[2:], word, 2) in (0, 1)


def test_short_words_must_be_typed_right() -> None:
    assert [slips_allowed(n) for n in (3, 4, 7, 8)] == [0, 1, 1, 2]


@pytest.mark.parametrize(
    "text",
    [
        "GVHD", "aGVHD of the skin", "cGVHD", "GvHD", "aGVHD皮肤", "急性GVHD", "ＧＶＨＤ", "GVH反应", "G.V.H.D.", "gvdh",
        "graft versus host disease", "graft-versus-host", "Graft vs. host", "graft vs host", "graft v host",
        "移植物抗宿主病", "移植物抗宿主反应", "抗宿主病", "肠道排异", "排异反应", "急性排异", "皮排Ⅱ度", "肠排", "慢排", "no GVHD",
    ],
)  # fmt: skip
def test_gvhd_is_recognised_as_it_is_written(text: str) -> None:
    assert speaks_of_gvhd(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Diarrhea",
        "graft failure",
        "engraftment syndrome",
        "graft versus leukemia",
        "腹泻",
        "移植排斥",
        "急排便",
        "植入失败",
        "GVL",
    ],
)
def test_other_words_are_not_taken_for_gvhd(text: str) -> None:
    assert not speaks_of_gvhd(text)
