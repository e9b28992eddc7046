"""OIDs of an ODM file: letters, digits, points and underscores, so that other readers take them."""

from __future__ import annotations

from trialdesk.domain.oid import FormPath, ItemPath


def event(oid: str) -> str:
    """A StudyEventDef."""
    return f"SE.{oid}"


def form(oid: str) -> str:
    """A FormDef."""
    return f"F.{oid}"


def group(form_oid: str, oid: str, row: int | None = None) -> str:
    """An ItemGroupDef; sections of different forms may share a name. With `row` a section that is one row of a table."""
    return f"IG.{form_oid}.{oid}" if row is None else f"IG.{form_oid}.{oid}.R{row}"


def item(name: str) -> str:
    """An ItemDef."""
    return f"I.{name}"


def codelist(oid: str) -> str:
    """A CodeList of the study."""
    return f"CL.{oid}"


def unit(words: str) -> str:
    """A MeasurementUnit; signs that an OID may not hold become their code."""
    return "MU." + _plain(words)


def rule(kind: str, id: str) -> str:
    """A ConditionDef (C) or MethodDef (M) of a rule."""
    return f"{kind}.{id.replace('-', '_')}"


def user(id: str) -> str:
    """A User."""
    return f"U.{_plain(id)}"


def site(id: str) -> str:
    """A Location."""
    return f"L.{_plain(id)}"


def _plain(words: str) -> str:
    return "".join(sign if sign.isascii() and sign.isalnum() else f"_{ord(sign):x}_" for sign in words)


def path(event_oid: str, repeat: str | None, form_oid: str, group_oid: str, row: str | None, item_oid: str) -> ItemPath:
    """The place of an ItemData from the keys around it."""
    form_name = form_oid.removeprefix("F.")
    where = FormPath(event_oid.removeprefix("SE."), int(repeat or 1), form_name)
    section, _, alone = group_oid.removeprefix(f"IG.{form_name}.").partition(".R")
    return where.item(section, item_oid.removeprefix("I."), int(row or alone or 1))
