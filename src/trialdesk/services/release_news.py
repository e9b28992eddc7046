"""Study releases that wait at this desk: what, from when, for whom, and what each changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trialdesk.domain.clinical.changes import StudyReleased
from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.effective import Standing, standing, terms_words
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.amendment import Difference, differences
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.amendment import given, study_of
from trialdesk.services.desk import OpenDesk
from trialdesk.services.moving import form_changes


@dataclass(frozen=True)
class ReleaseNews:
    """One release that was given to this desk and is not yet in use for everybody and everything.

    `taken` is True once the desk works with it; then it still waits for some participants, or drafts can be moved.
    `changes` names forms with what they ask otherwise; `who` tells for each participant where the release stands.
    """

    version: str
    effective: str
    taken: bool
    terms: Text
    summary: Text
    changes: tuple[tuple[Text, tuple[Text, ...]], ...]
    who: tuple[tuple[str, Standing], ...]
    drafts: tuple[tuple[str, FormPath], ...]

    @property
    def waiting(self) -> int:
        """For how many participants it waits for something."""
        return sum(1 for _, one in self.who if one.state == "waits")


def release_news(desk: OpenDesk) -> tuple[ReleaseNews, ...]:
    """Every release that waits here, in the order in which the centre gave them out."""
    order = given(desk.engine)
    if not order:
        return ()
    held = {book.study.version for book in desk.book.every}
    found = [_news(desk, terms, terms.version in held) for terms in order]
    return tuple(one for one in found if one and (not one.taken or one.waiting or one.drafts))


def make_ready(desk: OpenDesk) -> OpenDesk:
    """Read and compile the rules of every release here, in use or waiting, and give back the desk.

    For the thread that signs in or takes a receipt, so that no screen stands still for it.
    """
    # A desk compiles what it holds when first asked for it.
    held = {book.study.version for book in desk.book.every}
    for terms in given(desk.engine):
        if terms.version not in held:
            _book(desk, terms)
    return desk


def _news(desk: OpenDesk, terms: StudyReleased, taken: bool) -> ReleaseNews | None:
    book = _book(desk, terms)
    if book is None:
        return None
    new, today = book.study, desk.session.today
    before = _before(desk, terms)
    who = tuple((name, standing(terms, book, desk.casebook(name).data, today)) for name in desk.subjects())
    drafts = tuple(_drafts(desk, terms.version)) if taken else ()
    found = differences(before, new)
    changes = tuple(_changes(before, new, found))
    return ReleaseNews(
        terms.version, terms.effective, taken, terms_words(terms, new), _summary(found), changes, who, drafts
    )


def _book(desk: OpenDesk, terms: StudyReleased) -> Rulebook | None:
    """The rules of a release, in use or not; None where its file has not come."""
    for book in desk.book.every:
        if book.study.version == terms.version:
            return book
    if terms.fingerprint not in desk.waiting:
        new = study_of(desk.engine, terms.fingerprint)
        if new is None:
            return None
        desk.waiting[terms.fingerprint] = Rulebook(new, desk.book.terminology)
    return desk.waiting[terms.fingerprint]


def _before(desk: OpenDesk, terms: StudyReleased) -> Study:
    """The release before it at this desk."""
    every = [book.study for book in desk.book.every]
    versions = [study.version for study in every]
    at = versions.index(terms.version) if terms.version in versions else len(every)
    return every[max(0, at - 1)]


def _drafts(desk: OpenDesk, version: str) -> Iterator[tuple[str, FormPath]]:
    for subject in desk.subjects():
        casebook = desk.casebook(subject)
        for form in sorted(casebook.data.by_form):
            if casebook.status(form) is FormStatus.DRAFT and (form, None, 1) not in casebook.data.struck:
                newer = casebook.session.book.newer(casebook.data, casebook.session.today, form)
                if newer is not None and newer.study.version == version:
                    yield subject, form


def _changes(old: Study, new: Study, found: Sequence[Difference]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    for form in new.forms:
        if form.oid not in old.form:
            yield form.label, (_NEW_FORM,)
        elif lines := tuple(form_changes(old, new, form.oid, found)):
            yield form.label, lines


def _summary(found: Sequence[Difference]) -> Text:
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        counts[one.what, one.act] = counts.get((one.what, one.act), 0) + 1
    said = [_COUNTED[what].format(n=n) for what, n in counts.items() if what in _COUNTED]
    if not said:
        return Text(en="nothing on the forms changes", zh="表单内容无变化")
    return Text(en=", ".join(one.en for one in said), zh="，".join(one.zh for one in said))


_NEW_FORM = Text(en="new form", zh="新增表单")
_COUNTED = {
    ("event", "added"): Text(en="{n} visits new", zh="新增访视 {n} 个"),
    ("event", "changed"): Text(en="{n} visits changed", zh="访视有变 {n} 个"),
    ("form", "added"): Text(en="{n} forms new", zh="新增表单 {n} 张"),
    ("item", "added"): Text(en="{n} questions new", zh="新增题目 {n} 个"),
    ("item", "changed"): Text(en="{n} questions reworded or changed", zh="题目改写或有变 {n} 个"),
    ("rule", "added"): Text(en="{n} checks new", zh="新增核查 {n} 条"),
    ("rule", "changed"): Text(en="{n} checks changed", zh="核查有变 {n} 条"),
    ("rule", "removed"): Text(en="{n} checks dropped", zh="取消核查 {n} 条"),
    ("parameter", "changed"): Text(en="{n} study settings changed", zh="研究设置有变 {n} 项"),
}
