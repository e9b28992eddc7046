"""The study as SDTM: datasets, define.xml and a read-me that says what could not be filled."""

from __future__ import annotations

from pathlib import Path

from trialdesk import __version__
from trialdesk.centre.export.annotated_crf import annotated_crf
from trialdesk.centre.export.holdings import Holdings
from trialdesk.domain.study.sdtm import SdtmMapping, read_mapping
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.sdtm.datasets import SdtmDatasets
from trialdesk.exchange.sdtm.define import DefineContent, write_define
from trialdesk.exchange.sdtm.standard import standard, unknown_to
from trialdesk.exchange.sdtm.terminology import terminology
from trialdesk.exchange.tables.dataset_json import Origin, write_dataset_json
from trialdesk.exchange.tables.xpt import Loss, losses_csv, write_xpt
from trialdesk.paths import resources

ANNOTATED = "acrf.pdf"


def export_sdtm(held: Holdings, folder: Path) -> tuple[list[Path], int]:
    """Write Dataset-JSON, define.xml, the annotated CRF and the read-me, and SAS transport files where the analysis packages are installed.

    Raises KnownError for a study without sdtm.yaml.
    """
    mapping = _mapping(held)
    made = SdtmDatasets(held.book, mapping, resources() / "standards")
    count = 0
    try:
        for data in held.casebooks():
            made.add(data, held.parked(data), held.day)
            count += 1
        return _write(held, mapping, made, folder), count
    finally:
        made.close()


def _mapping(held: Holdings) -> SdtmMapping:
    if held.study.sdtm is None:
        raise KnownError(_NO_MAPPING)
    mapping = read_mapping(held.study.sdtm)
    unknown = unknown_to(standard(resources() / "standards"), mapping)
    if unknown:
        raise KnownError(_NOT_IN_GUIDE.format(names=", ".join(unknown)))
    return mapping


def _write(held: Holdings, mapping: SdtmMapping, made: SdtmDatasets, folder: Path) -> list[Path]:
    study = held.study
    origin = Origin(
        study.oid, f"MDV.SDTM.{study.version}", held.made, __version__, study.sponsor.en, reference="define.xml"
    )
    files: list[Path] = []
    losses: list[Loss] = []
    with_xpt = True
    tables = made.tables
    for table in tables:
        files.append(write_dataset_json(table, folder / f"{table.name.lower()}.json", origin))
        if with_xpt:
            try:
                path = folder / f"{table.name.lower()}.xpt"
                losses += write_xpt(table, path)
                files.append(path)
            except KnownError:
                with_xpt = False
    ending = "xpt" if with_xpt else "json"
    if with_xpt:
        files.append(losses_csv(losses, folder / "not-in-xpt.csv"))
    names = {table.name: f"{table.name.lower()}.{ending}" for table in tables}
    content, pages = annotated_crf(study, mapping, made.guide)
    files.append(folder / ANNOTATED)
    files[-1].write_bytes(content)
    release, terms = terminology(resources() / "standards")
    # Terms of another release than the study names would be claims nobody checked.
    known = (release, terms) if release == mapping.terminology else ("", {})
    about = DefineContent(
        study, mapping, made.guide, tuple(tables), names, held.made, __version__, ANNOTATED, pages, *known
    )
    files.append(write_define(about, folder / "define.xml"))
    files.append(_read_me(mapping, made, with_xpt, folder / "README.txt"))
    return files


def _read_me(mapping: SdtmMapping, made: SdtmDatasets, with_xpt: bool, path: Path) -> Path:
    lines = [f"SDTM, implementation guide {mapping.standard}. What each dataset holds and what it leaves empty:", ""]
    comments = {one.domain: one for one in mapping.domains}
    for name, table in sorted(made.made.items()):
        lines.append(f"{name}: {table.count} records" + ("" if table.count else " (no dataset written)"))
        domain = comments.get(name)
        if domain and domain.comment:
            lines.append(f"  {domain.comment}")
        for variable, why in (domain.empty if domain else {}).items():
            lines.append(f"  {variable} is empty. {why}")
    lines += ["", *mapping.notes]
    if not with_xpt:
        lines.append("SAS transport files were not written: the analysis packages are not installed.")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


_NOT_IN_GUIDE = Text(
    en="sdtm.yaml names what the tables of the guide here do not hold: {names}. Correct the names, or add the variables to "
    "resources/standards with their facts from the guide.",
    zh="sdtm.yaml 中有指南表未包含的名称：{names}。请更正，或在 resources/standards 中按指南补充。",
)
_NO_MAPPING = Text(
    en="The study does not say how its answers become SDTM. Add sdtm.yaml to the study folder and make a new release.",
    zh="研究未定义 SDTM 映射。请在研究文件夹中添加 sdtm.yaml 并发布新版本。",
)
