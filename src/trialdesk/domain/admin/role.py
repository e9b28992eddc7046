"""Which role may do what: one table, asked before every act."""

from __future__ import annotations

from enum import StrEnum

from trialdesk.domain.text import Text


class Role(StrEnum):
    """Roles of good clinical practice at a ward and at the centre."""

    NURSE = "nurse"
    INVESTIGATOR = "investigator"
    DATA_MANAGER = "data_manager"
    MONITOR = "monitor"
    STATISTICIAN = "statistician"
    MEDICAL_REVIEWER = "medical_reviewer"
    ADMINISTRATOR = "administrator"
    INSPECTOR = "inspector"
    SYSTEM = "system"


class Act(StrEnum):
    """Everything a person can ask for; an act without a row in the table is refused."""

    VIEW = "view"
    ENROL = "enrol"
    ENTER = "enter"
    EXPLAIN = "explain"
    STRIKE = "strike"
    COMPLETE = "complete"
    REOPEN = "reopen"
    CERTIFY = "certify"
    SIGN = "sign"
    LOCK = "lock"
    UNLOCK = "unlock"
    FREEZE = "freeze"
    VERIFY = "verify"
    MEDICAL_REVIEW = "medical_review"
    REVIEW_TRAIL = "review_trail"
    OPEN_QUERY = "open_query"
    ANSWER_QUERY = "answer_query"
    CLOSE_QUERY = "close_query"
    NOTE = "note"
    SEND = "send"
    TAKE_RECEIPT = "take_receipt"
    PRINT = "print"
    INSPECT = "inspect"
    MANAGE_USERS = "manage_users"
    ADOPT_STUDY = "adopt_study"
    ADOPT_WORDING = "adopt_wording"
    RECEIVE = "receive"
    RELEASE = "release"
    REPORT = "report"
    SEAL = "seal"
    ENROL_DESK = "enrol_desk"
    RUN_AUTHORITY = "run_authority"


_NURSE, _INVESTIGATOR, _DATA = Role.NURSE, Role.INVESTIGATOR, Role.DATA_MANAGER
_MONITOR, _MEDICAL, _ADMIN = Role.MONITOR, Role.MEDICAL_REVIEWER, Role.ADMINISTRATOR
_INSPECTOR, _SYSTEM = Role.INSPECTOR, Role.SYSTEM
_STATISTICIAN = Role.STATISTICIAN

# EMA computerised systems guideline A3.3, 21 CFR 11.10(g): only the site corrects its data, the centre asks by query,
# the monitor and the medical reviewer read and judge, the administrator manages accounts and touches no data; an
# inspector has direct, read-only access, audit trail included (ICH E6(R3) 3.16.4).
PERMITTED: dict[Act, frozenset[Role]] = {
    Act.VIEW: frozenset({_NURSE, _INVESTIGATOR, _DATA, _MONITOR, _MEDICAL, _STATISTICIAN, _INSPECTOR}),
    Act.ENROL: frozenset({_NURSE, _INVESTIGATOR}),
    Act.ENTER: frozenset({_NURSE, _INVESTIGATOR, _SYSTEM}),
    Act.EXPLAIN: frozenset({_NURSE, _INVESTIGATOR}),
    Act.STRIKE: frozenset({_NURSE, _INVESTIGATOR}),
    Act.COMPLETE: frozenset({_NURSE, _INVESTIGATOR}),
    Act.REOPEN: frozenset({_NURSE, _INVESTIGATOR}),
    Act.CERTIFY: frozenset({_NURSE, _INVESTIGATOR}),
    Act.SIGN: frozenset({_INVESTIGATOR}),
    Act.LOCK: frozenset({_DATA}),
    Act.UNLOCK: frozenset({_DATA}),
    Act.FREEZE: frozenset({_DATA}),
    Act.VERIFY: frozenset({_MONITOR}),
    Act.MEDICAL_REVIEW: frozenset({_MEDICAL}),
    Act.REVIEW_TRAIL: frozenset({_DATA, _MONITOR}),
    Act.OPEN_QUERY: frozenset({_DATA, _MONITOR, _MEDICAL, _SYSTEM}),
    Act.ANSWER_QUERY: frozenset({_NURSE, _INVESTIGATOR}),
    Act.CLOSE_QUERY: frozenset({_DATA, _MONITOR, _MEDICAL, _SYSTEM}),
    Act.NOTE: frozenset({_NURSE, _INVESTIGATOR, _DATA, _MONITOR, _MEDICAL}),
    Act.SEND: frozenset({_NURSE, _INVESTIGATOR, _ADMIN}),
    Act.TAKE_RECEIPT: frozenset({_NURSE, _INVESTIGATOR, _ADMIN}),
    Act.PRINT: frozenset({_NURSE, _INVESTIGATOR, _DATA, _MONITOR, _MEDICAL, _INSPECTOR}),
    Act.INSPECT: frozenset({_INVESTIGATOR, _DATA, _MONITOR, _ADMIN, _INSPECTOR}),
    Act.MANAGE_USERS: frozenset({_ADMIN}),
    Act.ADOPT_STUDY: frozenset({_ADMIN}),
    Act.ADOPT_WORDING: frozenset({_INVESTIGATOR, _DATA, _ADMIN}),
    Act.RECEIVE: frozenset({_DATA}),
    Act.RELEASE: frozenset({_DATA}),
    Act.REPORT: frozenset({_DATA, _STATISTICIAN}),
    Act.SEAL: frozenset({_DATA}),
    Act.ENROL_DESK: frozenset({_ADMIN}),
    Act.RUN_AUTHORITY: frozenset({_ADMIN}),
}

ROLE_WORDS: dict[Role, Text] = {
    Role.NURSE: Text(en="Research nurse", zh="研究护士"),
    Role.INVESTIGATOR: Text(en="Investigator", zh="研究者"),
    Role.DATA_MANAGER: Text(en="Data manager", zh="数据管理员"),
    Role.MONITOR: Text(en="Monitor", zh="监查员"),
    Role.STATISTICIAN: Text(en="Statistician", zh="统计师"),
    Role.MEDICAL_REVIEWER: Text(en="Medical reviewer", zh="医学审核员"),
    Role.ADMINISTRATOR: Text(en="Administrator", zh="系统管理员"),
    Role.INSPECTOR: Text(en="Inspector", zh="检查员"),
    Role.SYSTEM: Text(en="TrialDesk", zh="TrialDesk"),
}

AT_CENTRE = frozenset(Role) - {Role.NURSE, Role.INVESTIGATOR, Role.SYSTEM}
"""The roles a person of the coordinating centre may have."""


def may(role: Role, act: Act) -> bool:
    """True when the table gives this role this act."""
    return role in PERMITTED.get(act, frozenset())


def who_may(act: Act) -> Text:
    """The roles that may do this, in words, for the sentence of a refusal."""
    roles = [role for role in Role if may(role, act) and role is not Role.SYSTEM]
    return Text(
        en=_one_of([ROLE_WORDS[role].en.lower() for role in roles], ", ", " or ") or "nobody",
        zh=_one_of([ROLE_WORDS[role].zh for role in roles], "、", "或") or "无人",
    )


def _one_of(words: list[str], between: str, before_the_last: str) -> str:
    return before_the_last.join([between.join(words[:-1]), words[-1]] if len(words) > 1 else words)
