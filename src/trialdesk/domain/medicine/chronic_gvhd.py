"""Chronic GVHD: global severity from organ scores (NIH 2014)."""

from __future__ import annotations


def severity(
    skin: str | None,
    mouth: str | None,
    eyes: str | None,
    gi: str | None,
    liver: str | None,
    lungs: str | None,
    joints: str | None,
    genital: str | None,
) -> str | None:
    """NONE, MILD, MODERATE or SEVERE from the organ scores `0` to `3`; None while a missing organ could change it.

    Severe: any organ 3, or lungs 2. Moderate: any other organ 2, or three organs at 1, or lungs 1. A missing organ can
    only raise the result, so only severe can be told before every organ was assessed.
    Source: Jagasia et al., Biol Blood Marrow Transplant 2015;21:389-401, global severity.
    """
    others = (skin, mouth, eyes, gi, liver, joints, genital)
    if "3" in (*others, lungs) or lungs == "2":
        return "SEVERE"
    if None in (*others, lungs):
        return None
    if "2" in others or lungs == "1" or others.count("1") >= 3:
        return "MODERATE"
    return "MILD" if "1" in others else "NONE"
