"""Asks outside judges: of signed and sealed CRFs veraPDF, EU DSS, PDFBox preflight, qpdf, pdfsig; of exports `standards`.

    conformance.py           both
    conformance.py 40        40 CRFs only
    conformance.py standards exports and estimators only

The judges of paper need Java 17 and Maven. All are fetched once, into build/judges, and are never part of TrialDesk.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
JUDGES, FILES = PROJECT / "build" / "judges", PROJECT / "build" / "conformance"
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]


def main(words: list[str]) -> int:
    """Judge what is asked for; 1 when a judge that knows the format finds a fault."""
    if words == ["standards"]:
        return standards()
    faults = paper(int(words[0]) if words else 20)
    return faults if words else max(faults, standards())


def standards() -> int:
    """CDISC's rules, terminology and schema on an export; R on the estimators."""
    sys.path[:0] = [str(HERE)]
    from standards import main as judge

    return judge()


def paper(count: int) -> int:
    """Judge as many signed CRFs as asked."""
    absent = [name for name in ("java", "mvn") if shutil.which(name) is None]
    if absent:
        print(f"Skipped: {' and '.join(absent)} not installed here. The conformance run needs Java 17 and Maven.")
        return 0
    names = make_files(count)
    if not any(JUDGES.glob("validation-model-*.jar")):
        print("Fetching the judges by Maven (once) ...", flush=True)
        fetch = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        if subprocess.call([*fetch, f"-DoutputDirectory={JUDGES}"]):
            print("Skipped: Maven could not fetch the judges. Check the network, then run this again.")
            return 0
    faults = report(by_java(names) + by_tools(names))
    return 1 if faults else 0


def make_files(count: int) -> list[str]:
    """CRFs of the same spread as the suite's, by name; root and revocation list beside them."""
    from cryptography.hazmat.primitives import serialization

    from tests.documents.crf_maker import LIST, ROOT
    from tests.documents.test_good_crfs import made
    from trialdesk.security.certificates import pem

    shutil.rmtree(FILES, ignore_errors=True)
    FILES.mkdir(parents=True)
    (FILES / "root.pem").write_bytes(pem(ROOT.certificate))
    (FILES / "list.der").write_bytes(LIST.public_bytes(serialization.Encoding.DER))
    names = [f"crf-{number:03d}.pdf" for number in range(count)]
    for number, name in enumerate(names):
        (FILES / name).write_bytes(made(number))
    return names


def by_java(names: list[str]) -> list[tuple[str, str, str]]:
    """Judge, file, verdict of the Java judges."""
    words = ["java", "-cp", f"{JUDGES}{os.sep}*", str(HERE / "Judge.java"), "root.pem", "list.der", *names]
    said = subprocess.run(words, cwd=FILES, capture_output=True, text=True, check=False)
    if said.returncode:
        print(said.stderr, file=sys.stderr)
        raise SystemExit("The Java judges did not finish; their own words stand above.")
    lines = [line.split("\t", 2) for line in said.stdout.splitlines() if line.count("\t") >= 2]
    return [(judge, file, verdict) for judge, file, verdict in lines]


def by_tools(names: list[str]) -> list[tuple[str, str, str]]:
    """Judge, file, verdict of the command-line tools that are installed."""
    found = []
    for name in names:
        if shutil.which("qpdf"):
            done = subprocess.run(["qpdf", "--check", name], cwd=FILES, capture_output=True, text=True, check=False)
            found.append(("qpdf", name, "no fault" if done.returncode == 0 else f"NOT {done.stdout}{done.stderr}"))
        if shutil.which("pdfsig"):
            done = subprocess.run(["pdfsig", "-nocert", name], cwd=FILES, capture_output=True, text=True, check=False)
            valid = done.stdout.count("Signature is Valid")
            found.append(("pdfsig", name, "2 signatures valid" if valid == 2 else f"NOT {done.stdout}"))
    return found


def report(verdicts: list[tuple[str, str, str]]) -> int:
    """Print how often each judge said what; returns the number of faults. Preflight knows PDF/A-1b alone."""
    counts = Counter((judge, _in_short(verdict)) for judge, _, verdict in verdicts)
    faults = 0
    for (judge, verdict), count in sorted(counts.items()):
        bad = judge != "preflight" and ("NOT" in verdict or "FAILED" in verdict or "INDETERMINATE" in verdict)
        faults += count if bad else 0
        print(f"{'FAULT' if bad else 'ok   '} {judge:<10} {count:4d} x {verdict}")
    print(f"\n{len({file for _, file, _ in verdicts})} files, {faults} faults")
    return faults


def _in_short(verdict: str) -> str:
    """The verdict without what differs from file to file: font tags, page numbers, the order of fonts."""
    plain = re.sub(r"[A-Z]{6}\+", "", re.sub(r"page\(s\) \[\d+\]", "a page", verdict))
    head, _, rest = plain.partition(" [")
    return f"{head} [{'; '.join(sorted(set(rest.rstrip(']').split(', '))))}]" if head == "NOT 1b" else plain


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
