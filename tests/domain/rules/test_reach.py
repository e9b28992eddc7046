"""What is looked at again after one answer is exactly what may have changed: nothing stale is ever shown."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from tests.factories import CHDAT, DLI_FORM, DLIDAT, answered, make_book, path
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.assess import assess, assess_form
from trialdesk.domain.rules.reach import touched
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.services.demo_story import make_person, story
from trialdesk.services.study_release import shipped_release, terminology

BOOK = make_book()
LAST = date(2027, 6, 1)


def test_changing_an_anchor_touches_the_forms_that_rest_on_it() -> None:
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-05", path("SCR[1]/VS/VS[1]/WT"): "62"})
    assert DLI_FORM in touched(BOOK, data, CHDAT)
    assert touched(BOOK, data, path("SCR[1]/VS/VS[1]/WT")) == (FormPath("SCR", 1, "VS"),)


def test_the_second_round_is_left_alone_by_the_first_rounds_anchor() -> None:
    second = FormPath("DLI", 2, "DLI")
    data = answered({CHDAT: "2026-03-01", DLIDAT: "2026-03-05", second.item("DLI", "DLIDAT"): "2026-05-05"})
    assert second not in touched(BOOK, data, CHDAT)


@pytest.fixture(scope="module")
def lived() -> tuple[Rulebook, dict[ItemPath, str]]:
    """The shipped study and the answers of one participant through both rounds and the year after."""
    book = Rulebook(shipped_release().study, terminology())
    random = Random(11)
    person = next(p for n in range(1, 40) if (p := make_person(n, random, date(2026, 1, 5), None)).response == "PR")
    answers: dict[ItemPath, str] = {}
    for page in story(person, random, LAST):
        for name, said in page.answers.items():
            group = book.study.place[name][1].oid
            for row, value in enumerate(said if isinstance(said, list) else [said], start=1):
                if value and value not in ("ND", "UNK", "NA"):
                    answers[page.form.item(group, name, row)] = value
    return book, answers


def changed(book: Rulebook, at: ItemPath, value: str) -> str:
    """Another answer of the same kind."""
    item = book.study.item(at.item)
    if item.kind == "code" and item.codelist:
        return next(one.code for one in book.study.codelist[item.codelist].items if one.code != value)
    if item.kind == "date" and len(value) == 10:
        return (date.fromisoformat(value) + timedelta(days=40)).isoformat()
    if item.kind in ("integer", "float"):
        return f"{float(value) * 3 + 1:.1f}" if item.kind == "float" else str(int(float(value)) * 3 + 1)
    return value[:-1] or "x"


def test_no_form_outside_what_is_touched_changes_its_assessment(lived: tuple[Rulebook, dict[ItemPath, str]]) -> None:
    book, answers = lived
    before = answered(answers)
    was = assess(book, before, LAST)
    random = Random(3)
    spread = sorted(answers)
    anchors = [p for p in spread if p.item in ("CHENDAT", "DLIDAT", "RFICDAT", "SEX")]
    moved = 0
    for at in random.sample(spread, 30) + anchors:
        after = answered(answers | {at: changed(book, at, answers[at])})
        again = set(touched(book, after, at))
        rest = [form for form in after.by_form if form not in again]
        for form in random.sample(rest, 12):
            now, earlier = assess_form(book, after, form, LAST), was[form]
            assert now.findings == earlier.findings, f"{form} changes with {at}"
            assert (now.skipped, now.derived) == (earlier.skipped, earlier.derived), f"{form} changes with {at}"
        moved += len(again)
    assert moved < 30 * len(before.by_form) / 2, "and most forms need no second look"


def test_the_maps_carried_from_answer_to_answer_are_those_of_the_whole(
    lived: tuple[Rulebook, dict[ItemPath, str]],
) -> None:
    from tests.factories import record
    from trialdesk.domain.clinical.changes import ItemEntered
    from trialdesk.domain.clinical.fold import fold

    _, answers = lived
    data = SubjectData("01-001")
    assert (data.by_item, data.by_form) == ({}, {})
    for seq, (at, value) in enumerate(answers.items(), start=1):
        data = fold("01-001", [record(seq, ItemEntered(path=at, value=value), subject="01-001")], data)
    whole = SubjectData("01-001", items=data.items)
    assert data.by_item == whole.by_item
    assert data.by_form == whole.by_form
