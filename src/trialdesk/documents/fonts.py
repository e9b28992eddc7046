"""The embedded fonts of every page, and the check that no character would print as an empty box."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

REGULAR, STRONG = "TrialDesk", "TrialDesk-SemiBold"
_FILES = {REGULAR: "NotoSansSC-Regular.ttf", STRONG: "NotoSansSC-SemiBold.ttf"}
_faces: dict[str, Any] = {}


def register(folder: Path | None = None) -> None:
    """Load both weights once; `folder` is where they lie, by default TrialDesk's resources."""
    if _faces:
        return
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if folder is None:
        from trialdesk.paths import resources

        folder = resources() / "fonts"
    for name, file in _FILES.items():
        font = TTFont(name, str(folder / file))
        pdfmetrics.registerFont(font)
        _faces[name] = font.face
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)


def strong_or_regular(words: str) -> str:
    """The heading weight where it has every character, otherwise the full Regular."""
    return STRONG if all(ord(sign) in _faces[STRONG].charToGlyph for sign in words) else REGULAR


def printable(words: str) -> str:
    """The words without control and direction marks; raises KnownError for a character the font lacks."""
    plain = "".join(sign for sign in words if sign == "\n" or sign.isprintable())
    for sign in plain:
        if sign != "\n" and ord(sign) not in _faces[REGULAR].charToGlyph:
            raise KnownError(
                Text(
                    en="The character {sign!r} (U+{code:04X}) cannot be printed. Write it another way in the form, "
                    "then print again.",
                    zh="字符 {sign!r}（U+{code:04X}）无法打印。请在表单中改用其他写法后再打印。",
                ).format(sign=sign, code=ord(sign))
            )
    return plain
