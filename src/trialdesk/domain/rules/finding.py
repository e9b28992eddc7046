"""What the rules have to say about a place in the casebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text

Severity = Literal["missing", "soft", "hard"]


@dataclass(frozen=True)
class Finding:
    """One remark beside one field.

    `missing` needs a value or a reason, `soft` a correction or a reason, `hard` a correction; none ever blocks saving.
    `protocol` is the protocol's sentence; `explained` the record in which a person gave a reason.
    """

    rule: str
    path: ItemPath
    severity: Severity
    says: Text
    protocol: Text | None = None
    source: str | None = None
    setting: bool = False
    deviation: bool = False
    explained: AuditRecord | None = None

    @property
    def settled(self) -> bool:
        """True when nothing is left to do: a soft finding that has its reason."""
        return self.severity == "soft" and self.explained is not None


@dataclass(frozen=True)
class Skip:
    """Why a question is not asked now; `undecided` when that cannot be told yet."""

    rule: str
    because: Text
    undecided: bool


@dataclass(frozen=True)
class FormAssessment:
    """Everything that follows for one form: findings in field order, skipped questions, computed answers."""

    form: FormPath
    findings: tuple[Finding, ...] = ()
    skipped: Mapping[ItemPath, Skip] = field(default_factory=dict)
    derived: Mapping[ItemPath, tuple[str, str | None]] = field(default_factory=dict)
    """Place of each derived item, with the rule's id and the computed text (None: cannot be told)."""

    @property
    def to_finish(self) -> tuple[Finding, ...]:
        """What stands between this form and completion: hard first, then missing, then soft without a reason."""
        rank = {"hard": 0, "missing": 1, "soft": 2}
        return tuple(sorted((f for f in self.findings if not f.settled), key=lambda f: rank[f.severity]))

    def at(self, path: ItemPath) -> tuple[Finding, ...]:
        """The findings beside one field."""
        return tuple(f for f in self.findings if f.path == path)
