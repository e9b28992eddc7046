"""The sheet of ten injections, driven by keys: `t` gives now, F8 asks why not, arrows move, late is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from tests.scenario import ZONE, Ward
from tests.ui.conftest import focus, press, wizard, write
from trialdesk.domain.oid import FormPath
from trialdesk.ui.injection_cards import InjectionCard
from trialdesk.ui.injection_page import InjectionPage
from trialdesk.ui.main_window import MainWindow

Open = Callable[[], MainWindow]
PLX = FormPath("PLX", 1, "PLX")


def at_the_bedside(ward: Ward, open_window: Open) -> InjectionPage:
    """The injection sheet on the first plerixafor day, weight and creatinine known, the first card in focus."""
    ward.clock.put(datetime(2026, 3, 13, 8, 0, tzinfo=ZONE))
    ward.enrol()
    ward.open("SCR[1]/DM")
    ward.fill(BRTHDAT="1991-05-01", SEX="F")
    ward.open("DLI[1]/DLI")
    ward.fill(DLIDAT="2026-03-03")
    ward.open("PLX[1]/PLX")
    ward.fill(PLXWT="62", PLXCREAT="60")
    window = open_window()
    window.open_form(ward.subject, PLX)
    wizard(window).step(1)
    QApplication.processEvents()
    page = wizard(window).page
    assert isinstance(page, InjectionPage)
    return page


def card(page: InjectionPage, number: int) -> InjectionCard:
    """A card by the number of its injection."""
    return page.grid.cards[number - 1]


def test_one_key_records_an_injection_and_late_is_said(ward: Ward, open_window: Open) -> None:
    page = at_the_bedside(ward, open_window)
    # The dose is known before the first injection is drawn up.
    assert ward.casebook.shown(PLX.item("PLXDOSE", "PLXPLAN")) == "14.88"
    assert focus() is card(page, 1)
    write("t")
    values = {p.item: ward.casebook.data.value(p) for p in ward.casebook.data.by_form[PLX] if p.group == "PLXINJ"}
    assert values == {
        "PLXGIVEN": "Y", "PLXDAT": "2026-03-13", "PLXTIM": "08:00", "PLXMG": "14.88", "PLXML": "0.744",
    }  # fmt: skip
    assert card(page, 1).lines()[:2] == ("08:00", "14.88 mg, 0.744 mL")
    assert page.row_at(PLX.item("PLXINJ", "PLXSITE", 1)).control.isAncestorOf(focus())  # type: ignore[union-attr]

    before = ward.desk.session.trail.head(ward.desk.session.origin)
    page.focus_card(1)
    write("t")
    assert ward.desk.session.trail.head(ward.desk.session.origin) == before

    ward.later(hours=14, minutes=30)
    page.focus_card(2)
    write("t")
    assert card(page, 2).lines()[2] == "14.5 h, late 0.5 h"
    assert card(page, 1).accessibleName() == "Injection 1 第 1 针"
    assert "14.88 mg" in card(page, 1).accessibleDescription()
    assert "1→2 14 h 30 min" in page._chart.accessibleDescription()


def test_arrows_go_about_the_days_and_f8_asks_why_an_injection_was_not_given(ward: Ward, open_window: Open) -> None:
    page = at_the_bedside(ward, open_window)
    for key, number in ((Qt.Key.Key_Right, 3), (Qt.Key.Key_Down, 4), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Up, 1)):
        press(key)
        assert focus() is card(page, number)
        assert page.repeat == number
    press(Qt.Key.Key_Up)
    assert focus() is card(page, 1)
    press(Qt.Key.Key_F8)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    # The menu is a window of its own; the fifth reason is "Missed".
    menu.actions()[4].trigger()
    menu.close()
    given = ward.casebook.data.value(PLX.item("PLXINJ", "PLXGIVEN", 1))
    why = ward.casebook.data.value(PLX.item("PLXINJ", "PLXREASN", 1))
    assert (given, why) == ("N", "MISSED")
    assert card(page, 1).lines()[:2] == ("Not given", "Missed")


def test_the_whole_series_takes_three_keys_an_injection_with_its_site(ward: Ward, open_window: Open) -> None:
    page = at_the_bedside(ward, open_window)
    for number in range(1, 11):
        assert focus() is card(page, number)
        write("t")
        write("1")
        press(Qt.Key.Key_Return)
        ward.later(hours=12)
    assert page.series().given == 10
    assert {one.interval.verdict for one in page.series().injections if one.interval} == {"in_time"}
