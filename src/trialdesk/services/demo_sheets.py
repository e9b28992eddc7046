"""The answers of the demonstration's sheets: believable numbers for each kind of form."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from trialdesk.services.demo_filling import Answers

if TYPE_CHECKING:
    from trialdesk.services.demo_story import Person


def visit(day: date) -> Answers:
    """The visit took place on this day."""
    return {"SVOCCUR": "Y", "SVDAT": day.isoformat()}


def vitals(person: Person, random: Random) -> Answers:
    """Vital signs near the person's weight."""
    return {
        "WEIGHT": f"{person.weight + Decimal(random.randint(-8, 8)) / 10:.1f}", "HEIGHT": str(random.randint(155, 180)),
        "TEMP": f"{Decimal(random.randint(362, 372)) / 10:.1f}", "SYSBP": str(random.randint(105, 132)),
        "DIABP": str(random.randint(62, 84)), "PULSE": str(random.randint(68, 96)), "ECOG": random.choice("011"),
    }  # fmt: skip


def counts(day: date, random: Random, anc: Decimal, platelets: Decimal, blasts: Decimal) -> Answers:
    """Blood counts around a neutrophil and a platelet count."""
    spread = Decimal(random.randint(80, 120)) / 100
    return {
        "HAEMDAT": day.isoformat(), "WBC": f"{anc * spread * Decimal('1.7'):.2f}", "ANC": f"{anc * spread:.2f}",
        "LYM": f"{Decimal(random.randint(30, 110)) / 100:.2f}", "HGB": str(random.randint(72, 118)),
        "PLT": f"{platelets * spread:.0f}", "PBBLAST": f"{blasts:.1f}",
    }  # fmt: skip


def chemistry(day: date, random: Random) -> Answers:
    """Chemistry within what is seen on the ward."""

    def number(low: int, high: int, digits: int = 1) -> str:
        return f"{Decimal(random.randint(low, high)) / 10**digits:.{digits}f}"

    return {
        "CHEMDAT": day.isoformat(), "ALT": number(120, 620), "AST": number(130, 510), "ALP": number(450, 1200),
        "GGT": number(150, 700), "TBIL": number(60, 190), "ALB": number(320, 440), "CREAT": number(480, 920),
        "UREA": number(32, 74), "K": number(345, 470, 2), "CA": number(205, 248, 2), "MG": number(70, 102, 2),
        "GLU": number(44, 71), "LDH": str(random.randint(150, 420)), "UA": str(random.randint(160, 390)),
    }  # fmt: skip


def marrow(day: date, blasts: Decimal, mrd: str) -> Answers:
    """A marrow with so many per cent blasts."""
    return {"BMDAT": day.isoformat(), "BMADEQ": "Y", "BMBLAST": f"{blasts:.1f}", "BMCELL": "ACTIVE", "AUER": "N",
            "EMD": "ABSENT", "MRDRES": mrd, "MRDMETH": "MFC"}  # fmt: skip


def dli(person: Person, random: Random, day: date) -> Answers:
    """The infusion."""
    return {
        "DLIDAT": day.isoformat(), "DLISTTIM": "10:20", "DLIENTIM": "10:55", "DLISRC": "GCSF", "DLIFRESH": "FRESH",
        "DLICD3": f"{Decimal(random.randint(180, 620)) * (10 if person.fault == 'cd3_unit_slip' else Decimal('0.1')):.1f}", "DLIMNC": "1.00", "DLIVIAB": "96.0",
        "DLIVOL": str(random.randint(50, 150)), "DLIWT": f"{person.weight:.1f}", "DLIREAC": "N",
    }  # fmt: skip


def injections(person: Person, first: date) -> Answers:
    """Ten injections of plerixafor over five days."""
    dose = (person.weight * Decimal("0.24")).quantize(Decimal("0.01"))
    volume = (dose / 20).quantize(Decimal("0.001"))
    missed = 7 if person.missed else 0
    given = ["N" if row == missed else "Y" for row in range(1, 11)]
    gap = 1 if person.fault == "injection_days_with_a_gap" else 0
    days = [(first + timedelta(days=(row - 1) // 2 + (gap if row > 4 else 0))).isoformat() for row in range(1, 11)]
    if person.fault == "dose_ten_times_too_high":
        dose, volume = dose * 10, volume * 10
    times = ["08:00" if row % 2 else "20:00" for row in range(1, 11)]
    if person.fault == "early_injection":
        times[1] = "13:00"
    return {
        "PLXWT": f"{person.weight:.1f}", "PLXCREAT": "70.0", "PLXLOT": "SYN-2026-01", "PLXGIVEN": list(given),
        "PLXDAT": list(days), "PLXTIM": list(times), "PLXMG": [str(dose)] * 10, "PLXML": [str(volume)] * 10,
        "PLXSITE": ["ABD", "ARML"] * 5, "PLXREASN": ["COUNTS"] * 10,
    }  # fmt: skip


def agvhd(day: date, present: bool) -> Answers:
    """Acute GVHD: none, or skin and liver."""
    if not present:
        return {"AGDAT": day.isoformat(), "AGYN": "N"}
    return {
        "AGDAT": day.isoformat(), "AGYN": "Y", "AGBSA": "18", "AGBULLA": "N", "AGDESQ": "N", "AGBILI": "14.0",
        "AGUGI": "0", "AGEPIS": "1", "AGPAIN": "N", "AGBLOOD": "N", "AGCONF": "PROBABLE", "AGCLASS": "CLASSIC",
        "AGONSDAT": (day - timedelta(days=2)).isoformat(), "AGBIOP": "NOTDONE",
    }  # fmt: skip


def cgvhd(day: date, present: bool) -> Answers:
    """Chronic GVHD: none, or mild."""
    if not present:
        return {"CGDAT": day.isoformat(), "CGYN": "N"}
    scores = {f"CG{organ}": "0" for organ in ("MOUTH", "EYES", "GI", "LIVER", "LUNG", "JOINT", "GENIT")}
    return {"CGDAT": day.isoformat(), "CGYN": "Y", "CGONSDAT": day.isoformat()[:7], "CGDIAG": "Y", "CGOVER": "N",
            "CGSKIN": "1", "CGTREAT": "N", **scores}  # fmt: skip
