"""A study of another program becomes a folder that checks clean, and the report says by line what was left out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialdesk import cli
from trialdesk.domain.study.rule import ConditionRule
from trialdesk.domain.study.study import Study
from trialdesk.errors import KnownError
from trialdesk.exchange.odm.document import OdmFile, write_odm
from trialdesk.services.study_import import REPORT, ImportedStudy, import_study
from trialdesk.services.study_release import release_from_folder, shipped_release

SAMPLES = Path(__file__).resolve().parents[3] / "shared/data/odm/samples"
DICTIONARY = """\
"Variable / Field Name","Form Name","Section Header","Field Type","Field Label","Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number","Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)","Required Field?"
record_id,demographics,,text,"Study ID",,,,,,,,
dob,demographics,"<b>About you</b>",text,"Date of
birth",,,date_ymd,,,y,,y
sex,demographics,,radio,Sex,"1, Female | 2, Male | broken",,,,,,,y
weight,demographics,Measured,text,"Weight (kg)",,to one place,number_1dp,30,200,,,
pregnant,demographics,,yesno,Pregnant?,,,,,,,"[sex] = '1'",
colours,demographics,,checkbox,Colours,"1, Red | 2, Blue",,,,,,,
bmi,demographics,,calc,BMI,"[weight]/2",,,,,,,
shade,demographics,,text,Shade,,,,,,,"[colours(1)] = '1' or [colours(2)] <> '0'",
late,demographics,,text,Late,,,,,,,"datediff([dob], 'today', 'd') > 3",
picture,demographics,,file,Picture,,,,,,,,
"""


def study_of(made: ImportedStudy) -> Study:
    assert made.problems == ()
    return release_from_folder(made.folder).study


@pytest.fixture
def dictionary(tmp_path: Path) -> ImportedStudy:
    file = tmp_path / "my study.csv"
    file.write_text(DICTIONARY, encoding="utf-8")
    return import_study(file, tmp_path / "out")


def test_a_redcap_dictionary_becomes_a_study(dictionary: ImportedStudy) -> None:
    study = study_of(dictionary)
    assert (study.oid, [form.oid for form in study.forms]) == ("MY_STUDY", ["DEMOGRAPHICS"])
    assert [group.label.en for group in study.forms[0].groups] == ["Demographics", "About you", "Measured"]
    weight = study.item("WEIGHT")
    assert weight.range is not None
    assert (weight.kind, weight.digits, str(weight.range.min), str(weight.range.max)) == ("float", 1, "30", "200")
    assert (study.item("DOB").kind, study.item("DOB").optional, study.item("DOB").label.en) == (
        "date",
        False,
        "Date of birth",
    )
    assert [one.code for one in study.codelist[study.item("SEX").codelist or ""].items] == ["1", "2"]
    assert {"COLOURS_1", "COLOURS_2"} <= set(study.place)
    assert (study.landmarks.sex, study.landmarks.birth) == ("SEX", "DOB")


def test_what_was_not_understood_is_said_with_its_line(dictionary: ImportedStudy) -> None:
    said = {one.line: one.says for one in dictionary.remarks if one.line > 1}
    assert "'broken'" in said[5]
    assert "datediff" in said[11]
    assert "[weight]/2" in said[9]
    assert "file fields" in said[12]
    assert "12: picture" in (dictionary.folder / REPORT).read_text(encoding="utf-8")


def test_branching_logic_of_coded_answers_becomes_a_rule_with_its_proofs(dictionary: ImportedStudy) -> None:
    one, other = (rule for rule in study_of(dictionary).rules if isinstance(rule, ConditionRule))
    assert (one.items, one.show) == (("PREGNANT",), "SEX == '1'")
    assert (other.items, other.show) == (("SHADE",), "COLOURS_1 == '1' or COLOURS_2 != '0'")
    assert [example.expect for example in other.examples] == ["shown", "hidden"]


def test_our_own_metadata_come_back(tmp_path: Path) -> None:
    study = shipped_release().study
    file = tmp_path / "study.xml"
    file.write_bytes(write_odm(OdmFile(study, "TD.test", datetime(2026, 1, 1, tzinfo=UTC), "0"), []))
    back = study_of(import_study(file, tmp_path / "out"))
    assert set(back.place) == set(study.place)
    assert [form.oid for form in back.forms] == [form.oid for form in study.forms]
    for form, other_form in zip(study.forms, back.forms, strict=True):
        assert [(g.label, g.repeating, [i.name for i in g.items]) for g in other_form.groups] == [
            (g.label, g.repeating, [i.name for i in g.items]) for g in form.groups
        ]
    assert [(one.oid, one.label, one.repeating, one.forms) for one in back.events] == [
        (one.oid, one.label, one.repeating, one.forms) for one in study.events
    ]
    for name, (_, _, item) in study.place.items():
        other = back.item(name)
        assert (other.kind, other.digits, other.length) == (
            "text" if item.kind == "term" else item.kind,
            item.digits,
            item.length,
        )
        assert (other.label, other.unit, other.codelist, other.range) == (
            item.label,
            item.unit,
            item.codelist,
            item.range,
        )
    listed = {one.oid: one.items for one in back.codelists}
    for one in study.codelists:
        if one.oid in listed:
            assert [(i.code, i.label) for i in listed[one.oid]] == [(i.code, i.label) for i in one.items]


@pytest.mark.parametrize("name", ["cdisc_dave_132", "odmlib_cdash", "odmlib_data_snapshot", "redcap_Visits"])
def test_files_of_other_programs_check_clean(tmp_path: Path, name: str) -> None:
    file = SAMPLES / f"{name}.xml"
    if not file.is_file():
        pytest.skip("files of other programs are not part of this repository")
    made = import_study(file, tmp_path / "out")
    study = study_of(made)
    assert len(study.place) > 30
    assert all(one.line > 0 for one in made.remarks if "has no definition" in one.says)


def test_the_schema_adds_its_faults_and_refuses_nothing(tmp_path: Path) -> None:
    schema, file = SAMPLES.parent / "xsd-1.3.2/ODM1-3-2.xsd", SAMPLES / "redcap_Visits.xml"
    if not schema.is_file() or not file.is_file():
        pytest.skip("CDISC's schema is not part of this repository")
    made = import_study(file, tmp_path / "out", schema)
    study_of(made)
    faults = [one for one in made.remarks if one.says.startswith("by the schema")]
    assert faults
    assert all(one.line > 0 and "redcap" not in one.says for one in faults)


def odm(inner: str, head: str = "") -> str:
    return (
        f'{head}<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:x="urn:x"><Study OID="S-1"><MetaDataVersion OID="M">'
        f"{inner}</MetaDataVersion></Study></ODM>"
    )


def test_faults_of_form_are_reported_and_never_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.xml"
    file.write_text(
        odm(
            '<FormDef OID="F" Name="F" Repeating="Yes"><ItemGroupRef ItemGroupOID="G"/><ItemGroupRef ItemGroupOID="NONE"/></FormDef>\n'
            '<ItemGroupDef OID="G" Name=""><ItemRef ItemOID="A"/><ItemRef ItemOID="A"/><ItemRef ItemOID="B"/></ItemGroupDef>\n'
            '<ItemDef OID="A" Name="a" DataType="colour" x:y="1"><x:z/></ItemDef>'
        ),
        encoding="utf-8",
    )
    made = import_study(file, tmp_path / "out")
    assert set(study_of(made).place) == {"A", "A_2"}
    said = "\n".join(map(str, made.remarks))
    for words in (
        "NONE has no definition",
        "B has no definition",
        "data type colour",
        "may repeat",
        "other namespaces",
    ):
        assert words in said
    assert "line 3: A: data type colour" in said


@pytest.mark.parametrize(
    "content",
    [
        odm("<x/>", '<!DOCTYPE ODM [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'),
        odm("<x/>", '<!DOCTYPE ODM SYSTEM "file:///etc/passwd">'),
        "<ODM",
        "plain text",
        "<html/>",
        "",
    ],
)
def test_what_is_no_study_is_refused_in_plain_words(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.xml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(KnownError, match="neither ODM"):
        import_study(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_it_made_and_leaves_a_full_folder_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "d.csv"
    file.write_text(DICTIONARY, encoding="utf-8")
    assert cli.main(["study", "import", str(file), "--out", str(tmp_path / "out")]) == 0
    assert "no problems: 1 events, 1 forms, 10 items, 2 rules, 4 examples hold" in capsys.readouterr().out
    assert cli.main(["study", "import", str(file), "--out", str(tmp_path / "out")]) == 1
    assert "is not empty" in capsys.readouterr().err
