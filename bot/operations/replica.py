"""Watching over a read replica: the operator hears once that it does not serve, and once that it does again."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from briefs.store.replica import Replica

log = logging.getLogger(__name__)

EVERY = timedelta(seconds=5)


class Watcher:
    """Looks at a replica, and says what has changed."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._well = True

    async def round(self) -> None:
        """Look once."""
        state = await asyncio.to_thread(self._replica.state)
        if state.well != self._well:
            self._well = state.well
            log.log(logging.WARNING if state.well else logging.ERROR, "replica: %s", state.says)
