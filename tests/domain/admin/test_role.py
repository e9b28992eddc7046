"""Every act against every role: the table is the whole truth about rights."""

from __future__ import annotations

import pytest

from trialdesk.domain.admin.role import PERMITTED, ROLE_WORDS, Act, Role, may, who_may

# N nurse, I investigator, D data manager, M monitor, T statistician, R medical reviewer, A administrator, X inspector,
# S the program itself.
LETTERS = dict(zip("NIDMTRAXS", Role, strict=True))
TABLE = {
    Act.VIEW: "NIDMTRX", Act.ENROL: "NI", Act.ENTER: "NIS", Act.EXPLAIN: "NI", Act.STRIKE: "NI", Act.COMPLETE: "NI",
    Act.REOPEN: "NI", Act.CERTIFY: "NI", Act.SIGN: "I", Act.LOCK: "D", Act.UNLOCK: "D", Act.FREEZE: "D",
    Act.VERIFY: "M", Act.MEDICAL_REVIEW: "R", Act.REVIEW_TRAIL: "DM", Act.OPEN_QUERY: "DMRS", Act.ANSWER_QUERY: "NI",
    Act.CLOSE_QUERY: "DMRS", Act.NOTE: "NIDMR", Act.SEND: "NIA", Act.TAKE_RECEIPT: "NIA", Act.PRINT: "NIDMRX",
    Act.INSPECT: "IDMAX", Act.MANAGE_USERS: "A", Act.ADOPT_STUDY: "A", Act.ADOPT_WORDING: "IDA", Act.RECEIVE: "D",
    Act.RELEASE: "D", Act.REPORT: "DT", Act.SEAL: "D", Act.ENROL_DESK: "A", Act.RUN_AUTHORITY: "A",
}  # fmt: skip


@pytest.mark.parametrize("act", list(Act))
def test_every_act_is_given_to_exactly_these_roles(act: Act) -> None:
    assert [letter for letter, role in LETTERS.items() if may(role, act)] == list(TABLE[act])


def test_every_act_has_a_row_and_every_role_has_words() -> None:
    assert set(PERMITTED) == set(Act)
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize("act", [Act.ENTER, Act.EXPLAIN, Act.STRIKE, Act.COMPLETE, Act.ANSWER_QUERY, Act.ENROL])
@pytest.mark.parametrize(
    "role", [Role.DATA_MANAGER, Role.MONITOR, Role.MEDICAL_REVIEWER, Role.ADMINISTRATOR, Role.INSPECTOR]
)
def test_nobody_outside_the_ward_writes_site_data(act: Act, role: Role) -> None:
    assert not may(role, act)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.INVESTIGATOR])
def test_only_the_investigator_signs(role: Role) -> None:
    assert not may(role, Act.SIGN)
    assert may(Role.INVESTIGATOR, Act.SIGN)


@pytest.mark.parametrize(
    "act",
    [
        act
        for act in Act
        if act not in (Act.MANAGE_USERS, Act.ADOPT_STUDY, Act.ADOPT_WORDING, Act.SEND, Act.TAKE_RECEIPT, Act.INSPECT)
        and act not in (Act.ENROL_DESK, Act.RUN_AUTHORITY)
    ],
)
def test_the_administrator_touches_no_data(act: Act) -> None:
    assert not may(Role.ADMINISTRATOR, act)


def test_an_inspector_reads_everything_and_changes_nothing() -> None:
    assert {act for act in Act if may(Role.INSPECTOR, act)} == {Act.VIEW, Act.PRINT, Act.INSPECT}


def test_a_refusal_can_name_who_may() -> None:
    assert who_may(Act.SIGN).zh == "研究者"
    assert who_may(Act.ENTER).en == "research nurse or investigator"
