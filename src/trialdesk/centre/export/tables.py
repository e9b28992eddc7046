"""The forms as tables in the format asked for."""

from __future__ import annotations

from pathlib import Path

from trialdesk import __version__
from trialdesk.centre.export.holdings import Holdings
from trialdesk.exchange.odm.metadata import version_oid
from trialdesk.exchange.tables.csv_files import write_codebook, write_csv
from trialdesk.exchange.tables.dataset_json import Origin, write_dataset_json
from trialdesk.exchange.tables.form_tables import FormTables
from trialdesk.exchange.tables.workbook import write_workbook
from trialdesk.exchange.tables.xpt import losses_csv, write_xpt


def export_tables(held: Holdings, folder: Path, kind: str) -> tuple[list[Path], int]:
    """Write `csv`, `xlsx`, `json` or `xpt`, and the codebook; returns the files and the number of participants."""
    made = FormTables(held.study, held.release)
    count = 0
    try:
        for data in held.casebooks():
            made.add(data, held.parked(data))
            count += 1
        files = _write(held, made, folder, kind)
    finally:
        for table in made.tables:
            table.close()
    return [*files, write_codebook(held.study, made.tables, folder / "codebook.csv")], count


def _write(held: Holdings, made: FormTables, folder: Path, kind: str) -> list[Path]:
    tables = made.tables
    if kind == "csv":
        return [write_csv(table, folder / f"{table.name}.csv") for table in tables]
    if kind == "xlsx":
        return [write_workbook(tables, folder / f"{held.study.oid}.xlsx")]
    if kind == "json":
        origin = Origin(held.study.oid, version_oid(held.study), held.made, __version__, held.study.sponsor.en)
        return [write_dataset_json(table, folder / f"{table.name}.json", origin) for table in tables]
    files, losses = [], []
    for table in tables:
        path = folder / f"{table.name.lower()}.xpt"
        losses += write_xpt(table, path)
        files.append(path)
    return [*files, losses_csv(losses, folder / "not-in-xpt.csv")]
