"""Line icons on a grid of 20: one shape has one meaning everywhere; coloured when painted, so dark needs no second set."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trialdesk.ui import look

# `C` stands for the stroke's colour, `S` for the surface underneath (a cut-out).
_SHAPES = {
    "people": '<circle cx="7.4" cy="7" r="2.9"/><path d="M2.4 16.2c.3-3.1 2.2-4.7 5-4.7s4.7 1.6 5 4.7"/>'
    '<path d="M13 4.6a2.6 2.6 0 010 5M14.8 12c1.600.7 2.600 2.1 2.800 4.2"/>',
    "transfer": '<path d="M6.4 16V4.6M3.4 7.6l3-3 3 3M13.600 4v11.4M10.600 12.4l3 3 3-3"/>',
    "pen": '<path d="M4 16l.8-3.3 8.700-8.700 2.500 2.500-8.700 8.700zM11.600 5.900l2.500 2.500"/>',
    "bubble": '<path d="M4.500 3.500h11A1.500 1.500 0 0117 5v7a1.500 1.500 0 01-1.500 1.500H10L6 17v-3.500H4.500'
    'A1.500 1.500 0 013 12V5a1.500 1.500 0 011.500-1.500z"/>',
    "history": '<path d="M3.600 10a6.400 6.400 0 111.900 4.500M3.300 13.900l.2-3.900 3.500.6M10 6.500V10l2.600 1.600"/>',
    "empty": '<circle cx="10" cy="10" r="6.400"/>',
    "draft": '<circle cx="10" cy="10" r="6.400"/><path d="M10 3.600a6.400 6.400 0 000 12.800z" fill="C"/>',
    "complete": '<circle cx="10" cy="10" r="6.400"/><path d="M7 10.200l2.100 2.100 4-4.300"/>',
    "signed": '<rect x="3" y="3" width="14" height="14" rx="4" fill="C"/>'
    '<path d="M6.500 13.500l.6-2.400 5-5 1.800 1.800-5 5z" stroke="S"/>',
    "changed": '<path d="M12 3H6.500A3.500 3.500 0 003 6.500v7A3.500 3.500 0 006.500 17h7a3.500 3.500 0 003.500-3.500V9"/>'
    '<path d="M6.500 13.500l.6-2.400 4-4 1.800 1.800-4 4z"/><circle cx="16" cy="4" r="2.300" fill="C"/>',
    "locked": '<rect x="4.500" y="9" width="11" height="8" rx="2"/><path d="M7 9V6.500a3 3 0 016 0V9"/>',
    "not_done": '<circle cx="10" cy="10" r="6.400"/><path d="M5.500 14.500l9-9"/>',
    "not_due": '<circle cx="10" cy="10" r="6.400"/><path d="M10 6.300V10l2.500 1.500"/>',
    "in_window": '<circle cx="10" cy="10" r="3.500"/><path d="M10 2.600v1.700M10 15.700v1.700M2.600 10h1.700M15.700 10h1.700'
    'M4.800 4.800L6 6M14 14l1.200 1.200M15.200 4.800L14 6M6 14l-1.200 1.200"/>',
    "overdue": '<circle cx="10" cy="10" r="7.200" fill="C"/><path d="M10 6.300V10l2.500 1.500" stroke="S"/>',
    "soft": '<path d="M10 3.200l7.300 13H2.700z"/><path d="M10 8.200v3.600M10 13.800v.2"/>',
    "hard": '<path d="M7 3h6l4 4v6l-4 4H7l-4-4V7z" fill="C"/><path d="M10 6.500v4.300M10 13.300v.2" stroke="S"/>',
    "missing": '<rect x="4" y="4" width="12" height="12" rx="3" stroke-dasharray="2.600 2.400"/>',
    "drop": '<path d="M10 3.200c2.600 3.400 4.400 5.700 4.400 8.100a4.400 4.400 0 01-8.800 0c0-2.400 1.800-4.700 4.400-8.100z"/>',
    "printer": '<path d="M6 7.500V3.500h8v4M6 14H3.500V8.500a1 1 0 011-1h11a1 1 0 011 1V14H14M6 11.500h8v5H6z"/>',
    "syringe": '<path d="M12.500 3l4.500 4.500M14.800 5.200L9 11M6.200 8.200l5.600 5.600M8 6.400l5.600 5.600-3.400 3.400H6.600l-1.800 1.800'
    'M6.600 15.400v-3.600L10 8.400"/>',
    "check": '<path d="M4.500 10.500l3.600 3.600 7.400-8"/>',
    "plus": '<path d="M10 4.500v11M4.500 10h11"/>',
    "close": '<path d="M5.500 5.500l9 9M14.500 5.500l-9 9"/>',
    "search": '<circle cx="8.700" cy="8.700" r="5.200"/><path d="M12.600 12.600l4.200 4.200"/>',
    "form": '<path d="M5 3h7l3 3v11H5zM12 3v3h3M7.500 9.500h5M7.500 12h5M7.500 14.500h3"/>',
    "field": '<rect x="3.500" y="4" width="13" height="12" rx="1.600"/><path d="M3.500 8h13M3.500 12h13M8 4v12"/>',
    "backup": '<path d="M10 2.800l6 2.200v4.600c0 3.600-2.400 6.200-6 7.600-3.600-1.400-6-4-6-7.600V5z"/>',
    "to_verify": '<path d="M10 2.800l6 2.200v4.600c0 3.600-2.400 6.200-6 7.600-3.600-1.400-6-4-6-7.600V5z" stroke-dasharray="2.600 2"/>',
    "verified": '<path d="M10 2.800l6 2.200v4.600c0 3.600-2.400 6.200-6 7.600-3.600-1.400-6-4-6-7.600V5z" fill="C"/>'
    '<path d="M7 10l2.200 2.200 3.800-4.200" stroke="S"/>',
    "lapsed": '<path d="M10 2.800l6 2.200v4.600c0 3.600-2.400 6.200-6 7.600-3.600-1.400-6-4-6-7.600V5z"/>'
    '<path d="M10 6.400v3.800M10 12.600v.2"/>',
    "again": '<path d="M15.600 12.500a6.200 6.200 0 11-.6-6M15.800 3v4h-4"/>',
    "pulse": '<path d="M2.500 10.500h3.500l2-5.500 3.500 10 2-4.500h4"/>',
    "keys": '<rect x="2.500" y="5.500" width="15" height="9.500" rx="1.800"/><path d="M5.500 8.500h.1M8.500 8.500h.1M11.500 8.500h.1'
    'M14.500 8.500h.1M6.500 12h7"/>',
    "person": '<circle cx="10" cy="6.800" r="3.100"/><path d="M4.200 16.600c.5-3.400 2.600-5 5.800-5s5.300 1.600 5.800 5"/>',
    "down": '<path d="M6 8l4 4 4-4"/>',
    "left": '<path d="M12 6l-4 4 4 4"/>',
    "right": '<path d="M8 6l4 4-4 4"/>',
    "above": '<path d="M10 16V4.500M5.500 9L10 4.500 14.500 9"/>',
    "below": '<path d="M10 4v11.500M5.500 11L10 15.500 14.500 11"/>',
    "proposed": '<rect x="3.500" y="3.500" width="13" height="13" rx="3" stroke-dasharray="2.600 2.400"/>'
    '<path d="M10 6.500v6.500M7.300 10.300L10 13l2.700-2.700"/>',
    "link": '<path d="M8.500 11.500a3 3 0 004.300 0l2.400-2.400a3 3 0 00-4.300-4.300L9.800 5.900M11.500 8.500a3 3 0 00-4.300 0L4.800 10.900'
    'a3 3 0 004.300 4.300l1.100-1.100"/>',
    "becomes": '<path d="M3.500 10h9.500M9.500 6.500L13 10l-3.500 3.500M16.500 5.500v9"/>',
    "question": '<circle cx="10" cy="10" r="6.800"/><path d="M8 8.200a2 2 0 113 1.700c-.7.4-1 .8-1 1.600M10 13.600v.1"/>',
    "sheet": '<path d="M5 3.500h7l3 3v10H5zM12 3.500v3h3M7.500 10h5M7.500 13h5"/>',
    "flag": '<path d="M5 17.500V3.500h9l-1.800 3.200L14 10H5"/>',
    "usb": '<rect x="6" y="8.500" width="8" height="9" rx="1.600"/><path d="M7.800 8.500V3h4.400v5.500"/>',
    "curve": '<path d="M3.500 3v13.500H17M6 6h3.500v3.500H13v3.500h4"/>',
    "inbox": '<path d="M3 11.500L5.500 4h9l2.500 7.500V16H3zM3 11.500h4l1 2h4l1-2h4"/>',
    "undo": '<path d="M4 8.500h8a4 4 0 010 8H8M7 5L3.600 8.500 7 12"/>',
    "info": '<circle cx="10" cy="10" r="6.800"/><path d="M10 9.300v4M10 6.600v.1"/>',
    "language": '<circle cx="10" cy="10" r="6.800"/><path d="M3.200 10h13.600M10 3.200c2.600 2.600 2.600 11 0 13.600'
    'M10 3.200c-2.600 2.600-2.600 11 0 13.600"/>',
    "theme": '<path d="M15.800 12.200A6.400 6.400 0 018 4.200a6.400 6.400 0 107.800 8z"/>',
    "assumption": '<path d="M4 6h7M15 6h1M4 14h2M10 14h6"/><circle cx="13" cy="6" r="1.900"/>'
    '<circle cx="8" cy="14" r="1.900"/>',
    "trialdesk": '<rect x="1" y="1" width="18" height="18" rx="5" fill="C" stroke="none"/>'
    '<path d="M5 6.500h10M10 6.500V14M7.500 14.500h5" stroke="S" stroke-width="2"/>',
}


def draw(painter: QPainter, name: str, box: QRectF, tone: str = "ink2", surface: str = "surface") -> None:
    """Draw an icon into a square, in a colour of the tokens."""
    _renderer(name, look.color(tone).name(), look.color(surface).name()).render(painter, box)


def pixmap(name: str, size: int = 18, tone: str = "ink2", surface: str = "surface") -> QPixmap:
    """An icon as a picture, sharp up to twice the usual density."""
    return _pixmap(name, size, look.color(tone).name(), look.color(surface).name())


def icon(name: str, tone: str = "ink2") -> QIcon:
    """An icon for lists and menus."""
    return QIcon(pixmap(name, 18, tone))


@lru_cache(maxsize=256)
def _pixmap(name: str, size: int, stroke: str, surface: str) -> QPixmap:
    made = QPixmap(size * 2, size * 2)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, stroke, surface).render(painter, QRectF(0, 0, size * 2, size * 2))
    painter.end()
    made.setDevicePixelRatio(2)
    return made


@lru_cache(maxsize=256)
def _renderer(name: str, stroke: str, surface: str) -> QSvgRenderer:
    body = _SHAPES[name].replace('"C"', f'"{stroke}"').replace('"S"', f'"{surface}"')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" fill="none" stroke="{stroke}" '
        f'stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">{body}</svg>'
    )
    return QSvgRenderer(QByteArray(svg.encode()))
