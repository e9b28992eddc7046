"""The places of the centre's window, in the order of the rail; a page is imported and made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from trialdesk.domain.text import Text
from trialdesk.services.centre_view import CentreAtWork
from trialdesk.ui.centre.page import CentrePage


@dataclass(frozen=True)
class Place:
    """One place: its name, the word under its icon, its title, the group it stands in, and the class of its page."""

    name: str
    words: Text
    shape: str
    title: Text
    group: int
    page: str

    def make(self, work: CentreAtWork) -> CentrePage:
        """Make its page."""
        module, kind = self.page.split(":")
        made: Callable[[CentreAtWork], CentrePage] = getattr(import_module(f"trialdesk.ui.centre.{module}"), kind)
        return made(work)


PLACES: tuple[Place, ...] = (
    Place("intake", Text(en="Intake", zh="接收"), "inbox", Text(en="Bundles received", zh="接收"), 0, "intake_page:IntakePage"),
    Place("subjects", Text(en="People", zh="受试者"), "people", Text(en="Participants, all forms", zh="受试者与表单"), 0, "participants_page:ParticipantsPage"),
    Place("queries", Text(en="Queries", zh="质疑"), "bubble", Text(en="Queries, all sites", zh="质疑"), 0, "queries_page:QueriesPage"),
    Place("deviations", Text(en="Deviations", zh="方案偏离"), "flag", Text(en="Protocol deviations", zh="方案偏离"), 1, "deviations_page:DeviationsPage"),
    Place("data", Text(en="Data", zh="数据"), "sheet", Text(en="Data browser", zh="数据浏览"), 1, "data_page:DataPage"),
    Place("monitoring", Text(en="Monitoring", zh="监查"), "verified", Text(en="Monitoring", zh="监查"), 1, "monitoring_page:MonitoringPage"),
    Place("endpoints", Text(en="Endpoints", zh="终点"), "curve", Text(en="Endpoints", zh="终点"), 2, "endpoints_page:EndpointsPage"),
    Place("exports", Text(en="Exports", zh="导出"), "above", Text(en="Exports", zh="数据导出"), 2, "exports_page:ExportsPage"),
    Place("releases", Text(en="Releases", zh="研究版本"), "history", Text(en="Study releases", zh="研究版本"), 2, "releases_page:ReleasesPage"),
)  # fmt: skip

RECORD = Place(
    "record", Text(en="Answers", zh="答案"), "form", Text(en="Answers as held", zh="已收到的答案"), 0,
    "record_page:RecordPage",
)  # fmt: skip
"""A participant's answers: reached from the other pages, and not on the rail."""

PLACE = {place.name: place for place in (*PLACES, RECORD)}
