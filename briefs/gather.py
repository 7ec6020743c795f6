"""Sources → articles in the archive.

    sources | ask each as its kind is asked (threads) | parse what lists (worker) | drop what we have
            | fetch the pages of summaries (threads) | prepare: extract, clean, analyse (worker)
            | decide: new, changed or unchanged | commit in batches | Report

Where slow sites are all that is waited for, what is there goes the whole way first.

Every stage is lazy and keeps a bounded number of documents in hand. What has been committed stays, whenever the run is
cut off, and the next run goes on from there: the memory of a document is written after its article, and what a server
wants back to say "not modified" after all of them.
"""

import dataclasses
import random
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from briefs.archive import Archive
from briefs.errors import BriefsError, Busy, NoAnswer, SourceError
from briefs.filing import Filing, Prepared
from briefs.ingest.addresses import canonical
from briefs.ingest.blocked import unlike
from briefs.ingest.documents import named, page_of
from briefs.ingest.feeds import Feed, is_summary
from briefs.ingest.fetch import Fetcher
from briefs.ingest.marks import changes, is_rival, marks, tag, whose
from briefs.ingest.polling import USUAL
from briefs.ingest.prepare import prepare_best
from briefs.ingest.raw import RawItem
from briefs.ingest.readers import documents, is_local, is_watched
from briefs.ingest.readers.port import Reading
from briefs.ingest.report import Outcomes, Report, Step
from briefs.ingest.rounds import Asking
from briefs.ingest.titles import bare
from briefs.models import Analysed, Source
from briefs.quoting.additions import as_it_stands, change_of, remembered
from briefs.store.sources import Document, Sources
from briefs.store.visible import private_sources
from briefs.streams import PAUSE, ahead, batches, bursts
from briefs.text.addresses import host_of
from briefs.text.dates import possible
from briefs.workers import Map, Spent, in_process

Item = TypeVar("Item")
Result = TypeVar("Result")

_BATCH = 50  # documents that are looked up together
_THREADS = 8  # requests on their way at once
_PAGES = 30  # pages asked for one feed in one run; its older entries are filed as their summaries


def gather(
    sources: Iterable[Source],
    archive: Archive,
    *,
    fetcher: Fetcher,
    map: Map = in_process,
    progress: Callable[[Step], None] = lambda step: None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    only_due: bool = False,
    usual: timedelta = USUAL,
    chance: Callable[[], float] = random.random,
) -> Report:
    """Read sources and file what they bring; a source that fails costs only itself, and is noted in its health.

    map: runs `prepare_best` and what reads listings, in workers where strangers' bytes are read. progress: called in
    this thread for each document. only_due: leave out the sources that are not to be asked yet (see `ingest.polling`).
    Those that another process reads into the same PostgreSQL at this moment are left to it (see `ingest.rounds`).
    usual: how often one is asked that posts all the time. chance: gives numbers from 0 to 1, which keep apart what
    failed together. Raises StoreError when the archive cannot take what was read; what it took before stays.
    """
    asking = Asking(archive.database, fetcher, clock, usual, chance)
    return _Run(list(sources), archive, fetcher, map, progress, asking).run(only_due=only_due)


# ---------------------------------------------------------------- the run


@dataclass(frozen=True, slots=True)
class _Found:
    """A document of a source, before we know whether we have it; entry: it came in a feed, maybe as a summary.

    source: whose it is. article: the id of the one that it became before, where it keeps it. private: not everybody
    sees its source. watched: it is a page of which what is added is news; known: the sentences that it ever had.
    """

    source: Source
    item: RawItem
    digest: str
    entry: bool = False
    article: str | None = None
    private: bool = False
    watched: bool = False
    known: bytes = b""

    @property
    def name(self) -> str:
        """What the document is known by; one of a source that not everybody sees is known as that source's."""
        if self.watched:
            return f"{self.source.address}#page"
        own = f"{self.source.address}#{self.item.address}" if self.private else self.item.address
        return self.item.name or own

    @property
    def payer(self) -> str | None:
        """Who pays for the time that reading it takes: the source, where strangers write it."""
        return None if is_local(self.source) else self.source.address


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document with everything that could be had of it, best first; empty with the reason where that is nothing."""

    found: _Found
    items: tuple[RawItem, ...]
    error: BriefsError | None = None


class _Run:
    """One run of `gather`: its tools, and what it has counted."""

    def __init__(
        self,
        sources: Sequence[Source],
        archive: Archive,
        fetcher: Fetcher,
        map_: Map,
        progress: Callable[[Step], None],
        asking: Asking,
    ) -> None:
        self._given = sources
        self._archive = archive
        self._sources = Sources(archive.database)
        self._fetcher = fetcher
        self._map = map_
        self._outcomes = Outcomes(progress)
        self._asking = asking
        self._seen: set[str] = set()  # names of documents
        # Those that were ever read, and those that are read for the first time meanwhile: by us, or by another process.
        addresses = {one.address for one in self._sources.health()} | {one.address for one in sources}
        self._tags = frozenset(map(tag, addresses))
        self._private = private_sources(archive.database)
        self._filing = Filing(archive, self._outcomes, self._private, self._tags)
        self._busy: dict[str, SourceError] = {}  # why hosts are asked for no more pages in this run
        self._unread: set[str | None] = set()  # sources of which something is left for the next run

    def run(self, *, only_due: bool) -> Report:
        """Go through all stages, for some of the sources after the other."""
        started, count = time.monotonic(), 0
        threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="gather")
        try:
            with closing(self._asking.in_turn(self._given, only_due=only_due)) as turns:
                for asked in turns:
                    for burst in bursts(self._loaded(self._documents(asked, threads), threads)):
                        self._filing.file(self._prepared(burst))
                    self._asking.close(self._outcomes.tallies, self._unread)
                    count += len(asked)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
        return self._outcomes.report(count, time.monotonic() - started, self._asking.recovered)

    # ---- read

    def _documents(self, sources: Sequence[Source], threads: ThreadPoolExecutor) -> Iterator[_Found | None]:
        """Every document that is new; sources take turns, and one that does not answer keeps no other waiting.

        None where none of them has anything for a moment.
        """
        waiting = iter(sorted(sources, key=is_local, reverse=True))
        turns: deque[Iterator[_Found]] = deque()
        asked: set[Future[tuple[Source, Reading | SourceError]]] = set()
        while True:
            while len(asked) <= 2 * _THREADS >= len(turns) and (source := next(waiting, None)):
                asked.add(threads.submit(self._asking.ask, source))
            if not asked and not turns:
                return
            answered, asked = wait(asked, timeout=0 if turns else PAUSE, return_when=FIRST_COMPLETED)
            if not answered and not turns:
                yield None
            turns.extend(self._fresh(self._read(*future.result())) for future in answered)
            for _ in range(len(turns)):
                one = turns.popleft()
                if (found := next(one, None)) is not None:
                    turns.append(one)
                    yield found

    def _read(self, source: Source, reading: Reading | SourceError) -> Iterator[_Found]:
        if isinstance(reading, SourceError):
            self._fail(source, reading)
        elif reading.listing is not None:
            yield from self._listed(source, reading, *reading.listing)
        else:
            count, error = 0, None
            for item in documents(source, reading):
                if isinstance(item, SourceError):
                    error = item
                    self._outcomes.refuse(str(item.values.get("address", source.address)), item, source.address)
                else:
                    count += 1
                    yield self._found(source, named(source, item), marks(source, item))
            if error and not count:
                self._asking.failed(source, error)
            else:
                self._asking.heard(source, reading.answer)

    def _listed(self, source: Source, reading: Reading, parse: Callable[[Any], Feed], sent: object) -> Iterator[_Found]:
        (feed,) = self._map(parse, [sent], payer=lambda _: source.address)
        if isinstance(feed, BriefsError):
            self._fail(source, feed)
            return
        for refused in feed.refused:
            self._outcomes.refuse(source.address, refused, source.address)
        for item in bare(entry.item(feed.title, feed.page) for entry in feed.entries):
            yield self._found(source, named(source, item), marks(source, item, entry=True), entry=True)
        self._asking.heard(source, reading.answer, feed)

    def _found(self, source: Source, item: RawItem, digest: str, *, entry: bool = False) -> _Found:
        watched = is_watched(source) and not entry
        return _Found(source, item, digest, entry, private=source.address in self._private, watched=watched)

    # ---- what is not known yet, in full

    def _fresh(self, documents: Iterator[_Found]) -> Iterator[_Found]:
        """Return the documents of a source that were never read, or not with these bytes; each name once."""
        for batch in batches(documents, _BATCH):
            # Entries had the names of their pages once.
            known = self._sources.documents([name for found in batch for name in {found.name, found.item.address}])
            self._asking.listed(known.values())
            entries = [(known[found.name], found) for found in batch if found.entry and found.name in known]
            edited = [old.article for old, found in entries if changes(old.digest, found.digest) is None]
            held = self._sources.holders(edited)
            amended: list[Document] = []
            listed: dict[str, set[str]] = {}
            for found in batch:
                old, again = known.get(found.name), found.name in self._seen
                self._seen.add(found.name)  # before it is another source's turn
                before = old if old or found.private or found.watched else known.get(found.item.address)
                if again or self._is_as_it_was(found, before, amended):
                    if before and whose(before.digest) != tag(found.source.address):
                        listed.setdefault(before.article, set()).add(found.source.address)
                    self._outcomes.count("unchanged", found.name, found.source.address)
                elif old and found.entry and not any(is_rival(found.name, one) for one in held.get(old.article, ())):
                    yield dataclasses.replace(found, article=old.article)
                elif old and found.watched:
                    yield dataclasses.replace(found, known=old.sentences or b"")
                else:
                    yield found
            self._sources.remember(amended)
            self._archive.listed(listed)

    def _is_as_it_was(self, found: _Found, old: Document | None, amended: list[Document]) -> bool:
        """Whether a document is known with this content; where it stands, and its date, are brought up to date.

        amended: is given the document, where it is to be remembered otherwise. What two feeds word differently is the
        one's that brought it first, in whatever order they answer.
        """
        if old is None:
            return False
        if whose(old.digest) in self._tags - {tag(found.source.address)}:
            return True
        if (changed := changes(old.digest, found.digest)) is None:
            return False
        item = found.item
        if changed:
            address = canonical(item.address) if item.link is None else item.link
            self._archive.amend(
                old.article,
                url=(address or None) if "link" in changed else None,
                published=possible(item.published) if "date" in changed else None,
            )
        if (found.name, found.digest) != (old.address, old.digest):
            amended.append(Document(found.name, found.digest, old.article, old.listed_at))
        return True

    def _loaded(self, documents: Iterator[_Found | None], threads: ThreadPoolExecutor) -> Iterator[_Loaded | None]:
        """Return the documents, summaries in feeds together with their pages; None as in `_documents`."""
        pages_asked: Counter[str | None] = Counter()

        def load(found: _Found) -> Callable[[], _Loaded]:
            wanted = found.entry and found.item.link is None and is_summary(found.item)
            pages_asked[found.item.source] += wanted
            ask = wanted and pages_asked[found.item.source] <= _PAGES
            return lambda: self._with_page(found) if ask else _Loaded(found, (found.item,))

        return ahead(
            threads, lambda task: task(), (load(found) if found else None for found in documents), 2 * _THREADS
        )

    def _with_page(self, found: _Found) -> _Loaded:
        """Ask for the page of a feed entry; runs in a thread. Where the page cannot be had, the summary has to do."""
        summary = (found.item,) if found.item.body.strip() else ()
        host = host_of(found.item.address)
        if host in self._busy:
            return _Loaded(found, summary, self._busy[host])
        try:
            answer = self._fetcher.get(found.item.address, allow=found.source.allow)
        except SourceError as error:
            if isinstance(error, Busy | NoAnswer):  # what holds for one page of a site holds for the others
                self._busy[host] = error
            return _Loaded(found, summary, error)
        if wrong := unlike(answer.body, answer.address):  # "enable JavaScript" is no article
            return _Loaded(found, summary, wrong)
        page = page_of(answer)
        said = {name: getattr(found.item, name) for name in ("title", "published", "author", "source", "language")}
        return _Loaded(found, (dataclasses.replace(page, **said), *summary))

    # ---- prepare and store

    def _prepared(self, documents: Iterator[_Loaded]) -> Iterator[Prepared]:
        """Return the articles of the documents."""
        waiting: deque[_Found] = deque()

        def items() -> Iterator[tuple[RawItem, ...]]:
            for loaded in documents:
                if loaded.items:
                    waiting.append(loaded.found)
                    yield loaded.items
                elif loaded.error:
                    self._outcomes.refuse(loaded.found.item.address, loaded.error, loaded.found.source.address)

        # It is asked for the payer of an item that was given just now: the last one that waits.
        for result in self._map(prepare_best, items(), payer=lambda _: waiting[-1].payer):
            found = waiting.popleft()
            if isinstance(result, Spent):
                self._unread.add(found.payer)
            if isinstance(result, BriefsError):
                self._outcomes.refuse(found.item.address, result, found.source.address)
            else:
                document = Document(found.name, found.digest, result.article.id)
                candidate = Prepared(document, result, found.source.address)
                called = candidate.called(found.article) if found.article else candidate
                yield from self._watched(found, result) if found.watched else [called]

    def _watched(self, found: _Found, page: Analysed) -> Iterator[Prepared]:
        """Return what was added to a page that is watched, where there is something, and then the page."""
        page = as_it_stands(page, found.name)
        before = self._archive.article(found.name) if found.known else None
        if change := change_of(page, found.known, before.text if before else "", self._asking.now()):
            yield Prepared(Document(change.article.id, found.digest, change.article.id), change, found.source.address)
        document = Document(found.name, found.digest, found.name, sentences=remembered(page, found.known))
        yield Prepared(document, page, found.source.address)

    def _fail(self, source: Source, error: BriefsError) -> None:
        self._outcomes.refuse(source.address, error, source.address)
        self._asking.failed(source, error)
