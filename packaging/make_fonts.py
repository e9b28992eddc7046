"""Cuts the two fonts TrialDesk ships from the full Noto Sans SC; run only when the fonts are to change.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3      (SIL Open Font License 1.1, TrueType outlines)
    tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
    .venv/bin/python packaging/make_fonts.py package

Regular keeps every character of the unified block and the rare ones of names; SemiBold keeps what headings use.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent
FONTS = HERE.parent / "resources" / "fonts"

RARE_NAMES = "䶮喆堃犇赟祎旻珺甯玥㛃㬎㵾䂮䍃"
SIGNS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2B0, 0x2FF), (0x370, 0x3FF), (0x2010, 0x205E), (0x2070, 0x209F), (0x20A0, 0x20BF),
    (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x25FF),
    (0x2600, 0x266F), (0x2713, 0x2718), (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip


def gb2312() -> set[int]:
    """The 6,763 Han characters of everyday text."""
    found = set()
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes((high, low)).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


def cut(source: Path, target: Path, han: set[int]) -> None:
    """Write a subset without hints and without layout tables that neither Qt nor the PDF needs."""
    wanted = {code for first, last in SIGNS for code in range(first, last + 1)} | han | {ord(c) for c in RARE_NAMES}
    options = subset.Options(
        hinting=False, layout_features=["kern", "mark", "mkmk"], name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "DSIG", "GSUB"]
    options.notdef_outline = True
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    font.save(target)
    print(f"{target.name}: {target.stat().st_size // 1024} KiB, {len(TTFont(target).getBestCmap())} characters")


def main(package: Path) -> None:
    """Cut both weights and note where they came from."""
    FONTS.mkdir(parents=True, exist_ok=True)
    regular = package / "400Regular" / "NotoSansSC_400Regular.ttf"
    semibold = package / "600SemiBold" / "NotoSansSC_600SemiBold.ttf"
    cut(regular, FONTS / "NotoSansSC-Regular.ttf", set(range(0x4E00, 0xA000)))
    cut(semibold, FONTS / "NotoSansSC-SemiBold.ttf", gb2312())
    shutil.copyfile(package / "LICENSE_FONT", FONTS / "OFL.txt")
    for source in (regular, semibold):
        print(hashlib.sha256(source.read_bytes()).hexdigest(), source.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
