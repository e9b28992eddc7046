"""What must hold of the repository itself: imports go one way, locks name no host, fonts can print every word."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trialdesk.paths import resources
from trialdesk.services.study_release import shipped_study
from trialdesk.storage.study_library import load_study

TOP = Path(__file__).resolve().parents[1]


def test_imports_go_one_way() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(command)], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-analysis.lock", "requirements-dev.lock"])
def test_locks_hold_hashes_and_no_address(name: str) -> None:
    lines = (TOP / name).read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if "://" in line or "index-url" in line]
    pinned = [line for line in lines if "==" in line]
    assert len(pinned) > 40
    assert sum("--hash=sha256:" in line for line in lines) >= len(pinned)


def test_no_file_names_the_package_index_of_this_machine() -> None:
    if shutil.which("git") is None or not (TOP / ".git").exists():
        pytest.skip("not a git checkout")
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    hosts = {
        part.split("/")[2] for part in asked.stdout.replace("'", " ").split() if part.count("/") >= 3 and "://" in part
    }
    for host in hosts - {"pypi.org"}:
        found = subprocess.run(["git", "grep", "-l", "-F", host], cwd=TOP, capture_output=True, text=True, check=False)
        assert found.stdout == ""


def _characters(weight: str) -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(resources() / "fonts" / f"NotoSansSC-{weight}.ttf") as font:
        return set(font.getBestCmap())


def test_the_font_has_every_character_a_name_or_a_unit_may_need() -> None:
    needed = "䶮喆堃犇赟祎旻珺甯玥×≤≥±–−→ⅠⅡⅢⅣ℃μµ～，。：；？（）“”、《》①②③△◇·"
    assert not [sign for sign in needed if ord(sign) not in _characters("Regular")]


def test_every_word_of_the_shipped_study_can_be_printed() -> None:
    known = _characters("Regular")
    words = load_study(shipped_study()).model_dump_json()
    assert not {sign for sign in words if ord(sign) >= 32 and ord(sign) not in known}


def test_every_source_file_says_what_it_is_and_stays_readable() -> None:
    for path in (TOP / "src").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('"""'), f"{path.name} has no docstring"
        assert text.count("\n") <= 400, f"{path.name} is too long: two names hide in it"


def test_labels_are_dressed_in_one_place() -> None:
    by_hand = re.compile(r'setProperty\("(role|tone)"')
    found = [
        path.name
        for path in (TOP / "src" / "trialdesk" / "ui").rglob("*.py")
        if path.name != "parts.py" and by_hand.search(path.read_text(encoding="utf-8"))
    ]
    assert found == [], "parts.letters and parts.tone dress a label; the properties alone change nothing"


def test_every_link_of_the_pages_leads_to_a_file() -> None:
    lost = []
    for page in (TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                lost.append(f"{page.relative_to(TOP)}: {target}")
    assert not lost
