"""run.py: what a stranger meets first."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run.py"


def test_help_names_every_act() -> None:
    done = subprocess.run([sys.executable, str(RUN), "--help"], capture_output=True, text=True, check=True)
    for act in runpy.run_path(str(RUN))["ACTS"]:
        assert act == "app" or f"run.py {act}" in done.stdout


def test_an_unknown_word_is_answered_with_the_known_ones() -> None:
    done = subprocess.run([sys.executable, str(RUN), "tset"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "does not know 'tset'" in done.stderr
    assert "run.py test" in done.stderr


def test_missing_system_libraries_are_named_with_the_line_that_installs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = runpy.run_path(str(RUN))
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has them apart")
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install -y --no-install-recommends libnothing1"):
        names["system_libraries"]({"surely-no-such-library": "libnothing1"})


def test_without_a_display_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    names = runpy.run_path(str(RUN))
    for variable in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(variable, raising=False)
    if sys.platform.startswith("linux"):
        assert names["has_display"]() is False
    monkeypatch.setenv("DISPLAY", ":0")
    assert names["has_display"]() is True
