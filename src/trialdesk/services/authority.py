"""The study's certificate authority in one folder, kept offline: it issues, renews, revokes, and remembers all of it.

The folder holds the key (sealed by a passphrase where one was given), the certificate, a register of everything issued,
and the newest list of revoked certificates. A root issues for the whole study, a site for its own people and laptops.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.private_file import write_private

if TYPE_CHECKING:
    from cryptography import x509

    from trialdesk.security.certificates import Authority
    from trialdesk.security.trust import Revocation, RevocationList

ROOT_KEY, ROOT = "root.key", "root.pem"
SITE_KEY, SITE = "site.key", "site.pem"
REGISTER, REVOKED = "register.jsonl", "revoked.crl"
RENEW_DAYS = 60
"""How long before its end a certificate is renewed."""

Why = Literal["stolen", "left", "replaced"]
State = Literal["valid", "ends soon", "ended", "revoked"]


@dataclass(frozen=True)
class Issued:
    """One certificate of the register: whom it names, how long it holds, who approved it, what became of it."""

    serial: str
    kind: str
    id: str
    role: str
    site: str
    begins: str
    ends: str
    approved: tuple[str, ...]
    pem: str
    revoked: str | None = None
    why: Why | None = None

    def state(self, now: datetime) -> State:
        """What it is worth at a moment."""
        ends = datetime.fromisoformat(self.ends)
        if self.revoked is not None:
            return "revoked"
        if now > ends:
            return "ended"
        return "ends soon" if now > ends - timedelta(days=RENEW_DAYS) else "valid"


@dataclass(frozen=True)
class StudyAuthority:
    """An authority in its folder; the key is opened only for the moment of use."""

    folder: Path
    passphrase: str | None = None
    unseal: Callable[[bytes], bytes] | None = None
    """Opens the key where a centre keeps it sealed for its administrators."""

    @classmethod
    def init(cls, folder: Path, study: str, now: datetime, passphrase: str | None = None) -> StudyAuthority:
        """Make the root of a study in a folder that has none; raises KnownError where there is one."""
        from trialdesk.security.certificates import key_bytes, new_authority, pem

        if (folder / ROOT_KEY).exists():
            raise KnownError(_EXISTS.format(folder=folder))
        folder.mkdir(parents=True, exist_ok=True)
        made = new_authority(study, now)
        write_private(folder / ROOT_KEY, key_bytes(made.key, passphrase))
        write_private(folder / ROOT, pem(made.certificate))
        return cls(folder, passphrase)

    @property
    def is_sealed(self) -> bool:
        """True when the key asks for a passphrase."""
        return b"ENCRYPTED" in self._file(self._names[0])

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of this authority."""
        from trialdesk.security.certificates import load_certificate

        return load_certificate(self._file(self._names[1]))

    def issue(
        self, request: bytes, approved: Sequence[str], now: datetime, least: int | None = None
    ) -> x509.Certificate:
        """A certificate for a request, entered in the register.

        Raises KnownError for a bad request, or one that `least` different people have not approved: two for a person,
        one for anything else.
        """
        from trialdesk.security.certificates import Subject, issue, pem, read_request

        subject, _ = read_request(request)
        names = tuple(dict.fromkeys(name.strip() for name in approved if name.strip()))
        if len(names) < (least if least is not None else 2 if subject.kind == "person" else 1):
            raise KnownError(_APPROVALS.format(id=subject.id))
        same = [one for one in self.issued() if (one.id, one.site) == (subject.id, subject.site)]
        if any((one.kind, one.role) != (subject.kind, subject.role) for one in same):
            raise KnownError(_TAKEN.format(id=subject.id))
        made = issue(self._authority(), request, now)
        named = Subject.of(made.subject)
        entry = Issued(
            f"{made.serial_number:x}",
            named.kind,
            named.id,
            named.role,
            named.site,
            made.not_valid_before_utc.isoformat(),
            made.not_valid_after_utc.isoformat(),
            names,
            pem(made).decode(),
        )
        self._enter({"what": "issued", "at": _text(now), **asdict(entry)})
        return made

    def revoke(self, name: str, why: Why, now: datetime) -> tuple[Issued, ...]:
        """Revoke a certificate by its serial number, or everything that holds of a person or workstation.

        Raises KnownError for a name of which nothing stands in the register. A new list is made at once.
        """
        found = [one for one in self.issued() if one.revoked is None and name in (one.serial, one.id)]
        if not found:
            raise KnownError(_UNKNOWN.format(name=name))
        for one in found:
            self._enter({"what": "revoked", "at": _text(now), "serial": one.serial, "why": why})
        self.revocations(now)
        return tuple(found)

    def revocations(self, now: datetime) -> RevocationList:
        """A new list of revoked certificates, numbered one above the last, kept in the folder."""
        from trialdesk.security.trust import Revocation, list_number, list_pem, revocation_list

        before = self.newest_list()
        entries: dict[int, datetime | Revocation] = {
            int(one.serial, 16): Revocation(datetime.fromisoformat(one.revoked), one.why == "stolen")
            for one in self.issued()
            if one.revoked is not None
        }
        made = revocation_list(self._authority(), entries, now, 1 if before is None else list_number(before) + 1)
        write_private(self.folder / REVOKED, list_pem(made))
        return made

    def newest_list(self) -> RevocationList | None:
        """The list in the folder, or None before the first."""
        from trialdesk.security.trust import load_list

        path = self.folder / REVOKED
        return load_list(path.read_bytes(), self.certificate) if path.is_file() else None

    def issued(self) -> tuple[Issued, ...]:
        """Everything issued here, oldest first, with what became of it."""
        path = self.folder / REGISTER
        found: dict[str, dict[str, Any]] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            entry = json.loads(line)
            what, at = entry.pop("what"), entry.pop("at")
            if what == "issued":
                found[entry["serial"]] = entry | {"approved": tuple(entry["approved"])}
            else:
                found[entry["serial"]] |= {"revoked": at, "why": entry["why"]}
        return tuple(Issued(**one) for one in found.values())

    def due(self, now: datetime) -> tuple[Issued, ...]:
        """Certificates that end soon and have no successor yet."""
        known = self.issued()
        latest = {(one.kind, one.id): one for one in sorted(known, key=lambda one: one.ends) if one.revoked is None}
        return tuple(one for one in latest.values() if one.state(now) in ("ends soon", "ended"))

    def _authority(self) -> Authority:
        from trialdesk.security.certificates import Authority, load_key
        from trialdesk.security.key_ring import Ring

        content = self._file(self._names[0])
        content = self.unseal(content) if self.unseal else Ring({}).open(self._names[0], content)
        return Authority(self.certificate, load_key(content, self.passphrase))

    @property
    def _names(self) -> tuple[str, str]:
        return (ROOT_KEY, ROOT) if (self.folder / ROOT_KEY).is_file() else (SITE_KEY, SITE)

    def _file(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except OSError as fault:
            raise KnownError(_ABSENT.format(folder=self.folder)) from fault

    def _enter(self, entry: dict[str, Any]) -> None:
        path = self.folder / REGISTER
        before = path.read_bytes() if path.is_file() else b""
        write_private(path, before + json.dumps(entry, ensure_ascii=False).encode() + b"\n")


def request_site(folder: Path, study: str, site: str, passphrase: str | None = None) -> Path:
    """Make the key of a site's own authority and its request to the root; the answer goes into the same folder."""
    from trialdesk.security.certificates import Subject, key_bytes, make_request, new_key

    if (folder / SITE_KEY).exists():
        raise KnownError(_EXISTS.format(folder=folder))
    folder.mkdir(parents=True, exist_ok=True)
    key = new_key()
    write_private(folder / SITE_KEY, key_bytes(key, passphrase))
    path = folder / "site.csr"
    write_private(path, make_request(key, Subject("site", f"S{site}", "authority", site, study)))
    return path


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


_EXISTS = Text(
    en="There is an authority in {folder} already; a second root would split the study. Choose another folder.",
    zh="{folder} 中已有证书机构；再建根证书会使研究分裂。请另选文件夹。",
)
_ABSENT = Text(
    en="There is no authority in {folder}. Plug in its stick, or make one with: trialdesk ca init {folder} --study OID",
    zh="{folder} 中没有证书机构。请插入相应 U 盘，或创建：trialdesk ca init {folder} --study OID",
)
_APPROVALS = Text(
    en="{id} has not been approved by enough people. A person's certificate needs two named people who checked who it is.",
    zh="{id} 的审批人数不足。为个人签发证书须由两名核实其身份的人员批准。",
)
_TAKEN = Text(
    en="{id} is the name of someone else already; names are never given twice.",
    zh="{id} 已被他人使用，编号不可重复使用。",
)
_UNKNOWN = Text(
    en="Nothing stands in the register under {name} that still holds. See: trialdesk ca list",
    zh="登记册中没有名为 {name} 的有效证书。请查看：trialdesk ca list",
)
