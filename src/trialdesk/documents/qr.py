"""A QR code as filled squares (ISO/IEC 18004), level M."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=64)
def qr_path(words: str, size: float) -> str:
    """The dark squares of a code `size` points wide as one path from the lower left corner; fill it with `f`."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(words)
    code.make()
    count = code.getModuleCount()
    step = size / count
    runs = []
    for row in range(count):
        y = size - (row + 1) * step
        column = 0
        while column < count:
            if code.isDark(row, column):
                start = column
                while column < count and code.isDark(row, column):
                    column += 1
                runs.append(f"{start * step:.3f} {y:.3f} {(column - start) * step:.3f} {step:.3f} re")
            else:
                column += 1
    return " ".join(runs)


def placed_qr(words: str, x: float, y: float, size: float) -> str:
    """The operators that draw a code with its lower left corner at a place."""
    return f"0 g 1 0 0 1 {x:.2f} {y:.2f} cm {qr_path(words, size)} f"
