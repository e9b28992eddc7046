"""The endpoint estimators over a table, as `trialdesk calc` gives them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from trialdesk.centre.calc_methods import ENDPOINT_METHODS
from trialdesk.services.calc import run


def over(method: str, table: str, folder: Path) -> list[dict[str, str]]:
    """The rows a method answers with."""
    file = folder / "table.csv"
    file.write_text(table, encoding="utf-8")
    return list(csv.DictReader(io.StringIO(run(ENDPOINT_METHODS, method, file))))


def test_an_exact_interval_stands_beside_each_row(tmp_path: Path) -> None:
    rows = over("endpoints.exact_interval", "k,n\n7,28\n3,2\n,28\n", tmp_path)
    assert [row["estimate"] for row in rows] == ["0.25", "", ""]
    assert float(rows[0]["lower"]) == pytest.approx(0.1069, abs=5e-5)
    assert float(rows[0]["upper"]) == pytest.approx(0.4487, abs=5e-5)
    assert rows[1]["why"].startswith("k and n are whole numbers")
    assert rows[2]["why"] == "k or n is missing."


def test_survival_is_estimated_in_each_stratum_at_every_time(tmp_path: Path) -> None:
    rows = over("endpoints.kaplan_meier", "time,event,stratum\n9,1,A\n13,1,A\n13,0,A\n5,1,B\n8,0,B\n", tmp_path)
    assert [(r["stratum"], r["time"], r["n_risk"], r["n_event"]) for r in rows] == [
        ("A", "9", "3", "1"), ("A", "13", "2", "1"), ("B", "5", "2", "1"), ("B", "8", "1", "0"),
    ]  # fmt: skip
    assert float(rows[0]["survival"]) == pytest.approx(2 / 3)
    assert list(rows[0]) == ["stratum", "time", "n_risk", "n_event", "survival", "lower", "upper", "why"]


def test_incidence_of_both_causes_stands_at_every_event(tmp_path: Path) -> None:
    rows = over("endpoints.cumulative_incidence", "time,status\n1,1\n2,2\n2,1\n3,0\n", tmp_path)
    assert [(r["time"], r["cause"], r["incidence"]) for r in rows] == [
        ("1", "1", "0.25"), ("1", "2", "0.0"), ("2", "1", "0.5"), ("2", "2", "0.25"),
    ]  # fmt: skip
    assert list(rows[0]) == ["stratum", "time", "cause", "incidence", "lower", "upper", "why"]
    assert (rows[1]["lower"], rows[1]["why"]) == ("", "no interval at 0 or 1")
    # R 4.2.2, survival 3.5-3, survfit with conf.type = "log-log".
    assert [float(rows[2][name]) for name in ("lower", "upper")] == pytest.approx([0.0578470829951, 0.844861281190])


def test_a_row_that_is_incomplete_or_unreadable_is_named_and_counts_for_nothing(tmp_path: Path) -> None:
    rows = over("endpoints.kaplan_meier", "time,event\n9,1\n,1\nsoon,1\n12,0\n", tmp_path)
    assert [row["time"] for row in rows] == ["9", "12", ""]
    assert "1 rows without time or event" in rows[1]["why"]
    assert rows[2]["why"].startswith("Line 4 left out")
