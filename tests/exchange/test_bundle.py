"""Bundles on their way: what went in comes out, or the fault is named and nothing comes out."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import Post, sealed, some_lines
from tests.strategies import trails
from trialdesk.errors import KnownError
from trialdesk.exchange.bundle import PARTS, Bundle, read_bundle, read_sealed, write_bundle
from trialdesk.exchange.envelope import pack
from trialdesk.exchange.faults import Fault, Refused

PDF = b"%PDF-1.7 signed form"


@pytest.fixture(scope="session")
def good(post: Post) -> bytes:
    """One good bundle; encrypting anew would give other bytes."""
    return post.bundle(some_lines(), [PDF])


def read(post: Post, tmp_path: Path, content: bytes, **expected: str) -> Bundle[str]:
    path = tmp_path / "S01_W1_000001.tdb"
    path.write_bytes(content)
    return read_bundle(path, post.verify, post.decrypt, **expected)


def refused(post: Post, tmp_path: Path, content: bytes, **expected: str) -> Fault:
    with pytest.raises(Refused) as caught:
        read(post, tmp_path, content, **expected)
    return caught.value.fault


def test_what_went_in_comes_out(post: Post, tmp_path: Path) -> None:
    path, header = write_bundle(
        tmp_path, post.announce(), some_lines(), {hashlib.sha256(PDF).hexdigest(): PDF}, post.sign, post.encrypt
    )
    bundle = read_bundle(path, post.verify, post.decrypt, study="NCT06141304", recipient=post.recipient)
    assert path.name == "S01_W1_000001.tdb"
    assert bundle.header == header
    assert bundle.lines == some_lines()
    assert list(bundle.documents.values()) == [PDF]
    assert (header.first, header.last, header.counts) == (1, 5, {"ItemEntered": 5, "documents": 1})


@given(trails(origins=("W1",)))
def test_every_record_comes_out_with_its_exact_bytes(
    post: Post, tmp_path_factory: pytest.TempPathFactory, records
) -> None:
    lines = sealed(records)
    folder = tmp_path_factory.mktemp("stick")
    assert read(post, folder, post.bundle(lines)).lines == lines


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_flipped_byte_is_refused_or_changes_nothing(
    post: Post, good: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(good) - 1))
    flipped = good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :]
    try:
        bundle = read(post, tmp_path, flipped)
    except KnownError:
        return
    # Only the ZIP's own dates and flags can change without notice; they are no content.
    assert bundle.lines == some_lines()
    assert list(bundle.documents.values()) == [PDF]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_cut_short_is_refused(post: Post, good: bytes, tmp_path: Path, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(good) - 1))
    with pytest.raises(KnownError):
        read(post, tmp_path, good[:cut])


def test_half_a_file_is_called_cut_short(post: Post, good: bytes, tmp_path: Path) -> None:
    assert refused(post, tmp_path, good[: len(good) // 2]) == Fault.TRUNCATED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK nonsense", pack({"letter.txt": b"hello"})])
def test_any_other_file_is_called_not_a_bundle(post: Post, tmp_path: Path, content: bytes) -> None:
    assert refused(post, tmp_path, content) == Fault.NOT_A_BUNDLE


def test_a_folder_or_missing_file_is_told(post: Post, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read_bundle(tmp_path / "gone.tdb", post.verify, post.decrypt)


def test_another_study_is_named(post: Post, tmp_path: Path) -> None:
    foreign = post.bundle(some_lines(), study="NCT00000000")
    assert refused(post, tmp_path, foreign, study="NCT06141304") == Fault.FOREIGN_STUDY


def test_another_recipient_is_told_before_anything_is_decrypted(post: Post, tmp_path: Path) -> None:
    other = Post()
    assert refused(post, tmp_path, other.bundle(some_lines()), recipient=post.recipient) == Fault.OTHER_RECIPIENT


def test_a_strange_signature_is_told(post: Post, tmp_path: Path) -> None:
    stranger = Post(key=b"stranger", identity=post.identity)
    assert refused(post, tmp_path, stranger.bundle(some_lines())) == Fault.WRONG_SIGNATURE


def test_exchanged_contents_under_a_good_header_are_refused(post: Post, tmp_path: Path) -> None:
    parts = parts_of(post.bundle(some_lines()))
    parts["payload.age"] = parts_of(post.bundle(some_lines(1, 4)))["payload.age"]
    assert refused(post, tmp_path, pack(parts)) == Fault.DAMAGED


def test_a_newer_format_asks_for_the_newer_program(post: Post, tmp_path: Path) -> None:
    parts = parts_of(post.bundle(some_lines()))
    header = orjson.loads(parts["header.json"]) | {"version": 2, "something_new": True}
    parts["header.json"] = orjson.dumps(header)
    parts["header.p7s"] = post.sign(parts["header.json"])
    assert refused(post, tmp_path, pack(parts)) == Fault.NEWER_FORMAT


def test_compressed_outer_parts_are_not_unpacked(post: Post, tmp_path: Path) -> None:
    assert refused(post, tmp_path, pack(dict.fromkeys(PARTS, bytes(10_000)), compressed=True)) == Fault.BOMB


def inner(post: Post, entries: dict[str, bytes], counts: dict[str, int]) -> bytes:
    """A bundle by a workstation with a good key and bad intentions: any inner ZIP under a fitting header."""
    parts = parts_of(post.bundle(some_lines()))
    plaintext = pack(entries, compressed=True)
    header = orjson.loads(parts["header.json"])
    parts["payload.age"] = post.encrypt(plaintext)
    for name, content in (("plaintext", plaintext), ("payload", parts["payload.age"])):
        header[name] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    header["counts"] = counts
    parts["header.json"] = orjson.dumps(header, option=orjson.OPT_SORT_KEYS)
    parts["header.p7s"] = post.sign(parts["header.json"])
    return pack(parts)


@pytest.mark.parametrize(
    "name", ["../../evil.pdf", "/etc/cron.d/x", "documents/../records.jsonl", "documents/a.pdf", "C:\\x"]
)
def test_a_path_that_leads_elsewhere_is_refused(post: Post, tmp_path: Path, name: str) -> None:
    content = inner(post, {"records.jsonl": b"", name: b"x"}, {"documents": 1})
    assert refused(post, tmp_path, content) == Fault.PATH_TRICK
    assert [file.name for file in tmp_path.iterdir()] == ["S01_W1_000001.tdb"]


def test_a_zip_bomb_inside_is_not_unpacked(post: Post, tmp_path: Path) -> None:
    assert refused(post, tmp_path, inner(post, {"records.jsonl": bytes(50_000_000)}, {"documents": 0})) == Fault.BOMB


def test_more_files_than_announced_are_not_unpacked(post: Post, tmp_path: Path) -> None:
    many = {f"documents/{n:064x}.pdf": b"" for n in range(1000)}
    assert refused(post, tmp_path, inner(post, {"records.jsonl": b""} | many, {"documents": 1})) == Fault.BOMB


def test_a_document_under_a_wrong_hash_is_refused(post: Post, tmp_path: Path) -> None:
    lines = some_lines()
    records = b"".join(b'{"seal":"%b","body":%b}\n' % (claimed.encode(), content) for _, content, claimed in lines)
    entries = {"records.jsonl": records, f"documents/{'0' * 64}.pdf": PDF}
    assert refused(post, tmp_path, inner(post, entries, {"ItemEntered": 5, "documents": 1})) == Fault.MISCOUNTED


def test_fewer_records_than_the_header_says_are_refused(post: Post, tmp_path: Path) -> None:
    content = inner(post, {"records.jsonl": b""}, {"ItemEntered": 5, "documents": 0})
    assert refused(post, tmp_path, content) == Fault.MISCOUNTED


def test_nothing_is_decrypted_to_learn_what_a_bundle_is(post: Post, tmp_path: Path) -> None:
    path = tmp_path / "b.tdb"
    path.write_bytes(post.bundle(some_lines(2, 5), number=7))
    header = read_sealed(path, post.verify).header
    assert (header.number, header.first, header.last) == (7, 2, 5)


def test_the_header_names_no_person(post: Post) -> None:
    header = parts_of(post.bundle(some_lines()))["header.json"]
    assert b"nurse" not in header
    assert b"S01-001" not in header


def test_a_full_stick_is_told_and_leaves_no_half_file(
    post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(KnownError, match="No space left"):
        write_bundle(tmp_path, post.announce(), some_lines(), {}, post.sign, post.encrypt)
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_was_pulled_out_is_told(post: Post, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="Check that the stick is in"):
        write_bundle(tmp_path / "gone", post.announce(), some_lines(), {}, post.sign, post.encrypt)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
