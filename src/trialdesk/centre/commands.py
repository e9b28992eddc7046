"""What the centre's commands print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

from trialdesk.centre.admission import Caller, admit, admit_if_founded, admit_intake, note_document
from trialdesk.centre.centre import Centre
from trialdesk.centre.library import taken_up
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.study_release import release_from_folder, shipped_study


def init(
    folder: Path,
    study: Path | None,
    store: str | None,
    administrator: str | None = None,
    passphrase: Path | None = None,
    recovery: Path | None = None,
) -> str:
    """Make a centre and say what it holds; with a first person it is theirs from the start, its keys sealed with a stick."""
    from trialdesk.centre import people_commands as people
    from trialdesk.centre.key_files import require_elsewhere
    from trialdesk.centre.people import check_account
    from trialdesk.services.transfer import require_stick

    if recovery is not None and administrator is None:
        raise KnownError(_WHOSE)
    release = release_from_folder(study or shipped_study())
    first = ""
    # What can be refused is refused before anything is written: nothing half made stands in the folder.
    if administrator is not None:
        if recovery is not None:
            require_elsewhere(recovery, folder)
            require_stick(recovery)
        first = people.new_passphrase(administrator, passphrase)
        check_account(administrator, first)
    centre = Centre.init(folder, release, store)
    centre.close()
    lines = [f"centre for {centre.study} in {folder}", f"study release {release.fingerprint}"]
    lines.append(f"root certificate {folder / 'root.pem'}")
    if administrator is not None:
        lines.append(people.begin(folder, administrator, first, recovery))
    else:
        with people.opened(folder) as made:
            lines.append(people.notice(made))
    return "\n".join(lines)


def receive(
    folder: Path, who: Caller, bundles: Sequence[Path], receipts: Path | None, service_key: Path | None = None
) -> tuple[str, bool]:
    """Take in bundles; a fault of one is named and does not stop the next."""
    from trialdesk.centre.intake_pool import receive_all

    centre = Centre.open(folder)
    try:
        admit_intake(centre, who, service_key)
        all_told = receive_all(centre, bundles)
    finally:
        centre.close()
    lines: list[str] = []
    for bundle, taken, fault in all_told:
        if taken is None:
            lines.append(f"{bundle.name}: REFUSED {fault.en if fault else ''}\n  {fault.zh if fault else ''}")
            continue
        receipt = (receipts or bundle.parent) / f"{bundle.stem}.tdr"
        receipt.parent.mkdir(parents=True, exist_ok=True)
        receipt.write_bytes(taken.receipt)
        lines.append(
            f"{bundle.name}: {taken.result}, {taken.new_records} new records, receipt {receipt}\n  {taken.says.en}\n  {taken.says.zh}"
        )
    return "\n".join(lines), all(taken is not None and taken.taken for _, taken, _ in all_told)


def report(folder: Path, who: Caller, cut: date, out: Path) -> str:
    """Write the endpoint report and say what was written."""
    from trialdesk.centre.report import write_report

    centre = Centre.open(folder)
    try:
        user = admit(centre, who)
        made = write_report(centre, cut, out, datetime.now().astimezone())
        if made.pdf is not None:
            note_document(centre, user, "reported", made.pdf)
    finally:
        centre.close()
    return "\n".join([f"endpoints of {made.participants} participants at {cut}: {made.pdf}", *map(str, made.files)])


def keep_wording(folder: Path, who: Caller, workbook: Path) -> str:
    """Check the NCI's workbook and keep its wording for the desks of this centre."""
    from trialdesk.services.terminology_import import check_workbook, frozen_wording

    check = check_workbook(workbook)
    centre = Centre.open(folder)
    try:
        admit_if_founded(centre, who)
        centre.keep_wording(frozen_wording(check))
    finally:
        centre.close()
    return f"{check.as_text()}\nkept with the centre in {folder}; every desk made from now on carries it"


def status(folder: Path, as_json: bool) -> str:
    """What the centre holds, from whom, up to where."""
    centre = Centre.open(folder)
    try:
        held = centre.status()
        works_with = {state.origin: taken_up(centre, state.origin) for state, _ in held.workstations}
    finally:
        centre.close()
    if as_json:
        return json.dumps(asdict(held), ensure_ascii=False, indent=1, default=str)
    lines = [
        f"study {held.study}: {held.totals.records} records, {held.totals.subjects} participants, {held.documents} documents"
    ]
    for state, totals in held.workstations:
        lines.append(
            f"  site {state.site} {state.origin}: records 1 to {state.accepted_to}, bundle {state.number}, "
            f"{totals.subjects} participants, last received {state.received}"
        )
        lines += [f"    {says}" for says in works_with[state.origin]]
    lines += [
        f"  number {subject} was given by {' and '.join(origins)}: call the site, it may stand for two people"
        for subject, origins in held.twice_enrolled
    ]
    lines += [f"  set aside: {one.origin} bundle {one.number}: {one.why.en}" for one in held.quarantine]
    return "\n".join(lines)


_WHOSE = Text(
    en="Sealed keys need somebody who can open them: say --administrator ID as well.",
    zh="封存密钥须有人能够打开：请同时给出 --administrator 账户名。",
)
