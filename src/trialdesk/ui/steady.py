"""Keeps a long day of painting from ending Python."""

from __future__ import annotations

import sys

_MANY = 1 << 40
_kept = False


def keep_none() -> None:
    """Give None so many references that none of them can be the last.

    PySide 6.12.0 takes one reference too many for every call of a painter that returns nothing (measured: 500 for one
    painting of the window, 76,000 held after a form is open), so that Python 3.11 stops with "deallocating None" after
    some hundred paintings. From Python 3.12 on None is never counted (PEP 683) and nothing has to be done.
    """
    global _kept
    if _kept or sys.version_info >= (3, 12):
        return
    import ctypes

    # The count is the first field of every object of CPython before 3.12.
    ctypes.c_ssize_t.from_address(id(None)).value += _MANY
    _kept = True
