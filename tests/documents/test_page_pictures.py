"""Pages as plain dots, one caller of pdfium at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.documents.test_signed_crf import CONTENT
from trialdesk.documents.crf import draw
from trialdesk.documents.pictures import page_count, page_picture


def test_a_page_is_as_wide_as_asked_and_has_ink_on_it() -> None:
    pdf = draw(CONTENT)
    picture = page_picture(pdf, 0, 400)
    assert picture.width == 400
    assert picture.height > picture.width
    assert len(picture.dots) == picture.stride * picture.height
    assert 0 < sum(dot < 128 for dot in picture.dots[::4]) < picture.width * picture.height / 2


def test_pages_drawn_on_several_threads_are_the_same_pages() -> None:
    pdf = draw(CONTENT)
    numbers = [number % page_count(pdf) for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda number: page_picture(pdf, number, 200), numbers))
    assert together == [page_picture(pdf, number, 200) for number in numbers]
