"""The help page of a field, as parts for the drawer: offline, both languages, from the study's own files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from trialdesk.domain.oid import ItemPath
from trialdesk.domain.rules.checks import scope_anchor
from trialdesk.domain.rules.scope import PlaceScope
from trialdesk.domain.rules.windows import Window, window_of_event
from trialdesk.domain.study.form import ItemDef
from trialdesk.domain.study.parameter import Parameter
from trialdesk.domain.text import Text
from trialdesk.services.casebook import Casebook
from trialdesk.services.help_pages import NOT_KNOWN, HelpPage, HelpRule, help_page
from trialdesk.ui import look, parts
from trialdesk.ui.window_bar import WindowBar

_DATE_KEYS = (
    ("t", Text(en="today", zh="今天")),
    ("y", Text(en="yesterday", zh="昨天")),
    ("v", Text(en="day of the visit", zh="访视日")),
    ("-3", Text(en="3 days ago", zh="3 天前")),
    ("UN/3/2026", Text(en="day unknown", zh="日不详")),
)
_SETTING = Text(
    en="Study setting, not in the registration: the study must confirm it.",
    zh="研究设定，注册信息未给出，须由本研究确认。",
)


def help_parts(casebook: Casebook, item: ItemDef, path: ItemPath) -> list[QWidget]:
    """What is asked, how to answer, window, protocol sentence and rules, settings behind them, ways to write a date."""
    page = help_page(casebook.book(path.form_path), item.name)
    made: list[QWidget] = []
    if item.help is not None:
        made.append(parts.words(look.first(item.help), "text", "ink", wrap=True))
        made.append(parts.words(look.second(item.help), "small", "ink3", wrap=True))
    made.append(_how(page))
    window = _window(casebook, item, path)
    if window is not None:
        made.append(WindowBar(window, casebook.data.value(path)))
    if item.setting:
        line = parts.words(look.first(_SETTING), "small", "info", wrap=True)
        made.append(
            parts.plane(
                "info", parts.row(parts.icon("assumption", 16, "info", "info_soft"), line), margins=(10, 8, 10, 8)
            )
        )
    made += [_rule(rule) for rule in page.rules]
    if page.settings:
        made.append(parts.words(look.first(Text(en="Rests on", zh="所依据的设定")), "smallstrong", "ink2"))
        made += [_parameter(parameter) for parameter in page.settings]
    if item.kind in ("date", "partial_date"):
        made.append(_dates())
    return made


def _how(page: HelpPage) -> QWidget:
    lines = [page.how]
    if page.limits is not None:
        lines.append(Text(en="{l}.", zh="{l}。").format(l=page.limits))
    if len(page.units) > 1:
        lines.append(
            Text(
                en="Units: {u}; the unit of the slip stays as entered.", zh="单位：{u}，按报告单所用单位保存。"
            ).format(u=", ".join(page.units))
        )
    if not page.item.derived:
        lines.append(NOT_KNOWN)
    said = []
    for line in lines:
        shown = parts.words(parts.unit_label(look.first(line)), "small", "ink2", wrap=True)
        # 10^9 without its raised digit would read as another number.
        shown.setTextFormat(Qt.TextFormat.RichText)
        said.append(shown)
    return parts.column(*said, gap=3)


def _rule(rule: HelpRule) -> QWidget:
    head: list[parts.Content] = [
        parts.Chip(rule.id, "idle", outline=True),
        parts.words(look.first(rule.kind), "small", "ink3"),
    ]
    if rule.setting:
        head.append(parts.Chip(look.first(Text(en="study setting", zh="研究设定")), "info", "assumption"))
    body = [
        parts.words(look.first(rule.says), "text", "ink", wrap=True),
        parts.words(look.first(rule.protocol), "small", "ink2", wrap=True),
        parts.words(look.second(rule.protocol), "small", "ink3", wrap=True),
        parts.words(rule.source, "small", "ink3", wrap=True),
    ]
    if rule.published is not None and rule.published != rule.source:
        body.append(parts.words(rule.published, "small", "ink3", wrap=True))
    return parts.plane("card", parts.row(*head, None, gap=6), *body, gap=4, margins=(12, 10, 12, 10))


def _parameter(parameter: Parameter) -> QWidget:
    shown = f"{look.first(parameter.label)}: {parameter.value} {parameter.unit or ''}".strip()
    if look.language() == "zh":
        shown = f"{parameter.label.zh}：{parameter.value} {parameter.unit or ''}".strip()
    line = parts.words(parts.unit_label(shown), "small", "ink2", wrap=True)
    line.setTextFormat(Qt.TextFormat.RichText)
    return parts.column(line, parts.words(look.first(parameter.basis), "small", "ink3", wrap=True), gap=1)


def _window(casebook: Casebook, item: ItemDef, path: ItemPath) -> Window | None:
    """The window of this visit, beside the question that dates it."""
    session = casebook.session
    book = casebook.book(path.form_path)
    event = book.study.event[path.event]
    if event.date_item != item.name or event.due is None:
        return None
    scope = PlaceScope(book, casebook.data, path.form_path, None, 1, session.today)
    return window_of_event(book, event.due, scope_anchor(scope, book.study.anchor(event.due)))


def _dates() -> QWidget:
    title = parts.words(look.first(Text(en="How to type a date", zh="日期写法")), "smallstrong", "ink2")
    keys = [
        parts.row(parts.KeyCap(key), parts.words(look.first(text), "small", "ink2"), gap=6) for key, text in _DATE_KEYS
    ]
    return parts.column(title, parts.flow(*keys, gap=8), gap=6)
