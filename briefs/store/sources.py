"""Sources and their health, and the documents that came from them, in the database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Connection, Row, and_, case, func, or_, select, update

from briefs.errors import BriefsError
from briefs.masking import masked
from briefs.models import Source
from briefs.store.audit import Actor, note_change
from briefs.store.database import Repository, from_ms, hold, insert_or, to_ms
from briefs.store.schema import article as article_table
from briefs.store.schema import document as document_table
from briefs.store.schema import source as table
from briefs.streams import batches

_AT_ONCE = 500  # addresses looked up in one statement


# How a source read when it was last read: with nothing in it, with every entry refused, with letters that are lost.
State = Literal["well", "repaired", "empty", "refused", "garbled"]


@dataclass(frozen=True, slots=True)
class Health:
    """How a source is doing.

    title: what it calls itself. tried_at, answered_at: the last try, and the last one that was answered. failures:
    tries without an answer since then. error: what went wrong at the last try; trouble: of what kind that is (an
    error's name in lower case); said: its template and values. etag, last_modified: what to send back to be told "not
    modified".
    next_at: when it is asked next; None: with the next round. arrivals: of its newest entries, newest first.
    state, about: how it read when it was last read. moved_to: where permanent redirects lead, seen `moves` times in a
    row. uses: the address that a person chose instead. id: its number.
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
    title: str | None = None
    next_at: datetime | None = None
    arrivals: tuple[datetime, ...] = ()
    state: State | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    trouble: str | None = None
    said: Mapping[str, Any] = field(default_factory=dict)
    moved_to: str | None = None
    moves: int = 0
    uses: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Learnt:
    """What an answer has taught of a source; title, arrivals, state and `about` that are None stay as they were."""

    source: Source
    at: datetime
    etag: str | None = None
    last_modified: str | None = None
    next_at: datetime | None = None
    title: str | None = None
    arrivals: tuple[datetime, ...] | None = None
    state: State | None = None
    about: Mapping[str, Any] | None = None
    moved_to: str | None = None
    moves: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """One document that has been read: its digest (of the bytes as they came), and the article it became.

    listed_at: where that article is gone, as it is too old: when a source listed the document last. sentences: of a
    page that is watched, those that it ever had, as `quoting.additions` packs them; None: as they were.
    """

    address: str
    digest: str
    article: str
    listed_at: datetime | None = None
    sentences: bytes | None = None


class Sources(Repository):
    """The sources and documents of one database."""

    def health(self) -> tuple[Health, ...]:
        """Return every source that was ever tried, by address."""
        rows = self._rows(select(table).order_by(table.c.address))
        return tuple(map(health_of, rows))

    def of(self, configured: Iterable[Source]) -> list[Health]:
        """Return how these sources are doing, as far as they were ever tried, under the names that they have here."""
        known = {health.address: health for health in self.health()}
        return [replace(known[one.address], name=one.name) for one in configured if one.address in known]

    def one(self, address: str) -> Health | None:
        """Return the health of the source at this address; None when it was never tried."""
        return next((health for health in self.health() if health.address == address), None)

    def learn(self, answers: Iterable[Learnt]) -> None:
        """Note that sources answered, and what was learnt of them, all in one commit: their failures are forgotten."""
        with self._database.write() as connection:
            for learnt in sorted(answers, key=lambda learnt: learnt.source.address):  # as `hold` has it
                self._note(connection, learnt.source, _learnt(learnt))

    def failed(
        self,
        source: Source,
        at: datetime,
        error: BriefsError | str,
        next_at: datetime | None = None,
        *,
        moved_to: str | None = None,
    ) -> None:
        """Note that a source did not answer, and why: one more failure in a row.

        next_at: when to ask again. moved_to: where it has moved to for all that is known; None: a move that was only
        seen is forgotten, for it may be what leads nowhere.
        """
        kind = type(error).__name__.lower() if isinstance(error, BriefsError) else None
        said = error.plain() if isinstance(error, BriefsError) else None
        values = {"tried_at": to_ms(at), "failures": 1, "error": str(error), "trouble": kind, "said": said}
        with self._database.write() as connection:
            self._note(connection, source, {**values, "next_at": to_ms(next_at), "moved_to": moved_to, "moves": 0})

    def become_due(self, addresses: Collection[str], after: datetime, until: datetime) -> bool:
        """Whether the time of one of these sources comes after an instant, and not after another.

        So does that of one whose reader is gone, when its lease is over.
        """
        times = (table.c.next_at, table.c.claimed_until)
        between = or_(*(and_(time > to_ms(after), time <= to_ms(until)) for time in times))
        query = select(table.c.id).where(between, table.c.address.in_(list(addresses))).limit(1)
        return bool(self._rows(query))

    def again(self, addresses: Collection[str], at: datetime) -> None:
        """Let sources be asked from an instant on, whatever they said and however they failed."""
        with self._database.write() as connection:
            known = table.c.address.in_(list(addresses))
            hold(connection, table.c.address, known)
            connection.execute(update(table).where(known).values(next_at=to_ms(at)))

    def use(self, address: str, instead: str, at: datetime, actor: Actor | None = None) -> None:
        """Ask for another address in place of a source's own, or for its own again, from an instant on.

        actor: who wishes that, for the audit list.
        """
        values = {
            "uses": instead if instead != address else None,
            "next_at": to_ms(at),
            "etag": None,
            "last_modified": None,
            "moved_to": None,
            "moves": 0,
        }
        with self._database.write() as connection:
            connection.execute(update(table).where(table.c.address == address).values(values))
            note_change(connection, actor, "source.move", source=masked(address), address=masked(instead))

    def _note(self, connection: Connection, source: Source, values: Mapping[str, object]) -> None:
        # Where nobody follows it, the operator had it read: it is everybody's.
        row = {"address": source.address, "kind": source.kind, "name": source.name, "everybody": True, **values}
        # What another kind kept of it is not what this one needs: it is still to be read in full.
        same = {name: case((table.c.kind == source.kind, table.c[name])) for name in ("etag", "last_modified")}
        update = {**same, **values, "kind": source.kind, "name": source.name}
        if values["failures"]:
            update["failures"] = table.c.failures + 1
        new = insert_or(connection, table).values(row)
        connection.execute(new.on_conflict_do_update(index_elements=["address"], set_=update))

    def documents(self, addresses: Sequence[str]) -> dict[str, Document]:
        """Return the documents at these addresses that have been read before, by address."""
        found: dict[str, Document] = {}
        with self._database.read() as connection:
            for some in batches(addresses, _AT_ONCE):
                for row in connection.execute(select(document_table).where(document_table.c.address.in_(some))):
                    known = (row.address, row.digest, row.article, from_ms(row.listed_at), row.sentences)
                    found[row.address] = Document(*known)
        return found

    def listed(self, documents: Iterable[Document], now: datetime) -> None:
        """Note that a source lists these documents still, of those that would be forgotten else."""
        old = [one.address for one in documents if one.listed_at and one.listed_at < now - timedelta(days=1)]
        if old:
            with self._database.write() as connection:
                some = document_table.c.address.in_(old)
                hold(connection, document_table.c.address, some)
                connection.execute(update(document_table).where(some).values(listed_at=to_ms(now)))

    def remember(self, documents: Iterable[Document]) -> None:
        """Keep what these documents were when they were read."""
        rows = [{**asdict(document), "listed_at": to_ms(document.listed_at)} for document in documents]
        if not rows:
            return
        with self._database.write() as connection:
            new = insert_or(connection, document_table)
            kept: dict[str, Any] = {name: new.excluded[name] for name in ("digest", "article", "listed_at")}
            kept["sentences"] = func.coalesce(new.excluded["sentences"], document_table.c.sentences)
            rows.sort(key=itemgetter("address"))  # as `hold` has it
            connection.execute(new.on_conflict_do_update(index_elements=["address"], set_=kept), rows)

    def holders(self, articles: Collection[str]) -> dict[str, set[str]]:
        """Return the addresses of the documents that became these articles, of those that are there: id → addresses."""
        found: dict[str, set[str]] = {}
        with self._database.read() as connection:
            there = select(article_table.c.id).where(article_table.c.id.in_(list(articles)))
            if known := [name for (name,) in connection.execute(there)]:
                some = select(document_table).where(document_table.c.article.in_(known))
                for row in connection.execute(some):
                    found.setdefault(row.article, set()).add(row.address)
        return found

    def with_content(self, contents: Sequence[str]) -> dict[tuple[str, str | None], list[str]]:
        """Return the articles whose title and text have one of these digests: (digest, source) → ids, oldest first.

        Those with a role are left out: see `filing.decide`.
        """
        found: dict[tuple[str, str | None], list[str]] = {}
        columns = (article_table.c.content, article_table.c.source, article_table.c.id)
        with self._database.read() as connection:
            for some in batches(contents, _AT_ONCE):
                alike = select(*columns).where(article_table.c.content.in_(some), article_table.c.role.is_(None))
                for content, source, name in connection.execute(alike.order_by(article_table.c.row)):
                    found.setdefault((content, source), []).append(name)
        return found


def health_of(row: Row[Any]) -> Health:
    """Return a source's row as its health."""
    known: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Health)}
    known |= {name: from_ms(known[name]) for name in ("tried_at", "answered_at", "next_at")}
    known |= {name: known[name] or {} for name in ("about", "said")}
    return Health(**{**known, "arrivals": tuple(map(from_ms, known["arrivals"] or ()))})


def _learnt(learnt: Learnt) -> dict[str, object]:
    """Return what is noted of an answer; what was not learnt stays as it was."""
    at = to_ms(learnt.at)
    values: dict[str, object] = {"tried_at": at, "answered_at": at, "failures": 0, "error": None, "trouble": None}
    values |= {"said": None, "etag": learnt.etag, "last_modified": learnt.last_modified}
    values |= {"next_at": to_ms(learnt.next_at), "moved_to": learnt.moved_to, "moves": learnt.moves}
    arrivals = None if learnt.arrivals is None else [to_ms(arrival) for arrival in learnt.arrivals]
    perhaps = {"title": learnt.title, "arrivals": arrivals, "state": learnt.state, "about": learnt.about}
    return values | {name: value for name, value in perhaps.items() if value is not None}
