"""Paths are written and read without loss."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialdesk.domain.oid import FormPath, ItemPath

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)
repeats = st.integers(1, 999_999)
paths = st.builds(ItemPath, names, repeats, names, names, repeats, names)


@given(paths)
def test_a_written_path_reads_back_to_itself(path: ItemPath) -> None:
    assert ItemPath.parse(str(path)) == path
    assert FormPath.parse(str(path.form_path)) == path.form_path


@pytest.mark.parametrize("text", ["", "DLI", "DLI[0]/F", "DLI[1]/F/G/ITEM", "D-LI[1]/F", "DLI[1]/F/G[1]/IT EM", "../x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        ItemPath.parse(text)
    if text.count("/") != 1 or "[0]" in text or "-" in text:
        with pytest.raises(ValueError, match="path"):
            FormPath.parse(text)
