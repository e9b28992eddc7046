"""The commands of monitoring: a monitor's own (keys, visit, report), and the centre's (plan, packs, reviews)."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from trialdesk.cli_people import caller, sign_in_options


def add_visit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """What a monitor does alone, without network and without the centre."""
    one = commands.add_parser("visit-key", help="a monitor's own keys, and the request for the centre")
    one.add_argument("folder", type=Path, help="folder of the keys, which stays with the monitor")
    one.add_argument("--monitor", required=True, metavar="ID", help="role account, such as mon1")
    one.add_argument("--study", help="study the keys are for (default: the one that ships with TrialDesk)")
    one.set_defaults(run=_key)
    one = commands.add_parser("visit", help="a monitor's visit: verify against sources, draft queries, report")
    one.add_argument("pack", type=Path, help="the pack the centre wrote (.tdv)")
    one.add_argument("--keys", type=Path, required=True, help="folder with the monitor's keys")
    one.add_argument("--report", type=Path, metavar="OUT.pdf", help="write the report of the visit and open no window")
    one.add_argument("--hand-over", type=Path, metavar="STICK", help="write the result for the centre, open no window")
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.add_argument("--theme", choices=("light", "dark"), default="light")
    one.set_defaults(run=_visit)


def add_monitoring(group: Any) -> None:
    """Enter the commands under `centre`."""
    one = group.add_parser("monitoring", help="how far each site is by the monitoring plan, and what the trail shows")
    one.add_argument("folder", type=Path)
    one.add_argument("--site", action="append", default=[])
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_status)
    one = group.add_parser("add-monitor", help="enter a monitor by the monitor's own request")
    one.add_argument("folder", type=Path)
    one.add_argument("request", type=Path, metavar="ID.request.json")
    one.add_argument("--approved", action="append", required=True, metavar="NAME", help="who checked; give it twice")
    sign_in_options(one, "admin1")
    one.set_defaults(run=_enter)
    one = group.add_parser("visit-pack", help="write a monitor's encrypted pack of one site")
    one.add_argument("folder", type=Path)
    one.add_argument("--site", required=True)
    one.add_argument("--monitor", required=True, metavar="ID")
    one.add_argument("--out", type=Path, required=True, metavar="STICK")
    sign_in_options(one, "dm1")
    one.set_defaults(run=_pack)
    one = group.add_parser("take-visit", help="take in what a monitor did; the same again changes nothing")
    one.add_argument("folder", type=Path)
    one.add_argument("results", type=Path, nargs="+", metavar="RESULT.tdvr")
    sign_in_options(one, "dm1")
    one.set_defaults(run=_take)
    one = group.add_parser("medical-review", help="state that a form was medically reviewed, or take that back")
    one.add_argument("folder", type=Path)
    one.add_argument("subject")
    one.add_argument("form", metavar="EVENT[1]/FORM", nargs="?", default="")
    sign_in_options(one, "med1")
    one.add_argument("--words", default="", help="the judgement, or why it is taken back")
    one.add_argument("--take-back", default="", metavar="RECORD", help="such as CENTRE:12")
    one.set_defaults(run=_medical)
    one = group.add_parser("trail-review", help="state that a participant's audit trail was looked through")
    one.add_argument("folder", type=Path)
    one.add_argument("subject")
    sign_in_options(one, "dm1")
    one.add_argument("--words", required=True, help="the conclusion")
    one.set_defaults(run=_trail)


def _now() -> datetime:
    from trialdesk.services.clock import SystemClock

    return SystemClock().now()


def _key(given: argparse.Namespace) -> int:
    from trialdesk.services.desk import ask_passphrase
    from trialdesk.services.study_release import shipped_release
    from trialdesk.services.visit_desk import make_monitor

    study = given.study or shipped_release().study.oid
    path = make_monitor(given.folder, given.monitor, study, ask_passphrase())
    print(f"keys in {given.folder}; carry {path} to the centre: trialdesk centre add-monitor FOLDER {path.name}")
    return 0


def _visit(given: argparse.Namespace) -> int:
    from trialdesk.services.desk import ask_passphrase
    from trialdesk.services.visit_desk import open_visit

    if given.report is None and given.hand_over is None:
        from trialdesk.app_visit import main

        return main(given.pack, given.keys, given.language, given.theme == "dark")
    visit = open_visit(given.pack, given.keys, ask_passphrase())
    if given.report is not None:
        from trialdesk.services.visit_report import write_visit_report

        print(f"visit report {write_visit_report(visit, given.report)}")
    if given.hand_over is not None:
        print(f"result for the centre {visit.finish(given.hand_over)}")
    return 0


def _status(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import status

    print(status(given.folder, given.site, given.json))
    return 0


def _enter(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import enter_monitor

    print(enter_monitor(given.folder, caller(given), given.request, given.approved, _now()))
    return 0


def _pack(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import pack

    print(pack(given.folder, caller(given), given.site, given.monitor, given.out, _now()))
    return 0


def _take(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import take

    print(take(given.folder, caller(given), given.results, _now()))
    return 0


def _medical(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import medical

    print(medical(given.folder, caller(given), given.subject, given.form, given.words, given.take_back))
    return 0


def _trail(given: argparse.Namespace) -> int:
    from trialdesk.centre.monitoring_commands import trail

    print(trail(given.folder, caller(given), given.subject, given.words))
    return 0
