"""Endpoints: population and estimand by keys, every number leads to the participants and the answers behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.scenario import ZONE, Ward
from tests.ui.centre.conftest import Wait, at_work
from trialdesk.domain.text import Language
from trialdesk.services.demo_filling import Filling
from trialdesk.services.demo_story import make_person, story
from trialdesk.ui import look
from trialdesk.ui.centre.endpoints_page import EndpointsPage
from trialdesk.ui.centre.figure_button import FigureButton
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.centre.window import CentreWindow
from trialdesk.ui.tokens import DARK, LIGHT

pytest.importorskip("scipy", reason="statistics are an optional group")

CUT = date(2027, 6, 1)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A ward whose centre holds one participant treated for a year and one only enrolled."""
    opened = Ward(tmp_path_factory.mktemp("held"), datetime(2026, 1, 5, 9, tzinfo=ZONE))
    random = Random(3)
    person = make_person(1, random, date(2026, 1, 8), None)
    subject = opened.enrol(person.initials)
    wanted = ("ELIG", "PLX", "RESP", "SS", "AGVHD", "AE", "DLI")
    for page in story(person, random, CUT):
        if page.form.form in wanted:
            opened.clock.put(datetime(page.day.year, page.day.month, page.day.day, 10, tzinfo=ZONE))
            Filling(opened.desk.casebook(subject), page.form, page.answers, random).run(complete=False)
    opened.enrol("AAAA")
    opened.clock.put(datetime(2027, 6, 2, 9, tzinfo=ZONE))
    opened.receive(opened.send())
    yield opened
    opened.leave()


@pytest.fixture
def window(held: Ward, qtbot: QtBot) -> Iterator[CentreWindow]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    look.load_fonts()
    look.apply(application, LIGHT, "en")
    made = CentreWindow(at_work(held))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


@pytest.fixture
def page(window: CentreWindow, over: Wait) -> EndpointsPage:
    window.go("endpoints")
    found = window.pages["endpoints"]
    assert isinstance(found, EndpointsPage)
    over(found)
    assert found.board is not None, found.title.text()
    return found


def said(page: EndpointsPage) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel))


def numbers(page: EndpointsPage, says: str) -> list[FigureButton]:
    found = page.area.findChildren(FigureButton)
    return [one for one in found if says in one.accessibleName() and one.isVisibleTo(page)]


def test_population_and_estimand_are_changed_by_keys_and_named_in_the_titles(page: EndpointsPage, qtbot: QtBot) -> None:
    assert page.title.text() == "Overall survival"
    assert page.about.text() == "All enrolled (ITT): 1"
    qtbot.keyClick(page, Qt.Key.Key_E)
    assert page.title.text() == "Disease-free survival as registered"
    assert "death without relapse censors" in page.definition.text()
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert page.about.text().startswith("Treated")
    qtbot.keyClick(page, Qt.Key.Key_P)
    assert "lived until they were evaluated" in page.definition.text(), "a population chosen by its outcome says so"
    for wanted in ("dfs", "nrm", "courses"):
        qtbot.keyClick(page, Qt.Key.Key_E)
        assert page.estimand.text_now() == wanted
    assert len(page.courses.bars) == 1


def test_a_number_leads_to_its_participants_their_deciding_dates_and_the_answer(
    window: CentreWindow, page: EndpointsPage, qtbot: QtBot
) -> None:
    (button, *_) = numbers(page, "Overall remission rate")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Return)
    assert page.beside.currentWidget() is page.people
    assert page.people.who == button.number.who == ("01-001",)
    labels = [fact.label.en for fact in page.people.facts]
    assert {"Enrolled", "First study treatment", "Response", "Response window ends", "Best response"} <= set(labels)
    qtbot.keyClick(page.people.people, Qt.Key.Key_Return)
    row = labels.index("Response")
    page.people.decided.selectRow(row)
    qtbot.keyClick(page.people.decided, Qt.Key.Key_Return)
    record = window.pages["record"]
    assert isinstance(record, RecordPage)
    field = record.field()
    assert field is not None
    assert field.path == page.people.facts[row].path
    assert field.path.item == "RSRESP"
    window.back()
    qtbot.keyClick(page.people.people, Qt.Key.Key_Escape)
    assert page.beside.currentWidget() is page.area


def test_a_number_at_risk_opens_too_and_arrows_go_from_number_to_number(page: EndpointsPage, qtbot: QtBot) -> None:
    QApplication.processEvents()
    at_risk = [one for _, row, one in page.curve.numbers if row == 0 and isinstance(one, FigureButton)]
    assert len(at_risk) >= 2
    at_risk[0].setFocus()
    qtbot.keyClick(at_risk[0], Qt.Key.Key_Right)
    assert at_risk[1].hasFocus()
    at_risk[1].click()
    assert [fact.label.en for fact in page.people.facts] == ["Enrolled", "Last contact"]


def test_the_curve_is_drawn_in_the_colours_of_the_scheme(page: EndpointsPage) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    grounds = set()
    for scheme in (LIGHT, DARK):
        look.apply(application, scheme, "en")
        image = page.curve.grab().toImage()
        found = {image.pixelColor(x, y).name().upper() for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}  # fmt: skip
        assert scheme.accent in found
        grounds.add(image.pixelColor(image.width() // 2, 40).name())
    look.apply(application, LIGHT, "en")
    assert len(grounds) == 2


def test_tables_and_pictures_and_the_signed_report_are_written_beside_the_window(
    page: EndpointsPage, over: Wait, tmp_path: Path
) -> None:
    page.write(tmp_path / "files", paper=False)
    over(page)
    assert not list((tmp_path / "files").glob("*.pdf"))
    assert {"os.csv", "os.png", "trae.csv", "tables.json"} <= {one.name for one in (tmp_path / "files").iterdir()}
    assert "files written" in page.said.text()
    page.write(tmp_path / "report", paper=True)
    over(page)
    assert len(list((tmp_path / "report").glob("endpoints-*.pdf"))) == 1


def test_nobody_enrolled_by_the_cut_leaves_a_page_that_says_so(page: EndpointsPage, over: Wait) -> None:
    from PySide6.QtCore import QDate

    page.cut.setDate(QDate(2025, 1, 1))
    page.cut.editingFinished.emit()
    over(page)
    assert page.about.text() == "All enrolled (ITT): 0"
    assert not numbers(page, "Overall remission rate")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cell_speaks_the_reader_s_language_alone(held: Ward, qtbot: QtBot, over: Wait, language: Language) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    look.apply(application, LIGHT, language)
    window = CentreWindow(at_work(held))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.go("endpoints")
    page = window.pages["endpoints"]
    assert isinstance(page, EndpointsPage)
    over(page)
    page.cut.setDate(CUT)
    page.refresh()
    over(page)
    said = [one.text() for one in page.findChildren(QLabel) if one.text()]
    window.close()
    assert len(said) > 60
    if language == "en":
        assert [one for one in said if re.search("[\u4e00-\u9fff]", one)] == []
    else:
        names = {"Kaplan", "Meier", "Greenwood", "log", "Aalen", "Johansen", "delta", "Clopper", "Pearson"}
        english = {one: set(re.findall("[A-Za-z]?[a-z]{2,}", one)) - names for one in said}
        assert {one: words for one, words in english.items() if words} == {}
