"""A desk takes up the study releases that the centre gave out, each from its day on; nothing recorded changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.clinical.changes import LabRangesGiven, LabRangesTaken, StudyAdopted, StudyReleased
from trialdesk.services.clock import Clock

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from trialdesk.domain.clinical.audit_record import AuditRecord
    from trialdesk.domain.rules.rulebook import Rulebook
    from trialdesk.domain.rules.rulebooks import HeldRanges
    from trialdesk.domain.study.study import Study
    from trialdesk.services.desk import OpenDesk
    from trialdesk.storage.audit_trail import AuditTrail

WAITING = "study.next"


def given(engine: Engine) -> tuple[StudyReleased, ...]:
    """Every release the centre gave out to this workstation, in this order; the last terms of a release count.

    On a desk that stands in the place of a dead one, what that one was told comes first.
    """
    found: dict[str, StudyReleased] = {}
    for record in _told(engine, "StudyReleased", "CENTRE-"):
        if isinstance(record.change, StudyReleased):
            found[record.change.fingerprint] = record.change
    return tuple(found.values())


def take_up_due(
    home: Path,
    engine: Engine,
    meta: dict[str, str],
    origin: str,
    clock: Clock,
    trail: AuditTrail | None = None,
    read: Mapping[str, Study] | None = None,
) -> dict[str, str]:
    """Take up every release that is due, before anyone works; returns what the database then knows of itself.

    `trail` is that of a desk which is open already, `read` the releases it has read, by fingerprint.
    The new file lies beside the old one before the trail names it, so a power cut leaves one of the two whole and named.
    """
    from trialdesk.services.desk import STUDY_FILE
    from trialdesk.services.desk_setup import append_as_system
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.database import read_meta
    from trialdesk.storage.document_store import Document, DocumentStore
    from trialdesk.storage.study_library import fingerprint, thaw

    waiting = home / WAITING
    if waiting.is_file() and fingerprint(waiting.read_bytes()) == meta["fingerprint"]:
        waiting.replace(home / STUDY_FILE)
    _take_ranges(engine, meta, origin, clock, trail)
    today, order, documents = clock.now().date().isoformat(), given(engine), DocumentStore(engine)
    if not order:
        return meta
    held, taken = set(documents.names()), _adopted(engine, origin)
    due = [one for one in order if one.effective <= today and one.fingerprint in held]
    fresh = [one for one in due if one.fingerprint not in taken]
    if not fresh:
        return meta
    # Forms that were begun under the release before go on being read by it.
    documents.keep(Document("study", (home / STUDY_FILE).read_bytes()))
    studies = {**(read or {})}
    newest = due[-1].fingerprint
    for name in {newest, *(one.fingerprint for one in fresh)} - studies.keys():
        studies[name] = thaw(documents.read(name).content)
    if newest != meta["fingerprint"]:
        protocol = studies[newest].protocol_version
        _put_in_place(home, engine, documents.read(newest).content, newest, meta["fingerprint"], protocol)
    for one in fresh:
        version = studies[one.fingerprint].version
        change = StudyAdopted(study=one.study, version=version, fingerprint=one.fingerprint)
        append_as_system(trail or AuditTrail(engine), [change], origin, meta["site"], version, clock)
    return read_meta(engine)


def _put_in_place(home: Path, engine: Engine, content: bytes, name: str, before: str, protocol: str) -> None:
    from trialdesk.services.desk import DESK_FILE, STUDY_FILE
    from trialdesk.services.desk_setup import write_file
    from trialdesk.storage.database import write_meta

    write_file(home / WAITING, content)
    write_meta(engine, fingerprint=name, fingerprint_before=before)
    (home / WAITING).replace(home / STUDY_FILE)
    shown = json.loads((home / DESK_FILE).read_text(encoding="utf-8")) | {"protocol_version": protocol}
    write_file(home / DESK_FILE, json.dumps(shown, ensure_ascii=False, indent=1).encode())


def rules_of_desk(engine: Engine, origin: str, newest: Study, known: Mapping[str, Rulebook] | None = None) -> Rulebook:
    """The rules this desk works by: of one release, or of every release its forms were begun under.

    `known` are rules that are compiled already, by the version of their release.
    """
    from trialdesk.domain.rules.rulebook import Rulebook
    from trialdesk.domain.rules.rulebooks import HeldRelease, Place, Rulebooks
    from trialdesk.services.study_release import terminology
    from trialdesk.storage.document_store import DocumentStore

    known = known or {}
    now = known.get(newest.version)
    if now is None or now.study is not newest:
        now = Rulebook(newest, terminology())
    order, ranges = given(engine), lists_held(engine)
    if not order and not ranges:
        return now
    taken = _adopted(engine, origin)
    documents = DocumentStore(engine)
    kept, terms = set(documents.names()), {one.version: one for one in order}
    first = [one for one in _every_adopted(engine) if one.version not in terms]
    named = [(one.version, one.fingerprint) for one in first]
    named += [(one.version, one.fingerprint) for one in order if one.fingerprint in taken]
    held = {
        version: HeldRelease(version, partial(_read, documents, name), known.get(version))
        for version, name in named
        if name in kept and version != newest.version
    }
    held[newest.version] = HeldRelease(newest.version, lambda: newest, now)
    if len(held) == 1 and not ranges:
        return now
    made_with = next((one.version for one in _every_adopted(engine, origin)), newest.version)
    here = Place(origin, terms, made_with)
    return Rulebooks(tuple(held.values()), terminology(), lambda data: here, ranges)


def take_up(desk: OpenDesk) -> bool:
    """Take up what became due or was told anew while the desk is open; True when forms may be asked otherwise now.

    The caller sees to it that no form lies open, and shows its screen anew.
    """
    from trialdesk.services.desk import STUDY_FILE
    from trialdesk.storage.study_library import thaw

    session = desk.session
    if in_use(desk.engine, desk.meta, session.today) == desk.in_use:
        return False
    read = {name: book.study for name, book in desk.waiting.items()}
    desk.meta = take_up_due(desk.home, desk.engine, desk.meta, session.origin, session.clock, desk.trail, read)
    fresh = desk.meta["fingerprint"] != desk.fingerprint
    # What waited is compiled already: the window must not stand still when its day comes.
    ready = desk.waiting.get(desk.meta["fingerprint"])
    known = {book.study.version: book for book in (*desk.book.every, *desk.waiting.values())}
    if ready is not None:
        study = ready.study
    elif fresh:
        study = thaw((desk.home / STUDY_FILE).read_bytes())
    else:
        study = known[session.version].study
    session.book, session.version = rules_of_desk(desk.engine, session.origin, study, known), study.version
    desk.fingerprint = desk.meta["fingerprint"]
    desk.in_use = in_use(desk.engine, desk.meta, session.today)
    desk.forget()
    return True


def in_use(engine: Engine, meta: dict[str, str], today: date) -> tuple[str, str]:
    """What forms are asked by: the newest release, and the terms of every one whose day has come, as one text."""
    due = [one.model_dump_json() for one in given(engine) if one.effective <= today.isoformat()]
    return meta["fingerprint"], "\n".join([*due, *(record.id for record in lists_given(engine))])


def lists_given(engine: Engine) -> tuple[AuditRecord, ...]:
    """The centre's records that brought a laboratory's list of ranges, oldest first."""
    return tuple(_told(engine, "LabRangesGiven", "CENTRE-"))


def lists_held(engine: Engine) -> tuple[HeldRanges, ...]:
    """Every list of ranges here, with the record by which each workstation took it up."""
    from trialdesk.domain.rules.rulebooks import HeldRanges

    records = lists_given(engine)
    if not records:
        return ()
    taken: dict[str, dict[str, int]] = {}
    for record in _told(engine, "LabRangesTaken"):
        if isinstance(record.change, LabRangesTaken):
            taken.setdefault(record.change.given, {})[record.origin] = record.seq
    return tuple(
        HeldRanges(record.id, record.change, taken.get(record.id, {}))
        for record in records
        if isinstance(record.change, LabRangesGiven)
    )


def _take_ranges(engine: Engine, meta: dict[str, str], origin: str, clock: Clock, trail: AuditTrail | None) -> None:
    """Note for every list that came that this desk reads by it from now on."""
    from trialdesk.services.desk_setup import append_as_system
    from trialdesk.storage.audit_trail import AuditTrail

    fresh = [one for one in lists_held(engine) if origin not in one.taken]
    if not fresh:
        return
    changes = [
        LabRangesTaken(laboratory=one.given.laboratory, valid_from=one.given.table.valid_from.isoformat(), given=one.id)
        for one in fresh
    ]
    version = next((one.version for one in _every_adopted(engine) if one.fingerprint == meta["fingerprint"]), "")
    append_as_system(trail or AuditTrail(engine), changes, origin, meta["site"], version, clock)


def study_of(engine: Engine, name: str) -> Study | None:
    """A release whose frozen file lies in this desk, by its fingerprint."""
    from trialdesk.storage.document_store import DocumentStore

    documents = DocumentStore(engine)
    return _read(documents, name) if name in set(documents.names()) else None


def _told(engine: Engine, kind: str, by: str = "") -> list[AuditRecord]:
    """Records of one kind in the trails whose name begins like this, in order of time."""
    from trialdesk.storage.audit_trail import AuditTrail

    trail = AuditTrail(engine)
    origins = [origin for origin in trail.origins() if origin.startswith(by)]
    found = [record for origin in origins for record in trail.records(origin=origin, kinds=(kind,))]
    return sorted(found, key=lambda record: (record.at, record.seq))


def _every_adopted(engine: Engine, origin: str | None = None) -> Iterator[StudyAdopted]:
    """What was taken up, oldest first, by every workstation whose trail lies here or by one."""
    for one in _told(engine, "StudyAdopted", origin or ""):
        if isinstance(one.change, StudyAdopted) and origin in (None, one.origin):
            yield one.change


def _adopted(engine: Engine, origin: str) -> set[str]:
    """What this desk has taken up so far, by fingerprint."""
    told = [one for one in _told(engine, "StudyAdopted", origin) if one.origin == origin]
    return {one.change.fingerprint for one in told if isinstance(one.change, StudyAdopted)}


def _read(documents: object, name: str) -> Study:
    from trialdesk.storage.document_store import DocumentStore
    from trialdesk.storage.study_library import thaw

    assert isinstance(documents, DocumentStore)
    return thaw(documents.read(name).content)
