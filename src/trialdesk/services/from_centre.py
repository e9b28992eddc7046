"""What the centre released to this desk, since when it is in use, and whether the centre has heard of that."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.clinical.changes import LabRangesTaken, StudyAdopted
from trialdesk.domain.rules.effective import terms_words
from trialdesk.domain.text import Text
from trialdesk.services.amendment import given, lists_held
from trialdesk.services.desk import OpenDesk
from trialdesk.services.transfer import standing


@dataclass(frozen=True)
class Released:
    """A study release or a list of ranges; `since` is when the desk took it up (UTC), `known` that the centre confirmed
    the record which says so."""

    name: Text
    terms: Text
    since: str | None
    known: bool


def released(desk: OpenDesk) -> tuple[Released, ...]:
    """Everything the centre released to this desk, study releases first."""
    origin, accepted = desk.session.origin, standing(desk).accepted_to
    taken = {}
    for record in desk.trail.records(origin=origin, kinds=("StudyAdopted", "LabRangesTaken")):
        change = record.change
        if isinstance(change, StudyAdopted):
            taken[change.fingerprint] = record
        elif isinstance(change, LabRangesTaken):
            taken[change.given] = record
    found = []
    for terms in given(desk.engine):
        name = Text(en="Study release {v}", zh="研究版本 {v}").format(v=terms.version)
        found.append((terms.fingerprint, name, terms_words(terms, desk.study)))
    for held in lists_held(desk.engine):
        change = held.given
        name = Text(en="Normal ranges {lab}", zh="参考范围 {lab}").format(lab=change.laboratory)
        words = Text(en="samples from {day}, {file}", zh="{day} 起的样本，{file}")
        found.append((held.id, name, words.format(day=change.table.valid_from, file=change.name)))
    made = []
    for key, name, says in found:
        by = taken.get(key)
        made.append(Released(name, says, by.at if by else None, by is not None and by.seq <= accepted))
    return tuple(made)
