"""What the monitoring plan asks to be compared with its source, and how far that is: a reading of plan and casebook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.monitoring import MonitoringPlan, Why
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text


class Shield(StrEnum):
    """How it stands with the comparison of one answer, or of a whole form."""

    NOT_NEEDED = "not_needed"
    TO_VERIFY = "to_verify"
    LAPSED = "lapsed"
    VERIFIED = "verified"


SHIELD_WORDS: dict[Shield, Text] = {
    Shield.NOT_NEEDED: Text(en="not in the plan", zh="计划外"),
    Shield.TO_VERIFY: Text(en="to verify", zh="待核查"),
    Shield.LAPSED: Text(en="lapsed: changed since verified", zh="已失效：核查后有更改"),
    Shield.VERIFIED: Text(en="verified", zh="已核查"),
}


@dataclass(frozen=True)
class ItemReview:
    """One answer: whether the plan asks for it, how it stands, and whether it is drawn to be compared once more."""

    path: ItemPath
    required: bool
    shield: Shield
    again: bool = False


@dataclass(frozen=True)
class Tally:
    """Answers the plan asks for, those of them verified as they stand, those whose verification lapsed, and extra ones.

    `extra` are answers verified though the plan does not ask for them, `again` verified ones drawn to be compared once
    more.
    """

    required: int = 0
    verified: int = 0
    lapsed: int = 0
    extra: int = 0
    again: int = 0

    @property
    def remaining(self) -> int:
        """Answers still to be verified, lapsed ones among them."""
        return self.required - self.verified

    @property
    def shield(self) -> Shield:
        """The one state that speaks for all of them."""
        if self.lapsed:
            return Shield.LAPSED
        if self.remaining:
            return Shield.TO_VERIFY
        return Shield.VERIFIED if self.required else Shield.NOT_NEEDED

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.required + other.required,
            self.verified + other.verified,
            self.lapsed + other.lapsed,
            self.extra + other.extra,
            self.again + other.again,
        )


@dataclass(frozen=True)
class FormReview:
    """One form with its answers in the order of the form."""

    form: FormPath
    items: tuple[ItemReview, ...]

    @property
    def tally(self) -> Tally:
        """The counts of this form."""
        asked = [one for one in self.items if one.required]
        return Tally(
            len(asked),
            sum(one.shield is Shield.VERIFIED for one in asked),
            sum(one.shield is Shield.LAPSED for one in asked),
            sum(one.shield is Shield.VERIFIED and not one.required for one in self.items),
            sum(one.again for one in self.items),
        )


@dataclass(frozen=True)
class SubjectReview:
    """One participant: the place in the order of enrolment at the site, why compared in full, every recorded form."""

    subject: str
    place: int
    full: Why | None
    forms: tuple[FormReview, ...]

    @property
    def tally(self) -> Tally:
        """The counts of this participant."""
        return summed(form.tally for form in self.forms)


def summed(tallies: Iterable[Tally]) -> Tally:
    """Counts put together, of forms or of participants."""
    total = Tally()
    for one in tallies:
        total += one
    return total


def enrolment_places(people: Iterable[SubjectData]) -> dict[str, int]:
    """The place of each participant in the order of enrolment at the site, from 1.

    The order is by the time stamped when the number was given, then by number; those without that record come last.
    """
    by_site: dict[str, list[tuple[str, str]]] = {}
    for data in people:
        site, at = (data.enrolled.site, data.enrolled.at) if data.enrolled else ("", "9")
        by_site.setdefault(site, []).append((at, data.subject))
    return {subject: place for ordered in by_site.values() for place, (_, subject) in enumerate(sorted(ordered), 1)}


def review_form(study: Study, plan: MonitoringPlan, data: SubjectData, form: FormPath, full: bool) -> FormReview:
    """How it stands with one form; answers of the program itself and struck rows are compared with nothing."""
    need = plan.need(form.event, form.form, full)
    critical = frozenset(plan.critical)
    order, found = _order(study, form.form), []

    def place(path: ItemPath) -> tuple[int, int, int]:
        group, item = order.get(path.item, (999, 0))
        return group, path.group_repeat, item

    for path in sorted(data.by_form.get(form, ()), key=place):
        known = study.place.get(path.item)
        if known is None or known[2].by_program or data.is_struck(path):
            continue
        required = need == "all" or (need == "critical" and path.item in critical)
        shield = _shield(data, path, required)
        again = shield is Shield.VERIFIED and _once_in_many(data, path)
        again = again and plan.again(study.oid, data.subject, str(path))
        found.append(ItemReview(path, required, shield, again))
    return FormReview(form, tuple(found))


def review_subject(study: Study, plan: MonitoringPlan, data: SubjectData, place: int) -> SubjectReview:
    """How it stands with one participant, the `place`-th enrolled at the site."""
    full = plan.in_full(study.oid, data.subject, place)
    forms = sorted(data.by_form, key=lambda form: _schedule(study, form))
    found = (review_form(study, plan, data, form, full is not None) for form in forms)
    return SubjectReview(data.subject, place, full, tuple(one for one in found if one.items))


def _shield(data: SubjectData, path: ItemPath, required: bool) -> Shield:
    if data.verification(path) is not None:
        return Shield.VERIFIED
    if any(record.id not in data.unverified for record in data.verified.get(path, ())):
        return Shield.LAPSED
    return Shield.TO_VERIFY if required else Shield.NOT_NEEDED


def _once_in_many(data: SubjectData, path: ItemPath) -> bool:
    """Whether the only comparison that holds for an answer was made for several answers in one act."""
    heads = data.items[path].head_ids
    holding = [
        record.change
        for record in data.verified.get(path, ())
        if record.id not in data.unverified and set(getattr(record.change, "covers", ())).issuperset(heads)
    ]
    return len(holding) == 1 and len(getattr(holding[0], "paths", ())) > 1


def _schedule(study: Study, form: FormPath) -> tuple[int, int, int, FormPath]:
    """Visit, round or log row, and place of a form among those of its visit."""
    event = study.event.get(form.event)
    at = event.forms.index(form.form) if event is not None and form.form in event.forms else 99
    return study.event_order.get(form.event, 999), form.repeat, at, form


def _order(study: Study, form: str) -> dict[str, tuple[int, int]]:
    """Group and place of each item as they stand on a form."""
    known = study.form.get(form)
    if known is None:
        return {}
    return {item.name: (g, i) for g, group in enumerate(known.groups) for i, item in enumerate(group.items)}
