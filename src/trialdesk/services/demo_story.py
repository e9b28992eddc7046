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
from trialdesk.services.demo_filling import Answers

FAULTS = ("late_dli", "early_injection", "missed_injection", "round_2_unknown_mrd", "ae_before_consent", "late_visit")


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
    dies_on: date | None
    fault: str | None


def make_person(number: int, random: Random, first: date, fault: str | None) -> Person:
    """A believable participant; the same seed gives the same person."""
    screened = first + timedelta(days=9 * (number - 1) + random.randint(0, 3))
    born = date(random.randint(1966, 2004), random.randint(1, 12), random.randint(1, 28))
    response = random.choice(("CR", "CR", "CRI", "PR", "NR"))
    mrd = random.choice(("NEG", "POS")) if response != "NR" else "POS"
    dies = screened + timedelta(days=random.randint(95, 170)) if response == "NR" and random.random() < 0.5 else None
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
        if page.day <= last:
            yield page
    if person.dies_on is not None and person.dies_on <= until:
        yield from _death(person)


def _second_round(person: Person) -> bool:
    return person.response == "PR" or (person.response in ("CR", "CRI") and person.mrd == "POS")


def _screening(person: Person, random: Random) -> list[Page]:
    day = person.screened
    consent = day + timedelta(days=1) if person.fault == "ae_before_consent" else day
    at = partial(FormPath, "SCR", 1)
    history: dict[str, str | list[str | None]] = {
        "HXDIAG": person.disease, "HXDXDAT": str(day.year - 2), "HXSCTDAT": (day - timedelta(days=320)).isoformat()[:7],
        "HXDONOR": random.choice(("MSD", "HAPLO", "MUD")), "HXHLA": random.choice(("10", "5", "9")), "HXRELYN": "Y",
        "HXRELDAT": (day - timedelta(days=9)).isoformat(), "HXRELKND": "HAEM", "HXRELSIT": "BM", "HXRISK": "ADV",
    }  # fmt: skip
    return [
        Page(day, at("VISIT"), _visit(day)),
        Page(day, at("CONSENT"), {"RFICDAT": consent.isoformat(), "ICFVER": "1.0", "ICFCOPY": "Y", "ICWDYN": "N"}, True),
        Page(day, at("DM"), {"BRTHDAT": person.born.isoformat(), "SEX": person.sex, "ETHNIC": "HAN"}),
        Page(day, at("HX"), history),
        Page(day, at("VS"), _vitals(person, random)),
        Page(day, at("HAEM"), _counts(day, random, Decimal("2.1"), Decimal(60), Decimal("12"))),
        Page(day, at("CHEM"), _chemistry(day, random)),
        Page(day, at("MARROW"), _marrow(day, Decimal(random.randint(180, 520)) / 10, "POS")),
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
    pages = [
        Page(end, FormPath("CHEMO", number, "CHEMO"), dose, True),
        Page(d0, FormPath("DLI", number, "DLI"), _dli(person, random, d0), True),
        Page(d0, FormPath("DLI", number, "VS"), _vitals(person, random)),
        Page(d0, FormPath("DLI", number, "HAEM"), _counts(d0, random, Decimal("0.4"), Decimal(28), Decimal(0))),
        Page(d0, FormPath("DLI", number, "CHEM"), _chemistry(d0, random)),
        Page(plx + timedelta(days=4), FormPath("PLX", number, "PLX"), _injections(person, plx), True),
        Page(plx, FormPath("PLX", number, "VS"), _vitals(person, random)),
        Page(plx, FormPath("PLX", number, "HAEM"), _counts(plx, random, Decimal("0.9"), Decimal(44), Decimal(0))),
    ]
    for days, event in ((7, "D7"), (21, "D21"), (28, "D28")):
        day = d0 + timedelta(days=days + (5 if person.fault == "late_visit" and event == "D21" else 0))
        pages += [
            Page(day, FormPath(event, number, "VISIT"), _visit(day)),
            Page(day, FormPath(event, number, "VS"), _vitals(person, random)),
            Page(
                day,
                FormPath(event, number, "HAEM"),
                _counts(day, random, Decimal("0.6") + Decimal(days) / 15, Decimal(30 + 3 * days), Decimal(0)),
            ),
            Page(day, FormPath(event, number, "CHEM"), _chemistry(day, random)),
            Page(day, FormPath(event, number, "AGVHD"), _agvhd(day, person.gvhd and event == "D28")),
        ]
    day = d0 + timedelta(days=28)
    unknown = person.fault == "round_2_unknown_mrd" and number == 1
    mrd = "UNK" if unknown else person.mrd if number == 1 else "NEG"
    blasts = {"CR": Decimal(2), "CRI": Decimal(3), "PR": Decimal(11), "NR": Decimal(36)}[person.response]
    pages += [
        Page(day, FormPath("D28", number, "MARROW"), _marrow(day, blasts, mrd)),
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
            Page(day, at("VISIT"), _visit(day)),
            Page(day, at("HAEM"), _counts(day, random, Decimal("2.4"), Decimal(150), Decimal(0))),
            Page(day, at("CHEM"), _chemistry(day, random)),
            Page(day, at("CGVHD"), _cgvhd(day, person.gvhd and event in ("M6", "M9"))),
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
    transfusion = {"TFDAT": (d0 + timedelta(days=6)).isoformat(), "TFPROD": "PLT", "TFUNITS": "1.0", "TFREAC": "N"}
    pages.append(Page(d0 + timedelta(days=6), FormPath("TF", 1, "TF"), transfusion))
    return pages


def _death(person: Person) -> Iterator[Page]:
    assert person.dies_on is not None
    day = person.dies_on
    yield Page(
        day, FormPath("DEATH", 1, "DEATH"), {"DTHDAT": day.isoformat(), "DDCAUSE": "LEUKAEMIA", "DDLEUK": "NEVER"}, True
    )
    yield Page(day, FormPath("EOS", 1, "EOS"), {"DSSTDAT": day.isoformat(), "DSREAS": "DEATH"}, True)


def _visit(day: date) -> Answers:
    return {"SVOCCUR": "Y", "SVDAT": day.isoformat()}


def _vitals(person: Person, random: Random) -> Answers:
    return {
        "WEIGHT": f"{person.weight + Decimal(random.randint(-8, 8)) / 10:.1f}", "HEIGHT": str(random.randint(155, 180)),
        "TEMP": f"{Decimal(random.randint(362, 372)) / 10:.1f}", "SYSBP": str(random.randint(105, 132)),
        "DIABP": str(random.randint(62, 84)), "PULSE": str(random.randint(68, 96)), "ECOG": random.choice("011"),
    }  # fmt: skip


def _counts(day: date, random: Random, anc: Decimal, platelets: Decimal, blasts: Decimal) -> Answers:
    spread = Decimal(random.randint(80, 120)) / 100
    return {
        "HAEMDAT": day.isoformat(), "WBC": f"{anc * spread * Decimal('1.7'):.2f}", "ANC": f"{anc * spread:.2f}",
        "LYM": f"{Decimal(random.randint(30, 110)) / 100:.2f}", "HGB": str(random.randint(72, 118)),
        "PLT": f"{platelets * spread:.0f}", "PBBLAST": f"{blasts:.1f}",
    }  # fmt: skip


def _chemistry(day: date, random: Random) -> Answers:
    def number(low: int, high: int, digits: int = 1) -> str:
        return f"{Decimal(random.randint(low, high)) / 10**digits:.{digits}f}"

    return {
        "CHEMDAT": day.isoformat(), "ALT": number(120, 620), "AST": number(130, 510), "ALP": number(450, 1200),
        "GGT": number(150, 700), "TBIL": number(60, 190), "ALB": number(320, 440), "CREAT": number(480, 920),
        "UREA": number(32, 74), "K": number(345, 470, 2), "CA": number(205, 248, 2), "MG": number(70, 102, 2),
        "GLU": number(44, 71), "LDH": str(random.randint(150, 420)), "UA": str(random.randint(160, 390)),
    }  # fmt: skip


def _marrow(day: date, blasts: Decimal, mrd: str) -> Answers:
    return {"BMDAT": day.isoformat(), "BMADEQ": "Y", "BMBLAST": f"{blasts:.1f}", "BMCELL": "ACTIVE", "AUER": "N",
            "EMD": "ABSENT", "MRDRES": mrd, "MRDMETH": "MFC"}  # fmt: skip


def _dli(person: Person, random: Random, day: date) -> Answers:
    return {
        "DLIDAT": day.isoformat(), "DLISTTIM": "10:20", "DLIENTIM": "10:55", "DLISRC": "GCSF", "DLIFRESH": "FRESH",
        "DLICD3": f"{Decimal(random.randint(180, 620)) / 10:.1f}", "DLIMNC": "1.00", "DLIVIAB": "96.0",
        "DLIVOL": str(random.randint(50, 150)), "DLIWT": f"{person.weight:.1f}", "DLIREAC": "N",
    }  # fmt: skip


def _injections(person: Person, first: date) -> Answers:
    dose = (person.weight * Decimal("0.24")).quantize(Decimal("0.01"))
    volume = (dose / 20).quantize(Decimal("0.001"))
    missed = 7 if person.fault == "missed_injection" else 0
    given = ["N" if row == missed else "Y" for row in range(1, 11)]
    days = [(first + timedelta(days=(row - 1) // 2)).isoformat() for row in range(1, 11)]
    times = ["08:00" if row % 2 else "20:00" for row in range(1, 11)]
    if person.fault == "early_injection":
        times[1] = "13:00"
    return {
        "PLXWT": f"{person.weight:.1f}", "PLXCREAT": "70.0", "PLXLOT": "SYN-2026-01", "PLXGIVEN": list(given),
        "PLXDAT": list(days), "PLXTIM": list(times), "PLXMG": [str(dose)] * 10, "PLXML": [str(volume)] * 10,
        "PLXSITE": ["ABD", "ARML"] * 5, "PLXREASN": ["COUNTS"] * 10,
    }  # fmt: skip


def _agvhd(day: date, present: bool) -> Answers:
    if not present:
        return {"AGDAT": day.isoformat(), "AGYN": "N"}
    return {
        "AGDAT": day.isoformat(), "AGYN": "Y", "AGBSA": "18", "AGBULLA": "N", "AGDESQ": "N", "AGBILI": "14.0",
        "AGUGI": "0", "AGEPIS": "1", "AGPAIN": "N", "AGBLOOD": "N", "AGCONF": "PROBABLE", "AGCLASS": "CLASSIC",
        "AGONSDAT": (day - timedelta(days=2)).isoformat(), "AGBIOP": "NOTDONE",
    }  # fmt: skip


def _cgvhd(day: date, present: bool) -> Answers:
    if not present:
        return {"CGDAT": day.isoformat(), "CGYN": "N"}
    scores = {f"CG{organ}": "0" for organ in ("MOUTH", "EYES", "GI", "LIVER", "LUNG", "JOINT", "GENIT")}
    return {"CGDAT": day.isoformat(), "CGYN": "Y", "CGONSDAT": day.isoformat()[:7], "CGDIAG": "Y", "CGOVER": "N",
            "CGSKIN": "1", "CGTREAT": "N", **scores}  # fmt: skip
