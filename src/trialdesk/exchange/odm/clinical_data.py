"""What was recorded as ODM clinical data, each answer with its audit record, signatures and annotations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from trialdesk.domain.actions.reasons import CHANGED, EXPLANATIONS, words_of
from trialdesk.domain.admin.role import Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FindingExplained,
    FormCertified,
    FormSigned,
    ItemEntered,
    NoteAdded,
)
from trialdesk.domain.clinical.subject_data import Entry, FormData, ItemData, SubjectData, turn_line
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.exchange.odm import names
from trialdesk.exchange.odm.text import xml


class People:
    """Who and where the records name, and what signatures meant: gathered while writing, for AdminData."""

    def __init__(self) -> None:
        self.users: set[str] = set()
        self.sites: set[str] = set()
        self.meanings: dict[tuple[Text, Text | None], str] = {}
        self.rows: dict[tuple[str, str], int] = {}
        """Form and section to the highest row on record."""

    def signature(self, signed: FormSigned | FormCertified) -> str:
        """The OID of the SignatureDef for what this signature meant and why it binds, word for word."""
        key = (signed.meaning, signed.legal_reason)
        return self.meanings.setdefault(key, f"SD.{len(self.meanings) + 1}")


def subject_data(
    study: Study,
    data: SubjectData,
    people: People,
    forms: Iterable[FormPath] | None = None,
    history: bool = False,
    struck: bool = True,
    left_out: Collection[ItemPath] = (),
    flat: bool = False,
) -> Iterator[str]:
    """One SubjectData in pieces of text; `forms` limits it, `history` writes every record (FileType Transactional).

    `struck` keeps what was struck out, flagged; an export that counts leaves it away. `left_out` are places that a
    snapshot leaves away because their question is not asked any more. `flat` names each row as a section of its own.
    """
    yield from _Subject(study, data, people, history, struck, left_out, flat).write(forms)


class _Subject:
    def __init__(
        self,
        study: Study,
        data: SubjectData,
        people: People,
        history: bool,
        struck: bool,
        left_out: Collection[ItemPath],
        flat: bool,
    ) -> None:
        self.study, self.data, self.people, self.history, self.struck = study, data, people, history, struck
        self.left_out, self.flat = left_out, flat
        self.explained: dict[ItemPath, list[AuditRecord]] = {}
        for (path, rule), records in data.explained.items():
            if records and data.explanation(path, rule):
                self.explained.setdefault(path, []).append(records[-1])
        self.queries: dict[ItemPath, list[str]] = {}
        for query in data.queries.values():
            for path in query.change.paths:
                self.queries.setdefault(path, []).append(query.id)

    def write(self, forms: Iterable[FormPath] | None) -> Iterator[str]:
        order = self.study.event_order
        place = {form.oid: index for index, form in enumerate(self.study.forms)}
        chosen = [form for form in (self.data.by_form if forms is None else forms) if form.event in order]
        chosen = sorted(set(chosen), key=lambda f: (order[f.event], f.repeat, place[f.form]))
        insert = ' TransactionType="Insert"' if self.history else ""
        yield f'<SubjectData SubjectKey="{xml(self.data.subject)}"{insert}>'
        if self.data.enrolled is not None:
            yield self._audit(self.data.enrolled)
            yield f'<SiteRef LocationOID="{names.site(self.data.enrolled.site)}"/>'
        for (event, repeat), some in groupby(chosen, key=lambda f: (f.event, f.repeat)):
            key = f' StudyEventRepeatKey="{repeat}"' if self.study.event[event].repeating else ""
            yield f'<StudyEventData StudyEventOID="{names.event(event)}"{key}{insert}>'
            for form in some:
                yield from self._form(form, insert)
            yield "</StudyEventData>"
        yield "</SubjectData>"

    def _form(self, form: FormPath, insert: str) -> Iterator[str]:
        yield f'<FormData FormOID="{names.form(form.form)}"{insert}>'
        acts = self.data.forms.get(form)
        if acts is not None and not self.history:
            if acts.completion is not None:
                yield self._audit(acts.completion)
            given = acts.signature or (acts.certified[-1] if acts.certified else None)
            if given is not None:
                yield self._signature(given)
        yield from self._unanswered_notes(form)
        definition = self.study.form[form.form]
        place = {(g.oid, i.name): (n, m) for n, g in enumerate(definition.groups) for m, i in enumerate(g.items)}
        known = [p for p in self.data.by_form.get(form, ()) if (p.group, p.item) in place]
        if self.left_out:
            known = [p for p in known if p not in self.left_out]
        if not self.struck:
            known = [p for p in known if not self.data.is_struck(p)]
        known.sort(key=lambda p: (place[p.group, p.item][0], p.group_repeat, place[p.group, p.item][1]))
        repeating = {group.oid for group in definition.groups if group.repeating}
        for (group, row), paths in groupby(known, key=lambda p: (p.group, p.group_repeat)):
            key = f' ItemGroupRepeatKey="{row}"' if group in repeating and not self.flat else ""
            alone = row if group in repeating and self.flat else None
            self.people.rows[form.form, group] = max(row, self.people.rows.get((form.form, group), 0))
            yield f'<ItemGroupData ItemGroupOID="{names.group(form.form, group, alone)}"{key}{insert}>'
            for path in paths:
                yield from self._item(path)
            yield "</ItemGroupData>"
        yield "</FormData>"
        if self.history:
            if acts is not None:
                yield from self._acts(form, acts)
            yield from self._removed(form)

    def _acts(self, form: FormPath, acts: FormData) -> Iterator[str]:
        """Every completion and signature in the order of time, each in a FormData that changes no value."""
        done = [(r.at, r.id, r) for r in (*acts.completed, *acts.signed, *acts.certified, *acts.locked)]
        for _, _, record in sorted(done, key=lambda one: one[:2]):
            signed = isinstance(record.change, FormSigned | FormCertified)
            yield f'<FormData FormOID="{names.form(form.form)}" TransactionType="Context">'
            yield self._audit(record)
            if signed:
                yield self._signature(record)
            yield "</FormData>"

    def _removed(self, form: FormPath) -> Iterator[str]:
        """Rows struck out, and the form itself where it was, each with who did it and why."""
        opening = f'<FormData FormOID="{names.form(form.form)}" TransactionType='
        sections = {group.oid: group for group in self.study.form[form.form].groups}
        for (where, group, row), record in sorted(self.data.struck.items(), key=lambda one: (one[1].at, one[1].id)):
            if where != form:
                continue
            if group is None:
                yield f'{opening}"Remove">{self._audit(record)}</FormData>'
            elif group in sections:
                key = f' ItemGroupRepeatKey="{row}"' if sections[group].repeating else ""
                yield (
                    f'{opening}"Context"><ItemGroupData ItemGroupOID="{names.group(form.form, group)}"{key} '
                    f'TransactionType="Remove">{self._audit(record)}</ItemGroupData></FormData>'
                )

    def _item(self, path: ItemPath) -> Iterator[str]:
        item = self.data.items[path]
        if self.history:
            for entry in item.entries[:-1]:
                yield self._entry(path, item, entry, last=False)
        yield self._entry(path, item, item.entries[-1] if self.history else item.current, last=True)

    def _entry(self, path: ItemPath, item: ItemData, entry: Entry, last: bool) -> str:
        value, missing, unit = entry.answer
        notes: list[str] = []
        if last and item.disputed and not self.history:
            said = " / ".join(e.answer[0] or e.answer[1] or "" for e in item.heads)
            value, notes = None, [_annotation(1, said, "STATE", "DISPUTED", "TD_STATE")]
        elif missing:
            notes.append(_annotation(1, "", "MISSING", missing, "TD_MISSING"))
        elif value is not None and not self.history and self._unlisted(path, value):
            # A reader that knows the code list refuses or drops a value outside it: the words stay beside the place.
            notes = [_annotation(1, value, "STATE", "UNLISTED", "TD_STATE")]
            value = None
        if last:
            notes += self._notes(path, len(notes))
        kind = ""
        if self.history:
            kind = f' TransactionType="{"Insert" if isinstance(entry.change, ItemEntered) else "Upsert"}"'
        said = f' Value="{xml(value)}"' if value is not None else ' IsNull="Yes"'
        unit = unit or self.study.item(path.item).unit
        measured = (
            f'<MeasurementUnitRef MeasurementUnitOID="{names.unit(unit)}"/>' if unit and value is not None else ""
        )
        return (
            f'<ItemData ItemOID="{names.item(path.item)}"{said}{kind}>{self._audit(entry.record)}{measured}'
            f"{''.join(notes)}</ItemData>"
        )

    def _unlisted(self, path: ItemPath, value: str) -> bool:
        codelist = self.study.item(path.item).codelist
        return codelist is not None and self.study.codelist[codelist].label(value) is None

    def _notes(self, path: ItemPath, number: int) -> list[str]:
        notes: list[str] = []
        if self.data.is_struck(path):
            notes.append(_annotation(number + 1, "", "STATE", "STRUCK", "TD_STATE"))
        for record in self.explained.get(path, ()):
            change = record.change
            assert isinstance(change, FindingExplained)
            why = words_of(EXPLANATIONS, change.code, change.words)
            words = f"{change.rule}: {why.zh} {why.en}"
            notes.append(_annotation(number + len(notes) + 1, words, "FINDING", "EXPLAINED", "TD_FINDING", "Site"))
        for record in self.data.notes.get(path, ()):
            notes.append(_note(number + len(notes) + 1, record))
        for name in self.queries.get(path, ()):
            query = self.data.queries[name]
            said = [f"{_by(query.opened)} {query.change.says.zh} {query.change.says.en}"]
            said += [f"{_by(r)} {turn_line(r)}" for r in query.thread]
            notes.append(
                _annotation(number + len(notes) + 1, " | ".join(said), "QUERY", query.state, "TD_QUERY", "Sponsor")
            )
        return notes

    def _unanswered_notes(self, form: FormPath) -> Iterator[str]:
        """Notes at questions nobody has answered: they have no ItemData to stand in, so the form carries them."""
        places = (path for path in self.data.notes if path.form_path == form and path not in self.data.items)
        found = [(path, record) for path in sorted(places) for record in self.data.notes[path]]
        for number, (path, record) in enumerate(found, 1):
            yield _note(number, record, f"{path.item}[{path.group_repeat}]: ")

    def _audit(self, record: AuditRecord) -> str:
        self.people.users.add(record.user)
        self.people.sites.add(record.site)
        why = ""
        if record.reason is not None:
            known = words_of(CHANGED, record.reason.code, record.reason.words)
            why = f"<ReasonForChange>{xml(f'{record.reason.code}: {known.zh} {known.en}')}</ReasonForChange>"
        return (
            f'<AuditRecord><UserRef UserOID="{names.user(record.user)}"/><LocationRef LocationOID='
            f'"{names.site(record.site)}"/><DateTimeStamp>{_moment(record)}</DateTimeStamp>{why}'
            f"<SourceID>{record.id}</SourceID></AuditRecord>"
        )

    def _signature(self, record: AuditRecord) -> str:
        assert isinstance(record.change, FormSigned | FormCertified)
        self.people.users.add(record.user)
        self.people.sites.add(record.site)
        oid = self.people.signature(record.change)
        return (
            f'<Signature ID="S.{record.id.replace(":", ".")}.{names.rule("F", self.data.subject)}">'
            f'<UserRef UserOID="{names.user(record.user)}"/>'
            f'<LocationRef LocationOID="{names.site(record.site)}"/><SignatureRef SignatureOID="{oid}"/>'
            f"<DateTimeStamp>{_moment(record)}</DateTimeStamp></Signature>"
        )


def _by(record: AuditRecord) -> str:
    """When and by whom, for words that ODM gives no audit record of their own."""
    return f"[{_moment(record)} {record.user}]"


def _moment(record: AuditRecord) -> str:
    """When, in the zone it was written in, to the second."""
    return record.local_time.isoformat(timespec="seconds")


def _note(number: int, record: AuditRecord, before: str = "") -> str:
    """A person's note with who and when; `before` names the question where it stands apart from it."""
    assert isinstance(record.change, NoteAdded)
    by = "Site" if record.role in (Role.NURSE, Role.INVESTIGATOR) else "Sponsor"
    return _annotation(number, f"{before}{_by(record)} {record.change.words}", "NOTE", "WRITTEN", "TD_NOTE", by)


def _annotation(number: int, words: str, kind: str, value: str, codelist: str, by: str = "") -> str:
    side = f' SponsorOrSite="{by}"' if by else ""
    comment = f"<Comment{side}>{xml(words)}</Comment>" if words else ""
    return (
        f'<Annotation SeqNum="{number}">{comment}<Flag><FlagValue CodeListOID="{names.codelist(codelist)}">{value}'
        f'</FlagValue><FlagType CodeListOID="{names.codelist("TD_FLAG")}">{kind}</FlagType></Flag></Annotation>'
    )
