"""The register of accounts, replayed on any past date."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import Change, UserAdded, UserRetired
from trialdesk.domain.clinical.register import on_day
from trialdesk.domain.text import Text

START = date(2026, 3, 1)
NAMES = ("nurse1", "inv1", "insp1")
days = st.integers(0, 40)
limits = st.one_of(st.none(), days.map(lambda n: (START + timedelta(n)).isoformat()))


def added(user: str, begins: str | None = None, ends: str | None = None) -> UserAdded:
    role = Role.INSPECTOR if user == "insp1" else Role.NURSE
    return UserAdded(user=user, name=Text(en=user, zh=user), role=role, begins=begins, ends=ends)


def trail(steps: list[tuple[int, Change]]) -> list[AuditRecord]:
    """Records on the days given, counted from the start, in order of time."""
    return [
        AuditRecord(
            origin="W1", seq=seq, at=f"{START + timedelta(day)}T08:00:00.000Z", zone="+08:00", user="admin1",
            role=Role.ADMINISTRATOR, site="01", study="1", change=change,
        )
        for seq, (day, change) in enumerate(sorted(steps, key=lambda step: step[0]), start=1)
    ]  # fmt: skip


changes = st.one_of(
    st.builds(added, st.sampled_from(NAMES), limits, limits),
    st.sampled_from(NAMES).map(lambda user: UserRetired(user=user)),
)


@given(st.lists(st.tuples(days, changes), max_size=12), days)
def test_the_register_of_a_day_is_what_a_clerk_would_keep_by_hand(steps: list[tuple[int, Change]], asked: int) -> None:
    records, day = trail(steps), START + timedelta(asked)
    book: dict[str, tuple[UserAdded, date, date | None]] = {}
    for record in records:
        written, change = record.local_time.date(), record.change
        if written > day:
            break
        if isinstance(change, UserAdded):
            first, ended = (book[change.user][1], book[change.user][2]) if change.user in book else (written, None)
            if ended is None:
                book[change.user] = (change, first, None)
        elif isinstance(change, UserRetired) and change.user in book and book[change.user][2] is None:
            book[change.user] = (book[change.user][0], book[change.user][1], written)
    said = day.isoformat()
    expected = {
        user
        for user, (change, first, ended) in book.items()
        if first <= day and (ended is None or day <= ended) and (change.begins or said) <= said <= (change.ends or said)
    }
    assert {one.user for one in on_day(records, day)} == expected


def test_a_name_once_ended_stays_ended_whoever_is_added_under_it() -> None:
    records = trail([(0, added("nurse1")), (5, UserRetired(user="nurse1")), (9, added("nurse1"))])
    assert [one.user for one in on_day(records, START + timedelta(4))] == ["nurse1"]
    assert on_day(records, START + timedelta(20)) == ()
