"""What a database says when the disk or the key is at fault, in words that tell a person what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError

_UNREACHABLE = Text(
    en="The database server of the centre cannot be reached ({where}). Check that it runs, then try again.",
    zh="无法连接协调中心的数据库服务器（{where}）。请确认服务器正在运行，再重试。",
)

_COPY = Text(
    en="{where} is a copy of the centre's store, for reading only. Nothing was changed. Take bundles in, answer queries "
    "and write letters at the first server.",
    zh="{where} 是协调中心数据库的只读副本。未作任何更改。请在主服务器上接收数据包、处理质疑并写出回执。",
)

# SQLite and SQLCipher name these faults only in words; the words are part of their stable interface (sqlite3ErrStr).
_WORDS: tuple[tuple[str, Text], ...] = (
    (
        "database or disk is full",
        Text(
            en="The disk is full, so the last entry was not stored; everything before it is. "
            "Make room on the disk of {where}, then enter it again.",
            zh="磁盘已满，最后一项未保存；此前内容均已保存。请为 {where} 所在磁盘腾出空间，再重新录入该项。",
        ),
    ),
    (
        "readonly database",
        Text(
            en="{where} cannot be written. Ask for write permission to its folder, then open TrialDesk again.",
            zh="{where} 无法写入。请取得该文件夹的写入权限，再打开 TrialDesk。",
        ),
    ),
    (
        "unable to open",
        Text(
            en="{where} cannot be opened. Check that its folder exists and can be written.",
            zh="无法打开 {where}。请检查其文件夹是否存在、是否可写。",
        ),
    ),
    (
        "file is not a database",
        Text(
            en="{where} does not open with this key: the passphrase belongs to other data, or the file is damaged. "
            "Nothing was changed. Try the passphrase again, or restore the last backup.",
            zh="{where} 无法用此密钥打开：口令属于其他数据，或文件已损坏。未作任何更改。"
            "请重新输入口令，或恢复最近的备份。",
        ),
    ),
    (
        "malformed",
        Text(
            en="{where} is damaged. Stop entering data, keep the file, and restore the last backup.",
            zh="{where} 已损坏。请停止录入，保留该文件，并恢复最近的备份。",
        ),
    ),
    (
        "database is locked",
        Text(
            en="{where} is in use by another program. Close that program, then try again.",
            zh="{where} 正被其他程序使用。请关闭该程序后重试。",
        ),
    ),
    (
        "disk i/o error",
        Text(
            en="The disk reported a fault while reading or writing {where}. Everything stored before is kept. "
            "Check the disk or the stick, then try again.",
            zh="读写 {where} 时磁盘出现故障。此前已保存的内容均已保留。请检查磁盘或 U 盘后重试。",
        ),
    ),
    (
        "no space left on device",
        Text(
            en="The disk of the centre's database server is full ({where}). Nothing of this step was stored. "
            "Make room there, then do it again.",
            zh="协调中心数据库服务器的磁盘已满（{where}）。本步骤未保存任何内容。请腾出空间后重试。",
        ),
    ),
    *((words, _COPY) for words in ("in a read-only transaction", "during recovery")),
    (
        "password authentication failed",
        Text(
            en="The database server of the centre refused the user or password ({where}). Check the address, "
            "then try again.",
            zh="协调中心的数据库服务器拒绝了用户名或密码（{where}）。请检查数据库地址后重试。",
        ),
    ),
    *((words, _UNREACHABLE) for words in ("connection failed", "failed to resolve host", "connection timeout expired")),
    *((words, _UNREACHABLE) for words in ("server closed the connection", "terminating connection")),
)


@contextmanager
def named(where: object) -> Iterator[None]:
    """Turn a database's fault that a person can mend into a KnownError; every other exception passes."""
    try:
        yield
    except Exception as fault:
        said = _said(fault).lower()
        for words, text in _WORDS:
            if said and words in said:
                raise KnownError(text.format(where=where)) from fault
        raise


def read_only(where: object) -> KnownError:
    """The error for a folder that cannot be written."""
    return KnownError(_WORDS[1][1].format(where=where))


def _said(fault: Exception) -> str:
    """The database's own words; empty for an exception that no database raised."""
    if isinstance(fault, DBAPIError):
        return str(fault.orig)
    return str(fault) if type(fault).__module__.startswith(("sqlcipher3", "sqlite3", "psycopg")) else ""
