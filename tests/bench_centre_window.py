"""The longest time for which the centre's window does not answer, while a data manager and a statistician work in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.bench import Row
from tests.bench_stalls import AIM, LoopWatch


def centre_stall_rows(folder: Path) -> Iterator[Row]:
    """Every place opened, answers read, all checked, endpoints counted, everything exported, a release looked at."""
    from tests.screenshots import synthetic_ward
    from trialdesk.app import dress
    from trialdesk.centre.at_work import AtWork
    from trialdesk.domain.admin.role import Role
    from trialdesk.domain.admin.user import User
    from trialdesk.domain.text import Text
    from trialdesk.services.study_release import shipped_study
    from trialdesk.ui.centre.endpoints_page import EndpointsPage
    from trialdesk.ui.centre.exports_page import ExportsPage
    from trialdesk.ui.centre.places import PLACES
    from trialdesk.ui.centre.queries_page import QueriesPage
    from trialdesk.ui.centre.releases_page import ReleasesPage
    from trialdesk.ui.centre.window import CentreWindow

    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    dress(dark=False, language="zh")
    ward = synthetic_ward(folder, participants=3)
    ward.receive(ward.send())
    user = User(id="dm1", name=Text(en="dm1", zh="dm1"), role=Role.DATA_MANAGER)
    window = CentreWindow(AtWork(ward.centre, user, ward.clock.now(), aside=True))
    window.show()
    application.processEvents()
    watch = LoopWatch()

    def quiet() -> bool:
        return not any(page.busy.running or page.busy.isVisible() for page in window.pages.values())

    def row(what: str, step: Callable[[], object]) -> Row:
        took = watch.run([step], until=quiet)
        what = f"stall: centre, {what} (own {watch.own * 1000:.0f} ms)"
        return Row(what, took, "none", None, "<= 100 ms", took <= AIM)

    for place in PLACES:
        yield row(f"{place.words.en} opened", lambda name=place.name: window.go(name))  # type: ignore[misc]
    subject = window.work.lists.subjects()[0].subject
    yield row("answers of a participant opened", lambda: window.open_record(subject))
    record = window.pages["record"]
    yield row("another form of them", lambda: record.form_list.selectRow(12))  # type: ignore[attr-defined]
    window.go("queries")
    board = window.pages["queries"]
    assert isinstance(board, QueriesPage)
    yield row("all checked by the rules", board.check)
    window.go("endpoints")
    endpoints = window.pages["endpoints"]
    assert isinstance(endpoints, EndpointsPage)
    yield row("endpoints counted", endpoints.refresh)
    yield row("signed report written", lambda: endpoints.write(folder / "report", paper=True))
    window.go("exports")
    exports = window.pages["exports"]
    assert isinstance(exports, ExportsPage)
    for box in exports.boxes.values():
        box.setChecked(True)
    yield row("eight formats exported", lambda: exports.write(folder / "out"))
    window.go("releases")
    releases = window.pages["releases"]
    assert isinstance(releases, ReleasesPage)
    yield row("a release looked at", lambda: releases.look_at(shipped_study()))
    yield row("palette opened", window.find)
    window.close()
    ward.leave()
