"""Pages of a PDF as plain dots; pdfium knows no threads, so one caller at a time is let in."""

from __future__ import annotations

import threading
from dataclasses import dataclass

PDFIUM = threading.RLock()
"""Held by whoever calls pdfium: papers are compared and drawn on threads beside the window's."""


@dataclass(frozen=True)
class PagePicture:
    """Dots of one page, four bytes each (red, green, blue, unused); `stride` is the bytes of a line."""

    dots: bytes
    width: int
    height: int
    stride: int


def page_count(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def page_picture(pdf: bytes, number: int, width: int) -> PagePicture:
    """One page, counted from 0, `width` dots wide, with what stands in its form fields."""
    import pypdfium2

    with PDFIUM, pypdfium2.PdfDocument(pdf) as document:
        document.init_forms()
        page = document[number]
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True, prefer_bgrx=True)
        return PagePicture(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)
