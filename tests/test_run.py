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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ensurepip is not available", "apt-get install python3-venv"),
        ("OSError: [Errno 28] No space left on device", "The disk is full. Free"),
        ("[Errno 13] Permission denied: '.venv'", "cannot be written to. Copy TrialDesk"),
        ("ERROR: No matching distribution found for x==1", "Check the network"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "not the one the lock file names"),
    ],
)
def test_a_setup_that_fails_says_in_one_line_what_to_do(said: str, told: str) -> None:
    sentence = runpy.run_path(str(RUN))["fault"]("The packages could not be installed.", said)
    assert told in sentence
    assert "\n" not in sentence


def test_a_fault_nobody_foresaw_keeps_the_last_words_of_the_tool() -> None:
    assert runpy.run_path(str(RUN))["fault"]("It failed.", "one\nsomething new\n") == "It failed.\none\nsomething new"


def test_a_python_that_is_too_old_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = runpy.run_path(str(RUN))
    monkeypatch.setattr("sys.version_info", (3, 10, 13))
    assert names["main"](["--help"]) == 2


def test_after_an_update_of_python_everything_is_set_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names = runpy.run_path(str(RUN))
    before = names["fingerprint"]("run")
    monkeypatch.setattr("sys.version", "3.99.0 (somebody's next Python)")
    assert names["fingerprint"]("run") != before
