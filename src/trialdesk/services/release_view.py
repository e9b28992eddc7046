"""Study releases as a screen shows them: what was given out, who holds it, and what a new one would change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.text import Text

Holding = Literal["adopted", "received", "on its way"]
"""A workstation asks by a release; has confirmed that it came; has not confirmed it yet."""


@dataclass(frozen=True)
class ReleaseHolder:
    """One workstation a release was given out to, on which terms; `since` is when it confirmed or adopted (UTC)."""

    site: str
    origin: str
    approved: str
    effective: str
    terms: Text
    holding: Holding
    since: str


@dataclass(frozen=True)
class GivenRelease:
    """A release of the study; `runs` is true for the one the centre makes workstations with; `given` is a UTC time."""

    version: str
    fingerprint: str
    given: str
    by: str
    runs: bool
    holders: tuple[ReleaseHolder, ...]


@dataclass(frozen=True)
class Terms:
    """How a release is to be given out: the day of approval, the first day it asks by, the sites (none: all), the rule."""

    approved: date
    effective: date
    sites: tuple[str, ...] = ()
    rule: EffectiveRule = field(default_factory=EffectiveRule)


@dataclass(frozen=True)
class ChangeLine:
    """One difference between two releases, in words; `place` is the form it shows on."""

    act: Literal["added", "removed", "changed"]
    what: str
    name: str
    place: str


@dataclass(frozen=True)
class EffectLine:
    """What a release means for one participant: drafts that ask more, finished forms that stay, findings more and fewer."""

    subject: str
    version: str
    says: Text
    drafts: tuple[str, ...]
    finished: tuple[str, ...]
    new_findings: int
    gone_findings: int


@dataclass(frozen=True)
class DryRun:
    """A new release beside the one that runs; nothing was written."""

    folder: Path
    old: str
    new: str
    fingerprint: str
    terms: Text
    changes: tuple[ChangeLine, ...]
    effects: tuple[EffectLine, ...]
