"""Untrusted XML as a small tree that remembers lines; no entities, no external files, no document type definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler, feature_namespaces

ODM = "http://www.cdisc.org/ns/odm/"
XML_LANG = ("http://www.w3.org/XML/1998/namespace", "lang")


@dataclass
class Node:
    """One element of ODM; attributes and elements of other namespaces are left away, `foreign` counts them."""

    tag: str
    line: int
    attributes: dict[str, str]
    language: str = ""
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute, empty where there is none."""
        return self.attributes.get(name, "").strip()

    def all(self, tag: str) -> Iterator[Node]:
        """Children of that name."""
        return (one for one in self.children if one.tag == tag)

    def first(self, *tags: str) -> Node | None:
        """The first descendant along a path of names."""
        here: Node | None = self
        for tag in tags:
            here = next(here.all(tag), None) if here is not None else None
        return here


class NotXml(ValueError):
    """The file is no XML that may be read."""


def read_tree(content: bytes) -> tuple[Node, int]:
    """The root of an ODM document and the number of foreign elements; raises NotXml."""
    from defusedxml import DefusedXmlException
    from defusedxml.sax import make_parser

    builder = _Builder()
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(builder)
    try:
        parser.parse(BytesIO(content))
    except DefusedXmlException as fault:
        raise NotXml("it holds a document type definition or entities, which are not taken") from fault
    except SAXParseException as fault:
        raise NotXml(f"line {fault.getLineNumber()}: {fault.getMessage()}") from fault
    if builder.root is None:
        raise NotXml("it holds no ODM element")
    return builder.root, builder.foreign


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self.open: list[Node] = []
        self.foreign = 0
        self.skipping = 0
        self.place = None

    def setDocumentLocator(self, locator) -> None:  # type: ignore[no-untyped-def]
        self.place = locator

    def startElementNS(self, name, qname, attributes) -> None:  # type: ignore[no-untyped-def]
        space, tag = name
        if self.skipping or not (space or "").startswith(ODM):
            self.skipping += 1
            self.foreign += self.skipping == 1
            return
        known = {key[1]: value for key, value in attributes.items() if key[0] is None}
        line = self.place.getLineNumber() if self.place else 0
        node = Node(tag, line, known, attributes.get(XML_LANG, ""))
        if self.open:
            self.open[-1].children.append(node)
        elif self.root is None:
            self.root = node
        self.open.append(node)

    def endElementNS(self, name, qname) -> None:  # type: ignore[no-untyped-def]
        if self.skipping:
            self.skipping -= 1
        else:
            self.open.pop()

    def characters(self, content: str) -> None:
        if self.open and not self.skipping:
            self.open[-1].text += content
