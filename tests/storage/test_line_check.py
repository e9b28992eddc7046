"""The quick look at a line says the same as the record's model, whatever was done to the line."""

from __future__ import annotations

import orjson
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.strategies import entered, trails, typed
from trialdesk.domain.clinical.audit_record import RECORD
from trialdesk.domain.clinical.seal import body
from trialdesk.storage import bulk
from trialdesk.storage.line_check import plain_answer
from trialdesk.storage.tables import audit_values

PLAIN = body(entered(1, value="120 次"))


def is_a_record(content: bytes) -> bool:
    """What the model says: a record, and written exactly as its trail writes it."""
    try:
        return body(RECORD.validate_json(content)) == content
    except ValidationError:
        return False


@given(typed)
def test_an_answer_gives_the_columns_the_model_gives(value: str) -> None:
    content = body(entered(7, value=value))
    found = plain_answer(content)
    if found is None:
        assert not set('"\\').isdisjoint(value) or min(value) < " ", "only what JSON has to escape goes to the model"
        return
    assert bulk._values(7, content, "s", found) == audit_values(content, "s")
    by_model, quickly = bulk._copy_line(7, content, "s", None), bulk._copy_line(7, content, "s", found)
    assert quickly == by_model


@given(trails(most=4))
def test_what_is_accepted_quickly_is_accepted_by_the_model(records: list) -> None:
    for content in map(body, records):
        assert plain_answer(content) is None or is_a_record(content)


strange = st.sampled_from([None, True, 1, 1.0, "", "D-7[1]/F/G[1]/I", [], {}, "ItemDerived", "NK"])


@given(st.sampled_from([*orjson.loads(PLAIN), "more"]), strange)
def test_no_damaged_field_slips_through(field: str, value: object) -> None:
    damaged = orjson.dumps(orjson.loads(PLAIN) | {field: value}, option=orjson.OPT_SORT_KEYS)
    assert plain_answer(damaged) is None or is_a_record(damaged)


@given(st.sampled_from(["kind", "path", "value", "missing", "unit", "more"]), strange)
def test_no_damaged_change_slips_through(field: str, value: object) -> None:
    record = orjson.loads(PLAIN)
    record["change"][field] = value
    damaged = orjson.dumps(record, option=orjson.OPT_SORT_KEYS)
    assert plain_answer(damaged) is None or is_a_record(damaged)


def test_other_spacing_and_order_are_left_to_the_model() -> None:
    record = orjson.loads(PLAIN)
    assert plain_answer(PLAIN) is not None
    assert plain_answer(PLAIN + b" ") is None
    assert plain_answer(orjson.dumps(dict(reversed(record.items())))) is None
    assert plain_answer(b"\xff") is None


def test_bytes_that_are_no_text_are_left_to_the_model() -> None:
    content = body(entered(1, value="120 mg"))
    for byte in (b"\xff", b"\xc3", b"\xed\xa0\x80"):
        damaged = content.replace(b" mg", byte)
        assert plain_answer(damaged) is None
        assert not is_a_record(damaged)


def test_every_field_of_an_answer_may_be_there_or_not() -> None:
    plain = entered(1)
    for fields in ({"value": "7"}, {"missing": "ND"}, {"value": "7", "unit": "g/L"}, {"value": None}):
        change = plain.change.model_copy(update={"value": None} | fields)
        content = body(plain.model_copy(update={"change": change}))
        assert plain_answer(content) is not None
        assert is_a_record(content)
