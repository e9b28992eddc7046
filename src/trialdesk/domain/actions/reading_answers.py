"""From what was typed to canonical text, or a sentence that says how to write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from trialdesk.domain.clinical.date_entry import read_date, read_time
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")


def read_answer(
    study: Study, item: ItemDef, typed: str, today: date, visit: date | None, now: str | None = None
) -> str | Text:
    """Canonical text of an answer (ISO dates, plain decimals, stored codes), or a Text that says what is wrong."""
    words = unicodedata.normalize("NFC", typed).strip()
    if item.kind in ("integer", "float"):
        return _read_number(item, words)
    if item.kind in ("date", "partial_date"):
        return _read_date(item, words, today, visit)
    if item.kind == "time":
        return read_time(words, now)
    if item.kind == "code":
        return _read_code(study, item, words)
    if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in words):
        return Text(en="The text holds control characters; type it again.", zh="文本含有控制字符，请重新录入。")
    if len(words) > item.length:
        return Text(
            en="At most {n} characters fit here; shorten the text by {over}.",
            zh="此处最多 {n} 个字符，请缩短 {over} 个字符。",
        ).format(n=item.length, over=len(words) - item.length)
    return words


def _read_number(item: ItemDef, words: str) -> str | Text:
    plain = unicodedata.normalize("NFKC", words).replace(",", "").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        return Text(en="A number is needed here, such as 12.5.", zh="此处须填数字，例如 12.5。")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        return Text(en="A number is needed here, such as 12.5.", zh="此处须填数字，例如 12.5。")
    if item.kind == "integer" and number != number.to_integral_value():
        return Text(en="A whole number is needed here.", zh="此处须填整数。")
    if abs(number) >= Decimal(10) ** 12:
        return Text(en="The number is too large; check it.", zh="数值过大，请核对。")
    # Trailing zeros are what the slip says (4.0, not 4), so they are kept.
    return f"{number:f}" if item.kind == "float" else str(int(number))


def _read_date(item: ItemDef, words: str, today: date, visit: date | None) -> str | Text:
    found = read_date(words, today, visit, "md")
    if isinstance(found, Text):
        return found
    if item.kind == "date" and not found.complete:
        return Text(
            en="The whole date is needed here; if the day is not known, say so with F8.",
            zh="此处须填完整日期；日不详时请按 F8 说明。",
        )
    return found.text


def _read_code(study: Study, item: ItemDef, words: str) -> str | Text:
    codes = study.codelist[item.codelist].items if item.codelist else ()
    for code in codes:
        if words == code.code or words.lower() in (code.code.lower(), code.label.en.lower(), code.label.zh):
            return code.code
    choices = Text(en=", ".join(c.label.en for c in codes[:8]), zh="、".join(c.label.zh for c in codes[:8]))
    return Text(en="Choose one of: {choices}.", zh="请选择：{choices}。").format(choices=choices)
