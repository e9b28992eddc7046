"""Whether a release is in effect for a participant, and if not, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.clinical.changes import StudyReleased
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.partial_date import PartialDate
from trialdesk.domain.rules.expression import compile_expression
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

State = Literal["in_effect", "waits", "never"]


@dataclass(frozen=True)
class Standing:
    """Where a release stands for one participant (and form): in effect, waiting for something, or not meant; and why."""

    state: State
    says: Text

    @property
    def holds(self) -> bool:
        """True when a form begun now is begun under the release."""
        return self.state == "in_effect"


def standing(
    terms: StudyReleased, book: Rulebook, data: SubjectData, today: date, form: FormPath | None = None
) -> Standing:
    """Judge the conditions in order; the first that does not hold gives the reason.

    `book` reads the participant: any release that knows the items the rule names. Without a form the participant as a
    whole is judged, and the first visit of the rule is left open.
    """
    rule, enrolled = terms.rule, _enrolled(data, today)
    if rule.subjects and data.subject not in rule.subjects:
        return Standing("never", _NOT_NAMED)
    if rule.newly_enrolled and enrolled < date.fromisoformat(terms.effective):
        return Standing("never", _BEFORE.format(day=enrolled, since=terms.effective))
    if today < date.fromisoformat(terms.effective):
        return Standing("waits", _DAY.format(day=terms.effective))
    if rule.consent is not None and not _consented(data, rule.consent, date.fromisoformat(terms.approved)):
        return Standing("waits", _CONSENT.format(item=_label(book.study, rule.consent), day=terms.approved))
    if rule.when is not None and not _true(rule.when, book, data, today):
        return Standing("waits", _WHEN.format(when=rule.when))
    if rule.from_event is not None:
        event = book.study.event.get(rule.from_event)
        visit = event.short if event else Text(en=rule.from_event, zh=rule.from_event)
        if form is not None and not _reached(book, data, form, rule.from_event):
            return Standing("waits", _VISIT.format(visit=visit))
        return Standing("in_effect", _FROM_VISIT.format(visit=visit))
    return Standing("in_effect", _NOW)


def terms_words(terms: StudyReleased, study: Study) -> Text:
    """From when and for whom a release takes effect, in words."""
    rule = terms.rule
    said = [Text(en="from {day}", zh="{day} 起").format(day=terms.effective)]
    if rule.subjects:
        named = ", ".join(rule.subjects)
        said.append(Text(en="for {named}", zh="限 {named}").format(named=named))
    if rule.newly_enrolled:
        said.append(Text(en="for participants enrolled from then on", zh="限此日起入组的受试者"))
    if rule.consent is not None:
        words = Text(
            en="after consent again on or after {day} ({item})", zh="须在 {day} 或之后重新签署知情同意（{item}）后"
        )
        said.append(words.format(day=terms.approved, item=_label(study, rule.consent)))
    if rule.when is not None:
        said.append(Text(en="where {when}", zh="须满足 {when}").format(when=rule.when))
    if rule.from_event is not None:
        event = study.event.get(rule.from_event)
        visit = event.short if event else Text(en=rule.from_event, zh=rule.from_event)
        said.append(Text(en="from visit {visit} on", zh="自“{visit}”访视起").format(visit=visit))
    return Text(en=", ".join(one.en for one in said), zh="，".join(one.zh for one in said))


def _enrolled(data: SubjectData, today: date) -> date:
    """The local day of enrolment; a number that is given this moment is enrolled today."""
    return data.enrolled.local_time.date() if data.enrolled else today


def _consented(data: SubjectData, item: str, since: date) -> bool:
    for path in data.by_item.get(item, ()):
        text = data.value(path)
        found = PartialDate.parse(text) if text else None
        if found is not None and found.complete and found.earliest >= since:
            return True
    return False


def _true(when: str, book: Rulebook, data: SubjectData, today: date) -> bool:
    place = FormPath(book.study.baseline_event, 1, book.study.event[book.study.baseline_event].forms[0])
    return compile_expression(when).run(PlaceScope(book, data, place, None, 1, today)) is True


def _reached(book: Rulebook, data: SubjectData, form: FormPath, event: str) -> bool:
    """Visits count by the schedule; an entry of a log counts once that visit, or a later one, holds an answer."""
    if event not in book.study.event:
        return False
    wanted = book.order(FormPath(event, 1, ""))
    if form.event in book.study.event and book.study.event[form.event].kind == "scheduled":
        return book.order(form) >= wanted
    return any(
        book.study.event[one.event].kind == "scheduled" and book.order(one) >= wanted
        for one in data.by_form
        if one.event in book.study.event
    )


def _label(study: Study, item: str) -> Text:
    return study.item(item).label if item in study.place else Text(en=item, zh=item)


_NOW = Text(en="in effect for every form begun from now on", zh="已生效，此后新填的表单按此版本")
_FROM_VISIT = Text(en="in effect from visit {visit} on", zh="自“{visit}”访视起生效")
_NOT_NAMED = Text(en="not for this participant: not named in the release", zh="不适用：发布时未指定该受试者")
_BEFORE = Text(en="not for this participant: enrolled on {day}, before {since}", zh="不适用：{day} 入组，早于 {since}")
_DAY = Text(en="waits for {day}", zh="待 {day} 生效")
_CONSENT = Text(
    en="waits for consent again: {item} on or after {day} is not recorded",
    zh="待重新知情同意：尚无 {day} 或之后的“{item}”",
)
_WHEN = Text(
    en="waits until {when} is true; it is not, or cannot be told yet", zh="待满足 {when}；目前不满足或无法判断"
)
_VISIT = Text(en="waits for visit {visit}", zh="待“{visit}”访视")
