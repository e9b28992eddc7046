"""Documents under the hash of their bytes: signed CRFs, casebooks, receipts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert as on_postgresql

from trialdesk.domain.text import Text
from trialdesk.errors import KnownError
from trialdesk.storage.database import reading, writing
from trialdesk.storage.tables import DOCUMENT


@dataclass(frozen=True)
class Document:
    """A finished document and what it is, such as `crf`; its name is the SHA-256 of its bytes."""

    kind: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """The name under which it is kept, in hex."""
        return hashlib.sha256(self.content).hexdigest()


class DocumentStore:
    """The documents of one database; a document once kept is never changed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, *documents: Document) -> None:
        """Keep documents durably; one that is already kept is left as it is."""
        with writing(self._engine, ()) as connection:
            keep(connection, documents)

    def read(self, sha256: str) -> Document:
        """The document of this name; raises KnownError when it is not kept here or its bytes have changed."""
        with reading(self._engine) as connection:
            row = connection.execute(DOCUMENT.select().where(DOCUMENT.c.sha256 == sha256)).one_or_none()
        if row is None:
            raise KnownError(_MISSING.format(name=sha256[:16]))
        document = Document(row.kind, row.content)
        if document.sha256 != sha256:
            raise KnownError(_CHANGED.format(name=sha256[:16]))
        return document

    def names(self) -> Iterator[str]:
        """The name of every document kept here."""
        with reading(self._engine) as connection:
            yield from connection.scalars(select(DOCUMENT.c.sha256).order_by(DOCUMENT.c.sha256))


def keep(connection: Connection, documents: Iterable[Document]) -> None:
    """Keep documents within a transaction that is already open."""
    fresh = {document.sha256: document for document in documents}
    if not fresh:
        return
    held = set(connection.scalars(select(DOCUMENT.c.sha256).where(DOCUMENT.c.sha256.in_(fresh))))
    rows = [
        {"sha256": name, "kind": document.kind, "content": document.content}
        for name, document in fresh.items()
        if name not in held
    ]
    if rows and connection.dialect.name == "postgresql":
        # Another intake may be keeping the same document; in one order, so that no two wait for each other.
        keeping = on_postgresql(DOCUMENT).on_conflict_do_nothing()
        connection.execute(keeping, sorted(rows, key=lambda row: str(row["sha256"])))
    elif rows:
        connection.execute(DOCUMENT.insert(), rows)


_MISSING = Text(
    en="The document {name} is not stored here. Take in the bundle that brings it, then open it again.",
    zh="此处没有文件 {name}。请先接收包含该文件的数据包，再重新打开。",
)
_CHANGED = Text(
    en="The stored document {name} no longer matches its hash. Do not use it; restore it from the last backup.",
    zh="已存文件 {name} 与其哈希值不符。请勿使用，并从最近的备份恢复。",
)
