"""Several releases at once: which one a form is read by follows from its records alone, in whatever order they come."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import TODAY, make_study
from tests.strategies import SUBJECT
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormMoved, ItemEntered, StudyReleased, SubjectEnrolled
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.effective import standing, terms_words
from trialdesk.domain.rules.rulebooks import HeldRelease, Place, Rulebooks
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.study import Study

VERSIONS = ("1.0", "2.0", "3.0")
FORMS = (FormPath("SCR", 1, "DM"), FormPath("SCR", 1, "VS"), FormPath("DLI", 1, "VS"))


def study_of(version: str) -> Study:
    """A release; each has a setting of its own, so that every form counts as asked otherwise."""
    study = make_study()
    setting = study.parameters[0].model_copy(update={"value": version})
    return study.model_copy(update={"version": version, "parameters": (setting, *study.parameters[1:])})


def terms(version: str, rule: EffectiveRule | None = None, effective: str = "2026-03-01") -> StudyReleased:
    return StudyReleased(
        study="TEST01", version=version, fingerprint=version, approved="2026-02-20", effective=effective,
        rule=rule or EffectiveRule(),
    )  # fmt: skip


def books(*given: StudyReleased) -> Rulebooks:
    held = [HeldRelease(version, partial(study_of, version)) for version in VERSIONS]
    place = Place("W1", {one.version: one for one in given})
    return Rulebooks(held, None, lambda data: place)


EVERY = books(terms("2.0"), terms("3.0"))


@st.composite
def trails(draw: st.DrawFn) -> list[AuditRecord]:
    """Answers under several releases and acts of moving, of two laptops."""
    records = []
    for number in range(1, draw(st.integers(2, 10))):
        origin, form = draw(st.sampled_from(["W1", "W2"])), draw(st.sampled_from(FORMS))
        version = draw(st.sampled_from(VERSIONS))
        group = {"DM": "DM", "VS": "VS"}[form.form]
        name = {"DM": "SEX", "VS": "WT"}[form.form]
        moved = draw(st.booleans())
        change = (
            FormMoved(form=form, before="1.0", version=version)
            if moved
            else ItemEntered(path=form.item(group, name), value="1")
        )
        records.append(record(number, origin, version, change))
    return records


def record(seq: int, origin: str, version: str, change: object, at: str = "2026-03-01T08:00:00.000Z") -> AuditRecord:
    return AuditRecord.model_validate(
        {
            "origin": origin, "seq": seq, "at": at, "zone": "+08:00", "user": "nurse-1", "role": "nurse", "site": "01",
            "study": version, "subject": SUBJECT, "change": change.model_dump(),  # type: ignore[attr-defined]
        }
    )  # fmt: skip


def versions(data: SubjectData) -> dict[FormPath, str]:
    return {form: EVERY.on(data, TODAY, form).study.version for form in FORMS}


@given(trails(), st.data())
def test_the_release_of_a_form_does_not_depend_on_the_order_of_records(
    records: list[AuditRecord], data: st.DataObject
) -> None:
    assert versions(fold(SUBJECT, data.draw(st.permutations(records)))) == versions(fold(SUBJECT, records))


@given(trails())
def test_the_release_of_a_begun_form_never_goes_back(records: list[AuditRecord]) -> None:
    known = SubjectData(SUBJECT)
    before: dict[FormPath, str] = {}
    for one in records:
        known = fold(SUBJECT, [one], known)
        now = {form: version for form, version in versions(known).items() if form in known.by_form}
        assert all(now[form] >= version for form, version in before.items())
        before = now


def test_a_release_that_is_not_held_here_is_read_by_the_newest_that_is() -> None:
    data = fold(SUBJECT, [record(1, "W1", "0.9", ItemEntered(path=FORMS[0].item("DM", "SEX"), value="M"))])
    assert EVERY.on(data, TODAY, FORMS[0]).study.version == "3.0"


def test_the_newest_release_in_effect_asks_a_form_nobody_has_begun() -> None:
    both = books(terms("2.0"), terms("3.0", effective="2026-04-01"))
    data = SubjectData(SUBJECT)
    assert both.on(data, TODAY, FORMS[0]).study.version == "2.0"
    assert both.on(data, date(2026, 4, 1), FORMS[0]).study.version == "3.0"


def test_a_visit_of_a_newer_release_stays_in_the_plan_though_its_condition_was_taken_back() -> None:
    named = books(terms("2.0", EffectiveRule(subjects=("S01-009",))), terms("3.0", EffectiveRule(subjects=("x",))))
    data = fold(SUBJECT, [record(1, "W1", "2.0", ItemEntered(path=FORMS[0].item("DM", "SEX"), value="M"))])
    assert named.on(data, TODAY).study.version == "2.0"
    assert named.on(data, TODAY, FORMS[1]).study.version == "1.0", "a form that is not begun follows the rule"


@pytest.mark.parametrize(
    ("rule", "day", "state", "says"),
    [
        (EffectiveRule(), date(2026, 2, 28), "waits", "waits for 2026-03-01"),
        (EffectiveRule(), date(2026, 3, 1), "in_effect", "in effect for every form"),
        (EffectiveRule(subjects=("S01-002",)), TODAY, "never", "not named"),
        (EffectiveRule(newly_enrolled=True), TODAY, "never", "enrolled on 2026-02-01, before 2026-03-01"),
        (EffectiveRule(when="SEX == 'M'"), TODAY, "waits", "cannot be told yet"),
        (EffectiveRule(consent="DLIDAT"), TODAY, "waits", "waits for consent again"),
        (EffectiveRule(from_event="DLI"), TODAY, "in_effect", "from visit DLI on"),
    ],
)
def test_the_first_condition_that_does_not_hold_gives_the_reason(
    rule: EffectiveRule, day: date, state: str, says: str
) -> None:
    enrolled = record(1, "W1", "1.0", SubjectEnrolled(initials="ZHLI"), at="2026-02-01T02:00:00.000Z")
    found = standing(terms("2.0", rule), EVERY.book("2.0"), fold(SUBJECT, [enrolled]), day)
    assert found.state == state
    assert says in found.says.en


def test_terms_are_said_in_both_languages() -> None:
    rule = EffectiveRule(
        subjects=("01-001",), consent="DLIDAT", when="SEX == 'F'", from_event="DLI", newly_enrolled=True
    )
    said = terms_words(terms("2.0", rule), make_study())
    assert said.en.startswith(
        "from 2026-03-01, for 01-001, for participants enrolled from then on, after consent again"
    )
    assert said.zh.startswith("2026-03-01 起，限 01-001，限此日起入组的受试者，须在 2026-02-20 或之后重新签署知情同意")
