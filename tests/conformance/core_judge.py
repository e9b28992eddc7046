"""CDISC's own rules over a folder of SAS transport files; runs in the judges' environment, not in TrialDesk's.

    python core_judge.py ENGINE FOLDER        prints JSON: rules, rules that ran, checks, findings

ENGINE is the unpacked source of cdisc-rules-engine 0.1.0 (MIT), the release that brings its rules along: 234 of the SDTM and
SDTMIG Conformance Rules 2.0 for SDTMIG 3.4, with the SDTM metadata they need.
"""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import Any


def main(engine_folder: Path, folder: Path) -> dict[str, Any]:
    """Every rule over every dataset."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    os.environ.setdefault("CACHE_TYPE", "in_memory")
    sys.path.insert(0, str(engine_folder))
    from engine.config import config
    from engine.models.rule_conditions import ConditionCompositeFactory
    from engine.rules_engine import RulesEngine
    from engine.services.cache.in_memory_cache_service import InMemoryCacheService
    from engine.services.data_services import DataServiceFactory

    cache = InMemoryCacheService.get_instance()
    for file in sorted((engine_folder / "resources" / "cache").glob("*.pkl")):
        cache.add_all(pickle.loads(file.read_bytes()))
    service = DataServiceFactory(config, cache).get_data_service()
    datasets = []
    for file in sorted(folder.glob("*.xpt")):
        facts = service.get_dataset_metadata(dataset_name=str(file))
        datasets.append({"domain": facts["dataset_name"].iloc[0], "filename": file.name})
    engine = RulesEngine(cache=cache, standard="sdtmig", standard_version="3-4", ct_package=["sdtmct-2022-06-24"])
    rules = cache.get_all_by_prefix("rules/sdtmig/3-4")
    states: Counter[str] = Counter()
    ran: set[str] = set()
    findings: list[dict[str, Any]] = []
    for rule in rules:
        one = copy.deepcopy(rule)
        one["conditions"] = ConditionCompositeFactory.get_condition_composite(one["conditions"])
        for dataset in datasets:
            place = str(folder / dataset["filename"])
            for said in engine.validate_single_rule(one, place, datasets, dataset["domain"]):
                state = str(said.get("executionStatus"))
                states[state] += 1
                if state != "success":
                    continue
                ran.add(rule["core_id"])
                if said.get("errors"):
                    first = said["errors"][0]
                    findings.append(
                        {
                            "rule": rule["core_id"].rpartition(".")[2],
                            "says": said.get("message") or rule["description"],
                            "dataset": dataset["domain"],
                            "count": len(said["errors"]),
                            "first": str(first.get("value")),
                        }
                    )
    return {"rules": len(rules), "ran": len(ran), "datasets": len(datasets), "checks": states, "findings": findings}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()), default=str))
