"""Which documents a stretch of records stands on, so that a reader of the records must be able to open them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeGuard

from trialdesk.domain.clinical.changes import Change, DocumentMade, FormCertified, FormSigned

NAMING = ("FormCertified", "FormSigned", "DocumentMade")
"""Kinds of changes that may name such a document."""


def documents_named(changes: Iterable[Change]) -> tuple[str, ...]:
    """Signed forms, forms that data entry has signed and the investigator not yet, and scans of paper, by SHA-256.

    A certified form that an investigator went on to sign is inside the signed file and is not named again.
    """
    known = list(changes)
    onward = {one.certified for one in known if isinstance(one, FormSigned)}
    return tuple(dict.fromkeys(one.document for one in known if _stands_on(one, onward)))


def _stands_on(one: Change, onward: set[str | None]) -> TypeGuard[FormSigned | FormCertified | DocumentMade]:
    if isinstance(one, FormCertified):
        return one.document not in onward
    return isinstance(one, FormSigned) or (isinstance(one, DocumentMade) and one.what == "scanned")
