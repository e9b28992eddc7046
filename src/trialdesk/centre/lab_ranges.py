"""A laboratory's own list of normal ranges goes out by itself: read, looked over, shown, signed into receipts."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from trialdesk.centre.admission import Caller, admit
from trialdesk.centre.centre import Centre
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import LabRangesGiven
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import form_status
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.laboratory_check import table_problems
from trialdesk.domain.rules.regrading import Regrading, regradings
from trialdesk.domain.rules.rulebooks import FINISHED
from trialdesk.domain.study.laboratory import OLDEST, Laboratory, LaboratoryDef, NormalRange, RangeTable
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.lab_table import analyte_of, same
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists

HEADS: dict[str, tuple[str, ...]] = {
    "analyte": ("analyte", "test", "项目", "检验项目"),
    "unit": ("unit", "单位"),
    "sex": ("sex", "性别"),
    "age_from": ("age_from", "age from", "年龄起", "年龄下限"),
    "age_to": ("age_to", "age to", "年龄止", "年龄上限"),
    "low": ("low", "lower", "lln", "下限", "参考下限"),
    "high": ("high", "upper", "uln", "上限", "参考上限"),
}
"""How a list may head its columns; analyte, unit and the limits are needed."""

_SEXES = {"": "any", "any": "any", "不限": "any", "m": "M", "male": "M", "男": "M", "f": "F", "female": "F", "女": "F"}


@dataclass(frozen=True)
class SubjectRegrading:
    """One result that the list reads otherwise; a finished form stays as it was finished until it is reopened."""

    subject: str
    form: FormPath
    finished: bool
    one: Regrading


@dataclass(frozen=True)
class RangesLook:
    """What a list is and what it changes: analytes carried over from the list before, and results read otherwise."""

    laboratory: str
    table: RangeTable
    carried: tuple[str, ...]
    regraded: tuple[SubjectRegrading, ...]

    def as_text(self) -> str:
        """The dry run, line by line."""
        until = f" to {self.table.valid_to}" if self.table.valid_to else ""
        lines = [
            f"{self.laboratory}: {len(self.table.ranges)} ranges from {self.table.valid_from}{until}, by day of sampling"
        ]
        if self.carried:
            lines.append(f"carried over from the list before: {', '.join(self.carried)}")
        for each in self.regraded:
            stays = "finished, stays until reopened" if each.finished else "draft, read so from now on"
            lines.append(f"{each.subject} {each.form} {each.one.says.en} / {each.one.says.zh} ({stays})")
        if not self.regraded:
            lines.append("no result on record is read otherwise")
        return "\n".join(lines)


def read_ranges(
    study: Study, laboratory: str, path: Path, valid_from: date, valid_to: date | None = None, keep: bool = False
) -> tuple[RangeTable, tuple[str, ...]]:
    """A laboratory's list from a CSV file (UTF-8 or GB18030), with the analytes carried over from the list before.

    `keep` carries over what the file does not name; a range that was assumed stays marked so. Raises KnownError that
    names every problem by line: unknown tests and units, reversed limits, people without a range or with two.
    """
    lab = study.laboratory
    place = lab.laboratory.get(laboratory) if lab is not None else None
    if lab is None or place is None:
        known = ", ".join(one.code for one in lab.laboratories) if lab is not None else "–"
        raise KnownError(_NO_LABORATORY.format(code=laboratory, known=known))
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise KnownError(_NO_FILE.format(path=path)) from fault
    ranges = tuple(_rows(lab, path.name, content))
    named = {one.analyte for one in ranges}
    carried = tuple(_carried(place, named, valid_from)) if keep else ()
    table = RangeTable(
        valid_from=valid_from,
        valid_to=valid_to,
        ranges=(*ranges, *carried),
        source="laboratory",
        basis=_BASIS.format(name=path.name, sha=hashlib.sha256(content).hexdigest()[:16]),
    )
    if problems := table_problems(study, table):
        raise KnownError(_PROBLEMS.format(name=path.name, n=len(problems), lines="\n".join(problems)))
    return table, tuple(dict.fromkeys(one.analyte for one in carried))


def look(centre: Centre, laboratory: str, table: RangeTable, carried: tuple[str, ...], today: date) -> RangesLook:
    """What a list would change for every participant; nothing is written."""
    rules, trail = rules_of_centre(centre), AuditTrail(centre.engine)
    found: list[SubjectRegrading] = []
    for subject in trail.subjects():
        data = fold(subject, list(trail.records(subject=subject)))
        for form in sorted(data.by_form):
            now = rules.on(data, today, form)
            if now.study.laboratory is None:
                continue
            then = now.with_laboratory(now.study.laboratory.with_table(laboratory, table))
            finished = form_status(data, form) in FINISHED
            found += [
                SubjectRegrading(subject, form, finished, one) for one in regradings(now, then, data, form, today)
            ]
    return RangesLook(laboratory, table, carried, tuple(found))


def give_ranges(
    reviewer: Reviewer, laboratory: str, table: RangeTable, path: Path, sites: Sequence[str] = ()
) -> tuple[str, ...]:
    """Give a list out to the workstations of these sites, or of all, with their next receipts; returns where it goes.

    Raises KnownError for a role that may not.
    """
    refusal = refuse_role(reviewer.role, Act.RELEASE)
    if refusal:
        raise KnownError(refusal.says)
    change = LabRangesGiven(
        laboratory=laboratory, table=table, name=path.name, file=hashlib.sha256(path.read_bytes()).hexdigest()
    )
    gone = CentreLists(reviewer.centre.engine).successors()
    enrolled = reviewer.centre.enrolled()
    to = tuple(one.origin for one in enrolled if one.origin not in gone and (not sites or one.site in sites))
    for origin in to:
        reviewer.tell(origin, change)
    return to


def _rows(lab: LaboratoryDef, name: str, content: bytes) -> Iterator[NormalRange]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    reader = csv.reader(text.splitlines())
    heads = [same(head) for head in next(reader, [])]
    places = {
        field: next((at for at, head in enumerate(heads) if head in {same(one) for one in names}), None)
        for field, names in HEADS.items()
    }
    if lacking := [field for field in ("analyte", "unit", "low", "high") if places[field] is None]:
        raise KnownError(_NO_HEADS.format(name=name, heads=", ".join(lacking)))
    for line, row in enumerate(reader, start=2):
        cells = {field: row[at].strip() if at is not None and at < len(row) else "" for field, at in places.items()}
        if any(cells.values()):
            yield _range(lab, name, line, cells)


def _range(lab: LaboratoryDef, name: str, line: int, cells: dict[str, str]) -> NormalRange:
    analyte = analyte_of(lab, cells["analyte"])
    sex = _SEXES.get(cells["sex"].lower())
    if analyte is None or sex is None:
        what = cells["analyte"] if analyte is None else cells["sex"]
        raise KnownError(_BAD_LINE.format(name=name, line=line, what=what or "–"))
    try:
        return NormalRange.model_validate(
            {
                "analyte": analyte,
                "unit": _unit(lab, cells["unit"]),
                "sex": sex,
                "age_from": int(cells["age_from"] or 0),
                "age_to": int(cells["age_to"] or OLDEST),
                "low": Decimal(cells["low"]) if cells["low"] else None,
                "high": Decimal(cells["high"]) if cells["high"] else None,
            }
        )
    except (ValueError, InvalidOperation) as fault:
        said = ", ".join(f"{field} {text}" for field, text in cells.items() if text)
        raise KnownError(_BAD_LINE.format(name=name, line=line, what=said)) from fault


def _unit(lab: LaboratoryDef, written: str) -> str:
    """The study's spelling of a unit; one it does not know stands as written and is refused by name."""
    for unit, spellings in lab.units.items():
        if same(written) in {same(one) for one in (unit, *spellings)}:
            return unit
    return written


def _carried(place: Laboratory, named: set[str], day: date) -> Iterator[NormalRange]:
    table = place.table_on(day)
    for one in table.ranges if table is not None else ():
        if one.analyte not in named:
            assumed = one.assumed or (table is not None and (table.source or place.source) == "assumption")
            yield one.model_copy(update={"assumed": assumed})


@dataclass(frozen=True)
class RangesOrder:
    """Which file is whose list, from when to when it is in force, where it goes, and whether other tests are kept."""

    laboratory: str
    path: Path
    valid_from: date
    valid_to: date | None = None
    sites: tuple[str, ...] = ()
    keep: bool = False


def command(folder: Path, who: Caller, order: RangesOrder, only_look: bool) -> str:
    """What `trialdesk centre lab-ranges` prints."""
    centre = Centre.open(folder)
    try:
        user = admit(centre, who)
        reviewer, study = Reviewer(centre, user.id, user.role), rules_of_centre(centre).study
        table, carried = read_ranges(study, order.laboratory, order.path, order.valid_from, order.valid_to, order.keep)
        shown = look(centre, order.laboratory, table, carried, reviewer.now.date()).as_text()
        if only_look:
            return f"{shown}\ndry run: nothing was written"
        to = give_ranges(reviewer, order.laboratory, table, order.path, order.sites)
        return f"{shown}\ngoes to {', '.join(to) or 'no workstation'} with the next receipts"
    finally:
        centre.close()


_BASIS = Text(en="The laboratory's own list, {name} ({sha}…)", zh="检验科自有参考范围表 {name}（{sha}…）")
_NO_FILE = Text(
    en="{path} cannot be read. Name the CSV file with the laboratory's ranges.",
    zh="无法读取 {path}。请指定检验科参考范围的 CSV 文件。",
)
_NO_LABORATORY = Text(
    en="The study knows no laboratory {code}. It knows: {known}. A new laboratory comes with a study release.",
    zh="研究中没有检验科 {code}，已有：{known}。新增检验科须通过研究版本发布。",
)
_NO_HEADS = Text(
    en="{name} lacks the columns {heads}. The first line has to head: analyte, unit, sex, age_from, age_to, low, high.",
    zh="{name} 缺少列 {heads}。首行须为：项目、单位、性别、年龄起、年龄止、下限、上限。",
)
_BAD_LINE = Text(
    en="Line {line} of {name} cannot be read: {what}. Nothing was given out; mend it and try again.",
    zh="{name} 第 {line} 行无法读取：{what}。未发布，请修改后重试。",
)
_PROBLEMS = Text(
    en="{name} has {n} problems; nothing was given out. A test the laboratory does not list can be kept as it was with "
    "--keep-others.\n{lines}",
    zh="{name} 有 {n} 处问题，未发布。检验科未列出的项目可用 --keep-others 沿用原范围。\n{lines}",
)
