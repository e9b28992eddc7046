"""Asks outside judges about the exports and the estimators: CDISC's rules, terminology and schemas, R.

The judges are fetched by name and version into build/judges/standards and are never part of TrialDesk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
JUDGES, FILES = PROJECT / "build" / "judges" / "standards", PROJECT / "build" / "conformance-standards"
sys.path[:0] = [str(HERE), str(PROJECT), str(PROJECT / "src")]

ENGINE, TERMS, SCHEMAS = "cdisc-rules-engine==0.1.0", "usdm3==0.12.3", "defineutils==0.2.1"
NEEDED = (
    "setuptools<70", "wheel", "pandas==1.5.3", "numpy<2", "python-dotenv", "cdisc-library-client==0.1.4", "redis==4.0.2",
    "azure-storage-blob", "azure-cosmos", "odmlib==0.1.4", "openpyxl", "click", SCHEMAS,
)  # fmt: skip
LOOSE = ("business-rules-enhanced==1.2.1", "xport==3.6.1")
"""They name an older pandas than Python 3.11 has; what is used of them works with the one above."""

FALSE_FINDINGS = {
    (
        "CG0034",
        "TV",
    ): "A planned visit of a round that nobody came to has no record in SV; the rule is meant for findings."
}
PLANTED = ("CG0009", "CG0029", "CG0035", "CG0114", "CG0131", "CG0147", "CG0414")
"""Rules that must speak up when faults are planted, so that silence means something."""


def main() -> int:
    """Judge an export of the demonstration; 1 where a judge finds a fault that is not known to be false."""
    from statistics_judge import judge_statistics

    lines = [*judge_statistics(FILES / "statistics"), *_tabulation()]
    print("\n".join(lines))
    faults = sum(line.startswith("FAULT") for line in lines)
    print(f"\n{faults} faults")
    return 1 if faults else 0


def _tabulation() -> list[str]:
    fault = _fetch()
    if fault:
        return [f"skip  the judges of the tabulation could not be fetched: {fault}"]
    from tables_judge import judge_tables

    made = _export("sdtm")
    tables = judge_tables(made, _export("csv"), FILES / "read.json")
    return [*tables, *_rules(made), *_terminology(made), *_define(made)]


def _python() -> str:
    return str(JUDGES / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python")


def _fetch() -> str:
    """Fetch the judges once; returns why not, or nothing."""
    if (JUDGES / "ready").is_file():
        return ""
    shutil.rmtree(JUDGES, ignore_errors=True)
    venv.create(JUDGES / "venv", with_pip=True)
    pip = [_python(), "-m", "pip", "-q", "--disable-pip-version-check"]
    steps = (
        [*pip, "install", *NEEDED],
        [*pip, "install", "--no-deps", "--no-build-isolation", *LOOSE],
        [*pip, "download", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "-d", str(JUDGES), ENGINE],
        [*pip, "download", "--no-deps", "-d", str(JUDGES), TERMS],
    )
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    shutil.unpack_archive(next(JUDGES.glob("cdisc-rules-engine-*.tar.gz")), JUDGES, filter="data")
    shutil.unpack_archive(next(JUDGES.glob("usdm3-*.whl")), JUDGES / "terms", "zip")
    (JUDGES / "ready").write_text("", encoding="utf-8")
    return ""


def _export(kind: str) -> Path:
    """The demonstration of 28 participants in a format; it is made anew for the first of them, SDTM."""
    words = [sys.executable, "-m", "trialdesk"]
    place = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
    quiet: dict[str, Any] = {"env": place, "stdout": subprocess.DEVNULL, "check": True}
    centre, made = FILES / "demo" / "centre", FILES / "demo" / kind
    if kind == "sdtm":
        shutil.rmtree(FILES / "demo", ignore_errors=True)
        shape = ["--participants", "28", "--sites", "1", "--laptops", "3"]
        subprocess.run([*words, "demo", *shape, "--out", str(FILES / "demo")], **quiet)
    subprocess.run([*words, "centre", "export", str(centre), "--as", kind, "--out", str(made)], **quiet)
    return made


def _judged(folder: Path) -> dict[str, Any]:
    engine = next(path for path in JUDGES.glob("cdisc-rules-engine-*") if path.is_dir())
    done = subprocess.run(
        [_python(), str(HERE / "core_judge.py"), str(engine), str(folder)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rules(made: Path) -> list[str]:
    said = _judged(made)
    lines = [
        f"CDISC rules engine 0.1.0, SDTMIG 3.4: {said['rules']} rules, {said['ran']} of them ran on "
        f"{said['datasets']} datasets ({said['checks'].get('success', 0)} checks)"
    ]
    for one in said["findings"]:
        why = FALSE_FINDINGS.get((one["rule"], one["dataset"]))
        words = f"{one['rule']} {one['dataset']} {one['count']} x {one['says']}"
        lines.append(f"false {words} -- {why}" if why else f"FAULT {words}, first {one['first']}")
    planted = FILES / "planted"
    shutil.rmtree(planted, ignore_errors=True)
    shutil.copytree(made, planted)
    _plant(planted)
    noticed = {one["rule"] for one in _judged(planted)["findings"]}
    missed = [rule for rule in PLANTED if rule not in noticed]
    lines.append(f"ok    {len(PLANTED) - len(missed)} of {len(PLANTED)} planted faults noticed")
    return [*lines, *(f"FAULT the planted fault of {rule} was not noticed" for rule in missed)]


def _plant(folder: Path) -> None:
    """Spoil seven things, each against one rule."""
    import pyreadstat

    def spoil(name: str, **cells: str | float) -> None:
        path = str(folder / f"{name}.xpt")
        frame, facts = pyreadstat.read_xport(path)
        for variable, value in cells.items():
            frame.loc[0, variable] = value
        labels = list(facts.column_labels)
        pyreadstat.write_xport(frame, path, table_name=name.upper(), column_labels=labels, file_format_version=5)

    spoil("dm", RFXENDTC="2026-01-01", DTHFL="N")
    spoil("ae", USUBJID="NOBODY")
    spoil("vs", VISITNUM=999.0, EPOCH="LATER")
    spoil("ta", ETCD="SCRNX")
    spoil("ex", EXDOSU="")


def _terminology(made: Path) -> list[str]:
    from terminology_judge import judge_terms

    return judge_terms(JUDGES / "terms" / "usdm3" / "ct" / "cdisc" / "library_cache" / "library_cache_all.yaml", made)


def _define(made: Path) -> list[str]:
    """CDISC's schema of define.xml 2.1, as defineutils brings it."""
    program = (
        "import sys; from pathlib import Path; from defineutils.validate import DefineSchemaValidator; "
        "print(DefineSchemaValidator(Path(sys.argv[1])).validate_define_file())"
    )
    done = subprocess.run(
        [_python(), "-c", program, str(made / "define.xml")], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ["ok    define.xml is valid by CDISC's schema 2.1 (defineutils 0.2.1)"]
    return [f"FAULT define.xml: {done.stderr.strip()[-300:]}"]


if __name__ == "__main__":
    sys.exit(main())
