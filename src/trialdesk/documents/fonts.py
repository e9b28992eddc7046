"""The embedded fonts of every page, and the check that no character would print as an empty box."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from trialdesk.documents.subset import Source
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

REGULAR, STRONG = "TrialDesk", "TrialDesk-SemiBold"
_FILES = {REGULAR: "NotoSansSC-Regular.ttf", STRONG: "NotoSansSC-SemiBold.ttf"}
_faces: dict[str, Any] = {}

# The font has ¹²³ but no other raised sign; a run of raised signs is written ^9 and drawn as a real superscript.
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")


class Widths(dict[str, int]):
    """Width of each character in thousandths of the size, looked up in the font when first asked."""

    def __init__(self, face: Any) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, sign: str) -> int:
        width: int = round(self._face.charWidths.get(ord(sign), self._face.defaultWidth))
        self[sign] = width
        return width


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


def face(name: str) -> Any:
    """The loaded font file of a weight."""
    register()
    return _faces[name]


@cache
def source(name: str) -> Source:
    """The loaded font file, ready to be cut."""
    return Source(face(name))


@cache
def widths(name: str) -> Widths:
    """The widths of one weight."""
    return Widths(face(name))


@cache
def signs(name: str) -> frozenset[str]:
    """Every character a weight can draw."""
    return frozenset(map(chr, face(name).charToGlyph))


def strong_or_regular(words: str) -> str:
    """The heading weight where it has every character, otherwise the full Regular."""
    return STRONG if signs(STRONG).issuperset(words) else REGULAR


def cleaned(words: str) -> str:
    """The words without control and direction marks, raised digits written ^9; line breaks stay."""
    plain = words
    if not words.isprintable():
        plain = "".join(_spaced(sign) for sign in words)
    if plain.isascii() or not any(sign in _ABSENT for sign in plain):
        return plain
    made, raised = [], False
    for sign in plain:
        up = sign in _RAISED_SIGNS
        made.append(("" if raised else "^") + sign.translate(_RAISED) if up else sign)
        raised = up
    return "".join(made)


def _spaced(sign: str) -> str:
    if sign == "\n" or sign.isprintable():
        return sign
    return " " if sign.isspace() else ""


_RAISED_SIGNS = frozenset(map(chr, _RAISED))
_ABSENT = frozenset("⁰⁵⁶⁷⁸⁹⁺⁻")


def missing(words: str) -> str:
    """The characters of these words that the font lacks, each once, in order."""
    known = signs(REGULAR)
    if known.issuperset(words):
        return ""
    return "".join(dict.fromkeys(sign for sign in cleaned(words) if sign != "\n" and sign not in known))


def printable(words: str) -> str:
    """The words without control and direction marks; raises KnownError for a character the font lacks."""
    plain = cleaned(words)
    lacking = missing(plain)
    if lacking:
        raise KnownError(
            Text(
                en="The character {sign!r} (U+{code:04X}) cannot be printed. Write it another way in the form, "
                "then print again.",
                zh="字符 {sign!r}（U+{code:04X}）无法打印。请在表单中改用其他写法后再打印。",
            ).format(sign=lacking[0], code=ord(lacking[0]))
        )
    return plain


def refuse_missing(where: dict[str, str]) -> None:
    """Raise KnownError naming every character that cannot be printed and the field it stands in; `where` by field."""
    found = {field: lacking for field, words in where.items() if (lacking := missing(words))}
    if not found:
        return
    named = [(field, sign) for field, lacking in found.items() for sign in lacking]
    en = "; ".join(f"{field}: {sign} (U+{ord(sign):04X})" for field, sign in named[:12])
    zh = "；".join(f"{field}：{sign}（U+{ord(sign):04X}）" for field, sign in named[:12])
    raise KnownError(
        Text(
            en="These characters cannot be printed: {found}. Write them another way in the form, then print again.",
            zh="以下字符无法打印：{found}。请在表单中改用其他写法后再打印。",
        ).format(found=Text(en=en, zh=zh))
    )
