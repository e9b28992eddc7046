"""Whether a piece of text speaks of graft-versus-host disease."""

from __future__ import annotations

import re
import unicodedata

# Han counts as a letter for \b, so the edges of an abbreviation are said by letters alone.
_SPOKEN = re.compile(
    r"(?<![a-z])[ac]?gv[-\s]?h[-\s]?[dr]?(?![a-z])"
    r"|(?<![a-z])[ac]?g\.\s?v\.\s?h\.(\s?d\.)?"
    r"|(?<![a-z])[ac]?gvdh(?![a-z])"
    r"|grafts?[\s-]*(versus|vs?\.?|against)[\s-]*(the[\s-]*)?host"
    r"|抗宿主|移植物反应|排异"
    r"|[皮肠肝肺口眼急慢]排(?![便尿出气卵汗痰液泄除斥空])",
)
"""English, Chinese and abbreviations; the last line is how wards say it: 皮排, 肠排, 急排."""


def speaks_of_gvhd(text: str) -> bool:
    """True when free text names GVHD, in English, Chinese, by abbreviation or in the words of the ward.

    "No GVHD" speaks of it too: a person is asked, nothing is guessed. Full-width letters count as plain ones.
    """
    return _SPOKEN.search(unicodedata.normalize("NFKC", text).lower()) is not None
