"""The centre's four secrets as files: which role may use which, plain or sealed, and sealing them without a moment's gap."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import Act, Role
from trialdesk.domain.admin.user import User
from trialdesk.domain.clinical.account_changes import KeysChanged
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.security.grants import FORGED, Sign, Verify
from trialdesk.security.key_ring import Ring, is_sealed
from trialdesk.services.authority import ROOT_KEY
from trialdesk.services.private_file import write_private

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre

KEY, AGE, TSA_KEY = "centre.key", "centre.age", "tsa.key"
RECOVERY_KEY, RECOVERY_RECIPIENT = "recovery.age", "recovery.pub"
KEY_NAMES = (KEY, AGE, TSA_KEY, ROOT_KEY)
"""The centre's signature, its age identity, its timestamps, and the study's authority."""

SERVICE_KEYS = (KEY, AGE)
"""What taking in bundles and answering them needs."""

_KEYS: dict[Role, tuple[str, ...]] = {
    Role.ADMINISTRATOR: KEY_NAMES,
    Role.DATA_MANAGER: (KEY, AGE, TSA_KEY),
    Role.STATISTICIAN: (KEY,),
}


def keys_of(role: Role) -> tuple[str, ...]:
    """The secrets a role may use; only administrators may use the study's authority, a monitor uses none."""
    return _KEYS.get(role, ())


def read_secret(folder: Path, name: str, ring: Ring) -> bytes:
    """A secret of the centre, opened with a key of this ring where it is sealed; raises KnownError without that key."""
    try:
        content = (folder / name).read_bytes()
    except OSError as fault:
        raise KnownError(_ABSENT.format(name=name, why=fault.strerror or fault)) from fault
    return ring.open(name, content)


def plain_secrets(folder: Path) -> tuple[str, ...]:
    """Secrets of the centre that lie in its folder without a passphrase, the recovery key included."""
    sealed = sealed_secrets(folder)
    return tuple(name for name in (*KEY_NAMES, RECOVERY_KEY) if (folder / name).is_file() and name not in sealed)


def sealed_secrets(folder: Path) -> tuple[str, ...]:
    """Secrets of the centre that open for its people alone."""
    return tuple(name for name in KEY_NAMES if (folder / name).is_file() and is_sealed((folder / name).read_bytes()))


def protect(centre: Centre, by: User, stick: Path, now: datetime | None = None) -> tuple[str, ...]:
    """Seal every secret and move the recovery key to a stick that is kept elsewhere; returns what was done.

    After each step the folder opens as before; begun again, it goes on where it stopped. Raises KnownError for anyone
    but an administrator, a stick inside the centre's folder, or one that holds another recovery key.
    """
    centre.attendance.require_act(Act.MANAGE_USERS)
    require_elsewhere(stick, centre.folder)
    if plain := plain_secrets(centre.folder):
        change = KeysChanged(what="sealed", detail=", ".join(plain))
        moment = now or datetime.now().astimezone()
        centre.attendance.note([change], centre.release.study.version, moment, by.id, by.role)
    return tuple(_steps(centre, stick))


def _steps(centre: Centre, stick: Path) -> Iterator[str]:
    folder, ring = centre.folder, centre.attendance.ring
    recovery = folder / RECOVERY_KEY
    if recovery.is_file():
        write_private(folder / RECOVERY_RECIPIENT, centre.recovery_recipient.encode())
        _hand_out(recovery.read_bytes(), stick)
    for name in KEY_NAMES:
        content = (folder / name).read_bytes()
        if not is_sealed(content):
            sealed = ring.seal(name, content)
            # What is about to replace the only copy must open.
            assert ring.open(name, sealed) == content
            write_private(folder / name, sealed)
            yield name
    if recovery.is_file():
        recovery.unlink()
        yield RECOVERY_KEY


def _hand_out(secret: bytes, stick: Path) -> None:
    target = stick / RECOVERY_KEY
    if target.is_file() and target.read_bytes() != secret:
        raise KnownError(_OTHER_KEY.format(path=target))
    try:
        stick.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise KnownError(_NO_STICK.format(stick=stick, why=fault.strerror or fault)) from fault
    write_private(target, secret)
    if target.read_bytes() != secret:
        raise KnownError(_NO_STICK.format(stick=stick, why="it reads differently"))


def require_elsewhere(stick: Path, folder: Path) -> None:
    """Raises KnownError for a place of the recovery key inside the centre's folder."""
    if inside(stick, folder):
        raise KnownError(_INSIDE.format(folder=folder))


def inside(path: Path, folder: Path) -> bool:
    """True when a path lies in a folder or is it."""
    return path.resolve().is_relative_to(folder.resolve())


def sign_roster(centre: Centre, ring: Ring) -> Sign:
    """The study's authority signing who may sign in and which keys they hold."""

    def sign(content: bytes) -> bytes:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        from trialdesk.security.certificates import load_key

        key = load_key(read_secret(centre.folder, ROOT_KEY, ring))
        return key.sign(_ROSTER + content, ec.ECDSA(hashes.SHA256()))

    return sign


def verify_roster(centre: Centre) -> Verify:
    """Raises KnownError unless the study's authority signed who may sign in."""

    def verify(content: bytes, signature: bytes) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec

        public = centre.authority.certificate.public_key()
        assert isinstance(public, ec.EllipticCurvePublicKey)
        try:
            public.verify(signature, _ROSTER + content, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as fault:
            raise KnownError(FORGED) from fault

    return verify


_ROSTER = b"trialdesk|people of the centre|1|"
"""Says what the authority signs, so that no signature of another kind can stand in its place."""

_ABSENT = Text(
    en="The centre's {name} cannot be read ({why}). Restore it from the centre's backup.",
    zh="无法读取中心的 {name}（{why}）。请从中心备份恢复。",
)
_INSIDE = Text(
    en="The recovery key has to lie elsewhere: choose a stick or folder outside {folder}.",
    zh="恢复密钥须另行存放：请选择 {folder} 之外的 U 盘或文件夹。",
)
_OTHER_KEY = Text(
    en="{path} is the recovery key of another centre. Choose another stick; nothing was changed.",
    zh="{path} 是另一中心的恢复密钥。请另选 U 盘，未作任何改动。",
)
_NO_STICK = Text(
    en="The recovery key could not be written to {stick} ({why}). Choose another stick; nothing was sealed.",
    zh="无法将恢复密钥写入 {stick}（{why}）。请另选 U 盘，未封存任何密钥。",
)
