"""Study releases: what a new one changes for each participant, and giving it out to workstations under the centre's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trialdesk.centre.centre import CENTRE_FILE, STUDY, Centre
from trialdesk.centre.letters import RELEASES, release_file
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import StudyReleased
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.amendment import Difference, differences, hidden_by
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.private_file import write_private
from trialdesk.services.study_release import StudyRelease
from trialdesk.services.terminology import rule_terminology
from trialdesk.storage.audit_trail import AuditTrail


@dataclass(frozen=True)
class SubjectEffect:
    """What a release means for one participant.

    `open_forms` ask more than before, `finished_forms` are complete or signed and stay so though the release adds
    questions to them; `new_findings` and `gone_findings` count what the rules say more and no longer say.
    """

    subject: str
    version: str
    open_forms: tuple[str, ...]
    finished_forms: tuple[str, ...]
    new_findings: int
    gone_findings: int


@dataclass(frozen=True)
class Amendment:
    """A release beside the one the centre runs: every difference, and what each participant would see."""

    old: str
    new: str
    fingerprint: str
    differences: tuple[Difference, ...]
    effects: tuple[SubjectEffect, ...]

    def as_text(self) -> str:
        """The dry run, line by line."""
        lines = [f"release {self.old} -> {self.new} ({self.fingerprint[:16]})"]
        lines += [
            f"  {one.act} {one.what} {one.name}{f' on {one.form}' if one.form else ''}" for one in self.differences
        ]
        for one in self.effects:
            lines.append(
                f"{one.subject} (last record under {one.version}): {len(one.open_forms)} forms ask more"
                f"{': ' + ', '.join(one.open_forms) if one.open_forms else ''}; "
                f"{len(one.finished_forms)} finished forms stay finished"
                f"{': ' + ', '.join(one.finished_forms) if one.finished_forms else ''}; "
                f"findings +{one.new_findings} -{one.gone_findings}"
            )
        return "\n".join(lines)


def dry_run(centre: Centre, release: StudyRelease, today: date) -> Amendment:
    """What a release would change; nothing is written. Raises KnownError for one of another study or one that hides."""
    old, new = centre.release.study, release.study
    if new.oid != old.oid:
        raise KnownError(_OTHER_STUDY.format(oid=new.oid, own=old.oid))
    found = differences(old, new)
    if wrong := hidden_by(found):
        says = [one.hides for one in wrong if one.hides is not None]
        raise KnownError(_HIDES.format(en="\n".join(s.en for s in says), zh="\n".join(s.zh for s in says), n=len(says)))
    if release.fingerprint != centre.release.fingerprint and new.version == old.version:
        raise KnownError(_SAME_VERSION.format(version=new.version))
    books = tuple(Rulebook(study, rule_terminology()) for study in (old, new))
    touched = {one.form for one in found if one.what == "item" and one.act == "added" and one.form}
    trail = AuditTrail(centre.engine)
    effects = []
    for subject in trail.subjects():
        records = list(trail.records(subject=subject))
        version = max(records, key=lambda record: record.at).study
        effects.append(_effect(fold(subject, records), version, books, touched, today))
    return Amendment(old.version, new.version, release.fingerprint, found, tuple(effects))


def give_out(
    reviewer: Reviewer,
    release: StudyRelease,
    approved: date,
    effective: date | None = None,
    sites: Sequence[str] = (),
) -> tuple[str, ...]:
    """Give a release out to the workstations of these sites, or of all; returns the workstations it goes to.

    It travels with their next receipts. The centre runs it itself once every site has it. Raises KnownError as
    `dry_run` does, and for a role that may not.
    """
    centre = reviewer.centre
    refusal = refuse_role(reviewer.role, Act.RELEASE)
    if refusal:
        raise KnownError(refusal.says)
    if approved > reviewer.now.date():
        raise KnownError(_NOT_YET.format(day=approved))
    dry_run(centre, release, reviewer.now.date())
    (centre.folder / RELEASES).mkdir(exist_ok=True)
    write_private(release_file(centre.folder, release.fingerprint), release.content)
    change = StudyReleased(
        study=release.study.oid,
        version=release.study.version,
        fingerprint=release.fingerprint,
        approved=approved.isoformat(),
        effective=(effective or reviewer.now.date()).isoformat(),
    )
    to = tuple(one.origin for one in centre.enrolled() if not sites or one.site in sites)
    for origin in to:
        reviewer.tell(origin, change)
    if all(release.fingerprint in _given(centre, one.origin) for one in centre.enrolled()):
        _run(centre, release)
    return to


def _given(centre: Centre, origin: str) -> set[str]:
    from trialdesk.centre.letters import trail_for

    told = AuditTrail(centre.engine).records(origin=trail_for(origin), kinds=("StudyReleased",))
    return {record.change.fingerprint for record in told if isinstance(record.change, StudyReleased)}


def _run(centre: Centre, release: StudyRelease) -> None:
    """From now on the centre checks and reports by this release; the one before stays in its folder."""
    import json

    before = centre.release
    write_private(release_file(centre.folder, before.fingerprint), before.content)
    write_private(centre.folder / STUDY, release.content)
    facts = json.loads((centre.folder / CENTRE_FILE).read_text(encoding="utf-8")) | {"fingerprint": release.fingerprint}
    write_private(centre.folder / CENTRE_FILE, json.dumps(facts, indent=1).encode())


def _effect(
    data: SubjectData, version: str, books: tuple[Rulebook, ...], touched: set[str], today: date
) -> SubjectEffect:
    asked = sorted(form for form in data.by_form if form.form in touched)
    finished = tuple(str(form) for form in asked if form_status(data, form) not in _OPEN)
    said = [_findings(book, data, today) for book in books]
    return SubjectEffect(
        data.subject,
        version,
        tuple(str(form) for form in asked if form_status(data, form) in _OPEN),
        finished,
        len(said[1] - said[0]),
        len(said[0] - said[1]),
    )


def _findings(book: Rulebook, data: SubjectData, today: date) -> set[tuple[FormPath, str, str]]:
    return {
        (form, str(finding.path), finding.rule)
        for form, assessment in assess(book, data, today).items()
        for finding in assessment.to_finish
    }


_OPEN = (FormStatus.EMPTY, FormStatus.DRAFT)
_OTHER_STUDY = Text(
    en="This release is of study {oid}; the centre runs {own}. Choose the right folder.",
    zh="该版本属于研究 {oid}，本中心运行 {own}。请选择正确的文件夹。",
)
_HIDES = Text(
    en="The release would hide what was recorded, in {n} places. Nothing was given out.\n{en}",
    zh="该版本会使已记录的数据无法查看（{n} 处），未发布。\n{zh}",
)
_SAME_VERSION = Text(
    en="The release differs from the one that runs but has the same version {version}. Give it a new version in study.yaml.",
    zh="该版本与现行版本内容不同，但版本号同为 {version}。请在 study.yaml 中更改版本号。",
)
_NOT_YET = Text(
    en="{day} is in the future: a release is given out after the ethics committee's approval.",
    zh="{day} 尚未到来：须在伦理委员会批准之后发布。",
)
