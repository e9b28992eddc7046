"""Results of a laboratory system on their way into a sheet: looked over, proposed, and counted only once confirmed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.clinical.audit_record import AuditRecord, Reason
from trialdesk.domain.medicine.units import canonical
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.laboratory import sampling_day
from trialdesk.domain.rules.values import item_value
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.laboratory import LaboratoryDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Answer, Casebook, Proposed
from trialdesk.services.lab_table import Measured, analyte_of, find_heads, is_subject, read_day, results
from trialdesk.services.laboratory import laboratory_def

CLIPBOARD = "clipboard"
"""Name of the source where nothing came from a file."""

State = Literal["ready", "overwrite", "warning", "error", "same"]
_NUMBER = re.compile(r"^([0-9]+(?:\.[0-9]+)?)\s*(?:[↑↓HLhl*]|\(?[HLhl]\)?)?$")


@dataclass(frozen=True)
class ImportLine:
    """One result of the file: what will be done with it, and why not where nothing is."""

    line: int
    test: str
    shown: str
    state: State
    says: Text
    path: ItemPath | None = None
    label: Text | None = None
    typed: str = ""
    unit: str | None = None
    present: str | None = None


@dataclass(frozen=True)
class Preview:
    """What a file holds for this sheet; with `refused` nothing can be taken at all."""

    name: str
    digest: str
    lines: tuple[ImportLine, ...]
    refused: Text | None = None
    left_out: int = 0
    day: date | None = None

    def count(self, state: State) -> int:
        """How many lines are in a state."""
        return sum(1 for line in self.lines if line.state == state)


def preview_file(casebook: Casebook, form: FormPath, path: Path) -> Preview:
    """Look a file over; raises KnownError where it is no table."""
    from trialdesk.exchange.lab_files import read_file

    rows, content = read_file(path)
    return _preview(casebook, form, rows, path.name, hashlib.sha256(content).hexdigest())


def preview_text(casebook: Casebook, form: FormPath, text: str) -> Preview:
    """Look over what was copied from the laboratory system; raises KnownError where it is no table."""
    from trialdesk.exchange.lab_files import read_text

    return _preview(casebook, form, read_text(text, CLIPBOARD), CLIPBOARD, hashlib.sha256(text.encode()).hexdigest())


def _preview(casebook: Casebook, form: FormPath, rows: list[list[str]], name: str, digest: str) -> Preview:
    lab = laboratory_def(casebook)
    heads = find_heads(lab, rows)
    if heads is None:
        return Preview(name, digest, (), _NO_HEADS)
    found = list(results(lab, rows, heads))
    if not any(one.subject for one in found):
        return Preview(name, digest, (), _NO_SUBJECT.format(subject=casebook.subject))
    mine = [one for one in found if is_subject(one.subject, casebook.subject)]
    if not mine:
        others = sorted({str(one.subject) for one in found if one.subject})
        return Preview(name, digest, (), _OTHER_SUBJECT.format(found=_some(others), subject=casebook.subject))
    day = sampling_day(casebook.book(form), casebook.data, form)
    days = {read_day(one.day) for one in mine}
    if days == {None}:
        return Preview(name, digest, (), _NO_DAY)
    if day is None:
        if len(days) != 1:
            listed = _some(sorted(str(one) for one in days if one))
            return Preview(name, digest, (), _SEVERAL_DAYS.format(days=listed))
        day = next(iter(days))
    todays = [one for one in mine if read_day(one.day) == day]
    if not todays or day is None:
        listed = _some(sorted(str(one) for one in days if one))
        return Preview(name, digest, (), _OTHER_DAY.format(found=listed, day=day))
    lines = _lines(casebook, form, lab, todays)
    return Preview(name, digest, tuple(lines), None, len(found) - len(todays), day)


def _lines(casebook: Casebook, form: FormPath, lab: LaboratoryDef, found: Sequence[Measured]) -> list[ImportLine]:
    places = {
        item.lab: (form.item(group.oid, item.name), item)
        for group in casebook.study(form).form[form.form].groups
        for item in group.items
        if item.lab and not item.derived
    }
    made = [_line(casebook, lab, places, one) for one in found]
    seen: dict[ItemPath, ImportLine] = {}
    checked: list[ImportLine] = []
    for one in made:
        twin = seen.get(one.path) if one.path and one.state != "error" else None
        if twin is not None and (twin.typed, twin.unit) == (one.typed, one.unit):
            continue
        if twin is not None:
            one = _as_error(one, _TWICE.format(line=twin.line, value=twin.shown))
            checked = [
                _as_error(other, _TWICE.format(line=one.line, value=one.shown)) if other is twin else other
                for other in checked
            ]
        elif one.path and one.state != "error":
            seen[one.path] = one
        checked.append(one)
    return checked


def _line(
    casebook: Casebook, lab: LaboratoryDef, places: dict[str, tuple[ItemPath, ItemDef]], one: Measured
) -> ImportLine:
    shown = f"{one.value} {one.unit or ''}".strip()
    code = analyte_of(lab, one.test)
    if code is None or code not in places:
        says = _UNKNOWN_TEST if code is None else _NOT_HERE
        return ImportLine(one.line, one.test, shown, "error", says)
    path, item = places[code]
    known = casebook.data.items.get(path)
    present = None if known is None or known.value is None else f"{known.value} {known.unit or item.unit or ''}".strip()
    base = ImportLine(one.line, one.test, shown, "error", _NOT_A_NUMBER, path, item.label, present=present)
    number = _NUMBER.match(unicodedata.normalize("NFKC", one.value).replace(",", "").strip())
    if one.value.startswith("="):
        return _as_error(base, _FORMULA)
    if not number:
        return base
    unit = _unit_of(lab, item, code, one.unit)
    if unit is None:
        units = ", ".join([item.unit or "", *(choice.unit for choice in item.units)])
        return _as_error(base, _UNKNOWN_UNIT.format(unit=one.unit, units=units))
    return _judged(casebook, base, item, number[1], unit, one.unit is None)


def _judged(casebook: Casebook, line: ImportLine, item: ItemDef, typed: str, unit: str, guessed: bool) -> ImportLine:
    own = None if unit == item.unit else unit
    known = casebook.data.items.get(line.path) if line.path else None
    line = replace(line, typed=typed, unit=own)
    value = item_value(item, typed, own)
    if known is not None and known.value is not None:
        if item_value(item, known.value, known.unit) == value:
            return replace(line, state="same", says=_SAME)
        return replace(line, state="overwrite", says=_OVERWRITE.format(present=line.present))
    if guessed:
        return replace(line, state="warning", says=_NO_UNIT.format(unit=item.unit or "–"))
    limits = item.range
    if limits is not None and isinstance(value, Decimal):
        low = limits.min is not None and value < limits.min
        if low or (limits.max is not None and value > limits.max):
            return replace(line, state="warning", says=_UNLIKELY)
    return replace(line, state="ready", says=_READY)


def _unit_of(lab: LaboratoryDef, item: ItemDef, analyte: str, written: str | None) -> str | None:
    """The item's unit a laboratory system means; None for one the item does not have, never a guess."""
    mine = [item.unit or "", *(choice.unit for choice in item.units)]
    if written is None:
        return mine[0]
    plain = canonical(written, analyte)
    for unit in mine:
        if plain in {canonical(unit, analyte), *(canonical(other) for other in lab.units.get(unit, ()))}:
            return unit
    return None


def _as_error(line: ImportLine, says: Text) -> ImportLine:
    return replace(line, state="error", says=says)


def _some(words: list[str]) -> str:
    return ", ".join(words[:4]) + (" …" if len(words) > 4 else "")


def propose(casebook: Casebook, form: FormPath, preview: Preview, chosen: Sequence[ImportLine]) -> int:
    """Lay chosen lines beside the sheet as proposed values; nothing is recorded. Returns how many wait now."""
    source = f"{preview.name} sha256:{preview.digest[:16]}"
    for line in chosen:
        if line.path is not None and line.state in ("ready", "warning", "overwrite"):
            waits = Proposed(line.typed, line.unit, f"{source}, line {line.line}", _standing(casebook, line.path))
            casebook.proposed[line.path] = waits
    if preview.day is not None and sampling_day(casebook.book(form), casebook.data, form) is None:
        path = _day_path(casebook, form)
        if path is not None and chosen:
            casebook.proposed[path] = Proposed(preview.day.isoformat(), None, source)
    return len(proposed_of(casebook, form))


def _day_path(casebook: Casebook, form: FormPath) -> ItemPath | None:
    groups = casebook.study(form).form[form.form].groups
    return next((form.item(g.oid, i.name) for g in groups for i in g.items if i.kind == "date"), None)


def proposed_of(casebook: Casebook, form: FormPath) -> dict[ItemPath, Proposed]:
    """What waits on a form; a value that was answered by hand since waits no longer."""
    return {
        path: one
        for path, one in casebook.proposed.items()
        if path.form_path == form and one.over == _standing(casebook, path)
    }


def _standing(casebook: Casebook, path: ItemPath) -> tuple[str, ...]:
    known = casebook.data.items.get(path)
    return known.head_ids if known else ()


def confirm(casebook: Casebook, paths: Sequence[ItemPath]) -> tuple[AuditRecord, ...] | Refusal:
    """Record proposed values as answers, each with its source as the reason; the sampling day goes first."""
    known = {
        path: one for form in {path.form_path for path in paths} for path, one in proposed_of(casebook, form).items()
    }
    waiting = [(path, known[path]) for path in paths if path in known]
    if not waiting:
        return Refusal("state", Text(en="No value waits here.", zh="没有待确认的数值。"))
    study = casebook.session.book.study
    first = [(path, one) for path, one in known.items() if path not in paths and study.item(path.item).kind == "date"]
    whole = [*first, *waiting]
    answers = [Answer(path, one.text, one.unit) for path, one in whole]
    done = casebook.enter_all(answers, Reason(code="IMPORT", words=waiting[0][1].source))
    if not isinstance(done, Refusal):
        for path, _ in whole:
            casebook.proposed.pop(path, None)
    return done


_READY = Text(en="ready", zh="可取入")
_SAME = Text(en="on record already, the same", zh="已录入，数值一致")
_OVERWRITE = Text(en="replaces {present}", zh="将替换已录入的 {present}")
_NO_UNIT = Text(en="the file names no unit; take it only if it is {unit}", zh="文件未注明单位；确认为 {unit} 后再取入")
_UNLIKELY = Text(en="outside the expected range; check number and unit", zh="超出预期范围，请核对数值与单位")
_FORMULA = Text(en="a formula, not a result; type the result by hand", zh="单元格为公式而非结果，请手工录入")
_NOT_A_NUMBER = Text(en="no plain number; type it by hand as the slip says", zh="不是单纯数值，请按检验单手工录入")
_UNKNOWN_TEST = Text(en="no test of this study", zh="非本研究检验项目")
_NOT_HERE = Text(en="belongs to another form", zh="属于其他表单")
_UNKNOWN_UNIT = Text(en="unit {unit} is not known here; it takes {units}", zh="单位 {unit} 无法识别，可用单位：{units}")
_TWICE = Text(
    en="a second result stands in line {line}: {value}; choose by hand", zh="第 {line} 行另有结果 {value}，请手工选择"
)
_NO_HEADS = Text(
    en="No column heads were found: a table needs test and result, or one column for each test. Nothing was taken.",
    zh="未找到列标题：表格须有“检验项目”与“结果”两列，或每个项目各占一列。未取入任何数据。",
)
_NO_SUBJECT = Text(
    en="The table does not say whose results these are. It must name participant {subject}; nothing was taken.",
    zh="表格未注明受试者。须含受试者编号 {subject}，未取入任何数据。",
)
_OTHER_SUBJECT = Text(
    en="These are results of {found}, not of participant {subject}. Check whose slip it is; nothing was taken.",
    zh="检验单属于 {found}，不是受试者 {subject}。请核对检验单，未取入任何数据。",
)
_NO_DAY = Text(
    en="The table gives no sampling date with its year first (2026-03-17). Nothing was taken.",
    zh="表格没有年份在前的采样日期（如 2026-03-17），未取入任何数据。",
)
_SEVERAL_DAYS = Text(
    en="The table holds several days ({days}). Enter the sampling date of this form first; nothing was taken.",
    zh="表格含多个日期（{days}）。请先填写本表单的采样日期，未取入任何数据。",
)
_OTHER_DAY = Text(
    en="The samples are of {found}, this form is of {day}. Check the date; nothing was taken.",
    zh="标本日期为 {found}，本表单为 {day}。请核对日期，未取入任何数据。",
)
