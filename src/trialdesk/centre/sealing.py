"""Sealing signed CRFs at the centre for the years: each is judged first, then gets its evidence and a timestamp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from trialdesk.centre.centre import TSA, Centre
from trialdesk.centre.key_files import TSA_KEY
from trialdesk.documents.timestamping import TimestampKey
from trialdesk.domain.clinical.changes import FormSigned
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.authority import ROOT_KEY
from trialdesk.services.document_trail import KINDS, DocumentTrail

SEALED = "sealed"
RENEW_BEFORE = timedelta(days=180)
"""How long before the timestamp certificate ends an archive timestamp is renewed."""

LIST_AGE = timedelta(days=1)
"""How old a list of revoked certificates may be that is sealed in by someone who cannot make a new one."""


@dataclass(frozen=True)
class Sealing:
    """What became of one file: where it lies sealed, or why it was not sealed."""

    source: str
    path: Path | None
    says: Text
    level: str = "-"


def seal_files(centre: Centre, files: Sequence[Path], now: datetime) -> Iterator[Sealing]:
    """Seal files; `x.pdf` becomes `x.sealed.pdf` beside it, and a sealed file gets a further timestamp in its place."""
    sealer = _Sealer(centre, now)
    for file in files:
        whole = file.name.endswith(".sealed.pdf")
        target = file if whole else file.with_suffix(".sealed.pdf")
        yield sealer.seal(file.read_bytes(), file.name, target)


def seal_everything(centre: Centre, now: datetime, renew: bool = False) -> Iterator[Sealing]:
    """Seal every signed form the centre holds into its folder `sealed`; those sealed already stay as they are.

    With `renew` each of those gets a further timestamp, which keeps it provable beyond the end of the last.
    """
    from trialdesk.storage.audit_trail import AuditTrail
    from trialdesk.storage.document_store import DocumentStore

    sealer, documents = _Sealer(centre, now), DocumentStore(centre.engine)
    (centre.folder / SEALED).mkdir(exist_ok=True)
    held = set(documents.names())
    for record in AuditTrail(centre.engine).records(kinds=("FormSigned",)):
        change = record.change
        if not isinstance(change, FormSigned) or change.document not in held:
            continue
        form = change.form
        name = f"{record.subject}_{form.event}{form.repeat}_{form.form}_{record.origin}-{record.seq}.sealed.pdf"
        target = centre.folder / SEALED / name
        if target.is_file() and not renew:
            continue
        content = target.read_bytes() if target.is_file() else documents.read(change.document).content
        yield sealer.seal(content, name, target)


def documents_of(folder: Path) -> DocumentTrail:
    """What the trail of the centre in this folder says of signed documents; raises KnownError where there is none."""
    from trialdesk.storage.audit_trail import AuditTrail

    centre = Centre.open(folder)
    try:
        return DocumentTrail(AuditTrail(centre.engine).records(kinds=KINDS))
    finally:
        centre.close()


class _Sealer:
    """What every sealing of one sitting shares: a list of revoked certificates made just now, the key, the trail."""

    def __init__(self, centre: Centre, now: datetime) -> None:
        from trialdesk.security.certificates import load_certificate, load_key
        from trialdesk.storage.audit_trail import AuditTrail

        _fresh_list(centre, now)
        self.now, self.trust = now, centre.trust
        own = load_certificate((centre.folder / TSA).read_bytes())
        self.key = TimestampKey(load_key(centre.secret(TSA_KEY)), own, (self.trust.root,))
        self.trail = DocumentTrail(AuditTrail(centre.engine).records(kinds=KINDS))

    def seal(self, pdf: bytes, name: str, target: Path) -> Sealing:
        from trialdesk.documents.sealing import seal
        from trialdesk.documents.verifying import verify_crf
        from trialdesk.exchange.envelope import write_durably

        before = verify_crf(pdf, self.trust, self.trail, name)
        if not before.ok:
            wrong = next((gate.says for gate in before.gates if not gate.fine), _UNJUDGED)
            return Sealing(name, None, _REFUSED.format(why=wrong))
        sealed = seal(pdf, self.key, [self.trust.root], self.trust.revoked, self.now)
        after = verify_crf(sealed, self.trust, self.trail, name)
        if not after.ok:
            wrong = next((gate.says for gate in after.gates if not gate.fine), _UNJUDGED)
            return Sealing(name, None, _REFUSED.format(why=wrong))
        write_durably(target, sealed)
        ends = self.key.certificate.not_valid_after_utc
        says = _SEALED.format(level=after.level, renew=(ends - RENEW_BEFORE).date())
        return Sealing(name, target, says, after.level)


def _fresh_list(centre: Centre, now: datetime) -> None:
    """A new list of revoked certificates, which only the study's authority can sign; without its key one of today."""
    if centre.may_use(ROOT_KEY):
        centre.authority.revocations(now)
        return
    newest = centre.authority.newest_list()
    if newest is None or now - newest.last_update_utc > LIST_AGE:
        raise KnownError(_OLD_LIST.format(folder=centre.folder))


_OLD_LIST = Text(
    en="The list of revoked certificates is older than a day, and sealing puts the newest into the form. Let an "
    "administrator make a new one: trialdesk ca crl {folder} --as ADMINISTRATOR",
    zh="吊销列表已超过一天，而封存须写入最新列表。请由管理员更新：trialdesk ca crl {folder} --as 管理员",
)
_UNJUDGED = Text(en="it could not be judged to the end", zh="未能完成判定")
_REFUSED = Text(
    en="Not sealed: {why} Ask the site for the document as it was signed.",
    zh="未封存：{why}请向研究中心索取签名时的原文件。",
)
_SEALED = Text(
    en="Sealed ({level}). Renew the timestamp before {renew}: trialdesk centre seal --renew.",
    zh="已封存（{level}）。请在 {renew} 之前更新时间戳：trialdesk centre seal --renew。",
)
