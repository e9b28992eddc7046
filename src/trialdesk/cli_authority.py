"""The commands of the study's authority: `trialdesk ca ...` and `trialdesk centre seal`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.cli_people import caller, sign_in_options
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

if TYPE_CHECKING:
    from trialdesk.services.authority import StudyAuthority

PASSPHRASE = "TRIALDESK_CA_PASSPHRASE"


def add_authority(commands: Any) -> None:
    """Enter `ca` and its acts."""
    group = commands.add_parser("ca", help="the study's certificates, offline").add_subparsers(
        metavar="ACT", required=True
    )
    one = _act(group, "init", _init, "make the root of a study in a folder, such as a stick")
    one.add_argument("--study", required=True, help="OID of the study")
    one.add_argument("--sealed", action="store_true", help=f"seal the key by a passphrase (asked, or {PASSPHRASE})")
    one = _act(group, "site", _site, "make the key and request of a site that issues for its own people and laptops")
    one.add_argument("--study", required=True, help="OID of the study")
    one.add_argument("--site", required=True, help="number of the site")
    one.add_argument("--sealed", action="store_true", help=f"seal the key by a passphrase (asked, or {PASSPHRASE})")
    one = _act(group, "request", _request, "write a signing request of a desk's person or workstation to a folder")
    one.add_argument("--home", type=Path, help="folder of the desk")
    one.add_argument("--user", required=True, help="who signs in")
    one.add_argument("--workstation", action="store_true", help="for the workstation instead of the person")
    for name, says in (("issue", "answer requests with certificates"), ("renew", "the same, for names known already")):
        one = _act(group, name, _renew if name == "renew" else _issue, says)
        one.add_argument("requests", type=Path, nargs="+", metavar="REQUEST")
        one.add_argument("--approved-by", action="append", default=[], metavar="NAME", help="two for a person")
        sign_in_options(one, "admin1")
    one = _act(group, "revoke", _revoke, "revoke a certificate, or all of a person or workstation")
    one.add_argument("name", help="serial number or id")
    one.add_argument("--why", choices=("stolen", "left", "replaced"), required=True)
    sign_in_options(one, "admin1")
    one = _act(group, "list", _list, "everything issued, and what ends soon")
    one.add_argument("--json", action="store_true")
    one = _act(group, "crl", _crl, "a new list of revoked certificates")
    one.add_argument("--out", type=Path, help="also write it here")
    sign_in_options(one, "admin1")
    one = _act(group, "take", _take, "take certificates in at a desk; the folder is the desk's")
    one.add_argument("certificates", type=Path, nargs="+", metavar="CERTIFICATE")
    one.add_argument("--user", required=True, help="who signs in")


def add_seal(group: Any) -> None:
    """Enter `centre seal`."""
    one = _act(group, "seal", _seal, "seal signed forms for the years: evidence inside, a timestamp over it (B-LTA)")
    one.add_argument("files", type=Path, nargs="*", metavar="FILE", help="default: every signed form held here")
    one.add_argument("--renew", action="store_true", help="give those sealed already a further timestamp")
    sign_in_options(one, "dm1")


def _act(group: Any, name: str, run: Any, says: str) -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = group.add_parser(name, help=says)
    one.add_argument("folder", type=Path)
    one.set_defaults(run=run)
    return one


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _open(given: argparse.Namespace) -> Iterator[StudyAuthority]:
    """The authority of a folder: of a centre with people by an administrator who signs in, else as it lies there."""
    from trialdesk.centre.centre import CENTRE_FILE, Centre
    from trialdesk.services.authority import StudyAuthority

    if (given.folder / CENTRE_FILE).is_file():
        from trialdesk.centre.admission import admit_if_founded

        centre = Centre.open(given.folder)
        try:
            admit_if_founded(centre, caller(given))
            yield centre.authority
        finally:
            centre.close()
        return
    authority = StudyAuthority(given.folder)
    yield StudyAuthority(given.folder, _passphrase()) if authority.is_sealed else authority


def _passphrase() -> str:
    from trialdesk.services.desk import ask_passphrase

    return ask_passphrase("passphrase of the authority: ", PASSPHRASE)


def _init(given: argparse.Namespace) -> int:
    from trialdesk.services.authority import StudyAuthority

    StudyAuthority.init(given.folder, given.study, _now(), _passphrase() if given.sealed else None)
    print(f"authority of {given.study} in {given.folder}; root certificate {given.folder / 'root.pem'}")
    return 0


def _site(given: argparse.Namespace) -> int:
    from trialdesk.services.authority import request_site

    print(request_site(given.folder, given.study, given.site, _passphrase() if given.sealed else None))
    return 0


def _request(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.certificates import write_request
    from trialdesk.services.desk import ask_passphrase, sign_in

    secret = ask_passphrase()
    desk = sign_in(given.home or desk_home(), given.user, secret)
    try:
        print(write_request(desk, None if given.workstation else given.user, secret, given.folder))
    finally:
        desk.close()
    return 0


def _issue(given: argparse.Namespace) -> int:
    with _open(given) as authority:
        _answer(authority, given)
    return 0


def _renew(given: argparse.Namespace) -> int:
    from trialdesk.security.certificates import read_request

    with _open(given) as authority:
        known = {one.id for one in authority.issued()}
        for request in given.requests:
            subject, _ = read_request(_content(request))
            if subject.id not in known:
                print(f"{subject.id} has had no certificate here; use: trialdesk ca issue")
                return 1
        _answer(authority, given)
    return 0


def _answer(authority: StudyAuthority, given: argparse.Namespace) -> None:
    from trialdesk.security.certificates import pem

    for request in given.requests:
        made = authority.issue(_content(request), given.approved_by, _now())
        out = request.with_suffix(".pem")
        out.write_bytes(pem(made))
        print(f"{out}: {made.serial_number:x}, until {made.not_valid_after_utc.date()}")


def _content(request: Path) -> bytes:
    try:
        return request.read_bytes()
    except OSError as fault:
        raise KnownError(_UNREADABLE.format(path=request)) from fault


def _revoke(given: argparse.Namespace) -> int:
    with _open(given) as authority:
        for one in authority.revoke(given.name, given.why, _now()):
            print(f"revoked {one.serial} of {one.id} ({given.why}); the next receipt carries the new list")
    return 0


def _list(given: argparse.Namespace) -> int:
    from trialdesk.services.authority import StudyAuthority

    now = _now()
    if not (given.folder / "root.pem").is_file():
        raise KnownError(_NO_AUTHORITY.format(folder=given.folder))
    for one in StudyAuthority(given.folder).issued():
        if given.json:
            print(json.dumps(asdict(one) | {"state": one.state(now)}, ensure_ascii=False))
        else:
            print(f"{one.state(now):<9} {one.kind:<11} {one.id:<16} {one.site:<7} until {one.ends[:10]}  {one.serial}")
    return 0


def _crl(given: argparse.Namespace) -> int:
    from trialdesk.security.trust import list_number, list_pem

    with _open(given) as authority:
        made = authority.revocations(_now())
    if given.out:
        given.out.write_bytes(list_pem(made))
    print(f"list {list_number(made)}: {sum(1 for _ in made)} revoked, current until {made.next_update_utc:%Y-%m-%d}")
    return 0


def _take(given: argparse.Namespace) -> int:
    from trialdesk.services.certificates import take_certificate
    from trialdesk.services.desk import sign_in_from_command

    desk = sign_in_from_command(given.folder, given.user)
    try:
        for path in given.certificates:
            user = take_certificate(desk, path)
            print(f"{path.name}: certificate of {user.id if user else 'this workstation'} taken in")
    finally:
        desk.close()
    return 0


def _seal(given: argparse.Namespace) -> int:
    from trialdesk.centre.admission import admit, note_document
    from trialdesk.centre.centre import Centre
    from trialdesk.centre.sealing import seal_everything, seal_files

    centre = Centre.open(given.folder)
    fine = True
    try:
        user = admit(centre, caller(given))
        done = seal_files(centre, given.files, _now()) if given.files else seal_everything(centre, _now(), given.renew)
        for one in done:
            fine = fine and one.path is not None
            print(f"{one.source}: {one.path or 'NOT SEALED'}\n  {one.says.en} {one.says.zh}")
            if one.path is not None:
                note_document(centre, user, "sealed", one.path)
    finally:
        centre.close()
    return 0 if fine else 1


_NO_AUTHORITY = Text(
    en="There is no authority in {folder}. Name the centre's folder, or the one of trialdesk ca init.",
    zh="{folder} 中没有证书机构。请指定中心文件夹，或 trialdesk ca init 所建的文件夹。",
)
_UNREADABLE = Text(
    en="{path} cannot be read. Check the stick, then name the request again.",
    zh="无法读取 {path}。请检查 U 盘，再重新指定申请文件。",
)
