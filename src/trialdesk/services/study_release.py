"""Checking a study folder and freezing it into the release a desk works with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from trialdesk.domain.rules.functions import Terminology
from trialdesk.domain.rules.study_check import check_study
from trialdesk.domain.study.reading import Problem, StudyUnreadable, read_study
from trialdesk.domain.study.study import Study
from trialdesk.storage.study_library import fingerprint, freeze, load_study, read_folder, thaw


@dataclass(frozen=True)
class FolderCheck:
    """What looking over a study folder found."""

    problems: tuple[Problem, ...]
    closing_line: str


@dataclass(frozen=True)
class StudyRelease:
    """A frozen study: its canonical bytes and their SHA-256, by which every laptop and the centre know it.

    `wording` is the imported official wording of adverse event grades, where the centre has one.
    """

    content: bytes
    fingerprint: str
    wording: bytes | None = None

    @cached_property
    def study(self) -> Study:
        """The study itself."""
        return _thawed(self.content)


@lru_cache(maxsize=4)
def _thawed(content: bytes) -> Study:
    """A study never changes, and reading one takes a tenth of a second: the centre asks for it at every act."""
    return thaw(content)


def check_folder(folder: Path) -> FolderCheck:
    """Every problem of a study folder, with file and line, and one line that sums up."""
    try:
        sources = read_folder(folder)
    except StudyUnreadable as fault:
        return FolderCheck(tuple(fault.problems), f"{len(fault.problems)} problems")
    problems = tuple(check_study(sources, terminology()))
    if problems:
        return FolderCheck(problems, f"{len(problems)} problems")
    study = read_study(sources)
    examples = sum(len(rule.examples) for rule in study.rules)
    items = len(study.place)
    return FolderCheck(
        (),
        f"no problems: {len(study.events)} events, {len(study.forms)} forms, {items} items, {len(study.rules)} rules, "
        f"{examples} examples hold",
    )


def release_from_folder(folder: Path) -> StudyRelease:
    """Freeze a study folder; raises KnownError with every problem where it cannot be read."""
    content = freeze(load_study(folder))
    return StudyRelease(content, fingerprint(content))


@cache
def shipped_release() -> StudyRelease:
    """The study that ships with TrialDesk, frozen; read once, since its folder does not change under a running program."""
    return release_from_folder(shipped_study())


def shipped_study() -> Path:
    """The folder of the study that ships with TrialDesk."""
    from trialdesk.paths import resources

    return resources() / "studies" / "nct06141304"


def terminology() -> Terminology | None:
    """The adverse event terminology that rules ask, once it is installed."""
    from trialdesk.services.terminology import rule_terminology

    return rule_terminology()
