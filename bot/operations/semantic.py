"""An embedding model reads what came in, beside all else: one process of several lets it."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.base.leader_election import Lead
from briefs.search.dense import Dense

log = logging.getLogger(__name__)

WORK = "semantic"
EVERY = timedelta(seconds=5)
_TOLD = 500  # articles


class SemanticReader:
    """Lets the model read what waits, the newest first, some articles at a time."""

    def __init__(self, dense: Dense, lead: Lead) -> None:
        self._dense, self._lead = dense, lead

    async def round(self) -> None:
        """Let it read all that waits, as soon as it is ours to do, and for as long as it is."""
        await self._lead.won()
        steps, read, told = self._dense.catch_up(), 0, 0
        while self._lead.leads and (some := await asyncio.to_thread(next, steps, 0)):
            read += some
            if read // _TOLD > told:
                told = read // _TOLD
                stand = await asyncio.to_thread(self._dense.stand)
                log.info("semantic: %d of %d articles read", stand.read, stand.articles)
