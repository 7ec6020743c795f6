"""The one web server of the program: monitors ask it, and Slack calls it where it serves many workspaces.

Served where BRIEFBOT_HTTP says ("127.0.0.1:9464"), and nowhere without it. Who calls and then says nothing, or half of
it, holds a descriptor: the head of a request has a few seconds to arrive, a connection is for one request, and of too
many at once the oldest is ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from briefs.errors import ConfigError

HTTP_VARIABLE = "BRIEFBOT_HTTP"
HEAD_SECONDS = 10.0  # from the connection to the end of a request's head
MOST = 256  # connections at once; a process has often 1024 descriptors for all it does


class Web:
    """Answers while it is entered.

    place: "host:port"; None: nowhere. Raises ConfigError where that is not one, or is taken.
    """

    def __init__(self, place: str | None, routes: Iterable[web.RouteDef]) -> None:
        self._place = place
        self._routes = list(routes)
        self._listener: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Web:
        """Begin to answer."""
        if self._place:
            host, _, port = self._place.rpartition(":")
            app = web.Application()
            app.add_routes(self._routes)
            app.on_response_prepare.append(_one_request)
            # Nobody who calls us compresses, and what is not signed is not worth inflating. A connection that is never
            # kept is idle only before its request.
            self._runner = web.AppRunner(
                app, access_log=None, shutdown_timeout=1, auto_decompress=False, keepalive_timeout=HEAD_SECONDS
            )
            await self._runner.setup()
            loop = asyncio.get_running_loop()
            try:
                self._listener = await loop.create_server(self._called, host or "127.0.0.1", int(port), backlog=MOST)
            except (OSError, ValueError, OverflowError) as error:
                await self._runner.cleanup()
                raise ConfigError(
                    "nothing can be served at BRIEFBOT_HTTP={place}: write 127.0.0.1:9464, or another free port",
                    place=self._place,
                ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer no more."""
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _called(self) -> web.RequestHandler:
        """Take one more connection, at the cost of the oldest where there are too many: a request takes a moment."""
        assert self._runner is not None  # noqa: S101  # we are asked only while it runs
        server = self._runner.server
        assert server is not None  # noqa: S101  # as above
        open_now = [one for one in server.connections if one.transport is not None]
        if len(open_now) >= MOST:
            open_now[0].force_close()
        return server()

    @property
    def address(self) -> tuple[str, int]:
        """Where it answers."""
        assert self._listener is not None  # noqa: S101  # asked for only while it answers
        host, port = self._listener.sockets[0].getsockname()[:2]
        return host, port


async def _one_request(_: web.Request, response: web.StreamResponse) -> None:
    """Say that the connection is over with this answer: who keeps one may write to it just as it ends."""
    response.force_close()
    response.headers["Connection"] = "close"  # the header is settled by now, and would say nothing of it
