"""Signing a form: what is shown is what is signed, the passphrase is asked each time, the PDF and its record are one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from trialdesk.documents.signing import Stamp, prepare_fields, sign_field
from trialdesk.domain.actions.outcome import Refusal, Request
from trialdesk.domain.actions.signing import (
    PreflightLine,
    certification,
    may_sign,
    next_field,
    preflight,
    signature,
)
from trialdesk.domain.admin.role import ROLE_WORDS
from trialdesk.domain.admin.signature_def import FieldName, SignatureDef, signature_def
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import Change, FormCertified, RecordId
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.credential import Credential, open_credential, person
from trialdesk.services.crf_paper import crf_pdf
from trialdesk.services.desk import OpenDesk, look
from trialdesk.services.signed_changes import SignedChange, changes_since_signed
from trialdesk.storage.document_store import Document


@dataclass(frozen=True)
class Prepared:
    """A form ready to be looked at before signing.

    `pdf` holds the very bytes the signature is put on, `covers` the records they show; `lines` is what was checked,
    `changes` what changed since the last signature; `wording` is what the signature will mean; `read_seconds` is how long
    the pages were in sight, where a window showed them.
    """

    form: FormPath
    field: FieldName
    pdf: bytes
    lines: tuple[PreflightLine, ...]
    wording: SignatureDef
    covers: frozenset[RecordId]
    changes: tuple[SignedChange, ...] = ()
    read_seconds: int | None = None

    @property
    def meaning(self) -> Text:
        """What the signature will mean."""
        return self.wording.meaning

    @property
    def ready(self) -> bool:
        """True when nothing is left to settle."""
        return all(line.fine for line in self.lines)

    @property
    def sha256(self) -> str:
        """The hash of the bytes shown, in hex."""
        return hashlib.sha256(self.pdf).hexdigest()


@dataclass(frozen=True)
class Signed:
    """A signed form: the document under its hash, and the records that say so."""

    document: str
    pdf: bytes
    records: tuple[AuditRecord, ...]


def prepare(desk: OpenDesk, casebook: Casebook, form: FormPath, field: FieldName | None = None) -> Prepared:
    """Make the pages of a form and look over everything that must be fine before it is signed.

    Without a field the signature that is due is prepared: data entry first, then the investigator, whose pages are
    the very file that data entry signed.
    """
    data = casebook.data
    field = field or next_field(data, form)
    lines = preflight(casebook.book(form), data, desk.session.request(), form, field)
    certified = data.certification(form)
    if field == "Investigator" and certified is not None and isinstance(certified.change, FormCertified):
        pdf = desk.documents.read(certified.change.document).content
    else:
        pdf = prepare_fields(crf_pdf(casebook, form, look(desk.home).kind == "training"))
    covers = data.endorsed(form) | data.discussed(form)
    changes = tuple(changes_since_signed(casebook, form))
    # `crf_pdf` gives no pages whose three copies differ or that are not archival.
    agrees = PreflightLine(
        True,
        Text(en="Printed, embedded and recorded values agree.", zh="打印值、嵌入值与记录值一致。"),
        note=Text(en="PDF/A-3b, {kb} KB", zh="PDF/A-3b，{kb} KB").format(kb=len(pdf) // 1000),
    )
    return Prepared(form, field, pdf, (*lines, agrees), signature_def(field), covers, changes)


def certify(
    desk: OpenDesk,
    casebook: Casebook,
    form: FormPath,
    passphrase: str,
    user_id: str | None = None,
    prepared: Prepared | None = None,
) -> Signed | Refusal:
    """Sign a complete form as the person who entered the data; see `sign`."""
    return _give(desk, casebook, form, "DataEntry", passphrase, user_id, prepared)


def sign(
    desk: OpenDesk,
    casebook: Casebook,
    form: FormPath,
    passphrase: str,
    user_id: str | None = None,
    prepared: Prepared | None = None,
) -> Signed | Refusal:
    """Sign a form as investigator, over the file that data entry signed; its field then locks the file.

    `user_id` lets another person sign without ending this session: the passphrase, key, certificate and record are
    that person's. With `prepared` exactly the bytes that were shown are signed, or it is refused because something
    changed since. Raises KnownError for a wrong passphrase or a person who has no certificate fit to sign.
    """
    return _give(desk, casebook, form, "Investigator", passphrase, user_id, prepared)


def _give(
    desk: OpenDesk,
    casebook: Casebook,
    form: FormPath,
    field: FieldName,
    passphrase: str,
    user_id: str | None,
    prepared: Prepared | None,
) -> Signed | Refusal:
    user = person(desk, user_id or desk.session.user.id)
    request = Request(user.id, user.role, desk.session.today)
    refusal = may_sign(casebook.book(form), casebook.data, request, form, field)
    if refusal:
        return refusal
    credential = open_credential(desk, user.id, passphrase)
    return put_signature(desk, casebook, prepared or prepare(desk, casebook, form, field), credential)


def put_signature(desk: OpenDesk, casebook: Casebook, shown: Prepared, credential: Credential) -> Signed | Refusal:
    """Sign what was shown with an opened credential and record it; refused when the form is not as it was shown."""
    user, form = credential.user, shown.form
    request = Request(user.id, user.role, desk.session.today)
    refusal = may_sign(casebook.book(form), casebook.data, request, form, shown.field) or _still(casebook, shown)
    if refusal:
        return refusal
    stamp = Stamp(user.name, ROLE_WORDS[user.role], desk.session.clock.now(), shown.wording)
    place = f"site {desk.session.site}"
    pdf = sign_field(shown.pdf, shown.field, credential.key, credential.certificate, credential.chain, stamp, place)
    assert pdf.startswith(shown.pdf)
    document = Document("crf", pdf)
    if shown.field == "DataEntry":
        change: Change = certification(casebook.data, form, document.sha256, credential.serial)
    else:
        change = signature(casebook.data, form, document.sha256, credential.serial, shown.sha256)
    change = change.model_copy(update={"read_seconds": shown.read_seconds})
    signing = replace(desk.session, user=user)
    records = signing.record([change], casebook.subject, documents=[document], under=casebook.version)
    desk.session.last_at = signing.last_at
    casebook.apply(records)
    return Signed(document.sha256, pdf, records)


def _still(casebook: Casebook, shown: Prepared) -> Refusal | None:
    data = casebook.data
    same = data.endorsed(shown.form) | data.discussed(shown.form) == shown.covers
    certified = data.certification(shown.form)
    if shown.field == "Investigator":
        same = (
            same
            and certified is not None
            and isinstance(certified.change, FormCertified)
            and certified.change.document == shown.sha256
        )
    if same:
        return None
    return Refusal(
        "state",
        Text(
            en="The form changed after these pages were made. Open it for signing again and look at the new pages.",
            zh="页面生成之后表单有更改。请重新打开签署窗口，查看新的页面。",
        ),
    )
