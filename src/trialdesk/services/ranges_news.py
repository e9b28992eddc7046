"""Lists of normal ranges that came by themselves, and the results they read otherwise at this desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trialdesk.domain.clinical.form_status import form_status
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.regrading import Regrading, regradings
from trialdesk.domain.rules.rulebooks import FINISHED, HeldRanges, Rulebooks
from trialdesk.domain.text import Text
from trialdesk.services.amendment import lists_held
from trialdesk.services.casebook import Casebook
from trialdesk.services.desk import OpenDesk


@dataclass(frozen=True)
class ReadOtherwise:
    """One result and both its readings; a finished form keeps the former until it is reopened, a draft is read anew."""

    subject: str
    form: FormPath
    finished: bool
    one: Regrading


@dataclass(frozen=True)
class RangesNews:
    """A list that this desk has taken up, and what it reads otherwise."""

    laboratory: Text
    valid_from: str
    name: str
    results: tuple[ReadOtherwise, ...]

    @property
    def title(self) -> Text:
        """Whose list it is and from when."""
        return Text(en="Normal ranges of {place} from {day}", zh="{place} 正常参考范围，{day} 起").format(
            place=self.laboratory, day=self.valid_from
        )

    @property
    def line(self) -> Text:
        """How many results it reads otherwise, those of finished forms apart."""
        kept = sum(1 for one in self.results if one.finished)
        return Text(
            en="read otherwise: {n} results of drafts, {k} of finished forms (unchanged until reopened)",
            zh="判读有变：草稿 {n} 项，已完成表单 {k} 项（重新打开前不变）",
        ).format(n=len(self.results) - kept, k=kept)


def ranges_news(desk: OpenDesk) -> tuple[RangesNews, ...]:
    """Every list in use that still reads a result otherwise."""
    made = []
    for held in lists_held(desk.engine):
        if desk.session.origin not in held.taken:
            continue
        results = tuple(one for subject in desk.subjects() for one in _results(desk.casebook(subject), held))
        if results:
            lab = desk.study.laboratory
            place = lab.laboratory.get(held.given.laboratory) if lab is not None else None
            label = place.label if place is not None else Text(en=held.given.laboratory, zh=held.given.laboratory)
            made.append(RangesNews(label, held.given.table.valid_from.isoformat(), held.given.name, results))
    return tuple(made)


def read_otherwise(casebook: Casebook, form: FormPath) -> tuple[Regrading, ...]:
    """The results of a finished form that a list taken up later reads otherwise."""
    books, data, today = casebook.session.book, casebook.data, casebook.session.today
    if not isinstance(books, Rulebooks) or form_status(data, form) not in FINISHED:
        return ()
    return regradings(books.on(data, today, form), books.with_every_list(data, today, form), data, form, today)


def _results(casebook: Casebook, held: HeldRanges) -> Iterator[ReadOtherwise]:
    books, data, today = casebook.session.book, casebook.data, casebook.session.today
    if not isinstance(books, Rulebooks):
        return
    for form in sorted(data.by_form):
        if (form, None, 1) in data.struck:
            continue
        before, after = books.before(data, today, form, held.id)
        finished = form_status(data, form) in FINISHED
        if finished and books.on(data, today, form) is after:
            continue
        for one in regradings(before, after, data, form, today):
            record = data.items[one.path].current.record
            # A result that was entered under the list already was never read in any other way.
            if record.seq < held.taken.get(record.origin, record.seq + 1):
                yield ReadOtherwise(casebook.subject, form, finished, one)
