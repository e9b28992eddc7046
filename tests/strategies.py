"""Hypothesis strategies for what can stand in a trail: records of several workstations about one participant."""

from __future__ import annotations

from hypothesis import strategies as st

from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FindingExplained,
    FormCertified,
    FormCompleted,
    FormFrozen,
    FormLocked,
    FormMoved,
    FormReopened,
    FormSigned,
    FormThawed,
    FormUnlocked,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    NoteAdded,
    QueryAnswered,
    QueryAskedAgain,
    QueryClosed,
    QueryOpened,
    QueryProposed,
    RowStruck,
    SourceVerified,
    SubjectEnrolled,
    VerificationLifted,
)
from trialdesk.domain.clinical.monitoring_changes import (
    FormRead,
    MedicallyReviewed,
    MedicalReviewLifted,
    TrailReviewed,
)
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text

SUBJECT = "S01-001"
FORMS = (FormPath("TREAT", 1, "DLI"), FormPath("LOG", 1, "AE"))
PATHS = tuple(form.item("MAIN", name, row) for form in FORMS for name in ("DOSE", "DATE") for row in (1, 2))

# Everything a person can type or paste: Han of every plane, quotes, line ends; lone surrogates are not text.
typed = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
items = st.sampled_from(PATHS)
forms = st.sampled_from(FORMS)
words = st.builds(Text, en=typed, zh=typed)
moments = st.integers(0, 59).map(lambda minute: f"2026-03-01T08:{minute:02d}:00.000Z")


def changes(known: list[str]) -> st.SearchStrategy[object]:
    """Any change about a participant; it may name records that exist already on any workstation."""
    earlier = st.lists(st.sampled_from(known), max_size=2, unique=True).map(tuple) if known else st.just(())
    query = st.sampled_from([*known, "W9:1"])
    path, form = items, forms
    return st.one_of(
        st.builds(ItemEntered, path=path, value=typed),
        st.builds(ItemEntered, path=path, missing=st.sampled_from(["ND", "UNK", "NA"])),
        st.builds(ItemCorrected, path=path, value=typed, replaces=earlier),
        st.builds(ItemDerived, path=path, value=typed, rule=st.just("DOSE-01"), replaces=earlier),
        st.builds(FindingExplained, path=path, rule=st.just("DOSE-03"), code=st.just("CLINICAL"), covers=earlier),
        st.builds(RowStruck, form=form, group=st.sampled_from([None, "MAIN"]), group_repeat=st.integers(1, 2)),
        st.builds(FormCompleted, form=form, covers=earlier),
        st.builds(FormReopened, form=form, replaces=earlier),
        st.builds(FormLocked, form=form),
        st.builds(FormUnlocked, form=form, replaces=earlier),
        st.builds(
            FormCertified,
            form=form,
            covers=earlier,
            meaning=words,
            document=st.just("1" * 64),
            certificate=st.just("2"),
            version=st.just("1"),
        ),
        st.builds(FormFrozen, form=form),
        st.builds(FormMoved, form=form, before=st.just("1.0"), version=st.sampled_from(["2.0", "3.0"])),
        st.builds(FormThawed, form=form, replaces=earlier),
        st.builds(SourceVerified, paths=st.tuples(path), covers=earlier, source=st.just("Medical record"), where=typed),
        st.builds(VerificationLifted, replaces=earlier, words=typed),
        st.builds(MedicallyReviewed, form=form, covers=earlier, words=typed),
        st.builds(MedicalReviewLifted, replaces=earlier, words=typed),
        st.builds(FormRead, form=form, covers=earlier),
        st.builds(TrailReviewed, heads=earlier, words=typed),
        st.builds(QueryProposed, source=st.just("System"), paths=st.tuples(path), says=words),
        st.builds(
            FormSigned, form=form, covers=earlier, meaning=words, document=st.just("0" * 64), certificate=st.just("1")
        ),
        st.builds(QueryOpened, source=st.just("Monitor"), paths=st.tuples(path), says=words),
        st.builds(QueryAnswered, query=query, words=typed),
        st.builds(QueryClosed, query=query, words=typed),
        st.builds(QueryAskedAgain, query=query, says=words, replaces=earlier),
        st.builds(NoteAdded, path=path, words=typed),
        st.builds(SubjectEnrolled, initials=typed),
    )


@st.composite
def trails(draw: st.DrawFn, origins: tuple[str, ...] = ("W1", "W2"), most: int = 12) -> list[AuditRecord]:
    """Records of several workstations in the order they were written, each trail numbered from 1 without gaps."""
    numbers = dict.fromkeys(origins, 0)
    records: list[AuditRecord] = []
    for _ in range(draw(st.integers(1, most))):
        origin = draw(st.sampled_from(origins))
        numbers[origin] += 1
        records.append(
            AuditRecord(
                origin=origin,
                seq=numbers[origin],
                at=draw(moments),
                zone="+08:00",
                user="nurse-1",
                role="nurse",
                site="S01",
                study="NCT06141304",
                subject=SUBJECT,
                change=draw(changes([record.id for record in records])),
            )
        )
    return records


def entered(
    seq: int, origin: str = "W1", value: str = "120", subject: str = SUBJECT, path: ItemPath = PATHS[0]
) -> AuditRecord:
    """One plain answer with this number, for tests that need a trail and do not care what it says."""
    return AuditRecord(
        origin=origin,
        seq=seq,
        at="2026-03-01T08:00:00.000Z",
        zone="+08:00",
        user="nurse-1",
        role="nurse",
        site="S01",
        study="NCT06141304",
        subject=subject,
        change=ItemEntered(path=path, value=value),
    )
