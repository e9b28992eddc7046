"""Which page class shows a section: the plain page, or the sheet that the form's definition names."""

from __future__ import annotations

from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.form import FormDef, ItemGroupDef
from trialdesk.services.casebook import Casebook
from trialdesk.ui.form_page import FormPage


def page_for(
    casebook: Casebook, form: FormPath, definition: FormDef, group: ItemGroupDef, label_width: int
) -> FormPage:
    """The page of one section; a sheet is imported when it is first needed."""
    return _page_class(definition, group)(casebook, form, group, label_width)


def _page_class(definition: FormDef, group: ItemGroupDef) -> type[FormPage]:
    if definition.sheet == "injections" and definition.injections and definition.injections.group == group.oid:
        from trialdesk.ui.injection_page import InjectionPage

        return InjectionPage
    return FormPage
