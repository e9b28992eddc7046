"""A CRF under examination: what was found so far, and how a finding is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from trialdesk.documents.verdict import Flaw, Gate, SignedBy, Trail, Trust
from trialdesk.domain.text import Text


class Stop(Exception):
    """What was found makes everything after it meaningless."""


@dataclass
class Examined:
    """The file, whom to trust, and what was found; `step` is the step at work."""

    pdf: bytes
    trust: Trust
    trail: Trail | None = None
    name: str = ""
    reader: Any = None
    step: int = 1
    gates: list[Gate] = field(default_factory=list)
    signers: list[SignedBy] = field(default_factory=list)
    level: str = "B-B"
    sealed_at: datetime | None = None
    named: dict[str, Any] = field(default_factory=dict)
    """Whom the certificate of each signed field names."""

    @cached_property
    def signatures(self) -> list[Any]:
        """The signatures of people, in the order in which they were given."""
        return list(self.reader.embedded_regular_signatures)

    @cached_property
    def timestamps(self) -> list[Any]:
        """The centre's document timestamps, oldest first."""
        return list(self.reader.embedded_timestamp_signatures)

    def say(self, fine: bool, good: Text, bad: Text, flaw: Flaw) -> bool:
        """Note one thing that was looked at."""
        self.gates.append(Gate(self.step, fine, good if fine else bad, None if fine else flaw))
        return fine

    def need(self, fine: bool, good: Text, bad: Text, flaw: Flaw) -> None:
        """Note one thing without which nothing after it can be judged."""
        if not self.say(fine, good, bad, flaw):
            raise Stop

    def end_step(self) -> None:
        """What a broken step lets through is not worth looking at."""
        if any(not gate.fine for gate in self.gates):
            raise Stop


def entry(holder: Any, key: str, otherwise: Any) -> Any:
    """A value of a PDF dictionary with its reference followed; the library's own `get` does not follow."""
    return holder[key] if key in holder else otherwise  # noqa: SIM401
