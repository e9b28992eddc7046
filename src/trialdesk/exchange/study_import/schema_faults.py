"""What CDISC's schema says of a file, where someone has the schema at hand: each fault with its line."""

from __future__ import annotations

from pathlib import Path

from trialdesk.exchange.study_import.draft import Remark
from trialdesk.exchange.study_import.xml_tree import ODM, NotXml


def schema_faults(content: bytes, schema: Path) -> list[Remark]:
    """Faults of a file already known to hold no document type definition, foreign namespaces left away.

    Raises NotXml for a schema that cannot be read.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(content, parser)
    for node in list(root.iter()):
        own = isinstance(node.tag, str) and node.tag.startswith(f"{{{ODM}")
        if not own and node.getparent() is not None:
            node.getparent().remove(node)
            continue
        for name in list(node.attrib):
            if name.startswith("{") and "XML/1998/namespace" not in name:
                del node.attrib[name]
    try:
        checker = etree.XMLSchema(etree.parse(str(schema)))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError, OSError) as fault:
        raise NotXml(f"the schema {schema.name} cannot be read: {fault}") from fault
    checker.validate(root)
    return [
        Remark(one.line, f"by the schema: {one.message.replace(f'{{{ODM}v1.3}}', '')}") for one in checker.error_log
    ]
