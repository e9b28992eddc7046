"""The conditions of CTCAE clauses and the words that say how a grade came about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from trialdesk.domain.medicine.clause import names
from trialdesk.domain.text import Text

if TYPE_CHECKING:
    from trialdesk.domain.medicine.ctcae import Facts


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact a clause depends on: which, whether it must be so or not, and whether the number may propose without it.

    `assumed`: while the fact is not known the clause counts, because it is the milder of a pair or the only one.
    `lowers`: the question matters although its answer would take a grade away.
    """

    fact: str = ""
    wanted: bool = True
    assumed: bool = False
    question: Text | None = None
    lowers: bool = False

    def met(self, facts: Facts, status: str | None) -> bool | None:
        """True or False where the fact is known, None where it must be asked."""
        if not self.fact:
            return True
        if self.fact in ("normal", "abnormal"):
            return status == self.fact
        answer: bool | None = getattr(facts, self.fact)
        return None if answer is None else answer is self.wanted


CONDITIONS: Mapping[str, Condition] = {
    "": Condition(),
    "baseline_normal": Condition("normal"),
    "baseline_abnormal": Condition("abnormal"),
    "symptomatic": Condition("symptomatic", question=Text(en="Are there signs or symptoms?", zh="是否有症状或体征？")),
    "asymptomatic": Condition("symptomatic", wanted=False, assumed=True),
    "anticoagulated": Condition(
        "anticoagulated",
        question=Text(
            en="Is the participant on an anticoagulant? Then compare with the baseline INR.",
            zh="是否正在使用抗凝药？若是，须与基线 INR 比较。",
        ),
    ),
    "consequences": Condition(
        "consequences", question=Text(en="Are there physiologic consequences?", zh="是否有生理学后果？")
    ),
    "no_consequences": Condition("consequences", wanted=False, assumed=True),
    "no_intervention": Condition(
        "intervention",
        wanted=False,
        assumed=True,
        question=Text(
            en="Was treatment started? Then this criterion does not apply.", zh="是否已开始治疗？若是，则不适用本标准。"
        ),
        lowers=True,
    ),
    "over_24_h": Condition(
        "over_24_h", question=Text(en="Did it last longer than 24 hours?", zh="是否持续超过 24 小时？")
    ),
    "within_24_h": Condition("over_24_h", wanted=False, assumed=True),
    "adult": Condition("adolescent", wanted=False, assumed=True),
    "adolescent": Condition("adolescent"),
}

_NAMED = {
    "V": Text(en="value", zh="数值"),
    "LLN": Text(en="lower limit of normal", zh="正常值下限"),
    "ULN": Text(en="upper limit of normal", zh="正常值上限"),
    "BASE": Text(en="baseline", zh="基线值"),
    "PCHG": Text(en="percent change from baseline", zh="较基线变化百分比"),
    "SBP": Text(en="systolic pressure", zh="收缩压"),
    "DBP": Text(en="diastolic pressure", zh="舒张压"),
    "DBP_BASE": Text(en="baseline diastolic pressure", zh="基线舒张压"),
    "ANC": Text(en="neutrophil count", zh="中性粒细胞计数"),
    "TEMP": Text(en="temperature", zh="体温"),
    "SUSTAINED38": Text(en="38.0 degC or more for over an hour", zh="体温 ≥38.0 ℃ 持续 1 小时以上"),
}
Known = Mapping[str, Decimal | bool | None]


def _spoken(expression: str, known: Known) -> Text:
    """`V > 3*ULN` as `value > 3 x ULN (value 130, ULN 40)`."""
    short = {"V": ("value", "数值"), "BASE": ("baseline", "基线"), "PCHG": ("change %", "变化 %")}
    en, zh = expression.replace("*", " x "), expression.replace("*", " × ")
    for name, (english, chinese) in short.items():
        en, zh = re.sub(rf"\b{name}\b", english, en), re.sub(rf"\b{name}\b", chinese, zh)
    order = [name for name in _NAMED if name in names(expression)]
    found = {name: known[name] for name in order if known.get(name) is not None}
    english = ", ".join(f"{short.get(n, (n, n))[0]} {_shown(v)}" for n, v in found.items())
    chinese = "，".join(f"{short.get(n, (n, n))[1]} {_shown(v)}" for n, v in found.items())
    return Text(en=f"{en} ({english})", zh=f"{zh}（{chinese}）")


def _shown(value: Decimal | bool | None) -> str:
    if isinstance(value, Decimal):
        text = f"{round(value, 4).normalize():f}"
        return text
    return "yes" if value else "no"


def _missing(expressions: Sequence[str], known: Known) -> Text:
    lacking = sorted({name for one in expressions for name in names(one) if known.get(name) is None})
    return Text(en=", ".join(_NAMED[n].en for n in lacking), zh="、".join(_NAMED[n].zh for n in lacking))


def missing_words(expressions: Sequence[str], known: Known) -> Text:
    """What has to be known before the value can be graded."""
    return Text(en="Cannot be graded without: {missing}.", zh="缺少以下数据，无法分级：{missing}。").format(
        missing=_missing(expressions, known)
    )


def in_words(decided: str | None, grade: int, known: Known, higher: Sequence[str]) -> Text:
    """Which clause decided, and whether something not known could make the grade higher."""
    if decided is None:
        return Text(en="No criterion is met.", zh="未达到任何分级标准。")
    said = Text(en="Grade {grade}: {clause}.", zh="{grade} 级：{clause}。").format(
        grade=grade, clause=_spoken(decided, known)
    )
    if not higher:
        return said
    more = Text(en=" Could be higher; not known: {missing}.", zh="可能更高；未知：{missing}。").format(
        missing=_missing(higher, known)
    )
    return Text(en=said.en + more.en, zh=said.zh + more.zh)
