"""Where a name in a rule is to be looked up: decided by the study's plan, never by what happens to be filled in."""

from __future__ import annotations

from typing import Literal, NamedTuple

from trialdesk.domain.study.study import Study

Reach = Literal["row", "form", "event", "round", "study", "ambiguous", "unknown"]


class Lookup(NamedTuple):
    """How far away an item stands from a form, and in which event it is to be read."""

    reach: Reach
    event: str = ""


def look_up(study: Study, event: str, form: str, group: str | None, name: str) -> Lookup:
    """Find the nearest place that asks an item, seen from a form within an event.

    Order: same row of the same group, same form, same event, the one per-round event of the same round, the one event
    of the study that asks it. Several candidates make the name ambiguous; the study check reports that.
    """
    if name not in study.place:
        return Lookup("unknown")
    item_form, item_group, _ = study.place[name]
    if item_form.oid == form:
        if item_group.oid == group:
            return Lookup("row", event)
        return Lookup("ambiguous") if item_group.repeating else Lookup("form", event)
    if item_group.repeating:
        return Lookup("ambiguous")
    here = study.event.get(event)
    if here is not None and item_form.oid in here.forms:
        return Lookup("event", event)
    asking = study.events_of_form[item_form.oid]
    per_round = [one for one in asking if one.per_round]
    if here is not None and here.per_round and len(per_round) == 1:
        return Lookup("round", per_round[0].oid)
    if len(asking) == 1 and not asking[0].repeating:
        return Lookup("study", asking[0].oid)
    return Lookup("ambiguous")
