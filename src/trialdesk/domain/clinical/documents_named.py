"""Which documents a stretch of records stands on, so that a reader of the records must be able to open them."""

from __future__ import annotations

from collections.abc import Iterable

from trialdesk.domain.clinical.changes import Change, DocumentMade, FormCertified, FormSigned

NAMING = ("FormCertified", "FormSigned", "DocumentMade")
"""Kinds of changes that may name such a document."""


def documents_named(changes: Iterable[Change]) -> tuple[str, ...]:
    """Signed forms, forms that data entry has signed and the investigator not yet, and scans of paper, by SHA-256.

    A certified form that an investigator went on to sign is inside the signed file and is not named again.
    """
    known = list(changes)
    onward = {one.certified for one in known if isinstance(one, FormSigned)}
    found = []
    for one in known:
        scanned = isinstance(one, DocumentMade) and one.what == "scanned"
        if isinstance(one, FormSigned | FormCertified | DocumentMade) and (
            isinstance(one, FormSigned) or scanned or (isinstance(one, FormCertified) and one.document not in onward)
        ):
            found.append(one.document)
    return tuple(dict.fromkeys(found))
