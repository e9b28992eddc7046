"""What the centre still has to say to a workstation: its own records after those the workstation has confirmed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from trialdesk.domain.clinical.changes import ReceiptTaken, StudyReleased
from trialdesk.storage.audit_trail import AuditTrail

if TYPE_CHECKING:
    from trialdesk.centre.centre import Centre

LOCAL = "CENTRE"
"""The centre's trail of what no workstation is told: drafted queries and what became of them."""

RELEASES = "releases"
MOST = 2000
"""Records of one letter, so that a receipt stays below its largest size; the next receipt brings the rest."""


def trail_for(origin: str) -> str:
    """The name of the centre's trail for one workstation; no workstation can be called so."""
    return f"{LOCAL}-{origin}"


def confirmed(trail: AuditTrail, origin: str) -> int:
    """How far a workstation holds the centre's trail for it, by its own signed records."""
    taken = [r.change for r in trail.records(origin=origin, kinds=("ReceiptTaken",))]
    return max((c.centre_to or 0 for c in taken if isinstance(c, ReceiptTaken)), default=0)


def letter_for(centre: Centre, origin: str) -> str | None:
    """The letter for a workstation, encrypted for it, or None when it has everything."""
    from trialdesk.exchange.letter import pack_letter
    from trialdesk.security import age

    trail, own = AuditTrail(centre.engine), trail_for(origin)
    after = confirmed(trail, origin)
    lines = list(islice(trail.lines(own, first=after + 1), MOST))
    recipient = next((one.recipient for one in centre.enrolled() if one.origin == origin), None)
    if not lines or recipient is None:
        return None
    numbers = {seq for seq, _, _ in lines}
    told = [r for r in trail.records(origin=own, after=after, kinds=("StudyReleased",)) if r.seq in numbers]
    named = dict.fromkeys(r.change.fingerprint for r in told if isinstance(r.change, StudyReleased))
    studies = [release_file(centre.folder, name).read_bytes() for name in named]
    return pack_letter(lines, studies, lambda content: age.encrypt(content, (recipient,)))


def release_file(folder: Path, fingerprint: str) -> Path:
    """Where the centre keeps a frozen study release it has given out."""
    return folder / RELEASES / f"{fingerprint}.json"


def write_receipts(centre: Centre, out: Path) -> tuple[Path, ...]:
    """Write for every workstation a receipt with everything it has not confirmed yet.

    One that has never sent, such as a rebuilt one, gets a receipt as soon as the centre has something to say to it.
    """
    from trialdesk.exchange.envelope import write_durably

    out.mkdir(parents=True, exist_ok=True)
    written = []
    states = {state.origin: state for state in centre.ledger.states()}
    for state in states.values():
        receipt = centre.ledger.last_receipt(state.origin)
        if receipt is not None:
            path = out / f"{state.site}_{state.origin}_{state.number:06d}.tdr"
            write_durably(path, centre.with_letter(receipt))
            written.append(path)
    for one in centre.enrolled():
        if one.origin not in states and letter_for(centre, one.origin) is not None:
            path = out / f"{one.site}_{one.origin}_000000.tdr"
            write_durably(path, centre.with_letter(_first_receipt(centre, one.site, one.origin)))
            written.append(path)
    return tuple(written)


def _first_receipt(centre: Centre, site: str, origin: str) -> bytes:
    """A receipt for a workstation of which the centre holds nothing yet."""
    from datetime import datetime

    from trialdesk.domain.clinical.audit_record import stamp
    from trialdesk.exchange.receipt import Receipt, pack_receipt

    nothing = "0" * 64
    receipt = Receipt(
        study=centre.study, site=site, origin=origin, epoch="", number=0, header_sha256=nothing, result="accepted",
        accepted_to=0, seal=nothing, centre_time=stamp(datetime.now().astimezone())[0], skew_seconds=0,
        revocations=centre.revocations,
    )  # fmt: skip
    return pack_receipt(receipt, centre.sign)
