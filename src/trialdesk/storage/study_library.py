"""Reading the folder of YAML files that is a study, and the frozen copy a desk works with."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson

from trialdesk.domain.study.reading import Place, Problem, SourceFile, Sources, StudyUnreadable, read_study
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError


def read_folder(folder: Path) -> Sources:
    """Read every YAML file of a study folder; raises KnownError where the folder holds none."""
    files = sorted(folder.rglob("*.yaml"))
    if not (folder / "study.yaml").is_file():
        raise KnownError(
            Text(
                en="{folder} is not a study: it has no study.yaml. Choose the folder that holds study.yaml.",
                zh="{folder} 不是研究文件夹：缺少 study.yaml。请选择含有 study.yaml 的文件夹。",
            ).format(folder=folder)
        )
    return Sources([_read_file(file, file.relative_to(folder).as_posix()) for file in files])


def load_study(folder: Path) -> Study:
    """Read a study folder; raises KnownError that lists every problem by file and line."""
    try:
        return read_study(read_folder(folder))
    except StudyUnreadable as fault:
        lines = "\n".join(map(str, fault.problems))
        raise KnownError(
            Text(
                en="The study has {n} problems; nothing was loaded. Mend these and try again:\n{lines}",
                zh="研究定义有 {n} 处问题，未载入。请修改后重试：\n{lines}",
            ).format(n=len(fault.problems), lines=lines)
        ) from fault


def freeze(study: Study) -> bytes:
    """The study as canonical JSON bytes; the same study always gives the same bytes."""
    return orjson.dumps(study.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_SORT_KEYS)


def fingerprint(frozen: bytes) -> str:
    """SHA-256 of the frozen study, in hex."""
    return hashlib.sha256(frozen).hexdigest()


def thaw(frozen: bytes) -> Study:
    """The study from its frozen bytes."""
    return Study.model_validate(orjson.loads(frozen))


def _read_file(path: Path, name: str) -> SourceFile:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        says = f"this is not readable YAML: {getattr(fault, 'problem', None) or fault}"
        raise StudyUnreadable([Problem(name, line, says)]) from fault
    lines: dict[Place, int] = {}
    return SourceFile(name, _plain(node, (), lines), lines)


def _plain(node: Any, place: Place, lines: dict[Place, int]) -> Any:
    """Every scalar stays text, so that an unquoted NO never becomes false and 1.10 keeps its zero."""
    import yaml

    if node is None:
        return None
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, (*place, key.value), lines) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value, (*place, index), lines) for index, value in enumerate(node.value)]
    return node.value
