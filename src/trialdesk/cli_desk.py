"""The commands of a desk: made, sent from, backed up, restored, opened again."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trialdesk.cli_people import calendar_day, centre_caller, centre_options


def add_desk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Making a desk, or a new one in the place of a dead one."""
    one = commands.add_parser("desk", help="make a desk that a centre has enrolled")
    one.add_argument("folder", type=Path)
    one.add_argument("--centre", type=Path, required=True, help="folder of the centre that enrols it")
    one.add_argument("--site", help="needed except with --rebuild")
    one.add_argument(
        "--rebuild", metavar="W1", help="hold what is still to be had of this dead workstation, and report"
    )
    one.add_argument(
        "--stick", type=Path, action="append", default=[], help="its bundles, taken in by the centre first"
    )
    one.add_argument("--backup", type=Path, help="its backup; --backup-user opens it (TRIALDESK_PASSPHRASE or asked)")
    one.add_argument("--backup-user", metavar="ID")
    one.add_argument("--json", action="store_true", help="print the report of --rebuild as JSON")
    one.add_argument("--workstation", required=True, help="name of this laptop's trail, such as W1")
    one.add_argument("--user", action="append", required=True, metavar="ID:ROLE", help="a person; asks the passphrase")
    one.add_argument("--passphrases", type=Path, help="file of ID=PASSPHRASE lines instead of asking")
    centre_options(one)
    one.set_defaults(run=_desk)


def _desk(given: argparse.Namespace) -> int:
    from trialdesk.centre.admission import admit_if_founded
    from trialdesk.centre.centre import Centre
    from trialdesk.services.desk_setup import create_desk, people_from_words

    if not given.site and not given.rebuild:
        print("--site is needed, such as --site 01", file=sys.stderr)
        return 2
    people = people_from_words(given.user, given.passphrases)
    centre = Centre.open(given.centre)
    try:
        admit_if_founded(centre, centre_caller(given))
        if given.rebuild:
            from trialdesk.centre.rebuild import rebuild
            from trialdesk.services.desk import ask_passphrase

            backup = (given.backup, given.backup_user or "", ask_passphrase()) if given.backup else None
            made = rebuild(centre, given.folder, given.rebuild, given.workstation, people, given.stick, backup)
            print(made.as_json() if given.json else made.as_text())
            return 0
        create_desk(given.folder, centre.release, centre.enrolment(given.site, given.workstation), people)
    finally:
        centre.close()
    print(f"desk {given.workstation} of site {given.site} in {given.folder}: {len(people)} people may sign in")
    return 0


def add_person(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Letting a person in at a desk that stands, such as an inspector for some days."""
    one = commands.add_parser("person", help="let a person in at a desk, or end an account, in an administrator's name")
    one.add_argument("who", metavar="ID:ROLE", help="such as inspector1:inspector; write -- -ID to end an account")
    one.add_argument("--home", type=Path)
    one.add_argument("--user", required=True, help="an administrator of the desk; the passphrase is asked")
    one.add_argument("--from", dest="begins", type=calendar_day, metavar="YYYY-MM-DD", help="first day")
    one.add_argument("--until", dest="ends", type=calendar_day, metavar="YYYY-MM-DD", help="last day")
    one.set_defaults(run=_person)


def _person(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.people import people_from_command

    print(people_from_command(given.home or desk_home(), given.user, given.who, given.begins, given.ends))
    return 0


def add_self_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Is this laptop fit for use?"""
    one = commands.add_parser(
        "self-check", help="is this laptop fit for use: installation, operation, desk; a PDF report"
    )
    one.add_argument("--out", type=Path, help="folder for the report (PDF/A)")
    one.add_argument("--home", type=Path)
    one.add_argument(
        "--user", help="a person of the desk: checks the desk too and signs the report (passphrase is asked)"
    )
    one.add_argument("--expect", metavar="SHA256", help="the fingerprint of the released program files")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_self_check)


def _self_check(given: argparse.Namespace) -> int:
    from trialdesk.self_check import run

    return run(given.home, given.user, given.out, given.expect, given.json)


def add_send(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Writing a bundle."""
    one = commands.add_parser("send", help="write a bundle for the centre")
    one.add_argument("folder", type=Path, help="where the bundle goes, such as a stick")
    one.add_argument("--home", type=Path)
    one.add_argument("--user", required=True)
    one.add_argument("--receipt", type=Path, help="first take in this receipt of the centre")
    one.set_defaults(run=_send)


def _send(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.transfer import send_from_command

    print(send_from_command(given.home or desk_home(), given.user, given.folder, given.receipt))
    return 0


def add_backup(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The desk in one file."""
    one = commands.add_parser("backup", help="the whole desk in one encrypted file, opened and checked")
    one.add_argument("folder", type=Path, help="second folder or stick")
    one.add_argument("--home", type=Path)
    one.add_argument("--user", required=True)
    one.add_argument("--keep", action="store_true", help="let automatic backups go there from now on")
    one.set_defaults(run=_backup)


def _backup(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.backup import back_up_from_command

    print(back_up_from_command(given.home or desk_home(), given.user, given.folder, given.keep))
    return 0


def add_restore(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """A desk of a backup."""
    one = commands.add_parser("restore", help="make a desk of a backup, in an administrator's name")
    one.add_argument("backup", type=Path, help="a .tdk file, or a folder of which the newest is taken")
    one.add_argument("folder", type=Path, help="empty folder of the desk")
    one.add_argument("--user", required=True, help="an administrator of the desk")
    one.set_defaults(run=_restore)


def _restore(given: argparse.Namespace) -> int:
    from trialdesk.services.restoring import restore_from_command

    print(restore_from_command(given.backup, given.folder, given.user))
    return 0


def add_recover(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """A new passphrase by the centre's offline key."""
    one = commands.add_parser("recover", help="a new passphrase for a person, by the centre's offline key")
    one.add_argument("folder", type=Path, help="folder of the desk")
    one.add_argument("--identity", type=Path, required=True, help="the centre's recovery.age")
    one.add_argument("--user", required=True)
    one.add_argument("--passphrases", type=Path, help="file of ID=PASSPHRASE lines instead of asking")
    one.add_argument("--centre", type=Path, help="the centre's folder, to give the person a new certificate")
    centre_options(one)
    one.set_defaults(run=_recover)


def _recover(given: argparse.Namespace) -> int:
    from trialdesk.centre.admission import admit_if_founded
    from trialdesk.centre.centre import Centre
    from trialdesk.services.recovery import recover_from_command

    centre = Centre.open(given.centre) if given.centre else None
    try:
        if centre:
            admit_if_founded(centre, centre_caller(given))
        issue = centre.enrolment_of_people() if centre else None
        print(recover_from_command(given.folder, given.identity, given.user, given.passphrases, issue))
    finally:
        if centre:
            centre.close()
    return 0
