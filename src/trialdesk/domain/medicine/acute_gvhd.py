"""Acute GVHD: overall grade from organ stages (MAGIC)."""

from __future__ import annotations


def grade(skin: str | None, liver: str | None, upper_gi: str | None, lower_gi: str | None) -> str | None:
    """Overall grade 0, I, II, III or IV from the stages `0` to `4` (upper GI `0` or `1`).

    None while a missing organ could still change the grade; stage 4 of any organ but upper GI settles it.
    Not the highest stage: skin 3 alone is II, lower GI 2 alone is III.
    Source: Harris et al., Biol Blood Marrow Transplant 2016;22:4-10, table 2.
    """
    stages = {"skin": skin, "liver": liver, "lower_gi": lower_gi}
    if "4" in stages.values():
        return "IV"
    if None in (skin, liver, upper_gi, lower_gi):
        return None
    assert skin is not None
    if liver in ("2", "3") or lower_gi in ("2", "3"):
        return "III"
    if skin == "3" or "1" in (liver, upper_gi, lower_gi):
        return "II"
    return "I" if skin in ("1", "2") else "0"
