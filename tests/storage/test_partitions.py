"""On PostgreSQL each site has a part of the trail and of the answers, guarded as the whole is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, select, text

from tests.exchange.conftest import sealed
from tests.strategies import PATHS, entered
from trialdesk.storage import projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.centre_lists import CentreLists
from trialdesk.storage.database import open_centre
from trialdesk.storage.intake_ledger import Arrival, IntakeLedger
from trialdesk.storage.tables import AUDIT

SITES = ("S01", "S02", "S03")


@pytest.fixture
def engine(postgresql: str) -> Iterator[Engine]:
    opened = open_centre(postgresql)
    yield opened
    opened.dispose()


def bring(engine: Engine, *sites: str) -> None:
    """One workstation of each site, with one participant and eight answers."""
    for number, site in enumerate(sites, 1):
        origin = f"W{number}"
        records = [entered(seq, origin, subject=f"{number}-001", path=PATHS[seq % len(PATHS)]) for seq in range(1, 9)]
        lines = sealed([record.model_copy(update={"site": site}) for record in records])
        with IntakeLedger(engine).turn(origin) as turn:
            turn.accept(Arrival(origin, site, "e", 1, origin, "2026"), lines, {}, lambda *_: b"")
    projections.refresh(engine)


def rows(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def plan(engine: Engine, ask: object) -> set[str]:
    """The tables that the statement of a list reads, as the server's plan names them."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_rest: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    ask()  # type: ignore[operator]
    event.remove(engine, "before_cursor_execute", note)
    found: set[str] = set()

    def look(node: dict[str, object]) -> None:
        found.update({str(node["Relation Name"])} if "Relation Name" in node else ())
        for inner in node.get("Plans", ()):  # type: ignore[attr-defined]
            look(inner)

    with engine.connect() as connection:
        for statement, parameters in asked:
            planned = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
            look(planned[0]["Plan"])
    return found


def test_a_sites_list_reads_that_sites_part_alone(engine: Engine) -> None:
    bring(engine, *SITES)
    lists = CentreLists(engine)
    assert len(lists.answers(site="S02")) == 8
    assert plan(engine, lambda: lists.answers(site="S02")) == {"item_data_S02"}
    assert plan(engine, lambda: lists.answers(item="DOSE")) == {f"item_data_{site}" for site in SITES}


def test_a_sites_trail_lies_in_one_part(engine: Engine) -> None:
    bring(engine, *SITES)

    def of_one_site() -> None:
        with engine.connect() as connection:
            connection.execute(select(AUDIT.c.body).where(AUDIT.c.site == "S03")).all()

    assert plan(engine, of_one_site) == {"audit_record_S03"}


def test_each_sites_records_lie_in_its_own_part(engine: Engine) -> None:
    bring(engine, *SITES)
    found = rows(engine, "SELECT tableoid::regclass::text, site, count(*) FROM audit_record GROUP BY 1, 2 ORDER BY 2")
    assert found == [(f'"audit_record_{site}"', site, 8) for site in SITES]


def test_a_site_of_any_name_has_its_part(engine: Engine) -> None:
    names = ("北京", "O'Brien", "a; --", "s01", "S01", "100%", "")
    bring(engine, *names)
    assert {row[0] for row in rows(engine, "SELECT DISTINCT site FROM audit_record")} == set(names)
    assert AuditTrail(engine).verify().records == 8 * len(names)
    assert len({row[0] for row in rows(engine, "SELECT DISTINCT tableoid FROM audit_record")}) == len(names)


@pytest.mark.parametrize("table", ["audit_record", '"audit_record_S01"'])
@pytest.mark.parametrize("act", ["UPDATE {} SET body = ''", "DELETE FROM {}", "TRUNCATE {}"])
def test_a_part_is_as_unchangeable_as_the_whole(engine: Engine, table: str, act: str) -> None:
    bring(engine, "S01")
    with pytest.raises(Exception, match="never changed"), engine.begin() as connection:
        connection.execute(text(act.format(table)))


ROW = (
    'INSERT INTO {} (origin, seq, body, seal, at, "user", role, site, study, kind) '
    "SELECT 'W1', n, '', '', '', '', '', '{}', '', '' FROM unnest(ARRAY[{}]) n"
)


@pytest.mark.parametrize(
    ("table", "site", "numbers"),
    [
        ("audit_record", "S01", "10"),
        ('"audit_record_S01"', "S01", "10"),
        ('"audit_record_S02"', "S02", "8"),
        ("audit_record", "S02", "4, 5"),
        ("audit_record", "S02", "8, 9"),
        ("audit_record", "S02", "1"),
        ('"audit_record_S02"', "S02", "1, 2, 3, 4, 5, 6, 7, 8, 9"),
    ],
)
def test_a_number_out_of_turn_is_refused_wherever_it_is_put(
    engine: Engine, table: str, site: str, numbers: str
) -> None:
    bring(engine, "S01", "S02")
    with pytest.raises(Exception, match="next number"), engine.begin() as connection:
        connection.execute(text(ROW.format(table, site, numbers)))


def test_a_number_given_at_two_sites_in_one_go_is_refused(engine: Engine) -> None:
    bring(engine, "S01", "S02")
    twice = ROW.format("audit_record", "S01", "9, 11") + " UNION ALL SELECT 'W1', 9, '', '', '', '', '', 'S02', '', ''"
    with pytest.raises(Exception, match="next number"), engine.begin() as connection:
        connection.execute(text(twice))


def test_the_next_number_is_taken_at_another_site_too(engine: Engine) -> None:
    bring(engine, "S01", "S02")
    with engine.begin() as connection:
        connection.execute(text(ROW.format("audit_record", "S02", "9, 10")))
        held = connection.scalar(text("SELECT max(seq) FROM audit_record WHERE site = 'S02'"))
    assert held == 10


def test_two_studies_share_a_database_in_schemas_of_their_own(engine: Engine, postgresql: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA nct00000000"))
    other = open_centre(f"{postgresql}&options=-csearch_path%3Dnct00000000", "NCT00000000")
    bring(engine, "S01")
    bring(other, "S01", "S02")
    assert (AuditTrail(engine).origins(), AuditTrail(other).origins()) == (("W1",), ("W1", "W2"))
    assert projections.rebuild(other) == 2
    other.dispose()
