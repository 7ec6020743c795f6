"""Which of some feeds answer: asked in a worker process, a few at once, and only some of many.

addresses ─ the first of them ─ a worker: asked, read ─ what is wrong with each
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from briefs.errors import BriefsError, SourceError
from briefs.ingest.feeds import read_feed
from briefs.ingest.fetch import Fetcher
from briefs.workers import Workers

ASKED = 40  # feeds of one list
_AT_ONCE = 8  # feeds that are asked together
_SECONDS = 25.0  # of all of it
_UNTIL = 18.0  # seconds after which no more are asked
_ANSWER = 5.0  # seconds for one of them


@dataclass(frozen=True, slots=True)
class Tried:
    """A feed that was asked. problem: what is wrong, None where nothing is."""

    address: str
    problem: BriefsError | None


def answering(addresses: Sequence[str]) -> list[Tried]:
    """Ask the first of some feeds, in a process of its own; give those that there was time for. Blocks for a while."""
    with Workers(1, seconds=_SECONDS) as workers:
        (tried,) = workers.map(_tried, [tuple(addresses[:ASKED])])
    return [] if isinstance(tried, BriefsError) else [Tried(*one) for one in tried]


def _tried(addresses: Sequence[str]) -> list[tuple[str, BriefsError | None]]:
    return [(one.address, one.problem) for one in tried(addresses, Fetcher(seconds=_ANSWER))]


def tried(addresses: Sequence[str], fetcher: Fetcher) -> list[Tried]:
    """Ask some feeds in this process; give those that there was time for, in their order."""
    until = time.monotonic() + _UNTIL

    def ask(address: str) -> Tried | None:
        if time.monotonic() > until:
            return None
        try:
            answer = fetcher.get(address)
            read_feed(answer.body, address, content_type=answer.media_type)
        except SourceError as error:
            return Tried(address, error)
        return Tried(address, None)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return [one for one in threads.map(ask, addresses) if one is not None]
