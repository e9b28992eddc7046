"""Why a participant counts as they do: the dates and categories the endpoints read, with the answers they stand in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from trialdesk.centre.endpoints import Endpoints
from trialdesk.domain.clinical.course import Assessed, Course
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.endpoint import GradeRoles
from trialdesk.domain.text import Text
from trialdesk.services.endpoint_view import Fact, Topic
from trialdesk.services.terminology import rule_terminology

_ALL: tuple[Topic, ...] = ("flow", "response", "os", "dfs", "nrm", "acute-gvhd", "chronic-gvhd", "trae", "incomplete")
_TIMES: tuple[Topic, ...] = ("flow", "os", "dfs", "nrm", "incomplete")


def facts_of(endpoints: Endpoints, one: Course, data: SubjectData) -> tuple[Fact, ...]:
    """Every fact of one participant, by what it bears on."""
    return tuple(_Facts(endpoints, one, data).found())


class _Facts:
    def __init__(self, endpoints: Endpoints, one: Course, data: SubjectData) -> None:
        self.endpoints, self.one, self.data = endpoints, one, data
        self.study, self.roles = endpoints.study, endpoints.roles

    def found(self) -> Iterator[Fact]:
        one, roles = self.one, self.roles
        if one.enrolled is None:
            yield Fact(frozenset(_ALL), _ENROLLED, _NO_DATE, None, self._place(roles.enrolled))
        else:
            yield self._day(_ALL, _ENROLLED, one.enrolled, roles.enrolled)
        first = min(one.treatment, default=None)
        items = [treatment.item for treatment in roles.treatment]
        if first is not None:
            yield self._day(("flow", "response", "acute-gvhd", "chronic-gvhd", "trae"), _FIRST, first, *items)
            last = max(one.treatment)
            if last != first:
                yield self._day(("trae",), _LAST_DOSE, last, *items)
        if one.treated is not None:
            yield self._day(("flow", "response"), _TREATED, one.treated, roles.treated)
        yield from self._responses()
        yield from self._times()
        yield from self._grades(roles.acute_gvhd, one.acute_gvhd, "acute-gvhd", True)
        yield from self._grades(roles.chronic_gvhd, one.chronic_gvhd, "chronic-gvhd", False)
        yield from self._events()
        for name in one.incomplete:
            label = self.study.item(name).label if name in self.study.place else Text(en=name, zh=name)
            yield Fact(frozenset({"incomplete"}), _MISSING, label, None, self._place(name))

    def _responses(self) -> Iterator[Fact]:
        one, roles = self.one, self.roles.response
        until, best = self.endpoints.response_until(one), self.endpoints.best_response(one)
        first = min(one.treatment, default=None)
        item = self.study.item(roles.value)
        for seen in one.responses:
            inside = first is not None and until is not None and first <= seen.day <= until
            words = self.study.words(item, seen.value) or Text(en=seen.value, zh=seen.value)
            if not inside:
                words = Text(en="{value}, outside the window", zh="{value}，在评价窗外").format(value=words)
            topics: tuple[Topic, ...] = ("response", "dfs", "nrm") if seen.value in self._deciding() else ("response",)
            yield Fact(frozenset(topics), _RESPONSE, words, seen.day, self._at(seen, roles.date, roles.value))
        if until is not None:
            yield Fact(frozenset({"response"}), _WINDOW, Text(en="", zh=""), until)
            said = (self.study.words(item, best) if best else None) or _NOT_ASSESSED
            yield Fact(frozenset({"response"}), _BEST, said)

    def _deciding(self) -> tuple[str, ...]:
        return (*self.endpoints.complete_codes, *self.roles.response.relapse)

    def _times(self) -> Iterator[Fact]:
        one, roles = self.one, self.roles
        remission = self.endpoints.first_remission(one)
        if remission is not None:
            yield self._day(("flow", "dfs", "nrm"), _REMISSION, remission, roles.response.date)
        if one.relapse is not None:
            yield self._day(("flow", "dfs", "nrm"), _RELAPSE, one.relapse, roles.relapse.date, roles.response.date)
        if one.death is not None:
            cause = None
            if roles.death_cause and one.death_cause:
                cause = self.study.words(self.study.item(roles.death_cause), one.death_cause)
            yield self._day(_TIMES, _DEATH, one.death, roles.death, value=cause)
        elif one.last_contact is not None:
            yield self._day(_TIMES, _CONTACT, one.last_contact, *roles.contact)
        if one.ended is not None and roles.withdrawal is not None:
            why = self.study.words(self.study.item(roles.withdrawal.reason), one.end_reason) if one.end_reason else None
            yield self._day(("flow",), _ENDED, one.ended, roles.withdrawal.date, value=why)

    def _grades(self, roles: GradeRoles, seen: tuple[Assessed, ...], topic: Topic, acute: bool) -> Iterator[Fact]:
        worst = self.endpoints.worst(self.one, acute)
        for one in seen:
            words = self.study.words(self.study.item(roles.grade), one.value) or Text(en=one.value, zh=one.value)
            if one.at_least:
                words = Text(en="at least {grade}", zh="至少 {grade}").format(grade=words)
            if one.value == worst:
                words = Text(en="{grade}, the highest", zh="{grade}，最高").format(grade=words)
            yield Fact(frozenset({topic}), _GRADE, words, one.day, self._at(one, roles.date, roles.grade))
        if not seen:
            yield Fact(frozenset({topic}), _GRADE, _NEVER)

    def _events(self) -> Iterator[Fact]:
        roles = self.roles.events
        paths = {path.repeat: path for path in self.data.by_item.get(roles.term, ())}
        for event in self.one.events:
            term = rule_terminology().words_of(event.term)
            grade = f"{event.grade}" if event.grade is not None else "?"
            pairs = zip(roles.related, event.related, strict=True)
            judged = [self.study.words(self.study.item(name), code) for name, code in pairs if code]
            related = Text(
                en=", ".join(one.en for one in judged if one) or "–",
                zh="、".join(one.zh for one in judged if one) or "–",
            )
            said = Text(
                en="{term}, grade {grade}, related {related}, GVHD {gvhd}, from {start}",
                zh="{term}，{grade} 级，相关性 {related}，GVHD {gvhd}，始于 {start}",
            ).format(
                term=term, grade=grade, related=related, gvhd=event.gvhd or "–",
                start=event.start.text if event.start else "–",
            )  # fmt: skip
            day = event.start.earliest if event.start else None
            label = Text(en=f"Adverse event {event.row}", zh=f"不良事件 {event.row}")
            yield Fact(frozenset({"trae"}), label, said, day, paths.get(event.row))

    # -- where it stands

    def _day(self, topics: tuple[Topic, ...], label: Text, day: date, *items: str, value: Text | None = None) -> Fact:
        text = day.isoformat()
        return Fact(frozenset(topics), label, value or Text(en="", zh=""), day, self._place(*items, value=text))

    def _place(self, *items: str, value: str | None = None) -> ItemPath | None:
        """The first answer of these items that holds the value, or any answer of theirs."""
        found = [path for name in items for path in self.data.by_item.get(name, ())]
        holding = (path for path in found if value is not None and self.data.value(path) == value)
        return next(holding, None if value is not None else next(iter(found), None))

    def _at(self, seen: Assessed, day_item: str, value_item: str) -> ItemPath | None:
        """The answer of a category that was found on a day, else the day's own."""
        for path in self.data.by_item.get(day_item, ()):
            if self.data.value(path) == seen.day.isoformat():
                _, group, _ = self.study.place[value_item]
                row = path.group_repeat if group.oid == path.group else 1
                other = path.form_path.item(group.oid, value_item, row)
                return other if other in self.data.items else path
        return None


_ENROLLED = Text(en="Enrolled", zh="入组")
_NO_DATE = Text(en="no date of enrolment up to the cut", zh="截止日前无入组日期")
_FIRST, _LAST_DOSE = (
    Text(en="First study treatment", zh="首次研究治疗"),
    Text(en="Last study treatment", zh="末次研究治疗"),
)
_TREATED = Text(en="First plerixafor", zh="首次普乐沙福")
_RESPONSE, _BEST = Text(en="Response", zh="疗效评价"), Text(en="Best response", zh="最佳疗效")
_WINDOW = Text(en="Response window ends", zh="评价窗截止")
_NOT_ASSESSED, _NEVER = Text(en="not assessed", zh="未评价"), Text(en="never assessed", zh="未评估")
_REMISSION, _RELAPSE = Text(en="First complete remission", zh="首次完全缓解"), Text(en="Relapse", zh="复发")
_DEATH, _CONTACT = Text(en="Death", zh="死亡"), Text(en="Last contact", zh="末次随访")
_ENDED, _GRADE = Text(en="End of study", zh="研究结束"), Text(en="Assessment", zh="评估")
_MISSING = Text(en="Missing or disputed", zh="缺少或有争议")
