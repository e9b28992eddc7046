"""Which forms must be looked at again after one answer, worked out from what the rules read and where they read it."""

from __future__ import annotations

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.rules.rulebook import Rulebook


def touched(book: Rulebook, data: SubjectData, path: ItemPath) -> tuple[FormPath, ...]:
    """Forms with answers whose assessment may change when the answer at this place changes; the rest cannot.

    A name read bare is followed to the one form the study's plan reads it from; a name that is gathered, such as by
    latest(ITEM), may be read from anywhere; a computed answer hands the change on to whatever reads it.
    """
    found: set[FormPath] = set()
    for one in book.every:
        if path.item not in one.study.place:
            continue
        search = _Search(one, data, path.form_path)
        search.follow(path.item, path.form_path)
        if path.event == one.study.baseline_event and one.study.item(path.item).lab:
            # Every later value of the same test is compared with the baseline visit's.
            search.found.update(form for form in data.by_form if form.form == path.form)
        found |= search.found
    return tuple(sorted(found))


class _Search:
    """What was found so far, and the computed answers already followed."""

    def __init__(self, book: Rulebook, data: SubjectData, here: FormPath) -> None:
        self.book = book
        self.found: set[FormPath] = {here} & set(data.by_form)
        self._of_form: dict[str, list[FormPath]] = {}
        for form in data.by_form:
            self._of_form.setdefault(form.form, []).append(form)
        self._followed: set[tuple[str, FormPath | None]] = set()

    def follow(self, name: str, at: FormPath | None) -> None:
        """Take in every form that reads this item of that form; None stands for any form that asks it."""
        if (name, at) in self._followed:
            return
        self._followed.add((name, at))
        asked_on = self.book.study.place[name][0].oid
        for reader, bare in self.book.read_by.get(name, ()):
            form, group, _ = self.book.study.place[reader]
            for place in self._of_form.get(form.oid, ()):
                if not bare or at is None or self._seen_from(place, group.oid, name) == at:
                    self.found.add(place)
            if reader in self.book.method_of:
                self.follow(reader, at if bare and form.oid == asked_on else None)
        for event in self.book.study.events:
            due = event.due
            if due is not None and self.book.study.anchor(due) == name and event.date_item is not None:
                dated_on = self.book.study.place[event.date_item][0].oid
                self.found.update(place for place in self._of_form.get(dated_on, ()) if place.event == event.oid)

    def _seen_from(self, place: FormPath, group: str, name: str) -> FormPath | None:
        """The form a bare name is read from, as `PlaceScope.path` finds it."""
        found = self.book.look_up(place.event, place.form, group, name)
        if found.reach in ("ambiguous", "unknown"):
            return None
        same = found.event == place.event or found.reach == "round"
        return FormPath(found.event, place.repeat if same else 1, self.book.study.place[name][0].oid)
