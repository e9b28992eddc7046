"""Where each question of the study goes in the tabulation, and which questions fill a variable."""

from __future__ import annotations

from trialdesk.domain.study.sdtm import SdtmMapping
from trialdesk.domain.study.study import Study


def targets(study: Study, mapping: SdtmMapping) -> dict[str, tuple[str, ...]]:
    """Every item that reaches the tabulation: its variables as an annotated CRF words them, in the order of the file."""
    found: dict[str, dict[str, None]] = {}

    def say(item: str, words: str) -> None:
        found.setdefault(item, {})[words] = None

    for variable, item in mapping.visits.items():
        say(item, f"SV.{variable}")
    for event in study.events:
        if event.date_item and event.kind in ("scheduled", "unscheduled"):
            say(event.date_item, "SV.SVSTDTC, SV.SVENDTC")
    for domain in mapping.domains:
        code = domain.domain
        for block in domain.records:
            for item, constants in block.tests.items():
                say(item, f"{code}.{code}ORRES where {code}TESTCD = {constants.get(f'{code}TESTCD', '')}")
            for variable, source in block.set.items():
                for item in mapping.sources[source].direct():
                    say(item, f"{code}.{variable}")
            for name, (_, source) in block.supp.items():
                for item in mapping.sources[source].direct():
                    say(item, f"SUPP{code}.QVAL where QNAM = {name}")
            for source in block.link.values():
                for item in mapping.sources[source].items():
                    say(item, "RELREC")
            for item in (*block.when, *block.unless):
                say(item, f"selects records of {code}")
    return {item: tuple(words) for item, words in found.items()}
