"""Releases for the centre's window: those given out with who holds them, the dry run of a new one, and giving it out."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from pathlib import Path

from trialdesk.centre.centre import Centre
from trialdesk.centre.letters import confirmed, trail_for
from trialdesk.centre.releases import Order, dry_run, give_out
from trialdesk.centre.review import Reviewer
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ReceiptTaken, StudyAdopted, StudyReleased
from trialdesk.domain.rules.effective import terms_words
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.centre_view import Progress, unwatched
from trialdesk.services.release_view import ChangeLine, DryRun, EffectLine, GivenRelease, Holding, ReleaseHolder, Terms
from trialdesk.services.study_release import StudyRelease, release_from_folder
from trialdesk.storage.audit_trail import AuditTrail


def given_releases(centre: Centre, study: Study) -> tuple[GivenRelease, ...]:
    """The release the centre runs and every release it gave out, the newest first; `study` gives items their names."""
    trail, runs = AuditTrail(centre.engine), centre.release
    found: dict[str, list[tuple[AuditRecord, ReleaseHolder]]] = {}
    for one in centre.enrolled():
        far = confirmed(trail, one.origin)
        for record in trail.records(origin=trail_for(one.origin), kinds=("StudyReleased",)):
            assert isinstance(record.change, StudyReleased)
            holder = _holder(trail, study, one.site, one.origin, record, far)
            found.setdefault(record.change.fingerprint, []).append((record, holder))
    made = []
    for fingerprint, told in found.items():
        first = min((record for record, _ in told), key=lambda record: record.at)
        newest = {holder.origin: holder for _, holder in told}
        change = first.change
        assert isinstance(change, StudyReleased)
        made.append(
            GivenRelease(
                change.version,
                fingerprint,
                first.at,
                first.user,
                fingerprint == runs.fingerprint,
                tuple(newest.values()),
            )
        )
    made += _from_the_start(centre, runs, trail, found)
    return tuple(sorted(made, key=lambda one: one.given, reverse=True))


def _from_the_start(centre: Centre, runs: StudyRelease, trail: AuditTrail, known: Container[str]) -> list[GivenRelease]:
    """Releases that workstations were made with, and the centre's own: nobody had to give them out."""
    found: dict[str, tuple[str, list[ReleaseHolder]]] = {}
    for one in centre.enrolled():
        for record in trail.records(origin=one.origin, kinds=("StudyAdopted",)):
            change = record.change
            if isinstance(change, StudyAdopted) and change.fingerprint not in known:
                holder = ReleaseHolder(one.site, one.origin, "", "", _AT_ONCE, "adopted", record.at)
                found.setdefault(change.fingerprint, (change.version, []))[1].append(holder)
    if runs.fingerprint not in known and runs.fingerprint not in found:
        # Reading a study for its version takes longer than everything else here.
        found[runs.fingerprint] = (runs.study.version, [])
    return [
        GivenRelease(version, name, "", "", name == runs.fingerprint, tuple(holders))
        for name, (version, holders) in found.items()
    ]


def _holder(trail: AuditTrail, study: Study, site: str, origin: str, record: AuditRecord, far: int) -> ReleaseHolder:
    change = record.change
    assert isinstance(change, StudyReleased)
    adopted = next(
        (
            one.at
            for one in trail.records(origin=origin, kinds=("StudyAdopted",))
            if isinstance(one.change, StudyAdopted) and one.change.fingerprint == change.fingerprint
        ),
        "",
    )
    came = next(
        (
            one.at
            for one in trail.records(origin=origin, kinds=("ReceiptTaken",))
            if isinstance(one.change, ReceiptTaken) and (one.change.centre_to or 0) >= record.seq
        ),
        "",
    )
    holding: Holding = "adopted" if adopted else "received" if far >= record.seq else "on its way"
    return ReleaseHolder(
        site, origin, change.approved, change.effective, terms_words(change, study), holding, adopted or came
    )  # fmt: skip


def look_at(centre: Centre, folder: Path, today: date, terms: Terms, told: Progress = unwatched) -> DryRun:
    """What the release in a study folder would change; raises KnownError as `releases.dry_run` does."""
    order = Order(terms.approved, terms.effective, terms.sites, terms.rule)
    found = dry_run(centre, release_from_folder(folder), today, order)
    return DryRun(
        folder,
        found.old,
        found.new,
        found.fingerprint,
        found.terms,
        tuple(ChangeLine(one.act, one.what, one.name, one.form or "") for one in found.differences),
        tuple(
            EffectLine(
                one.subject, one.version, one.says, one.open_forms, one.finished_forms, one.new_findings, one.gone_findings
            )
            for one in found.effects
        ),
    )  # fmt: skip


def give(reviewer: Reviewer, folder: Path, terms: Terms) -> tuple[str, ...]:
    """Give the release in a study folder out; returns the workstations it goes to with their next receipts."""
    made = release_from_folder(folder)
    return give_out(reviewer, made, terms.approved, terms.effective, terms.sites, terms.rule)


_AT_ONCE = Text(en="the workstation was made with it", zh="工作站初始安装版本")
