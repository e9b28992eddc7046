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
    """One thing that must be so, whether it is, and the sentence that says how it stands."""

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
        yield _told(_FROZEN, _NOT_FROZEN, acts.is_frozen)
        return
    if act == "unlock":
        yield _told(_LOCKED, _NOT_LOCKED, acts.is_locked)
        return
    yield _told(_ANSWERS, _NO_ANSWERS, form in data.by_form)
    if act == "freeze":
        yield _told(_NOT_FROZEN, _FROZEN, not acts.is_frozen)
        return
    yield _told(_NOT_LOCKED, _LOCKED, not acts.is_locked)
    yield _told(_SIGNED, _UNSIGNED, bool(acts.signed))
    if acts.signed:
        changed = len(data.changed_since_signed(form))
        yield _told(_UNCHANGED, _CHANGED.format(n=changed), not changed)
    disputed = sum(1 for path in data.by_form.get(form, ()) if data.items[path].disputed and not data.is_struck(path))
    yield _told(_UNDISPUTED, _DISPUTED.format(n=disputed), not disputed)
    waiting = sum(1 for _ in data.open_queries(form))
    yield _told(_NONE_WAITS, _WAITING.format(n=waiting), not waiting)


def _told(met: Text, unmet: Text, holds: bool) -> Condition:
    return Condition(met if holds else unmet, holds)


_FROZEN = Text(en="The form is held still", zh="表单处于冻结状态")
_NOT_FROZEN = Text(en="The form is not held still", zh="表单未冻结")
_LOCKED = Text(en="The form is locked", zh="表单处于锁定状态")
_NOT_LOCKED = Text(en="The form is not locked", zh="表单未锁定")
_ANSWERS = Text(en="The form holds answers", zh="表单中已有数据")
_NO_ANSWERS = Text(en="The form holds no answer yet", zh="表单中尚无数据")
_SIGNED = Text(en="An investigator has signed it", zh="研究者已签名")
_UNSIGNED = Text(en="No investigator has signed it yet", zh="研究者尚未签名")
_UNCHANGED = Text(en="Nothing was changed since the signature", zh="签名后无更改")
_CHANGED = Text(
    en="Changed since the signature: {n} records. Let it be signed again", zh="签名后有 {n} 处更改，须重新签名"
)
_UNDISPUTED = Text(en="No answer is disputed between laptops", zh="无工作站间争议数据")
_DISPUTED = Text(en="Disputed between laptops: {n} answers", zh="有 {n} 项工作站间争议数据，须先裁定")
_NONE_WAITS = Text(en="No query waits", zh="无待处理质疑")
_WAITING = Text(en="Waiting: {n} queries. Settle them first", zh="有 {n} 条待处理质疑，须先关闭")
