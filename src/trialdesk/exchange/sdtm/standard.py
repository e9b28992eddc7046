"""The variables of the SDTM Implementation Guide that are used here: order, label, type, core, role."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trialdesk.domain.study.sdtm import SdtmMapping

NUMBER = "double"


@dataclass(frozen=True)
class Variable:
    """One variable of a domain; `core` is Req, Exp or Perm, `kind` text or double, `codelists` NCI codes of lists."""

    name: str
    order: int
    label: str
    kind: str
    core: str
    role: str
    codelists: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dataset:
    """One domain of the guide; `observation_class` in the words of define.xml."""

    name: str
    label: str
    observation_class: str
    structure: str
    variables: tuple[Variable, ...]

    def variable(self, name: str) -> Variable | None:
        """The variable of that name, or None where the guide's table here lacks it."""
        return next((one for one in self.variables if one.name == name), None)


def unknown_to(guide: Mapping[str, Dataset], mapping: SdtmMapping) -> list[str]:
    """Domains and variables a mapping names that the tables of the guide here do not hold."""
    found: list[str] = []
    for domain in mapping.domains:
        dataset = guide.get(domain.domain)
        if dataset is None:
            found.append(domain.domain)
            continue
        named = {name for block in domain.records for name in (*block.set, *block.once)} | {*domain.keys, *domain.empty}
        named |= {name for block in domain.records for constants in block.tests.values() for name in constants}
        found += [f"{domain.domain}.{name}" for name in sorted(named) if dataset.variable(name) is None]
    return found


@cache
def standard(folder: Path) -> dict[str, Dataset]:
    """Every dataset by name, read from the two tables of a folder."""
    variables: dict[str, list[Variable]] = {}
    with (folder / "sdtmig-3.4-variables.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            facts = row["variable"], int(row["order"]), row["label"], row["type"], row["core"], row["role"]
            one = Variable(*facts, codelists=tuple(row["codelist"].split()))
            variables.setdefault(row["dataset"], []).append(one)
    with (folder / "sdtmig-3.4-datasets.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["dataset"]: Dataset(
                row["dataset"], row["label"], row["class"], row["structure"], tuple(variables[row["dataset"]])
            )
            for row in csv.DictReader(file)
        }
