"""The study's own certificates: root, sites, centre, timestamps, workstations and persons (X.509, P-256, SHA-256)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

Kind = Literal["root", "site", "centre", "timestamp", "workstation", "person"]
Key = ec.EllipticCurvePrivateKey

# RFC 9336: document signing. With it alone openssl cms and pdfsig call the purpose wrong, so emailProtection stands too.
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
YEARS = {"root": 20, "site": 5, "centre": 5, "timestamp": 5, "workstation": 2, "person": 2}
AUTHORITIES = ("root", "site")


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names: kind, id (a role account, never a private name), role, site and study."""

    kind: Kind
    id: str
    role: str
    site: str
    study: str

    @property
    def name(self) -> x509.Name:
        """The X.509 name that carries these facts."""
        return x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"TrialDesk study {self.study}"),
                x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, self.kind),
                x509.NameAttribute(NameOID.LOCALITY_NAME, self.site),
                x509.NameAttribute(NameOID.TITLE, self.role),
                x509.NameAttribute(NameOID.COMMON_NAME, self.id),
            ]
        )

    @classmethod
    def of(cls, name: x509.Name) -> Subject:
        """The facts in an X.509 name; raises KnownError where they are not all there."""
        try:
            unit = _one(name, NameOID.ORGANIZATIONAL_UNIT_NAME)
            study = _one(name, NameOID.ORGANIZATION_NAME).removeprefix("TrialDesk study ")
            if unit not in YEARS:
                raise KnownError(NOT_OURS)
            return cls(
                unit,  # type: ignore[arg-type]
                _one(name, NameOID.COMMON_NAME),
                _one(name, NameOID.TITLE),
                _one(name, NameOID.LOCALITY_NAME),
                study,
            )
        except IndexError as fault:
            raise KnownError(NOT_OURS) from fault


@dataclass(frozen=True)
class Authority:
    """A root or a site that can issue: its certificate and its key."""

    certificate: x509.Certificate
    key: Key


def new_key() -> Key:
    """A fresh P-256 key."""
    return ec.generate_private_key(ec.SECP256R1())


def new_authority(study: str, now: datetime) -> Authority:
    """The root of a study's authority, self-signed for twenty years."""
    key = new_key()
    subject = Subject("root", f"{study} root", "authority", "centre", study)
    builder = _builder(subject, key.public_key(), now).issuer_name(subject.name)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
    builder = builder.add_extension(_usage(sign_certificates=True), critical=True)
    return Authority(builder.sign(key, hashes.SHA256()), key)


def make_request(key: Key, subject: Subject) -> bytes:
    """A signing request in PEM, to be carried to the centre; the key never leaves."""
    request = x509.CertificateSigningRequestBuilder().subject_name(subject.name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM)


def issue(authority: Authority, request: bytes, now: datetime) -> x509.Certificate:
    """A certificate for a request, never valid beyond its issuer.

    Raises KnownError for a request that was changed, is not of this study, or asks a site for more than persons and
    workstations of that site.
    """
    subject, public = read_request(request)
    issuer = Subject.of(authority.certificate.subject)
    if subject.study != issuer.study or not _may_issue(issuer, subject):
        raise KnownError(NOT_OURS)
    builder = _builder(subject, public, now, authority.certificate.not_valid_after_utc)
    builder = builder.issuer_name(authority.certificate.subject)
    is_site = subject.kind == "site"
    builder = builder.add_extension(
        x509.BasicConstraints(ca=is_site, path_length=0 if is_site else None), critical=True
    )
    builder = builder.add_extension(_usage(sign_certificates=is_site), critical=True)
    if subject.kind == "timestamp":
        # RFC 3161, 2.3: this purpose alone, and critical.
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    elif not is_site:
        purposes = [ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING]
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    builder = builder.add_extension(
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False
    )
    return builder.sign(authority.key, hashes.SHA256())


def read_request(request: bytes) -> tuple[Subject, ec.EllipticCurvePublicKey]:
    """Whom a signing request names, and its key; raises KnownError for one that was changed or is none."""
    try:
        asked = x509.load_pem_x509_csr(request)
    except ValueError as fault:
        raise KnownError(NOT_OURS) from fault
    subject, public = Subject.of(asked.subject), asked.public_key()
    if not asked.is_signature_valid or subject.kind == "root" or not isinstance(public, ec.EllipticCurvePublicKey):
        raise KnownError(NOT_OURS)
    return subject, public


def _may_issue(issuer: Subject, subject: Subject) -> bool:
    if issuer.kind == "root":
        return True
    return issuer.kind == "site" and subject.kind in ("person", "workstation") and subject.site == issuer.site


def pem(certificate: x509.Certificate) -> bytes:
    """A certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def load_certificate(content: bytes) -> x509.Certificate:
    """A certificate from PEM; raises KnownError when the bytes are not one."""
    try:
        return x509.load_pem_x509_certificate(content)
    except ValueError as fault:
        raise KnownError(NOT_OURS) from fault


def key_bytes(key: Key, passphrase: str | None = None) -> bytes:
    """A private key as PKCS#8 PEM, encrypted when a passphrase is given."""
    how: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase is not None:
        how = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


def load_key(content: bytes, passphrase: str | None = None) -> Key:
    """A private key from PKCS#8 PEM; raises KnownError for a wrong passphrase."""
    try:
        key = serialization.load_pem_private_key(content, passphrase.encode() if passphrase is not None else None)
    except (ValueError, TypeError) as fault:
        raise KnownError(
            Text(
                en="The key cannot be opened: wrong passphrase or damaged file.",
                zh="无法打开密钥：口令错误或文件损坏。",
            )
        ) from fault
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise KnownError(NOT_OURS)
    return key


def _builder(
    subject: Subject, public: ec.EllipticCurvePublicKey, now: datetime, latest: datetime | None = None
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject.name).public_key(public)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(minutes=5))
    until = now + timedelta(days=365 * YEARS[subject.kind])
    builder = builder.not_valid_after(min(until, latest) if latest else until)
    return builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)


def _usage(sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        content_commitment=not sign_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _one(name: x509.Name, oid: ObjectIdentifier) -> str:
    value = name.get_attributes_for_oid(oid)[0].value
    return value if isinstance(value, str) else value.decode()


NOT_OURS = Text(
    en="This certificate or request is not of this study's authority. Ask the centre for a new one.",
    zh="此证书或申请不属于本研究的证书机构，请向中心申请新证书。",
)
