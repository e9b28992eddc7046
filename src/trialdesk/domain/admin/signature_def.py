"""What each signature says, numbered: a reworded meaning is a new version and voids no signature (ODM SignatureDef)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trialdesk.domain.text import Text

FieldName = Literal["DataEntry", "Investigator"]
FIELDS: tuple[FieldName, ...] = ("DataEntry", "Investigator")
"""The two signatures of a form in the order in which they are given."""

FIELD_WORDS: dict[FieldName, Text] = {
    "DataEntry": Text(en="Data entry", zh="数据录入"),
    "Investigator": Text(en="Investigator", zh="研究者"),
}


@dataclass(frozen=True)
class SignatureDef:
    """One version of what a signature means and why it binds; both are kept with every signature given under it."""

    field: FieldName
    version: str
    meaning: Text
    legal_reason: Text


# Law: 21 CFR 11.50 and 11.100, ICH E6(R3) 2.12, Electronic Signature Law of China (2019) articles 13 and 14.
# Never change a line that has been signed under; add the next version below it.
SIGNATURE_DEFS: tuple[SignatureDef, ...] = (
    SignatureDef(
        "DataEntry",
        "1",
        Text(en="I entered these data; they agree with the source documents.", zh="本人录入上述数据，与源文件一致。"),
        Text(
            en="Attribution of recorded data (ICH E6(R3) 2.12; 21 CFR 11.50); "
            "binding as agreed in the site contract (Electronic Signature Law, art. 13, 14).",
            zh="数据记录的可归属性（ICH E6(R3) 2.12；21 CFR 11.50）；依研究中心合同约定具有法律效力（《电子签名法》第13、14条）。",
        ),
    ),
    SignatureDef(
        "Investigator",
        "1",
        Text(
            en="I reviewed this form and confirm that it is complete, accurate and attributable.",
            zh="本人已审核本表单，确认数据完整、准确、可归属。",
        ),
        Text(
            en="Investigator's endorsement of reported data (ICH E6(R3) 2.12; 21 CFR 11.50); "
            "binding as agreed in the site contract (Electronic Signature Law, art. 13, 14).",
            zh="研究者对报告数据的确认（ICH E6(R3) 2.12；21 CFR 11.50）；依研究中心合同约定具有法律效力（《电子签名法》第13、14条）。",
        ),
    ),
)


def signature_def(field: FieldName) -> SignatureDef:
    """The wording under which this signature is given now: its newest version."""
    return next(one for one in reversed(SIGNATURE_DEFS) if one.field == field)
