"""The colour that marks a participant, on every screen and on paper; it stands for the person, never for a state."""

from __future__ import annotations

HUES = ("#0B6B74", "#7A3B78", "#A0452E", "#3B6B2F", "#2A5BB8", "#7D5A00", "#4A5B73", "#A8325E")
"""White numbers on these have a contrast of 6.2 to 7.7 (WCAG); neighbours by number always differ."""


def hue(subject: str) -> str:
    """The colour of a participant by number, for instance of `01-007`; always shown with the number."""
    digits = "".join(sign for sign in subject.rsplit("-", 1)[-1] if sign.isdigit()) or "0"
    return HUES[(int(digits) - 7) % len(HUES)]
