"""The commands of review say what was recorded, and say no in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk import cli


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    opened = Ward(tmp_path)
    opened.enrol()
    opened.open("SCR[1]/DM")
    opened.fill(BRTHDAT="1990-05-01", SEX="F")
    opened.receive(opened.send())
    yield opened
    opened.leave()


def test_a_query_lives_its_life_by_commands(ward: Ward, capsys: pytest.CaptureFixture[str]) -> None:
    centre, field = str(ward.centre.folder), str(ward.desk.session.data("01-001").by_item["SEX"][0])

    def say(*words: str) -> str:
        code = cli.main(["centre", *words])
        out = capsys.readouterr()
        return out.out if code == 0 else f"{code} {out.err}"

    asked = ("--en", "Please check.", "--zh", "请核对。")
    assert "QueryProposed 01-001" in say("query", "open", centre, "01-001", field, *asked, "--draft")
    assert "go out with the next receipts: 1" in say("query", "issue", centre)
    (line,) = json.loads(say("query", "list", centre, "--json"))
    assert (line["id"], line["state"], line["paths"]) == ("CENTRE-W1:1", "Open", [field])
    assert "not answered yet" in say("query", "again", centre, line["id"], *asked)
    assert "Say why" in say("query", "cancel", centre, line["id"])
    assert "QueryClosed" in say("query", "cancel", centre, line["id"], "--words", "asked in error")
    assert "Cancelled" in say("query", "list", centre)
    assert "There is no query" in say("query", "close", centre, "CENTRE-W1:9")
    assert "names no field" in say("query", "open", centre, "01-001", "nonsense", *asked)
    assert "FormFrozen 01-001: held still by the centre 中心冻结" in say("freeze", centre, "01-001", "SCR[1]/DM")
    where = ("--source", "Medical record", "--where", "front page")
    assert "SourceVerified" in say("verify", centre, "01-001", field, *where)
    assert "0 queries drafted" in say("query", "check", centre)
    assert "receipt " in say("receipts", centre, "--out", str(ward.folder / "stick"))
