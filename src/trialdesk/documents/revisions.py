"""What an update after the last signature did to a file, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trialdesk.documents.examined import entry
from trialdesk.documents.verdict import Flaw
from trialdesk.domain.text import Text

_NOT_THE_PAGE = ("/Parent", "/Annots", "/P")


def differences(reader: Any, signed: int) -> Iterator[tuple[Flaw, Text]]:
    """The kinds of difference between the newest state and the signed revision of that number."""
    before, after = reader.get_historical_resolver(signed).root, reader.root
    if _pages(before, _page) != _pages(after, _page):
        yield Flaw.PAGE_CHANGED, Text(en="A page was changed after signing.", zh="签名之后页面被更改。")
    if _pages(before, _annotations) != _pages(after, _annotations):
        yield (
            Flaw.ANNOTATION,
            Text(en="Something was laid over a page after signing.", zh="签名之后页面上被添加了批注或覆盖内容。"),
        )
    if [_plain(before.get(key)) for key in ("/Names", "/AF")] != [_plain(after.get(key)) for key in ("/Names", "/AF")]:
        yield Flaw.ATTACHMENT, Text(en="The embedded data were changed after signing.", zh="签名之后嵌入数据被更改。")
    if _plain(before.get("/Metadata")) != _plain(after.get("/Metadata")):
        yield Flaw.METADATA, Text(en="The description was changed after signing.", zh="签名之后文件描述信息被更改。")


def _pages(root: Any, look: Any) -> list[Any]:
    return [look(page) for page in _leaves(root["/Pages"])]


def _leaves(node: Any, depth: int = 0) -> Iterator[Any]:
    if depth > 20:
        raise ValueError("the page tree does not end")
    if "/Kids" not in node:
        yield node
        return
    for kid in node["/Kids"]:
        yield from _leaves(kid.get_object() if hasattr(kid, "get_object") else kid, depth + 1)


def _page(page: Any) -> Any:
    return {key: _plain(page[key]) for key in page if key not in _NOT_THE_PAGE}


def _annotations(page: Any) -> Any:
    return [_plain(one, 3) for one in entry(page, "/Annots", ())]


def _plain(value: Any, depth: int = 12) -> Any:
    """A PDF value as plain Python, references followed, so that two revisions can be compared."""
    from pyhanko.pdf_utils import generic

    if isinstance(value, generic.IndirectObject):
        value = value.get_object()
    if depth < 0:
        return None
    if isinstance(value, generic.StreamObject):
        known = {key: _plain(value.raw_get(key), depth - 1) for key in value if key not in _NOT_THE_PAGE}
        return known, value.encoded_data
    if isinstance(value, generic.DictionaryObject):
        return {key: _plain(value.raw_get(key), depth - 1) for key in value if key not in _NOT_THE_PAGE}
    if isinstance(value, generic.ArrayObject):
        return [_plain(one, depth - 1) for one in value]
    return str(value)
