"""Releases of the shipped study as amendments make them: a question more, under a new version."""

from __future__ import annotations

from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.study_release import StudyRelease, shipped_release
from trialdesk.storage.study_library import fingerprint, freeze, thaw


def with_item(study: Study, form: str, item: ItemDef, version: str) -> Study:
    """The study with one more question at the end of a form's first section."""
    was = study.form[form]
    first = was.groups[0].model_copy(update={"items": (*was.groups[0].items, item)})
    changed = was.model_copy(update={"groups": (first, *was.groups[1:])})
    forms = tuple(changed if one.oid == form else one for one in study.forms)
    return thaw(freeze(study.model_copy(update={"forms": forms, "version": version})))


def frozen(study: Study) -> StudyRelease:
    content = freeze(study)
    return StudyRelease(content, fingerprint(content))


def first_release() -> StudyRelease:
    """The shipped study, with the day on which a participant consented again."""
    again = ItemDef(
        name="RECONDAT", kind="partial_date", label=Text(en="Consent again", zh="重新知情同意日期"), optional=True
    )
    return frozen(with_item(thaw(shipped_release().content), "CONSENT", again, "1.1"))


def second_release(version: str = "2.0") -> StudyRelease:
    """One more required question, on demography and on vital signs."""
    study = first_release().study
    for form in ("DM", "VS"):
        new = ItemDef(name=f"NEW{form}", label=Text(en=f"New on {form}", zh=f"{form} 新增"))
        study = with_item(study, form, new, version)
    return frozen(study)
