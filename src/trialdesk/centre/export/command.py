"""What `trialdesk centre export` does and says."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.export.holdings import Holdings
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

FORMATS = ("odm", "odm-transactional", "odm-flat", "csv", "xlsx", "json", "xpt", "sdtm")


def export(folder: Path, kind: str, out: Path, cut: date | None = None, now: datetime | None = None) -> str:
    """Write what the centre holds in one format into a folder; returns what to print.

    `cut` is the last day of recording that counts. Raises KnownError for a folder that cannot be written.
    """
    centre = Centre.open(folder)
    try:
        files, count = write_export(Holdings(centre, now or datetime.now().astimezone(), cut), kind, out)
    finally:
        centre.close()
    until = f", recorded up to {cut}" if cut else ""
    return "\n".join([f"{kind}: {count} participants{until}, {len(files)} files", *(f"  {path}" for path in files)])


def write_export(held: Holdings, kind: str, out: Path) -> tuple[list[Path], int]:
    """Write one format into a folder; returns the files and the number of participants.

    Raises KnownError for a folder that cannot be written, and for what a format needs and the study or the computer lacks.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _write(held, kind, out)
    except OSError as fault:
        raise KnownError(_CANNOT_WRITE.format(folder=out, why=fault.strerror or fault)) from fault


def _write(held: Holdings, kind: str, out: Path) -> tuple[list[Path], int]:
    if kind in ("odm", "odm-transactional", "odm-flat"):
        from trialdesk.centre.export.odm import export_odm

        return export_odm(held, out, "Transactional" if kind == "odm-transactional" else "Snapshot", kind == "odm-flat")
    if kind == "sdtm":
        from trialdesk.centre.export.sdtm import export_sdtm

        return export_sdtm(held, out)
    from trialdesk.centre.export.tables import export_tables

    return export_tables(held, out, kind)


_CANNOT_WRITE = Text(
    en="{folder} cannot be written ({why}). Choose another folder, or free some space.",
    zh="无法写入 {folder}（{why}）。请选择其他文件夹，或释放磁盘空间。",
)
