"""The command line: every command names one service, and imports it only when asked."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from trialdesk import __version__
from trialdesk import cli_desk as desk_commands
from trialdesk.cli_authority import add_authority, add_seal
from trialdesk.cli_centre import add_review
from trialdesk.cli_monitoring import add_monitoring, add_visit
from trialdesk.cli_people import (
    add_people,
    calendar_day,
    caller,
    centre_caller,
    centre_options,
    service_option,
    sign_in_options,
)
from trialdesk.cli_terminology import add_terminology
from trialdesk.domain.text import Text
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
    except OSError as fault:
        # A folder that is not there, a full stick: the world's fault where it names a file, a fault of ours where not.
        if fault.filename is None:
            raise
        says = _NO_FILE.format(path=fault.filename, why=fault.strerror or fault)
        print(says.en, says.zh, sep="\n", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trialdesk", description="Bedside capture of a clinical trial without a network."
    )
    parser.add_argument("--version", action="version", version=f"TrialDesk {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_app(commands)
    _add_demo(commands)
    _add_check(commands)
    _add_study(commands)
    _add_summary(commands)
    _add_print(commands)
    _add_calc(commands)
    _add_verify(commands)
    desk_commands.add_desk(commands)
    desk_commands.add_person(commands)
    desk_commands.add_send(commands)
    desk_commands.add_backup(commands)
    desk_commands.add_restore(commands)
    desk_commands.add_recover(commands)
    desk_commands.add_self_check(commands)
    _add_centre(commands)
    add_visit(commands)
    add_terminology(commands)
    add_authority(commands)
    return parser


def _add_app(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("app", help="open the window")
    one.add_argument("--home", type=Path, help="folder of the desk (default: the usual place of this computer)")
    one.add_argument("--demo", action="store_true", help="open the demonstration study in a folder of its own")
    one.add_argument("--training", action="store_true", help="practise on a desk whose bundles every centre refuses")
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.add_argument("--theme", choices=("light", "dark"), default=None)
    one.set_defaults(run=_app)


def _app(given: argparse.Namespace) -> int:
    from trialdesk.app import main as open_window
    from trialdesk.paths import demo_home, desk_home, training_home

    home = given.home or (demo_home() if given.demo else training_home() if given.training else desk_home())
    if given.demo or given.training:
        from trialdesk.demo import ensure_demo_desk

        if not home.exists():
            print("Making the desk: three synthetic participants, some seconds ...", flush=True)
        ensure_demo_desk(home, "demo" if given.demo else "training")
    return open_window(home, given.language, given.theme)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("demo", help="synthetic participants through the whole way, from field to centre")
    one.add_argument("--out", type=Path, required=True, help="folder to make; it must not exist or be empty")
    one.add_argument("--participants", type=int, default=3, help="above 500: the centre's load test, on a short way")
    one.add_argument("--seed", type=int, default=1)
    one.add_argument("--faults", action="store_true", help="plant protocol breaches")
    one.add_argument("--sites", type=int, default=1)
    one.add_argument("--laptops", type=int, default=1, help="laptops of each site")
    one.add_argument(
        "--signed", type=int, default=1, help="participants whose forms the investigator signs (default 1)"
    )
    one.add_argument("--store", help="the centre's store: a folder by default, or a postgresql+psycopg:// URL")
    one.add_argument("--json", action="store_true", help="print every path and count as JSON")
    one.set_defaults(run=_demo)


def _demo(given: argparse.Namespace) -> int:
    from trialdesk.demo import run_demo
    from trialdesk.demo_load import FROM, run_load

    if given.participants > FROM:
        load = run_load(given.out, given.participants, given.seed, given.store, given.sites)
        print(load.as_json() if given.json else load.as_text())
        return 0
    several = (given.sites, given.laptops) != (1, 1)
    if several:
        from trialdesk.demo_laptops import run_laptops

        report = run_laptops(
            given.out,
            given.participants,
            given.seed,
            given.faults,
            given.store,
            given.sites,
            given.laptops,
            given.signed,
        )
    else:
        report = run_demo(given.out, given.participants, given.seed, given.faults, given.store, given.signed, True)
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


def _add_study(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("study", help="study definitions of other programs").add_subparsers(
        metavar="ACT", required=True
    )
    one = group.add_parser("import", help="ODM 1.3 metadata or a REDCap data dictionary as a study folder")
    one.add_argument("file", type=Path)
    one.add_argument("--out", type=Path, required=True, help="study folder to make; it must not exist or be empty")
    one.add_argument(
        "--schema", type=Path, help="CDISC's ODM1-3-2.xsd: its faults join the report, none refuses the file"
    )
    one.set_defaults(run=_study_import)


def _study_import(given: argparse.Namespace) -> int:
    from trialdesk.services.study_import import import_study

    made = import_study(given.file, given.out, given.schema)
    print(made.as_text(given.file.name))
    return 1 if made.problems else 0


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
    from trialdesk.centre.calc_methods import ENDPOINT_METHODS
    from trialdesk.services.calc import listing, method_named, run
    from trialdesk.services.calc_methods import METHODS

    methods = METHODS | ENDPOINT_METHODS
    if given.list:
        text = listing(methods)
    elif given.method is None or given.file is None:
        print("Give a method and a file, or --list.", file=sys.stderr)
        return 2
    else:
        method_named(methods, given.method)
        text = run(methods, given.method, given.file, given.language)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    print(text, end="")
    return 0


def _add_print(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    from trialdesk.print_commands import add

    add(commands)


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = commands.add_parser("verify", help="a verdict on bundles, CRFs or desks")
    one.add_argument("files", type=Path, nargs="+", metavar="FILE")
    one.add_argument("--trust", type=Path, help="root certificate of the study (default: beside the file)")
    one.add_argument("--centre", type=Path, help="centre whose trail must know each CRF, with its newest revocations")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    from trialdesk.services.verdicts import verify_files

    trail, trust = None, given.trust
    if given.centre:
        from trialdesk.centre.sealing import documents_of

        trail, trust = documents_of(given.centre), trust or given.centre / "root.pem"
    verdicts = verify_files(given.files, trust, trail)
    for verdict in verdicts:
        print(verdict.as_json() if given.json else verdict.as_text())
    return 0 if all(verdict.ok for verdict in verdicts) else 1


def _add_centre(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    group = commands.add_parser("centre", help="the coordinating centre").add_subparsers(metavar="ACT", required=True)
    add_seal(group)
    add_review(group)
    add_monitoring(group)
    add_people(group)
    one = group.add_parser("init", help="make a centre for a study")
    one.add_argument("folder", type=Path)
    one.add_argument("--study", type=Path, help="study folder (default: the one that ships with TrialDesk)")
    one.add_argument("--store", help="postgresql+psycopg:// URL (default: SQLite in the folder)")
    one.add_argument("--administrator", metavar="ID", help="its first person; asks the passphrase")
    one.add_argument("--new-passphrase-file", type=Path, metavar="FILE", help="the passphrase instead of asking")
    one.add_argument("--recovery", type=Path, metavar="STICK", help="seal the keys; the recovery key goes here")
    one.set_defaults(run=_centre_init)
    one = group.add_parser("receive", help="take in bundles and write receipts")
    one.add_argument("folder", type=Path)
    one.add_argument("bundles", type=Path, nargs="+", metavar="BUNDLE")
    one.add_argument("--receipts", type=Path, help="folder for the receipts (default: beside each bundle)")
    sign_in_options(one, "dm1")
    service_option(one)
    one.set_defaults(run=_centre_receive)
    one = group.add_parser("status", help="what the centre holds, from whom, up to where")
    one.add_argument("folder", type=Path)
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_centre_status)
    one = group.add_parser("report", help="the endpoints at a data cut: signed PDF, tables, pictures")
    one.add_argument("folder", type=Path)
    one.add_argument("--cut", type=calendar_day, required=True, metavar="YYYY-MM-DD", help="last day that counts")
    one.add_argument("--out", type=Path, help="folder to write to (default: reports/CUT in the centre's folder)")
    sign_in_options(one, "stat1")
    one.set_defaults(run=_centre_report)
    one = group.add_parser("export", help="what the centre holds as ODM, tables or SDTM")
    one.add_argument("folder", type=Path)
    formats = ("odm", "odm-transactional", "odm-flat", "csv", "xlsx", "json", "xpt", "sdtm")
    one.add_argument("--as", dest="kind", choices=formats, required=True, help="json is CDISC Dataset-JSON 1.1")
    one.add_argument("--out", type=Path, required=True, help="folder to write to")
    one.add_argument("--cut", type=calendar_day, metavar="YYYY-MM-DD", help="last day of recording that counts")
    centre_options(one, "dm1")
    one.set_defaults(run=_centre_export)


def _centre_init(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import init

    people = (given.administrator, given.new_passphrase_file, given.recovery)
    print(init(given.folder, given.study, given.store, *people))
    return 0


def _centre_receive(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import receive

    lines, fine = receive(given.folder, caller(given), given.bundles, given.receipts, given.service_key)
    print(lines)
    return 0 if fine else 1


def _centre_report(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import report

    out = given.out or given.folder / "reports" / given.cut.isoformat()
    print(report(given.folder, caller(given), given.cut, out))
    return 0


def _centre_export(given: argparse.Namespace) -> int:
    from trialdesk.centre.export.command import export

    print(export(given.folder, centre_caller(given), given.kind, given.out, given.cut))
    return 0


def _centre_status(given: argparse.Namespace) -> int:
    from trialdesk.centre.commands import status

    print(status(given.folder, given.json))
    return 0


_NO_FILE = Text(
    en="{path} could not be read or written ({why}). Check the name, the stick and the room on it, then try again.",
    zh="无法读取或写入 {path}（{why}）。请检查文件名、U 盘及其剩余空间后重试。",
)

if __name__ == "__main__":
    sys.exit(main())
