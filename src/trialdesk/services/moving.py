"""What a draft would look like under a newer study release, shown before a person moves it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from trialdesk.domain.clinical.form_status import FormStatus
from trialdesk.domain.oid import FormPath
from trialdesk.domain.rules.assess import assess_form
from trialdesk.domain.rules.rulebook import Rulebook
from trialdesk.domain.study.amendment import Difference, differences
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook


@dataclass(frozen=True)
class MoveOffer:
    """From which release to which a draft can be moved, and every change the person would see, in words."""

    before: str
    version: str
    lines: tuple[Text, ...]


def move_offer(casebook: Casebook, form: FormPath) -> MoveOffer | None:
    """What moving this form would change; None where it is no draft or no newer release is in effect for it."""
    if casebook.status(form) is not FormStatus.DRAFT or (form, None, 1) in casebook.data.struck:
        return None
    newer = casebook.session.book.newer(casebook.data, casebook.session.today, form)
    if newer is None:
        return None
    now = casebook.book(form)
    lines = (*form_changes(now.study, newer.study, form.form), *_effects(casebook, form, now, newer))
    return MoveOffer(now.study.version, newer.study.version, lines or (_NOTHING,))


def form_changes(old: Study, new: Study, form: str) -> Iterator[Text]:
    """What one release asks otherwise than another on one form."""
    mine = {name for name, (where, _, _) in new.place.items() if where.oid == form}
    for one in differences(old, new):
        if one.what == "item" and one.form == form:
            yield _item(one, old, new)
        elif one.what == "rule":
            rule = new.rule.get(one.name) or old.rule[one.name]
            if getattr(rule, "item", None) in mine or mine.intersection(getattr(rule, "items", ())):
                yield _RULE[one.act].format(rule=one.name, says=rule.says)


def _item(one: Difference, old: Study, new: Study) -> Text:
    if one.act == "added":
        item = new.item(one.name)
        words = _ADDED_OPTIONAL if item.optional else _ADDED
        return words.format(label=item.label)
    if one.name in old.place and one.name in new.place and old.item(one.name).label != new.item(one.name).label:
        return _REWORDED.format(before=old.item(one.name).label, label=new.item(one.name).label)
    return _CHANGED.format(label=(new if one.name in new.place else old).item(one.name).label)


def _effects(casebook: Casebook, form: FormPath, now: Rulebook, newer: Rulebook) -> Iterator[Text]:
    """What the rules would say more or no longer, and answers that would not be asked any more."""
    data, today = casebook.data, casebook.session.today
    before, after = (assess_form(book, data, form, today) for book in (now, newer))
    said = [{(f.path, f.rule): f for f in one.to_finish} for one in (before, after)]
    for key in sorted(said[1].keys() - said[0].keys()):
        if key[0].item in now.study.place:
            label = newer.study.item(key[0].item).label
            yield _NEW_FINDING.format(label=label, says=said[1][key].says)
    if gone := len(said[0].keys() - said[1].keys()):
        yield _GONE_FINDINGS.format(n=gone)
    for path in sorted(after.skipped.keys() - before.skipped.keys()):
        if path in data.items:
            yield _PARKED.format(label=newer.study.item(path.item).label)


_NOTHING = Text(en="Nothing on this form is asked otherwise.", zh="本表单的题目没有变化。")
_ADDED = Text(en="New question: {label}", zh="新增题目：{label}")
_ADDED_OPTIONAL = Text(en="New question, may stay empty: {label}", zh="新增题目（可不填）：{label}")
_REWORDED = Text(en="Reworded: {before} becomes {label}", zh="改写：{before} 改为 {label}")
_CHANGED = Text(en="Asked otherwise: {label}", zh="题目设置有变：{label}")
_RULE = {
    "added": Text(en="New check {rule}: {says}", zh="新增核查 {rule}：{says}"),
    "changed": Text(en="Check changed {rule}: {says}", zh="核查有变 {rule}：{says}"),
    "removed": Text(en="Check dropped {rule}: {says}", zh="取消核查 {rule}：{says}"),
}
_NEW_FINDING = Text(en="Would be pointed out: {label}. {says}", zh="将出现提示：{label}。{says}")
_GONE_FINDINGS = Text(en="{n} remarks would no longer stand.", zh="{n} 条提示将不再出现。")
_PARKED = Text(en="No longer asked, the answer stays on record: {label}", zh="不再询问，已有答案保留在案：{label}")
