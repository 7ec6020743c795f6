"""The one web server of the program: monitors ask it, and Slack calls it where it serves many workspaces.

Served where BRIEFBOT_HTTP says ("127.0.0.1:9464"), and nowhere without it.
"""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from briefs.errors import ConfigError

VARIABLE = "BRIEFBOT_HTTP"


class Web:
    """Answers while it is entered.

    place: "host:port"; None: nowhere. Raises ConfigError where that is not one, or is taken.
    """

    def __init__(self, place: str | None, routes: Iterable[web.RouteDef]) -> None:
        self._place = place
        self._routes = list(routes)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Web:
        """Begin to answer."""
        if self._place:
            host, _, port = self._place.rpartition(":")
            app = web.Application()
            app.add_routes(self._routes)
            # Nobody who calls us compresses, and what is not signed is not worth inflating.
            self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, auto_decompress=False)
            await self._runner.setup()
            try:
                await web.TCPSite(self._runner, host or "127.0.0.1", int(port)).start()
            except (OSError, ValueError, OverflowError) as error:
                await self._runner.cleanup()
                raise ConfigError(
                    "nothing can be served at BRIEFBOT_HTTP={place}: write 127.0.0.1:9464, or another free port",
                    place=self._place,
                ) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        """Answer no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def address(self) -> tuple[str, int]:
        """Where it answers."""
        assert self._runner is not None  # noqa: S101  # asked for only while it answers
        host, port = self._runner.addresses[0][:2]
        return host, port
