"""Finding any field, form, visit, participant, query or act by name, pinyin or code; nothing is shown or done here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from trialdesk.domain.admin.role import Act, may
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.pinyin import Match, find
from trialdesk.domain.text import Text
from trialdesk.services.pinyin import readings
from trialdesk.services.worklist import Column, Plan

if TYPE_CHECKING:
    from trialdesk.domain.clinical.subject_data import SubjectData
    from trialdesk.services.desk import OpenDesk

Kind = Literal["field", "form", "visit", "log", "act", "participant", "query"]
MOST_LABELS, MOST_PLACES, MOST_IN_GROUP = 12, 3, 7
"""How many labels are followed up, how many places of each are offered, how many lines a group shows."""

_URGENT: dict[str, int] = {"closes_today": 0, "in_window": 1, "overdue": 2, "done": 3, "none": 4, "not_due": 5}


@dataclass(frozen=True)
class Command:
    """Something that can be done: its name to whoever does it, its words, the key that does the same.

    `right` is what a role must be allowed for it to be offered.
    """

    name: str
    label: Text
    key: str = ""
    needs_subject: bool = False
    needs_form: bool = False
    right: Act | None = None


@dataclass(frozen=True)
class Hit:
    """One line of the answer: where it leads, what to show, and which letters of the leading words matched."""

    kind: Kind
    label: Text
    about: Text
    subject: str | None = None
    form: FormPath | None = None
    path: ItemPath | None = None
    act: str = ""
    key: str = ""
    detail: str = ""
    match: Match | None = None
    in_english: bool = False


@dataclass(frozen=True)
class HitGroup:
    """Lines under one title."""

    title: Text
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class _Label:
    """Something that has a name, once for the whole study."""

    kind: Kind
    oid: str
    text: Text


class Finder:
    """Answers while one types; it holds the labels of the study and reads the open desk."""

    def __init__(self, desk: OpenDesk, commands: tuple[Command, ...]) -> None:
        self._desk, self._commands = desk, commands
        self._sorted: dict[str, tuple[Plan, list[Column]]] = {}

    @cached_property
    def _labels(self) -> tuple[_Label, ...]:
        study = self._desk.study
        made = [_Label("field", item.name, item.label) for f in study.forms for g in f.groups for item in g.items]
        made += [_Label("form", form.oid, form.label) for form in study.forms]
        made += [_Label("visit", event.oid, event.label) for event in study.events]
        return tuple(made)

    def find(self, typed: str, subject: str | None, form: FormPath | None = None) -> tuple[HitGroup, ...]:
        """What fits, best first: in this participant, to do, in others. `>` acts, `@` participants, `#` queries.

        Who may not see participants finds acts alone.
        """
        wanted = typed.strip()
        sign, rest = (wanted[:1], wanted[1:].strip()) if wanted[:1] in (">", "@", "#", "》") else ("", wanted)
        if sign in (">", "》"):
            return _groups([(_DO, self._acts(rest, subject, form, everything=True))])
        if not may(self._desk.session.user.role, Act.VIEW):
            return _groups([(_DO, [] if sign else self._acts(rest, None, None))])
        if sign == "@":
            return _groups([(_PEOPLE, self._people(rest))])
        if sign == "#":
            return _groups([(_QUERIES, self._queries(rest))])
        if not wanted:
            return _groups([(_PEOPLE, self._people("")), (_DO, self._acts("", subject, form))])
        labels = self._matching(wanted)
        here = self._here(labels, subject, wanted) if subject is not None else []
        others = self._people(wanted) + self._others(labels, subject)
        title = _IN_SUBJECT
        if subject is not None:
            number = subject.rsplit("-", 1)[-1]
            initials = self._desk.casebook(subject).data.initials
            title = Text(en=f"In participant {number} {initials}", zh=f"受试者 {number} {initials} 内")
        return _groups(
            [
                (title, here),
                (_DO, self._acts(wanted, subject, form) + self._new_event(wanted, subject)),
                (_OTHERS if subject is not None else _PEOPLE, others),
            ]
        )

    def warm(self) -> None:
        """Fetch what the first letter would otherwise wait for."""
        from trialdesk.services.terminology import search

        readings()
        search("zz")
        self.find("zz", None)

    # -- matching

    def _match(self, typed: str, text: Text, code: str = "") -> tuple[Match, bool] | None:
        """Where the Chinese, else the English, else the code fits, and whether it was the English."""
        zh = find(typed, text.zh, readings())
        en = find(typed, text.en, {})
        if zh is not None and (en is None or zh.rank <= en.rank):
            return zh, False
        if en is not None:
            return en, True
        at = code.lower().find(typed.lower()) if code else -1
        return (Match(0, 0, 0 if code.lower() == typed.lower() else 4 if at == 0 else 6), False) if at >= 0 else None

    def _matching(self, typed: str) -> list[tuple[_Label, Match, bool]]:
        found = []
        for label in self._labels:
            fits = self._match(typed, label.text, label.oid)
            if fits is not None:
                found.append((label, *fits))
        order = {"field": 0, "form": 0, "visit": 1}
        found.sort(key=lambda one: (one[1].rank, order[one[0].kind], len(one[0].text.zh)))
        return found[:MOST_LABELS]

    # -- in one participant

    def _columns(self, subject: str) -> list[Column]:
        """Visits of a participant, those where work waits first."""
        plan = self._desk.plan(subject)
        known = self._sorted.get(subject)
        if known is None or known[0] is not plan:
            columns = sorted(
                enumerate(plan.columns), key=lambda one: (_URGENT[one[1].state], one[1].window is None, one[0])
            )
            known = self._sorted[subject] = (plan, [column for _, column in columns])
        return known[1]

    def _here(self, labels: list[tuple[_Label, Match, bool]], subject: str, typed: str) -> list[Hit]:
        found: list[Hit] = []
        places = MOST_PLACES if len(labels) > 2 else MOST_IN_GROUP
        for label, match, english in labels:
            if label.kind == "visit":
                found += [replace(h, match=match, in_english=english) for h in self._visit(label.oid, subject)]
                continue
            hits = self._places(label, subject, places)
            found += [replace(hit, match=match, in_english=english) for hit in hits]
        return self._log_hits(typed, subject) + found

    def _places(self, label: _Label, subject: str, most: int) -> list[Hit]:
        """Where a form, or the form of a field, is asked of this participant."""
        study = self._desk.study
        oid = label.oid if label.kind == "form" else study.place[label.oid][0].oid
        found: list[Hit] = []
        for column in self._columns(subject):
            if oid in column.event.forms and len(found) < most:
                form = FormPath(column.event.oid, column.repeat, oid)
                found.append(self._hit(label, subject, form, column.label))
        for log in self._desk.plan(subject).logs:
            if oid in log.event.forms:
                for row in (*reversed(log.rows), FormPath(log.event.oid, log.next_repeat, oid)):
                    if len(found) < most:
                        where = Text(en="{log} {n}", zh="{log} {n}").format(log=log.event.label, n=row.repeat)
                        found.append(self._hit(label, subject, FormPath(row.event, row.repeat, oid), where))
        return found

    def _hit(self, label: _Label, subject: str, form: FormPath, where: Text) -> Hit:
        study = self._desk.study
        if label.kind == "form":
            return Hit("form", label.text, where, subject, form, detail=label.oid)
        form_def, group, item = study.place[label.oid]
        path = form.item(group.oid, item.name)
        known = self._desk.casebook(subject).data.items.get(path)
        value = known.value if known is not None else None
        words = (study.words(item, value) if value else None) or Text(
            en=f"{value} {(known.unit if known else None) or item.unit or ''}".strip() if value else "empty",
            zh=f"{value} {(known.unit if known else None) or item.unit or ''}".strip() if value else "未填",
        )
        about = Text(en="{form}, {where}, {value}", zh="{form}，{where}，{value}").format(
            form=form_def.label, where=where, value=words
        )
        return Hit("field", label.text, about, subject, form, path, detail=item.name)

    def _visit(self, oid: str, subject: str) -> list[Hit]:
        event = self._desk.study.event[oid]
        found = []
        for column in self._columns(subject):
            if column.event.oid == oid:
                count = Text(en="visit, {n} forms", zh="访视，{n} 张表单").format(n=len(column.forms))
                found.append(Hit("visit", column.label, count, subject, column.forms[0]))
        for log in self._desk.plan(subject).logs:
            if log.event.oid == oid:
                form = FormPath(oid, log.next_repeat, event.forms[0])
                found.append(Hit("log", event.label, Text(en="new entry", zh="新记录"), subject, form))
        return found

    def _log_hits(self, typed: str, subject: str, most: int = 3) -> list[Hit]:
        """Adverse events and other log entries by what they are about."""
        casebook = self._desk.casebook(subject)
        data, study = casebook.data, casebook.study()
        found: list[Hit] = []
        for log in self._desk.plan(subject).logs:
            for form in log.rows:
                name = self._name_of(data, form)
                fits = self._match(typed, name) if name is not None else None
                if fits is not None and name is not None and len(found) < most:
                    text = Text(
                        en=f"{log.event.oid}-{form.repeat} {name.en}", zh=f"{log.event.oid}-{form.repeat} {name.zh}"
                    )
                    match = self._match(typed, text) or fits
                    found.append(
                        Hit("log", text, study.event[form.event].label, subject, form, None, "", "", "", *match)
                    )
        return found

    def _name_of(self, data: SubjectData, form: FormPath) -> Text | None:
        """What a log entry is about: its first answered question of words, in both languages where they are known."""
        from trialdesk.services.terminology import rule_terminology

        study = self._desk.study
        for group in study.form[form.form].groups:
            for item in group.items:
                value = data.value(form.item(group.oid, item.name))
                if value and item.kind == "term":
                    term = rule_terminology().find(value)
                    return term.label if term is not None else Text(en=value, zh=value)
                if value and item.kind in ("text", "code"):
                    return study.words(item, value) or Text(en=value, zh=value)
        return None

    # -- acts, people, queries

    def _acts(self, typed: str, subject: str | None, form: FormPath | None, everything: bool = False) -> list[Hit]:
        found = []
        for command in self._commands:
            if (command.needs_subject and subject is None) or (command.needs_form and form is None):
                continue
            if command.right is not None and not may(self._desk.session.user.role, command.right):
                continue
            match = self._match(typed, command.label) if typed else (None, False)
            if match is not None:
                hit = Hit("act", command.label, Text(en="", zh=""), act=command.name, key=command.key)
                found.append(replace(hit, match=match[0], in_english=match[1]))
        found.sort(key=lambda one: one.match.rank if one.match else 0)
        return found if everything else found[:4]

    def _new_event(self, typed: str, subject: str | None) -> list[Hit]:
        """A new adverse event of the term that was typed."""
        from trialdesk.services.terminology import search

        if subject is None or len(typed) < 2 or "AE" not in self._desk.study.event:
            return []
        found = []
        for term in search(typed, 2):
            label = Text(en="New adverse event: {term}", zh="新不良事件：{term}").format(term=term.label)
            match = self._match(typed, label)
            about = Text(en="CTCAE 5.0", zh="CTCAE 5.0")
            hit = Hit("act", label, about, subject, act="adverse_event", key="Alt A", detail=term.name)
            found.append(replace(hit, match=match[0], in_english=match[1]) if match else hit)
        return found

    def _people(self, typed: str) -> list[Hit]:
        found = []
        for subject in self._desk.subjects():
            initials = self._desk.casebook(subject).data.initials
            if not typed or typed.lower() in subject.lower() or initials.lower().startswith(typed.lower()):
                name = Text(en=initials, zh=initials)
                at = initials.lower().find(typed.lower()) if typed else -1
                match = Match(at, at + len(typed), 0) if at >= 0 else None
                found.append(Hit("participant", name, self._where(subject), subject, match=match))
        return found

    def _where(self, subject: str) -> Text:
        from trialdesk.services.worklist import day_text

        return day_text(self._desk.book, self._desk.casebook(subject).data, self._desk.session.today)

    def _queries(self, typed: str) -> list[Hit]:
        found = []
        for subject in self._desk.subjects():
            for query in self._desk.casebook(subject).data.queries.values():
                if query.state not in ("Open", "Answered"):
                    continue
                path = query.change.paths[0]
                text = query.says
                match = self._match(typed, text, path.item) if typed else (None, False)
                if match is not None:
                    item = self._desk.study.item(path.item).label
                    hit = Hit("query", text, item, subject, path.form_path, path)
                    found.append(replace(hit, match=match[0], in_english=match[1]))
        return found

    def _others(self, labels: list[tuple[_Label, Match, bool]], subject: str | None) -> list[Hit]:
        """The same form or field where it waits in other participants, and log entries by name."""
        found: list[Hit] = []
        for other in self._desk.subjects():
            if other == subject:
                continue
            for label, match, english in labels[:2]:
                if label.kind == "visit":
                    continue
                waiting = (h for h in self._places(label, other, 1) if self._waits(other, h.form))
                found += [replace(hit, match=match, in_english=english) for hit in waiting]
        return found[:5]

    def _waits(self, subject: str, form: FormPath | None) -> bool:
        return any(
            form in c.forms and c.state in ("in_window", "closes_today", "overdue") for c in self._columns(subject)
        )


def _groups(found: Iterable[tuple[Text, list[Hit]]]) -> tuple[HitGroup, ...]:
    return tuple(HitGroup(title, tuple(_first(hits))) for title, hits in found if hits)


def _first(hits: list[Hit]) -> Iterator[Hit]:
    seen: set[tuple[object, ...]] = set()
    shown = 0
    for hit in hits:
        key = (hit.kind, hit.subject, hit.form, hit.path, hit.act, hit.detail, hit.label.en)
        if key not in seen and shown < MOST_IN_GROUP * (3 if hit.kind in ("act", "query", "participant") else 1):
            seen.add(key)
            shown += 1
            yield hit


_IN_SUBJECT = Text(en="In this participant", zh="本受试者内")
_DO = Text(en="Do", zh="做一件事")
_PEOPLE = Text(en="Participants", zh="受试者")
_OTHERS = Text(en="Others", zh="其他受试者")
_QUERIES = Text(en="Queries", zh="质疑")
