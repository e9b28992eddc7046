"""The verdict on a signed CRF as a value: what was looked at, step by step, with the named flaws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from cryptography import x509


class Flaw(StrEnum):
    """Everything that can be wrong with a signed CRF; one name each, so that tests and reports can speak of it."""

    NOT_A_PDF = "not_a_pdf"
    UNREADABLE = "unreadable"
    LEADING_BYTES = "leading_bytes"
    TRAILING_BYTES = "trailing_bytes"
    TRUNCATED = "truncated"
    ENCRYPTED = "encrypted"
    FIELDS = "fields"
    UNSIGNED = "unsigned"
    ORDER = "order"
    LOCK = "lock"
    GAP = "gap"
    UPDATE = "update"
    PAGE_CHANGED = "page_changed"
    ANNOTATION = "annotation"
    ATTACHMENT = "attachment"
    METADATA = "metadata"
    BYTES_CHANGED = "bytes_changed"
    WEAK_HASH = "weak_hash"
    AFTERWARDS = "afterwards"
    ISSUER = "issuer"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USAGE = "usage"
    ROLE = "role"
    TIME = "time"
    TRAIL = "trail"
    DATA_MISSING = "data_missing"
    DATA_UNREADABLE = "data_unreadable"
    OTHER_STUDY = "other_study"
    OTHER_SUBJECT = "other_subject"
    NOT_ON_PAGE = "not_on_page"
    ACTIVE = "active"
    TIMESTAMP = "timestamp"


STEPS: tuple[Text, ...] = (
    Text(en="File and fields", zh="文件与签名域"),
    Text(en="Signed bytes, and nothing after them", zh="签名内容及其后的更改"),
    Text(en="Who signed", zh="签署人"),
    Text(en="Data and pages", zh="数据与页面"),
    Text(en="Nothing active, nothing foreign", zh="无活动内容、无外来内容"),
)
"""The five steps of the gate, in order."""


@dataclass(frozen=True)
class Gate:
    """One thing that was looked at: in which step (1 to 5), with what result, and the flaw's name if it has one."""

    step: int
    fine: bool
    says: Text
    flaw: Flaw | None = None


@dataclass(frozen=True)
class SignedBy:
    """One signature found: the field, who signed by certificate, and when by the signer's own clock."""

    field: str
    signer: str
    role: str
    at: datetime | None
    serial: int


@dataclass(frozen=True)
class CrfVerdict:
    """Whether a CRF may be trusted, and why.

    `level` is the PAdES level reached (B-B, B-T, B-LTA); `sealed_at` the time of the centre's first timestamp, which
    bounds the signers' own clocks from above.
    """

    gates: tuple[Gate, ...]
    signers: tuple[SignedBy, ...]
    level: str = "-"
    sealed_at: datetime | None = None

    @property
    def ok(self) -> bool:
        """True when every step was reached and passed."""
        return all(gate.fine for gate in self.gates) and {gate.step for gate in self.gates} == {1, 2, 3, 4, 5}

    @property
    def flaws(self) -> frozenset[Flaw]:
        """The names of everything that is wrong."""
        return frozenset(gate.flaw for gate in self.gates if gate.flaw is not None)


class Named(Protocol):
    """Whom a certificate names."""

    @property
    def kind(self) -> str:
        """person, workstation, centre, timestamp."""

    @property
    def id(self) -> str:
        """The account."""

    @property
    def role(self) -> str:
        """The role."""

    @property
    def site(self) -> str:
        """The site."""

    @property
    def study(self) -> str:
        """The study."""


class Trust(Protocol):
    """What decides whether a certificate may be believed."""

    @property
    def root(self) -> x509.Certificate:
        """The root of the study."""

    def signer(
        self,
        certificate: x509.Certificate,
        at: datetime | None,
        chain: Sequence[x509.Certificate],
        proven: datetime | None,
    ) -> Named:
        """Whom a certificate names; raises KnownError, with `why` issuer, expired or revoked, when it does not hold.

        `at` is the time the signer claims, `proven` a time before which someone else vouches that it was done.
        """


@dataclass(frozen=True)
class Recorded:
    """What a trail says of a signed document: whose, which form, and the serial numbers its signatures must have."""

    subject: str
    form: str
    serials: tuple[int, ...]


class Trail(Protocol):
    """A place that knows which documents were signed."""

    def recorded(self, sha256: str) -> Recorded | None:
        """What is recorded of the document of this hash, or None."""
