"""A coordinator's slips of the pen in the shipped study: each is reported with its file, its line and what was meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from trialdesk.services.study_release import check_folder, shipped_study

SLIPS = [
    ("forms/dm.yaml", "oid: DM", "oid: AE", "used twice"),
    ("forms/dm.yaml", "kind: code", "kind: coed", "did you mean 'code'"),
    ("forms/dm.yaml", "codelist: SEX", "codelist: SEKS", "did you mean 'SEX'"),
    ("forms/vs.yaml", "kind: float", "kind: flaot", "did you mean 'float'"),
    ("forms/vs.yaml", "unit: kg", "unti: kg", "did you mean 'unit'"),
    ("events.yaml", "forms: [AE]", "forms: [AEE]", "did you mean 'AE'"),
    ("events.yaml", "date_item: AESTDAT", "date_item: AESTDATE", "did you mean 'AESTDAT'"),
    ("events.yaml", "kind: log", "kind: logg", "did you mean 'log'"),
    ("codelists.yaml", "code: FOLLOWUP", "code: INITIAL", "INITIAL twice"),
    ("codelists.yaml", "zh: 首次报告", "", "zh is missing"),
    ("rules/dosing.yaml", "kind: window", "kind: windw", "did you mean 'window'"),
    ("rules/dosing.yaml", "id: DOSE-03", "id: DOSE-01", "used twice"),
    ("rules/response.yaml", "severity: hard", "severity: fatal", "none of soft, hard"),
    ("rules/infusion.yaml", "cd3_low <=", "cd3_lo <=", "did you mean 'cd3_low'"),
    ("rules/infusion.yaml", "<= DLICD3 <=", "<= DLICD3 <==", "cannot be read"),
    ("rules/injections.yaml", "hours_between(", "hour_between(", "did you mean 'hours_between'"),
    ("rules/gvhd_and_events.yaml", 'AETERM: "Nausea"', 'AETERMM: "Nausea"', "did you mean 'AETERM'"),
    ("rules/gvhd_and_events.yaml", 'expect: "finding"', 'expect: "ok"', "the rule gives 'finding'"),
    ("parameters.yaml", "value:", "valeu:", "did you mean 'value'"),
    ("study.yaml", "\nversion:", "\nverison:", "did you mean 'version'"),
    ("rules/before_treatment.yaml", "source:", "sourc:", "did you mean 'source'"),
    (
        "parameters.yaml",
        'chemo_anchor, value: "END"',
        'chemo_anchor, value: "MIDDLE"',
        "the visit knows END, START only",
    ),
    ("events.yaml", "setting: chemo_anchor", "setting: chemo_anchr", "did you mean 'chemo_anchor'"),
    ("rules/gvhd.yaml", "method: acute_gvhd.grade", "method: acute_gvhd.grad", "did you mean 'acute_gvhd.grade'"),
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studies")


@pytest.mark.parametrize(("file", "right", "wrong", "meant"), SLIPS, ids=[f"{f}: {w.strip()}" for f, _, w, _ in SLIPS])
def test_a_slip_is_reported_where_it_is_with_what_was_meant(
    folders: Path, file: str, right: str, wrong: str, meant: str
) -> None:
    study = folders / str(len(list(folders.iterdir())))
    shutil.copytree(shipped_study(), study)
    path = study / file
    before = path.read_text(encoding="utf-8")
    after = before.replace(right, wrong, 1)
    assert after != before
    path.write_text(after, encoding="utf-8")
    pairs = zip(before.split("\n"), after.split("\n"), strict=True)
    line = next(n for n, (old, new) in enumerate(pairs, start=1) if old != new)
    found = [str(problem) for problem in check_folder(study).problems]
    here = [one for one in found if one.startswith(f"{file}:") and meant in one]
    assert here, found
    assert any(abs(int(one.split(":")[1]) - line) <= 3 for one in here), found


def test_several_slips_are_reported_at_once(folders: Path) -> None:
    study = folders / "several"
    shutil.copytree(shipped_study(), study)
    for file, right, wrong, _ in (SLIPS[2], SLIPS[6], SLIPS[13]):
        path = study / file
        path.write_text(path.read_text(encoding="utf-8").replace(right, wrong, 1), encoding="utf-8")
    files = {problem.file for problem in check_folder(study).problems}
    assert {"forms/dm.yaml", "events.yaml", "rules/infusion.yaml"} <= files
