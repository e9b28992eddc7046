"""Tables as CDISC Dataset-JSON 1.1, written row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from trialdesk.exchange.tables.table import Column, Table

VERSION = "1.1.0"
_TYPES = {"text": "string", "integer": "integer", "float": "float"}


@dataclass(frozen=True)
class Origin:
    """Where the datasets come from; `made` is aware, `reference` the file name of the metadata that explain them."""

    study: str
    version: str
    made: datetime
    program: str
    originator: str
    reference: str | None = None


def write_dataset_json(table: Table, path: Path, origin: Origin) -> Path:
    """One dataset; its labels are English, its values keep any script."""
    made = origin.made.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    head: dict[str, Any] = {
        "datasetJSONCreationDateTime": made,
        "datasetJSONVersion": VERSION,
        "fileOID": f"{origin.study}.{table.name}.{made}",
        "originator": origin.originator,
        "sourceSystem": {"name": "TrialDesk", "version": origin.program},
        "studyOID": origin.study,
        "metaDataVersionOID": origin.version,
        "itemGroupOID": f"IG.{table.name}",
        "records": table.count,
        "name": table.name,
        "label": table.label.en,
        "columns": [_column(table, column) for column in table.columns],
    }
    if origin.reference is not None:
        head["metaDataRef"] = origin.reference
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "rows": [')
        for number, row in enumerate(table.rows()):
            file.write((",\n" if number else "\n") + json.dumps(row, ensure_ascii=False))
        file.write("]}\n")
    return path


def _column(table: Table, column: Column) -> dict[str, Any]:
    about: dict[str, Any] = {
        "itemOID": f"IT.{table.name}.{column.name}",
        "name": column.name,
        "label": column.label.en,
        "dataType": _TYPES[column.kind],
    }
    if column.kind == "text":
        about["length"] = column.length
    if column.key is not None:
        about["keySequence"] = column.key
    return about
