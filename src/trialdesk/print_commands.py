"""`trialdesk print`: every paper from the command line, into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path

# Said here and checked by name later: building the parser must not load the services.
_WHAT = "crf, casebook, casebook-by-form, timeline, sae, blank, annotated, summary, delegation, ledger or keycard"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    one = commands.add_parser("print", help="paper as PDF/A: casebook, form, blank forms, reports, logs")
    one.add_argument("what", metavar="WHAT", help=_WHAT)
    one.add_argument("--out", type=Path, required=True, help="folder to write to")
    one.add_argument("--home", type=Path, help="folder of the desk (default: the usual place of this computer)")
    one.add_argument("--user", required=True, help="who prints; the passphrase is asked")
    one.add_argument("--subject", help="participant, such as 01-007")
    one.add_argument("--form", help="form, such as PLX[1]/PLX")
    one.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    """Make one paper and say where it lies."""
    import sys

    from trialdesk.domain.oid import FormPath
    from trialdesk.domain.text import Text
    from trialdesk.errors import KnownError
    from trialdesk.paths import desk_home
    from trialdesk.services.desk import sign_in_from_command
    from trialdesk.services.printing import make, save

    def progress(done: int, total: int) -> bool:
        if total > 1 and sys.stderr.isatty():
            print(f"\r{done} / {total}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        return True

    try:
        form = FormPath.parse(given.form) if given.form else None
    except ValueError as fault:
        says = Text(
            en="{form} names no form; write for instance PLX[1]/PLX.", zh="{form} 不是表单；请写作 PLX[1]/PLX。"
        )
        raise KnownError(says.format(form=given.form)) from fault
    desk = sign_in_from_command(given.home or desk_home(), given.user)
    try:
        printed = make(desk, given.what, given.subject, form, progress)
        assert printed is not None
        print(save(desk, printed, given.out))
    finally:
        desk.close()
    return 0
