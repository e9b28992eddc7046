"""What the monitoring commands of the centre print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from trialdesk.centre.admission import Caller, admit
from trialdesk.centre.centre import Centre
from trialdesk.centre.library import rules_of_centre
from trialdesk.centre.monitoring import plan_of, site_monitoring
from trialdesk.centre.query_commands import said
from trialdesk.centre.review import Reviewer
from trialdesk.centre.visit_intake import take_visit
from trialdesk.centre.visits import add_monitor, write_pack
from trialdesk.domain.clinical.source_review import Tally
from trialdesk.domain.clinical.trail_review import SIGN_WORDS
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.monitoring_view import SiteMonitoring, place_words
from trialdesk.storage import projections
from trialdesk.storage.centre_lists import CentreLists


def status(folder: Path, sites: Sequence[str], as_json: bool) -> str:
    """How far the comparison with the source is by site and participant, and what stands out in the trail."""
    centre = Centre.open(folder)
    try:
        plan = plan_of(centre)
        projections.refresh(centre.engine)
        held = [site_monitoring(centre, site) for site in sites or CentreLists(centre.engine).sites()]
    finally:
        centre.close()
    if as_json:
        return json.dumps([_plain(one) for one in held], ensure_ascii=False, indent=1)
    words = plan.words()
    return "\n".join([words.en, words.zh, *(line for one in held for line in _lines(one))])


def enter_monitor(folder: Path, who: Caller, request: Path, approved: Sequence[str], now: datetime) -> str:
    """Enter a monitor and say what was issued."""
    centre = Centre.open(folder)
    try:
        admit(centre, who)
        known = add_monitor(centre, request, approved, now)
    finally:
        centre.close()
    return f"monitor {known.id} entered; packs for {known.id} can be written now"


def pack(folder: Path, who: Caller, site: str, monitor: str, out: Path, now: datetime) -> str:
    """Write a visit pack and say where."""
    from trialdesk.services.transfer import require_stick

    centre = Centre.open(folder)
    try:
        admit(centre, who)
        require_stick(out)
        path = write_pack(centre, site, monitor, out, now)
    finally:
        centre.close()
    return f"visit pack {path}\nonly {monitor} can open it: trialdesk visit {path.name} --keys FOLDER"


def take(folder: Path, who: Caller, results: Sequence[Path], now: datetime) -> str:
    """Take visits in and say what became of them, lapsed answers by name."""
    centre = Centre.open(folder)
    lines: list[str] = []
    try:
        admit(centre, who)
        study = rules_of_centre(centre).study
        projections.refresh(centre.engine)
        for result in results:
            taken = take_visit(centre, result, now)
            lines += [f"{result.name}: {taken.visit} of {taken.monitor}", f"  {taken.says.en}", f"  {taken.says.zh}"]
            for subject, path in taken.lapsed:
                where = place_words(study, path)
                lines.append(f"  LAPSED {subject} {path}: {where.en} / {where.zh}")
        projections.refresh(centre.engine)
    finally:
        centre.close()
    return "\n".join(lines)


def medical(folder: Path, who: Caller, subject: str, form: str, words: str, back: str) -> str:
    """State a medical review of a form, or take one back."""
    centre = Centre.open(folder)
    try:
        one = _reviewer(centre, who)
        if back:
            return said(one.lift_medical_review(subject, back, words))
        return said(one.review_medically(subject, _form(form), words))
    finally:
        centre.close()


def trail(folder: Path, who: Caller, subject: str, words: str) -> str:
    """State that a participant's trail was looked through."""
    centre = Centre.open(folder)
    try:
        return said(_reviewer(centre, who).review_trail(subject, words))
    finally:
        centre.close()


def _reviewer(centre: Centre, who: Caller) -> Reviewer:
    user = admit(centre, who)
    return Reviewer(centre, user.id, user.role)


def _form(written: str) -> FormPath:
    try:
        return FormPath.parse(written)
    except ValueError as fault:
        raise KnownError(_NO_FORM.format(text=written) if written else _WHICH_FORM) from fault


def _lines(held: SiteMonitoring) -> list[str]:
    lines = [f"site {held.site}: {len(held.rows)} participants, {_counts(held.tally)}"]
    for row in held.rows:
        full = {"first": "in full", "sample": "in full, drawn", None: "by the plan"}[row.review.full]
        medical = sum(visit.medical for visit in row.visits.values())
        seen = "trail reviewed" if row.trail_seen else "trail to review" if row.review.full else "trail by signs"
        lines.append(f"  {row.subject} {full}: {_counts(row.tally)}; {medical} medical reviews wait; {seen}")
    for sign in held.signs:
        about = f"{sign.subject or held.site} {sign.form or ''}".strip()
        lines.append(f"  {SIGN_WORDS[sign.kind].en}, {about}, {sign.user}: {sign.says.en} ({sign.records[0]})")
    return lines


def _counts(tally: Tally) -> str:
    return f"{tally.verified} of {tally.required} verified, {tally.lapsed} lapsed, {tally.remaining} remain"


def _plain(held: SiteMonitoring) -> dict[str, object]:
    return {
        "site": held.site,
        "participants": [
            {
                "subject": row.subject,
                "place": row.review.place,
                "full": row.review.full,
                "required": row.tally.required,
                "verified": row.tally.verified,
                "lapsed": row.tally.lapsed,
                "remaining": row.tally.remaining,
                "medical_reviews_waiting": sum(visit.medical for visit in row.visits.values()),
                "trail_reviewed": row.trail_seen,
                "forms": {
                    str(one.form): {"required": one.tally.required, "verified": one.tally.verified}
                    for one in row.review.forms
                },
            }
            for row in held.rows
        ],
        "signs": [
            {
                "kind": sign.kind,
                "subject": sign.subject,
                "user": sign.user,
                "at": sign.at,
                "form": str(sign.form) if sign.form else None,
                "says": {"en": sign.says.en, "zh": sign.says.zh},
                "records": list(sign.records),
            }
            for sign in held.signs
        ],
        "rates": [rate.__dict__ | {"corrected_percent": round(rate.corrected_percent, 1)} for rate in held.rates],
    }


_WHICH_FORM = Text(
    en="Say which form was reviewed, as EVENT[1]/FORM such as AE[2]/AE, or which review is taken back with --take-back.",
    zh="请指明审核的表单，写作 EVENT[1]/FORM，例如 AE[2]/AE；撤销时请用 --take-back 指明记录。",
)
_NO_FORM = Text(
    en="{text} names no form. Write EVENT[1]/FORM, such as AE[2]/AE.",
    zh="{text} 不是表单名。请写作 EVENT[1]/FORM，例如 AE[2]/AE。",
)
