"""What goes on beside all else, where there is such: an index outside the database, an embedding model, a replica."""

import asyncio
import logging
from datetime import timedelta

from bot.base.leader_election import Lead
from briefs.errors import IndexAway
from briefs.search.dense import Dense
from briefs.store.relaying import Relay
from briefs.store.replica import Replica

log = logging.getLogger(__name__)

INDEXING_EVERY, READING_EVERY, WATCHING_EVERY = timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=5)
_STEPS_TOLD = 50  # of a build that is being made: some minute
_ARTICLES_TOLD = 500


class Indexer:
    """Brings what waits to an index, and says once what is in its way, and once that it is over."""

    def __init__(self, relay: Relay, lead: Lead) -> None:
        self._relay, self._lead = relay, lead
        self._trouble: tuple[object, ...] = ()

    async def round(self) -> None:
        """Bring all that waits, as soon as it is ours to do."""
        await self._lead.won()
        steps, done = self._relay.send(), 0
        try:
            while step := await asyncio.to_thread(next, steps, None):
                if not step.serves and done % _STEPS_TOLD == 0:
                    log.info("index: %s has %.0f %% of the articles", step.name, 100 * step.through / step.last)
                done += 1
        except IndexAway as problem:
            # Which of its nodes it is, and what the network says of it, may change each time.
            trouble = problem.template, problem.values.get("status"), problem.values.get("kind")
            if self._trouble != trouble:
                self._trouble = trouble
                log.error("index: %s", problem)
            return
        if self._trouble:
            self._trouble = ()
            log.warning("index: it answers again, and has all that waited")


class SemanticReader:
    """Lets an embedding model read what waits, the newest first, some articles at a time."""

    def __init__(self, dense: Dense, lead: Lead) -> None:
        self._dense, self._lead = dense, lead

    async def round(self) -> None:
        """Let it read all that waits, as soon as it is ours to do, and for as long as it is."""
        await self._lead.won()
        steps, read, told = self._dense.catch_up(), 0, 0
        while self._lead.leads and (some := await asyncio.to_thread(next, steps, 0)):
            read += some
            if read // _ARTICLES_TOLD > told:
                told = read // _ARTICLES_TOLD
                stand = await asyncio.to_thread(self._dense.stand)
                log.info("semantic: %d of %d articles read", stand.read, stand.articles)


class Watcher:
    """Looks at a read replica: the operator hears once that it does not serve, and once that it does again."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._well = True

    async def round(self) -> None:
        """Look once."""
        state = await asyncio.to_thread(self._replica.state)
        if state.well != self._well:
            self._well = state.well
            log.log(logging.WARNING if state.well else logging.ERROR, "replica: %s", state.says)
