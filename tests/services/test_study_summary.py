"""The study on paper says where every number comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from trialdesk.documents.archival import embedded
from trialdesk.services.study_release import release_from_folder, shipped_study
from trialdesk.services.study_summary import summary_content, write_summary

RELEASE = release_from_folder(shipped_study())


def test_every_setting_stands_with_its_source() -> None:
    settings = summary_content(RELEASE, date(2026, 11, 24)).tables[0]
    assert len(settings.cells) == len(RELEASE.study.parameters)
    for parameter, source in ((row[0], row[2]) for row in settings.cells):
        assert "注册信息" in source, parameter
    assumed = [row for row in settings.cells if "not in the registration" in row[2]]
    assert len(assumed) == sum(p.source == "assumption" for p in RELEASE.study.parameters) > 20


def test_the_paper_carries_the_frozen_study(tmp_path: Path) -> None:
    path = write_summary(RELEASE, tmp_path / "study.pdf", date(2026, 11, 24))
    assert embedded(path.read_bytes(), "study.json") == RELEASE.content


def test_the_words_can_be_read_back(tmp_path: Path) -> None:
    import shutil
    import subprocess

    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed here")
    write_summary(RELEASE, tmp_path / "study.pdf", date(2026, 11, 24))
    said = subprocess.run(
        ["pdftotext", "study.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode()
    for words in ("DOSE-01", "研究设定", "0.24 mg/kg"):
        assert words in said


def test_the_monitoring_plan_stands_on_paper_as_an_assumption() -> None:
    (plan,) = [one for one in summary_content(RELEASE, date(2026, 11, 24)).tables if one.title.en == "Monitoring plan"]
    said = dict(plan.cells)
    assert "first 3 participants" in said["计划 Plan"]
    assert "not in the registration" in said["依据 Basis"]
    assert "不核查" in said["血常规 Haematology"]
    named = sum(row[1].count("、") + 1 for row in plan.cells[-20:])
    assert named > 60
