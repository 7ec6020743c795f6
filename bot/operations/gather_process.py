"""Gathering beside the bot: each round is a process of its own.

So a round of thousands of articles keeps no command waiting, its memory is given back when it is over, and it can be
ended at any moment: what it has committed stays.
"""

import asyncio
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.base.leader_election import Lead
from bot.base.logs import Seldom, strike_out
from briefs.store.sources import Sources

log = logging.getLogger(__name__)

GRACE_SECONDS = 3.0
WORK = "gathering"  # what the process leads that keeps house, and on SQLite gathers
BESIDE = "BRIEFBOT_BESIDE"  # set for a process that gathers beside a bot
EVERY = timedelta(minutes=1)  # how often it is looked whether there is anything to do
_INTERVALS, _AT_LEAST = 4, timedelta(hours=1)
_FIGURES = re.compile(r"\d+")


def deadline(interval: timedelta) -> timedelta:
    """Return how long a round may take that is begun at this interval: long, for the first one reads everything."""
    return max(_INTERVALS * interval, _AT_LEAST)


def end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, however it went. Its stdin is a pipe from there."""

    def watch() -> None:
        os.read(0, 1)  # nothing is ever written: it returns when the last one who could is gone
        os._exit(1)

    threading.Thread(target=watch, name="ends with its parent", daemon=True).start()


class Rounds:
    """When a round is worth a process: every so often, and when the time of a source has come in between.

    addresses: gives those of the sources. clock: the present instant, aware.
    """

    def __init__(
        self,
        sources: Sources,
        addresses: Callable[[], Collection[str]],
        every: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self._sources, self._addresses, self._every, self._clock = sources, addresses, every, clock
        self._last: datetime | None = None

    def due(self) -> bool:
        """Whether one is; that it begins now is taken for granted then."""
        now, last = self._clock(), self._last
        if last and abs(now - last) < self._every and not self._sources.become_due(self._addresses(), last, now):
            return False
        self._last = now
        return True


class Gatherer:
    """Runs `briefbot gather` in rounds.

    arguments: of that command. environment: of its process, but for the tokens of chat platforms, which it does not
    need. address: of the database that it fills. lead: of several bots that share it, the one that leads gathers; None:
    each gathers its share.
    deadline: how long a round may take; a longer one is ended, since nothing else would be gathered till then. due:
    asked in a thread whether there is anything to do. clock: the present instant, aware.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        address: str,
        lead: Lead | None,
        *,
        deadline: timedelta = _AT_LEAST,
        due: Callable[[], bool] = lambda: True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        from bot.operations.registry import secrets  # a round itself, which has this module too, needs no platform

        self._arguments = arguments
        # Everybody on the machine can read the arguments of a process, and an address may hold a password.
        needed = {name: value for name, value in environment.items() if name not in secrets()}
        self._environment = needed | {"BRIEFBOT_DATABASE": address, BESIDE: "1"}
        self._lead = lead
        self._deadline = deadline
        self._due = due
        self._clock = clock
        self._seldom = Seldom(timedelta(days=1))

    async def round(self) -> None:
        """Read the sources that are due, as soon as it is ours to do, and log what came of it.

        When cancelled, the process is ended first.
        """
        if self._lead:
            await self._lead.won()
        if await asyncio.to_thread(self._due):
            await self._gather()

    async def _gather(self) -> None:
        theirs, ours = os.pipe()
        try:
            await self._watched(theirs)
        finally:
            os.close(theirs)
            os.close(ours)

    async def _watched(self, stdin: int) -> None:
        process = await asyncio.create_subprocess_exec(
            # -P: a folder called "bot" where the program was started is not ours.
            *(sys.executable, "-P", "-m", "bot.cli", "gather", "--json", "--due", *self._arguments),
            stdin=stdin,  # it ends when nobody holds the other end any more: see `end_with_parent`
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self._environment,
        )
        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                out, err = await process.communicate()
        except TimeoutError:
            log.error("gathering took more than %s (hours:minutes:seconds) and was ended", self._deadline)
            return
        finally:
            await _end(process)
        if out.strip():
            self.tell(json.loads(out))
        else:
            problem = err.decode(errors="replace").strip().rpartition("\n")[2]
            log.error("gathering failed: %s", strike_out(problem) or f"it ended with {process.returncode}")

    def tell(self, report: Mapping[str, Any]) -> None:
        """Log what a round brought: what cannot be read, once a day and for each other reason; what answers again."""
        refused, now = report["refused"], self._clock()
        counts = (report[name] for name in ("new", "changed", "unchanged"))
        log.info("gathered: %s new, %s changed, %s unchanged, %s refused", *counts, len(refused))
        for refusal in refused:
            reason = _FIGURES.sub("", refusal["error"])  # how long it took, or how much there was, is no other reason
            if self._seldom.is_news(refusal["address"], now, reason):
                log.warning("%s", refusal["error"])
        for address in report["recovered"]:
            self._seldom.forget(address)
            log.warning("%s: answers again", address)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):  # it ended by itself just now
        process.terminate()
        try:
            async with asyncio.timeout(GRACE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
