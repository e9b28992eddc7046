"""The palette over the centre's window: what it offers here, and where each line leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.services.centre_finder import find_at_centre
from trialdesk.services.finder import Command, Hit
from trialdesk.ui.centre.places import PLACES
from trialdesk.ui.centre.queries_page import QueriesPage
from trialdesk.ui.centre.record_page import RecordPage
from trialdesk.ui.palette import Palette

if TYPE_CHECKING:
    from trialdesk.ui.centre.window import CentreWindow

_PLACE, _ACT = "place:", "act:"


def open_palette(window: CentreWindow, begin: str = "") -> Palette:
    """Open it over the window."""
    page = window.pages[window.place]
    data = page.data if isinstance(page, RecordPage) else None
    commands = _commands(window)
    work = window.work
    palette = Palette(window, lambda typed: find_at_centre(typed, work.study, work.lists, commands, data), begin)
    palette.chosen.connect(lambda hit: go(window, hit))
    return palette


def go(window: CentreWindow, hit: Hit) -> None:
    """Go where a line leads, or do what it says."""
    if hit.kind == "query":
        window.go("queries")
        page = window.pages["queries"]
        if isinstance(page, QueriesPage):
            page.show_query(hit.detail)
    elif hit.kind in ("participant", "field") and hit.subject is not None:
        window.open_record(hit.subject, hit.path)
    elif hit.act.startswith(_PLACE):
        window.go(hit.act.removeprefix(_PLACE))
    elif hit.act.startswith(_ACT):
        window.pages[window.place].acts()[int(hit.act.removeprefix(_ACT))].do()


def _commands(window: CentreWindow) -> tuple[Command, ...]:
    """The acts of the page that is shown, then every place."""
    here = window.pages[window.place].acts()
    acts = [Command(f"{_ACT}{at}", act.words, act.key.replace("+", " ")) for at, act in enumerate(here)]
    places = [
        Command(f"{_PLACE}{place.name}", place.title, f"Ctrl {digit}" if digit < 10 else "")
        for digit, place in enumerate(PLACES, 1)
        if place.name != window.place
    ]
    return (*acts, *places)
