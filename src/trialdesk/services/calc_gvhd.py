"""Acute and chronic GVHD as methods of `trialdesk calc`."""

from __future__ import annotations

from trialdesk.domain.medicine import acute_gvhd, chronic_gvhd, gvhd_episode
from trialdesk.services.calc import Cells, Method, RowMethod
from trialdesk.services.calc_binding import Result, answered, logicals, numbers, reason, told
from trialdesk.services.calc_cells import column

MAGIC = "Harris et al., BBMT 2016;22:4-10, table 1 (MAGIC); stool volumes and children as PDQ NBK577669, table 4"
MAGIC_GRADE = "Harris et al., BBMT 2016;22:4-10, table 2 (MAGIC)"
NIH = "Jagasia et al., BBMT 2015;21:389-401 (NIH 2014), organ scoring form"
_STAGES = "0 1 2 3 4"
_SCORES = "0 1 2 3 x=excluded=other_cause"


def _stage(cells: Cells) -> Result:
    organ = cells["organ"]
    if organ is None:
        return {}, reason("The organ is missing.", "缺少器官。")
    peeling = None if cells["desquamation_pct"] is None else cells["desquamation_pct"] > 5
    given = {
        "skin": (acute_gvhd.skin_stage, "bsa_pct erythroderma bullae desquamation_over_5"),
        "liver": (acute_gvhd.liver_stage, "bilirubin bilirubin_unit"),
        "upper_gi": (acute_gvhd.upper_gi_stage, "upper_gi"),
        "lower_gi": (
            acute_gvhd.lower_gi_stage,
            "population weight_kg stool_ml_day episodes_day severe_pain grossly_bloody unmeasured_episodes",
        ),
    }
    function, names = given[organ]
    found, why = told("stage", function, names)({**cells, "desquamation_over_5": peeling})  # type: ignore[arg-type]
    # A table states the stage of what was measured; that signs of stage 4 were not answered stands in the reason.
    measured = {"skin": ("bsa_pct",), "lower_gi": ("stool_ml_day", "episodes_day", "unmeasured_episodes")}
    if any(cells[name] is not None for name in measured.get(organ, ())):
        found = {name: text.removeprefix("at least ") for name, text in found.items()}
    return found, why


GVHD: tuple[Method, ...] = (
    RowMethod(
        "acute_gvhd.stage",
        (
            column(
                "organ", "word", "skin=皮肤 liver=肝=肝脏 upper_gi=ugi=upper=上消化道 lower_gi=lgi=lower=gut=下消化道"
            ),
            *numbers("bsa_pct", "0", "100"),
            *logicals("erythroderma bullae"),
            *numbers("desquamation_pct", "0", "100"),
            *numbers("bilirubin"),
            column("bilirubin_unit", "text"),
            column("upper_gi", "word", "persistent=持续 intermittent=间歇=间断 none=无=no"),
            column("population", "word", "adult=成人 child=儿童=pediatric=paediatric"),
            *numbers("weight_kg", "0.5", "400"),
            *numbers("stool_ml_day episodes_day"),
            *logicals("severe_pain grossly_bloody"),
            *numbers("unmeasured_episodes"),
        ),
        ("stage",),
        _stage,
        MAGIC,
    ),
    RowMethod(
        "acute_gvhd.grade",
        (
            column("skin", "word", _STAGES),
            column("liver", "word", _STAGES),
            column("upper_gi", "word", "0 1"),
            column("lower_gi", "word", _STAGES),
        ),
        ("grade",),
        told("grade", acute_gvhd.grade, "skin liver upper_gi lower_gi"),
        MAGIC_GRADE,
    ),
    RowMethod(
        "acute_gvhd.upper_gi_persistent",
        (*numbers("nausea_days vomiting_per_day vomiting_days"), *logicals("anorexia weight_loss")),
        ("persistent",),
        answered(
            "persistent",
            acute_gvhd.upper_gi_persistent,
            "nausea_days vomiting_per_day vomiting_days anorexia weight_loss",
        ),
        MAGIC,
    ),
    RowMethod(
        "acute_gvhd.confidence",
        (
            column(
                "biopsy", "word", "POS=positive EQUIV=equivocal NONDIAG=non-diagnostic NOTGVHD=not_gvhd NOTDONE=none"
            ),
            *logicals("treated other_cause_proven resolved_untreated"),
        ),
        ("confidence",),
        answered("confidence", gvhd_episode.confidence, "biopsy treated other_cause_proven resolved_untreated"),
        "Harris et al., BBMT 2016;22:4-10, table 3 (MAGIC)",
    ),
    RowMethod(
        "acute_gvhd.class",
        (*numbers("days_after_cells"), *logicals("acute_features chronic_features")),
        ("class",),
        answered("class", gvhd_episode.gvhd_class, "days_after_cells acute_features chronic_features"),
        "Jagasia et al., BBMT 2015;21:389-401; Harris et al., BBMT 2016;22:4-10",
    ),
    RowMethod(
        "chronic_gvhd.severity",
        tuple(column(organ, "word", _SCORES) for organ in chronic_gvhd.ORGANS),
        ("severity",),
        told("severity", chronic_gvhd.severity, " ".join(chronic_gvhd.ORGANS)),
        "Jagasia et al., BBMT 2015;21:389-401 (NIH 2014), global severity; NCI Thesaurus C225388",
    ),
    RowMethod(
        "chronic_gvhd.skin",
        (*numbers("bsa_pct", "0", "100"), column("sclerosis", "word", "none superficial deep")),
        ("score",),
        told("score", chronic_gvhd.skin_score, "bsa_pct sclerosis"),
        NIH,
    ),
    RowMethod(
        "chronic_gvhd.eyes",
        (
            column("dry_eye", "logical"),
            column("daily_life", "word", "none partly significant"),
            *numbers("drops_per_day"),
            *logicals("plugs vision_loss unable_to_work"),
        ),
        ("score",),
        told("score", chronic_gvhd.eyes_score, "dry_eye daily_life drops_per_day plugs vision_loss unable_to_work"),
        NIH,
    ),
    RowMethod(
        "chronic_gvhd.gi",
        (
            column("symptoms", "logical"),
            *numbers("weight_loss_pct", "0", "100"),
            column("diarrhoea", "word", "none moderate severe"),
            *logicals("supplement_most dilation"),
        ),
        ("score",),
        told("score", chronic_gvhd.gi_score, "symptoms weight_loss_pct diarrhoea supplement_most dilation"),
        NIH,
    ),
    RowMethod(
        "chronic_gvhd.liver",
        (
            *numbers("bilirubin"),
            column("bilirubin_unit", "text"),
            *numbers("bilirubin_uln alt alt_uln alp alp_uln"),
        ),
        ("score",),
        told("score", chronic_gvhd.liver_score, "bilirubin bilirubin_unit bilirubin_uln alt alt_uln alp alp_uln"),
        NIH,
    ),
    RowMethod(
        "chronic_gvhd.lungs",
        (*numbers("fev1_pct", "0", "200"), column("symptoms", "word", "none one_flight flat rest=oxygen")),
        ("score",),
        told("score", chronic_gvhd.lung_score, "fev1_pct symptoms"),
        f"{NIH}; NCI Thesaurus C225388",
    ),
    RowMethod(
        "chronic_gvhd.joints",
        (
            column("tightness", "word", "none mild moderate contracture"),
            column("range_of_motion", "word", "none mild moderate severe"),
            column("daily_life", "word", "none moderate severe"),
        ),
        ("score",),
        told("score", chronic_gvhd.joint_score, "tightness range_of_motion daily_life"),
        NIH,
    ),
)
