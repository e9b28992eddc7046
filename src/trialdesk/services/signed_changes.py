"""What changed on a form since it was last signed: for each item the answer under that signature and the one now."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.actions.reasons import CHANGED, EXPLANATIONS, MISSING
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import FindingExplained, FormSigned, ItemDerived, RowStruck
from trialdesk.domain.clinical.subject_data import Entry
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook

EMPTY = Text(en="empty", zh="未填")


@dataclass(frozen=True)
class SignedChange:
    """One difference to what was last signed: where, what it was then, what it is now, and by which record."""

    path: ItemPath
    label: Text
    before: Text
    after: Text
    why: Text
    record: AuditRecord

    @property
    def says(self) -> Text:
        """The difference in one line."""
        said = Text(en="{label}: {before} > {after} {why}", zh="{label}：{before} > {after} {why}").format(
            label=self.label, before=self.before, after=self.after, why=self.why
        )
        return Text(en=said.en.strip(), zh=said.zh.strip())


def changes_since_signed(casebook: Casebook, form: FormPath) -> list[SignedChange]:
    """Every difference to the last signature, in the order of the form; empty for an unsigned or unchanged form."""
    data = casebook.data
    fresh = set(data.changed_since_signed(form))
    if not fresh:
        return []
    signed = {
        name
        for record in data.forms[form].signed
        if isinstance(record.change, FormSigned)
        for name in record.change.covers
    }
    found: list[SignedChange | None] = [
        _answer(casebook, path, signed) for path in data.by_form.get(form, ()) if fresh & set(_heads(casebook, path))
    ]
    found += [_reason(casebook, record) for record in _explanations(casebook, form) if record.id in fresh]
    found += [_strike(casebook, record) for record in data.struck.values() if record.id in fresh]
    return [one for one in found if one is not None]


def _heads(casebook: Casebook, path: ItemPath) -> tuple[str, ...]:
    return casebook.data.items[path].head_ids


def _answer(casebook: Casebook, path: ItemPath, signed: set[str]) -> SignedChange:
    item = casebook.study(path.form_path).item(path.item)
    known = casebook.data.items[path]
    before = next((entry for entry in reversed(known.entries) if entry.id in signed), None)
    record = known.current.record
    return SignedChange(
        path, item.label, _words(casebook, item, before), _words(casebook, item, known.current), _why(record), record
    )


def _explanations(casebook: Casebook, form: FormPath) -> list[AuditRecord]:
    places = [key for key in casebook.data.explained if key[0].form_path == form]
    return [record for path, rule in places if (record := casebook.data.explanation(path, rule)) is not None]


def _reason(casebook: Casebook, record: AuditRecord) -> SignedChange:
    change = record.change
    assert isinstance(change, FindingExplained)
    label = casebook.study(change.path.form_path).item(change.path.item).label
    reason = dict(EXPLANATIONS).get(change.code, Text(en=change.code, zh=change.code))
    after = Text(en="{rule} kept: {reason} {words}", zh="{rule} 已说明：{reason} {words}").format(
        rule=change.rule, reason=reason, words=change.words
    )
    return SignedChange(change.path, label, Text(en="no reason", zh="无说明"), after, Text(en="", zh=""), record)


def _strike(casebook: Casebook, record: AuditRecord) -> SignedChange | None:
    change = record.change
    assert isinstance(change, RowStruck)
    places = [
        path
        for path in casebook.data.by_form.get(change.form, ())
        if change.group is None or (path.group, path.group_repeat) == (change.group, change.group_repeat)
    ]
    if not places:
        return None
    label = Text(en="Row {n}", zh="第 {n} 行").format(n=change.group_repeat)
    if change.group is None:
        label = Text(en="Whole form", zh="整张表单")
    struck = Text(en="struck out", zh="已划除")
    return SignedChange(places[0], label, Text(en="stood", zh="有效"), struck, _why(record), record)


def _words(casebook: Casebook, item: ItemDef, entry: Entry | None) -> Text:
    if entry is None:
        return EMPTY
    value, missing, unit = entry.answer
    if missing:
        return dict(MISSING)[missing]
    if value is None:
        return EMPTY
    known = casebook.study(entry.change.path.form_path).words(item, value) if entry else None
    shown = f"{value} {'' if isinstance(entry.change, ItemDerived) else unit or item.unit or ''}".strip()
    return known or Text(en=shown, zh=shown)


def _why(record: AuditRecord) -> Text:
    if record.reason is None:
        return Text(en="", zh="")
    known = dict(CHANGED).get(record.reason.code, Text(en=record.reason.code, zh=record.reason.code))
    if not record.reason.words:
        return Text(en=f"({known.en})", zh=f"（{known.zh}）")
    return Text(en="({why}: {words})", zh="（{why}：{words}）").format(why=known, words=record.reason.words)
