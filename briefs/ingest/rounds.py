"""Which sources a round of gathering asks, and what is stored of their answers.

sources | due? | claim some | ask (threads) ──> the run ──> close: when to ask again, rhythm, moves, how it read

Of several processes on one PostgreSQL each claims some sources, and then some more. On SQLite only one process gathers,
and asks all of them.
"""

import random
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from briefs.errors import BriefsError, Gone, SourceError
from briefs.ingest.feeds import Feed, Rhythm
from briefs.ingest.fetch import Answer, Fetcher
from briefs.ingest.polling import MOVED, REMEMBERED, after_answer, after_failure
from briefs.ingest.readers import read
from briefs.ingest.readers.port import Reading
from briefs.ingest.report import Tally
from briefs.models import Source
from briefs.store.database import Database
from briefs.store.source_claims import SourceClaims
from briefs.store.sources import Document, Health, Learnt, Sources, State
from briefs.streams import batches

_CLAIMED = 50  # sources at once: what a process that is killed leaves to others
_GARBLED = 1 / 200  # of the characters that stand for what could not be read: more is no slip


@dataclass(frozen=True, slots=True)
class _Heard:
    source: Source
    at: datetime
    answer: Answer | None
    feed: Feed | None


class Asking:
    """The sources of one run. `ask` may be called from any thread, the rest from one.

    clock: the present instant, aware. usual: how often a source is asked that posts all the time. chance: gives
    numbers from 0 to 1, which keep those apart that failed together.
    """

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        clock: Callable[[], datetime],
        usual: timedelta,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._store, self._fetcher = Sources(database), fetcher
        self.now, self._usual, self._chance = clock, usual, chance
        self._claims = SourceClaims(database, clock) if database.shared else None
        self._known = {health.address: health for health in self._store.health()}
        self._heard: list[_Heard] = []
        self.recovered: list[str] = []  # addresses of those that were heard and had not answered before

    def in_turn(self, sources: Sequence[Source], *, only_due: bool) -> Generator[list[Source], None, None]:
        """Yield the sources that are this run's to ask, some at a time; `close` is called after each of these.

        only_due: leave out those whose time has not come. Those in the hands of another process are left to it.
        """
        asked = self._due(sources) if only_due else list({one.address: one for one in sources}.values())
        if self._claims is None:
            yield asked
            return
        self._claims.make_known([one for one in asked if one.address not in self._known])
        with self._claims.kept():
            yield from self._claimed(asked, self._claims, only_due=only_due)

    def _claimed(self, asked: Sequence[Source], claims: SourceClaims, *, only_due: bool) -> Iterator[list[Source]]:
        ours: list[Source] = []
        for some in batches(asked, _CLAIMED):
            taken = {health.address: health for health in claims.claim(some, only_due=only_due)}
            self._known |= taken
            ours += [one for one in some if one.address in taken]
            if len(ours) >= _CLAIMED // 2:
                yield ours
                ours = []
        if ours:
            yield ours

    def _due(self, sources: Sequence[Source]) -> list[Source]:
        """Return the sources whose time has come; those first that were never read: somebody may be waiting."""
        now = self.now()
        known = [(source, self._of(source)) for source in sources]
        due = [(source, health) for source, health in known if not health.next_at or health.next_at <= now]
        return [source for source, _ in sorted(due, key=lambda one: one[1].answered_at is not None)]

    def ask(self, source: Source) -> tuple[Source, Reading | SourceError]:
        """Ask a source; returns it with what came of that."""
        return source, read(source, self._fetcher, self._of(source))

    def failed(self, source: Source, error: BriefsError) -> None:
        """Note that a source could not be read."""
        now = self.now()
        health = self._of(source)
        next_at = after_failure(now, error, health.failures + 1, self._chance())
        # An address that said where it has moved to, and then that it is no more, has left that as its last word.
        leaves = isinstance(error, Gone) and not error.values.get("hops") and health.moves < MOVED
        self._store.failed(source, now, error, next_at, moved_to=health.moved_to if leaves else None)

    def heard(self, source: Source, answer: Answer | None = None, feed: Feed | None = None) -> None:
        """Note that a source was read; it is stored when the round is over and its articles are in the archive."""
        self._heard.append(_Heard(source, self.now(), answer, feed))

    def listed(self, documents: Iterable[Document]) -> None:
        """Note that a source lists documents that are known."""
        self._store.listed(documents, self.now())

    def close(self, tallies: Mapping[str, Tally], unread: Collection[str | None] = ()) -> None:
        """Remember what was heard, and give back what was claimed.

        tallies: what became of the documents, by the address of their source. unread: sources of which some were left
        for the next run: they are asked in full again.
        """
        none = Tally(Counter())
        self._store.learn(
            self._learnt(one, tallies.get(one.source.address, none), whole=one.source.address not in unread)
            for one in self._heard
        )
        self.recovered += [one.source.address for one in self._heard if self._of(one.source).failures]
        self._heard = []
        if self._claims:
            self._claims.give_back()

    def _of(self, source: Source) -> Health:
        return self._known.get(source.address) or Health(source.address, source.kind)

    def _learnt(self, one: _Heard, tally: Tally, *, whole: bool) -> Learnt:
        answer, feed, health = one.answer, one.feed, self._of(one.source)
        if answer is None:
            return Learnt(one.source, one.at, state="well", about={})
        arrivals = _arrivals(one.at, health, feed, tally)
        rhythm = feed.rhythm if feed else _remembered(health.about.get("rhythm"))
        moved_to, moves = _moves(health, answer)
        next_at = after_answer(one.at, self._usual, arrivals=arrivals, fresh=answer.fresh, said=rhythm)
        learnt = Learnt(
            one.source,
            one.at,
            *_validators(health, answer, anew=not whole or moves == MOVED != health.moves),
            next_at=next_at if whole else None,
            arrivals=arrivals,
            moved_to=moved_to,
            moves=moves,
        )
        if answer.not_modified:
            return learnt
        state, about = _state(feed, tally, answer)
        if feed and feed.rhythm != Rhythm():
            about["rhythm"] = _plain(feed.rhythm)
        return replace(learnt, title=(feed.title if feed else None) or None, state=state, about=about)


def _validators(health: Health, answer: Answer, *, anew: bool) -> tuple[str | None, str | None]:
    """Return what to send back the next time; anew: nothing, for all of it is wanted, or another address is asked."""
    if anew:
        return None, None
    if answer.not_modified:  # a server need not repeat them then (RFC 9110, 15.4.5)
        return answer.etag or health.etag, answer.last_modified or health.last_modified
    return answer.etag, answer.last_modified


def _moves(health: Health, answer: Answer) -> tuple[str | None, int]:
    """Return where a source has moved to, and how often in a row that was said."""
    if health.moves >= MOVED and answer.moved is None:  # asked there, and found there
        return health.moved_to, health.moves
    again = answer.moved is not None and answer.moved == health.moved_to
    return answer.moved, health.moves + 1 if again else int(answer.moved is not None)


def _arrivals(now: datetime, health: Health, feed: Feed | None, tally: Tally) -> tuple[datetime, ...]:
    """Return when the newest entries came: by their dates where most have one, else when they were first seen."""
    entries = feed.entries if feed else ()
    dated = sorted((e.published for e in entries if e.published and e.published <= now), reverse=True)
    if dated and 2 * len(dated) >= len(entries):
        return tuple(dated[:REMEMBERED])
    came = not health.arrivals or tally.counts["new"] + tally.counts["changed"]
    return ((now,) if came else ()) + health.arrivals[: REMEMBERED - 1 if came else None]


def _plain(rhythm: Rhythm) -> dict[str, object]:
    """Return what a feed says of itself as JSON, for the times when it is not sent."""
    every = rhythm.every.total_seconds() if rhythm.every is not None else None
    return {"every": every, "hours": sorted(rhythm.skip_hours), "days": sorted(rhythm.skip_days)}


def _remembered(plain: Mapping[str, Any] | None) -> Rhythm | None:
    if plain is None:
        return None
    every = None if plain["every"] is None else timedelta(seconds=plain["every"])
    return Rhythm(every, frozenset(plain["hours"]), frozenset(plain["days"]))


def _state(feed: Feed | None, tally: Tally, answer: Answer) -> tuple[State, dict[str, object]]:
    """Return how a source read, and what there is to say of that."""
    there = len(feed.entries) + len(feed.refused) if feed else 1
    if not there:
        return "empty", {}
    if tally.error is not None and tally.counts["refused"] >= there:
        return "refused", {"entries": there, **tally.error.plain()}
    if feed is None:
        return "well", {}
    lost = _lost(feed)
    if lost > _GARBLED:
        return "garbled", {"share": lost}
    repairs = [*feed.repairs, *(["length"] if answer.cut else [])]
    return ("repaired", {"repairs": repairs}) if repairs else ("well", {})


def _lost(feed: Feed) -> float:
    """Return the share of the characters of a feed that stand for what could not be read."""
    texts = [text for entry in feed.entries for text in (entry.title, entry.markup)]
    return sum(text.count("\ufffd") for text in texts) / max(1, sum(map(len, texts)))
