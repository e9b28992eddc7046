"""A study is a folder of readable files; reading it names every fault and loses no character."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factories import make_study
from trialdesk.errors import KnownError
from trialdesk.storage.study_library import fingerprint, freeze, load_study, read_folder, thaw


def test_a_frozen_study_thaws_to_itself_and_keeps_its_fingerprint() -> None:
    study = make_study()
    again = thaw(freeze(study))
    assert again == study
    assert fingerprint(freeze(again)) == fingerprint(freeze(study))


def test_any_changed_word_changes_the_fingerprint() -> None:
    one = fingerprint(freeze(make_study()))
    other = fingerprint(freeze(make_study(sponsor={"en": "Another", "zh": "文字"})))
    assert one != other


def test_an_unquoted_no_stays_the_word_that_was_written(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("oid: NO\nversion: 1.10\n", encoding="utf-8")
    assert read_folder(tmp_path).raw["oid"] == "NO"
    assert read_folder(tmp_path).raw["version"] == "1.10"


def test_a_folder_without_a_study_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"no study\.yaml"):
        load_study(tmp_path)


def test_every_problem_of_a_study_is_listed_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("oid: T\n\ntitel: {en: a, zh: b}\n", encoding="utf-8")
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "dm.yaml").write_text(
        "oid: DM\nen: x\nzh: y\ngroups:\n- oid: G\n  item: 3\n", encoding="utf-8"
    )
    with pytest.raises(KnownError) as fault:
        load_study(tmp_path)
    assert "study.yaml:3: titel is not a field here" in fault.value.text.en
    assert "forms/dm.yaml:6: forms.groups.item is not a field here; did you mean 'items'?" in fault.value.text.en


def test_a_file_that_is_not_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("oid: T\nname: {en: a\n", encoding="utf-8")
    with pytest.raises(KnownError, match=r"study\.yaml:\d"):
        load_study(tmp_path)
