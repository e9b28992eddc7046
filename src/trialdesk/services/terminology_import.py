"""Bringing in the NCI's own wording: checked against the shipped facts, kept with the desk or the centre."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.actions.outcome import Refusal, refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import TerminologyAdopted
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.ctcae_workbook import Workbook, WorkbookTerm, read_workbook
from trialdesk.services.desk import OpenDesk, official_wording
from trialdesk.services.terminology import VERSION, Ctcae, rule_terminology
from trialdesk.storage.database import write_meta
from trialdesk.storage.document_store import Document

KIND, META = "terminology", "terminology"


@dataclass(frozen=True)
class WorkbookCheck:
    """What a workbook holds and every way in which it differs from the shipped facts."""

    workbook: Workbook
    differences: tuple[str, ...]

    @property
    def terms(self) -> int:
        """How many terms it holds."""
        return len(self.workbook.terms)

    @property
    def classes(self) -> int:
        """How many system organ classes it holds."""
        return len({term.soc for term in self.workbook.terms})

    def as_text(self) -> str:
        """Terms, classes, hash and every difference, as the command prints them."""
        graded = sum(len(term.grades) for term in self.workbook.terms)
        head = (
            f"{VERSION}: {self.terms} terms, {self.classes} system organ classes, {graded} graded texts\n"
            f"workbook sha256 {self.workbook.sha256}"
        )
        if not self.differences:
            return f"{head}\nno difference from the shipped facts"
        return "\n".join([head, f"{len(self.differences)} differences from the shipped facts:", *self.differences])


def check_workbook(path: Path, facts: Ctcae | None = None) -> WorkbookCheck:
    """Read a workbook and compare names, classes and grades with the facts; raises KnownError for another file."""
    facts = facts or rule_terminology()
    workbook = read_workbook(path)
    return WorkbookCheck(workbook, tuple(_differences(workbook.terms, facts)))


def _differences(theirs: tuple[WorkbookTerm, ...], facts: Ctcae) -> list[str]:
    found = []
    known = {term.name: term for term in facts.terms}
    classes = len({term.soc for term in facts.terms})
    if len(theirs) != len(known):
        found.append(f"  terms: {len(theirs)} in the workbook, {len(known)} shipped")
    if len({term.soc for term in theirs}) != classes:
        found.append(f"  classes: {len({term.soc for term in theirs})} in the workbook, {classes} shipped")
    found += [f"  {name}: {n} rows" for name, n in Counter(term.name for term in theirs).items() if n > 1]
    for term in theirs:
        ours = known.get(term.name)
        if ours is None:
            found.append(f"  {term.name}: not among the shipped terms")
            continue
        if term.soc != ours.soc:
            found.append(f"  {term.name}: class {term.soc} in the workbook, {ours.soc} shipped")
        if tuple(term.grades) != ours.grades:
            found.append(f"  {term.name}: grades {_list(term.grades)} in the workbook, {_list(ours.grades)} shipped")
    present = {term.name for term in theirs}
    return found + [f"  {name}: not in the workbook" for name in known if name not in present]


def _list(grades: Mapping[int, str] | tuple[int, ...]) -> str:
    return " ".join(map(str, grades)) or "none"


def frozen_wording(check: WorkbookCheck) -> bytes:
    """The wording as canonical JSON with the hash of the workbook it came from; raises KnownError on differences."""
    import orjson

    if check.differences:
        raise KnownError(_DIFFERS.format(n=len(check.differences)))
    whole = {
        "format": "trialdesk-terminology",
        "terminology": VERSION,
        "workbook": check.workbook.sha256,
        "terms": {
            term.name: {
                "code": term.code,
                "grades": {str(grade): words for grade, words in term.grades.items()},
                "definition": term.definition,
                "note": term.note,
            }
            for term in check.workbook.terms
        },
    }
    return orjson.dumps(whole, option=orjson.OPT_SORT_KEYS)


def adopt(desk: OpenDesk, path: Path) -> WorkbookCheck | Refusal:
    """Check a workbook, keep its wording in this desk's encrypted file, and record it; shown from then on.

    Raises KnownError for another file, or one that differs from the shipped facts: nothing is kept then.
    """
    refusal = refuse_role(desk.session.user.role, Act.ADOPT_WORDING)
    if refusal:
        return refusal
    check = check_workbook(path)
    document = Document(KIND, frozen_wording(check))
    change = TerminologyAdopted(terminology=VERSION, workbook=check.workbook.sha256, document=document.sha256)
    desk.session.record([change], documents=[document])
    write_meta(desk.engine, **{META: document.sha256})
    desk.meta[META] = document.sha256
    desk.session.official = official_wording(desk.documents, desk.meta)
    return check


def import_into_desk(home: Path, user: str, path: Path) -> str:
    """What `trialdesk terminology import` does at a laptop: sign in, check, keep, say what was done."""
    from trialdesk.services.desk import sign_in_from_command

    desk = sign_in_from_command(home, user)
    try:
        made = adopt(desk, path)
        if isinstance(made, Refusal):
            raise KnownError(made.says)
        return f"{made.as_text()}\nkept with the desk in {home}; picker and CRF show the NCI's wording from now on"
    finally:
        desk.close()


_DIFFERS = Text(
    en="The workbook differs from the shipped facts in {n} places. Nothing was imported; run "
    "`trialdesk terminology import FILE --check-only` to see each of them.",
    zh="工作簿与内置内容有 {n} 处不一致，未导入。请运行 trialdesk terminology import FILE --check-only 查看。",
)
