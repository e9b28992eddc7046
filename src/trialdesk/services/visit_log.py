"""What a monitor does at a visit, on disk before the next act: one closed line for each act, in a file of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from trialdesk.domain.clinical.audit_record import RECORD, AuditRecord
from trialdesk.domain.clinical.seal import GENESIS, body, seal
from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.exchange.payload import Line

if TYPE_CHECKING:
    from trialdesk.security.personal_keys import SideKey

SUFFIX = ".tdvw"


class VisitLog:
    """Append-only; a line that was being written when the power went is no act and is cut off when the file is opened."""

    def __init__(self, path: Path, key: SideKey) -> None:
        self.path, self._key = path, key
        self.lines: list[Line] = []
        self.records: list[AuditRecord] = []
        self._acts = 0
        self._size = self._read()

    @property
    def head(self) -> tuple[int, str]:
        """Number and seal of the last record; 0 and zeros before the first."""
        return (self.lines[-1][0], self.lines[-1][2]) if self.lines else (0, GENESIS)

    def append(self, records: Sequence[AuditRecord]) -> None:
        """Write the records of one act; they are on the disk when this returns. Raises KnownError where they are not."""
        _, previous = self.head
        made: list[Line] = []
        for record in records:
            content = body(record)
            previous = seal(previous, content)
            made.append((record.seq, content, previous))
        plain = orjson.dumps([[seq, content.decode(), sealed] for seq, content, sealed in made])
        self._write(self._key.close(self._acts, plain) + b"\n")
        self._acts += 1
        self.lines += made
        self.records += records

    def _write(self, line: bytes) -> None:
        try:
            with self.path.open("ab") as file:
                if file.tell() != self._size:
                    raise KnownError(_OTHER_WINDOW.format(name=self.path.name))
                try:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(self._size)
                    raise
        except OSError as fault:
            raise KnownError(_UNWRITTEN.format(name=self.path.name, why=fault.strerror or fault)) from fault
        self._size += len(line)

    def _read(self) -> int:
        """Take in what is there; returns where the next line begins."""
        try:
            content = self.path.read_bytes() if self.path.exists() else b""
            whole = content[: content.rfind(b"\n") + 1]
            if len(whole) < len(content):
                os.truncate(self.path, len(whole))
        except OSError as fault:
            raise KnownError(_UNREADABLE.format(name=self.path.name, line=0)) from fault
        for seq, written, sealed in self._opened(whole):
            if (seq, sealed) != (self.head[0] + 1, seal(self.head[1], written)):
                raise KnownError(_UNREADABLE.format(name=self.path.name, line=self._acts))
            self.lines.append((seq, written, sealed))
            self.records.append(RECORD.validate_json(written))
        return len(whole)

    def _opened(self, content: bytes) -> Iterator[Line]:
        for closed in content.splitlines():
            plain = self._key.open(self._acts, closed)
            if plain is None:
                raise KnownError(_UNREADABLE.format(name=self.path.name, line=self._acts + 1))
            self._acts += 1
            for seq, written, sealed in orjson.loads(plain):
                yield int(seq), str(written).encode(), str(sealed)


_UNWRITTEN = Text(
    en="The act was not kept: {name} could not be written ({why}). Nothing kept before is lost. Free space or plug the "
    "stick in again, then repeat it.",
    zh="此次操作未保存：无法写入 {name}（{why}）。此前已保存的内容未丢失。请清理磁盘空间或重新插入 U 盘后重做。",
)
_UNREADABLE = Text(
    en="{name} cannot be read from line {line} on: it was changed, or is of another visit or person. Nothing was changed; "
    "take the file from your backup.",
    zh="{name} 自第 {line} 行起无法读取：文件被改动，或属于其他访视、其他人员。未作任何改动，请从备份取回该文件。",
)
_OTHER_WINDOW = Text(
    en="The act was not kept: another window is writing into {name}. Close one of the two and open the visit again.",
    zh="此次操作未保存：另一窗口正在写入 {name}。请关闭其中一个，再重新打开访视。",
)
