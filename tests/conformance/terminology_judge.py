"""CDISC controlled terminology as judge of the values in an export and of the terms that are shipped.

    python terminology_judge.py LISTS.yaml FOLDER [--write]

LISTS.yaml is the full release as the package usdm3 brings it (library_cache_all.yaml). `--write` writes the shipped file of
used terms anew.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
STANDARDS = PROJECT / "resources" / "standards"


def judge_terms(lists_file: Path, folder: Path, write: bool = False) -> list[str]:
    """Lines that say what was compared; those that begin with FAULT name what a closed list or a shipped term breaks."""
    import yaml

    raw: dict[str, Any] = yaml.load(lists_file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    lists = {code: one for code, one in raw.items() if one["source"]["package"] == "sdtmct"}
    (release,) = {one["source"]["effective_date"] for one in lists.values()}
    values = list(_values(folder))
    if write:
        _write(release, lists, values)
    used = set(_used(lists, values))
    lines = [f"CDISC SDTM controlled terminology {release}: {len(lists)} lists"]
    known, own, wrong = 0, [], []
    for domain, variable, value, codes in values:
        here = [code for code in codes if code in lists]
        if any(value in _terms(lists[code]) for code in here):
            known += 1
        elif here:
            closed = all(lists[code]["extensible"] != "true" for code in here)
            (wrong if closed else own).append(f"{domain}.{variable} = {value}")
    lines.append(
        f"ok    {known} values of listed variables are terms, {len(own)} are the study's own in lists that allow it:"
    )
    lines += [f"        {one}" for one in own]
    lines += [f"FAULT {one} is not in a list that is closed" for one in wrong]
    pairs = list(_pairs(lists))
    apart = [f"{code} and {name}" for code, name, same in pairs if not same]
    lines.append(f"ok    {len(pairs) - len(apart)} tests whose code and name are one term")
    lines += [f"FAULT {one} are two terms" for one in apart]
    shipped = set(_shipped())
    lines += [f"FAULT {term} is shipped and not in the release" for term in sorted(shipped - set(_all(lists)))]
    lines += [f"FAULT {term} is in use and not shipped" for term in sorted(used - shipped)]
    return lines


def _terms(one: dict[str, Any]) -> dict[str, str]:
    return {term["submissionValue"]: term["conceptId"] for term in one["terms"]}


def _all(lists: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for code, one in lists.items():
        for value, term in _terms(one).items():
            yield code, term, value


def _pairs(lists: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Test codes that are terms, their names in the mapping, and whether both are one term."""
    from trialdesk.domain.study.sdtm import read_mapping
    from trialdesk.exchange.sdtm.standard import standard
    from trialdesk.exchange.sdtm.terminology import lists_of
    from trialdesk.services.study_release import shipped_release

    mapping, guide = read_mapping(shipped_release().study.sdtm), standard(STANDARDS)
    for domain in mapping.domains:
        code = domain.domain
        terms, names = (
            {value: term for oid in lists_of(guide, code, f"{code}{end}") for value, term in _terms(lists[oid]).items()}
            for end in ("TESTCD", "TEST")
        )
        for block in domain.records:
            for constants in block.tests.values():
                test, name = constants[f"{code}TESTCD"], constants[f"{code}TEST"]
                if test in terms:
                    yield test, name, terms[test] == names.get(name)


def _used(lists: dict[str, Any], values: list[tuple[str, str, str, tuple[str, ...]]]) -> Iterator[tuple[str, str, str]]:
    for _, _, value, codes in values:
        for code in codes:
            term = _terms(lists[code]).get(value) if code in lists else None
            if term is not None:
                yield code, term, value


def _values(folder: Path) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Every value that the mapping can give or an export holds, of variables with a list: dataset, variable, value, lists."""
    import json

    from trialdesk.domain.study.sdtm import read_mapping
    from trialdesk.exchange.sdtm.standard import standard
    from trialdesk.exchange.sdtm.terminology import lists_of, possible_values
    from trialdesk.services.study_release import shipped_release

    study = shipped_release().study
    found = possible_values(study, read_mapping(study.sdtm))
    for file in sorted(folder.glob("*.json")):
        dataset = json.loads(file.read_text(encoding="utf-8"))
        for index, column in enumerate(dataset["columns"]):
            cells = (row[index] for row in dataset["rows"])
            texts = dict.fromkeys(cell for cell in cells if isinstance(cell, str) and cell)
            found.setdefault((dataset["name"], column["name"]), {}).update(texts)
    guide = standard(STANDARDS)
    for (domain, variable), values in found.items():
        codes = lists_of(guide, domain, variable)
        # Numbers stand beside coded results in STRESC; only words are terms.
        for value in values if codes else ():
            if not (variable.endswith("STRESC") and value.replace(".", "").isdigit()):
                yield domain, variable, value, codes


def _shipped() -> Iterator[tuple[str, str, str]]:
    from trialdesk.exchange.sdtm.terminology import USED

    with (STANDARDS / USED).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["codelist"], row["term"], row["value"]


def _write(release: str, lists: dict[str, Any], values: list[tuple[str, str, str, tuple[str, ...]]]) -> None:
    from trialdesk.exchange.sdtm.terminology import USED

    with (STANDARDS / USED).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["release", "codelist", "name", "extensible", "term", "value"])
        for code, term, value in sorted(set(_used(lists, values))):
            one = lists[code]
            extensible = "Y" if one["extensible"] == "true" else "N"
            writer.writerow([release, code, one["submissionValue"], extensible, term, value])


if __name__ == "__main__":
    print("\n".join(judge_terms(Path(sys.argv[1]), Path(sys.argv[2]), "--write" in sys.argv)))
