"""What must hold before the centre freezes, thaws, locks or unlocks a form, one condition at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from trialdesk.domain.clinical.subject_data import FormData, SubjectData
from trialdesk.domain.oid import FormPath
from trialdesk.domain.text import Text

FormAct = Literal["freeze", "thaw", "lock", "unlock"]


@dataclass(frozen=True)
class Condition:
    """One sentence that must be true, and whether it is."""

    says: Text
    met: bool


def conditions(data: SubjectData, form: FormPath, act: FormAct) -> tuple[Condition, ...]:
    """The conditions of an act in the order they are settled; roles and the second person are asked elsewhere."""
    return tuple(_conditions(data, form, act))


def ready(data: SubjectData, form: FormPath, act: FormAct) -> bool:
    """True when every condition of an act is met."""
    return all(one.met for one in conditions(data, form, act))


def _conditions(data: SubjectData, form: FormPath, act: FormAct) -> Iterator[Condition]:
    acts = data.forms.get(form, FormData())
    if act == "thaw":
        yield Condition(_FROZEN, acts.is_frozen)
        return
    if act == "unlock":
        yield Condition(_LOCKED, acts.is_locked)
        return
    yield Condition(_ANSWERS, form in data.by_form)
    if act == "freeze":
        yield Condition(_NOT_FROZEN, not acts.is_frozen)
        return
    yield Condition(_NOT_LOCKED, not acts.is_locked)
    yield Condition(_SIGNED, bool(acts.signed))
    changed = len(data.changed_since_signed(form))
    yield Condition(_CHANGED.format(n=changed) if changed else _UNCHANGED, bool(acts.signed) and not changed)
    disputed = sum(1 for path in data.by_form.get(form, ()) if data.items[path].disputed and not data.is_struck(path))
    yield Condition(_DISPUTED.format(n=disputed) if disputed else _UNDISPUTED, not disputed)
    waiting = sum(1 for _ in data.open_queries(form))
    yield Condition(_WAITING.format(n=waiting) if waiting else _NONE_WAITS, not waiting)


_FROZEN = Text(en="The form is held still", zh="表单处于冻结状态")
_NOT_FROZEN = Text(en="The form is not held already", zh="表单尚未冻结")
_LOCKED = Text(en="The form is locked", zh="表单处于锁定状态")
_NOT_LOCKED = Text(en="The form is not locked already", zh="表单尚未锁定")
_ANSWERS = Text(en="The form holds answers", zh="表单中已有数据")
_SIGNED = Text(en="An investigator has signed it", zh="研究者已签名")
_UNCHANGED = Text(en="Nothing was changed since the signature", zh="签名后无更改")
_CHANGED = Text(
    en="Changed since the signature: {n} records. Let it be signed again", zh="签名后有 {n} 处更改，须重新签名"
)
_UNDISPUTED = Text(en="No answer is disputed between laptops", zh="无工作站间争议数据")
_DISPUTED = Text(en="Disputed between laptops: {n} answers", zh="有 {n} 项工作站间争议数据，须先裁定")
_NONE_WAITS = Text(en="No query waits", zh="无待处理质疑")
_WAITING = Text(en="Waiting: {n} queries. Settle them first", zh="有 {n} 条待处理质疑，须先关闭")
