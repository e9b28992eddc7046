"""The look in force now: colours, letters and language; painted parts ask here whenever they paint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from trialdesk.domain.text import Language, Text
from trialdesk.services.hue import hue as hue
from trialdesk.ui.tokens import DARK, LIGHT, TYPE, Tokens

FAMILY = "Noto Sans SC"
STRONG = 600


class _Now:
    tokens: Tokens = LIGHT
    language: Language = "zh"
    strong_family = FAMILY
    fonts: dict[str, QFont] = {}  # noqa: RUF012  filled when first asked


def tokens() -> Tokens:
    """The colour scheme in force."""
    return _Now.tokens


def is_dark() -> bool:
    """True in the dark scheme."""
    return _Now.tokens is DARK


@contextmanager
def light() -> Iterator[None]:
    """Paint in the light scheme for a while: paper stays light at night too."""
    before, _Now.tokens = _Now.tokens, LIGHT
    try:
        yield
    finally:
        _Now.tokens = before


def language() -> Language:
    """The language that leads."""
    return _Now.language


def speak(chosen: Language) -> None:
    """Let a language lead; screens built from now on show it first."""
    _Now.language = chosen


def first(words: Text) -> str:
    """The words in the leading language."""
    return words.show(_Now.language)


def second(words: Text) -> str:
    """The words in the language that stands beside."""
    return words.show("en" if _Now.language == "zh" else "zh")


def both(words: Text) -> str:
    """The words in both languages, for names that are read aloud."""
    return f"{first(words)} {second(words)}"


def color(name: str) -> QColor:
    """A colour by its purpose, or a plain colour value."""
    return QColor(getattr(_Now.tokens, name, name))


def grade_color(grade: int) -> QColor:
    """The colour of a CTCAE grade, 1 to 5."""
    return color(f"grade{max(1, min(grade, 5))}")


def font(role: str) -> QFont:
    """The letters of a role."""
    made = _Now.fonts.get(role)
    if made is None:
        pixels, weight = TYPE[role]
        family, weight = _cut(weight)
        made = QFont(family)
        made.setPixelSize(pixels)
        made.setWeight(QFont.Weight(weight))
        _Now.fonts[role] = made
    return made


def _cut(weight: int) -> tuple[str, int]:
    """Family and weight of a cut: some systems file SemiBold under a family of its own, whose one weight is 400."""
    if weight == STRONG and _Now.strong_family != FAMILY:
        return _Now.strong_family, 400
    return FAMILY, weight


def number_of(subject: str) -> str:
    """The participant's own number without the site: `007` of `01-007`."""
    return subject.rsplit("-", 1)[-1]


def load_fonts() -> None:
    """Make the two cuts of the font known; one that is missing leaves the system's font, never an error."""
    from trialdesk.paths import resources

    if FAMILY not in QFontDatabase.families():
        for cut in ("Regular", "SemiBold"):
            added = QFontDatabase.addApplicationFont(str(resources() / "fonts" / f"NotoSansSC-{cut}.ttf"))
            families = QFontDatabase.applicationFontFamilies(added)
            if cut == "SemiBold" and families:
                _Now.strong_family = families[0]


def apply(application: QApplication, scheme: Tokens, leading: Language) -> None:
    """Dress the application; safe to call again while it runs."""
    _Now.tokens, _Now.language = scheme, leading
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    application.setPalette(_palette(scheme))
    application.setFont(font("text"))
    sheet = _style_sheet(scheme)
    # Qt dresses every widget anew even for the same sheet; another language alone needs none of that.
    if application.styleSheet() != sheet:
        application.setStyleSheet(sheet)


def _palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for place, value in (
        (role.Window, t.window),
        (role.WindowText, t.ink),
        (role.Base, t.surface),
        (role.AlternateBase, t.sunken),
        (role.Text, t.ink),
        (role.Button, t.surface),
        (role.ButtonText, t.ink),
        (role.Highlight, t.fill),
        (role.HighlightedText, t.on_fill),
        (role.PlaceholderText, t.ink3),
        (role.Link, t.accent),
        (role.ToolTipBase, t.ink),
        (role.ToolTipText, t.surface),
    ):
        made.setColor(place, QColor(value))
    return made


def _style_sheet(t: Tokens) -> str:
    roles = "".join(
        f'QLabel[role="{name}"] {{ font-family: "{_cut(weight)[0]}"; font-size: {size}px; font-weight: {_cut(weight)[1]}; }}'
        for name, (size, weight) in TYPE.items()
    )
    tones = "".join(f'QLabel[tone="{f.name}"] {{ color: {getattr(t, f.name)}; }}' for f in fields(t))
    return f"""
QWidget {{ font-family: "{FAMILY}"; font-size: 13px; }}
QLabel {{ background: transparent; color: {t.ink}; }}
{roles}{tones}
QFrame[plane="card"] {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: 10px; }}
QFrame[plane="surface"] {{ background: {t.surface}; border: none; }}
QFrame[plane="sunken"] {{ background: {t.sunken}; border: none; }}
QFrame[plane="window"] {{ background: {t.window}; border: none; }}
QFrame[plane="warn"] {{ background: {t.warn_soft}; border: none; border-radius: 8px; }}
QFrame[plane="hard"] {{ background: {t.hard_soft}; border: none; border-radius: 8px; }}
QFrame[plane="ok"] {{ background: {t.ok_soft}; border: none; border-radius: 8px; }}
QFrame[plane="info"] {{ background: {t.info_soft}; border: none; border-radius: 8px; }}
QFrame[plane="query"] {{ background: {t.query_soft}; border: none; border-radius: 8px; }}
QLineEdit, QPlainTextEdit, QComboBox {{
  background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge}; border-radius: 6px; padding: 0 10px;
  min-height: 32px; font-size: 14px; selection-background-color: {t.fill}; selection-color: {t.on_fill}; }}
QListWidget {{ background: {t.surface}; color: {t.ink}; border: none; outline: none; font-size: 13px; }}
QListWidget::item {{ padding: 4px 6px; border-radius: 6px; }}
QListWidget::item:selected {{ background: {t.selected}; color: {t.ink}; border: 1px solid {t.accent}; }}
QPlainTextEdit {{ padding: 5px 6px; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 2px solid {t.accent}; padding: 0 9px; }}
QPlainTextEdit:focus {{ padding: 4px 5px; }}
QLineEdit[readOnly="true"] {{ background: {t.sunken}; border: 1px solid {t.line}; }}
QLineEdit[proposed="true"] {{ background: {t.info_soft}; border: 1px dashed {t.info}; color: {t.info}; }}
QLineEdit[proposed="true"]:focus {{ border: 2px solid {t.accent}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; color: {t.ink}; border: 1px solid {t.edge};
  selection-background-color: {t.selected}; selection-color: {t.ink}; }}
QScrollArea, QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ width: 10px; background: transparent; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {t.edge}; border-radius: 3px; min-height: 40px; }}
QAbstractScrollArea::corner {{ background: transparent; border: none; }}
QScrollBar:horizontal {{ height: 10px; background: transparent; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {t.edge}; border-radius: 3px; min-width: 40px; }}
QDialog {{ background: {t.surface}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none; height: 0; width: 0; }}
QToolTip {{ background: {t.ink}; color: {t.surface}; border: none; padding: 4px 6px; }}
"""
