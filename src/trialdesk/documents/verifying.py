"""The verdict on a signed CRF: five steps, each in words, stricter than plain viewers.

A viewer asks whether the signed bytes are whole; this asks too whether they are all there is, whether the right people
signed in the right order, and whether the data inside are those on the pages.
"""

from __future__ import annotations

import io
import logging
from typing import Any

from trialdesk.documents import content_step, file_step, signature_step, signer_step
from trialdesk.documents.examined import Examined, Stop
from trialdesk.documents.verdict import CrfVerdict, Flaw, Gate, SignedBy, Trail, Trust
from trialdesk.domain.text import Text

__all__ = ["CrfVerdict", "Flaw", "Gate", "SignedBy", "verify_crf"]


def verify_crf(pdf: bytes, trust: Trust, trail: Trail | None = None, name: str = "") -> CrfVerdict:
    """Judge a signed CRF by the root of its study; nothing is fetched from anywhere.

    With a `trail` the document must be one it knows; with the file's `name` its number must be the one inside.
    """
    for logger in ("pyhanko", "pyhanko_certvalidator"):
        # The verdict says in words what these would print as a trace.
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    seen = Examined(pdf, trust, trail, name)
    try:
        file_step.bytes_of_the_file(seen)
        seen.reader = _read(pdf)
        for step in (file_step, signature_step, signer_step, content_step):
            step.run(seen)
    except Stop:
        pass
    except Exception as fault:
        says = Text(en="The file cannot be read as a CRF: {why}.", zh="无法将该文件作为 CRF 读取：{why}。")
        seen.gates.append(Gate(seen.step, False, says.format(why=fault), Flaw.UNREADABLE))
    return CrfVerdict(tuple(seen.gates), tuple(seen.signers), seen.level, seen.sealed_at)


def _read(pdf: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(io.BytesIO(pdf), strict=True)
