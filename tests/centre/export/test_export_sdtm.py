"""SDTM: the right variables in the right order, each fact once and in the right domain, nothing invented."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.centre.export.conftest import MADE
from trialdesk.centre.centre import Centre
from trialdesk.centre.export.holdings import Holdings
from trialdesk.centre.export.sdtm import export_sdtm
from trialdesk.domain.study.sdtm import parse_source, read_mapping
from trialdesk.errors import KnownError
from trialdesk.exchange.sdtm.standard import standard
from trialdesk.exchange.sdtm.terminology import terminology
from trialdesk.exchange.sdtm.timing import study_day
from trialdesk.paths import resources
from trialdesk.services.study_release import shipped_release

GUIDE = Path(__file__).resolve().parents[4] / "shared/data/sdtmig34.json"
DEF = {"o": "http://www.cdisc.org/ns/odm/v1.3", "d": "http://www.cdisc.org/ns/def/v2.1"}
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def folder(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sdtm")
    export_sdtm(Holdings(centre, MADE), out)
    return out


@pytest.fixture(scope="module")
def raw(folder: Path) -> dict[str, dict[str, Any]]:
    return {f.stem.upper(): json.loads(f.read_text(encoding="utf-8")) for f in folder.glob("*.json")}


@pytest.fixture(scope="module")
def rows(raw: dict[str, dict[str, Any]]) -> Rows:
    return {
        name: [dict(zip([c["name"] for c in one["columns"]], row, strict=True)) for row in one["rows"]]
        for name, one in raw.items()
    }


def test_the_first_domains_and_the_trial_design_are_there(rows: Rows) -> None:
    wanted = "DM SV SE EX AE LB RS DS DD TA TE TV TI TS MH CM PR FA CE SS VS RELREC"
    assert set(wanted.split()) <= set(rows)


def test_demographics_say_who_was_treated_and_who_died(rows: Rows) -> None:
    (one,) = rows["DM"]
    assert one["USUBJID"] == "NCT06141304-01-001"
    assert (one["RFSTDTC"], one["RFENDTC"], one["RFICDTC"]) == ("2026-01-10", "2026-01-27T08:00", "2026-01-05")
    assert (one["BRTHDTC"], one["SEX"], one["COUNTRY"]) == ("1980-05", "F", "CHN")
    assert (one["ARMCD"], one["ACTARMCD"], one["ARMNRS"]) == ("DLIPLX", "DLIPLX", None)
    assert (one["DTHFL"], one["DTHDTC"]) == ("Y", "2026-04-08")
    assert one["RACE"] is None


def test_cells_are_dosed_in_millions_per_kilogram_and_given_injections_count(rows: Rows) -> None:
    (cells,) = [one for one in rows["EX"] if one["EXTRT"] == "DONOR LYMPHOCYTES"]
    assert (cells["EXDOSE"], cells["EXDOSU"], cells["EXDOSFRQ"]) == (20, "10^6/kg", "ONCE")
    assert (cells["EXSTDTC"], cells["EXENDTC"], cells["EXSTDY"]) == ("2026-01-17T10:00", "2026-01-17T10:40", 8)
    (injection,) = [one for one in rows["EX"] if one["EXTRT"] == "PLERIXAFOR"]
    assert (injection["EXDOSE"], injection["EXDOSU"], injection["EXROUTE"]) == (0.239, "mg/kg", "SUBCUTANEOUS")


def test_what_was_collected_stands_beside_exposure_and_an_injection_not_given_has_its_reason(rows: Rows) -> None:
    injections = [one for one in rows["EC"] if one["ECTRT"] == "PLERIXAFOR"]
    given, missed = sorted(injections, key=lambda one: one["ECOCCUR"], reverse=True)
    assert (given["ECOCCUR"], given["ECDOSE"], given["ECDOSU"], given["ECLOC"]) == ("Y", 14.8, "mg", "ABDOMINAL REGION")
    assert (missed["ECOCCUR"], missed["ECREASOC"], missed["ECDOSE"]) == ("N", "BLOOD COUNTS", None)
    links = {one["ECLNKID"] for one in rows["EC"] if one.get("ECOCCUR") != "N"}
    assert links == {one["EXLNKID"] for one in rows["EX"]}
    (as_a_whole,) = {one["RELID"] for one in rows["RELREC"] if one["USUBJID"] is None}
    both = [(one["RDOMAIN"], one["IDVAR"], one["RELTYPE"]) for one in rows["RELREC"] if one["RELID"] == as_a_whole]
    assert both == [("EC", "ECLNKID", "ONE"), ("EX", "EXLNKID", "ONE")]


def test_an_event_that_goes_on_says_as_of_which_day(rows: Rows) -> None:
    nausea, infection = rows["AE"]
    assert (nausea["AEENRTPT"], nausea["AEENTPT"], nausea["AEENDTC"]) == ("ONGOING", "2026-04-08", None)
    assert (infection["AEENRTPT"], infection["AEENTPT"]) == (None, None)


def test_what_a_statistician_asks_of_any_tabulation(rows: Rows) -> None:
    epochs = {one["EPOCH"] for one in rows["TA"]}
    visits = {one["VISITNUM"]: one["VISIT"] for one in (*rows["TV"], *rows["SV"])}
    first = rows["DM"][0]["RFSTDTC"]
    for name, found in rows.items():
        for one in found:
            for variable, value in one.items():
                if variable.endswith("DTC") and value is not None:
                    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d)?)?)?", value), (name, variable, value)
                if variable.endswith("DY"):
                    assert value == study_day(one[f"{variable[:-2]}DTC"], first) != 0, (name, variable)
            assert one.get("EPOCH") in (None, *epochs), name
            if one.get("VISITNUM") is not None:
                assert visits[one["VISITNUM"]] == one["VISIT"], name
            if one.get(f"{name}STAT") == "NOT DONE":
                assert one[f"{name}ORRES"] is None, name
                assert one[f"{name}REASND"], name
            start, end = one.get(f"{name}STDTC"), one.get(f"{name}ENDTC")
            if start and end and len(start) == len(end):
                assert start <= end, name
            if one.get(f"{name}DOSE") is not None:
                assert one[f"{name}DOSU"], name


def test_a_variable_nothing_fills_is_left_out_unless_the_mapping_asks_for_it(rows: Rows) -> None:
    assert "VISIT" not in rows["PR"][0]
    assert {"AESCONG", "AEDECOD"} <= set(rows["AE"][0])


def test_graft_versus_host_disease_is_no_adverse_event(rows: Rows) -> None:
    assert [one["AETERM"] for one in rows["AE"]] == ["Nausea", "Lung infection"]
    assert (rows["AE"][0]["AETOXGR"], rows["AE"][0]["AEDECOD"]) == ("2", None)
    assert "AESEV" not in rows["AE"][0]
    assert [(one["CETERM"], one["CESCAT"]) for one in rows["CE"]] == [
        ("Diarrhea", "MANIFESTATION"),
        ("ACUTE GRAFT VERSUS HOST DISEASE", "EPISODE"),
    ]
    grade = [one for one in rows["FA"] if one["FATESTCD"] == "OVRLGRD"]
    assert [(one["FASTRESC"], one["FAOBJ"]) for one in grade] == [("I", "ACUTE GRAFT VERSUS HOST DISEASE")]
    related = {(one["RDOMAIN"], one["RELID"]) for one in rows["RELREC"] if one["USUBJID"] is not None}
    assert related == {("CE", "R2"), ("FA", "R2")}


def test_why_an_event_is_serious_comes_from_the_form_that_reports_it(rows: Rows) -> None:
    nausea, infection = rows["AE"]
    assert (infection["AESER"], infection["AESHOSP"], infection["AESDTH"]) == ("Y", "Y", "N")
    assert (nausea["AESER"], nausea["AESHOSP"]) == ("N", None)


def test_the_datasets_are_valid_dataset_json(raw: dict[str, dict[str, Any]]) -> None:
    schema = GUIDE.parent / "dataset-json-1.1.schema.json"
    if not schema.is_file():
        pytest.skip("the schema of Dataset-JSON is not part of this repository")
    jsonschema = pytest.importorskip("jsonschema", reason="only a check of ours needs it")
    for one in raw.values():
        jsonschema.validate(one, json.loads(schema.read_text(encoding="utf-8")))
        assert one["records"] == len(one["rows"]) > 0


def test_a_partial_date_stays_partial_and_has_no_study_day(rows: Rows) -> None:
    (manifestation,) = [one for one in rows["CE"] if one["CETERM"] == "Diarrhea"]
    assert (manifestation["CESTDTC"], manifestation["CESTDY"], manifestation["EPOCH"]) == ("2026-02", None, None)
    assert study_day("2026-01-09", "2026-01-10") == -1
    assert study_day("2026-01-10T08:00", "2026-01-10") == 1
    assert study_day("2026-01", "2026-01-10") is None


def test_results_are_as_given_and_in_the_unit_of_the_question(rows: Rows) -> None:
    (one,) = [one for one in rows["LB"] if one["LBTESTCD"] == "HGB"]
    assert (one["LBORRES"], one["LBORRESU"]) == ("9.8", "g/dL")
    assert (one["LBSTRESC"], one["LBSTRESN"], one["LBSTRESU"]) == ("98", 98, "g/L")
    assert (one["LBNRIND"], one["LBLOBXFL"], one["LBDTC"]) == ("LOW", "Y", "2026-01-06T08:30")
    assert float(one["LBORNRLO"]) * 10 == pytest.approx(one["LBSTNRLO"])
    (not_done,) = [one for one in rows["VS"] if one["VSTESTCD"] == "TEMP"]
    assert (not_done["VSSTAT"], not_done["VSORRES"], not_done["VSDTC"]) == ("NOT DONE", None, "2026-01-06")


def test_visits_epochs_and_elements_follow_the_schedule(rows: Rows) -> None:
    assert [one["ETCD"] for one in rows["SE"]] == ["SCRN", "ROUND1"]
    assert rows["SE"][0]["SEENDTC"] == rows["SE"][1]["SESTDTC"] == "2026-01-10"
    numbers = [one["VISITNUM"] for one in rows["TV"]]
    assert numbers == sorted(set(numbers))
    assert {one["VISITNUM"] for one in rows["SV"]} <= set(numbers)
    (response,) = [one for one in rows["RS"] if one["RSTESTCD"] == "OVRLRESP"]
    assert (response["EPOCH"], response["RSCAT"]) == ("TREATMENT", "ELN DOHNER AML 2022")
    assert response["RSSTRESC"] == "PR"


def test_numbers_are_unique_within_a_participant(rows: Rows) -> None:
    for name, found in rows.items():
        if f"{name}SEQ" in (found[0] if found else {}) and "USUBJID" in found[0]:
            keys = [(one["USUBJID"], one[f"{name}SEQ"]) for one in found]
            assert len(keys) == len(set(keys)), name


def test_supplements_point_at_a_record(rows: Rows) -> None:
    for name in (name for name in rows if name.startswith("SUPP")):
        parents = rows[name.removeprefix("SUPP")]
        for one in rows[name]:
            assert len(one["QNAM"]) <= 8
            assert len(one["QLABEL"]) <= 40
            if one["IDVAR"]:
                assert one["IDVARVAL"] in [str(parent[one["IDVAR"]]) for parent in parents]


def test_variables_order_and_labels_are_those_of_the_guide(raw: dict[str, dict[str, Any]]) -> None:
    if not GUIDE.is_file():
        pytest.skip("the guide's tables are not part of this repository")
    guide = json.loads(GUIDE.read_text(encoding="utf-8"))
    for name, one in raw.items():
        known = guide["SUPPQUAL" if name.startswith("SUPP") else name]["vars"]
        label = {v["name"]: re.sub(r"\s+", " ", v["label"]).strip() for v in known}
        place = {v["name"]: int(v["order"]) for v in known}
        columns = [column["name"] for column in one["columns"]]
        assert columns == sorted(columns, key=place.__getitem__), name
        assert {column["name"]: column["label"] for column in one["columns"]} == {n: label[n] for n in columns}
        needed = {v["name"] for v in known if v["core"][0] in ("Req", "Exp")}
        assert needed <= set(columns), (name, needed - set(columns))


def test_the_shipped_facts_of_the_guide_agree_with_the_guide() -> None:
    if not GUIDE.is_file():
        pytest.skip("the guide's tables are not part of this repository")
    guide = json.loads(GUIDE.read_text(encoding="utf-8"))
    for name, dataset in standard(resources() / "standards").items():
        known = {v["name"]: v for v in guide[name]["vars"]}
        for one in dataset.variables:
            other = known[one.name]
            assert (one.order, one.kind, one.core) == (int(other["order"]), other["type"], other["core"][0]), one
        assert {n for n, v in known.items() if v["core"][0] != "Perm"} <= {one.name for one in dataset.variables}


def test_required_variables_are_filled_or_said_to_be_empty(rows: Rows, folder: Path) -> None:
    said = (folder / "README.txt").read_text(encoding="utf-8")
    for name, dataset in standard(resources() / "standards").items():
        for variable in (one.name for one in dataset.variables if one.core == "Req"):
            empty = [one for one in rows.get(name, ()) if one.get(variable) in (None, "")]
            assert not empty or f"{variable} is empty" in said, (name, variable)
    assert "AEDECOD is empty. Needs MedDRA" in said


def _schema() -> Iterator[Path]:
    odmlib = pytest.importorskip("odmlib", reason="odmlib is a development package and brings CDISC's schema")
    yield from Path(odmlib.__file__).parent.glob("schemas/define/2.1/define2-1-0.xsd")


def test_define_xml_is_valid_and_complete(folder: Path, raw: dict[str, dict[str, Any]]) -> None:
    tree = etree.parse(folder / "define.xml")
    root = tree.getroot()
    items = {one.get("OID") for one in root.iterfind(".//o:ItemDef", DEF)}
    assert items >= {column["itemOID"] for one in raw.values() for column in one["columns"]}
    assert {one.get("OID") for one in root.iterfind(".//o:ItemGroupDef", DEF)} == {
        o["itemGroupOID"] for o in raw.values()
    }
    comment = root.find(".//o:ItemDef[@OID='IT.AE.AEDECOD']", DEF).get(f"{{{DEF['d']}}}CommentOID")
    assert "MedDRA" in root.find(f".//d:CommentDef[@OID='{comment}']", DEF).findtext(
        ".//o:TranslatedText", namespaces=DEF
    )
    for leaf in root.iterfind(".//d:leaf", DEF):
        assert (folder / leaf.get("{http://www.w3.org/1999/xlink}href")).is_file()
    for path in _schema():
        schema = etree.XMLSchema(etree.parse(path))
        assert schema.validate(tree), schema.error_log


def _names(root: Any) -> dict[str, list[str]]:
    """Every OID and ID by element."""
    found: dict[str, list[str]] = {}
    for one in root.iter():
        if name := one.get("OID") or one.get("ID"):
            found.setdefault(etree.QName(one).localname, []).append(name)
    return found


def test_every_reference_in_define_xml_leads_somewhere_and_every_name_stands_once(folder: Path) -> None:
    root = etree.parse(folder / "define.xml").getroot()
    names = _names(root)
    assert all(len(found) == len(set(found)) for found in names.values())
    references = {
        "ItemOID": "ItemDef", f"{{{DEF['d']}}}ItemOID": "ItemDef", "CodeListOID": "CodeList", "MethodOID": "MethodDef",
        f"{{{DEF['d']}}}CommentOID": "CommentDef", "ValueListOID": "ValueListDef", "leafID": "leaf",
        "WhereClauseOID": "WhereClauseDef", f"{{{DEF['d']}}}StandardOID": "Standard",
    }  # fmt: skip
    for one in root.iter():
        for attribute, kind in references.items():
            assert one.get(attribute) is None or one.get(attribute) in names[kind], (one.tag, one.attrib)


def test_values_are_described_test_by_test_with_their_unit_their_rule_and_their_page(folder: Path) -> None:
    root = etree.parse(folder / "define.xml").getroot()
    lists = {one.get("OID") for one in root.iterfind(".//d:ValueListDef", DEF)}
    wanted = "LB.LBORRES LB.LBSTRESC RS.RSORRES RS.RSSTRESC FA.FAORRES EX.EXDOSE EC.ECDOSE SUPPAE.QVAL SUPPEC.QVAL"
    assert {f"VL.{name}" for name in wanted.split()} <= lists
    hgb = root.find(".//o:ItemDef[@OID='IT.LB.LBORRES.HGB']", DEF)
    assert hgb.findtext(".//o:TranslatedText", namespaces=DEF) == "Hemoglobin"
    in_standard_units = root.find(".//o:ItemDef[@OID='IT.LB.LBSTRESC.HGB']", DEF)
    assert in_standard_units.findtext(".//o:TranslatedText", namespaces=DEF) == "Hemoglobin, g/L"
    assert (hgb.get("DataType"), hgb.get("SignificantDigits")) == ("float", "1")
    where = root.find(".//d:WhereClauseDef[@OID='WC.LB.HGB']/o:RangeCheck", DEF)
    assert (where.get(f"{{{DEF['d']}}}ItemOID"), where.findtext("o:CheckValue", namespaces=DEF)) == (
        "IT.LB.LBTESTCD",
        "HGB",
    )
    grade = root.find(".//o:ItemRef[@ItemOID='IT.FA.FAORRES.OVRLGRD']", DEF).get("MethodOID")
    rule = root.find(f".//o:MethodDef[@OID='{grade}']", DEF).findtext(".//o:TranslatedText", namespaces=DEF)
    assert rule.startswith("AGGRADE: Overall grade from the organ stages")
    dose = root.find(".//o:ItemRef[@ItemOID='IT.EX.EXDOSE.PLERIXAFOR']", DEF).get("MethodOID")
    made = root.find(f".//o:MethodDef[@OID='{dose}']", DEF).findtext(".//o:TranslatedText", namespaces=DEF)
    assert "divided by PLXWT" in made


def test_an_origin_names_the_page_of_the_annotated_crf_on_which_the_question_stands(folder: Path) -> None:
    import pypdfium2

    root = etree.parse(folder / "define.xml").getroot()
    leaf = root.find(".//d:leaf[@ID='LF.acrf']", DEF)
    document = pypdfium2.PdfDocument(folder / leaf.get("{http://www.w3.org/1999/xlink}href"))
    pages = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    for item, question, target in (
        ("IT.AE.AETOXGR", "AETOXGR", "AE.AETOXGR"),
        ("IT.EC.ECDOSE.PLERIXAFOR", "PLXMG", "EC.ECDOSE"),
        ("IT.LB.LBORRES.HGB", "HGB", "LB.LBORRES where LBTESTCD = HGB"),
        ("IT.SUPPDM.QVAL.ETHGRP", "ETHNIC", "SUPPDM.QVAL where QNAM = ETHGRP"),
    ):
        (number,) = root.find(f".//o:ItemDef[@OID='{item}']//d:PDFPageRef", DEF).get("PageRefs").split()
        page = " ".join(pages[int(number) - 1].split())
        assert question in page
        assert target in page
    assert "[NOT SUBMITTED]" in "".join(pages)


def test_dataset_json_and_define_xml_say_the_same_of_every_variable(
    folder: Path, raw: dict[str, dict[str, Any]]
) -> None:
    root = etree.parse(folder / "define.xml").getroot()
    items = {one.get("OID"): one for one in root.iterfind(".//o:ItemDef", DEF)}
    for dataset in raw.values():
        for index, column in enumerate(dataset["columns"]):
            item = items[column["itemOID"]]
            cells = [row[index] for row in dataset["rows"] if row[index] is not None]
            assert column["label"] == item.findtext(".//o:TranslatedText", namespaces=DEF)
            assert len(column["label"]) <= 40
            if item.get("DataType") in ("integer", "float"):
                assert column["dataType"] == item.get("DataType"), column
            else:
                assert column["dataType"] == "string"
                assert column["length"] == max([1, *(len(cell.encode()) for cell in cells)]) <= 200
                assert item.get("Length") in (None, str(column["length"]))


def test_supplemental_qualifiers_have_names_and_labels_a_transport_file_can_hold(rows: Rows) -> None:
    for name in (one for one in rows if one.startswith("SUPP")):
        for one in rows[name]:
            assert re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", one["QNAM"])
            assert len(one["QLABEL"]) <= 40
            assert one["QORIG"] in ("CRF", "DERIVED")


def test_terms_have_their_code_and_the_studys_own_words_say_that_they_are_its_own(folder: Path) -> None:
    root = etree.parse(folder / "define.xml").getroot()
    tests = root.find(".//o:CodeList[@OID='CL.LB.LBTESTCD']", DEF)
    assert tests.get(f"{{{DEF['d']}}}StandardOID") == "STD.CT"
    terms = {one.get("CodedValue"): one for one in tests.iterfind("o:CodeListItem", DEF)}
    assert terms["HGB"].find("o:Alias", DEF).get("Name") == "C64848"
    assert terms["HGB"].findtext(".//o:TranslatedText", namespaces=DEF) == "Hemoglobin"
    assert terms["MRDLVL"].get(f"{{{DEF['d']}}}ExtendedValue") == "Yes"
    release, lists = terminology(resources() / "standards")
    assert root.find(".//d:Standard[@OID='STD.CT']", DEF).get("Version") == release == "2025-03-28"
    closed = [one for one in lists.values() if not one.extensible]
    assert closed
    for one in root.iterfind(".//o:CodeList", DEF):
        code = one.find("o:Alias", DEF)
        if code is not None and not lists[code.get("Name")].extensible:
            extended = [term for term in one if term.get(f"{{{DEF['d']}}}ExtendedValue")]
            assert not extended, f"{one.get('OID')} is a closed list"


def test_a_source_is_read_or_refused() -> None:
    assert parse_source("A | =B C").act == "first"
    assert list(parse_source("unless(earliest(A, B), M(C) | =D)").items()) == ["A", "B", "C"]
    for wrong in ("", "A B", "A(", "f(A,)", "=x | "):
        with pytest.raises(ValueError):
            parse_source(wrong)


def test_what_a_form_says_of_sdtm_is_what_the_mapping_does() -> None:
    study = shipped_release().study
    mapping = read_mapping(study.sdtm)
    reached: set[tuple[str, str]] = {(item, f"SV.{name}") for name, item in mapping.visits.items()}
    reached.add(("SVDAT", "SV.SVSTDTC"))
    for domain in mapping.domains:
        for block in domain.records:
            for name, text in block.set.items():
                reached |= {(item, f"{domain.domain}.{name}") for item in mapping.sources[text].items()}
            reached |= {(item, f"{domain.domain}.{domain.domain}ORRES") for item in block.tests}
            for _, text in block.supp.values():
                reached |= {(item, f"SUPP{domain.domain}.QVAL") for item in mapping.sources[text].items()}
    said = {(item.name, item.sdtm) for _, _, item in study.place.values() if item.sdtm}
    assert said <= reached, said - reached


def test_a_study_without_a_mapping_or_with_names_of_no_guide_is_told(centre: Centre, tmp_path: Path) -> None:
    def export(sdtm: dict[str, Any] | None) -> None:
        held = Holdings(centre, MADE)
        held.__dict__["study"] = shipped_release().study.model_copy(update={"sdtm": sdtm})
        export_sdtm(held, tmp_path)

    with pytest.raises(KnownError, match=r"sdtm\.yaml to the study folder"):
        export(None)
    wrong = {"arm": "A", "arm_code": "A", "elements": [], "domains": [{"domain": "XX", "keys": []}]}
    with pytest.raises(KnownError, match="XX"):
        export(wrong)
    block = {"items": ["AETERM"], "set": {"AEWRONG": "AETERM"}}
    with pytest.raises(KnownError, match=r"AE\.AEWRONG"):
        export(wrong | {"domains": [{"domain": "AE", "keys": [], "records": [block]}]})
