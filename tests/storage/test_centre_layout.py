"""A centre's store of any age opens with all it holds, and is laid out as one made today."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text

from tests.exchange.conftest import sealed
from tests.strategies import PATHS, SUBJECT, entered
from trialdesk.errors import KnownError
from trialdesk.exchange.payload import Line
from trialdesk.storage import centre_layout, projections
from trialdesk.storage.audit_trail import AuditTrail
from trialdesk.storage.database import open_centre, read_meta
from trialdesk.storage.document_store import DocumentStore
from trialdesk.storage.intake_ledger import IntakeLedger
from trialdesk.storage.tables import AUDIT, audit_values

OLDER = ["0001", "0002"]


def some_lines(origin: str = "W1") -> list[Line]:
    """Answers of two sites, with a value that needs escaping."""
    records = [entered(seq, origin, f"{seq}\n次 \\", path=PATHS[seq % len(PATHS)]) for seq in range(1, 8)]
    return sealed([r.model_copy(update={"site": "S01" if origin == "W1" else "S02"}) for r in records])


def make_older(url: str, layout: str) -> None:
    """A store as the program of that layout left it: two trails, a document, and no word of alembic."""
    engine = create_engine(url)
    with engine.begin() as connection:
        centre_layout.upgrade(connection, None, layout)
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("INSERT INTO meta VALUES ('schema', :number)"), {"number": str(int(layout))})
        for origin in ("W1", "W2"):
            lines = some_lines(origin)
            rows = [dict(zip(AUDIT.columns.keys(), audit_values(line[1], line[2]), strict=True)) for line in lines]
            connection.execute(AUDIT.insert(), rows)
            connection.execute(
                text("INSERT INTO origin_state VALUES (:o, 'S01', 'e', 1, 'h', :n, :s, 'r')"),
                {"o": origin, "n": len(lines), "s": lines[-1][2]},
            )
            connection.execute(
                text("INSERT INTO bundle_seen VALUES (:o, 1, 'h', 'r', :c)"), {"o": origin, "c": b"answer"}
            )
            if layout > "0001":
                connection.execute(text("INSERT INTO spoken_of VALUES (:o, :s)"), {"o": origin, "s": SUBJECT})
        connection.execute(text("INSERT INTO document VALUES ('d', 'crf', :c)"), {"c": b"%PDF"})
        if layout > "0001":
            connection.execute(text("INSERT INTO stale_subject VALUES (:s)"), {"s": SUBJECT})
    engine.dispose()


def whole(engine: Engine) -> bool:
    """True when the store holds what `make_older` put there and folds it."""
    trail, ledger = AuditTrail(engine), IntakeLedger(engine)
    return (
        [list(trail.lines(origin)) for origin in ("W1", "W2")] == [some_lines("W1"), some_lines("W2")]
        and trail.verify().whole
        and list(DocumentStore(engine).names()) == ["d"]
        and ledger.last_receipt("W1") == b"answer"
        and (ledger.totals().records, ledger.totals().subjects) == (14, 1)
    )


@pytest.mark.parametrize("layout", OLDER)
def test_a_store_of_an_older_program_opens_with_all_it_holds(url: str, layout: str) -> None:
    make_older(url, layout)
    for _ in range(2):
        engine = open_centre(url, "NCT06141304")
        assert whole(engine)
        engine.dispose()
    engine = open_centre(url)
    assert projections.refresh(engine) == 1
    with pytest.raises(Exception, match=r"never changed|not authorized"), engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_record"))
    engine.dispose()


@pytest.mark.parametrize("layout", OLDER)
def test_an_older_store_is_laid_out_as_a_new_one(url: str, layout: str, tmp_path: Path) -> None:
    make_older(url, layout)
    engine = open_centre(url)
    with engine.connect() as connection:
        assert differences(connection) == []
    if engine.dialect.name == "sqlite":
        other = open_centre(f"sqlite:///{tmp_path / 'new.db'}")
    else:
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA anew"))
        other = open_centre(f"{url}&options=-csearch_path%3Danew")
        AuditTrail(other).take_in("W1", some_lines("W1"))
        AuditTrail(other).take_in("W2", some_lines("W2"))
        projections.rebuild(other)
        projections.refresh(engine)
    with other.connect() as connection, engine.connect() as old:
        assert differences(connection) == []
        assert outline(connection) == outline(old)
    other.dispose()
    engine.dispose()


def differences(connection: Connection) -> list[object]:
    """What alembic would change to make the store like the tables of today's program."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    def ours(_object: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:
        return not (kind == "table" and reflected and str(name).startswith(("audit_record_", "item_data_")))

    context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
    return list(compare_metadata(context, centre_layout.layout(connection.dialect.name)))


def outline(connection: Connection) -> dict[str, object]:
    """Tables with columns, keys and indexes, and the text of every trigger and function."""
    known = inspect(connection)
    made: dict[str, object] = {}
    for table in sorted(known.get_table_names()):
        columns = [(c["name"], str(c["type"]), c["nullable"]) for c in known.get_columns(table)]
        key = known.get_pk_constraint(table)["constrained_columns"]
        made[table] = columns, key, sorted((str(i["name"]), i["column_names"]) for i in known.get_indexes(table))
    if connection.dialect.name == "sqlite":
        stated = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') ORDER BY 1")
        )
        made["stated"] = [(name, " ".join((sql or "").replace('"', "").split())) for name, sql in stated]
    else:
        here = "current_schema()::regnamespace"
        triggers = connection.execute(
            text(
                "SELECT relname, tgname, replace(pg_get_triggerdef(t.oid), current_schema() || '.', '') FROM pg_trigger t "
                f"JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = {here} ORDER BY 1, 2"
            )
        )
        functions = connection.execute(
            text(f"SELECT proname, prosrc FROM pg_proc WHERE pronamespace = {here} ORDER BY 1")
        )
        made["triggers"] = [tuple(row) for row in triggers]
        made["functions"] = [(name, " ".join(source.split())) for name, source in functions]
        parts = connection.execute(
            text(
                "SELECT relname, pg_get_expr(relpartbound, oid), pg_get_partkeydef(oid) FROM pg_class "
                f"WHERE relnamespace = {here} AND relkind IN ('r', 'p') ORDER BY 1"
            )
        )
        made["parts"] = [tuple(row) for row in parts]
        unasked = connection.execute(
            text(
                "SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
                f"WHERE relnamespace = {here} AND attstattarget = 0 ORDER BY 1, 2"
            )
        )
        made["unasked"] = [tuple(row) for row in unasked]
    return made


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from trialdesk.storage.database import open_centre, read_meta
left = int(sys.argv[2])
@event.listens_for(Engine, "after_cursor_execute")
def _kill(connection, cursor, statement, *rest):
    global left
    if statement.lstrip().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP")):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
open_centre(sys.argv[1])
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")
@pytest.mark.parametrize("after", [4, 12, 24])
def test_a_program_killed_on_the_way_leaves_the_store_as_it_was(url: str, after: int) -> None:
    make_older(url, "0001" if url.startswith("sqlite") else "0002")
    steps = min(after, 17) if url.startswith("sqlite") else after
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    killed = subprocess.run([sys.executable, "-c", KILLED, url, str(steps)], env=env, check=False)
    assert killed.returncode == -9, "it was killed before it was done"
    found = create_engine(url)
    with found.connect() as connection:
        assert centre_layout.version(connection) in OLDER
        assert inspect(connection).has_table("spoken_of") is not url.startswith("sqlite")
    found.dispose()
    engine = open_centre(url)
    assert whole(engine)
    engine.dispose()


def test_a_store_is_never_taken_back(url: str) -> None:
    from alembic import command

    open_centre(url).dispose()
    engine = create_engine(url)
    with engine.begin() as connection, pytest.raises(KnownError, match="never taken back"):
        command.downgrade(centre_layout.config(connection), "-1")
    with engine.connect() as connection:
        assert centre_layout.version(connection) == centre_layout.NEWEST
    engine.dispose()


def test_a_store_of_a_newer_program_is_left_alone(url: str) -> None:
    engine = open_centre(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0099'"))
    engine.dispose()
    with pytest.raises(KnownError, match="newer TrialDesk"):
        open_centre(url)


def test_a_store_holds_one_study_and_refuses_another(url: str) -> None:
    open_centre(url, "NCT06141304").dispose()
    with pytest.raises(KnownError, match="holds the study NCT06141304, not NCT00000000"):
        open_centre(url, "NCT00000000")
    again = open_centre(url, "NCT06141304")
    assert read_meta(again) == {"schema": "3", "study": "NCT06141304"}
    again.dispose()


def test_the_newest_script_is_the_layout_of_a_new_store() -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(centre_layout.SCRIPTS)).get_heads() == [centre_layout.NEWEST]


def test_alembic_is_loaded_for_an_older_store_alone(tmp_path: Path) -> None:
    code = (
        "import sys; from trialdesk.storage.database import open_centre, open_desk; from pathlib import Path; "
        f"[open_centre({f'sqlite:///{tmp_path}/c.db'!r}, 'N').dispose() for _ in range(2)]; "
        f"open_desk(Path({str(tmp_path / 'd.db')!r}), bytes(32), bytes(16)).dispose(); "
        "sys.exit('alembic' in sys.modules or 'mako' in sys.modules)"
    )
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
