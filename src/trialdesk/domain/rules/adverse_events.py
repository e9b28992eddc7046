"""Adverse events as they are counted: what GVHD explains leaves the tables, what nobody can tell stays and is listed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.medicine.gvhd_words import speaks_of_gvhd
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.pages import place, skip_of
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.study import AdverseEventItems

Open = Literal["unknown", "unanswered", "named"]


@dataclass(frozen=True)
class AdverseEvent:
    """One recorded event. `grade` is what was chosen, `proposed` what a value proposed, `reason` why they differ.

    `gvhd` is Y, N, U (not known), or None where nobody has said; `episode` is the onset date of the GVHD it belongs to,
    as recorded. `names_gvhd` is true when the words themselves speak of GVHD.
    """

    form: FormPath
    term: str
    other: str | None
    grade: str | None
    proposed: str | None
    reason: str | None
    start: str | None
    asked_about_gvhd: bool
    gvhd: str | None
    episode: str | None

    @property
    def names_gvhd(self) -> bool:
        """True when term or verbatim words name GVHD."""
        return speaks_of_gvhd(self.term) or speaks_of_gvhd(self.other or "")


@dataclass(frozen=True)
class GvhdEpisode:
    """One episode of GVHD, known by the onset date its assessments give."""

    onset: str
    assessments: tuple[FormPath, ...]
    manifestations: tuple[AdverseEvent, ...]


def adverse_events(book: Rulebook, data: SubjectData, today: date) -> tuple[AdverseEvent, ...]:
    """Every event with a term, struck ones left out, in order of entry; empty for a study that records none.

    An answer behind a question that is not asked is no answer: `gvhd` is None for a term that is not asked about.
    """
    items = book.study.adverse_events
    if items is None:
        return ()
    forms = [path.form_path for path in data.by_item.get(items.term, ()) if data.value(path)]
    return tuple(_event(book, data, items, form, today) for form in forms)


def counts_as_adverse_event(event: AdverseEvent) -> bool:
    """True unless the event is a manifestation of GVHD, by a person's answer or by its own name.

    The registration leaves GVHD out of adverse events (NCT06141304, secondary outcomes). Not known counts, and so does
    an unanswered question: `open_gvhd_questions` lists both. A person's No stands against a name that speaks of GVHD.
    """
    return event.gvhd != "Y" and not (event.names_gvhd and event.gvhd != "N")


def open_gvhd_questions(book: Rulebook, data: SubjectData, today: date) -> tuple[tuple[AdverseEvent, Open], ...]:
    """Events a report must list: called not known, asked and not answered yet, or naming GVHD without an answer."""
    found: list[tuple[AdverseEvent, Open]] = []
    for event in adverse_events(book, data, today):
        if event.gvhd == "U":
            found.append((event, "unknown"))
        elif event.gvhd is None and event.names_gvhd:
            found.append((event, "named"))
        elif event.gvhd is None and event.asked_about_gvhd:
            found.append((event, "unanswered"))
    return tuple(found)


def gvhd_episodes(book: Rulebook, data: SubjectData) -> dict[str, tuple[FormPath, ...]]:
    """Episodes of GVHD by the onset date their assessments give, earliest first."""
    items = book.study.adverse_events
    seen: dict[str, tuple[FormPath, ...]] = {}
    for name in items.onsets if items else ():
        for path in data.by_item.get(name, ()):
            onset = data.value(path)
            if onset:
                seen[onset] = (*seen.get(onset, ()), path.form_path)
    return dict(sorted(seen.items()))


def gvhd_manifestations(
    book: Rulebook, data: SubjectData, today: date
) -> tuple[tuple[GvhdEpisode, ...], tuple[AdverseEvent, ...]]:
    """Episodes of GVHD by onset, each with the events that belong to it; then manifestations no episode is known for."""
    events = [event for event in adverse_events(book, data, today) if event.gvhd == "Y"]
    seen = gvhd_episodes(book, data)
    episodes = tuple(
        GvhdEpisode(onset, forms, tuple(event for event in events if event.episode == onset))
        for onset, forms in seen.items()
    )
    return episodes, tuple(event for event in events if event.episode not in seen)


def _event(book: Rulebook, data: SubjectData, items: AdverseEventItems, form: FormPath, today: date) -> AdverseEvent:
    def at(name: str) -> ItemPath:
        return form.item(book.study.place[name][1].oid, name)

    def of(name: str | None) -> str | None:
        return data.value(at(name)) if name else None

    asked = skip_of(book, place(book, data, at(items.gvhd), today), items.gvhd) is None
    return AdverseEvent(
        form=form,
        term=of(items.term) or "",
        other=of(items.other),
        grade=of(items.grade),
        proposed=of(items.proposed),
        reason=of(items.reason),
        start=of(items.start),
        asked_about_gvhd=asked,
        gvhd=(of(items.gvhd) or _missing(data, at(items.gvhd))) if asked else None,
        episode=of(items.episode) if asked else None,
    )


def _missing(data: SubjectData, path: ItemPath) -> str | None:
    """A question answered with "unknown" is not known, too."""
    item = data.items.get(path)
    return "U" if item is not None and item.missing is not None and not data.is_struck(path) else None
