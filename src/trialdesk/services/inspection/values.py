"""Questions about values: where one comes from, and what was changed once it had been signed or locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trialdesk.domain.admin.role import ROLE_WORDS, Act, Role, may
from trialdesk.domain.clinical.audit_record import AuditRecord
from trialdesk.domain.clinical.changes import (
    FindingExplained,
    FormCertified,
    FormLocked,
    FormReopened,
    FormSigned,
    FormUnlocked,
    ItemCorrected,
    ItemDerived,
    ItemEntered,
    QueryAnswered,
    QueryClosed,
    QueryOpened,
    RowStruck,
)
from trialdesk.domain.clinical.fold import record_order
from trialdesk.domain.clinical.register import KINDS, on_day
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.text import Text
from trialdesk.services.inspection.answer import (
    Asked,
    Found,
    Row,
    Table,
    count,
    form_words,
    item_words,
    names_of,
    table,
    when,
)
from trialdesk.services.inspection.answer import who as who_wrote
from trialdesk.services.inspection.record_words import Values, place_of, what, why

if TYPE_CHECKING:
    from trialdesk.services.desk import OpenDesk

_HISTORY = (
    ("When", "时间"), ("Who", "操作者"), ("Role", "角色"), ("What", "操作"), ("From", "原值"), ("To", "新值"),
    ("Why", "原因"), ("Record", "记录"),
)  # fmt: skip


def history(desk: OpenDesk, asked: Asked) -> Found:
    """Everything that ever happened to one field; without a field, every field that was changed after its first entry."""
    if asked.path is None or asked.subject is None:
        return _changed(desk)
    study, names = desk.study, names_of(desk)
    values, rows, queries = Values(study), [], set[str]()
    for record in sorted(desk.trail.records(subject=asked.subject), key=record_order):
        before, after = values.step(record)
        if not _about(record, asked.path, queries):
            continue
        role = ROLE_WORDS[Role(record.role)]
        who = who_wrote(names, record)
        changed = isinstance(record.change, ItemCorrected)
        cells = (when(record), who, role, what(record), before, after, why(record), record.id)
        rows.append(Row(cells, changed, (asked.subject, asked.path.form_path, asked.path)))
    now = values.held.get((asked.subject, asked.path), Text(en="empty", zh="未填"))
    title = Text(en="{s}, {form}: {item}", zh="{s}，{form}：{item}").format(
        s=asked.subject, form=form_words(study, asked.path.form_path), item=item_words(study, asked.path)
    )
    says = Text(
        en="It is {now} now; {n} in the trail, {c} of them changes.", zh="现为 {now}；稽查轨迹中 {n}，其中修改 {c} 次。"
    )
    changes = sum(1 for row in rows if row.marked)
    said = Text(
        en=says.en.format(now=now.en, n=count(len(rows), "record", "records"), c=changes),
        zh=says.zh.format(now=now.zh, n=f"{len(rows)} 条记录", c=changes),
    )
    return Found((title, said, _could_change(desk)), (table(title, _HISTORY, rows, (4, 5, 6)),))


def _could_change(desk: OpenDesk) -> Text:
    day = desk.session.today
    able = [one for one in on_day(desk.trail.records(kinds=KINDS), day) if may(one.role, Act.ENTER)]
    return Text(
        en="Today it could be changed by: "
        + (", ".join(f"{one.name.en} ({one.user})" for one in able) or "nobody")
        + ".",
        zh="今天有权修改者：" + ("、".join(f"{one.name.zh}（{one.user}）" for one in able) or "无") + "。",
    )


def _about(record: AuditRecord, path: ItemPath, queries: set[str]) -> bool:
    """True for a record about this field; queries at it are remembered, so that answers to them count."""
    change = record.change
    if isinstance(change, QueryOpened) and path in change.paths:
        queries.add(record.id)
        return True
    if isinstance(change, QueryAnswered | QueryClosed):
        return change.query in queries
    if isinstance(change, RowStruck):
        row = (path.group, path.group_repeat)
        return change.form == path.form_path and (change.group is None or (change.group, change.group_repeat) == row)
    return getattr(change, "path", None) == path or path in getattr(change, "paths", ())


def _changed(desk: OpenDesk) -> Found:
    study, rows = desk.study, []
    names = names_of(desk)
    for subject in desk.subjects():
        for path, known in desk.casebook(subject).data.items.items():
            corrected = [one.record for one in known.entries if isinstance(one.change, ItemCorrected)]
            if not corrected:
                continue
            last = max(corrected, key=record_order)
            who = who_wrote(names, last)
            cells = (
                subject,
                form_words(study, path.form_path),
                item_words(study, path),
                len(corrected),
                when(last),
                who,
            )
            rows.append(Row((*cells, why(last)), place=(subject, path.form_path, path)))
    rows.sort(key=lambda row: str(row.cells[4]), reverse=True)
    heads = (
        ("Participant", "受试者"), ("Form", "表单"), ("Field", "字段"), ("Changes", "修改次数"), ("Last", "最近一次"),
        ("Who", "操作者"), ("Why", "原因"),
    )  # fmt: skip
    says = Text(
        en=f"{count(len(rows), 'field was', 'fields were')} changed by a person after the first entry. Choose a "
        "participant and a field above, or press Enter on a line, to see the whole history.",
        zh=f"首次录入后由人员修改过的字段共 {len(rows)} 个。可在上方选择受试者与字段，或在某行按 Enter 查看完整历史。",
    )
    title = Text(en="Fields that were changed", zh="修改过的字段")
    return Found((says,), (table(title, heads, rows, (1, 2, 6)),))


_AFTER = (
    ("When", "时间"), ("Participant", "受试者"), ("Form", "表单"), ("Field", "字段"), ("What", "操作"), ("From", "原值"),
    ("To", "新值"), ("Why", "原因"), ("Who", "操作者"), ("After", "在此之后"), ("Signed again", "重新签署"),
)  # fmt: skip
_TOUCHING = (ItemEntered, ItemCorrected, ItemDerived, RowStruck, FindingExplained, FormReopened, FormUnlocked)


def after_signature(desk: OpenDesk, asked: Asked) -> Found:
    """Every change of a form after its first signature or lock, with the reason, and whether it was signed again."""
    names, rows, open_forms = names_of(desk), [], set[tuple[str, FormPath]]()
    for subject in desk.subjects():
        records = sorted(desk.trail.records(subject=subject), key=record_order)
        values = Values(desk.study)
        ended: dict[FormPath, AuditRecord] = {}
        signed = [(record_order(r), r, r.change.form) for r in records if isinstance(r.change, FormSigned)]
        for record in records:
            change = record.change
            before, after = values.step(record)
            place = place_of(record)
            form = place.form_path if isinstance(place, ItemPath) else place
            if isinstance(change, FormSigned | FormCertified | FormLocked):
                ended[change.form] = record
            elif form in ended and isinstance(change, _TOUCHING):
                assert form is not None
                again = next((r for order, r, at in signed if at == form and order > record_order(record)), None)
                if again is None:
                    open_forms.add((subject, form))
                last = ended[form]
                since = Text(en="{what} {at}", zh="{at} {what}").format(what=what(last), at=when(last)[:16])
                item = item_words(desk.study, place) if isinstance(place, ItemPath) else Text(en="", zh="")
                who = who_wrote(names, record)
                cells = (
                    when(record), subject, form_words(desk.study, form), item, what(record), before, after,
                    why(record), who, since, when(again)[:16] if again else Text(en="not yet", zh="尚未"),
                )  # fmt: skip
                target = (subject, form, place if isinstance(place, ItemPath) else None)
                rows.append((record_order(record), Row(cells, again is None, target)))
    rows.sort(key=lambda one: one[0], reverse=True)
    says = Text(
        en=f"{count(len(rows), 'change', 'changes')} after a signature or lock; "
        f"{count(len(open_forms), 'form has', 'forms have')} not been signed again since.",
        zh=f"签署或锁定后的更改共 {len(rows)} 项；其中 {len(open_forms)} 张表单此后尚未重新签署。",
    )
    rule = Text(
        en="A form that is locked takes no change: unlocking needs the centre, a reason and a second person, and stands "
        "in this list. What was signed stays kept as its own PDF.",
        zh="锁定的表单不能更改；解锁须由中心操作、说明原因并经第二人同意，均列于此。已签署的 PDF 另行保存，不会被覆盖。",
    )
    title = Text(en="Changes after signature or lock", zh="签署或锁定后的更改")
    found: tuple[Table, ...] = (table(title, _AFTER, [row for _, row in rows], (2, 3, 7)),)
    return Found((says, rule), found)
