"""Bringing articles to an index outside the database, beside all else: one process of several does."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.base.leader_election import Lead
from briefs.errors import IndexAway
from briefs.store.relaying import Relay

log = logging.getLogger(__name__)

WORK = "indexing"
EVERY = timedelta(seconds=1)
_TOLD = 50  # steps of a build that is being made: some minute


class Indexer:
    """Brings what waits, and says once what is in its way, and once that it is over."""

    def __init__(self, relay: Relay, lead: Lead) -> None:
        self._relay, self._lead = relay, lead
        self._trouble = ""

    async def round(self) -> None:
        """Bring all that waits, as soon as it is ours to do."""
        await self._lead.won()
        steps, done = self._relay.send(), 0
        try:
            while step := await asyncio.to_thread(next, steps, None):
                if not step.serves and done % _TOLD == 0:
                    log.info("index: %s has %.0f %% of the articles", step.name, 100 * step.through / step.last)
                done += 1
        except IndexAway as problem:
            if self._trouble != problem.template:  # which of its nodes it is, and why, may change each time
                self._trouble = problem.template
                log.warning("index: %s", problem)
            return
        if self._trouble:
            self._trouble = ""
            log.warning("index: it answers again, and has all that waited")
