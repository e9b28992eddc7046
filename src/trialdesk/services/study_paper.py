"""Paper about the study itself: the annotated CRF, with names, types, codes, checks and SDTM targets."""

from __future__ import annotations

from collections.abc import Sequence

from trialdesk.documents.content import CrfTable
from trialdesk.documents.paper import About, Attachment
from trialdesk.documents.study_summary import SheetFrame, sheets
from trialdesk.domain.study.form import FormDef, ItemDef, ItemGroupDef
from trialdesk.domain.study.rule import CheckRule, ConditionRule, EligibilityRule, MethodRule, WindowRule
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.study_release import StudyRelease

ANNOTATED = Text(en="Annotated CRF", zh="注释病例报告表")
_HEADS = (
    Text(en="Item", zh="变量"), Text(en="Question", zh="问题"), Text(en="Type", zh="类型"), Text(en="Codes", zh="代码"),
    Text(en="Asked when; computed; checked", zh="询问条件；计算；核查"), Text(en="SDTM", zh="SDTM"),
)  # fmt: skip


def annotated_pdf(release: StudyRelease, forms: Sequence[str] = ()) -> bytes:
    """Every question of the study, or of the forms named, as PDF/A-3b with the metadata as ODM inside."""
    from datetime import UTC, datetime

    from trialdesk import __version__
    from trialdesk.exchange.odm.document import OdmFile, write_odm

    study = release.study
    chosen = [form for form in study.forms if not forms or form.oid in forms]
    rules = _by_target(study)
    tables = tuple(_group(study, form, group, rules) for form in chosen for group in form.groups)
    # The metadata carry no moment of their own: the same release gives the same bytes.
    about = OdmFile(study, f"TD.{study.oid}.{release.fingerprint[:12]}", datetime(2000, 1, 1, tzinfo=UTC), __version__)
    odm = write_odm(about, [], only_forms={form.oid for form in chosen})
    frame = SheetFrame(
        ANNOTATED,
        f"{study.registration}   {study.name.zh}   方案 protocol {study.protocol_version}",
        f"版本 release {study.version}   {release.fingerprint[:16]}…",
        "◇ 研究设定，注册信息未规定 study setting, not in the registration",
    )
    return sheets(
        frame,
        About(
            f"{ANNOTATED.zh} {ANNOTATED.en}",
            f"{study.registration} {study.version}",
            f"TrialDesk {study.registration}",
            attachments=(Attachment("metadata.odm.xml", odm, "CDISC ODM 1.3.2 metadata", relationship="Source"),),
        ),
        tables,
        (study.title,),
    )


def _by_target(study: Study) -> dict[str, list[str]]:
    """What the rules say of each item or section, in short."""
    found: dict[str, list[str]] = {}

    def note(name: str, words: str) -> None:
        found.setdefault(name, []).append(words)

    for rule in study.rules:
        if isinstance(rule, ConditionRule):
            for name in (*rule.items, *rule.groups):
                note(name, f"{rule.id} 询问 if {rule.show}")
        elif isinstance(rule, MethodRule):
            note(rule.item, f"{rule.id} 计算 = {rule.value or rule.method}")
        elif isinstance(rule, WindowRule):
            note(rule.item, f"{rule.id} 窗口 {rule.after} + {rule.target}（-{rule.pre_window}，+{rule.post_window}）")
        elif isinstance(rule, CheckRule):
            note(rule.item, f"{rule.id} {'必须 hard' if rule.severity == 'hard' else '提示 soft'} {rule.says.zh}")
        elif isinstance(rule, EligibilityRule):
            note(rule.item, f"{rule.id} {rule.criterion} {rule.expect}")
    return found


def _group(study: Study, form: FormDef, group: ItemGroupDef, rules: dict[str, list[str]]) -> CrfTable:
    cells = tuple(_item(study, item, rules) for item in group.items)
    shown = rules.get(group.oid, [])
    repeating = Text(en=" (rows)", zh="（多行）") if group.repeating else Text(en="", zh="")
    title = Text(
        en=f"{form.oid} v{form.version} {form.label.en} / {group.oid} {group.label.en}{repeating.en}",
        zh=f"{form.label.zh}：{group.label.zh}{repeating.zh}" + (f"　{'；'.join(shown)}" if shown else ""),
    )
    return CrfTable(title, _HEADS, cells, weights=(13, 23, 11, 20, 38, 15))


def _item(study: Study, item: ItemDef, rules: dict[str, list[str]]) -> tuple[str, ...]:
    kind = item.kind + (f"({item.length})" if item.kind == "text" else "")
    kind += f" .{item.digits}" if item.digits is not None else ""
    kind += f"\n{item.unit}" if item.unit else ""
    kind += "\n" + "、".join(one.unit for one in item.units) if item.units else ""
    kind += "\n可选 optional" if item.optional else ""
    codes = ""
    if item.codelist:
        codes = f"{item.codelist}:\n" + "\n".join(
            f"{c.code} = {c.label.zh}" for c in study.codelist[item.codelist].items
        )
    said = list(rules.get(item.name, []))
    if item.range:
        low = "" if item.range.min is None else f"{item.range.min:f}"
        high = "" if item.range.max is None else f"{item.range.max:f}"
        said.insert(0, f"范围 {item.range.outside} {low}～{high}")
    mark = " ◇" if item.setting else ""
    return item.name + mark, f"{item.label.zh} {item.label.en}", kind, codes, "\n".join(said), item.sdtm or ""
