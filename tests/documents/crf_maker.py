"""A small study whose CRFs are cheap to make and sign, in good order or with something wrong from the start."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509

from trialdesk.documents.content import CrfAuditLine, CrfContent, CrfFinding, CrfRow, CrfSection, CrfTable
from trialdesk.documents.crf import render_crf
from trialdesk.documents.sealing import seal
from trialdesk.documents.signing import Stamp, prepare_fields, sign_field
from trialdesk.documents.timestamping import TimestampKey
from trialdesk.documents.verdict import Recorded
from trialdesk.domain.admin.signature_def import FieldName, signature_def
from trialdesk.domain.text import Text
from trialdesk.security.certificates import Authority, Key, Subject, issue, make_request, new_authority, new_key
from trialdesk.security.trust import Revocation, StudyTrust, revocation_list

NOW = datetime.now(UTC).replace(microsecond=0)
STUDY = "TEST01"
ROOT = new_authority(STUDY, NOW - timedelta(days=800))
TRUST = StudyTrust(ROOT.certificate)
LABEL = Text(en="Date of infusion", zh="输注日期")
Signer = tuple[Key, x509.Certificate]


def signer(
    id: str,
    role: str,
    root: Authority = ROOT,
    kind: Any = "person",
    since: datetime = NOW - timedelta(days=30),
    study: str = STUDY,
    site: str = "01",
) -> Signer:
    """A key and its certificate."""
    key = new_key()
    return key, issue(root, make_request(key, Subject(kind, id, role, site, study)), since)


NURSE, INVESTIGATOR = signer("nurse1", "nurse"), signer("inv1", "investigator")
STAMPER = TimestampKey(*signer("TSA", "timestamp", kind="timestamp", site="centre"), (ROOT.certificate,))
LIST = revocation_list(ROOT, {}, NOW)


def content(
    subject: str = "01-007",
    dose: str = "50.0",
    zh: bool = True,
    rows: int = 2,
    state: Text | None = None,
    data: dict[str, Any] | None = None,
) -> CrfContent:
    """What stands on one form; `data` replaces parts of what is embedded."""
    words = Text(en="Abdomen", zh="腹部") if zh else Text(en="Abdomen", zh="Abdomen")
    kept = CrfFinding("DOSE-01", Text(en="1 day too late.", zh="超窗 1 天。"), Text(en="Medical reason", zh="医学原因"))
    shown = [
        CrfRow("DLIDAT", LABEL, "2026-03-03", findings=(kept,)),
        CrfRow("DLICD3", Text(en="CD3+ cell dose", zh="CD3+ 细胞剂量"), dose, unit="10^6/kg", setting=True),
    ]
    shown += [CrfRow(f"TEXT{n}", words, f"{words.zh} {n}") for n in range(rows)]
    answers = [{"value": "2026-03-03", "missing": None}, {"value": dose, "missing": None}]
    inside = {"study": STUDY, "subject": subject, "form": "DLI[1]/DLI", "answers": answers} | (data or {})
    return CrfContent(
        study=Text(en="Study", zh="研究"), registration="NCT06141304", protocol_version="1.0", study_version="1.0",
        site="01", subject=subject, initials="ZHLI", person=Text(en="female, 34 y", zh="女，34 岁"),
        visit=Text(en="Round 1, D0", zh="第 1 轮 D0"), visit_date="2026-03-03", form=LABEL, form_oid="DLI",
        form_version="1", state=state or Text(en="Complete", zh="已完成"),
        parts=(CrfSection(LABEL, tuple(shown)), CrfTable(LABEL, (LABEL, LABEL), (("1", words.zh),))),
        audit=(CrfAuditLine("2026-03-03 14:02 +08:00", Text(en="Nurse", zh="护士"), "DLIDAT", "", "2026-03-03", ""),),
        chain_head="ab" * 32, record_number=187, printed_at="2026-03-03 14:10（UTC+8）",
        data=json.dumps(inside).encode(),
    )  # fmt: skip


@cache
def pages(subject: str = "01-007", dose: str = "50.0") -> bytes:
    """The rendered form, without fields."""
    return render_crf(content(subject, dose))


def stamp(name: FieldName, at: datetime = NOW) -> Stamp:
    """What stands in the signature's frame."""
    who = Text(en="Person 1", zh="人员 1")
    return Stamp(who, Text(en="Role", zh="角色"), at, signature_def(name))


def give(
    pdf: bytes, name: FieldName, who: Signer, at: datetime = NOW, chain: tuple[x509.Certificate, ...] | None = None
) -> bytes:
    """Put one signature on."""
    return sign_field(pdf, name, *who, chain or (ROOT.certificate,), stamp(name, at), "site 01")


@dataclass(frozen=True)
class Making:
    """How a CRF is made; the defaults are those of a good one."""

    base: bytes = field(default_factory=pages)
    nurse: Signer = NURSE
    investigator: Signer = INVESTIGATOR
    at: datetime = NOW
    investigator_at: datetime | None = None
    before: Callable[[bytes], bytes] = bytes
    """What happens to the pages before the fields are made."""

    def signed(self) -> bytes:
        """Both signatures."""
        pdf = give(prepare_fields(self.before(self.base)), "DataEntry", self.nurse, self.at)
        return give(pdf, "Investigator", self.investigator, self.investigator_at or self.at)


def sealed(pdf: bytes, at: datetime = NOW + timedelta(minutes=5), by: TimestampKey = STAMPER) -> bytes:
    """The centre's seal."""
    return seal(pdf, by, [ROOT.certificate], [LIST], at)


@dataclass(frozen=True)
class Known:
    """A trail that knows some documents."""

    documents: dict[str, Recorded]

    def recorded(self, sha256: str) -> Recorded | None:
        """What is recorded of a document."""
        return self.documents.get(sha256)


def trail_of(pdf: bytes, subject: str = "01-007") -> Known:
    """The trail of a ward that signed this document."""
    entry = Recorded(subject, "DLI[1]/DLI", (INVESTIGATOR[1].serial_number,))
    return Known({hashlib.sha256(pdf).hexdigest(): entry})


def revoked(who: Signer, at: datetime, stolen: bool = False) -> StudyTrust:
    """Trust with a list on which this certificate stands."""
    made = revocation_list(ROOT, {who[1].serial_number: Revocation(at, stolen)}, NOW, 2)
    return replace(TRUST, revoked=(made,))


def updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """An incremental update, as a forger with a PDF library would append it."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
