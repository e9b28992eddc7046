"""The verdict on a signed CRF: five gates, each in words, stricter than plain viewers."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from trialdesk.domain.admin.signature_def import FIELDS
from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from cryptography import x509


@dataclass(frozen=True)
class Gate:
    """One thing that was looked at."""

    fine: bool
    says: Text


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
    """Whether a CRF may be trusted, and why."""

    gates: tuple[Gate, ...]
    signers: tuple[SignedBy, ...]

    @property
    def ok(self) -> bool:
        """True when every gate was passed."""
        return all(gate.fine for gate in self.gates)


class _Stop(Exception):
    """A gate that was not passed; what comes after cannot be judged."""


def verify_crf(
    pdf: bytes,
    root: x509.Certificate,
    revoked: x509.CertificateRevocationList | None = None,
    data_name: str = "crf.json",
) -> CrfVerdict:
    """Judge a signed CRF by the root of its study; nothing is fetched from anywhere."""
    for name in ("pyhanko", "pyhanko_certvalidator"):
        # The verdict says in words what these would print as a trace.
        logging.getLogger(name).setLevel(logging.CRITICAL)
    judging = _Judging(pdf, root, revoked, data_name)
    try:
        judging.run()
    except _Stop:
        pass
    except Exception as fault:
        judging.gates.append(
            Gate(
                False,
                Text(en="The file cannot be read as a PDF: {why}.", zh="无法读取该 PDF 文件：{why}。").format(
                    why=fault
                ),
            )
        )
    return CrfVerdict(tuple(judging.gates), tuple(judging.signers))


class _Judging:
    def __init__(
        self, pdf: bytes, root: x509.Certificate, revoked: x509.CertificateRevocationList | None, data_name: str
    ) -> None:
        self.pdf, self.root, self.revoked, self.data_name = pdf, root, revoked, data_name
        self.gates: list[Gate] = []
        self.signers: list[SignedBy] = []

    def run(self) -> None:
        from pyhanko.pdf_utils.reader import PdfFileReader

        reader = PdfFileReader(io.BytesIO(self.pdf), strict=True)
        signatures = self._structure(reader)
        for signature in signatures:
            self._signature(signature)
        self._contents(reader, signatures)

    def _structure(self, reader: Any) -> list[Any]:
        names = sorted(self._fields(reader))
        expected = names == sorted(FIELDS)
        self._say(
            expected,
            Text(en="The file has exactly the two signature fields of a CRF.", zh="文件恰有 CRF 的两个签名域。"),
            Text(
                en="The signature fields are not those of a CRF ({names}): one was added or removed.",
                zh="签名域与 CRF 不符（{names}）：有签名域被添加或删除。",
            ).format(names=", ".join(names) or "-"),
        )
        signatures = list(reader.embedded_signatures)
        first = signatures[0] if signatures else None
        self._say(
            first is not None and first.field_name == "DataEntry" and first.docmdp_level is not None,
            Text(en="The person who entered the data certified it first.", zh="数据录入者首先认证签名。"),
            Text(
                en="The first signature is not the certifying one of data entry, or there is none.",
                zh="缺少数据录入者的认证签名，或其不是首个签名。",
            ),
        )
        return signatures

    def _fields(self, reader: Any) -> list[str]:
        if "/AcroForm" not in reader.root:
            return []
        return [str(field.get_object()["/T"]) for field in reader.root["/AcroForm"]["/Fields"]]

    def _signature(self, signature: Any) -> None:
        from asn1crypto import crl as asn1_crl
        from asn1crypto import x509 as asn1
        from cryptography.hazmat.primitives import serialization
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko.sign.validation.settings import KeyUsageConstraints
        from pyhanko_certvalidator import ValidationContext

        anchor = asn1.Certificate.load(self.root.public_bytes(serialization.Encoding.DER))
        claimed = signature.self_reported_timestamp
        context = ValidationContext(
            trust_roots=[anchor],
            allow_fetching=False,
            moment=claimed,
            crls=[asn1_crl.CertificateList.load(self.revoked.public_bytes(serialization.Encoding.DER))]
            if self.revoked
            else [],
            revocation_mode="soft-fail",
        )
        usage = KeyUsageConstraints(key_usage={"non_repudiation"})
        status = validate_pdf_signature(signature, context, key_usage_settings=usage)
        subject = signature.signer_cert.subject.native
        name = str(subject.get("common_name", "?"))
        who = Text(en=f"{name} ({signature.field_name})", zh=f"{name}（{signature.field_name}）")
        self.signers.append(
            SignedBy(
                signature.field_name, name, str(subject.get("title", "")), claimed, signature.signer_cert.serial_number
            )
        )
        self._say(
            status.intact and status.valid,
            Text(en="{who}: the signed bytes are unchanged.", zh="{who}：签名内容未改动。").format(who=who),
            Text(en="{who}: the signed bytes were changed.", zh="{who}：签名内容已被改动。").format(who=who),
        )
        self._say(
            not self._revoked(signature, claimed),
            Text(en="{who}: the certificate was not revoked.", zh="{who}：证书未被吊销。").format(who=who),
            Text(en="{who}: the certificate was revoked before signing.", zh="{who}：证书在签名前已被吊销。").format(
                who=who
            ),
        )
        self._say(
            status.trusted,
            Text(en="{who}: the certificate is of this study.", zh="{who}：证书由本研究签发。").format(who=who),
            Text(
                en="{who}: the certificate is not of this study, or had expired.",
                zh="{who}：证书不属于本研究或已过期。",
            ).format(who=who),
        )
        self._say(
            status.bottom_line,
            Text(
                en="{who}: nothing was added that the signature does not allow.", zh="{who}：签名后无不允许的增改。"
            ).format(who=who),
            Text(
                en="{who}: something was added or changed after the signature.", zh="{who}：签名之后内容被添加或更改。"
            ).format(who=who),
        )

    def _revoked(self, signature: Any, at: datetime | None) -> bool:
        if self.revoked is None:
            return False
        entry = self.revoked.get_revoked_certificate_by_serial_number(signature.signer_cert.serial_number)
        return entry is not None and (at is None or entry.revocation_date_utc <= at)

    def _contents(self, reader: Any, signatures: list[Any]) -> None:
        from trialdesk.documents.archival import embedded

        first = signatures[0].signed_revision if signatures else 0
        before = reader.get_historical_resolver(first)
        self._say(
            not _active(before.root),
            Text(en="The file carries no scripts and no actions.", zh="文件不含脚本或动作。"),
            Text(en="The file carries scripts or actions.", zh="文件含有脚本或动作。"),
        )
        self._say(
            embedded(self.pdf, self.data_name) is not None,
            Text(en="The data of the form are embedded.", zh="表单数据已嵌入。"),
            Text(en="The embedded data of the form are missing.", zh="缺少嵌入的表单数据。"),
        )

    def _say(self, fine: bool, good: Text, bad: Text) -> None:
        self.gates.append(Gate(fine, good if fine else bad))
        if not fine:
            raise _Stop


def _active(root: Any) -> bool:
    return "/OpenAction" in root or "/AA" in root or ("/Names" in root and "/JavaScript" in root["/Names"])
