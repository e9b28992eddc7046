"""Tables as CSV (UTF-8 with a mark, so that spreadsheet programs show Chinese), and the codebook that explains them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.exchange.tables.form_tables import REASONS
from trialdesk.exchange.tables.table import Table

CODEBOOK = (
    "table", "table_en", "table_zh", "variable", "label_en", "label_zh", "type", "unit", "code", "code_en", "code_zh",
    "min", "max", "derived", "sdtm",
)  # fmt: skip


def write_csv(table: Table, path: Path) -> Path:
    """One table, its variable names in the first line."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        writer.writerows(table.rows())
    return path


def write_codebook(study: Study, tables: Iterable[Table], path: Path) -> Path:
    """What every variable means, in both languages; a coded variable has one line for each code."""
    lists: Mapping[str, Sequence[tuple[str, Text]]] = {
        "MISSING": REASONS,
        **{one.oid: [(item.code, item.label) for item in one.items] for one in study.codelists},
    }
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(CODEBOOK)
        for table in tables:
            for column in table.columns:
                item = study.place[column.name][2] if column.name in study.place else None
                limits = item.range if item else None
                end = (
                    limits.min if limits else None,
                    limits.max if limits else None,
                    "Y" if item and item.derived else None,
                    item.sdtm if item else None,
                )
                start = (
                    table.name, table.label.en, table.label.zh, column.name, column.label.en, column.label.zh,
                    item.kind if item else column.kind, column.unit,
                )  # fmt: skip
                for code, words in lists.get(column.codelist, ()) or (("", Text(en="", zh="")),):
                    writer.writerow([*start, code, words.en, words.zh, *end])
    return path
