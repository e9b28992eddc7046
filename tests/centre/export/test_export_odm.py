"""The whole study as ODM: valid, complete, and what other readers of ODM need."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from tests.centre.export.conftest import MADE
from trialdesk.centre.centre import Centre
from trialdesk.centre.export.holdings import Holdings
from trialdesk.centre.export.odm import export_odm
from trialdesk.exchange.odm.reading import read_values

N = {"o": "http://www.cdisc.org/ns/odm/v1.3"}
SCHEMA = Path(__file__).resolve().parents[4] / "shared/data/odm/xsd-1.3.2/ODM1-3-2.xsd"


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    """CDISC's schema, or the copy that odmlib brings along where it is not at hand."""
    path = SCHEMA
    if not path.is_file():
        odmlib = pytest.importorskip("odmlib", reason="CDISC's schema is not part of this repository")
        path = next(Path(odmlib.__file__).parent.glob("schemas/odm/1.3.2/ODM1-3-2.xsd"), SCHEMA)
    if not path.is_file():
        pytest.skip("CDISC's schema is not part of this repository")
    return etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("kind", ["Snapshot", "Transactional"])
def test_the_file_is_valid_by_the_schema_of_cdisc(
    held: Holdings, out: Path, kind: str, schema: etree.XMLSchema
) -> None:
    (path,), count = export_odm(held, out, kind)  # type: ignore[arg-type]
    assert schema.validate(etree.parse(path)), schema.error_log
    assert count == 1


def _keys(root: etree._Element) -> list[tuple[str | None, ...]]:
    """Every value by what a reader without repeating sections tells places apart: no key of a form or a section."""
    found = []
    for one in root.iter(f"{{{N['o']}}}ItemData"):
        group, form, event = one.getparent(), one.getparent().getparent(), one.getparent().getparent().getparent()
        where = event.get("StudyEventOID"), event.get("StudyEventRepeatKey"), form.get("FormOID")
        found.append((event.getparent().get("SubjectKey"), *where, group.get("ItemGroupOID"), one.get("ItemOID")))
    return found


def test_for_readers_without_repeating_sections_each_row_is_a_section_and_nothing_is_hidden(
    held: Holdings, out: Path, schema: etree.XMLSchema
) -> None:
    (flat,), _ = export_odm(held, out, "Snapshot", flat=True)
    (plain,), _ = export_odm(held, out, "Snapshot")
    root = etree.parse(flat).getroot()
    assert schema.validate(root.getroottree()), schema.error_log
    assert not root.findall(".//o:ItemGroupDef[@Repeating='Yes']", N)
    keys, others = _keys(root), _keys(etree.parse(plain).getroot())
    assert len(set(keys)) == len(keys) == len(others) > len(set(others))
    assert {o.value for o in read_values(flat.read_bytes()).values()} == {
        o.value for o in read_values(plain.read_bytes()).values()
    }
    assert read_values(flat.read_bytes()).keys() == read_values(plain.read_bytes()).keys()
    # Every section that data name is defined, and belongs to its form.
    defined = {one.get("OID") for one in root.iter(f"{{{N['o']}}}ItemGroupDef")}
    assert {key[4] for key in keys} <= defined
    second = root.find(".//o:ItemGroupDef[@OID='IG.PLX.PLXINJ.R2']", N)
    assert second.get("Name") == "Injections, Day 1, second"


def test_a_snapshot_has_what_other_readers_need(held: Holdings, out: Path) -> None:
    (path,), _ = export_odm(held, out, "Snapshot")
    root = etree.parse(path).getroot()
    assert root.findtext("o:Study/o:GlobalVariables/o:StudyName", namespaces=N)
    for user in root.iterfind(".//o:User", N):
        assert user.findtext("o:FirstName", namespaces=N)
        assert user.findtext("o:LastName", namespaces=N)
    for one in root.iterfind(".//o:SubjectData", N):
        assert "__" not in one.get("SubjectKey")
    for one in root.iterfind(".//o:StudyEventData[@StudyEventRepeatKey]", N):
        assert one.get("StudyEventRepeatKey").isdigit()
    oids = [o for x in root.iter(etree.Element) for k, o in x.attrib.items() if k.endswith("OID") and k != "FileOID"]
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", oid) for oid in oids)
    listed = {
        x.get("OID"): {c.get("CodedValue") for c in x.iterfind("o:CodeListItem", N)}
        for x in root.iter(f"{{{N['o']}}}CodeList")
    }
    codelist = {
        x.get("OID"): x.find("o:CodeListRef", N).get("CodeListOID")
        for x in root.iterfind(".//o:ItemDef[o:CodeListRef]", N)
    }
    coded = [x for x in root.iterfind(".//o:ItemData[@Value]", N) if x.get("ItemOID") in codelist]
    assert coded
    assert all(x.get("Value") in listed[codelist[x.get("ItemOID")]] for x in coded)


def test_an_answer_that_is_not_asked_any_more_is_history_and_no_value(held: Holdings, out: Path) -> None:
    (one,), _ = export_odm(held, out, "Snapshot")
    (all_,), _ = export_odm(held, out, "Transactional")
    # The second injection was not given: nothing hides here; a place on record and not asked is found by the rules.
    (data,) = held.casebooks()
    kept = len(etree.parse(one).getroot().findall(".//o:ItemData", N))
    assert kept == sum(not data.is_struck(path) and path not in held.parked(data) for path in data.items)
    assert len(etree.parse(all_).getroot().findall(".//o:ItemData", N)) == sum(
        len(i.entries) for i in data.items.values()
    )


def test_history_holds_every_signature_and_completion(held: Holdings, out: Path) -> None:
    (path,), _ = export_odm(held, out, "Transactional")
    root = etree.parse(path).getroot()
    acts = root.findall(".//o:FormData[@TransactionType='Context']", N)
    (data,) = held.casebooks()
    done = sum(len(f.completed) + len(f.signed) + len(f.certified) + len(f.locked) for f in data.forms.values())
    assert len(acts) == done >= 4
    assert len(root.findall(".//o:Signature", N)) == 2


def test_what_was_struck_out_is_gone_from_the_snapshot_and_removed_in_the_history(held: Holdings, out: Path) -> None:
    (one,), _ = export_odm(held, out, "Snapshot")
    (every,), _ = export_odm(held, out, "Transactional")
    assert "another participant" not in one.read_text(encoding="utf-8")
    (removed,) = etree.parse(every).getroot().findall(".//o:FormData[@TransactionType='Remove']", N)
    assert removed.get("FormOID") == "F.CM"
    assert removed.find("o:AuditRecord/o:ReasonForChange", N) is not None
    (note,) = [x for x in etree.parse(every).getroot().iter(f"{{{N['o']}}}Comment") if "on the box" in (x.text or "")]
    assert note.get("SponsorOrSite") == "Site"


def test_a_cut_leaves_out_what_was_recorded_later(centre: Centre, out: Path) -> None:
    (_,), count = export_odm(Holdings(centre, MADE, date(2026, 4, 30)), out, "Snapshot")
    assert count == 0
    (_,), count = export_odm(Holdings(centre, MADE, date(2026, 5, 1)), out, "Snapshot")
    assert count == 1
