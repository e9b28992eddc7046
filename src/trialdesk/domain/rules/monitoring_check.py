"""Whether a monitoring plan names what the study has, and says each thing once."""

from __future__ import annotations

from collections.abc import Iterator

from trialdesk.domain.study.reading import Place, nearest
from trialdesk.domain.study.study import Study


def monitoring_problems(study: Study) -> Iterator[tuple[Place, str]]:
    """Unknown or doubled items, forms and visits of the plan, and critical answers that the program computes."""
    plan = study.monitoring
    if plan is None:
        return
    seen: set[str] = set()
    for place, name in plan.named_items():
        if name not in study.place:
            yield ("monitoring", *place), f"no item {name}{nearest(name, set(study.place))}"
        elif study.item(name).by_program:
            yield ("monitoring", *place), f"{name} is computed; name the answers it is computed from"
        if name in seen:
            yield ("monitoring", *place), f"{name} is named twice; each critical item stands once"
        seen.add(name)
    for place, name in plan.named_forms():
        if name not in study.form:
            yield ("monitoring", *place), f"no form {name}{nearest(name, set(study.form))}"
    for index, one in enumerate(plan.forms):
        for position, event in enumerate(one.events):
            where: Place = ("monitoring", "forms", index, "events", position)
            if event not in study.event:
                yield where, f"no event {event}{nearest(event, set(study.event))}"
            elif one.form not in study.event[event].forms:
                yield where, f"form {one.form} is not asked at {event}"
        before = plan.forms[:index]
        if any(o.form == one.form and (not o.events or set(one.events) <= set(o.events) != set()) for o in before):
            yield ("monitoring", "forms", index), f"an entry above holds for {one.form} already; put the narrower first"
