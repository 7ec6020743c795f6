"""What a monitor asks: `/healthz`, whether the bot works, and `/metrics`, in figures, as Prometheus reads them."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import TypeVar, get_args

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from briefs.errors import BriefsError, StoreError
from briefs.store.database import Database
from briefs.store.deliveries import OPEN, DeliveryState
from briefs.store.inventory import backlog
from briefs.store.relaying import IndexState
from briefs.store.replica import ReplicaState

STATES = get_args(DeliveryState)
PATIENCE = 5.0  # seconds for an answer of the database

Known = TypeVar("Known")


class Figures:
    """What the parts of the bot count while they work."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter, gauge = partial(Counter, registry=self.registry), partial(Gauge, registry=self.registry)
        self._posts = counter("briefbot_posts", "Attempts to post, by what became of them", ("platform", "state"))
        seen = "Looks for a digest in its channel, by what was seen"
        self._looks = counter("briefbot_looks", seen, ("platform", "sight"))
        self._limits = counter("briefbot_rate_limits", "Posts that a platform put off", ("platform",))
        self.lookup = Histogram("briefbot_lookup_seconds", "How long a look-up takes", registry=self.registry)
        self._deliveries = gauge("briefbot_deliveries", "Messages, by state", ("state",))
        self._queue = gauge("briefbot_queue", "Digests to be composed, and messages that wait or are under way")
        self._late = gauge("briefbot_oldest_run_seconds", "How late the oldest run is that is not done")

    def posted(self, platform: str, state: str, put_off: bool) -> None:
        """Count an attempt to post. put_off: whether the platform said when to come back."""
        self._posts.labels(platform, state).inc()
        if put_off:
            self._limits.labels(platform).inc()

    def looked(self, platform: str, sight: str) -> None:
        """Count a look into a channel."""
        self._looks.labels(platform, sight).inc()

    def page(self, database: Database, now: datetime, without: Collection[str] = ()) -> bytes:
        """Return all of them, with those that the database knows. without: platforms whose digests are not late."""
        known = backlog(database, now, without)
        for state in STATES:
            self._deliveries.labels(state).set(known.states.get(state, 0))
        self._queue.set(known.runs + sum(known.states.get(state, 0) for state in OPEN))
        self._late.set(known.late)
        return generate_latest(self.registry)


def routes(
    database: Database,
    figures: Figures,
    clock: Callable[[], datetime],
    without: Collection[str] = (),
    outside: Mapping[str, Callable[[], IndexState | ReplicaState]] = MappingProxyType({}),
) -> list[web.RouteDef]:
    """Return what monitors ask for. without: platforms whose digests are not late.

    outside: how the parts are that look-ups are answered without, too, by name.
    """

    async def healthz(_: web.Request) -> web.Response:
        try:
            late = (await _answered(backlog, database, clock(), without)).late
        except BriefsError as error:
            return web.json_response({"well": False, "says": str(error)}, status=503)
        said: dict[str, object] = {"well": True, "oldest_run_seconds": round(late, 1)}
        said |= {name: (await asyncio.to_thread(state))._asdict() for name, state in outside.items()}
        return web.json_response(said)

    async def metrics(_: web.Request) -> web.Response:
        try:
            page = await _answered(figures.page, database, clock(), without)
        except BriefsError as error:
            return web.Response(status=503, text=str(error))
        return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/metrics", metrics)]


async def _answered(
    ask: Callable[[Database, datetime, Collection[str]], Known],
    database: Database,
    now: datetime,
    without: Collection[str],
) -> Known:
    """Ask the database, in a thread. Raises StoreError where no answer comes: a monitor would wait in vain."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(ask, database, now, without)
    except TimeoutError:
        raise StoreError("{url} does not answer", url=database.url) from None
