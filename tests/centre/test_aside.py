"""Long reading in a process of its own gives what it gives beside the window, and can be left off."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from trialdesk.centre.aside import AsideError, aside
from trialdesk.centre.centre import Centre
from trialdesk.centre.deviations import deviations
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import LeftOff, Progress, unwatched
from trialdesk.services.endpoint_view import Figure
from trialdesk.services.study_release import shipped_release


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    centre = Centre.init(tmp_path / "centre", shipped_release())
    centre.close()
    return tmp_path / "centre"


def broken(centre: Centre, told: Progress) -> None:
    raise ValueError("a bug")


def refused(centre: Centre, told: Progress) -> None:
    raise KnownError(Text(en="Not possible.", zh="无法执行。"))


def steps(centre: Centre, count: int, told: Progress) -> str:
    for step in range(count):
        told(step, count)
    return centre.study


def test_the_result_the_steps_and_the_faults_come_back(folder: Path) -> None:
    heard: list[tuple[int, int]] = []
    assert aside(folder, steps, 3, told=lambda step, total: heard.append((step, total))) == "NCT06141304"
    assert [one for one in heard if one[1]][-1] == (2, 3)
    assert aside(folder, deviations, date(2026, 3, 1), told=unwatched) == ()
    with pytest.raises(KnownError, match="Not possible"):
        aside(folder, refused, told=unwatched)
    with pytest.raises(AsideError, match="a bug"):
        aside(folder, broken, told=unwatched)


def test_it_ends_when_it_is_left_off(folder: Path) -> None:
    def leave(step: int, total: int) -> None:
        raise LeftOff

    with pytest.raises(LeftOff):
        aside(folder, steps, 1_000_000, told=leave)


def test_a_number_keeps_its_participants_on_the_way() -> None:
    number = pickle.loads(pickle.dumps(Figure("1 / 2", ("01-001",))))
    assert (number, number.who) == ("1 / 2", ("01-001",))
