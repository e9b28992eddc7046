"""The numbers of the screen know who is behind them, in every population, and paper prints the same numbers."""

from __future__ import annotations

from tests.centre.test_endpoints import counted, course, cr, day
from trialdesk.centre.endpoint_board import board_of
from trialdesk.centre.endpoints import Endpoints
from trialdesk.centre.report_tables import tables
from trialdesk.domain.clinical.course import Assessed
from trialdesk.services.endpoint_view import EndpointBoard, Figure
from trialdesk.services.terminology import rule_terminology


def five() -> Endpoints:
    """Remission; remission and relapse; not evaluable and dead; treated but never assessed; enrolled only."""
    return counted(
        course("1", responses=(cr(80),)),
        course("2", responses=(cr(60),), relapse=day(200), death=day(300)),
        course("3", responses=(Assessed(day(50), "NE"),), death=day(90), last_contact=day(90)),
        course("4"),
        course("5", treated=None, treatment=()),
    )


def shown(endpoints: Endpoints) -> EndpointBoard:
    return board_of(endpoints, rule_terminology(), {}, {})


def test_each_population_has_its_own_people_rates_and_curve() -> None:
    board = shown(five())
    assert board.populations == {
        "ITT": ("1", "2", "3", "4", "5"),
        "treated": ("1", "2", "3", "4"),
        "evaluable": ("1", "2"),
    }
    complete = {among: rows[0].count for among, rows in board.rates.items()}
    assert complete == {"ITT": "2 / 5", "treated": "2 / 4", "evaluable": "2 / 2"}
    assert complete["ITT"].who == ("1", "2")
    start = {among: board.curves["os", among].risk[0].at_risk.who for among in board.populations}
    assert start == board.populations
    assert board.curves["os", "evaluable"].events.who == ("2",)
    assert board.curves["os", "ITT"].events.who == ("2", "3")


def test_both_readings_of_disease_free_survival_and_the_competing_event_stand_beside_each_other() -> None:
    board = shown(counted(course("1", responses=(cr(60),), death=day(200), last_contact=day(200))))
    assert board.curves["dfs-registered", "ITT"].events.who == ()
    assert board.curves["dfs", "ITT"].events.who == ("1",)
    assert board.curves["nrm", "ITT"].events.who == ("1",)
    (last,) = [point for point in board.curves["dfs-registered", "ITT"].risk if point.day > 300]
    assert (last.at_risk.who, last.censored.who) == ((), ("1",))


def test_the_last_number_at_risk_and_the_curve_beyond_observation_say_nothing() -> None:
    short = shown(counted(course("1", responses=(cr(60),), last_contact=day(100))))
    assert (short.curves["os", "ITT"].headline, short.curves["os", "ITT"].limits) == ("–", "–")
    long = shown(counted(course("1", responses=(cr(60),))))
    assert long.curves["os", "ITT"].headline == "100.0%"


def test_every_count_on_paper_knows_its_participants() -> None:
    endpoints = five()
    for table in tables(endpoints, rule_terminology()):
        for row in table.rows:
            for cell in row:
                if isinstance(cell, Figure) and "/" in cell:
                    assert len(cell.who) == int(cell.split("/")[0]), (table.name, cell)
    board = shown(endpoints)
    paper = {table.name: table.rows for table in tables(endpoints, rule_terminology())}
    screen = {table.name: table.rows for table in board.tables["treated"]}
    assert all(screen[name] == paper[name] for name in ("acute-gvhd", "chronic-gvhd", "trae", "flow", "incomplete"))
    assert board.curves["os", "ITT"].table.rows == paper["os"]
