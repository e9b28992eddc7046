"""The outer file of bundles and receipts: a stored ZIP of exactly the parts it should have, written durably."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.faults import Fault, Refused

LARGEST = 256 * 1024 * 1024
"""Bytes beyond which no bundle is opened; a cumulative bundle is kept below a fifth of this."""

_MOMENT = (1980, 1, 1, 0, 0, 0)


def pack(parts: Mapping[str, bytes], compressed: bool = False) -> bytes:
    """A ZIP of these parts in this order; equal parts give equal bytes."""
    out = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = method
            archive.writestr(entry, content, compresslevel=1)
    return out.getvalue()


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file that came from elsewhere; raises Refused when it is unreadable, empty or too large."""
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as fault:
        raise Refused(Fault.UNREADABLE_FILE, path.name, fault.strerror or str(fault)) from fault
    if len(content) > largest:
        raise Refused(Fault.TOO_LARGE, path.name, f"> {largest // 1024 // 1024} MB")
    return content


def unpack(name: str, content: bytes, expected: Sequence[str]) -> dict[str, bytes]:
    """The parts of a stored ZIP that holds exactly `expected`; raises Refused by the name of the fault."""
    if not content.startswith(b"PK\x03\x04"):
        raise Refused(Fault.NOT_A_BUNDLE, name, Text(en="it is not a ZIP file", zh="不是 ZIP 文件"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if tuple(entry.filename for entry in entries) != tuple(expected):
                found = ", ".join(entry.filename for entry in entries[:5])
                raise Refused(Fault.NOT_A_BUNDLE, name, found)
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise Refused(Fault.BOMB, name, Text(en="its outer parts are compressed", zh="外层内容被压缩"))
            return {entry.filename: archive.read(entry) for entry in entries}
    except Refused:
        raise
    except Exception as fault:  # zipfile answers damage with many kinds of exception; all of them mean damage
        if b"PK\x05\x06" not in content[-65557:]:
            raise Refused(Fault.TRUNCATED, name, Text(en="its end is missing", zh="缺少结尾")) from fault
        raise Refused(Fault.DAMAGED, name, Text(en="the ZIP does not hold together", zh="ZIP 结构已损坏")) from fault


def write_durably(path: Path, content: bytes) -> None:
    """Write under a temporary name, flush to the medium, read back, rename; leaves no half file; raises KnownError."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):
                # Otherwise the reading back would come from memory and say nothing of the stick.
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if hashlib.sha256(part.read_bytes()).digest() != hashlib.sha256(content).digest():
            part.unlink()
            raise KnownError(_UNFAITHFUL.format(name=path.name))
        part.replace(path)
        _sync_folder(path.parent)
    except OSError as fault:
        part.unlink(missing_ok=True)
        raise KnownError(_UNWRITTEN.format(name=path, detail=fault.strerror or fault)) from fault


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_UNWRITTEN = Text(
    en="{name} could not be written: {detail}. Nothing is lost on this computer. Check that the stick is in, has room "
    "and is not write-protected, then try again.",
    zh="无法写出 {name}：{detail}。本机数据未丢失。请检查 U 盘是否插好、空间是否足够、是否写保护，再重试。",
)
_UNFAITHFUL = Text(
    en="What was read back from {name} is not what was written: the stick is faulty. The file was removed. "
    "Use another stick.",
    zh="从 {name} 读回的内容与写入的不一致：U 盘有故障。文件已删除。请更换 U 盘。",
)
