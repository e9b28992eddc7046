"""Files only their owner can read: keys, and what stands beside them."""

from __future__ import annotations

import os
from pathlib import Path

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError


def write_private(path: Path, content: bytes) -> None:
    """Write down to the disk in one step, readable by the owner alone; raises KnownError when it cannot be written."""
    part = path.with_name(f".{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as fault:
        raise KnownError(
            Text(
                en="{path} could not be written ({why}). Free space or check the folder, then try again.",
                zh="无法写入 {path}（{why}）。请清理磁盘空间或检查文件夹后重试。",
            ).format(path=path.name, why=fault.strerror or fault)
        ) from fault
