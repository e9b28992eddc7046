"""The history of a field: every recorded answer with who, when and why, oldest first."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.domain.actions.reasons import CHANGED
from trialdesk.domain.admin.role import ROLE_WORDS, Role
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import ItemCorrected, ItemDerived, ItemEntered
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.ui import look, parts
from trialdesk.ui.field_view import MISSING_WORDS


def history_lines(casebook: Casebook, path: ItemPath, item: ItemDef) -> list[Text]:
    """One sentence for each recorded answer of a field."""
    return [_line(casebook, item, record) for record in casebook.history(path)]


def history_view(casebook: Casebook, path: ItemPath, item: ItemDef) -> QWidget:
    """The history as a block of lines with the source of each; an empty history says so."""
    records = casebook.history(path)
    if not records:
        return parts.words(look.first(Text(en="Nothing recorded yet.", zh="尚无记录。")), "small", "ink3", wrap=True)
    made: list[parts.Content] = []
    for record in records:
        line = parts.words(look.first(_line(casebook, item, record)), "small", "ink2", wrap=True)
        source = parts.words(look.first(_source(record)), "micro", "ink3", wrap=True)
        made.append(parts.column(line, source, gap=1))
    return parts.column(*made, gap=6)


def _source(record: AuditRecord) -> Text:
    """Where an answer comes from: the role, the record's name in the trail, and the rule that computed it."""
    said = Text(en="{role}, record {id}", zh="{role}，记录 {id}").format(
        role=ROLE_WORDS[Role(record.role)], id=record.id
    )
    if isinstance(record.change, ItemDerived):
        return Text(en="{said}, rule {rule}", zh="{said}，规则 {rule}").format(said=said, rule=record.change.rule)
    return said


def _line(casebook: Casebook, item: ItemDef, record: AuditRecord) -> Text:
    change = record.change
    assert isinstance(change, ItemEntered | ItemCorrected | ItemDerived)
    value = _value(casebook, item, change)
    act = Text(en="entered", zh="录入") if isinstance(change, ItemEntered) else Text(en="changed to", zh="改为")
    if isinstance(change, ItemDerived):
        act = Text(en="computed", zh="计算")
    why = Text(en="", zh="")
    if record.reason is not None:
        label = dict(CHANGED).get(record.reason.code, Text(en=record.reason.code, zh=record.reason.code))
        why = Text(en=" ({why} {words})", zh="（{why} {words}）").format(why=label, words=record.reason.words)
    at = record.local_time.strftime("%Y-%m-%d %H:%M")
    return Text(en="{at}  {who}: {act} {value}{why}", zh="{at}  {who}：{act} {value}{why}").format(
        at=at, who=record.user, act=act, value=value, why=why
    )


def _value(casebook: Casebook, item: ItemDef, change: ItemEntered | ItemCorrected | ItemDerived) -> Text:
    missing = None if isinstance(change, ItemDerived) else change.missing
    if missing:
        return MISSING_WORDS[missing]
    if change.value is None:
        return Text(en="(emptied)", zh="（清空）")
    words = casebook.study(change.path.form_path).words(item, change.value)
    unit = "" if isinstance(change, ItemDerived) else change.unit or item.unit or ""
    return words or Text(en=f"{change.value} {unit}".strip(), zh=f"{change.value} {unit}".strip())
