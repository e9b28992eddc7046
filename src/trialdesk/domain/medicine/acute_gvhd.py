"""Acute GVHD by MAGIC: organ stages from what was seen and measured, and the overall grade from the stages."""

from __future__ import annotations

from decimal import Decimal

from trialdesk.domain.medicine.told import Told, said
from trialdesk.domain.medicine.units import canonical

ML_PER_EPISODE = Decimal(200)
"""Volume of an episode that was not measured, adult or child of 50 kg and more (MAGIC)."""
ML_PER_KG_EPISODE = Decimal(3)
"""Volume per kg of an episode that was not measured, child below 50 kg (MAGIC)."""
ADULT_KG = Decimal(50)
"""Above this weight a child's stool is judged by the adult volumes (PDQ)."""

_LIVER = {"mg/dl": ("2", "3", "6", "15"), "umol/l": ("34", "50", "102", "255")}
_VOLUME = {"adult": ("500", "1000", "1500"), "child": ("10", "20", "30")}
_EPISODES = {"adult": ("3", "5", "7"), "child": ("4", "7", "10")}


def skin_stage(
    bsa_pct: Decimal | None, erythroderma: bool | None, bullae: bool | None, desquamation_over_5: bool | None
) -> Told:
    """Skin stage 0 to 4 from active erythema in % of body surface, bullae, and desquamation above 5%.

    0 none, 1 below 25, 2 from 25 to 50, 3 above 50; 4 is erythroderma (above 50%) and bullae and desquamation above 5%,
    all three. Bullae on 50% or less stay at the stage of the surface. Erythroderma that was not recorded follows from a
    surface above 50%. Source: Harris et al., BBMT 2016;22:4-10, table 1; limits as PDQ, NBK577669, table 4.
    """
    wide = bsa_pct > 50 if bsa_pct is not None else (True if erythroderma else None)
    if bsa_pct is not None and bsa_pct <= 50:
        stage = "0" if bsa_pct == 0 else "1" if bsa_pct < 25 else "2"
        return said(stage, f"Active erythema {bsa_pct:f}% of body surface.", f"活动性红斑占体表面积 {bsa_pct:f}%。")
    if wide is None:
        return said(None, "The surface of the rash is not known.", "皮疹面积未知。")
    parts = (erythroderma if erythroderma is not None else True, bullae, desquamation_over_5)
    if False in parts:
        return said(
            "3", "Above 50% of body surface without all signs of stage 4.", "红斑 >50%，未同时具备 4 级各项表现。"
        )
    if None in parts:
        return said(
            "3", "Bullae or desquamation is not known: could be 4.", "水疱或表皮剥脱未知，可能为 4 级。", at_least=True
        )
    return said("4", "Erythroderma with bullae and desquamation above 5%.", "全身红皮病伴水疱，且表皮剥脱 >5%。")


def liver_stage(bilirubin: Decimal | None, bilirubin_unit: str | None) -> Told:
    """Liver stage 0 to 4 from total bilirubin, in the unit it was reported in, never converted.

    mg/dL: 0 below 2, 1 to 3, 2 to 6, 3 to 15, 4 above. umol/L: 0 below 34, 1 to 50, 2 to 102, 3 to 255, 4 above. The upper
    limits belong to the lower stage. Source: Harris et al., BBMT 2016;22:4-10, table 1 (mg/dL); the umol/L limits are
    the printed ones of the same bands.
    """
    limits = _LIVER.get(canonical(bilirubin_unit))
    if bilirubin is None:
        return said(None, "Bilirubin is not known.", "胆红素未知。")
    if limits is None:
        return said(None, "The unit of bilirubin must be mg/dL or umol/L.", "胆红素单位须为 mg/dL 或 μmol/L。")
    normal, *upper = (Decimal(limit) for limit in limits)
    stage = 0 if bilirubin < normal else 1 + sum(bilirubin > limit for limit in upper)
    return said(str(stage), f"Bilirubin {bilirubin:f} {bilirubin_unit}.", f"胆红素 {bilirubin:f} {bilirubin_unit}。")


def upper_gi_stage(upper_gi: str | None) -> Told:
    """Upper GI stage: 1 for `persistent` nausea, vomiting or anorexia, 0 for `intermittent` or `none`; there is no 2 to 4.

    Source: Harris et al., BBMT 2016;22:4-10, table 1.
    """
    if upper_gi == "persistent":
        return said("1", "Persistent nausea, vomiting or anorexia.", "持续恶心、呕吐或厌食。")
    if upper_gi in ("intermittent", "none"):
        return said("0", "No persistent nausea, vomiting or anorexia.", "无持续恶心、呕吐或厌食。")
    return said(None, "Nausea, vomiting and anorexia are not known.", "恶心、呕吐、厌食情况未知。")


def upper_gi_persistent(
    nausea_days: Decimal | None,
    vomiting_per_day: Decimal | None,
    vomiting_days: Decimal | None,
    anorexia: bool | None,
    weight_loss: bool | None,
    needed_vomiting_days: Decimal = Decimal(2),
) -> bool | None:
    """True when upper GI symptoms are persistent, None while that cannot be told.

    Nausea for 3 days or more, or two or more vomiting episodes a day for `needed_vomiting_days` (a study setting, 2), or
    anorexia with weight loss. Source: Harris et al., BBMT 2016;22:4-10, table 1 and text.
    """
    nausea = None if nausea_days is None else nausea_days >= 3
    often = None if vomiting_per_day is None else vomiting_per_day >= 2
    long = None if vomiting_days is None else vomiting_days >= needed_vomiting_days
    vomiting = False if False in (often, long) else None if None in (often, long) else True
    wasting = False if False in (anorexia, weight_loss) else None if None in (anorexia, weight_loss) else True
    signs = (nausea, vomiting, wasting)
    return True if True in signs else None if None in signs else False


def lower_gi_stage(
    population: str | None,
    weight_kg: Decimal | None,
    stool_ml_day: Decimal | None,
    episodes_day: Decimal | None,
    severe_pain: bool | None,
    grossly_bloody: bool | None,
    unmeasured_episodes: Decimal | None = None,
) -> Told:
    """Lower GI stage 0 to 4 from stool volume in mL a day, or episodes a day where no volume was measured.

    Adult: 0 below 500 mL (3 episodes), 1 below 1000 (5), 2 up to 1500 (7), 3 above. Child, per kg: 0 below 10 mL (4
    episodes), 1 below 20 (7), 2 up to 30 (10), 3 above. Severe abdominal pain (with or without ileus) or grossly bloody
    stool is 4 whatever the volume; either not known leaves the rest a lower bound. Volume counts where it was measured;
    each further episode without a measure adds 200 mL, in a child below 50 kg 3 mL/kg. Not known whether adult or
    child: above 50 kg the adult volumes hold for both. Source: Harris et al., BBMT 2016;22:4-10, table 1; volumes,
    episodes and children as PDQ, NBK577669, table 4.
    """
    if severe_pain or grossly_bloody:
        return said("4", "Severe abdominal pain or grossly bloody stool.", "重度腹痛或肉眼血便。")
    told = _by_amount(population, weight_kg, stool_ml_day, episodes_day, unmeasured_episodes)
    if told.value is None or (severe_pain is False and grossly_bloody is False):
        return told
    en = f"{told.why.en} Severe pain or gross blood is not known: could be 4."
    return said(told.value, en, f"{told.why.zh}重度腹痛或肉眼血便未知，可能为 4 级。", at_least=True)


def _by_amount(
    population: str | None,
    weight_kg: Decimal | None,
    stool_ml_day: Decimal | None,
    episodes_day: Decimal | None,
    unmeasured: Decimal | None,
) -> Told:
    if population is None and weight_kg is not None and weight_kg > ADULT_KG:
        population = "adult"
    if population is None:
        either = [_by_amount(one, weight_kg, stool_ml_day, episodes_day, unmeasured) for one in ("adult", "child")]
        if either[0].value == either[1].value:
            return either[0]
        return said(None, "Adult or child is not known.", "未注明成人或儿童。")
    if stool_ml_day is not None:
        volume = stool_ml_day + (unmeasured or 0) * _episode_ml(population, weight_kg)
        if population == "adult":
            return _stage(volume, _VOLUME["adult"], f"{volume:f} mL a day", f"每日 {volume:f} mL")
        if weight_kg:
            per_kg = volume / weight_kg
            return _stage(per_kg, _VOLUME["child"], f"{per_kg:.4g} mL/kg a day", f"每日 {per_kg:.4g} mL/kg")
        if episodes_day is None:
            return said(None, "The weight is needed for mL/kg.", "需要体重以计算 mL/kg。")
    if episodes_day is None:
        return said(None, "Neither volume nor episodes are known.", "腹泻量及次数均未知。")
    return _stage(episodes_day, _EPISODES[population], f"{episodes_day:f} episodes a day", f"每日 {episodes_day:f} 次")


def _episode_ml(population: str, weight_kg: Decimal | None) -> Decimal:
    if population == "child" and weight_kg is not None and weight_kg < ADULT_KG:
        return ML_PER_KG_EPISODE * weight_kg
    return ML_PER_EPISODE


def _stage(amount: Decimal, limits: tuple[str, ...], en: str, zh: str) -> Told:
    one, two, three = (Decimal(limit) for limit in limits)
    stage = "0" if amount < one else "1" if amount < two else "2" if amount <= three else "3"
    return said(stage, f"{en}.", f"{zh}。")


def population(age_years: Decimal | None, weight_kg: Decimal | None) -> str | None:
    """`adult` from 18 years, and below that above 50 kg; else `child`; None while it cannot be told.

    Source: adult volumes above 50 kg, PDQ NBK577669; the age is a study setting.
    """
    if (age_years is not None and age_years >= 18) or (weight_kg is not None and weight_kg > ADULT_KG):
        return "adult"
    return None if age_years is None or weight_kg is None else "child"


def grade(skin: str | None, liver: str | None, upper_gi: str | None, lower_gi: str | None) -> Told:
    """Overall grade 0, I, II, III or IV from the stages `0` to `4` (upper GI `0` or `1`).

    IV: stage 4 of skin, liver or lower GI. III: liver or lower GI 2 or 3. II: skin 3, or stage 1 of liver, upper or
    lower GI. I: skin 1 or 2 alone. Not the highest stage: skin 3 alone is II, lower GI 2 alone is III. An organ that is
    missing makes it "at least", unless IV is reached. Source: Harris et al., BBMT 2016;22:4-10, table 2.
    """
    organs = (skin, liver, upper_gi, lower_gi)
    missing = organs.count(None)
    if missing == 4:
        return said(None, "No organ was staged.", "各器官均未分级。")
    if "4" in (skin, liver, lower_gi):
        return said("IV", "Stage 4 of an organ.", "有器官达 4 级。")
    if liver in ("2", "3") or lower_gi in ("2", "3"):
        found = "III"
    elif skin == "3" or "1" in (liver, upper_gi, lower_gi):
        found = "II"
    else:
        found = "I" if skin in ("1", "2") else "0"
    if missing:
        return said(found, f"{missing} organ(s) not staged.", f"{missing} 个器官未分级。", at_least=True)
    stages = "/".join(str(organ) for organ in organs)
    return said(found, f"Skin/liver/upper GI/lower GI {stages}.", f"皮肤/肝脏/上消化道/下消化道 {stages}。")


def settled_grade(skin: str | None, liver: str | None, upper_gi: str | None, lower_gi: str | None) -> str | None:
    """The overall grade where no missing organ can change it, else None.

    Source: Harris et al., BBMT 2016;22:4-10, table 2.
    """
    told = grade(skin, liver, upper_gi, lower_gi)
    if told.value == "III" and upper_gi is None and None not in (skin, liver, lower_gi):
        return "III"
    return told.exact


def least_grade(skin: str | None, liver: str | None, upper_gi: str | None, lower_gi: str | None) -> str | None:
    """The overall grade as it is recorded while organs are missing: `II`, or `>=II` for at least II; None without any organ.

    Source: Harris et al., BBMT 2016;22:4-10, table 2; "at least" is the study's.
    """
    told = grade(skin, liver, upper_gi, lower_gi)
    settled = settled_grade(skin, liver, upper_gi, lower_gi)
    return settled if settled is not None else None if told.value is None else f">={told.value}"
