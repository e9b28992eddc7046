"""The command that brings in the official wording of the adverse event terminology."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trialdesk.cli_people import centre_caller, centre_options


def add_terminology(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `terminology import`."""
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
    centre_options(one)
    one.set_defaults(run=_import)


def _import(given: argparse.Namespace) -> int:
    from trialdesk.paths import desk_home
    from trialdesk.services.terminology_import import check_workbook, import_into_desk

    check = check_workbook(given.file)
    if given.check_only or check.differences:
        print(check.as_text())
    elif given.centre is not None:
        from trialdesk.centre.commands import keep_wording

        print(keep_wording(given.centre, centre_caller(given), given.file))
    elif given.user is not None:
        print(import_into_desk(given.home or desk_home(), given.user, given.file))
    else:
        print(
            "say who keeps it: --user ID for this laptop, --centre FOLDER for a centre, or --check-only",
            file=sys.stderr,
        )
        return 2
    return 1 if check.differences else 0
