"""Coming back to the same field after a crash."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine

from tests.strategies import FORMS, PATHS, SUBJECT
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.place_store import PlaceStore, ResumePoint

HERE = ResumePoint("nurse-1", SUBJECT, FORMS[0], "2026-03-01T08:00:00.000Z", PATHS[0], "12")


def test_the_place_and_the_typed_text_come_back(desk: Engine) -> None:
    PlaceStore(desk).save(HERE)
    assert PlaceStore(desk).load("nurse-1", SUBJECT) == HERE


def test_only_the_last_place_is_kept(desk: Engine) -> None:
    places = PlaceStore(desk)
    places.save(HERE)
    places.save(replace(HERE, typed="120"))
    assert places.open("nurse-1") == [replace(HERE, typed="120")]


def test_each_person_has_their_own_place(desk: Engine) -> None:
    PlaceStore(desk).save(HERE)
    assert PlaceStore(desk).load("investigator-1", SUBJECT) is None


def test_a_finished_form_leaves_no_place(desk: Engine) -> None:
    places = PlaceStore(desk)
    places.save(HERE)
    places.clear("nurse-1", SUBJECT)
    assert places.load("nurse-1", SUBJECT) is None


def test_saving_a_place_writes_no_record(desk: Engine, trail: AuditTrail) -> None:
    PlaceStore(desk).save(HERE)
    assert list(trail.records()) == []
