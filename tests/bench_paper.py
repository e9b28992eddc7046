"""Paper and ODM measured: forms drawn, made archival and compared; a casebook; ODM beside lxml and odmlib."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import Row, median, pairwise
from trialdesk.documents import fonts
from trialdesk.documents.content import CrfContent
from trialdesk.documents.paper import HEIGHT, WIDTH, Paper

Placed = tuple[int, str, float, float, str, float]


def crf(folder: Path) -> Iterator[Row]:
    """A CRF of four pages, beside bare reportlab placing the same ready-broken strings at the same places."""
    from tests.documents.test_signed_crf import CONTENT
    from trialdesk.documents.archival import judged
    from trialdesk.documents.crf import draw

    content = replace(CONTENT, parts=CONTENT.parts * 7)
    placed = placed_strings(content)
    pages = placed[-1][0] + 1
    took, floor = pairwise(lambda: draw(content), lambda: bare(placed), 21)
    name = f"bare reportlab, the same {len(placed)} strings"
    yield Row(f"CRF of {pages} pages, tagged PDF/A-3b", took, name, floor, "<= 2x", took <= 2 * floor)
    made = draw(content)
    took = median(lambda: judged(made), 7)
    yield Row("  judged PDF/A-3b by pikepdf", took, "none", None, "(none)", True)
    yield from signature(content)


def placed_strings(content: CrfContent) -> list[Placed]:
    """Every string a form places: page, words, x, y, font, size."""
    from trialdesk.documents.crf import SIGNATURE_SPACE, draw_form

    found: list[Placed] = []

    class Noted(Paper):
        def _words(self, words, x, y, style, font) -> None:  # type: ignore[no-untyped-def]
            at = next(n for n, page in enumerate(self.pages) if page.code is self._code)
            found.append((at, words, x, y, font, style.size * 0.68 if style.raised else style.size))
            super()._words(words, x, y, style, font)

    paper = Noted()
    draw_form(paper, content, 0)
    paper.need(SIGNATURE_SPACE)
    paper.finish()
    return sorted(found, key=lambda one: one[0])


def bare(placed: list[Placed]) -> bytes:
    """The floor: nothing but reportlab's canvas putting these strings there."""
    from reportlab.pdfgen.canvas import Canvas

    fonts.register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), initialFontName=fonts.REGULAR)
    page = 0
    for at, words, x, y, font, size in placed:
        if at != page:
            canvas.showPage()
            page = at
        canvas.setFont(font, size)
        canvas.drawString(x, y, words)
    canvas.save()
    return out.getvalue()


def signature(content: CrfContent) -> Iterator[Row]:
    """The certifying signature with its stamp, beside bare pyHanko."""
    from tests.bench_rows import _bare_signature
    from tests.documents.test_signed_crf import NURSE, ROOT, WORDS
    from trialdesk.documents.crf import render_crf
    from trialdesk.documents.signing import prepare_fields, sign_field

    ready = prepare_fields(render_crf(content))

    def ours() -> bytes:
        return sign_field(ready, "DataEntry", *NURSE, [ROOT.certificate], WORDS, "01")

    took, floor = pairwise(ours, lambda: _bare_signature(ready), 9)
    yield Row("CRF signed, with stamp", took, "bare pyHanko", floor, "<= 1.5x", took <= 1.5 * floor)


def paper(folder: Path) -> Iterator[Row]:
    """Forms of a participant who lived through the whole trial: made, compared; and the whole casebook at once."""
    from tests.bench_rows import _lived
    from trialdesk.services.crf_paper import crf_pdf

    desk, subject = _lived(folder)
    casebook = desk.casebook(subject)
    forms = [form for form in casebook.data.by_form if form.form == "PLX"][:1]
    took = median(lambda: crf_pdf(casebook, forms[0]), 7)
    yield Row("plerixafor form: made, judged, three copies compared", took, "none", None, "(none)", True)
    sizes = [len(crf_pdf(casebook, form)) for form in casebook.data.by_form]
    largest = max(sizes) / 1000
    yield Row(
        f"largest of {len(sizes)} forms: {largest:.0f} kB (as ms)",
        largest / 1000,
        "none",
        None,
        "<= 100",
        largest <= 100,
    )
    yield from casebook_rows(desk, subject)
    yield from odm(desk)
    desk.close()


def casebook_rows(desk, subject: str) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    """The whole casebook of a participant with audit trail, signatures, bundles and ODM, judged."""
    from trialdesk.services.casebook_paper import casebook_pdf

    forms = len(desk.casebook(subject).data.by_form)
    took = median(lambda: casebook_pdf(desk, subject), 3)
    yield Row(f"casebook of {forms} forms, judged", took, "none", None, "<= 10 s", took <= 10)


def odm(desk) -> Iterator[Row]:  # type: ignore[no-untyped-def]
    """Every participant of a desk written as ODM, beside lxml and odmlib writing the same elements."""
    from lxml import etree

    from trialdesk.exchange.odm.document import OdmFile, write_odm

    subjects = [desk.casebook(one).data for one in desk.subjects()]
    about = OdmFile(desk.study, "TD.bench", datetime.now(UTC), "0", kind="Transactional")
    content = write_odm(about, subjects)
    plain = _plain(etree.fromstring(content))

    def floor() -> bytes:
        made: bytes = etree.tostring(_built(plain, None), encoding="UTF-8")
        return made

    took, least = pairwise(lambda: write_odm(about, subjects), floor, 9)
    size = f"ODM of {len(subjects)} participants, {len(content) / 1e6:.1f} MB"
    yield Row(size, took, "lxml, elements known", least, "<= 1.5x", took <= 1.5 * least)
    try:
        from odmlib.odm_loader import XMLODMLoader
    except ImportError:
        return
    loader = XMLODMLoader(model_package="odm_1_3_2")
    loader.create_document_from_string(content.decode())
    took, slow = pairwise(lambda: write_odm(about, subjects), lambda: loader.load_odm().to_xml_string(), 3)
    yield Row("  beside odmlib", took, "odmlib, its objects made and written", slow, "<= 0.25x", took <= slow / 4)


def _plain(element):  # type: ignore[no-untyped-def]
    return element.tag, dict(element.attrib), element.text, [_plain(child) for child in element]


def _built(plain, parent):  # type: ignore[no-untyped-def]
    from lxml import etree

    tag, attributes, text, children = plain
    element = etree.Element(tag, attributes) if parent is None else etree.SubElement(parent, tag, attributes)
    element.text = text
    for child in children:
        _built(child, element)
    return element
