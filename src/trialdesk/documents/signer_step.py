"""Step 3: the right people signed: certificates of this study, valid then, not revoked, of the role the field asks for."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from trialdesk.documents.examined import Examined
from trialdesk.documents.file_step import end_of
from trialdesk.documents.signature_step import certificate_of, chain_of
from trialdesk.documents.verdict import Flaw, Named, SignedBy
from trialdesk.domain.admin.role import Role
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

DOCUMENT_SIGNING = "1.3.6.1.5.5.7.3.36"
ROLES: dict[str, tuple[str, ...]] = {
    "DataEntry": (Role.NURSE, Role.INVESTIGATOR),
    "Investigator": (Role.INVESTIGATOR,),
}
# Two laptops may have signed: their clocks agree only so far.
SLACK = timedelta(minutes=10)


def run(seen: Examined) -> None:
    """Look at each signer, at the order of times, and at the trail where there is one."""
    seen.step = 3
    for signature in seen.signatures:
        _signer(seen, signature)
    _times(seen)
    if seen.trail is not None:
        _trail(seen)
    seen.end_step()


def _signer(seen: Examined, signature: Any) -> None:
    certificate, claimed = certificate_of(signature), signature.self_reported_timestamp
    attributes = signature.signer_cert.subject.native
    name = str(attributes.get("common_name", "?"))
    found = SignedBy(signature.field_name, name, str(attributes.get("title", "")), claimed, certificate.serial_number)
    seen.signers.append(found)
    who = Text(en=f"{name} ({signature.field_name})", zh=f"{name}（{signature.field_name}）")
    try:
        at = claimed if claimed is not None else seen.sealed_at
        subject = seen.trust.signer(certificate, at, chain_of(signature), seen.sealed_at)
    except KnownError as fault:
        flaw = Flaw(str(getattr(fault, "why", "issuer")))
        seen.say(False, fault.text, Text(en="{who}: {why}", zh="{who}：{why}").format(who=who, why=fault.text), flaw)
        return
    seen.named[signature.field_name] = subject
    seen.say(
        True,
        Text(
            en="{who}: the certificate is of this study, was valid and not revoked.",
            zh="{who}：证书由本研究签发，当时有效且未被吊销。",
        ).format(who=who),
        Text(en="", zh=""),
        Flaw.ISSUER,
    )
    _fit(seen, who, certificate, subject, signature.field_name)


def _fit(seen: Examined, who: Text, certificate: Any, subject: Named, field: str) -> None:
    seen.say(
        _may_sign_documents(certificate),
        Text(en="{who}: the certificate is one for signing documents.", zh="{who}：证书可用于文档签名。").format(
            who=who
        ),
        Text(en="{who}: the certificate is not one for signing documents.", zh="{who}：证书不可用于文档签名。").format(
            who=who
        ),
        Flaw.USAGE,
    )
    seen.say(
        subject.kind == "person" and subject.role in ROLES[field],
        Text(en="{who}: the role may sign this field.", zh="{who}：其角色可签署此签名域。").format(who=who),
        Text(en="{who}: the role {role} may not sign this field.", zh="{who}：角色 {role} 不可签署此签名域。").format(
            who=who, role=subject.role if subject.kind == "person" else subject.kind
        ),
        Flaw.ROLE,
    )


def _may_sign_documents(certificate: Any) -> bool:
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return usage.content_commitment and DOCUMENT_SIGNING in {one.dotted_string for one in purposes}


def _times(seen: Examined) -> None:
    times = {one.field: one.at for one in seen.signers}
    entered, signed = times.get("DataEntry"), times.get("Investigator")
    fine = entered is not None and signed is not None and signed >= entered - SLACK
    if fine and seen.sealed_at is not None and signed is not None:
        fine = signed <= seen.sealed_at + SLACK
    seen.say(
        fine,
        Text(en="The times of the signatures follow one another.", zh="各签名时间先后一致。"),
        Text(en="The times of the signatures contradict one another.", zh="各签名时间相互矛盾。"),
        Flaw.TIME,
    )


def _trail(seen: Examined) -> None:
    """The trail names the file as the investigator left it; a seal of the centre stands behind that."""
    assert seen.trail is not None
    last = seen.signatures[-1]
    until = end_of(last)
    known = seen.trail.recorded(hashlib.sha256(seen.pdf[:until]).hexdigest())
    serials = tuple(one.serial for one in seen.signers)
    seen.say(
        known is not None and set(serials) >= set(known.serials),
        Text(en="The trail holds this document and these certificates.", zh="稽查轨迹中有此文件及所用证书。"),
        Text(
            en="The trail does not know this document, or names other certificates.",
            zh="稽查轨迹中没有此文件，或记录的证书不同。",
        ),
        Flaw.TRAIL,
    )
