"""The seal chain: equal records give equal bytes, and no change stays unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import entered, trails
from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, first_break, seal

Line = tuple[int, bytes, str]


def sealed(records: list[AuditRecord]) -> list[Line]:
    lines: list[Line] = []
    previous = GENESIS
    for record in records:
        previous = seal(previous, body(record))
        lines.append((record.seq, body(record), previous))
    return lines


@given(trails())
def test_a_record_read_back_from_its_bytes_is_the_same_record_with_the_same_bytes(records: list[AuditRecord]) -> None:
    for record in records:
        again = RECORD.validate_json(body(record))
        assert again == record
        assert body(again) == body(record)


@given(trails(origins=("W1",)))
def test_an_untouched_trail_is_whole(records: list[AuditRecord]) -> None:
    assert first_break(GENESIS, sealed(records)) is None


@given(trails(origins=("W1",)), st.data())
def test_a_changed_byte_is_found_at_its_record(records: list[AuditRecord], data: st.DataObject) -> None:
    lines = sealed(records)
    where = data.draw(st.integers(0, len(lines) - 1))
    seq, content, claimed = lines[where]
    at = data.draw(st.integers(0, len(content) - 1))
    lines[where] = (seq, content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :], claimed)
    assert first_break(GENESIS, lines) == seq


def test_two_swapped_records_are_found() -> None:
    lines = sealed([entered(1), entered(2, value="121"), entered(3, value="122")])
    assert first_break(GENESIS, [lines[0], lines[2], lines[1]]) == 3


def test_a_removed_record_is_found_at_the_next_one() -> None:
    lines = sealed([entered(1), entered(2, value="121"), entered(3, value="122")])
    assert first_break(GENESIS, [lines[0], lines[2]]) == 3


def test_the_seal_of_a_known_record_never_changes_between_versions() -> None:
    assert body(entered(1)) == (
        b'{"at":"2026-03-01T08:00:00.000Z","change":{"kind":"ItemEntered","path":"TREAT[1]/DLI/MAIN[1]/DOSE",'
        b'"value":"120"},"origin":"W1","role":"nurse","seq":1,"site":"S01","study":"NCT06141304",'
        b'"subject":"S01-001","user":"nurse-1","zone":"+08:00"}'
    )
    assert seal(GENESIS, body(entered(1))) == "cf79b46ef73cbf4326cb05acdc86601aa5a7422b5ff49ae060458ba68ad3efc3"
