"""The terminology is whole: every term has a Chinese name, its grades have words, and the words keep to the facts."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from trialdesk.domain.medicine.adverse_event_term import GENERAL
from trialdesk.paths import resources
from trialdesk.services.terminology import rule_terminology
from trialdesk.storage.terminology import read_words

CTCAE = rule_terminology()
FOLDER = resources() / "terminology" / "ctcae-5.0"
TOP = Path(__file__).resolve().parents[2]
WORKBOOK = TOP.parent / "shared" / "data" / "CTCAE_v5.0_2017-11-27.xlsx"

# Letters that stand in Chinese reports as they are.
LATIN = {"CD4", "EB", "QT", "T", "I"}


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _font() -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(resources() / "fonts" / "NotoSansSC-Regular.ttf") as font:
        return set(font.getBestCmap())


def test_there_are_837_terms_in_26_classes() -> None:
    assert len(CTCAE.terms) == 837
    assert len({term.soc for term in CTCAE.terms}) == 26
    assert sum(len(term.grades) for term in CTCAE.terms) == 3185
    assert sum(bool(term.resembles_gvhd) for term in CTCAE.terms) == 62


def test_every_term_has_a_chinese_name_of_its_own() -> None:
    assert [term.name for term in CTCAE.terms if not term.zh] == []
    assert [name for name, n in Counter(term.zh for term in CTCAE.terms).items() if n > 1] == []


def test_a_chinese_name_holds_no_rest_of_english() -> None:
    for term in CTCAE.terms:
        assert set(re.findall(r"[A-Za-z][A-Za-z0-9]*", term.zh)) <= LATIN, term.zh
        assert not re.search(r"[,;:()]|\s$|^\s", term.zh), term.zh


def test_the_font_has_every_character_of_names_notes_and_ward_words() -> None:
    known = _font()
    for name in ("terms.csv", "classes.csv", "notes.csv", "synonyms.csv"):
        signs = set((FOLDER / name).read_text(encoding="utf-8"))
        assert not {sign for sign in signs if ord(sign) >= 32 and ord(sign) not in known}, name


def test_readings_are_those_of_the_names_and_ward_words() -> None:
    pytest.importorskip("pypinyin")
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_pinyin", TOP / "packaging" / "make_pinyin.py")
    assert spec is not None
    assert spec.loader is not None
    maker: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    made = list(maker.readings(maker.words_of(FOLDER)))
    assert made == [(row["word"], row["pinyin"]) for row in _rows("pinyin.csv")], "run packaging/make_pinyin.py"


def test_ward_words_lead_to_terms() -> None:
    pairs = read_words(FOLDER)
    assert len({word for word, _ in pairs}) >= 250
    assert {name for _, name in pairs} <= {term.name for term in CTCAE.terms}
    assert len({(word.lower(), name) for word, name in pairs}) == len(pairs)


def test_notes_stand_only_at_grades_that_exist_and_at_each_of_them() -> None:
    noted: dict[str, set[int]] = {}
    for name, grade in CTCAE.notes:
        noted.setdefault(name, set()).add(grade)
    for name, grades in noted.items():
        term = CTCAE.find(name)
        assert term is not None, name
        assert grades == set(term.grades), name


def test_notes_cover_gvhd_numbers_infections_and_the_common_terms_of_the_ward() -> None:
    noted = {name for name, _ in CTCAE.notes}
    assert {term.name for term in CTCAE.terms if term.resembles_gvhd} <= noted
    assert {term.name for term in CTCAE.terms if term.soc.startswith("Infections")} <= noted
    numeric = {row["term"] for row in _rows("criteria.csv")}
    assert numeric <= noted
    assert len(noted) >= 62 + len(numeric) + 88 + 60 - 40


def _numbers(text: str) -> set[float]:
    # kg/m², 10^9/L and the 1.73 m² of a filtration rate are units, not limits.
    bare = re.sub(r"10\^9|1\.73 m²|PaO2|CD4|FEV1|\b\d\+", " ", text)
    return {float(number) for number in re.findall(r"\d+(?:\.\d+)?", bare)}


def test_both_languages_of_a_note_give_the_same_numbers() -> None:
    for (name, grade), note in CTCAE.notes.items():
        assert _numbers(note.en) == _numbers(note.zh), (name, grade)


# Numbers of a note that are no limit of a value: how long, how sure, an age, a share of a population.
BESIDE = {
    "Fever": {24.0},
    "Febrile neutropenia": {1.0},
    "Hypertension": {24.0, 5.0, 90.0, 95.0, 99.0},
    "Eosinophilia": set(),
}


def test_numbers_in_notes_of_numeric_terms_are_limits_of_that_grade() -> None:
    limits: dict[tuple[str, int], set[float]] = {}
    for row in _rows("criteria.csv"):
        numbers = {float(number) for number in re.findall(r"\d+(?:\.\d+)?", row["expression"])}
        limits.setdefault((row["term"], int(row["grade"])), set()).update(numbers)
    for (name, grade), note in CTCAE.notes.items():
        if name not in {term for term, _ in limits}:
            continue
        # A band begins at the limit of its grade and ends at that of the next one.
        ends = {number for (term, at), held in limits.items() if term == name and at >= grade for number in held}
        # 50 to 59 per cent and below 60 are one limit, said in whole numbers.
        near = ends | {number - 1 for number in ends} | {number + 1 for number in ends}
        near |= {round(number - 0.1, 1) for number in ends} | {0.0, 1.0}
        assert _numbers(note.en) <= near | BESIDE.get(name, set()), (name, grade, note.en)
        if not any(mark in note.en for mark in ("ULN", "LLN", "The same")) and _numbers(note.en):
            own = limits.get((name, grade), set())
            said = {said + by for said in _numbers(note.en) for by in (-1, 0, 0.1, 1)}
            assert not own or own & said, (name, grade, note.en)


def test_a_grade_without_a_note_has_the_general_scale() -> None:
    term = CTCAE.find("Aortic valve disease")
    assert term is not None
    words = CTCAE.grade_words(term)
    assert {grade: one.words for grade, one in words.items()} == GENERAL
    assert {one.whose for one in words.values()} == {"general"}


def test_imported_wording_comes_before_the_projects_notes() -> None:
    term = CTCAE.find("Nausea")
    assert term is not None
    words = CTCAE.grade_words(term, {"Nausea": {"2": "Official words of grade two"}})
    assert words[2].words.en == "Official words of grade two"
    assert [words[grade].whose for grade in (1, 2, 3)] == ["project", "official", "project"]


def test_terms_of_the_same_organ_stand_beside_one_that_looks_like_gvhd() -> None:
    term = CTCAE.find("Diarrhea")
    assert term is not None
    assert {one.name for one in CTCAE.alike(term, 20)} >= {"Colitis", "Enterocolitis", "Malabsorption"}


def _longest_shared(ours: str, theirs: str) -> list[str]:
    a, b = (re.findall(r"[a-z0-9.%]+", text.lower()) for text in (ours, theirs))
    best: list[str] = []
    for i in range(len(a)):
        for j in range(len(b)):
            k = 0
            while i + k < len(a) and j + k < len(b) and a[i + k] == b[j + k]:
                k += 1
            best = max(best, a[i : i + k], key=len)
    return best


@pytest.mark.skipif(not WORKBOOK.exists(), reason="the NCI workbook is not at hand")
def test_no_note_repeats_the_official_wording() -> None:
    from openpyxl import load_workbook

    workbook = load_workbook(WORKBOOK, read_only=True)
    official = {str(row[2]).strip(): row for row in workbook.worksheets[0].iter_rows(values_only=True)}
    workbook.close()
    for (name, grade), note in CTCAE.notes.items():
        theirs = str(official[name][2 + grade])
        assert note.en.lower().strip(" .") != theirs.lower().strip(" ."), (name, grade)
        shared = _longest_shared(note.en, theirs)
        words = [word for word in shared if re.search("[a-z]{3}", word)]
        assert len(shared) <= 6 or len(words) <= 3, (name, grade, shared)
