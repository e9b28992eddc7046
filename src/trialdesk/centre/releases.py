"""Study releases: what a new one changes for each participant, and giving it out to workstations under the centre's name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from trialdesk.centre.centre import CENTRE_FILE, STUDY, Centre
from trialdesk.centre.letters import LOCAL, RELEASES, release_file
from trialdesk.centre.library import given_to, rules_of_centre, told
from trialdesk.centre.review import Reviewer
from trialdesk.domain.actions.outcome import refuse_role
from trialdesk.domain.admin.role import Act
from trialdesk.domain.clinical.changes import StudyReleased
from trialdesk.domain.clinical.fold import fold
from trialdesk.domain.clinical.form_status import FormStatus, form_status
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.effective import Standing, State, standing, terms_words
from trialdesk.domain.rules.expression import NotAnExpression, compile_expression
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.amendment import Difference, differences, hidden_by
from trialdesk.domain.study.effective import EffectiveRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.private_file import write_private
from trialdesk.services.study_release import StudyRelease
from trialdesk.services.terminology import rule_terminology
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists


@dataclass(frozen=True)
class SubjectEffect:
    """What a release means for one participant.

    `state` and `says` tell whether a form begun now would be begun under it, and if not, what it waits for.
    `open_forms` are drafts that a person may move to it, `finished_forms` are complete or signed and stay as they are
    though the release adds questions to them; `new_findings` and `gone_findings` count what the rules would say more
    and no longer say on those drafts, once moved.
    """

    subject: str
    version: str
    state: State
    says: Text
    open_forms: tuple[str, ...]
    finished_forms: tuple[str, ...]
    new_findings: int
    gone_findings: int


@dataclass(frozen=True)
class Amendment:
    """A release beside the newest the centre gave out: every difference, and what each participant would see."""

    old: str
    new: str
    fingerprint: str
    differences: tuple[Difference, ...]
    effects: tuple[SubjectEffect, ...]
    terms: Text

    def as_text(self) -> str:
        """The dry run, line by line."""
        lines = [f"release {self.old} -> {self.new} ({self.fingerprint[:16]})", f"{self.terms.en}\n{self.terms.zh}"]
        lines += [
            f"  {one.act} {one.what} {one.name}{f' on {one.form}' if one.form else ''}" for one in self.differences
        ]
        for one in self.effects:
            lines.append(
                f"{one.subject} (last record under {one.version}): {one.says.en} / {one.says.zh}; "
                f"{len(one.open_forms)} drafts can be moved"
                f"{': ' + ', '.join(one.open_forms) if one.open_forms else ''}; "
                f"{len(one.finished_forms)} finished forms stay"
                f"{': ' + ', '.join(one.finished_forms) if one.finished_forms else ''}; "
                f"findings +{one.new_findings} -{one.gone_findings}"
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Order:
    """How a release is to be given out: from which day, to which sites, and on which rule; days are the sites' own."""

    approved: date
    effective: date
    sites: tuple[str, ...] = ()
    rule: EffectiveRule = field(default_factory=EffectiveRule)

    def terms(self, release: StudyRelease) -> StudyReleased:
        """What the letter to a workstation says."""
        return StudyReleased(
            study=release.study.oid,
            version=release.study.version,
            fingerprint=release.fingerprint,
            approved=self.approved.isoformat(),
            effective=self.effective.isoformat(),
            rule=self.rule,
        )


def dry_run(centre: Centre, release: StudyRelease, today: date, order: Order | None = None) -> Amendment:
    """What a release would change; nothing is written.

    Without an order it is for everybody at once. Raises KnownError for a release of another study, one that hides
    something, and a rule that names what the participants do not have.
    """
    order = order or Order(today, today)
    rules, new = rules_of_centre(centre), release.study
    old = rules.study
    if new.oid != old.oid:
        raise KnownError(_OTHER_STUDY.format(oid=new.oid, own=old.oid))
    known = {one.terms.version: one.terms.fingerprint for one in told(centre)}
    known[centre.release.study.version] = centre.release.fingerprint
    if known.get(new.version, release.fingerprint) != release.fingerprint:
        raise KnownError(_SAME_VERSION.format(version=new.version))
    found = differences(old, new)
    if wrong := hidden_by(found):
        says = [one.hides for one in wrong if one.hides is not None]
        raise KnownError(_HIDES.format(en="\n".join(s.en for s in says), zh="\n".join(s.zh for s in says), n=len(says)))
    _check_rule(order.rule, rules, new)
    terms, newer = order.terms(release), Rulebook(new, rule_terminology())
    touched = {one.form for one in found if one.what == "item" and one.act == "added" and one.form}
    effects = []
    for subject in AuditTrail(centre.engine).subjects():
        records = list(AuditTrail(centre.engine).records(subject=subject))
        wards = [record for record in records if not record.origin.startswith(LOCAL)] or records
        version = max(wards, key=lambda record: record.at).study
        data = fold(subject, records)
        site = data.enrolled.site if data.enrolled else wards[0].site
        stands = standing(terms, newer, data, today) if not order.sites or site in order.sites else _NOT_HERE
        effects.append(_effect(data, version, stands, (rules, newer), touched, today))
    return Amendment(old.version, new.version, release.fingerprint, found, tuple(effects), terms_words(terms, new))


def give_out(
    reviewer: Reviewer,
    release: StudyRelease,
    approved: date,
    effective: date | None = None,
    sites: Sequence[str] = (),
    rule: EffectiveRule | None = None,
) -> tuple[str, ...]:
    """Give a release out to the workstations of these sites, or of all; returns the workstations it goes to.

    It travels with their next receipts. Given out again, its new terms take the place of the former. The centre makes
    new workstations with it once every workstation has it and no participant is set apart. Raises KnownError as
    `dry_run` does, and for a role that may not.
    """
    centre = reviewer.centre
    refusal = refuse_role(reviewer.role, Act.RELEASE)
    if refusal:
        raise KnownError(refusal.says)
    if approved > reviewer.now.date():
        raise KnownError(_NOT_YET.format(day=approved))
    order = Order(approved, effective or reviewer.now.date(), tuple(sites), rule or EffectiveRule())
    dry_run(centre, release, reviewer.now.date(), order)
    (centre.folder / RELEASES).mkdir(exist_ok=True)
    write_private(release_file(centre.folder, release.fingerprint), release.content)
    gone = CentreLists(centre.engine).successors()
    alive = [one for one in centre.enrolled() if one.origin not in gone]
    to = tuple(one.origin for one in alive if not sites or one.site in sites)
    for origin in to:
        reviewer.tell(origin, order.terms(release))
    if order.rule.is_for_all and all(release.fingerprint in given_to(centre, one.origin) for one in alive):
        _run(centre, release)
    return to


def _check_rule(rule: EffectiveRule, rules: Rulebook, new: Study) -> None:
    """A rule has to name what can be answered before the release is in effect; raises KnownError."""
    old = rules.study
    if rule.consent is not None and (rule.consent not in old.place or old.item(rule.consent).kind not in _DATES):
        raise KnownError(_NO_ITEM.format(item=rule.consent, version=old.version))
    if rule.from_event is not None and (
        rule.from_event not in new.event or new.event[rule.from_event].kind != "scheduled"
    ):
        raise KnownError(_NO_EVENT.format(event=rule.from_event))
    if rule.when is not None:
        try:
            reads = compile_expression(rule.when).reads
        except NotAnExpression as fault:
            raise KnownError(_NO_EXPRESSION.format(when=rule.when, why=fault)) from fault
        if unknown := sorted(name for name in reads if name not in old.place):
            raise KnownError(_NO_ITEM.format(item=", ".join(unknown), version=old.version))


def _run(centre: Centre, release: StudyRelease) -> None:
    """From now on the centre makes new workstations with this release; the one before stays in its folder."""
    import json

    before = centre.release
    write_private(release_file(centre.folder, before.fingerprint), before.content)
    write_private(centre.folder / STUDY, release.content)
    facts = json.loads((centre.folder / CENTRE_FILE).read_text(encoding="utf-8")) | {"fingerprint": release.fingerprint}
    write_private(centre.folder / CENTRE_FILE, json.dumps(facts, indent=1).encode())


def _effect(
    data: SubjectData,
    version: str,
    stands: Standing,
    books: tuple[Rulebook, Rulebook],
    touched: set[str],
    today: date,
) -> SubjectEffect:
    asked = sorted(form for form in data.by_form if form.form in touched)
    drafts = [form for form in asked if form_status(data, form) in _OPEN]
    said = [_findings(book, data, drafts, today) for book in books]
    return SubjectEffect(
        data.subject,
        version,
        stands.state,
        stands.says,
        tuple(map(str, drafts)),
        tuple(str(form) for form in asked if form not in drafts),
        len(said[1] - said[0]),
        len(said[0] - said[1]),
    )


def _findings(
    book: Rulebook, data: SubjectData, forms: Sequence[FormPath], today: date
) -> set[tuple[FormPath, str, str]]:
    return {
        (form, str(finding.path), finding.rule)
        for form in forms
        for finding in assess_form(book, data, form, today).to_finish
    }


_DATES = ("date", "partial_date")
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
_NOT_HERE = Standing("never", Text(en="not given to the site of this participant", zh="未向该受试者所在中心发布"))
_NO_ITEM = Text(
    en="The rule names {item}, which release {version} does not ask (consent has to be a date). A participant could "
    "never answer it before the new release is in effect.",
    zh="规则中的 {item} 不在版本 {version} 中（知情同意须为日期字段），受试者在新版本生效前无法填写。",
)
_NO_EVENT = Text(
    en="{event} is no planned visit of the new release. Name one of its events, as events.yaml does.",
    zh="{event} 不是新版本中的计划访视。请使用 events.yaml 中的事件名称。",
)
_NO_EXPRESSION = Text(en="{when} cannot be read as a rule: {why}", zh="无法将 {when} 读作规则：{why}")
