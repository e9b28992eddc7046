"""A study's way to SDTM is looked over with the rest of the study."""

from __future__ import annotations

from typing import Any

import pytest

from trialdesk.domain.rules.sdtm_check import sdtm_problems
from trialdesk.services.study_release import shipped_release


def problems(**changed: Any) -> str:
    study = shipped_release().study
    mapping = {"arm": "A", "arm_code": "A", "elements": [], "domains": []} | changed
    return "\n".join(says for _, says in sdtm_problems(study.model_copy(update={"sdtm": mapping})))


def block(**parts: Any) -> list[dict[str, Any]]:
    return [{"domain": "AE", "keys": [], "records": [parts]}]


def test_the_shipped_mapping_and_none_at_all_have_no_problem() -> None:
    assert list(sdtm_problems(shipped_release().study)) == []
    assert list(sdtm_problems(shipped_release().study.model_copy(update={"sdtm": None}))) == []


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"domains": block(items=["AETERMS"])}, "no item AETERMS; did you mean 'AETERM'?"),
        ({"domains": block(items=["AETERM"], set={"AEOUT": "OUTT(AEOUT)"}), "maps": {"OUT": {}}}, "no map OUTT"),
        ({"domains": block(items=["AETERM"], set={"AEOUT": "words(AEOUT"})}, "a bracket is not closed"),
        ({"domains": block(items=["AETERM"], when={"AEGVDH": ["Y"]})}, "no item AEGVDH; did you mean 'AEGVHD'?"),
        ({"domains": block(item=["AETERM"])}, "Extra inputs are not permitted"),
        ({"arms": "B"}, "arms"),
    ],
)
def test_a_slip_is_named(changed: dict[str, Any], says: str) -> None:
    assert says in problems(**changed)
