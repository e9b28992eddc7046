"""Ctrl+K at the centre: places and acts, participants, queries, and the fields of the participant that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import ItemPath
from trialdesk.domain.pinyin import Match, find
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.services.finder import Command, Hit, HitGroup
from trialdesk.services.pinyin import readings
from trialdesk.storage.centre_lists import CentreLists

MOST = 8


def find_at_centre(
    typed: str, study: Study, lists: CentreLists, commands: Sequence[Command], data: SubjectData | None
) -> tuple[HitGroup, ...]:
    """What fits, best first; `>` places and acts, `@` participants, `#` queries; `data` is the participant shown."""
    wanted = typed.strip()
    sign, rest = (wanted[:1], wanted[1:].strip()) if wanted[:1] in (">", "@", "#", "》") else ("", wanted)
    groups: list[tuple[Text, list[Hit]]] = []
    if sign == "" and rest and data is not None:
        title = Text(en=f"In participant {data.subject}", zh=f"受试者 {data.subject} 内")
        groups.append((title, _fields(rest, study, data)))
    if sign in ("", ">", "》"):
        groups.append((_DO, _commands(rest, commands)))
    if sign in ("", "@"):
        groups.append((_PEOPLE, _people(rest, lists)))
    if sign == "#" or (sign == "" and len(rest) > 1):
        groups.append((_QUERIES, _queries(rest, study, lists)))
    return tuple(HitGroup(title, tuple(hits[:MOST])) for title, hits in groups if hits)


def _match(typed: str, text: Text) -> tuple[Match, bool] | None:
    """Where the Chinese, else the English fits, and whether it was the English."""
    zh, en = find(typed, text.zh, readings()), find(typed, text.en, {})
    if zh is not None and (en is None or zh.rank <= en.rank):
        return zh, False
    return (en, True) if en is not None else None


def _ranked(typed: str, hits: Iterable[Hit]) -> list[Hit]:
    found = [(hit, fits) for hit in hits if (fits := _match(typed, hit.label)) is not None]
    found.sort(key=lambda one: (one[1][0].rank, len(one[0].label.zh)))
    return [replace(hit, match=fits[0], in_english=fits[1]) for hit, fits in found]


def _commands(typed: str, commands: Sequence[Command]) -> list[Hit]:
    hits = [Hit("act", one.label, _NO_WORDS, act=one.name, key=one.key) for one in commands]
    return _ranked(typed, hits) if typed else hits


def _people(typed: str, lists: CentreLists) -> list[Hit]:
    return [
        Hit("participant", Text(en=one.subject, zh=one.subject),
            Text(en=f"{one.initials}, site {one.site}", zh=f"{one.initials}，中心 {one.site}"), one.subject)
        for one in lists.named(typed, MOST)
    ]  # fmt: skip


def _queries(typed: str, study: Study, lists: CentreLists) -> list[Hit]:
    hits = []
    for line in lists.asked(typed, MOST):
        path = ItemPath.parse(line.paths[0])
        place = study.place.get(path.item)
        about = Text(en="{id}, {item}", zh="{id}，{item}").format(
            id=line.id, item=place[2].label if place else Text(en=path.item, zh=path.item)
        )
        says = Text(en=line.says_en, zh=line.says_zh)
        hits.append(Hit("query", says, about, line.subject, path.form_path, path, detail=line.id))
    return hits


def _fields(typed: str, study: Study, data: SubjectData) -> list[Hit]:
    """Fields of the participant that hold an answer, the first place of each."""
    hits = []
    for name, paths in data.by_item.items():
        place = study.place.get(name)
        if place is None:
            continue
        form, _, item = place
        event = study.event.get(paths[-1].event)
        about = Text(en="{form}, {event}", zh="{form}，{event}").format(
            form=form.label, event=event.short if event else Text(en=paths[-1].event, zh=paths[-1].event)
        )
        hits.append(Hit("field", item.label, about, data.subject, paths[-1].form_path, paths[-1]))
    return _ranked(typed, hits)


_NO_WORDS = Text(en="", zh="")
_DO = Text(en="Go and do", zh="前往与操作")
_PEOPLE = Text(en="Participants", zh="受试者")
_QUERIES = Text(en="Queries", zh="质疑")
