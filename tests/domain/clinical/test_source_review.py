"""How far the comparison with the source is: counts that add up, corrections that bring an answer back."""

from __future__ import annotations

from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_study, path, record
from trialdesk.domain.clinical.changes import (
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    RowStruck,
    SourceVerified,
    SubjectEnrolled,
    VerificationLifted,
)
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.source_review import Shield, SubjectReview, enrolment_places, review_subject
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.monitoring import MonitoringPlan
from trialdesk.domain.text import Text

STUDY = make_study()
SEX, BORN = path("SCR[1]/DM/DM[1]/SEX"), path("SCR[1]/DM/DM[1]/BRTHDAT")
WEIGHT, DLIDAT, GAP = path("SCR[1]/VS/VS[1]/WT"), path("DLI[1]/DLI/DLI[1]/DLIDAT"), path("DLI[1]/DLI/DLI[1]/DLIGAP")
PATHS = (SEX, BORN, WEIGHT, DLIDAT, path("PLX[1]/PLX/INJ[2]/PLXTIM"), path("AE[1]/AE/AE[1]/AETERM"))


def plan(
    first: int = 0, usual: str = "critical", critical: tuple[str, ...] = ("SEX", "DLIDAT", "PLXTIM")
) -> MonitoringPlan:
    return MonitoringPlan.model_validate(
        {"source": "assumption", "basis": Text(en="a", zh="b"), "first_participants": first, "usual": usual}
        | {"critical": critical, "forms": [{"form": "AE", "verify": "none"}]}
    )


def casebook(*changes: object) -> SubjectData:
    return fold("01-001", [record(n, change) for n, change in enumerate(changes, 1)])


def verified(*pairs: tuple[ItemPath, str]) -> SourceVerified:
    covers = tuple(name for _, name in pairs)
    return SourceVerified(paths=tuple(p for p, _ in pairs), covers=covers, source="Medical record", where="p. 3")


def shields(review: SubjectReview) -> dict[ItemPath, Shield]:
    return {item.path: item.shield for form in review.forms for item in form.items}


def test_the_plan_asks_for_critical_answers_and_the_computed_are_compared_with_nothing() -> None:
    data = casebook(*(ItemEntered(path=p, value="Y") for p in PATHS), ItemDerived(path=GAP, value="4", rule="CALC-01"))
    review = review_subject(STUDY, plan(), data, 1)
    assert review.full is None
    assert (review.tally.required, review.tally.remaining) == (3, 3)
    assert shields(review)[BORN] is Shield.NOT_NEEDED
    assert GAP not in shields(review)
    full = review_subject(STUDY, plan(first=1), data, 1)
    assert (full.full, full.tally.required) == ("first", len(PATHS))


def test_a_corrected_answer_is_to_be_verified_again_and_says_that_it_lapsed() -> None:
    before = casebook(ItemEntered(path=SEX, value="Y"), verified((SEX, "W1:1")))
    assert review_subject(STUDY, plan(), before, 1).tally.shield is Shield.VERIFIED
    after = fold("01-001", [record(3, ItemCorrected(path=SEX, value="N", replaces=("W1:1",)))], before)
    tally = review_subject(STUDY, plan(), after, 1).tally
    assert (tally.shield, tally.lapsed, tally.remaining) == (Shield.LAPSED, 1, 1)


def test_a_comparison_taken_back_leaves_nothing_behind() -> None:
    data = casebook(
        ItemEntered(path=SEX, value="Y"), verified((SEX, "W1:1")), VerificationLifted(replaces=("W1:2",), words="x")
    )
    assert shields(review_subject(STUDY, plan(), data, 1)) == {SEX: Shield.TO_VERIFY}


def test_answers_verified_many_at_once_are_drawn_to_be_compared_once_more() -> None:
    drawing = plan(usual="all").model_copy(update={"recheck_percent": 100})
    answers = [
        ItemEntered(path=SEX, value="Y"),
        ItemEntered(path=BORN, value="1990"),
        ItemEntered(path=WEIGHT, value="62"),
    ]
    many = verified((SEX, "W1:1"), (BORN, "W1:2"))
    data = casebook(*answers, many, verified((WEIGHT, "W1:3")))
    tally = review_subject(STUDY, drawing, data, 1).tally
    assert (tally.verified, tally.again) == (3, 2), "the one that was verified by itself is not drawn"
    assert review_subject(STUDY, plan(usual="all"), data, 1).tally.again == 0
    twice = fold("01-001", [record(9, verified((SEX, "W1:1")))], data)
    assert review_subject(STUDY, drawing, twice, 1).tally.again == 1
    lifted = fold("01-001", [record(10, VerificationLifted(replaces=("W1:4",), words="x"))], twice)
    tally = review_subject(STUDY, drawing, lifted, 1).tally
    assert (tally.verified, tally.again) == (2, 0)


def test_a_struck_row_is_not_asked_for() -> None:
    data = casebook(
        ItemEntered(path=PATHS[4], value="08:00"), RowStruck(form=PATHS[4].form_path, group="INJ", group_repeat=2)
    )
    assert review_subject(STUDY, plan(usual="all"), data, 1).forms == ()


def test_places_follow_the_enrolment_at_each_site() -> None:
    def enrolled(subject: str, site: str, at: str) -> SubjectData:
        return fold(subject, [record(1, SubjectEnrolled(initials="AB"), subject=subject, site=site, at=at)])

    people = [
        enrolled("01-1001", "01", "2026-03-01T08:00:00.000Z"),
        enrolled("01-001", "01", "2026-03-02T08:00:00.000Z"),
        enrolled("02-001", "02", "2026-03-03T08:00:00.000Z"),
    ]
    assert enrolment_places(people) == {"01-1001": 1, "01-001": 2, "02-001": 1}


acts = st.lists(
    st.tuples(st.sampled_from(["enter", "correct", "verify", "lift", "strike"]), st.integers(0, len(PATHS) - 1)),
    max_size=25,
)
Usual = Literal["none", "critical", "all"]


def told(steps: list[tuple[str, int]]) -> SubjectData:
    """A casebook as the acts leave it; an act that cannot be done then is left out."""
    data = fold("01-001", [])
    for seq, (act, index) in enumerate(steps, 1):
        where = PATHS[index]
        item = data.items.get(where)
        change: object | None = None
        if act == "enter" and item is None:
            change = ItemEntered(path=where, value=str(seq))
        elif item is not None and act == "correct":
            change = ItemCorrected(path=where, value=str(seq), replaces=item.head_ids)
        elif item is not None and act == "verify":
            change = verified(*((where, name) for name in item.head_ids))
        elif act == "lift" and (standing := data.verification(where)) is not None:
            change = VerificationLifted(replaces=(standing.id,), words="x")
        elif item is not None and act == "strike" and where.form == "PLX":
            change = RowStruck(form=where.form_path, group=where.group, group_repeat=where.group_repeat)
        if change is not None:
            data = fold("01-001", [record(seq, change)], data)
    return data


@given(acts, st.integers(0, 2), st.sampled_from(["none", "critical", "all"]))
def test_the_counts_add_up(steps: list[tuple[str, int]], first: int, usual: Usual) -> None:
    data = told(steps)
    tally = review_subject(STUDY, plan(first, usual), data, 1).tally
    standing = [p for p in data.items if not data.is_struck(p)]
    assert 0 <= tally.verified <= tally.required <= len(standing)
    assert tally.lapsed <= tally.remaining
    assert tally.verified + tally.extra == sum(data.verification(p) is not None for p in standing)


@given(acts, st.sampled_from(["none", "critical", "all"]))
def test_comparing_in_full_asks_for_everything_the_plan_asks_for(steps: list[tuple[str, int]], usual: Usual) -> None:
    data = told(steps)

    def asked(made: MonitoringPlan) -> set[ItemPath]:
        return {i.path for form in review_subject(STUDY, made, data, 1).forms for i in form.items if i.required}

    assert asked(plan(0, usual)) <= asked(plan(1, usual))
    assert asked(plan(0, "none")) <= asked(plan(0, "critical")) <= asked(plan(0, "all"))


@given(acts, st.integers(0, len(PATHS) - 1))
def test_correcting_a_verified_answer_returns_it_to_be_verified(steps: list[tuple[str, int]], index: int) -> None:
    where = PATHS[index]
    data = told([*steps, ("enter", index), ("verify", index)])
    if data.is_struck(where):
        return
    assert shields(review_subject(STUDY, plan(1), data, 1))[where] is Shield.VERIFIED
    change = ItemCorrected(path=where, value="other", replaces=data.items[where].head_ids)
    later = fold("01-001", [record(99, change)], data)
    assert shields(review_subject(STUDY, plan(1), later, 1))[where] is Shield.LAPSED
