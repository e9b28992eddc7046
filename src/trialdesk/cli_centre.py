"""The commands of review at the centre: queries, freezes, locks, source verification, receipts, study releases, the window."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trialdesk.cli_people import calendar_day, caller, service_option, sign_in_options

if TYPE_CHECKING:
    from trialdesk.centre.admission import Caller

SOURCES = ("Medical record", "Laboratory report", "Order sheet", "Transfusion record", "Nursing record", "Other")


def add_review(group: Any) -> None:
    """Enter the commands under `centre`."""
    _add_query(group.add_parser("query", help="ask sites, and settle what they answered"))
    for act in ("freeze", "thaw", "lock", "unlock"):
        one = _act(group, act, _form_act, f"{act} a form" + ("; takes two persons" if "lock" in act else ""))
        one.add_argument("subject")
        one.add_argument("form", metavar="EVENT[1]/FORM")
        one.add_argument("--second", default="", help="the second person (lock, unlock)")
        one.add_argument("--second-passphrase-file", type=Path, help="the second person's passphrase, see below")
        one.add_argument("--reason", default="", help="why (unlock)")
        one.set_defaults(act=act)
    one = _act(group, "verify", _verify, "note that answers were compared with a source", role="monitor")
    one.add_argument("subject")
    one.add_argument("fields", nargs="+", metavar="FIELD")
    one.add_argument("--source", choices=SOURCES, required=True)
    one.add_argument("--where", required=True, help="number, page or place in the source")
    one = _act(group, "unverify", _unverify, "take a comparison back", role="monitor")
    one.add_argument("subject")
    one.add_argument("record", help="name of the verification, such as CENTRE-W1:7")
    one.add_argument("--reason", required=True)
    one = _act(group, "receipts", _receipts, "write every workstation a receipt with all it has not confirmed")
    service_option(one)
    one.add_argument("--out", type=Path, required=True)
    one = group.add_parser("window", help="open the centre's window; its people sign in there")
    one.add_argument("folder", type=Path)
    one.add_argument("--as", dest="user", default="dm1", metavar="ID", help="whose name is chosen (default dm1)")
    one.set_defaults(run=_window)
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.add_argument("--theme", choices=("light", "dark"), default="light")
    one = _act(group, "release", _release, "give a study release out")
    one.add_argument("--study", type=Path, required=True, help="folder of the new release")
    one.add_argument("--approved", type=calendar_day, required=True, help="day of the ethics approval")
    one.add_argument("--effective", type=calendar_day, help="first day at the workstations (default: at once)")
    one.add_argument("--site", action="append", default=[], help="only to these sites")
    one.add_argument("--subject", action="append", default=[], help="only for these participants")
    one.add_argument("--newly-enrolled", action="store_true", help="only for participants enrolled from then on")
    one.add_argument(
        "--after-consent", metavar="ITEM", help="once this date item holds the approval's day or a later one"
    )
    one.add_argument("--when", metavar="EXPRESSION", help="once this is true of the participant")
    one.add_argument("--from-visit", metavar="EVENT", help="not before this planned visit")
    one.add_argument("--dry-run", action="store_true", help="show per participant what changes, and write nothing")
    _add_lab_ranges(group)


def _add_lab_ranges(group: Any) -> None:
    one = _act(group, "lab-ranges", _lab_ranges, "give a laboratory's own normal ranges out, without a study release")
    one.add_argument("file", type=Path, metavar="FILE.csv", help="analyte, unit, sex, age_from, age_to, low, high")
    one.add_argument("--laboratory", required=True, help="its code in the study")
    one.add_argument("--valid-from", type=calendar_day, required=True, help="first day of sampling it holds for")
    one.add_argument("--valid-to", type=calendar_day, help="last day, where the list ends")
    one.add_argument("--site", action="append", default=[], help="only to these sites")
    one.add_argument("--keep-others", action="store_true", help="keep the ranges of tests the file does not name")
    one.add_argument("--dry-run", action="store_true", help="show which results are read otherwise, and write nothing")


def _add_query(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar="ACT", required=True)
    one = _act(acts, "open", _open_query, "ask about one field or several")
    one.add_argument("subject")
    one.add_argument("fields", nargs="+", metavar="EVENT[1]/FORM/GROUP[1]/ITEM")
    one.add_argument("--en", required=True, help="the question in English")
    one.add_argument("--zh", required=True, help="the question in Chinese")
    one.add_argument("--draft", action="store_true", help="draft it only; `query issue` sends it")
    one = _act(acts, "issue", _issue, "send drafted queries out with the next receipts")
    one.add_argument("names", nargs="*", metavar="QUERY", help="default: all of them")
    one = _act(acts, "again", _ask_again, "put a query again after an answer that did not settle it")
    one.add_argument("query")
    one.add_argument("--zh", required=True)
    one.add_argument("--en", required=True)
    for name, says in (("close", "settle an answered query"), ("cancel", "take a query back, or drop a draft")):
        one = _act(acts, name, _settle, says)
        one.add_argument("query")
        one.add_argument("--words", default="", help="why")
        one.set_defaults(cancelled=name == "cancel")
    _act(acts, "check", _check, "let the rules look at every participant; findings become drafts")
    one = acts.add_parser("list", help="the board, the longest waiting first")
    one.add_argument("folder", type=Path)
    one.add_argument(
        "--state", action="append", default=[], choices=("Candidate", "Open", "Answered", "Closed", "Cancelled")
    )
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_list)


def _act(group: Any, name: str, run: Any, says: str, role: str = "data_manager") -> argparse.ArgumentParser:
    one: argparse.ArgumentParser = group.add_parser(name, help=says)
    one.add_argument("folder", type=Path)
    sign_in_options(one, {"monitor": "mon1"}.get(role, "dm1"))
    one.set_defaults(run=run)
    return one


def _who(given: argparse.Namespace) -> Caller:
    return caller(given)


def _open_query(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import open_query
    from trialdesk.domain.text import Text

    says = Text(en=given.en, zh=given.zh)
    print(open_query(given.folder, _who(given), given.subject, given.fields, says, given.draft))
    return 0


def _ask_again(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import ask_again
    from trialdesk.domain.text import Text

    print(ask_again(given.folder, _who(given), given.query, Text(en=given.en, zh=given.zh)))
    return 0


def _issue(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import issue

    print(issue(given.folder, _who(given), given.names))
    return 0


def _settle(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import settle

    print(settle(given.folder, _who(given), given.query, given.words, given.cancelled))
    return 0


def _check(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import check

    print(check(given.folder, _who(given)))
    return 0


def _list(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import listing

    print(listing(given.folder, given.state, given.json))
    return 0


def _form_act(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import form_act

    second = caller(given, given.second, given.second_passphrase_file)
    print(form_act(given.folder, _who(given), given.act, given.subject, given.form, second, given.reason))
    return 0


def _verify(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import verify

    print(verify(given.folder, _who(given), given.subject, given.fields, given.source, given.where))
    return 0


def _unverify(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import unverify

    print(unverify(given.folder, _who(given), given.subject, given.record, given.reason))
    return 0


def _receipts(given: argparse.Namespace) -> int:
    from trialdesk.centre.query_commands import receipts

    print(receipts(given.folder, _who(given), given.out, given.service_key))
    return 0


def _release(given: argparse.Namespace) -> int:
    from trialdesk.centre.release_commands import release
    from trialdesk.centre.releases import Order
    from trialdesk.domain.study.effective import EffectiveRule

    rule = EffectiveRule(
        subjects=tuple(given.subject),
        newly_enrolled=given.newly_enrolled,
        consent=given.after_consent,
        when=given.when,
        from_event=given.from_visit,
    )
    order = Order(given.approved, given.effective or date.today(), tuple(given.site), rule)
    print(release(given.folder, _who(given), given.study, order, given.dry_run))
    return 0


def _lab_ranges(given: argparse.Namespace) -> int:
    from trialdesk.centre.lab_ranges import RangesOrder, command

    order = RangesOrder(
        given.laboratory, given.file, given.valid_from, given.valid_to, tuple(given.site), given.keep_others
    )
    print(command(given.folder, _who(given), order, given.dry_run))
    return 0


def _window(given: argparse.Namespace) -> int:
    from trialdesk.app_centre import main

    return main(given.folder, given.user, given.language, given.theme == "dark")
