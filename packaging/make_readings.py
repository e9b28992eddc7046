"""Writes how single Han characters are read, so that the ward finds labels by pinyin without a dictionary in memory.

    .venv/bin/python packaging/make_readings.py

The characters are the 6,763 of GB 2312, which the labels of a study are written in; every reading counts, tones do not.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

FILE = Path(__file__).resolve().parent.parent / "resources" / "pinyin" / "readings.csv"


def characters() -> list[str]:
    """The Han characters of GB 2312, in its order."""
    found = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.append(bytes((row, cell)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def main() -> None:
    """Write `readings.csv`: a syllable, then every character that may be read so."""
    by_syllable: dict[str, list[str]] = defaultdict(list)
    for han in characters():
        for syllable in pinyin(han, style=Style.NORMAL, heteronym=True, v_to_u=False)[0]:
            by_syllable[syllable].append(han)
    lines = ["pinyin,han", *(f"{syllable},{''.join(by_syllable[syllable])}" for syllable in sorted(by_syllable))]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(by_syllable)} syllables in {FILE.name}")


if __name__ == "__main__":
    main()
