"""XML as text: escaped where needed, without the characters XML 1.0 forbids."""

from __future__ import annotations

import re

from trialdesk.domain.text import Text

_NEEDS = re.compile('[&<>"\t\n\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_REPLACED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}


def xml(words: str) -> str:
    """Words for an attribute or an element."""
    if _NEEDS.search(words) is None:
        return words
    return _NEEDS.sub(lambda found: _REPLACED.get(found[0], ""), words)


def translated(text: Text) -> str:
    """Both languages of a text as TranslatedText."""
    return (
        f'<TranslatedText xml:lang="en">{xml(text.en)}</TranslatedText>'
        f'<TranslatedText xml:lang="zh">{xml(text.zh)}</TranslatedText>'
    )


def alias(context: str, name: str) -> str:
    """An Alias, where ODM has no element of its own; the contexts of TrialDesk begin with `TrialDesk:`."""
    return f'<Alias Context="{xml(context)}" Name="{xml(name)}"/>'
