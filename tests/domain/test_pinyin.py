"""Chinese labels by what a hurried person types: syllables, first letters, a mix of both, or the characters."""

from __future__ import annotations

from pathlib import Path

import pytest

from trialdesk.domain.pinyin import find
from trialdesk.services.pinyin import readings

ANC = "中性粒细胞绝对值"
TOP = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("中性", ANC, "中性"),
        ("zhongxing", ANC, "中性"),
        ("zhong xing", ANC, "中性"),
        ("zhongx", ANC, "中性"),
        ("zxlxb", ANC, "中性粒细胞"),
        ("zhxl", ANC, "中性粒"),
        ("jueduizhi", ANC, "绝对值"),
        ("jdz", ANC, "绝对值"),
        ("xuehongdb", "血红蛋白", "血红蛋白"),
        ("szrqd0", "输注日期（D0）", ""),
        ("shuzhuriqid0", "输注日期（D0）", "输注日期（D0"),
        ("alt", "丙氨酸氨基转移酶 ALT", "ALT"),
        ("chongdu", "重度", "重度"),
        ("zhongdu", "重度", "重度"),
        ("xyz", ANC, None),
        ("zhongxingg", ANC, None),
    ],
)
def test_letters_find_the_characters_they_stand_for(typed: str, text: str, found: str | None) -> None:
    match = find(typed, text, readings())
    if found is None:
        assert match is None
    elif found:
        assert match is not None
        assert text[match.start : match.end] == found


def test_what_is_written_comes_before_what_is_only_read_and_syllables_before_first_letters() -> None:
    ranks = [find(typed, ANC, readings()) for typed in ("中性", "粒细胞", "zhongxing", "lixibao", "zxl", "lxb")]
    assert [match.rank for match in ranks if match] == [0, 2, 3, 4, 5, 6]


def test_nothing_typed_finds_nothing() -> None:
    assert find("  ", ANC, readings()) is None


def test_every_character_of_the_shipped_labels_has_a_reading() -> None:
    from trialdesk.services.study_release import release_from_folder, shipped_study

    study = release_from_folder(shipped_study()).study
    labels = [item.label.zh for f in study.forms for g in f.groups for item in g.items]
    labels += [one.label.zh for one in (*study.forms, *study.events)]
    han = {sign for label in labels for sign in label if "一" <= sign <= "鿿"}
    assert not han - readings().keys()


def test_the_file_of_readings_is_what_its_recipe_makes() -> None:
    pytest.importorskip("pypinyin")
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_readings", TOP / "packaging" / "make_readings.py")
    assert spec is not None
    assert spec.loader is not None
    recipe = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(recipe)
    assert len(recipe.characters()) == 6763
    assert set(recipe.characters()) == set(readings())
