"""What waits on a desk: visits by their windows, drafts, signatures and queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.scenario import ZONE, Ward
from trialdesk.domain.oid import FormPath
from trialdesk.services.today import Today, today_of


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    """A participant whose chemotherapy ended on 1 March; the infusion is due three days later."""
    opened = Ward(tmp_path, datetime(2026, 2, 27, 9, tzinfo=ZONE))
    opened.enrol()
    opened.open("CHEMO[1]/CHEMO")
    opened.fill(CHSTDAT="2026-02-25", CHENDAT="2026-03-01", CHREG="VEN", CHDAYS="5")
    yield opened
    opened.leave()


def urgency(today: Today, event: str) -> str | None:
    """How much a visit presses, or None where it is not listed."""
    found = (*today.tasks, *today.following)
    return next((task.urgency for task in found if task.column.event.oid == event), None)


def test_a_visit_moves_from_next_to_due_to_closing_to_overdue_as_days_pass(ward: Ward) -> None:
    seen = []
    start = ward.clock.moment
    for days in range(12):
        ward.clock.put(start + timedelta(days=days))
        seen.append(urgency(today_of(ward.desk), "DLI"))
    assert list(dict.fromkeys(seen)) == ["next", "due", "closes_today", "overdue"]


def test_a_begun_form_is_a_draft_with_what_is_left_and_leads_the_visit(ward: Ward) -> None:
    today = today_of(ward.desk)
    draft = next(one for one in today.drafts if one.form == FormPath("CHEMO", 1, "CHEMO"))
    assert draft.missing + draft.findings > 0
    assert draft.changed_at is not None


def test_a_completed_form_waits_for_data_entry_first(ward: Ward) -> None:
    ward.complete()
    (one,) = today_of(ward.desk).to_sign
    assert (one.form, one.certified, one.ready) == (FormPath("CHEMO", 1, "CHEMO"), False, False)
    assert not today_of(ward.desk).drafts


def test_the_most_urgent_comes_first_and_an_empty_desk_is_empty(ward: Ward, tmp_path: Path) -> None:
    ward.later(days=13)
    ranks = [task.urgency for task in today_of(ward.desk).tasks]
    assert ranks == sorted(ranks, key=["overdue", "closes_today", "due", "unfinished"].index)
    assert "overdue" in ranks
