"""What a format could not take of what is held, with the reason: nothing is left out silently, nothing invented."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.export.command import write_export
from trialdesk.centre.export.holdings import Holdings
from trialdesk.domain.study.sdtm import read_mapping
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import Export, Gap, Progress, unwatched


def export_with_gaps(
    centre: Centre, kind: str, folder: Path, cut: date | None, now: datetime, told: Progress = unwatched
) -> Export:
    """Write one format into a folder and say what it could not take; raises KnownError as `write_export` does."""
    held = Holdings(centre, now, cut, told)
    files, count = write_export(held, kind, folder)
    return Export(kind, count, tuple(files), gaps_of(held, kind, files))


def gaps_of(held: Holdings, kind: str, files: Sequence[Path]) -> tuple[Gap, ...]:
    """The gaps of one export that was just written."""
    return (*_of_kind(kind), *(_of_sdtm(held) if kind == "sdtm" else ()), *_of_transport(files))


def _of_kind(kind: str) -> Iterator[Gap]:
    if kind in ("csv", "xlsx", "json", "xpt", "sdtm"):
        yield Gap("*", "", _STRUCK)
    if kind in ("odm", "odm-flat"):
        yield Gap("*", "", _SNAPSHOT)


def _of_sdtm(held: Holdings) -> Iterator[Gap]:
    if held.study.sdtm is None:
        return
    mapping = read_mapping(held.study.sdtm)
    for domain in mapping.domains:
        for variable, why in domain.empty.items():
            yield Gap(domain.domain, variable, Text(en=why, zh=why))
    for note in mapping.notes:
        yield Gap("SDTM", "", Text(en=note, zh=note))


def _of_transport(files: Sequence[Path]) -> Iterator[Gap]:
    """What SAS transport files of version 5 cut or renamed, from the list written beside them."""
    for path in files:
        if path.name != "not-in-xpt.csv":
            continue
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                yield Gap(row["table"], row["variable"], _loss(row))


def _loss(row: dict[str, str]) -> Text:
    en, zh = [], []
    if row["written_as"] != row["variable"]:
        en.append(f"written as {row['written_as']}")
        zh.append(f"变量名写作 {row['written_as']}")
    if row["label"]:
        en.append(f"label: {row['label']}")
        zh.append(f"标签：{row['label']}")
    if row["values_cut"] not in ("", "0"):
        en.append(f"{row['values_cut']} values cut to 200 bytes")
        zh.append(f"{row['values_cut']} 个值截至 200 字节")
    if row["values_with_signs_replaced_by_?"] not in ("", "0"):
        en.append(f"{row['values_with_signs_replaced_by_?']} values with signs outside ASCII shown as ?")
        zh.append(f"{row['values_with_signs_replaced_by_?']} 个值含非 ASCII 字符，写作 ?")
    return Text(en="; ".join(en), zh="；".join(zh))


_STRUCK = Text(
    en="Rows struck out and answers that are not asked any more are left out; ODM transactional holds them.",
    zh="已划去的行与不再询问的数据不导出；ODM 全记录文件中保留。",
)
_SNAPSHOT = Text(
    en="Holds what stands; the history of every answer is in ODM transactional.",
    zh="仅含现行数据；每项数据的历史见 ODM 全记录文件。",
)
