"""What the centre writes to one workstation: records of its own trail and a study release, encrypted for that workstation.

JSON, deflated, age, base64: it travels inside the signed receipt, so nobody but the centre can have written it.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from trialdesk.domain.text import Text
from trialdesk.exchange.faults import Fault, Refused
from trialdesk.exchange.payload import Line

_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Letter:
    """Lines of the centre's trail for one workstation, in order, and the frozen studies they give out."""

    lines: tuple[Line, ...]
    studies: tuple[bytes, ...] = ()


def pack_letter(lines: Sequence[Line], studies: Sequence[bytes], encrypt: Callable[[bytes], bytes]) -> str:
    """The text that goes into a receipt; `encrypt` makes an age file for the workstation."""
    plain = {
        "lines": [[seq, content.decode(), seal] for seq, content, seal in lines],
        "studies": [study.decode() for study in studies],
    }
    return base64.b64encode(encrypt(zlib.compress(orjson.dumps(plain)))).decode()


def open_letter(name: str, text: str, decrypt: Callable[[bytes], bytes]) -> Letter:
    """Read a letter; raises Refused for one that is damaged, and whatever `decrypt` raises for one of others."""
    try:
        sealed = base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise Refused(Fault.DAMAGED, name, _UNREADABLE) from fault
    content = decrypt(sealed)
    try:
        opening = zlib.decompressobj()
        plain = orjson.loads(opening.decompress(content, _LARGEST))
        lines = tuple((int(seq), str(body).encode(), str(seal)) for seq, body, seal in plain["lines"])
        return Letter(lines, tuple(str(study).encode() for study in plain["studies"]))
    except (zlib.error, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as fault:
        raise Refused(Fault.DAMAGED, name, _UNREADABLE) from fault


_UNREADABLE = Text(en="the centre's letter inside cannot be read", zh="其中的中心信件无法读取")
