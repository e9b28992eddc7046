"""The finished paper of a form: rendered, judged PDF/A, and compared value by value before anyone signs it."""

from __future__ import annotations

import re

from trialdesk import __version__
from trialdesk.domain.clinical.subject_data import SubjectData
from trialdesk.domain.oid import FormPath, ItemPath
from trialdesk.domain.study.study import Study
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.services.casebook import Casebook

ODM_NAME = "crf.odm.xml"
_DROPPED = re.compile(r"[\s^\[\]]")


def crf_pdf(casebook: Casebook, form: FormPath, training: bool = False) -> bytes:
    """A form as PDF/A-3b with its ODM inside; raises KnownError when what is printed, embedded and recorded differ."""
    from trialdesk.documents.crf import render_crf
    from trialdesk.services.crf_content import crf_content

    pdf = render_crf(crf_content(casebook, form, training))
    differing = differences(pdf, casebook.study(form), casebook.data, form)
    if differing:
        raise KnownError(
            Text(
                en="The page was not made: printed, embedded and recorded values differ at {places}. Report this.",
                zh="未生成页面：打印值、嵌入值与记录值在以下位置不一致：{places}。请上报。",
            ).format(places="; ".join(differing[:6]))
        )
    return pdf


def form_odm(casebook: Casebook, form: FormPath) -> bytes:
    """The ODM 1.3.2 file of one form: its metadata, what stands, who entered it and when."""
    from trialdesk.exchange.odm.document import OdmFile, write_odm
    from trialdesk.services.crf_content import people

    session = casebook.session
    head, seal = session.trail.head(session.origin)
    oid = f"TD.{session.book.study.oid}.{casebook.subject}.{form.event}.{form.repeat}.{form.form}.{head}.{seal[:12]}"
    about = OdmFile(casebook.study(form), oid, session.clock.now(), __version__, people(casebook))
    return write_odm(about, [casebook.data], [form])


def differences(pdf: bytes, study: Study, data: SubjectData, form: FormPath) -> list[str]:
    """Places at which the three copies of a form do not agree: read from the page's glyphs, the ODM, and the trail."""
    from trialdesk.documents.archival import embedded
    from trialdesk.documents.placed import placed_values
    from trialdesk.exchange.odm.reading import read_values

    recorded = _recorded(study, data, form)
    inside = {path: one for (_, path), one in read_values(embedded(pdf, ODM_NAME) or b"").items()}
    printed = placed_values(pdf)
    places = {str(path) for path in (*recorded, *inside)} | {name.partition("|")[0] for name in printed}
    found = []
    for place in sorted(places):
        path = ItemPath.parse(place)
        said = recorded.get(path)
        copy = inside.get(path)
        if said is None or copy is None or place not in printed:
            found.append(
                f"{place}: {said!r} recorded, {copy.value if copy else None!r} embedded, {printed.get(place)!r}"
            )
        elif copy.value != said or _plain(printed[place]) != _plain(said):
            found.append(f"{place}: {said!r} recorded, {copy.value!r} embedded, {printed[place]!r} printed")
        elif copy.words is not None and not _plain(printed.get(f"{place}|zh", "")).startswith(_plain(copy.words.zh)):
            # A grade is followed by what it means for its term; the words of its code come first.
            found.append(f"{place}: the words of {said!r} differ")
    return found


def copies_differ(pdf: bytes) -> list[str] | None:
    """Places at which the pages of a file and the ODM inside it do not agree; None where no ODM is inside.

    For whoever holds the file alone: the trail is not needed.
    """
    from trialdesk.documents.archival import embedded
    from trialdesk.documents.placed import placed_values
    from trialdesk.exchange.odm.reading import read_values

    content = embedded(pdf, ODM_NAME)
    if content is None:
        return None
    inside = {str(path): one for (_, path), one in read_values(content).items()}
    printed = placed_values(pdf)
    places = set(inside) | {name.partition("|")[0] for name in printed}
    return [
        place
        for place in sorted(places)
        if place not in inside or place not in printed or _plain(printed[place]) != _plain(inside[place].value)
    ]


def _recorded(study: Study, data: SubjectData, form: FormPath) -> dict[ItemPath, str]:
    asked = {(group.oid, item.name) for group in study.form[form.form].groups for item in group.items}
    found = {}
    for path in data.by_form.get(form, ()):
        if (path.group, path.item) in asked:
            item = data.items[path]
            if item.disputed:
                found[path] = " / ".join(e.answer[0] or e.answer[1] or "" for e in item.heads)
            else:
                found[path] = item.value if item.value is not None else item.missing or ""
    return found


def _plain(words: str) -> str:
    """Words without what a page breaks or draws another way: spaces, ^ of a raised digit, brackets round a code."""
    from trialdesk.documents.fonts import cleaned

    return _DROPPED.sub("", cleaned(words))
