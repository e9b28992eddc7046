"""The validation table is whole: every requirement has a row, every proof exists, the page says what the table says."""

from __future__ import annotations

from tests.validation import COUNTS, PAGE, lost, page, requirements


def test_every_requirement_has_a_row_and_what_is_met_has_a_test() -> None:
    rows = requirements()
    assert [row.id for row in rows] == [
        f"{letter}-{n:02d}" for letter, n_of in COUNTS.items() for n in range(1, n_of + 1)
    ]
    assert not [row.id for row in rows if row.state in ("met", "part") and not row.tests]
    assert not [row.id for row in rows if row.state != "met" and not row.why], "what lacks is said"
    assert not [row.id for row in rows if row.state in ("not", "other") and row.tests]


def test_every_named_test_exists() -> None:
    assert lost(requirements()) == []


def test_a_test_that_is_gone_is_noticed() -> None:
    row = requirements()[0].model_copy(update={"tests": ("services/test_people.py::test_that_never_was",)})
    assert lost([row]) == ["A-01: services/test_people.py::test_that_never_was"]


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(requirements()), "run: python tests/validation.py"
