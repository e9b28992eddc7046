"""Notes and query threads at a field, and a form as it stood at every earlier moment."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.scenario import SOURCE, Ward
from tests.strategies import PATHS, SUBJECT, trails
from trialdesk.domain.actions.notes import MOST_LETTERS, add_note
from trialdesk.domain.actions.outcome import Outcome, Refusal, Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import NoteAdded
from trialdesk.domain.clinical.fold import fold
from trialdesk.services.as_it_stood import FormHistory

TODAY = date(2026, 3, 3)


def test_a_note_is_kept_beside_the_field_and_changes_no_value(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "62.0")
    path = ward.path("WEIGHT")
    made = ward.casebook.note(path, " Scale of ward 3. ")
    assert not isinstance(made, Refusal)
    again = ward.desk.casebook(ward.subject)
    (note,) = again.data.notes[path]
    assert isinstance(note.change, NoteAdded)
    assert note.change.words == "Scale of ward 3."
    assert again.data.value(path) == "62.0"


def test_only_people_who_see_data_write_notes_and_no_note_is_empty_or_endless() -> None:
    for role, words, fine in (
        (Role.MONITOR, "Seen.", True),
        (Role.ADMINISTRATOR, "Seen.", False),
        (Role.NURSE, "  ", False),
        (Role.NURSE, "x" * (MOST_LETTERS + 1), False),
    ):
        assert isinstance(add_note(Request("u", role, TODAY), PATHS[0], words), Outcome) is fine


@given(trails(), st.data())
def test_notes_follow_from_the_records_in_whatever_order_they_come(
    records: list[AuditRecord], data: st.DataObject
) -> None:
    shuffled = fold(SUBJECT, data.draw(st.permutations(records)))
    assert shuffled.notes == fold(SUBJECT, records).notes


def test_a_form_is_seen_as_it_stood_when_it_was_signed(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-03-02", ICFVER="1.0", ICFCOPY="Y", ICWDYN="N")
    ward.complete()
    ward.later(minutes=5)
    ward.sign()
    ward.later(hours=1)
    ward.enter("ICFVER", "1.1", reason=SOURCE)
    ward.later(minutes=1)
    ward.send()
    history = FormHistory(ward.casebook, ward.form)
    assert [m.kind for m in history.moments if m.kind != "answer"] == ["completed", "signed", "signed", "sent"]
    signed = next(m for m in reversed(history.moments) if m.kind == "signed")
    past = history.at(signed)
    then = {answer.path.item: answer for answer in past.answers}
    assert (then["ICFVER"].then.en, then["ICFVER"].now.en, then["ICFVER"].changed) == ("1.0", "1.1", True)
    assert not then["RFICDAT"].changed
    assert past.status.en == "Signed"
    first = history.at(history.moments[0])
    assert [answer.then.en for answer in first.answers][1:] == ["empty"] * (len(first.answers) - 1)


def test_each_moment_says_what_it_changed_by_whom_and_why(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-03-02", ICFVER="1.0")
    ward.later(days=1)
    ward.enter("ICFVER", "1.1", reason=SOURCE)
    history = FormHistory(ward.casebook, ward.form)
    last = next(m for m in reversed(history.moments) if m.path == ward.path("ICFVER"))
    assert (last.before.en, last.after.en, last.why.en) == ("1.0", "1.1", "The source was corrected")
    assert history.people()[0] == "nurse1"
    yesterday = history.until(date(2026, 3, 3))
    assert yesterday is not None
    then = {answer.path.item: answer.then.en for answer in history.at(yesterday).answers}
    assert then["ICFVER"] == "1.0"
    assert history.until(date(2026, 3, 1)) is None
