"""SDTM of courses that leave the straight way: not eligible, treated without a weight, dead on a day nobody knows."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from tests.centre.export.conftest import MADE
from tests.scenario import ZONE, Ward
from trialdesk.centre.export.holdings import Holdings
from trialdesk.centre.export.sdtm import export_sdtm

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    ward = Ward(tmp_path_factory.mktemp("courses"), datetime(2026, 5, 1, 9, tzinfo=ZONE))
    ward.enrol("ZHLI")
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-01-05", RFICTIM="09:30")
    ward.open("SCR[1]/ELIG")
    ward.fill(IEDIS="Y", IEREL="N", IECONS="Y", IEPROT="Y", IEYN="N")
    ward.open("EOS[1]/EOS")
    ward.fill(DSSTDAT="2026-01-08", DSREAS="SCRFAIL")
    ward.receive(ward.send())
    ward.enrol("WAMI")
    ward.open("SCR[1]/CONSENT")
    ward.fill(RFICDAT="2026-02-01")
    ward.open("SCR[1]/ELIG")
    ward.fill(IEDIS="Y", IEREL="Y", IECONS="Y", IEPROT="Y", IEYN="Y", ENRLDAT="2026-02-03")
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-02-05", CHENDAT="2026-02-09", CHREG="HMA")
    ward.open("PLX[1]/PLX")
    ward.enter("PLXGIVEN", "Y")
    ward.fill(PLXDAT="2026-02-22", PLXTIM="08:10", PLXMG="14.8")
    ward.open("D7[1]/VISIT")
    ward.fill(SVOCCUR="N", SVREASND="ILL")
    ward.open("UNS[1]/VISIT")
    ward.fill(SVOCCUR="Y", SVDAT="2026-03-02")
    ward.open("UNS[1]/VS")
    ward.fill(WEIGHT="60.2", PULSE="80", RESP="18")
    ward.open("DEATH[1]/DEATH")
    ward.enter("DTHDAT", "", missing="UNK")
    ward.fill(DDCAUSE="INFECTION")
    ward.receive(ward.send())
    held = Holdings(ward.centre, MADE)
    out = tmp_path_factory.mktemp("out")
    export_sdtm(held, out)
    ward.leave()
    found: Rows = {}
    for file in out.glob("*.json"):
        one = json.loads(file.read_text(encoding="utf-8"))
        names = [column["name"] for column in one["columns"]]
        found[one["name"]] = [dict(zip(names, row, strict=True)) for row in one["rows"]]
    return found


def of(found: list[dict[str, Any]], subject: str) -> list[dict[str, Any]]:
    return [one for one in found if one["USUBJID"].endswith(subject)]


def test_who_failed_screening_has_no_arm_a_reason_and_the_criterion(rows: Rows) -> None:
    (one,) = of(rows["DM"], "-001")
    assert (one["ARMCD"], one["ACTARMCD"], one["ARMNRS"]) == (None, None, "SCREEN FAILURE")
    assert (one["RFSTDTC"], one["RFXSTDTC"], one["RFICDTC"], one["RFPENDTC"]) == (
        None,
        None,
        "2026-01-05",
        "2026-01-08",
    )
    (criterion,) = rows["IE"]
    assert (criterion["IETESTCD"], criterion["IEORRES"], criterion["IECAT"]) == ("INCL02", "N", "INCLUSION")
    terms = [(one["DSDECOD"], one["DSSTDTC"], one["EPOCH"]) for one in of(rows["DS"], "-001")]
    assert terms == [
        ("INFORMED CONSENT OBTAINED", "2026-01-05T09:30", "SCREENING"),
        ("SCREEN FAILURE", "2026-01-08", "SCREENING"),
    ]
    (element,) = of(rows["SE"], "-001")
    assert (element["ETCD"], element["SESTDTC"], element["SEENDTC"]) == ("SCRN", "2026-01-05", "2026-01-08")


def test_a_dose_without_a_weight_stays_in_milligrams(rows: Rows) -> None:
    (injection,) = [one for one in rows["EX"] if one["EXTRT"] == "PLERIXAFOR"]
    assert (injection["EXDOSE"], injection["EXDOSU"]) == (14.8, "mg")
    (one,) = of(rows["DM"], "-002")
    assert (one["RFXSTDTC"], one["RFXENDTC"]) == ("2026-02-22T08:10", "2026-02-22T08:10")


def test_a_death_on_a_day_nobody_knows_is_a_death_and_a_disposition(rows: Rows) -> None:
    (one,) = of(rows["DM"], "-002")
    assert (one["DTHFL"], one["DTHDTC"]) == ("Y", None)
    (death,) = [one for one in of(rows["DS"], "-002") if one["DSDECOD"] == "DEATH"]
    assert (death["DSSTDTC"], death["DSCAT"]) == (None, "DISPOSITION EVENT")
    (cause,) = rows["DD"]
    assert (cause["DDTESTCD"], cause["DDORRES"], cause["DDDTC"]) == ("PRCDTH", "INFECTION", None)


def test_a_visit_that_did_not_take_place_says_why_and_an_unplanned_one_has_a_number_of_its_own(rows: Rows) -> None:
    visits = {one["VISIT"]: one for one in of(rows["SV"], "-002")}
    missed, extra = visits["ROUND 1 DAY 7"], visits["UNSCHEDULED VISIT 1"]
    assert (missed["SVPRESP"], missed["SVOCCUR"], missed["SVSTDTC"]) == ("Y", "N", None)
    assert missed["SVREASOC"]
    assert (extra["SVPRESP"], extra["SVOCCUR"], extra["SVSTDTC"]) == (None, None, "2026-03-02")
    assert extra["VISITNUM"] not in {one["VISITNUM"] for one in rows["TV"]}


def test_breaths_and_beats_have_units_of_their_own(rows: Rows) -> None:
    units = {one["VSTESTCD"]: one["VSORRESU"] for one in rows["VS"]}
    assert (units["PULSE"], units["RESP"], units["WEIGHT"]) == ("beats/min", "breaths/min", "kg")
