"""Faults that the person at the machine can mend: disk full, wrong passphrase, damaged bundle."""

from __future__ import annotations

from trialdesk.domain.text import Text


class KnownError(Exception):
    """Something outside the program stands in the way; the text says what happened and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text
