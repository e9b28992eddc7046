"""The whole study as one ODM 1.3.2 file: what stands, or every record."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from trialdesk import __version__
from trialdesk.centre.export.holdings import Holdings
from trialdesk.exchange.odm.document import OdmFile, write_odm_file


def export_odm(
    held: Holdings, folder: Path, kind: Literal["Snapshot", "Transactional"], flat: bool = False
) -> tuple[list[Path], int]:
    """Write the file; returns it and the number of participants. `flat` is for readers without repeating sections.

    A snapshot leaves out rows struck out and answers not asked any more, so that readers which apply the skip rules
    accept it; the transactional file keeps everything.
    """
    study = held.study
    snapshot = kind == "Snapshot"
    about = OdmFile(
        study=study,
        oid=f"{study.oid}.{kind}.{held.made:%Y%m%dT%H%M%S}",
        made=held.made,
        version=__version__,
        kind=kind,
        struck=not snapshot,
        flat=flat,
    )
    path = folder / f"{study.oid}-{'flat' if flat else kind.lower()}.xml"
    count = write_odm_file(about, held.casebooks(), path, held.parked if snapshot else None)
    return [path], count
