"""The command line: every command names one service, and imports it only when asked."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from trialdesk import __version__
from trialdesk.errors import KnownError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when it did what was asked, 1 when it found a fault, 2 for a wrong call."""
    parser = _parser()
    given = parser.parse_args(arguments)
    if "run" not in given:
        parser.print_help()
        return 2
    try:
        return int(given.run(given) or 0)
    except KnownError as fault:
        print(fault.text.en, fault.text.zh, sep="\n", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trialdesk", description="Bedside capture of a clinical trial without a network."
    )
    parser.add_argument("--version", action="version", version=f"TrialDesk {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_app(commands)
    _add_demo(commands)
    _add_check(commands)
    _add_summary(commands)
    _add_calc(commands)
    _add_verify(commands)
    _add_desk(commands)
    _add_send(commands)
    _add_backup(commands)
    _add_restore(commands)
    _add_recover(commands)
    _add_centre(commands)
    _add_terminology(commands)
    return parser


def _add_app(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("app", help="open the window")
    one.add_argument("--home", type=Path, help="folder of the desk (default: the usual place of this computer)")
    one.add_argument("--demo", action="store_true", help="open the demonstration study in a folder of its own")
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.add_argument("--theme", choices=("light", "dark"), default=None)
    one.set_defaults(run=_app)


def _app(given: argparse.Namespace) -> int:
    from trialdesk.app import main as open_window
    from trialdesk.paths import demo_home, desk_home

    home = given.home or (demo_home() if given.demo else desk_home())
    if given.demo:
        from trialdesk.demo import ensure_demo_desk

        if not home.exists():
            print("Making the demonstration: three synthetic participants, some seconds ...", flush=True)
        ensure_demo_desk(home)
    return open_window(home, given.language, given.theme)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("demo", help="synthetic participants through the whole way, from field to centre")
    one.add_argument("--out", type=Path, required=True, help="folder to make; it must not exist or be empty")
    one.add_argument("--participants", type=int, default=3)
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--faults", action="store_true", help="plant protocol breaches")
    one.add_argument(
        "--signed", type=int, default=3, help="participants whose forms the investigator signs (default 3)"
    )
    one.add_argument("--store", help="the centre's store: a folder by default, or a postgresql+psycopg:// URL")
    one.add_argument("--json", action="store_true", help="print every path and count as JSON")
    one.set_defaults(run=_demo)


def _demo(given: argparse.Namespace) -> int:
    from trialdesk.demo import run_demo

    report = run_demo(given.out, given.participants, given.seed, given.faults, given.store, given.signed)
    print(report.as_json() if given.json else report.as_text())
    return 0


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("check", help="every problem of a study folder at once")
    one.add_argument("folder", type=Path)
    one.set_defaults(run=_check)


def _check(given: argparse.Namespace) -> int:
    from trialdesk.services.study_release import check_folder

    outcome = check_folder(given.folder)
    for problem in outcome.problems:
        print(problem)
    print(outcome.closing_line)
    return 1 if outcome.problems else 0


def _add_summary(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("summary", help="the study on paper: every setting, visit and rule, as PDF")
    one.add_argument("out", type=Path, help="PDF file to write")
    one.add_argument("--study", type=Path, help="study folder (default: the one that ships with TrialDesk)")
    one.set_defaults(run=_summary)


def _summary(given: argparse.Namespace) -> int:
    from trialdesk.services.clock import SystemClock
    from trialdesk.services.study_release import release_from_folder, shipped_study
    from trialdesk.services.study_summary import write_summary

    release = release_from_folder(given.study or shipped_study())
    print(write_summary(release, given.out, SystemClock().now().date()))
    return 0


def _add_calc(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("calc", help="a published criterion over a table: adds result columns to a CSV")
    one.add_argument("method", nargs="?", help="such as ctcae.grade; --list names them all")
    one.add_argument("file", type=Path, nargs="?", metavar="FILE.csv")
    one.add_argument("--list", action="store_true", help="every method with its inputs, results and source")
    one.add_argument("--language", choices=("en", "zh"), default="en", help="language of the column why")
    one.set_defaults(run=_calc)


def _calc(given: argparse.Namespace) -> int:
    from trialdesk.services.calc import listing, method_named, run
    from trialdesk.services.calc_methods import METHODS

    if given.list:
        text = listing(METHODS)
    elif given.method is None or given.file is None:
        print("Give a method and a file, or --list.", file=sys.stderr)
        return 2
    else:
        method_named(METHODS, given.method)
        text = run(METHODS, given.method, given.file, given.language)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    print(text, end="")
    return 0


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("verify", help="a verdict on bundles, CRFs or desks")
    one.add_argument("files", type=Path, nargs="+", metavar="FILE")
    one.add_argument("--trust", type=Path, help="root certificate of the study (default: beside the file)")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    from trialdesk.services.verdicts import verify_files

    verdicts = verify_files(given.files, given.trust)
    for verdict in verdicts:
        print(verdict.as_json() if given.json else verdict.as_text())
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _add_desk(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("desk", help="make a desk that a centre has enrolled")
    one.add_argument("folder", type=Path)
    one.add_argument("--centre", type=Path, required=True, help="folder of the centre that enrols it")
    one.add_argument("--site", required=True)
    one.add_argument("--workstation", required=True, help="name of this laptop's trail, such as W1")
    one.add_argument("--user", action="append", required=True, metavar="ID:ROLE", help="a person; asks the passphrase")
    one.add_argument("--passphrases", type=Path, help="file of ID=PASSPHRASE lines instead of asking")
    one.set_defaults(run=_desk)


def _desk(given: argparse.Namespace) -> int:
    from trialdesk.centre.centre import Centre
    from trialdesk.services.desk_setup import create_desk, people_from_words

    people = people_from_words(given.user, given.passphrases)
    centre = Centre.open(given.centre)
    try:
        create_desk(given.folder, centre.release, centre.enrolment(given.site, given.workstation), people)
    finally:
        centre.close()
    print(f"desk {given.workstation} of site {given.site} in {given.folder}: {len(people)} people may sign in")
    return 0


def _add_send(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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


def _add_backup(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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


def _add_restore(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("restore", help="make a desk of a backup, in an administrator's name")
    one.add_argument("backup", type=Path, help="a .tdk file, or a folder of which the newest is taken")
    one.add_argument("folder", type=Path, help="empty folder of the desk")
    one.add_argument("--user", required=True, help="an administrator of the desk")
    one.set_defaults(run=_restore)


def _restore(given: argparse.Namespace) -> int:
    from trialdesk.services.restoring import restore_from_command

    print(restore_from_command(given.backup, given.folder, given.user))
    return 0


def _add_recover(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("recover", help="a new passphrase for a person, by the centre's offline key")
    one.add_argument("folder", type=Path, help="folder of the desk")
    one.add_argument("--identity", type=Path, required=True, help="the centre's recovery.age")
    one.add_argument("--user", required=True)
    one.add_argument("--passphrases", type=Path, help="file of ID=PASSPHRASE lines instead of asking")
    one.add_argument("--centre", type=Path, help="the centre's folder, to give the person a new certificate")
    one.set_defaults(run=_recover)


def _recover(given: argparse.Namespace) -> int:
    from trialdesk.centre.centre import Centre
    from trialdesk.services.recovery import recover_from_command

    centre = Centre.open(given.centre) if given.centre else None
    try:
        issue = centre.enrolment_of_people() if centre else None
        print(recover_from_command(given.folder, given.identity, given.user, given.passphrases, issue))
    finally:
        if centre:
            centre.close()
    return 0


def _add_terminology(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("terminology", help="the adverse event terminology").add_subparsers(
        metavar="ACT", required=True
    )
    one = group.add_parser("import", help="bring in the NCI's wording from its CTCAE v5.0 workbook")
    one.add_argument("file", type=Path, help="the workbook (.xlsx) as the NCI publishes it")
    one.add_argument(
        "--check-only", action="store_true", help="say every difference from the shipped facts, keep nothing"
    )
    one.add_argument("--home", type=Path, help="folder of the desk that keeps it (default: this computer's)")
    one.add_argument("--user", help="who signs in to that desk: investigator, data manager or administrator")
    one.add_argument("--centre", type=Path, help="folder of a centre that hands it to the desks it makes")
    one.set_defaults(run=_terminology_import)


def _terminology_import(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.terminology_import import check_workbook, import_into_desk

    check = check_workbook(given.file)
    if given.check_only or check.differences:
        print(check.as_text())
    elif given.centre is not None:
        from trialdesk.centre.commands import keep_wording

        print(keep_wording(given.centre, given.file))
    elif given.user is not None:
        print(import_into_desk(given.home or desk_home(), given.user, given.file))
    else:
        print(
            "say who keeps it: --user ID for this laptop, --centre FOLDER for a centre, or --check-only",
            file=sys.stderr,
        )
        return 2
    return 1 if check.differences else 0


def _add_centre(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("centre", help="the coordinating centre").add_subparsers(metavar="ACT", required=True)
    one = group.add_parser("init", help="make a centre for a study")
    one.add_argument("folder", type=Path)
    one.add_argument("--study", type=Path, help="study folder (default: the one that ships with TrialDesk)")
    one.add_argument("--store", help="postgresql+psycopg:// URL (default: SQLite in the folder)")
    one.set_defaults(run=_centre_init)
    one = group.add_parser("receive", help="take in bundles and write receipts")
    one.add_argument("folder", type=Path)
    one.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE")
    one.add_argument("--receipts", type=Path, help="folder for the receipts (default: beside each bundle)")
    one.set_defaults(run=_centre_receive)
    one = group.add_parser("status", help="what the centre holds, from whom, up to where")
    one.add_argument("folder", type=Path)
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_centre_status)
    one = group.add_parser("report", help="the endpoints at a data cut: signed PDF, tables, pictures")
    one.add_argument("folder", type=Path)
    one.add_argument("--cut", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help="last day that counts")
    one.add_argument("--out", type=Path, help="folder to write to (default: reports/CUT in the centre's folder)")
    one.set_defaults(run=_centre_report)
    one = group.add_parser("export", help="what the centre holds as ODM, tables or SDTM")
    one.add_argument("folder", type=Path)
    formats = ("odm", "odm-transactional", "csv", "xlsx", "json", "xpt", "sdtm")
    one.add_argument("--as", dest="kind", choices=formats, required=True, help="json is CDISC Dataset-JSON 1.1")
    one.add_argument("--out", type=Path, required=True, help="folder to write to")
    one.add_argument("--cut", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day of recording that counts")
    one.set_defaults(run=_centre_export)


def _centre_init(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import init

    print(init(given.folder, given.study, given.store))
    return 0


def _centre_receive(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import receive

    lines, fine = receive(given.folder, given.bundles, given.receipts)
    print(lines)
    return 0 if fine else 1


def _centre_report(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import report

    print(report(given.folder, given.cut, given.out or given.folder / "reports" / given.cut.isoformat()))
    return 0


def _centre_export(given: argparse.Namespace) -> int:
    from trialdesk.centre.export.command import export

    print(export(given.folder, given.kind, given.out, given.cut))
    return 0


def _centre_status(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import status

    print(status(given.folder, given.json))
    return 0


if __name__ == "__main__":
    sys.exit(main())
