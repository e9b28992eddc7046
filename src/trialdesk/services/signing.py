"""Signing a form: what is shown is what is signed, the passphrase is asked each time, the PDF and its record are one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from trialdesk.domain.actions.outcome import Refusal, Request
from trialdesk.domain.actions.signing import MEANINGS, PreflightLine, may_sign, preflight, signature
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FormCompleted
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook
from trialdesk.services.crf_paper import crf_pdf
from trialdesk.services.desk import KEYS_FILE, OpenDesk
from trialdesk.storage.document_store import Document


@dataclass(frozen=True)
class Prepared:
    """A form ready to be looked at before signing: its pages, what was checked, what the signature will mean."""

    pdf: bytes
    lines: tuple[PreflightLine, ...]
    meaning: Text


@dataclass(frozen=True)
class Signed:
    """A signed form: the document under its hash, and the records that say so."""

    document: str
    pdf: bytes
    records: tuple[AuditRecord, ...]


def prepare(desk: OpenDesk, casebook: Casebook, form: FormPath) -> Prepared:
    """Render the form and look over everything that must be fine before it is signed."""
    lines = preflight(desk.book, casebook.data, desk.session.request(), form)
    return Prepared(crf_pdf(casebook, form), lines, MEANINGS[Role.INVESTIGATOR])


def sign(
    desk: OpenDesk, casebook: Casebook, form: FormPath, passphrase: str, user_id: str | None = None
) -> Signed | Refusal:
    """Sign a complete form as investigator; `user_id` lets another person sign without ending this session.

    The person who completed the form certifies the data first with the workstation's certificate, the investigator's
    field then locks the file. Raises KnownError for a wrong passphrase or a person without a certificate.
    """
    user = _person(desk, user_id or desk.session.user.id)
    request = Request(user.id, user.role, desk.session.today)
    refusal = may_sign(desk.book, casebook.data, request, form)
    if refusal:
        return refusal
    key, certificate = _credential(desk, user, passphrase)
    now = desk.session.clock.now()
    pdf = _signed_pdf(desk, casebook, form, user, key, certificate, now)
    document = Document("crf", pdf)
    change = signature(casebook.data, form, user.role, document.sha256, f"{certificate.serial_number:x}")
    signing = replace(desk.session, user=user)
    records = signing.record([change], casebook.subject, documents=[document])
    desk.session.last_at = signing.last_at
    casebook.apply(records)
    return Signed(document.sha256, pdf, records)


def _signed_pdf(
    desk: OpenDesk, casebook: Casebook, form: FormPath, user: User, key: object, certificate: object, now: datetime
) -> bytes:
    from trialdesk.documents.signing import Stamp, prepare_fields, sign_field
    from trialdesk.security.certificates import load_certificate, load_key

    chain = [desk.root]
    workstation = load_certificate(desk.meta["workstation_certificate"].encode())
    entered = _who_completed(desk, casebook, form)
    by = Text(
        en=f"{entered.name.en}, by workstation {desk.session.origin}",
        zh=f"{entered.name.zh}（工作站 {desk.session.origin}）",
    )
    pdf = prepare_fields(crf_pdf(casebook, form))
    pdf = sign_field(
        pdf,
        "DataEntry",
        load_key(desk.meta["workstation_key"].encode()),
        workstation,
        chain,
        Stamp(by, ROLE_WORDS[entered.role], now, MEANINGS[Role.NURSE]),
        f"site {desk.session.site}",
    )
    stamp = Stamp(user.name, ROLE_WORDS[user.role], now, MEANINGS[user.role])
    return sign_field(pdf, "Investigator", key, certificate, chain, stamp, f"site {desk.session.site}")  # type: ignore[arg-type]


def _who_completed(desk: OpenDesk, casebook: Casebook, form: FormPath) -> User:
    completion = casebook.data.forms[form].completion
    assert completion is not None
    assert isinstance(completion.change, FormCompleted)
    return _person(desk, completion.user)


def _person(desk: OpenDesk, user_id: str) -> User:
    found = next((user for user in desk.users if user.id == user_id), None)
    if found is None:
        raise KnownError(
            Text(
                en="{user} has no account here. Ask the administrator to add one.",
                zh="{user} 在此没有账户，请联系系统管理员添加。",
            ).format(user=user_id)
        )
    return found


def _credential(desk: OpenDesk, user: User, passphrase: str):  # type: ignore[no-untyped-def]
    """The person's own key, opened with the passphrase that was just given, and the certificate on record."""
    from trialdesk.domain.clinical.changes import UserAdded
    from trialdesk.security import key_slots
    from trialdesk.security.certificates import load_certificate

    unlocked = key_slots.open_slot(desk.home / KEYS_FILE, user.id, passphrase)
    added = desk.trail.records(origin=desk.session.origin, kinds=("UserAdded",))
    held = [r.change.certificate for r in added if isinstance(r.change, UserAdded) and r.change.user == user.id]
    if unlocked.signing_key is None or not held or held[-1] is None:
        raise KnownError(
            Text(
                en="{user} has no signing certificate on this laptop. Ask the centre for one.",
                zh="{user} 在本机没有签名证书，请向中心申请。",
            ).format(user=user.name)
        )
    return unlocked.signing_key, load_certificate(held[-1].encode())
