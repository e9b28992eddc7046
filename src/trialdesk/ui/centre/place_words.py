"""The place of an answer in words: event and form, and the item."""

from __future__ import annotations

from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.ui import look


def form_words(study: Study, form: FormPath) -> str:
    """Form and event; the number of the event where it repeats."""
    event, known = study.event.get(form.event), study.form.get(form.form)
    when = look.first(event.short) if event else form.event
    if event is not None and event.repeating and form.repeat > 1:
        when += f" {form.repeat}"
    return ("，" if look.language() == "zh" else ", ").join((look.first(known.label) if known else form.form, when))


def place_words(study: Study, path: ItemPath) -> tuple[str, str]:
    """Form and event, and the item."""
    item = study.place.get(path.item)
    return form_words(study, path.form_path), look.first(item[2].label) if item else path.item
