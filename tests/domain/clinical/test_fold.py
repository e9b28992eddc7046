"""From the trail to the casebook: no order, split or repetition of records changes what is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import PATHS, SUBJECT, entered, trails
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ItemCorrected, QueryAnswered, QueryOpened
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.text import Text


@given(trails(), st.data())
def test_records_in_any_order_give_the_same_casebook(records: list[AuditRecord], data: st.DataObject) -> None:
    assert fold(SUBJECT, data.draw(st.permutations(records))) == fold(SUBJECT, records)


@given(trails(), st.data())
def test_records_in_two_parts_give_the_same_casebook(records: list[AuditRecord], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(records)))
    assert fold(SUBJECT, records[cut:], fold(SUBJECT, records[:cut])) == fold(SUBJECT, records)


@given(trails(), st.data())
def test_records_that_come_twice_change_nothing(records: list[AuditRecord], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(records)))
    assert fold(SUBJECT, [*records, *again]) == fold(SUBJECT, records)


@given(trails())
def test_records_of_another_participant_change_nothing(records: list[AuditRecord]) -> None:
    stranger = [record.model_copy(update={"subject": "S01-002"}) for record in records]
    assert fold(SUBJECT, stranger) == fold(SUBJECT, [])


def corrected(seq: int, origin: str, value: str, *replaces: str) -> AuditRecord:
    change = ItemCorrected(path=PATHS[0], value=value, replaces=replaces)
    return entered(seq, origin).model_copy(update={"change": change})


def test_a_correction_takes_the_place_of_the_record_it_names() -> None:
    data = fold(SUBJECT, [entered(1, value="102"), corrected(2, "W1", "120", "W1:1")])
    assert data.value(PATHS[0]) == "120"


def test_two_laptops_that_correct_the_same_record_differently_leave_the_value_disputed() -> None:
    first = entered(1, value="102")
    data = fold(SUBJECT, [first, corrected(2, "W1", "120", "W1:1"), corrected(1, "W2", "112", "W1:1")])
    assert data.items[PATHS[0]].disputed
    assert data.value(PATHS[0]) is None


def test_a_correction_that_names_both_sides_settles_a_dispute() -> None:
    first = entered(1, value="102")
    sides = [corrected(2, "W1", "120", "W1:1"), corrected(1, "W2", "112", "W1:1")]
    data = fold(SUBJECT, [first, *sides, corrected(3, "W1", "120", "W1:2", "W2:1")])
    assert data.value(PATHS[0]) == "120"


def test_an_answer_that_arrives_before_its_query_is_kept_until_the_query_comes() -> None:
    says = Text(en="Please check the dose.", zh="请核对剂量。")
    opened = entered(1, "C1").model_copy(update={"change": QueryOpened(source="Monitor", paths=(PATHS[0],), says=says)})
    answered = entered(1).model_copy(update={"change": QueryAnswered(query="C1:1", words="已核对")})
    early = fold(SUBJECT, [answered])
    assert not early.queries
    assert fold(SUBJECT, [opened], early).queries["C1:1"].state == "Answered"
