"""ODM 1.3.2: valid by CDISC's schema, complete, and read back value by value; a second reader agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from tests.scenario import SOURCE, Ward
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.exchange.odm.document import NAMESPACE, OdmFile, write_odm
from trialdesk.exchange.odm.reading import read_values
from trialdesk.exchange.odm.text import xml

SCHEMA = Path(__file__).resolve().parents[3] / "shared/data/odm/xsd-1.3.2/ODM1-3-2.xsd"
N = {"o": NAMESPACE}


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    ward = Ward(tmp_path_factory.mktemp("odm"))
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.fill(WEIGHT="61.5")
    ward.enter("TEMP", "", missing="ND")
    ward.complete()
    ward.sign()
    ward.enter("WEIGHT", "61.8", reason=SOURCE)
    ward.open("AE[1]/AE")
    ward.fill(AETERM="Nausea", AETOXGR="2", AESTDAT="2026-03")
    yield ward
    ward.leave()


def about(ward: Ward, **other: object) -> OdmFile:
    return OdmFile(ward.desk.study, "TD.test", datetime(2026, 3, 3, 9, tzinfo=UTC), "0", **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["Snapshot", "Transactional"])
def test_a_file_is_valid_by_the_schema_of_cdisc(ward: Ward, kind: str) -> None:
    if not SCHEMA.is_file():
        pytest.skip("CDISC's schema is not part of this repository")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    content = etree.fromstring(write_odm(about(ward, kind=kind), [ward.casebook.data]))
    assert schema.validate(content), schema.error_log
    one = etree.fromstring(write_odm(about(ward, kind=kind), [ward.casebook.data], [ward.form]))
    assert schema.validate(one), schema.error_log


def test_every_reference_has_its_definition(ward: Ward) -> None:
    for only in (None, {"VS"}):
        root = etree.fromstring(write_odm(about(ward), [], only_forms=only))
        made = {one.get("OID") for one in root.iter() if isinstance(one.tag, str) and one.get("OID")}
        named = {
            value
            for one in root.iter()
            for key, value in one.attrib.items()
            if key.endswith("OID") and key not in ("OID", "FileOID", "StudyOID", "MetaDataVersionOID")
        }
        assert named <= made, named - made
        assert len(made) == len([1 for one in root.iter() if one.get("OID")])


def test_every_value_is_read_back_with_the_record_that_holds_it(ward: Ward) -> None:
    data = ward.casebook.data
    found = read_values(write_odm(about(ward), [data]))
    assert {path for _, path in found} == set(data.items)
    for (subject, path), one in found.items():
        item = data.items[path]
        assert subject == ward.subject
        assert one.value == (item.value if item.value is not None else item.missing)
        assert one.record == item.current.id


def test_history_keeps_every_record_in_order(ward: Ward) -> None:
    root = etree.fromstring(write_odm(about(ward, kind="Transactional"), [ward.casebook.data]))
    weights = root.xpath("//o:ItemData[@ItemOID='I.WEIGHT']", namespaces=N)
    assert [(one.get("Value"), one.get("TransactionType")) for one in weights] == [
        ("61.5", "Insert"),
        ("61.8", "Upsert"),
    ]
    assert "SOURCE" in weights[1].findtext("o:AuditRecord/o:ReasonForChange", namespaces=N)


def test_missing_signed_and_partial_say_so(ward: Ward) -> None:
    root = etree.fromstring(write_odm(about(ward), [ward.casebook.data]))
    (empty,) = root.xpath("//o:ItemData[@ItemOID='I.TEMP']", namespaces=N)
    assert empty.get("IsNull") == "Yes"
    assert empty.findtext("o:Annotation/o:Flag/o:FlagValue", namespaces=N) == "ND"
    (signed,) = root.xpath("//o:FormData/o:Signature", namespaces=N)
    meaning = root.xpath("//o:SignatureDef/o:Meaning/text()", namespaces=N)
    assert signed.find("o:SignatureRef", N).get("SignatureOID") == "SD.1"
    assert "确认" in meaning[0]
    (partial,) = root.xpath("//o:ItemData[@ItemOID='I.AESTDAT']", namespaces=N)
    assert partial.get("Value") == "2026-03"


def test_both_languages_and_the_skip_rules_are_in_the_metadata(ward: Ward) -> None:
    root = etree.fromstring(write_odm(about(ward), []))
    for question in root.iter(f"{{{NAMESPACE}}}Question"):
        assert len(question) == 2
    conditions = root.xpath("//o:ConditionDef/o:FormalExpression/text()", namespaces=N)
    assert conditions
    assert all(words.startswith("!(") for words in conditions)
    assert len(root.xpath("//o:ItemDef", namespaces=N)) == len(ward.desk.study.place)
    assert root.xpath("//o:RangeCheck[@SoftHard]", namespaces=N)
    assert root.xpath("//o:Alias[@Context='SDTM']", namespaces=N)


def test_text_that_would_break_xml_comes_back_as_it_was() -> None:
    said = "<a> & \"b\"\n'c'"
    assert etree.fromstring(f'<x y="{xml(said)}"/>').get("y") == said
    assert xml("a\x00b\ufffe") == "ab"


def test_a_second_reader_agrees(ward: Ward) -> None:
    loaders = pytest.importorskip("odmlib.odm_loader", reason="odmlib is a development package")
    loader = loaders.XMLODMLoader(model_package="odm_1_3_2")
    loader.create_document_from_string(write_odm(about(ward), [ward.casebook.data]).decode())
    clinical = loader.load_odm().ClinicalData[0]
    found = {
        (form.FormOID, item.ItemOID): item.Value
        for event in clinical.SubjectData[0].StudyEventData
        for form in event.FormData
        for group in form.ItemGroupData
        for item in group.ItemData
    }
    assert found["F.VS", "I.WEIGHT"] == "61.8"
    assert len(found) == len(ward.casebook.data.items)


def test_no_document_type_definition_is_taken() -> None:
    with pytest.raises(ValueError, match="ODM"):
        read_values(f'<!DOCTYPE ODM [<!ENTITY a "b">]><ODM xmlns="{NAMESPACE}"/>'.encode())
    with pytest.raises(ValueError, match="XML"):
        read_values(b"not xml")


def test_an_empty_casebook_is_a_file_too(ward: Ward) -> None:
    assert read_values(write_odm(about(ward), [SubjectData("01-099")])) == {}
    assert ItemPath.parse("SCR[1]/VS/VS[1]/WEIGHT")
