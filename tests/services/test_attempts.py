"""Wrong passphrases are slowed down, and known to the trail afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.demo import DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.clinical.audit_record import SYSTEM
from trialdesk.domain.clinical.changes import SessionNoted
from trialdesk.errors import KnownError
from trialdesk.services.attempts import FILE
from trialdesk.services.desk import sign_in


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    opened.desk.close()
    yield opened
    opened.leave()


def wrong(ward: Ward, times: int, user: str = NURSE) -> None:
    for _ in range(times):
        with pytest.raises(KnownError, match="does not fit"):
            sign_in(ward.folder / "desk", user, "not the passphrase", ward.clock)


def right(ward: Ward, user: str = NURSE) -> None:
    ward.desk = sign_in(ward.folder / "desk", user, DEMO_PASSPHRASE, ward.clock, durable=False)


def refused(ward: Ward) -> list[str]:
    records = ward.desk.trail.records(kinds=("SessionNoted",))
    return [
        r.change.detail
        for r in records
        if isinstance(r.change, SessionNoted) and r.change.what == "refused" and r.user == SYSTEM
    ]


def test_every_refused_sign_in_stands_in_the_trail_after_the_next_good_one(ward: Ward) -> None:
    wrong(ward, 2)
    wrong(ward, 2, INVESTIGATOR)
    right(ward)
    assert [one.split(",")[0] for one in refused(ward)] == [NURSE, NURSE, INVESTIGATOR, INVESTIGATOR]
    assert ward.desk.verify().whole
    ward.desk.close()
    right(ward)
    assert len(refused(ward)) == 4, "each is merged once"


def test_after_five_wrong_ones_even_the_right_one_waits_a_quarter_of_an_hour(ward: Ward) -> None:
    wrong(ward, 3)
    with pytest.raises(KnownError, match="3 wrong passphrases in a row"):
        right(ward)
    ward.later(seconds=6)
    wrong(ward, 1)
    ward.later(seconds=31)
    wrong(ward, 1)
    ward.later(minutes=14)
    with pytest.raises(KnownError, match="5 wrong passphrases in a row"):
        right(ward)
    right(ward, INVESTIGATOR)
    ward.desk.close()
    ward.later(minutes=2)
    right(ward)
    assert len(refused(ward)) == 5


def test_a_list_that_was_removed_is_noticed(ward: Ward) -> None:
    wrong(ward, 1)
    right(ward)
    ward.desk.close()
    wrong(ward, 2)
    (ward.folder / "desk" / FILE).unlink()
    right(ward)
    assert refused(ward)[-1] == "?, the list of refused sign-ins was removed"


def test_a_damaged_list_locks_nobody_out(ward: Ward) -> None:
    (ward.folder / "desk" / FILE).write_text("{", encoding="utf-8")
    right(ward)
    assert refused(ward) == []
