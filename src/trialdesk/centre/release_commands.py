"""What `trialdesk centre release` prints."""

from __future__ import annotations

from pathlib import Path

from trialdesk.centre.admission import Caller, admit
from trialdesk.centre.centre import Centre
from trialdesk.centre.releases import Order, dry_run, give_out
from trialdesk.centre.review import Reviewer
from trialdesk.services.study_release import release_from_folder


def release(folder: Path, who: Caller, study: Path, order: Order, only_look: bool) -> str:
    """Show what a release changes for every participant, and give it out unless this is a dry run."""
    centre = Centre.open(folder)
    try:
        user = admit(centre, who)
        made = release_from_folder(study)
        reviewer = Reviewer(centre, user.id, user.role)
        shown = dry_run(centre, made, reviewer.now.date(), order).as_text()
        if only_look:
            return f"{shown}\ndry run: nothing was written"
        to = give_out(reviewer, made, order.approved, order.effective, order.sites, order.rule)
        return f"{shown}\ngoes to {', '.join(to) or 'no workstation'} with the next receipts"
    finally:
        centre.close()
