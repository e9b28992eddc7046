"""What inspectors ask, asked of a ward where it happened."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

import orjson
import pytest

from tests.scenario import SOURCE, Ward
from tests.services.test_desk_people import PASSPHRASE, change_to, invite
from trialdesk.demo import ADMINISTRATOR, DEMO_PASSPHRASE, INVESTIGATOR, NURSE
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.domain.admin.role import Act, Role, may
from trialdesk.domain.clinical.audit_record import Reason
from trialdesk.domain.clinical.changes import Change, SessionNoted
from trialdesk.domain.clinical.reading_changes import AnswerShown
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.backup import back_up
from trialdesk.services.certificates import reset_access
from trialdesk.services.desk import sign_in
from trialdesk.services.inspection.accounts import ACTS
from trialdesk.services.inspection.answer import Answer, Asked, Row
from trialdesk.services.inspection.page import QUESTIONS, ask, note_shown, offered
from trialdesk.services.inspection.paper import answer_pdf, save, save_pdf
from trialdesk.services.inspection.record_words import MORE
from trialdesk.services.paper_lines import KINDS
from trialdesk.services.signing import prepare, sign
from trialdesk.services.transfer import send


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    yield opened
    opened.leave()


def asked(ward: Ward, name: str, about: Asked | None = None) -> Answer:
    """An inspector asks; then the nurse goes on."""
    nurse = ward.desk.session.user
    ward.desk.session.user = replace(nurse, role=Role.INSPECTOR)
    try:
        return ask(ward.desk, name, about)
    finally:
        ward.desk.session.user = nurse


def words(row: Row) -> str:
    return " | ".join(cell.en if isinstance(cell, Text) else str(cell) for cell in row.cells)


def lines(answer: Answer, table: int = 0) -> list[str]:
    return [words(row) for row in answer.found.tables[table].rows]


def signed_and_changed(ward: Ward) -> None:
    """A signed form whose cell dose is corrected two days later."""
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20", DLICD3="50.0")
    ward.complete()
    ward.sign()
    ward.later(days=2)
    ward.enter("DLICD3", "51.0", reason=SOURCE)


def test_the_history_of_a_value_names_every_hand_and_the_reason(ward: Ward) -> None:
    signed_and_changed(ward)
    answer = asked(ward, "history", Asked(ward.subject, ward.path("DLICD3")))
    first, second = (line for line in lines(answer) if "entered" in line or "corrected" in line)
    assert "2026-03-03" in first
    assert "50.0" in first
    assert "Research nurse 1" in first
    assert "50.0 10^6/kg | 51.0 10^6/kg | The source was corrected" in second
    assert "now; " in answer.found.says[1].en
    assert "1 of them changes" in answer.found.says[1].en
    assert "(nurse1)" in answer.found.says[2].en
    assert "(admin1)" not in answer.found.says[2].en


def test_without_a_field_the_history_lists_what_people_changed(ward: Ward) -> None:
    signed_and_changed(ward)
    rows = asked(ward, "history").found.tables[0].rows
    assert [row.place for row in rows] == [(ward.subject, ward.form, ward.path("DLICD3"))]


def test_a_change_after_signature_stands_with_its_reason_until_the_form_is_signed_again(ward: Ward) -> None:
    signed_and_changed(ward)
    before = asked(ward, "after-signature")
    assert "1 change after" in before.found.says[0].en or "changes after" in before.found.says[0].en
    change = next(line for line in lines(before) if "51.0" in line)
    assert "The source was corrected" in change
    assert "signed 2026-03-03" in change
    assert "not yet" in change
    ward.complete()
    ward.certify()
    ward.sign()
    after = asked(ward, "after-signature")
    change = next(line for line in lines(after) if "51.0" in line)
    assert "not yet" not in change
    assert "2026-03-05" in change
    assert not [row for row in after.found.tables[0].rows if row.marked]


def test_an_unsigned_form_has_no_changes_after_signature(ward: Ward) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03")
    ward.enter("DLIDAT", "2026-03-02", reason=SOURCE)
    assert lines(asked(ward, "after-signature")) == []


def test_rights_on_a_past_day_are_those_of_that_day(ward: Ward) -> None:
    invite(ward)
    change_to(ward, NURSE)
    ward.later(days=10)
    there = asked(ward, "rights", Asked(day=date(2026, 3, 4)))
    gone = asked(ward, "rights", Asked(day=date(2026, 3, 8)))
    assert any("inspector1" in line and "2026-03-05" in line for line in lines(there))
    assert not any("inspector1" in line for line in lines(gone))
    assert any("inspector1" in line for line in lines(gone, 1)), "the account stands among those of other days"
    assert "3 accounts; 2 of them could change data" in gone.found.says[0].en
    assert asked(ward, "rights", Asked(day=date(2026, 3, 2))).found.says[0].en.startswith("On 2026-03-02: 0 accounts")


def test_answers_faster_than_typing_are_named_and_a_nurse_at_work_is_not(ward: Ward) -> None:
    ward.enrol()
    ward.open("SCR[1]/VS")
    items = [item for group in ward.desk.study.form["VS"].groups for item in group.items]
    plain = [item.name for item in items if item.kind in ("integer", "float") and not item.by_program]
    for _ in range(4):
        for name in plain[:3]:
            ward.later(seconds=4)
            ward.enter(name, "70", reason=SOURCE)
            ward.later(seconds=4)
            ward.enter(name, "71", reason=SOURCE)
    slow = asked(ward, "shared")
    assert lines(slow, 1) == []
    for _ in range(4):
        for name in plain[:3]:
            ward.enter(name, "72", reason=SOURCE)
            ward.enter(name, "73", reason=SOURCE)
    fast = lines(asked(ward, "shared"), 1)
    assert len(fast) == 1
    assert fast[0].startswith("nurse1 | 26 answers in")


def test_nobody_can_switch_the_trail_off_and_it_is_tried_on_the_open_desk(ward: Ward) -> None:
    signed_and_changed(ward)
    head = ward.desk.trail.head("W1")
    answer = asked(ward, "switched-off")
    assert "12 ways to change it or switch it off, 12 refused" in answer.found.says[0].en
    assert not [row for table in answer.found.tables for row in table.rows if row.marked]
    assert ward.desk.trail.head("W1") == head
    ward.enter("DLICD3", "52.0", reason=SOURCE)
    assert ward.desk.verify().whole


def test_every_kind_of_record_and_every_right_has_words() -> None:
    kinds = {one.model_fields["kind"].default for one in get_args(get_args(Change)[0])}
    assert kinds <= set(KINDS) | set(MORE)
    assert set(ACTS) == set(Act)


def test_every_test_that_is_named_as_a_proof_exists() -> None:
    from trialdesk.services.inspection.keeping import HOLDS

    top = Path(__file__).resolve().parents[2]
    for _, _, node in HOLDS:
        file, _, name = node.partition("::")
        assert f"def {name}(" in (top / file).read_text(encoding="utf-8"), node


def test_the_clock_is_shown_beside_the_centres_and_going_back_is_marked(ward: Ward) -> None:
    signed_and_changed(ward)
    ward.receive(ward.send())
    ward.clock.moment = ward.clock.moment.replace(hour=7)
    ward.enter("DLICD3", "53.0", reason=SOURCE)
    answer = asked(ward, "clock")
    assert answer.found.tables[0].rows[0].cells[3] == 180
    assert len(answer.found.tables[1].rows) == 1
    assert "went back 1 time" in answer.found.says[0].en
    assert "clock" in answer.found.says[1].en


def test_times_go_from_the_visit_to_the_centres_signature(ward: Ward) -> None:
    ward.enrol()
    ward.later(days=9)
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLICD3="50.0")
    ward.later(days=1)
    ward.receive(ward.send())
    answer = asked(ward, "times")
    line = next(line for line in lines(answer) if "CD3" in line)
    assert "2026-03-03 | 2026-03-12" in line
    row = next(row for row in answer.found.tables[0].rows if row.place and row.place[2] == ward.path("DLICD3"))
    assert (row.cells[6], row.cells[7], row.cells[10], row.marked) == (9, 1, 1, True)


def test_what_the_centre_has_not_signed_for_is_listed_record_by_record(ward: Ward) -> None:
    signed_and_changed(ward)
    sent = ward.send()
    carried = asked(ward, "waiting")
    assert any("carried, no receipt" in line for line in lines(carried))
    ward.receive(sent)
    ward.enter("DLICD3", "54.0", reason=SOURCE)
    rest = lines(asked(ward, "waiting"))
    assert any("CD3" in line and "only here" in line for line in rest)
    assert not any("enrolled" in line for line in rest)


def test_a_backup_is_tried_on_the_spot_and_a_damaged_one_is_said(ward: Ward) -> None:
    assert "no backup" in asked(ward, "restored").found.says[0].en
    ward.enrol()
    made = back_up(ward.desk)
    assert "every seal holds" in asked(ward, "restored").found.says[0].en
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    assert "could NOT be restored" in asked(ward, "restored").found.says[0].en


def test_what_stands_out_is_shown_by_the_rules_of_the_centres_review(ward: Ward) -> None:
    signed_and_changed(ward)
    answer = asked(ward, "reviewed")
    assert any("Changed after signature" in line and ward.subject in line for line in lines(answer, 2))


def test_oversight_counts_signatures_their_delay_and_what_waits(ward: Ward) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    ward.later(days=3)
    ward.sign()
    ward.open("CHEMO[1]/CHEMO")
    ward.fill(CHSTDAT="2026-02-11")
    ward.complete()
    ward.later(days=20)
    answer = asked(ward, "oversight")
    assert answer.found.tables[0].rows[0].cells[-2:] == ("3", 3)
    waits = answer.found.tables[1].rows
    assert (len(waits), waits[0].cells[-1], waits[0].marked) == (1, 20, True)


def test_how_long_the_pages_were_in_sight_stands_with_the_signature(ward: Ward) -> None:
    ward.enrol()
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03", DLISTTIM="10:20")
    ward.complete()
    ward.certify()
    shown = replace(prepare(ward.desk, ward.casebook, ward.form), read_seconds=42)
    done = sign(ward.desk, ward.casebook, ward.form, DEMO_PASSPHRASE, INVESTIGATOR, shown)
    assert not isinstance(done, Refusal)
    (row,) = asked(ward, "oversight").found.tables[2].rows
    assert row.cells[7] == 42


def test_a_crash_a_restore_and_a_silence_are_found_as_interruptions(ward: Ward) -> None:
    ward.enrol()
    ward.desk.engine.dispose()  # the power went: nobody signed out
    ward.later(days=5)
    ward.desk = sign_in(ward.folder / "desk", NURSE, DEMO_PASSPHRASE, ward.clock, durable=False)
    ward.desk.session.record([SessionNoted(what="restored", detail="from the stick")])
    found = "\n".join(lines(asked(ward, "down")))
    assert "without signing out" in found
    assert "nobody signed in" in found
    assert "120.0" in found
    assert "restored from a backup: from the stick" in found


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_each_role_asks_what_its_rights_allow_and_nothing_else(ward: Ward, role: Role) -> None:
    ward.enrol()
    ward.desk.session.user = replace(ward.desk.session.user, role=role)
    names = {one.name for one in offered(role)}
    for question in QUESTIONS:
        if question.name in names:
            found = ask(ward.desk, question.name).found
            if not may(role, Act.VIEW):
                assert ward.subject not in repr(found), question.name
        else:
            with pytest.raises(KnownError, match="This needs the role"):
                ask(ward.desk, question.name)
    everything = len(QUESTIONS) if may(role, Act.VIEW) else 6
    assert len(names) == (everything if may(role, Act.INSPECT) else 0)


def test_an_inspector_runs_every_report_and_changes_nothing(ward: Ward, tmp_path: Path) -> None:
    signed_and_changed(ward)
    back_up(ward.desk)
    subject, form, path = ward.subject, ward.form, ward.path("DLICD3")
    invite(ward)
    desk = change_to(ward, "inspector1", PASSPHRASE)
    begun, state = desk.trail.head("W1")[0], desk.casebook(subject).data
    for question in QUESTIONS:
        answer = ask(desk, question.name, Asked(subject, path) if question.asks == "field" else None)
        note_shown(desk, answer)
        save_pdf(desk, answer, answer_pdf(desk, answer), tmp_path / "out")
        save(desk, answer, tmp_path / "out", "xlsx")
        save(desk, answer, tmp_path / "out", "csv")
    book = desk.casebook(subject)
    reason = Reason(code="SOURCE")
    tried = (
        book.enter(path, "99", reason=reason), book.enter(path, "", "UNK", reason=reason),
        book.explain(path, "DOSE", "MEDICAL"), book.strike(form, None, 1, reason), book.complete(form),
        book.reopen(form, reason), book.note(path, "seen"), book.ask(path, "why?"), desk.enrol("ABCD"),
        send(desk, tmp_path), reset_access(desk, NURSE, PASSPHRASE), sign(desk, book, form, PASSPHRASE),
    )  # fmt: skip
    assert all(isinstance(one, Refusal) for one in tried), tried
    kinds = {r.change.kind for r in desk.trail.records(origin="W1", after=begun)}
    assert kinds == {"AnswerShown"}
    assert desk.session.data(subject) == state


def test_reading_printing_and_taking_along_are_recorded_with_the_hash_of_the_file(ward: Ward, tmp_path: Path) -> None:
    ward.enrol()
    answer = asked(ward, "rights", Asked(day=date(2026, 3, 3)))
    note_shown(ward.desk, answer)
    path = save_pdf(ward.desk, answer, answer_pdf(ward.desk, answer), tmp_path)
    (book,) = save(ward.desk, answer, tmp_path, "xlsx")
    changes = [r.change for r in ward.desk.trail.records(kinds=("AnswerShown",))]
    assert [c.how for c in changes if isinstance(c, AnswerShown)] == ["shown", "saved", "saved"]
    sums = [hashlib.sha256(one.read_bytes()).hexdigest() for one in (path, book)]
    assert [c.document for c in changes if isinstance(c, AnswerShown)] == [None, *sums]
    assert any("read on the screen" in line for line in lines(asked(ward, "readings")))


def test_no_bundle_is_written_for_reading_alone(ward: Ward) -> None:
    ward.enrol()
    ward.receive(ward.send())
    note_shown(ward.desk, asked(ward, "rights"))
    assert isinstance(send(ward.desk, ward.folder / "stick"), Refusal)


# -- the whole trail as a file

DANGEROUS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "-5.2", "+8", "ok"]


def taken_along(ward: Ward, folder: Path) -> Path:
    signed_and_changed(ward)
    for text in DANGEROUS:
        assert not isinstance(ward.casebook.note(ward.path("DLICD3"), text), Refusal)
    made = save(ward.desk, asked(ward, "trail"), folder, "xlsx")
    assert {path.name for path in made} == {"trail.jsonl", "trail.csv", "trail.xlsx", "verify_trail.py"}
    return made[0].parent


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    """The program that goes along, run without TrialDesk: isolated, in another folder, with the standard library alone."""
    command = [sys.executable, "-I", "-S", str(folder / "verify_trail.py"), str(folder / "trail.jsonl")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder.parent)


def test_the_program_that_goes_along_says_which_file_it_misses(ward: Ward, tmp_path: Path) -> None:
    folder = taken_along(ward, tmp_path)
    (folder / "trail.jsonl").rename(folder / "elsewhere.jsonl")
    said = verified(folder)
    assert (said.returncode, "Traceback" in said.stderr) == (1, False)
    assert "The file cannot be read" in said.stderr


def test_the_trail_taken_along_equals_the_database_line_by_line(ward: Ward, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    folder = taken_along(ward, tmp_path)
    count = ward.desk.trail.head("W1")[0] - 4  # the four files were recorded after they were written
    stored = [(seq, body.decode(), seal) for seq, body, seal in ward.desk.trail.lines("W1", 1, count)]
    sealed = [orjson.loads(line) for line in (folder / "trail.jsonl").read_bytes().splitlines()]
    assert [(one["number"], one["body"], one["seal"]) for one in sealed] == stored
    with (folder / "trail.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(int(row["number"]), row["seal_sha256"]) for row in rows] == [(seq, seal) for seq, _, seal in stored]
    book = load_workbook(folder / "trail.xlsx")
    sheet = list(book["trail"].iter_rows(values_only=True))
    assert [(line[1], line[24]) for line in sheet[1:]] == [(seq, seal) for seq, _, seal in stored]
    assert book["trail"].auto_filter.ref.startswith("A1:Y")
    corrected = next(row for row in rows if row["event"] == "ItemCorrected" and row["new_value"] == "51.0")
    assert (corrected["old_value"], corrected["reason_code"]) == ("50.0", "SOURCE")


def test_no_text_becomes_a_formula_and_numbers_stay_numbers(ward: Ward, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    folder = taken_along(ward, tmp_path)
    with (folder / "trail.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [
        cell
        for cell in cells
        if cell.startswith(("=", "@", "\t")) or (cell.startswith(("+", "-")) and "5.2" not in cell and "8" not in cell)
    ]
    book = load_workbook(folder / "trail.xlsx")
    types = {cell.data_type for row in book["trail"].iter_rows() for cell in row if cell.value is not None}
    assert types == {"s", "n"}


def test_the_program_that_goes_along_finds_the_trail_whole(ward: Ward, tmp_path: Path) -> None:
    done = verified(taken_along(ward, tmp_path))
    assert done.returncode == 0, done.stdout
    assert "every seal holds" in done.stdout


@pytest.mark.parametrize("tampering", ["value", "gone", "twice", "swapped", "tail", "moved"])
def test_the_program_that_goes_along_finds_what_was_changed(ward: Ward, tmp_path: Path, tampering: str) -> None:
    folder = taken_along(ward, tmp_path)
    path = folder / "trail.jsonl"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if tampering == "value":
        rows = [row.replace("51.0", "41.0") for row in rows]
    elif tampering == "gone":
        del rows[7]
    elif tampering == "twice":
        rows.insert(7, rows[7])
    elif tampering == "swapped":
        rows[7], rows[8] = rows[8], rows[7]
    elif tampering == "tail":
        rows = rows[:-3]
    else:
        rows = [row.replace('"trail":"W1"', '"trail":"W2"') for row in rows]
    path.write_text("".join(rows), encoding="utf-8")
    done = verified(folder)
    assert done.returncode == 1, done.stdout


def test_the_signature_is_not_the_inspectors(ward: Ward) -> None:
    signed_and_changed(ward)
    with pytest.raises(KnownError):
        sign_in(ward.folder / "desk", "inspector1", DEMO_PASSPHRASE, ward.clock)
    assert {user.id for user in ward.desk.users} == {NURSE, INVESTIGATOR, ADMINISTRATOR}
