"""The endpoint report at one data cut: courses from the store, tables, pictures, a signed PDF, and files beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.endpoints import Endpoints
from trialdesk.centre.figures import incidence_picture, survival_picture, swimmer_picture
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.report_tables import tables
from trialdesk.documents.report import ReportContent, ReportPicture, ReportTable, render_report, rows_as_json
from trialdesk.domain.clinical.course import Course, course_of
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.centre_view import Progress, unwatched
from trialdesk.services.endpoint_view import EndpointBoard
from trialdesk.services.terminology import rule_terminology
from trialdesk.storage.audit_trail import AuditTrail


@dataclass(frozen=True)
class Report:
    """What was written; `pdf` is None where no paper was asked for."""

    pdf: Path | None
    files: tuple[Path, ...]
    participants: int


def casebooks(centre: Centre) -> Iterator[SubjectData]:
    """Every participant the centre holds, folded from all workstations' records."""
    trail = AuditTrail(centre.engine)
    for subject in trail.subjects():
        yield fold(subject, list(trail.records(subject=subject)))


def courses(centre: Centre, cut: date, told: Progress = unwatched) -> list[Course]:
    """The course of every participant up to the cut; answers that are not asked any more are left out."""
    return [course for course, _ in _read(centre, cut, told)]


def _read(centre: Centre, cut: date, told: Progress) -> Iterator[tuple[Course, SubjectData]]:
    book = rules_of_centre(centre)
    study = book.study
    total = len(AuditTrail(centre.engine).subjects())
    for step, data in enumerate(casebooks(centre)):
        told(step, total)
        parked: set[ItemPath] = set()
        for assessment in assess(book, data, cut).values():
            parked.update(assessment.skipped)
        yield course_of(study, data, cut, frozenset(parked)), data


def board(centre: Centre, cut: date, told: Progress = unwatched) -> EndpointBoard:
    """The endpoints as the screen shows them; raises KnownError as `endpoints_of` does."""
    from trialdesk.centre.endpoint_board import board_of
    from trialdesk.centre.endpoint_facts import facts_of

    study = _with_endpoints(centre)
    held = list(_read(centre, cut, told))
    endpoints = Endpoints(study, [course for course, _ in held], cut)
    facts = {course.subject: facts_of(endpoints, course, data) for course, data in held}
    return board_of(endpoints, rule_terminology(), facts, {data.subject: data.initials for _, data in held})


def endpoints_of(centre: Centre, cut: date, told: Progress = unwatched) -> Endpoints:
    """The endpoints at a data cut; raises KnownError for a study that names none."""
    return Endpoints(_with_endpoints(centre), courses(centre, cut, told), cut)


def _with_endpoints(centre: Centre) -> Study:
    study = rules_of_centre(centre).study
    if study.endpoints is None:
        raise KnownError(
            Text(
                en="The study names no endpoints. Add endpoints.yaml to the study and make a new release.",
                zh="研究未定义终点。请在研究文件夹中添加 endpoints.yaml 并发布新版本。",
            )
        )
    return study


def write_report(
    centre: Centre, cut: date, folder: Path, now: datetime, told: Progress = unwatched, paper: bool = True
) -> Report:
    """Write the signed PDF, each table as CSV, each picture as PNG, and the tables as JSON into a folder.

    Without `paper` only the tables and pictures.
    """
    endpoints = endpoints_of(centre, cut, told)
    pages, files = _write(centre, endpoints, folder, now, paper)
    pdf = folder / f"endpoints-{cut.isoformat()}.pdf"
    if pages is not None:
        pdf.write_bytes(centre.sign_document(pages, now))
    return Report(pdf if paper else None, files, len(endpoints.courses))


def _write(
    centre: Centre, endpoints: Endpoints, folder: Path, now: datetime, paper: bool
) -> tuple[bytes | None, tuple[Path, ...]]:
    """The files beside the report, and as `paper` its pages without a signature."""
    counted = tables(endpoints, rule_terminology())
    drawn = pictures(endpoints)
    folder.mkdir(parents=True, exist_ok=True)
    content = _content(centre, endpoints, counted, drawn, now)
    files = [*(_csv(folder, table) for table in counted), *(_file(folder / f"{p.name}.png", p.content) for p in drawn)]
    files.append(_file(folder / "tables.json", content.data))
    return render_report(content) if paper else None, tuple(files)


def report_files(
    centre: Centre, cut: date, folder: Path, now: datetime, paper: bool, told: Progress = unwatched
) -> tuple[bytes | None, tuple[Path, ...]]:
    """Write tables and pictures; returns the report's pages, still to be signed, and the files. It needs no key."""
    return _write(centre, endpoints_of(centre, cut, told), folder, now, paper)


def pictures(endpoints: Endpoints) -> tuple[ReportPicture, ...]:
    """The curves and the bars, each after the table it belongs to."""
    horizon = endpoints.days(endpoints.roles.follow_up_days)
    os_title = Text(en="Overall survival", zh="总生存")
    dfs_title = Text(en="Disease-free survival (relapse or death)", zh="无病生存（复发或死亡）")
    nrm_title = Text(en="Non-relapse mortality, relapse competing", zh="非复发死亡（复发为竞争事件）")
    return (
        ReportPicture("best-response", "swimmer", swimmer_picture(endpoints, Text(en="Course of each participant", zh="各受试者病程"))),
        ReportPicture("os", "os", survival_picture(endpoints.overall_survival(), os_title, horizon)),
        ReportPicture("dfs", "dfs", survival_picture(endpoints.disease_free(death_counts=True), dfs_title, horizon)),
        ReportPicture("nrm", "nrm", incidence_picture(endpoints.non_relapse_mortality("remission"), nrm_title, horizon)),
    )  # fmt: skip


def _content(
    centre: Centre,
    endpoints: Endpoints,
    counted: tuple[ReportTable, ...],
    drawn: tuple[ReportPicture, ...],
    now: datetime,
) -> ReportContent:
    study = endpoints.study
    held = "; ".join(f"{state.origin} 1–{state.accepted_to}" for state, _ in centre.status().workstations)
    facts = (
        Text(en=f"Data cut {endpoints.cut.isoformat()}", zh=f"数据截止日 {endpoints.cut.isoformat()}"),
        Text(en=f"Records held: {held}", zh=f"已接收记录：{held}"),
        Text(
            en=f"Study release {study.version}, protocol {study.protocol_version}, {centre.release.fingerprint[:16]}",
            zh=f"研究版本 {study.version}，方案 {study.protocol_version}，{centre.release.fingerprint[:16]}",
        ),
        Text(en=f"Made {now.isoformat(timespec='minutes')}", zh=f"生成于 {now.isoformat(timespec='minutes')}"),
        *(
            Text(en=f"{n.id}: {n.about.en} {n.reading.en}", zh=f"{n.id}：{n.about.zh}{n.reading.zh}")
            for n in study.notes
        ),
    )
    return ReportContent(
        title=Text(en=f"Endpoints of {study.registration}", zh=f"{study.registration} 研究终点"),
        study=study.title,
        facts=facts,
        foot=f"{study.registration}   数据截止 data cut {endpoints.cut.isoformat()}   {centre.release.fingerprint[:16]}…",
        tables=counted,
        pictures=drawn,
        data=rows_as_json(counted),
    )


def _csv(folder: Path, table: ReportTable) -> Path:
    path = folder / f"{table.name}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"{head.zh} {head.en}" for head in table.heads])
        writer.writerows(table.rows)
    return path


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
