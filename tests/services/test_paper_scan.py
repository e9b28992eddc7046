"""The day the laptop was down: the paper is keyed later, its scan stays with the form and reaches the centre."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenario import Ward
from trialdesk.domain.actions.outcome import Refusal
from trialdesk.errors import KnownError
from trialdesk.services.crf_content import crf_content
from trialdesk.services.paper_scan import LARGEST, Scan, attach_scan, open_scan, scans
from trialdesk.storage.document_store import DocumentStore

PICTURE = b"\x89PNG\r\n\x1a\n" + b"scan of a page"


@pytest.fixture
def ward(tmp_path: Path) -> Iterator[Ward]:
    ward = Ward(tmp_path)
    ward.enrol()
    ward.open("SCR[1]/VS")
    ward.enter("WEIGHT", "61.5")
    yield ward
    ward.leave()


def attach(ward: Ward, content: bytes) -> Scan:
    file = ward.folder / "page.png"
    file.write_bytes(content)
    done = attach_scan(ward.desk, ward.casebook, ward.form, file)
    assert not isinstance(done, Refusal)
    return done


def test_a_scan_is_kept_unchanged_and_named_on_the_form(ward: Ward) -> None:
    scan = attach(ward, PICTURE)
    assert open_scan(ward.desk, scan) == (PICTURE, "png")
    assert [one.document for one in scans(ward.casebook, ward.form)] == [scan.document]
    assert crf_content(ward.casebook, ward.form).scans[0][2] == scan.document


def test_a_scan_goes_to_the_centre_with_the_next_bundle(ward: Ward) -> None:
    scan = attach(ward, PICTURE)
    ward.receive(ward.send())
    assert DocumentStore(ward.centre.engine).read(scan.document).content == PICTURE


def test_what_is_no_scan_or_too_large_is_said_and_nothing_is_written(ward: Ward) -> None:
    before = ward.desk.trail.head("W1")
    with pytest.raises(KnownError, match="no PDF, PNG or JPEG"):
        attach(ward, b"MZ not a picture")
    with pytest.raises(KnownError, match="20"):
        attach(ward, PICTURE + b"\0" * LARGEST)
    with pytest.raises(KnownError, match="cannot be read"):
        attach_scan(ward.desk, ward.casebook, ward.form, ward.folder / "none.png")
    assert ward.desk.trail.head("W1") == before
