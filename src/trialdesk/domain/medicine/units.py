"""Names of laboratory units: several spellings of one unit, never a conversion of a value."""

from __future__ import annotations

import re
import unicodedata

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "10^9/l": ("10^3/ul", "10^3/mm3", "k/ul", "k/mm3", "10^6/ml", "thousand/ul", "giga/l"),
    "/mm3": ("/ul", "1/ul", "1/mm3", "10^3/ml", "10^6/l", "cells/ul", "cells/mm3", "cell/ul", "个/ul", "个/mm3"),
    "degc": ("°c", "c", "celsius", "cel"),
    "degf": ("°f", "f", "fahrenheit", "[degf]"),
    "%": ("percent", "%predicted"),
    "ms": ("msec",),
    "ratio": ("mg/mg", "g/g", "1"),
    "plus": ("+",),
    "kg/m2": ("kg/m^2",),
    "mmhg": ("mm[hg]",),
    "ml/min/1.73m2": ("ml/min/1.73m^2", "ml/min/{1.73_m2}"),
}
_CANONICAL = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in (unit, *spellings)}

MEQ_IS_MMOL = frozenset({"sodium", "potassium"})
"""Ions of one charge, where mEq/L is another name of mmol/L."""


def canonical(unit: str | None, analyte: str = "") -> str:
    """One spelling for all names of a unit: any case, with or without spaces, `x10^9/L`, `K/uL`, `10*3/uL`.

    An alias changes the name and not the value: 10^9/L is 10^3/uL, /mm3 is 10^6/L. mEq/L is mmol/L for sodium and
    potassium only. A unit that is not known comes back in lower case.
    """
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: "^" + found.group().translate(_SUPERSCRIPT), unit or "")
    text = unicodedata.normalize("NFKC", text).lower()
    text = (
        re.sub(r"\s+", "", text)
        .replace("μ", "u")
        .replace("mcl", "ul")
        .replace("mcmol", "umol")
        .replace("micromol", "umol")
    )
    text = re.sub(r"^[x×*]", "", text)
    text = re.sub(r"^10(?:\*\*|\*\^|\*|e\+?|\^)0*(\d+)", r"10^\1", text).replace("mm^3", "mm3")
    if text == "meq/l" and analyte.lower() in MEQ_IS_MMOL:
        return "mmol/l"
    return _CANONICAL.get(text, text)
