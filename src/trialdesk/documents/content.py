"""What stands on a printed form, as plain values: the renderer knows no study and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from trialdesk.domain.text import Text


@dataclass(frozen=True)
class CrfFinding:
    """A remark of a rule and the reason a person gave for keeping the value; `kept_by` says who and when."""

    rule: str
    says: Text
    reason: Text | None
    severity: Literal["missing", "soft", "hard"] = "soft"
    kept_by: str = ""


@dataclass(frozen=True)
class CrfQuery:
    """A question about an answer, its state, and what was said to it."""

    state: Text
    says: Text
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class CrfNote:
    """A note a person wrote at a field, who and when; `where` names the field where the note stands under a table."""

    words: str
    written_by: str
    where: Text | None = None


@dataclass(frozen=True)
class CrfRow:
    """One question with its answer as recorded, and the words of a coded answer.

    `path` names the recorded answer in the file's structure, so that what is printed can be compared with what is
    embedded. `setting` marks a question that rests on a study setting the registration does not give. `notes` are
    short remarks such as the version of a grading or that the value is disputed, `written` what people noted beside it.
    """

    name: str
    label: Text
    value: str
    words: Text | None = None
    unit: str | None = None
    range: str | None = None
    setting: bool = False
    derived: bool = False
    findings: tuple[CrfFinding, ...] = ()
    queries: tuple[CrfQuery, ...] = ()
    path: str = ""
    notes: tuple[Text, ...] = ()
    written: tuple[CrfNote, ...] = ()


@dataclass(frozen=True)
class CrfSection:
    """One section of the form; `row_label` names the row of a repeating section."""

    title: Text
    rows: tuple[CrfRow, ...]
    row_label: Text | None = None


@dataclass(frozen=True)
class CrfCell:
    """One answer in a table."""

    value: str
    words: Text | None = None
    unit: str | None = None
    path: str = ""
    note: Text | None = None


@dataclass(frozen=True)
class CrfTable:
    """A repeating section printed as a table: heads and cells in the same order.

    `weights` shares the width among the columns; without it what stands in them decides.
    """

    title: Text
    heads: tuple[Text, ...]
    cells: tuple[tuple[str | CrfCell, ...], ...]
    findings: tuple[CrfFinding, ...] = ()
    queries: tuple[CrfQuery, ...] = ()
    weights: tuple[float, ...] = ()
    written: tuple[CrfNote, ...] = ()


@dataclass(frozen=True)
class CrfAuditLine:
    """One line of the audit summary: when (with zone), who, which item, from what to what, why."""

    at: str
    who: Text
    item: str
    before: str
    after: str
    why: str


@dataclass(frozen=True)
class CrfSignature:
    """A signature that was given: who, in which role, when by the local clock, what it meant, and the signed file."""

    who: Text
    role: Text
    at: str
    meaning: Text
    document: str


@dataclass(frozen=True)
class CrfContent:
    """Everything on the pages of one form.

    `data` names the record behind each answer and is embedded as `data_name`; `odm` is the form as CDISC ODM 1.3.2.
    `chain_head` is the seal of the last record; `scans` are when, by whom and the SHA-256 of each attached scan.
    """

    study: Text
    registration: str
    protocol_version: str
    study_version: str
    site: str
    subject: str
    initials: str
    person: Text
    visit: Text
    visit_date: str
    form: Text
    form_oid: str
    form_version: str
    state: Text
    parts: tuple[CrfSection | CrfTable, ...]
    audit: tuple[CrfAuditLine, ...]
    chain_head: str
    record_number: int
    printed_at: str
    data: bytes
    data_name: str = "crf.json"
    odm: bytes = b""
    odm_name: str = "crf.odm.xml"
    hue: str = "#2A5BB8"
    training: bool = False
    signatures: tuple[CrfSignature, ...] = ()
    scans: tuple[tuple[str, str, str], ...] = ()
    made: datetime | None = None
    path: str = ""

    @property
    def number(self) -> str:
        """The participant's number without the site."""
        return self.subject.rsplit("-", 1)[-1]
