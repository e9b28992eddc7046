"""Chronic GVHD by the NIH consensus of 2014: organ scores from what was measured, and global severity."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.domain.medicine.renal import BILIRUBIN_UMOL_PER_MG_DL
from trialdesk.domain.medicine.told import Told, said
from trialdesk.domain.medicine.units import canonical

ORGANS = ("skin", "mouth", "eyes", "gi", "liver", "lungs", "joints", "genital")
LEFT_OUT = "x"
"""Score of an organ whose findings are wholly explained by another documented cause: it does not count."""
_NAMES = ("none", "mild", "moderate", "severe")


def skin_score(bsa_pct: Decimal | None, sclerosis: str | None) -> Told:
    """Skin score 0 to 3: the higher of surface and sclerosis (`none`, `superficial`, `deep`).

    Surface: 0 none, 1 up to 18%, 2 up to 50%, 3 above. Superficial sclerosis (can be pinched) is 2; deep sclerosis,
    hidebound skin, impaired mobility or ulceration is 3. Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form.
    """
    surface = None if bsa_pct is None else 0 if bsa_pct == 0 else 1 if bsa_pct <= 18 else 2 if bsa_pct <= 50 else 3
    hard = {"none": 0, "superficial": 2, "deep": 3}.get(sclerosis or "")
    return _highest((surface, hard), "Surface and sclerosis, the higher.", "体表面积与硬化程度取较高者。")


def eyes_score(
    dry_eye: bool | None,
    daily_life: str | None,
    drops_per_day: Decimal | None,
    plugs: bool | None,
    vision_loss: bool | None,
    unable_to_work: bool | None,
) -> Told:
    """Eye score 0 to 3. `daily_life`: `none`, `partly` or `significant` interference; drops per day.

    3: significant, or unable to work, or vision lost by dry eye. 2: partly, or drops more than 3 a day, or punctal plugs.
    1: dry eye with drops up to 3 a day. Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form.
    """
    if dry_eye is False and daily_life in (None, "none"):
        return said("0", "No dry eye.", "无干眼。")
    often = None if drops_per_day is None else drops_per_day > 3
    return _steps(
        ((None if daily_life is None else daily_life == "significant", 3), (unable_to_work, 3), (vision_loss, 3),
         (None if daily_life is None else daily_life == "partly", 2), (often, 2), (plugs, 2), (dry_eye, 1)),
        "Dry eye, drops, plugs, vision and daily life.", "干眼、滴眼次数、泪点栓、视力及日常生活影响。",
    )  # fmt: skip


def gi_score(
    symptoms: bool | None,
    weight_loss_pct: Decimal | None,
    diarrhoea: str | None,
    supplement_most: bool | None,
    dilation: bool | None,
) -> Told:
    """GI score 0 to 3. Weight loss in % over 3 months; diarrhoea `none`, `moderate` or `severe` (disturbs daily life).

    3: loss above 15%, supplement for most calories, oesophageal dilation or severe diarrhoea. 2: loss from 5 to 15% or
    moderate diarrhoea. 1: symptoms with loss below 5%. Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form.
    """
    loss = weight_loss_pct
    severe = None if diarrhoea is None else diarrhoea == "severe"
    moderate = None if diarrhoea is None else diarrhoea == "moderate"
    if symptoms is False:
        loss, severe, moderate = loss or Decimal(0), severe or False, moderate or False
        supplement_most, dilation = supplement_most or False, dilation or False
    return _steps(
        ((None if loss is None else loss > 15, 3), (supplement_most, 3), (dilation, 3), (severe, 3),
         (None if loss is None else loss >= 5, 2), (moderate, 2), (symptoms, 1)),
        "Symptoms, weight loss over 3 months, diarrhoea.", "症状、3 个月体重下降及腹泻。",
    )  # fmt: skip


def liver_score(
    bilirubin: Decimal | None,
    bilirubin_unit: str | None,
    bilirubin_uln: Decimal | None,
    alt: Decimal | None,
    alt_uln: Decimal | None,
    alp: Decimal | None,
    alp_uln: Decimal | None,
) -> Told:
    """Liver score 0 to 3. Bilirubin and its ULN in mg/dL or umol/L, ALT and AP each with its ULN in one unit.

    3: bilirubin above 3 mg/dL (umol/L divided by 17.1, not rounded). 2: bilirubin above ULN, or ALT above 5 x ULN. 1: ALT
    or AP from 3 x ULN. AP alone never makes more than 1. Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form.
    """
    factor = {"mg/dl": Decimal(1), "umol/l": BILIRUBIN_UMOL_PER_MG_DL}.get(canonical(bilirubin_unit))
    if bilirubin is not None and factor is None:
        return said(None, "The unit of bilirubin must be mg/dL or umol/L.", "胆红素单位须为 mg/dL 或 μmol/L。")
    high = None if bilirubin is None or factor is None else bilirubin > 3 * factor
    raised = None if bilirubin is None or bilirubin_uln is None else bilirubin > bilirubin_uln
    times_alt = alt / alt_uln if alt is not None and alt_uln else None
    times_alp = alp / alp_uln if alp is not None and alp_uln else None
    return _steps(
        ((high, 3), (raised, 2), (None if times_alt is None else times_alt > 5, 2),
         (None if times_alt is None else times_alt >= 3, 1), (None if times_alp is None else times_alp >= 3, 1)),
        "Bilirubin, ALT and AP against their limits.", "胆红素、ALT、ALP 与正常值上限比较。",
    )  # fmt: skip


def lung_score(fev1_pct: Decimal | None, symptoms: str | None) -> Told:
    """Lung score 0 to 3: FEV1 in % of predicted where lung function was tested, else by symptoms, marked so.

    FEV1: 0 from 80, 1 from 60, 2 from 40, 3 below. Symptoms: `none`, `one_flight`, `flat`, `rest` (or oxygen). With lung
    function the symptoms are recorded beside it and do not count. Source: Jagasia et al., BBMT 2015;21:389-401; NCI
    Thesaurus C225388.
    """
    if fev1_pct is not None:
        score = "0" if fev1_pct >= 80 else "1" if fev1_pct >= 60 else "2" if fev1_pct >= 40 else "3"
        return said(score, f"FEV1 {fev1_pct:f}% of predicted.", f"FEV1 占预计值 {fev1_pct:f}%。")
    found = {"none": "0", "one_flight": "1", "flat": "2", "rest": "3"}.get(symptoms or "")
    if found is None:
        return said(None, "Neither FEV1 nor symptoms are known.", "FEV1 及症状均未知。")
    return said(found, "By symptoms, without lung function.", "无肺功能结果，按症状评分。")


def joint_score(tightness: str | None, range_of_motion: str | None, daily_life: str | None) -> Told:
    """Joint and fascia score 0 to 3 from tightness (`none`, `mild`, `moderate`, `contracture`), loss of motion (`none`,
    `mild`, `moderate`, `severe`) and limits of daily life (`none`, `moderate`, `severe`).

    3 needs contractures with severe loss of motion and severe limits; 2 tightness with moderate loss and limits; 1 any
    tightness, motion normal or mildly less, daily life free. P-ROM photographs are recorded and do not count.
    Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form; PMC4014356, table 1.
    """
    tight = {"none": 0, "mild": 1, "moderate": 2, "contracture": 3}.get(tightness or "")
    motion = {"none": 0, "mild": 1, "moderate": 2, "severe": 3}.get(range_of_motion or "")
    life = {"none": 0, "moderate": 2, "severe": 3}.get(daily_life or "")
    if tight is None or motion is None or life is None:
        return said(None, "Tightness, motion and daily life are all needed.", "须同时填写紧绷、活动度及日常生活影响。")
    if tight == motion == life == 0:
        return said("0", "No tightness.", "无紧绷。")
    score = 3 if tight == motion == life == 3 else 2 if motion >= 2 and life >= 2 else 1
    if score == 1 and (motion >= 2 or life >= 2):
        return said(
            None, "Motion and daily life fit no single score: choose it.", "活动度与日常生活影响不一致，请人工评分。"
        )
    return said(str(score), "Tightness, motion and daily life.", "紧绷、活动度及日常生活影响。")


def _highest(scores: tuple[int | None, ...], en: str, zh: str) -> Told:
    known = [score for score in scores if score is not None]
    if not known:
        return said(None, "Not assessed.", "未评估。")
    top = max(known)
    return said(str(top), en, zh, at_least=None in scores and top < 3)


def _steps(steps: tuple[tuple[bool | None, int], ...], en: str, zh: str) -> Told:
    """The highest score with a true sign; a lower bound where a sign of a higher score is not known."""
    reached = max((score for sign, score in steps if sign), default=0)
    open_above = any(sign is None and score > reached for sign, score in steps)
    if reached == 0 and all(sign is None for sign, _ in steps):
        return said(None, "Not assessed.", "未评估。")
    return said(str(reached), en, zh, at_least=open_above)


def severity(
    skin: str | None,
    mouth: str | None,
    eyes: str | None,
    gi: str | None,
    liver: str | None,
    lungs: str | None,
    joints: str | None,
    genital: str | None,
) -> Told:
    """Global severity none, mild, moderate or severe from the organ scores `0` to `3`.

    Severe: any organ 3, or lungs 2. Moderate: any other organ 2, or three organs or more at 1, or lungs 1. Mild: one or
    two organs at 1. An organ not assessed is never 0: it can only make it worse, so the result is "at least". `x` leaves
    an organ out that another documented cause explains wholly; performance status does not count.
    Source: Jagasia et al., BBMT 2015;21:389-401, global severity; NCI Thesaurus C225388.
    """
    scores = (skin, mouth, eyes, gi, liver, lungs, joints, genital)
    others = (skin, mouth, eyes, gi, liver, joints, genital)
    missing = scores.count(None)
    if missing == len(scores):
        return said(None, "No organ was assessed.", "各器官均未评估。")
    if "3" in scores or lungs == "2":
        return said("severe", "An organ at 3, or lungs at 2.", "有器官 3 分，或肺 2 分。")
    moderate = "2" in others or lungs == "1" or scores.count("1") >= 3
    level = 2 if moderate else 1 if "1" in others else 0
    en, zh = (
        f"{scores.count('1')} organ(s) at 1, {others.count('2')} at 2.",
        f"1 分 {scores.count('1')} 个，2 分 {others.count('2')} 个。",
    )
    if missing:
        en, zh = f"{en} {missing} organ(s) not assessed.", f"{zh}{missing} 个器官未评估。"
    return said(_NAMES[level], en, zh, at_least=missing > 0)


def settled_severity(
    skin: str | None,
    mouth: str | None,
    eyes: str | None,
    gi: str | None,
    liver: str | None,
    lungs: str | None,
    joints: str | None,
    genital: str | None,
) -> str | None:
    """NONE, MILD, MODERATE or SEVERE where no organ that was not assessed can change it, else None.

    Source: Jagasia et al., BBMT 2015;21:389-401, global severity.
    """
    told = severity(skin, mouth, eyes, gi, liver, lungs, joints, genital).exact
    return None if told is None else told.upper()


def least_severity(
    skin: str | None,
    mouth: str | None,
    eyes: str | None,
    gi: str | None,
    liver: str | None,
    lungs: str | None,
    joints: str | None,
    genital: str | None,
) -> str | None:
    """Severity as it is recorded while organs are not assessed: `MODERATE`, or `>=MODERATE` for at least moderate.

    None when no organ was assessed. Source: Jagasia et al., BBMT 2015;21:389-401; "at least" is the study's.
    """
    told = severity(skin, mouth, eyes, gi, liver, lungs, joints, genital)
    if told.value is None:
        return None
    return f">={told.value.upper()}" if told.at_least else told.value.upper()


def not_assessed(
    skin: str | None,
    mouth: str | None,
    eyes: str | None,
    gi: str | None,
    liver: str | None,
    lungs: str | None,
    joints: str | None,
    genital: str | None,
) -> int:
    """How many of the eight organs were not assessed. Source: Jagasia et al., BBMT 2015;21:389-401, organ scoring form."""
    return (skin, mouth, eyes, gi, liver, lungs, joints, genital).count(None)
