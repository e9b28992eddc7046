"""Which pages a form has, and which page class shows each: the plain page, or the sheet that the form names."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from trialdesk.domain.oid import FormPath
from trialdesk.domain.study.form import FormDef, ItemGroupDef
from trialdesk.services.casebook import Casebook
from trialdesk.ui.form_page import FormPage

Groups = tuple[ItemGroupDef, ...]


def sections(definition: FormDef) -> list[Groups]:
    """The pages of a form by the sections each of them shows: one section a page, a whole form on an organ sheet."""
    if definition.sheet == "organs" and definition.organs is not None:
        return [definition.groups]
    return [(group,) for group in definition.groups]


def page_for(casebook: Casebook, form: FormPath, groups: Groups, label_width: int, parent: QWidget) -> FormPage:
    """The page of these sections; a sheet is imported when it is first needed.

    It is made inside its parent: a page that is moved there afterwards is dressed twice.
    """
    definition = casebook.study(form).form[form.form]
    return _page_class(definition, groups[0])(casebook, form, groups[0], label_width, parent)


def _page_class(definition: FormDef, group: ItemGroupDef) -> type[FormPage]:
    if definition.sheet == "injections" and definition.injections and definition.injections.group == group.oid:
        from trialdesk.ui.injection_page import InjectionPage

        return InjectionPage
    if definition.sheet == "organs" and definition.organs is not None:
        from trialdesk.ui.organ_page import OrganPage

        return OrganPage
    if definition.sheet == "laboratory" and any(item.lab for item in group.items):
        from trialdesk.ui.lab_page import LabPage

        return LabPage
    return FormPage
