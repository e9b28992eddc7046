"""What bundles and receipts tell of the clock, and the ledger of everything sent, confirmed and released."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta

import pypdfium2
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.amended import second_release
from tests.scenario import Ward
from trialdesk.app import dress
from trialdesk.centre.commands import status
from trialdesk.centre.lab_ranges import give_ranges, read_ranges
from trialdesk.centre.releases import give_out
from trialdesk.centre.review import Reviewer
from trialdesk.demo import ADMINISTRATOR, DEMO_PASSPHRASE
from trialdesk.domain.admin.role import Role
from trialdesk.services.amendment import take_up
from trialdesk.services.clock_check import ClockStanding, clock_standing
from trialdesk.services.desk import sign_in
from trialdesk.services.desk_paper import ledger_pdf
from trialdesk.services.from_centre import released
from trialdesk.services.transfer import take_receipt
from trialdesk.ui.today_view import TodayView
from trialdesk.ui.transfer_view import TransferView

Hours = Callable[[float, float], ClockStanding]


@pytest.fixture
def on_the_way(ward: Ward) -> Hours:
    """A bundle that takes so many hours to the centre, by true time, and its receipt so many back."""

    def travel(ahead: float, there: float) -> ClockStanding:
        ward.enrol()
        sent = ward.send()
        taken = ward.centre.receive(sent.path, ward.clock.now() + timedelta(hours=there) - timedelta(hours=ahead))
        receipt = sent.path.with_suffix(".tdr")
        receipt.write_bytes(taken.receipt)
        ward.later(hours=2 * int(there))
        take_receipt(ward.desk, receipt)
        return clock_standing(ward.desk)

    return travel


def hours(span: timedelta | None) -> int:
    assert span is not None
    return round(span / timedelta(hours=1))


def test_a_week_on_a_stick_is_no_clock_that_is_wrong(on_the_way: Hours) -> None:
    found = on_the_way(0, 84)
    assert not found.wrong
    assert (hours(found.least), hours(found.most)) == (-84, 84)


def test_a_receipt_of_before_the_bundle_shows_a_clock_that_is_ahead(on_the_way: Hours) -> None:
    found = on_the_way(3, 1)
    assert hours(found.ahead) == 2
    assert found.says.en == "This computer's clock is at least 2 h ahead"
    assert "Set date, time and time zone" in found.what_to_do.en


def test_a_receipt_of_after_its_own_reading_shows_a_clock_that_is_behind(on_the_way: Hours) -> None:
    found = on_the_way(-5, 1)
    assert hours(found.behind) == 4
    assert "至少慢 4 小时" in found.says.zh


def test_without_a_receipt_nothing_is_said_of_the_clock(ward: Ward) -> None:
    found = clock_standing(ward.desk)
    assert not found.wrong
    assert found.says.en == "Clock not compared yet: no receipt"


def test_the_administrator_sees_a_wrong_clock_and_what_to_do(ward: Ward, on_the_way: Hours, qtbot: QtBot) -> None:
    on_the_way(3, 1)
    ward.desk.close()
    ward.desk = sign_in(ward.folder / "desk", ADMINISTRATOR, DEMO_PASSPHRASE, ward.clock)
    dress(dark=False, language="en")
    page = TodayView(ward.desk)
    qtbot.addWidget(page)
    words = [label.text() for label in page.findChildren(QLabel)]
    assert "This computer's clock is at least 2 h ahead" in words
    assert any("Set date, time and time zone" in one for one in words)


def released_by_centre(ward: Ward) -> None:
    """A release for today and one laboratory's ranges, both taken up."""
    manager, today = Reviewer(ward.centre, "dm1", Role.DATA_MANAGER, ward.clock.now()), ward.clock.now().date()
    give_out(manager, second_release(), today)
    path = ward.folder / "own.csv"
    path.write_text("analyte,unit,low,high\nPLT,10^9/L,50,300\n", encoding="utf-8")
    table, _ = read_ranges(ward.desk.study, "LAB1", path, date(2026, 3, 1), keep=True)
    give_ranges(manager, "LAB1", table, path)
    ward.hear()
    assert take_up(ward.desk)


def test_what_the_centre_released_is_known_there_once_a_bundle_was_confirmed(ward: Ward) -> None:
    ward.enrol()
    ward.receive(ward.send())
    released_by_centre(ward)
    assert [(one.name.en, one.since is not None, one.known) for one in released(ward.desk)] == [
        ("Study release 2.0", True, False),
        ("Normal ranges LAB1", True, False),
    ]
    assert "study release 2.0 from 2026-03-03: not confirmed yet" in status(ward.folder / "centre", False)
    ward.receive(ward.send())
    assert all(one.known for one in released(ward.desk))
    said = status(ward.folder / "centre", False)
    assert "study release 2.0 since 2026-03-03" in said
    assert "ranges of LAB1 from 2026-03-01 since 2026-03-03" in said
    assert "not confirmed" not in said


def test_the_printed_ledger_tells_of_bundles_receipts_releases_ranges_and_the_clock(ward: Ward) -> None:
    ward.enrol()
    ward.receive(ward.send())
    released_by_centre(ward)
    ward.receive(ward.send())
    document = pypdfium2.PdfDocument(io.BytesIO(ledger_pdf(ward.desk)))
    plain = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
    document.close()
    last = ward.desk.trail.records(origin="W1", kinds=("ReceiptTaken",))
    *_, receipt = (record.change for record in last)
    for said in (
        f"everythinguptorecord{receipt.accepted_to}",  # type: ignore[union-attr]
        "Receiptsofthecentre", "Studyrelease2.0", "NormalrangesLAB1", "own.csv", "是yes",
        "Theclockagreeswiththecentre's",
    ):  # fmt: skip
        assert said in plain, said


def test_the_transfer_screen_shows_them_too(ward: Ward, qtbot: QtBot) -> None:
    ward.enrol()
    ward.receive(ward.send())
    released_by_centre(ward)
    dress(dark=False, language="en")
    view = TransferView(ward.desk)
    qtbot.addWidget(view)
    words = [label.text() for label in view.findChildren(QLabel)]
    assert "Study release 2.0" in words
    assert any("everything up to record" in one for one in words)
