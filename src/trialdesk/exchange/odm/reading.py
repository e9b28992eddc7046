"""The values of an ODM file read back, place by place."""

from __future__ import annotations

from dataclasses import dataclass

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.text import Text
from trialdesk.exchange.odm import names
from trialdesk.exchange.odm.document import NAMESPACE

_N = f"{{{NAMESPACE}}}"


@dataclass(frozen=True)
class OdmValue:
    """One ItemData: its value or why there is none, the record it names, and the words of a coded value."""

    value: str
    record: str = ""
    unit: str = ""
    words: Text | None = None


def read_values(content: bytes) -> dict[tuple[str, ItemPath], OdmValue]:
    """Every ItemData of a file by subject and place; of several for one place the last (Transactional) stands.

    Raises ValueError for what is no XML or no ODM 1.3 file; a document type definition is refused.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise ValueError(f"not XML: {fault}") from fault
    if root.tag != f"{_N}ODM" or root.getroottree().docinfo.doctype:
        raise ValueError("not an ODM 1.3 file")
    decodes = {
        (lists.get("OID"), one.get("CodedValue")): _text(one.find(f"{_N}Decode"))
        for lists in root.iter(f"{_N}CodeList")
        for one in lists.findall(f"{_N}CodeListItem")
    }
    listed = {
        item.get("OID"): reference.get("CodeListOID")
        for item in root.iter(f"{_N}ItemDef")
        for reference in item.findall(f"{_N}CodeListRef")
    }
    found: dict[tuple[str, ItemPath], OdmValue] = {}
    for subject in root.iter(f"{_N}SubjectData"):
        for event in subject.findall(f"{_N}StudyEventData"):
            for form in event.findall(f"{_N}FormData"):
                for group in form.findall(f"{_N}ItemGroupData"):
                    for item in group.findall(f"{_N}ItemData"):
                        path = names.path(
                            event.get("StudyEventOID"), event.get("StudyEventRepeatKey"), form.get("FormOID"),
                            group.get("ItemGroupOID"), group.get("ItemGroupRepeatKey"), item.get("ItemOID"),
                        )  # fmt: skip
                        oid = item.get("ItemOID")
                        found[subject.get("SubjectKey"), path] = _value(item, decodes, listed.get(oid))
    return found


def _value(item, decodes, codelist: str | None) -> OdmValue:  # type: ignore[no-untyped-def]
    value, words = item.get("Value"), None
    unit = item.find(f"{_N}MeasurementUnitRef")
    if value is None:
        value = ""
        for note in item.findall(f"{_N}Annotation"):
            kind = note.findtext(f"{_N}Flag/{_N}FlagType")
            flag = note.findtext(f"{_N}Flag/{_N}FlagValue") or ""
            if kind == "MISSING":
                value, words = flag, decodes.get((names.codelist("TD_MISSING"), flag))
            elif flag in ("DISPUTED", "UNLISTED"):
                value = note.findtext(f"{_N}Comment") or ""
    elif codelist is not None:
        words = decodes.get((codelist, value))
    return OdmValue(
        value,
        item.findtext(f"{_N}AuditRecord/{_N}SourceID") or "",
        unit.get("MeasurementUnitOID") if unit is not None else "",
        words,
    )


def _text(decode) -> Text:  # type: ignore[no-untyped-def]
    said = {one.get("{http://www.w3.org/XML/1998/namespace}lang"): one.text or "" for one in decode}
    return Text(en=said.get("en", ""), zh=said.get("zh", ""))
