"""The releases a centre has given out, and the rules by which it reads each form of each participant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from trialdesk.centre.letters import LOCAL, release_file, trail_for
from trialdesk.domain.clinical.changes import LabRangesGiven, LabRangesTaken, StudyAdopted, StudyReleased
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.rulebooks import HeldRanges, HeldRelease, Place, Rulebooks
from trialdesk.domain.study.study import Study
from trialdesk.services.terminology import rule_terminology
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists
from trialdesk.storage.study_library import thaw

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre


@dataclass(frozen=True)
class Told:
    """Which workstation was given a release, on which terms, and when (UTC, ISO 8601)."""

    origin: str
    at: str
    terms: StudyReleased


def told(centre: Centre) -> tuple[Told, ...]:
    """Every giving out of a release, oldest first."""
    trail = AuditTrail(centre.engine)
    found = [
        (record.at, record.seq, record.origin.removeprefix(f"{LOCAL}-"), record.change)
        for origin in trail.origins()
        if origin.startswith(f"{LOCAL}-")
        for record in trail.records(origin=origin, kinds=("StudyReleased",))
        if isinstance(record.change, StudyReleased)
    ]
    return tuple(Told(origin, at, change) for at, _, origin, change in sorted(found, key=lambda one: one[:3]))


def terms_by_workstation(centre: Centre) -> Mapping[str, Mapping[str, StudyReleased]]:
    """For each workstation the terms of each release by version; the last ones given count.

    A workstation that stands in the place of a dead one goes on under the terms of that one.
    """
    found: dict[str, dict[str, StudyReleased]] = {}
    for one in told(centre):
        found.setdefault(one.origin, {})[one.terms.version] = one.terms
    for old, new in CentreLists(centre.engine).successors().items():
        found[new] = found.get(old, {}) | found.get(new, {})
    return found


def rules_of_centre(centre: Centre) -> Rulebook:
    """The rules of every release on which records of this centre rest; itself the newest that was given out."""
    given, ranges = told(centre), lists_of_centre(centre)
    running = centre.release
    if not given and not ranges:
        return Rulebook(running.study, rule_terminology())
    order = {one.terms.version: one.terms.fingerprint for one in given}
    adopted = (
        record.change
        for origin in sorted({one.origin for one in centre.enrolled()})
        for record in AuditTrail(centre.engine).records(origin=origin, kinds=("StudyAdopted",))
    )
    first = {
        change.version: change.fingerprint
        for change in adopted
        if isinstance(change, StudyAdopted) and change.version not in order
    }
    if running.study.version not in order:
        first[running.study.version] = running.fingerprint
    held = tuple(
        HeldRelease(version, partial(_read, centre, name))
        for version, name in (first | order).items()
        if name == running.fingerprint or release_file(centre.folder, name).is_file()
    )
    terms, lists = terms_by_workstation(centre), CentreLists(centre.engine)

    def place(data: SubjectData) -> Place:
        holder = lists.holder(data.subject) or ""
        return Place(holder, terms.get(holder, {}))

    return Rulebooks(held, rule_terminology(), place, ranges)


def lists_of_centre(centre: Centre) -> tuple[HeldRanges, ...]:
    """Every list of ranges given out, oldest first, with the record by which each workstation took it up."""
    trail = AuditTrail(centre.engine)
    given, taken = [], dict[str, dict[str, int]]()
    origins = trail.origins()
    for origin in (one for one in origins if one.startswith(f"{LOCAL}-")):
        for record in trail.records(origin=origin, kinds=("LabRangesGiven",)):
            if isinstance(record.change, LabRangesGiven):
                given.append((record.at, record.seq, record.id, record.change))
    for origin in (one for one in origins if given and not one.startswith(LOCAL)):
        for record in trail.records(origin=origin, kinds=("LabRangesTaken",)):
            if isinstance(record.change, LabRangesTaken):
                taken.setdefault(record.change.given, {})[origin] = record.seq
    ordered = sorted(given, key=lambda one: one[:3])
    return tuple(HeldRanges(id, change, taken.get(id, {})) for _, _, id, change in ordered)


def taken_up(centre: Centre, origin: str) -> tuple[str, ...]:
    """The releases and lists a workstation says, in its own signed trail, that it works with; then what it has not
    confirmed yet of what it was told."""
    trail = AuditTrail(centre.engine)
    says, known = [], set[str]()
    for record in trail.records(origin=origin, kinds=("StudyAdopted", "LabRangesTaken")):
        change, day = record.change, record.local_time.date()
        if isinstance(change, StudyAdopted):
            says.append(f"study release {change.version} since {day}")
            known.add(change.fingerprint)
        elif isinstance(change, LabRangesTaken):
            says.append(f"ranges of {change.laboratory} from {change.valid_from} since {day}")
            known.add(change.given)
    for record in trail.records(origin=trail_for(origin), kinds=("StudyReleased", "LabRangesGiven")):
        change = record.change
        if isinstance(change, StudyReleased) and change.fingerprint not in known:
            says.append(f"study release {change.version} from {change.effective}: not confirmed yet")
        elif isinstance(change, LabRangesGiven) and record.id not in known:
            says.append(f"ranges of {change.laboratory} from {change.table.valid_from}: not confirmed yet")
    return tuple(dict.fromkeys(says))


def _read(centre: Centre, name: str) -> Study:
    running = centre.release
    return running.study if name == running.fingerprint else thaw(release_file(centre.folder, name).read_bytes())


def given_to(centre: Centre, origin: str) -> frozenset[str]:
    """The fingerprints of the releases this workstation was told of."""
    records = AuditTrail(centre.engine).records(origin=trail_for(origin), kinds=("StudyReleased",))
    return frozenset(record.change.fingerprint for record in records if isinstance(record.change, StudyReleased))
