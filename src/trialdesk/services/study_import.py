"""A study definition of another program made into a study folder, with a report of what was not understood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trialdesk.domain.study.reading import Problem
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.study_import.draft import Remark, StudyDraft
from trialdesk.services.study_release import check_folder

REPORT = "import-report.txt"


@dataclass(frozen=True)
class ImportedStudy:
    """What was made: the folder, how much of the source stands in it, remarks by line, and what the check says."""

    folder: Path
    counts: str
    remarks: tuple[Remark, ...]
    problems: tuple[Problem, ...]
    closing_line: str

    def as_text(self, name: str) -> str:
        """The report, remarks first in the order of the source's lines."""
        lines = [f"{name}:{one.line}: {one.says}" if one.line else f"{name}: {one.says}" for one in self.remarks]
        lines.append(f"{self.counts}; {len(self.remarks)} remarks")
        lines += [*map(str, self.problems), f"check of {self.folder}: {self.closing_line}"]
        return "\n".join(lines)


def import_study(file: Path, folder: Path, schema: Path | None = None) -> ImportedStudy:
    """Read ODM 1.3.x metadata or a REDCap data dictionary into an empty folder and check the result.

    A file is never refused for faults of form alone: what cannot be taken over is said with its line, and so is what
    CDISC's schema finds where it is given. Raises KnownError for a file that is neither, holds no question, or a folder that is not empty.
    """
    from trialdesk.exchange.study_import.study_files import study_files

    draft = _read(file, schema)
    if not draft.items:
        raise KnownError(_EMPTY.format(file=file.name))
    if folder.exists() and any(folder.iterdir()):
        raise KnownError(_NOT_EMPTY.format(folder=folder))
    files = study_files(draft)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    checked = check_folder(folder)
    made = ImportedStudy(
        folder,
        f"{len(draft.events)} visits, {len(draft.forms)} forms, {len(draft.items)} questions, "
        f"{len(draft.codelists)} code lists, {len(draft.conditions)} conditions",
        tuple(sorted(draft.remarks)),
        checked.problems,
        checked.closing_line,
    )
    (folder / REPORT).write_text(made.as_text(file.name) + "\n", encoding="utf-8")
    return made


def _read(file: Path, schema: Path | None) -> StudyDraft:
    from trialdesk.exchange.study_import.odm_metadata import read_odm_metadata
    from trialdesk.exchange.study_import.redcap import NotADictionary, is_dictionary, read_dictionary
    from trialdesk.exchange.study_import.schema_faults import schema_faults
    from trialdesk.exchange.study_import.xml_tree import NotXml

    try:
        content = file.read_bytes()
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(file=file, why=fault.strerror or fault)) from fault
    try:
        if is_dictionary(content):
            return read_dictionary(content, file.stem)
        draft = read_odm_metadata(content)
        draft.remarks += schema_faults(content, schema) if schema else []
        return draft
    except (NotXml, NotADictionary) as fault:
        raise KnownError(_NEITHER.format(file=file.name, why=fault)) from fault


_UNREADABLE = Text(
    en="{file} cannot be read ({why}). Check the path and try again.",
    zh="无法读取 {file}（{why}）。请检查路径后重试。",
)
_NEITHER = Text(
    en="{file} is neither ODM 1.3 metadata nor a REDCap data dictionary: {why}. Export it again from its program.",
    zh="{file} 不是 ODM 1.3 元数据，也不是 REDCap 数据字典：{why}。请从原程序重新导出。",
)
_EMPTY = Text(
    en="{file} holds no question. Export the study with its forms and try again.",
    zh="{file} 中没有条目。请连同表单一起导出后重试。",
)
_NOT_EMPTY = Text(
    en="{folder} is not empty. Choose a new folder; nothing was written.",
    zh="{folder} 不是空文件夹。请选择新文件夹；未写入任何内容。",
)
