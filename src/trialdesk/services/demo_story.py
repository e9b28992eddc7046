"""Synthetic participants who follow the protocol: what happens to each, day by day, and what is written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import NamedTuple

from trialdesk.domain.oid import FormPath
from trialdesk.services import demo_sheets as sheets
from trialdesk.services.demo_filling import Answers

FAULTS: dict[str, tuple[str, ...]] = {
    "late_dli": ("DOSE-01",),
    "early_injection": ("PLX-02", "PLX-12"),
    "injection_days_with_a_gap": ("PLX-01",),
    "round_2_unknown_mrd": ("RESP-02",),
    "consent_after_screening": ("DATE-08",),
    "late_visit": ("VIS-D21",),
    "cd3_unit_slip": ("DLI-01",),
    "gvhd_as_adverse_event": ("GVHD-01",),
    "grade_5_recovered": ("AE-03",),
    "dose_ten_times_too_high": ("PLX-05", "PLX-13"),
    "sae_reported_late": ("SAE-01",),
    "visit_after_death": ("DEATH-01",),
}
"""Breaches a demonstration can plant, each with the rules of the study of which at least one has to speak."""


class Page(NamedTuple):
    """One form to be filled on one day; `sign` says that the investigator signs it."""

    day: date
    form: FormPath
    answers: Answers
    sign: bool = False


@dataclass(frozen=True)
class Person:
    """One synthetic participant: who, how ill, how the treatment goes, and which breach is planted, if any."""

    initials: str
    sex: str
    born: date
    disease: str
    weight: Decimal
    screened: date
    response: str
    mrd: str
    gvhd: bool
    missed: bool
    dies_on: date | None
    fault: str | None


def make_person(number: int, random: Random, first: date, fault: str | None) -> Person:
    """A believable participant; the same seed gives the same person."""
    screened = first + timedelta(days=9 * (number - 1) + random.randint(0, 3))
    born = date(random.randint(1966, 2004), random.randint(1, 12), random.randint(1, 28))
    response = random.choice(("CR", "CR", "CRI", "PR", "NR"))
    mrd = random.choice(("NEG", "POS")) if response != "NR" else "POS"
    dies = screened + timedelta(days=random.randint(95, 170)) if response == "NR" and random.random() < 0.5 else None
    if fault == "round_2_unknown_mrd":
        response, mrd, dies = "CR", "POS", None
    if fault == "visit_after_death":
        response, mrd, dies = "NR", "POS", screened + timedelta(days=85)
    letters = "ABCDEFGHJKLMNPQRSTWXYZ"
    return Person(
        initials="".join(random.choice(letters) for _ in range(4)),
        sex=random.choice("MF"),
        born=born,
        disease=random.choice(("AML", "AML", "ALL")),
        weight=Decimal(random.randint(480, 820)) / 10,
        screened=screened,
        response=response,
        mrd=mrd,
        gvhd=random.random() < 0.4,
        missed=random.random() < 0.15,
        dies_on=dies,
        fault=fault,
    )


def story(person: Person, random: Random, until: date) -> Iterator[Page]:
    """Every form of this participant in the order of days, up to a day; nothing happens after death."""
    pages = [*_screening(person, random), *_round(person, random, 1, person.screened + timedelta(days=3))]
    if _second_round(person):
        pages += _round(person, random, 2, person.screened + timedelta(days=62))
    pages += [*_follow_up(person, random), *_logs(person, random)]
    last = min(until, person.dies_on or until)
    for page in sorted(pages, key=lambda page: page.day):
        # Under this breach the three-month visit is written down although the participant died six days before it.
        too_late = person.fault == "visit_after_death" and page.form == FormPath("M3", 1, "VISIT")
        if page.day <= last or too_late:
            yield page
    if person.dies_on is not None and person.dies_on <= until:
        yield from _death(person)


def _second_round(person: Person) -> bool:
    return person.response == "PR" or (person.response in ("CR", "CRI") and person.mrd == "POS")


def _screening(person: Person, random: Random) -> list[Page]:
    day = person.screened
    consent = day + timedelta(days=1) if person.fault == "consent_after_screening" else day
    at = partial(FormPath, "SCR", 1)
    history: dict[str, str | list[str | None]] = {
        "HXDIAG": person.disease, "HXDXDAT": str(day.year - 2), "HXSCTDAT": (day - timedelta(days=320)).isoformat()[:7],
        "HXDONOR": random.choice(("MSD", "HAPLO", "MUD")), "HXHLA": random.choice(("10", "5", "9")), "HXRELYN": "Y",
        "HXRELDAT": (day - timedelta(days=9)).isoformat(), "HXRELKND": "HAEM", "HXRELSIT": "BM", "HXRISK": "ADV",
    }  # fmt: skip
    return [
        Page(day, at("VISIT"), sheets.visit(day)),
        Page(day, at("CONSENT"), {"RFICDAT": consent.isoformat(), "ICFVER": "1.0", "ICFCOPY": "Y", "ICWDYN": "N"}, True),
        Page(day, at("DM"), {"BRTHDAT": person.born.isoformat(), "SEX": person.sex, "ETHNIC": "HAN"}),
        Page(day, at("HX"), history),
        Page(day, at("VS"), sheets.vitals(person, random)),
        Page(day, at("HAEM"), sheets.counts(day, random, Decimal("2.1"), Decimal(60), Decimal("12"))),
        Page(day, at("CHEM"), sheets.chemistry(day, random)),
        Page(day, at("MARROW"), sheets.marrow(day, Decimal(random.randint(180, 520)) / 10, "POS")),
        Page(day + timedelta(days=1), at("ELIG"), {
            "IEDIS": "Y", "IEREL": "Y", "IECONS": "Y", "IEPROT": "Y", "IEYN": "Y",
            "ENRLDAT": (day + timedelta(days=1)).isoformat(),
        }, True),
    ]  # fmt: skip


def _round(person: Person, random: Random, number: int, chemo: date) -> list[Page]:
    end = chemo + timedelta(days=4)
    late = 4 if person.fault == "late_dli" and number == 1 else 0
    d0 = end + timedelta(days=3 + late)
    plx = d0 + timedelta(days=10)
    dose = {"CHSTDAT": chemo.isoformat(), "CHENDAT": end.isoformat(), "CHREG": "VEN", "CHDAYS": "5"}
    dose |= {"CHTRT": "Azacitidine", "CHDOSE": "75", "CHDOSU": "mg/m2"}
    pages = [
        Page(end, FormPath("CHEMO", number, "CHEMO"), dose, True),
        Page(d0, FormPath("DLI", number, "DLI"), sheets.dli(person, random, d0), True),
        Page(d0, FormPath("DLI", number, "VS"), sheets.vitals(person, random)),
        Page(d0, FormPath("DLI", number, "HAEM"), sheets.counts(d0, random, Decimal("0.4"), Decimal(28), Decimal(0))),
        Page(d0, FormPath("DLI", number, "CHEM"), sheets.chemistry(d0, random)),
        Page(plx + timedelta(days=4), FormPath("PLX", number, "PLX"), sheets.injections(person, plx), True),
        Page(plx, FormPath("PLX", number, "VS"), sheets.vitals(person, random)),
        Page(plx, FormPath("PLX", number, "HAEM"), sheets.counts(plx, random, Decimal("0.9"), Decimal(44), Decimal(0))),
    ]
    for days, event in ((7, "D7"), (21, "D21"), (28, "D28")):
        day = d0 + timedelta(days=days + (5 if person.fault == "late_visit" and event == "D21" else 0))
        pages += [
            Page(day, FormPath(event, number, "VISIT"), sheets.visit(day)),
            Page(day, FormPath(event, number, "VS"), sheets.vitals(person, random)),
            Page(
                day,
                FormPath(event, number, "HAEM"),
                sheets.counts(day, random, Decimal("0.6") + Decimal(days) / 15, Decimal(30 + 3 * days), Decimal(0)),
            ),
            Page(day, FormPath(event, number, "CHEM"), sheets.chemistry(day, random)),
            Page(day, FormPath(event, number, "AGVHD"), sheets.agvhd(day, person.gvhd and event == "D28")),
        ]
    day = d0 + timedelta(days=28)
    unknown = person.fault == "round_2_unknown_mrd" and number == 1
    mrd = "UNK" if unknown else person.mrd if number == 1 else "NEG"
    blasts = {"CR": Decimal(2), "CRI": Decimal(3), "PR": Decimal(11), "NR": Decimal(36)}[person.response]
    pages += [
        Page(day, FormPath("D28", number, "MARROW"), sheets.marrow(day, blasts, mrd)),
        Page(
            day,
            FormPath("D28", number, "RESP"),
            {"RSDAT": day.isoformat(), "RSRESP": person.response, "RSMRD": mrd},
            True,
        ),
    ]
    if number == 1:
        again = _second_round(person) or unknown
        decision = {"R2YN": "Y" if again else "N", "R2DAT": day.isoformat(), "R2GVHD": "N",
                    "R2REAS": "Criteria not met. 未达到条件。"}  # fmt: skip
        pages.append(Page(day, FormPath("D28", number, "RND2"), decision))
    return pages


def _follow_up(person: Person, random: Random) -> list[Page]:
    pages = []
    for days, event in ((91, "M3"), (183, "M6"), (275, "M9"), (366, "M12")):
        day = person.screened + timedelta(days=days)
        at = partial(FormPath, event, 1)
        pages += [
            Page(day, at("VISIT"), sheets.visit(day)),
            Page(day, at("HAEM"), sheets.counts(day, random, Decimal("2.4"), Decimal(150), Decimal(0))),
            Page(day, at("CHEM"), sheets.chemistry(day, random)),
            Page(day, at("CGVHD"), sheets.cgvhd(day, person.gvhd and event in ("M6", "M9"))),
            Page(day, at("SS"), {"SSDAT": day.isoformat(), "SSSTAT": "ALIVE",
                                 "SSLEUK": "NEVER" if person.response == "NR" else "REMISSION"}),
        ]  # fmt: skip
    return pages


def _logs(person: Person, random: Random) -> list[Page]:
    d0 = person.screened + timedelta(days=10)
    terms = random.sample(("Neutrophil count decreased", "Platelet count decreased", "Anemia", "Nausea", "Fever"), 2)
    pages = []
    for row, term in enumerate(terms, start=1):
        start = d0 + timedelta(days=5 + 4 * row)
        pages.append(Page(start + timedelta(days=6), FormPath("AE", row, "AE"), {
            "AETERM": term, "AETOXGR": str(random.randint(1, 3)), "AESTDAT": start.isoformat(), "AEONGO": "N",
            "AEENDAT": (start + timedelta(days=6)).isoformat(), "AEGVHD": "N", "AESER": "N", "AERELCH": "PROBABLE",
            "AERELDLI": "UNLIKELY", "AERELPLX": "POSSIBLE", "AEACN": "NONE", "AEOUT": "RECOVERED",
        }))  # fmt: skip
    pages += _planted(person, d0)
    transfusion = {"TFDAT": (d0 + timedelta(days=6)).isoformat(), "TFPROD": "PLT", "TFUNITS": "1.0", "TFREAC": "N"}
    pages.append(Page(d0 + timedelta(days=6), FormPath("TF", 1, "TF"), transfusion))
    return pages


def _planted(person: Person, d0: date) -> list[Page]:
    """The adverse event of a planted breach, as a third entry of the log."""
    start = d0 + timedelta(days=18)
    event: dict[str, str | list[str | None]] = {
        "AETERM": "Sepsis", "AETOXGR": "4", "AESTDAT": start.isoformat(), "AEONGO": "N", "AEGVHD": "N", "AESER": "Y",
        "AEENDAT": (start + timedelta(days=6)).isoformat(), "AERELCH": "PROBABLE", "AERELDLI": "UNLIKELY",
        "AERELPLX": "UNLIKELY", "AEACN": "NONE", "AEOUT": "RECOVERED",
    }  # fmt: skip
    if person.fault == "gvhd_as_adverse_event":
        event |= {"AETERM": "aGVHD of the skin", "AETOXGR": "2", "AESER": "N"}
    elif person.fault == "grade_5_recovered":
        event |= {"AETOXGR": "5"}
    elif person.fault != "sae_reported_late":
        return []
    pages = [Page(start + timedelta(days=6), FormPath("AE", 3, "AE"), event)]
    if person.fault == "sae_reported_late":
        pages.append(Page(start + timedelta(days=7), FormPath("SAE", 1, "SAE"), {
            "SAETYPE": "INITIAL", "SAETERM": "Sepsis", "SAESTDAT": start.isoformat(), "SAEAWDAT": start.isoformat(),
            "SAEAWTIM": "09:30", "SAEREPDAT": (start + timedelta(days=3)).isoformat(), "SAEREPTIM": "16:00",
            "SAELIFE": "Y", "SAEEXP": "N", "SAEOUT": "RECOVERED", "SAENARR": "Synthetic narrative. 合成描述。",
        }))  # fmt: skip
    return pages


def _death(person: Person) -> Iterator[Page]:
    assert person.dies_on is not None
    day = person.dies_on
    yield Page(
        day, FormPath("DEATH", 1, "DEATH"), {"DTHDAT": day.isoformat(), "DDCAUSE": "LEUKAEMIA", "DDLEUK": "NEVER"}, True
    )
    yield Page(day, FormPath("EOS", 1, "EOS"), {"DSSTDAT": day.isoformat(), "DSREAS": "DEATH"}, True)
