"""Small studies, records and casebooks with sensible defaults, for tests that need just one thing different."""

from __future__ import annotations

from datetime import date
from typing import Any

from trialdesk.domain.actions.outcome import Request
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.clinical.changes import ItemEntered
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import Study

TODAY = date(2026, 3, 20)


def words(en: str = "Words", zh: str = "文字") -> dict[str, str]:
    """A label in both languages."""
    return {"en": en, "zh": zh}


def item(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """One question."""
    return {"name": name, "label": words(name), "kind": kind, **more}


def group(oid: str, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One section."""
    return {"oid": oid, "label": words(oid), "items": items, **more}


def form(oid: str, *groups: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One form."""
    return {"oid": oid, "label": words(oid), "groups": groups, **more}


def event(oid: str, *forms: str, **more: Any) -> dict[str, Any]:
    """One visit or log."""
    return {"oid": oid, "label": words(oid), "short": words(oid), "forms": forms, **more}


def rule(id: str, kind: str, **more: Any) -> dict[str, Any]:
    """One rule with its sentences."""
    return {"id": id, "kind": kind, "says": words(), "protocol": words(), "source": "test", **more}


def study_source(**more: Any) -> dict[str, Any]:
    """The raw form of a small study: screening, a treatment round with chemotherapy, DLI and injections, a log."""
    source: dict[str, Any] = {
        "oid": "TEST01",
        "name": words("Test study", "测试研究"),
        "title": words(),
        "registration": "NCT00000000",
        "sponsor": words(),
        "protocol_version": "1.0",
        "version": "1.0",
        "planned_subjects": 3,
        "baseline_event": "SCR",
        "landmarks": {"disease": "SEX", "birth": "BRTHDAT"},
        "sites": {"01": words("Ward", "病区")},
        "parameters": [
            {"name": "dli_days", "value": "3", "label": words(), "source": "registration", "basis": words()},
            {"name": "tolerance", "value": "1", "label": words(), "source": "assumption", "basis": words()},
        ],
        "codelists": [
            {
                "oid": "YN",
                "items": [{"code": "Y", "label": words("Yes", "是")}, {"code": "N", "label": words("No", "否")}],
            },
        ],
        "events": [
            event("SCR", "DM", "VS"),
            event("CHEMO", "CHEMO", per_round=True, date_item="CHDAT"),
            event("DLI", "DLI", "VS", per_round=True, date_item="DLIDAT"),
            event("PLX", "PLX", per_round=True),
            event("AE", "AE", kind="log"),
        ],
        "forms": [
            form("DM", group("DM", item("SEX", "code", codelist="YN"), item("BRTHDAT", "partial_date"))),
            form(
                "VS",
                group(
                    "VS",
                    item(
                        "WT",
                        "float",
                        unit="kg",
                        digits=1,
                        range={"min": "30", "max": "150"},
                        units=[{"unit": "g", "factor": "0.001"}],
                    ),
                ),
            ),
            form("CHEMO", group("CH", item("CHDAT", "date"))),
            form(
                "DLI",
                group(
                    "DLI",
                    item("DLIDAT", "date"),
                    item("DLIWHY", optional=True),
                    item("DLIGAP", "integer", derived=True),
                ),
            ),
            form(
                "PLX",
                group(
                    "INJ",
                    item("PLXGIVEN", "code", codelist="YN"),
                    item("PLXTIM", "time"),
                    item("PLXWHY"),
                    repeating=True,
                    rows=3,
                ),
            ),
            form("AE", group("AE", item("AETERM"), item("AESTDAT", "partial_date"))),
        ],
        "rules": [
            rule(
                "DOSE-01",
                "window",
                item="DLIDAT",
                after="CHDAT",
                target="dli_days",
                pre_window="tolerance",
                post_window="tolerance",
                examples=[
                    {
                        "given": {"CHEMO.CHDAT": "2026-03-01", "DLIDAT": "2026-03-06"},
                        "expect": "finding",
                        "days_outside": "1",
                    },
                    {"given": {"CHEMO.CHDAT": "2026-03-01", "DLIDAT": "2026-03-05"}, "expect": "ok"},
                    {"given": {"DLIDAT": "2026-03-05"}, "expect": "cannot_tell"},
                ],
            ),
            rule(
                "CALC-01",
                "method",
                item="DLIGAP",
                value="days_between(CHDAT, DLIDAT)",
                examples=[{"given": {"CHEMO.CHDAT": "2026-03-01", "DLIDAT": "2026-03-05"}, "expect": "4"}],
            ),
            rule(
                "SKIP-01",
                "condition",
                items=["PLXWHY"],
                show="PLXGIVEN == 'N'",
                because=words("given", "已给药"),
                examples=[
                    {"given": {"PLXGIVEN": ["N"]}, "expect": "shown"},
                    {"given": {"PLXGIVEN": ["Y"]}, "expect": "hidden"},
                    {"given": {}, "expect": "cannot_tell"},
                ],
            ),
            rule(
                "SKIP-02",
                "condition",
                items=["PLXTIM"],
                show="PLXGIVEN == 'Y'",
                because=words("not given", "未给药"),
                examples=[{"given": {"PLXGIVEN": ["Y"]}, "expect": "shown"}],
            ),
            rule(
                "AE-01",
                "check",
                item="AESTDAT",
                expect="AESTDAT >= first(CHDAT)",
                severity="hard",
                examples=[
                    {"given": {"CHEMO.CHDAT": "2026-03-10", "AESTDAT": "2026-03"}, "expect": "cannot_tell"},
                    {"given": {"CHEMO.CHDAT": "2026-03-10", "AESTDAT": "2026-02"}, "expect": "finding"},
                    {"given": {"CHEMO.CHDAT": "2026-03-10", "AESTDAT": "2026-04"}, "expect": "ok"},
                ],
            ),
        ],
    }
    return source | more


def make_study(**more: Any) -> Study:
    """The small study as a frozen value."""
    return Study.model_validate(study_source(**more))


def make_book(**more: Any) -> Rulebook:
    """The small study's rules, compiled."""
    return Rulebook(make_study(**more))


def path(written: str) -> ItemPath:
    """An item path from its written form."""
    return ItemPath.parse(written)


DLIDAT = path("DLI[1]/DLI/DLI[1]/DLIDAT")
CHDAT = path("CHEMO[1]/CHEMO/CH[1]/CHDAT")
DLI_FORM = FormPath("DLI", 1, "DLI")


def record(seq: int, change: Any, **more: Any) -> AuditRecord:
    """One line of the trail."""
    plain: dict[str, Any] = {
        "origin": "W1", "seq": seq, "at": f"2026-03-20T02:00:00.{seq % 1000:03d}Z", "zone": "+08:00", "user": "nurse1",
        "role": "nurse", "site": "01", "study": "1.0", "subject": "01-001", "change": change,
    }  # fmt: skip
    return AuditRecord.model_validate(plain | more)


def answered(answers: dict[ItemPath, str]) -> SubjectData:
    """A casebook in which each answer was given once."""
    records = [record(n, ItemEntered(path=p, value=v)) for n, (p, v) in enumerate(answers.items(), start=1)]
    return fold("01-001", records)


def nurse(reason: Reason | None = None, today: date = TODAY) -> Request:
    """The research nurse asking."""
    return Request("nurse1", Role.NURSE, today, reason)


def investigator(today: date = TODAY) -> Request:
    """The investigator asking."""
    return Request("inv1", Role.INVESTIGATOR, today)
