"""The commands about people and keys of the centre, and what every command of the centre asks of who calls it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.domain.admin.role import AT_CENTRE

if TYPE_CHECKING:
    from trialdesk.centre.admission import Caller

ROLES = tuple(sorted(AT_CENTRE))
_FILE_HELP = "file whose first line is the passphrase, such as /dev/fd/3 (default: asked without echo)"


def calendar_day(text: str) -> date:
    """A day among the words of a command; raises argparse.ArgumentTypeError with what to write instead."""
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"{text} is no day; write YYYY-MM-DD 不是日期，请写作 YYYY-MM-DD") from fault


def sign_in_options(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """Let a command ask who calls it; the role is that of the account, and the passphrase is never among the words."""
    says = "who does it, signing in with their own passphrase"
    parser.add_argument("--as", dest="user", default=default, required=default is None, metavar="ID", help=says)
    parser.add_argument(
        "--passphrase-file", "--password-file", dest="passphrase_file", type=Path, metavar="FILE", help=_FILE_HELP
    )
    parser.set_defaults(command=" ".join(parser.prog.split()[1:]).removeprefix("centre "))


def centre_options(parser: argparse.ArgumentParser, default: str = "admin1") -> None:
    """Let a command in which --as and --user mean something else ask who calls it at a centre that has people."""
    says = f"who does it at a centre that has people (default {default})"
    parser.add_argument("--centre-as", default=default, metavar="ID", help=says)
    parser.add_argument("--centre-passphrase-file", type=Path, metavar="FILE", help=_FILE_HELP)
    parser.set_defaults(command=" ".join(parser.prog.split()[1:]).removeprefix("centre "))


def centre_caller(given: argparse.Namespace) -> Caller:
    """Who calls such a command at the centre."""
    return caller(given, given.centre_as, given.centre_passphrase_file)


def service_option(parser: argparse.ArgumentParser) -> None:
    """Let a command of intake run unattended."""
    says = "the file of a service key, instead of a person (see: centre service-key)"
    parser.add_argument("--service-key", type=Path, metavar="FILE", help=says)


def caller(given: argparse.Namespace, user: str | None = None, file: Path | None = None) -> Caller:
    """Who calls a command; with `user` the second person of it."""
    from trialdesk.centre.admission import Caller

    if user is not None:
        return Caller(user, "", given.command, file)
    return Caller(given.user, "", given.command, given.passphrase_file)


def add_people(group: Any) -> None:
    """Enter `centre person`, `centre protect` and `centre service-key`."""
    acts = group.add_parser("person", help="who may sign in at the centre, in which role").add_subparsers(
        metavar="ACT", required=True
    )
    one = _act(acts, "add", _add, "make an account; the first of a centre is its administrator")
    one.add_argument("id", help="such as dm1; never given twice")
    one.add_argument("--role", choices=ROLES, required=True)
    one.add_argument("--zh", help="name in Chinese (default: the role)")
    one.add_argument("--en", help="name in English (default: the role)")
    _new(one)
    one = _act(acts, "role", _role, "give a person another role from now on")
    one.add_argument("id")
    one.add_argument("--role", choices=ROLES, required=True)
    one = _act(acts, "reset", _reset, "a new first passphrase for a person who forgot theirs")
    one.add_argument("id")
    _new(one)
    one = _act(acts, "deactivate", _deactivate, "end an account; what it did keeps its name")
    one.add_argument("id")
    one = _act(acts, "passphrase", _passphrase, "set your own passphrase, which nobody else knows", None)
    _new(one)
    one = acts.add_parser("list", help="everyone, with every role and from when to when")
    one.add_argument("folder", type=Path)
    one.add_argument("--on", metavar="YYYY-MM-DD", help="who had which role on that day (UTC)")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_list)
    one = acts.add_parser("recover", help="let an administrator in again with the offline recovery key")
    one.add_argument("folder", type=Path)
    one.add_argument("id")
    one.add_argument("--identity", type=Path, required=True, help="recovery.age from where it is kept")
    _new(one)
    one.set_defaults(run=_recover)
    one = _act(group, "protect", _protect, "seal the centre's keys under the passphrases of its people")
    one.add_argument("--recovery", type=Path, required=True, metavar="STICK", help="where the recovery key goes")
    one = _act(group, "service-key", _service, "a file with which a machine takes in bundles and answers them")
    one.add_argument("--name", default="intake")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, metavar="FILE", help="write its secret here, outside the folder")
    what.add_argument("--end", action="store_true", help="shut it out")


def _act(group: Any, name: str, run: Any, says: str, default: str | None = "admin1") -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = group.add_parser(name, help=says)
    one.add_argument("folder", type=Path)
    sign_in_options(one, default)
    one.set_defaults(run=run)
    return one


def _new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help="the same for the new passphrase")


def _add(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import add

    print(add(given.folder, caller(given), given.id, given.role, given.en, given.zh, given.new_passphrase_file))
    return 0


def _role(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import role

    print(role(given.folder, caller(given), given.id, given.role))
    return 0


def _reset(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import reset

    print(reset(given.folder, caller(given), given.id, given.new_passphrase_file))
    return 0


def _deactivate(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import deactivate

    print(deactivate(given.folder, caller(given), given.id))
    return 0


def _passphrase(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import own_passphrase

    print(own_passphrase(given.folder, caller(given), given.new_passphrase_file))
    return 0


def _list(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import listing

    print(listing(given.folder, given.on, given.json))
    return 0


def _recover(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import recover

    print(recover(given.folder, given.id, given.identity, given.new_passphrase_file))
    return 0


def _protect(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import protect

    print(protect(given.folder, caller(given), given.recovery))
    return 0


def _service(given: argparse.Namespace) -> int:
    from trialdesk.centre.people_commands import service

    print(service(given.folder, caller(given), given.name, given.out))
    return 0
