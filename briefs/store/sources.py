"""Sources and their health, and the documents that came from them, in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from briefs.models import Source
from briefs.store.database import Database, from_ms, insert_or, to_ms
from briefs.store.schema import article as article_table
from briefs.store.schema import document as document_table
from briefs.store.schema import source as table

_AT_ONCE = 500  # addresses looked up in one statement


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing.

    tried_at, answered_at: the last try, and the last one that was answered. failures: tries without an answer since
    then. error: what went wrong at the last try. etag, last_modified: what to send back to be told "not modified".
    """

    address: str
    kind: str
    name: str | None = None
    tried_at: datetime | None = None
    answered_at: datetime | None = None
    failures: int = 0
    error: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document that has been read: its digest (of the bytes as they came), and the article it became."""

    address: str
    digest: str
    article: str


class Sources:
    """The sources and documents of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def health(self) -> tuple[Health, ...]:
        """Return every source that was ever tried, by address."""
        with self._database.read() as connection:
            rows = connection.execute(select(table).order_by(table.c.address)).all()
        return tuple(
            Health(
                row.address,
                row.kind,
                row.name,
                from_ms(row.tried_at),
                from_ms(row.answered_at),
                row.failures,
                row.error,
                row.etag,
                row.last_modified,
            )
            for row in rows
        )

    def one(self, address: str) -> Health | None:
        """Return the health of the source at this address; None when it was never tried."""
        return next((health for health in self.health() if health.address == address), None)

    def answered(
        self, source: Source, at: datetime, *, etag: str | None = None, last_modified: str | None = None
    ) -> None:
        """Note that a source answered: its failures are forgotten."""
        said = {"tried_at": to_ms(at), "answered_at": to_ms(at), "failures": 0, "error": None}
        self._note(source, {**said, "etag": etag, "last_modified": last_modified})

    def failed(self, source: Source, at: datetime, error: str) -> None:
        """Note that a source did not answer, and why: one more failure in a row."""
        self._note(source, {"tried_at": to_ms(at), "failures": 1, "error": error})

    def _note(self, source: Source, values: Mapping[str, object]) -> None:
        row = {"address": source.address, "kind": source.kind, "name": source.name, **values}
        update = {**values, "kind": source.kind, "name": source.name}
        if values["failures"]:
            update["failures"] = table.c.failures + 1
        with self._database.write() as connection:
            new = insert_or(connection, table).values(row)
            connection.execute(new.on_conflict_do_update(index_elements=["address"], set_=update))

    def documents(self, addresses: Sequence[str]) -> dict[str, Document]:
        """Return the documents at these addresses that have been read before, by address."""
        found: dict[str, Document] = {}
        with self._database.read() as connection:
            for start in range(0, len(addresses), _AT_ONCE):
                some = select(document_table).where(document_table.c.address.in_(addresses[start : start + _AT_ONCE]))
                found |= {
                    row.address: Document(row.address, row.digest, row.article) for row in connection.execute(some)
                }
        return found

    def remember(self, documents: Iterable[Document]) -> None:
        """Keep what these documents were when they were read."""
        rows = [{"address": d.address, "digest": d.digest, "article": d.article} for d in documents]
        if not rows:
            return
        with self._database.write() as connection:
            new = insert_or(connection, document_table)
            kept = {"digest": new.excluded.digest, "article": new.excluded.article}
            connection.execute(new.on_conflict_do_update(index_elements=["address"], set_=kept), rows)

    def with_content(self, contents: Sequence[str]) -> dict[tuple[str, str | None], str]:
        """Return the articles whose title and text have one of these digests: (digest, source) → id."""
        found: dict[tuple[str, str | None], str] = {}
        columns = (article_table.c.content, article_table.c.source, article_table.c.id)
        with self._database.read() as connection:
            for start in range(0, len(contents), _AT_ONCE):
                some = select(*columns).where(article_table.c.content.in_(contents[start : start + _AT_ONCE]))
                for content, source, name in connection.execute(some.order_by(article_table.c.row)):
                    found.setdefault((content, source), name)
        return found
