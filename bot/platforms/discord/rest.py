"""One request to Discord, one attempt, and what is known of it.

discord.py's own client retries 500, 502 and 504, sleeps through rate limits, and logs the addresses of interactions,
which are passwords. A digest must be tried once and its fate known, and an answer to a person must not wait a minute;
so what we post ourselves goes out here, with the same token to the same place.
"""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

DEADLINE = 15.0  # seconds for one attempt
_CONNECT = 5.0
_CHUNK = 65536


class NotReached(Exception):
    """No connection was made: nothing was asked."""


class NoResponse(Exception):
    """It may have been asked; no answer came."""


@dataclass(frozen=True, slots=True)
class Response:
    """What Discord said.

    body: its JSON, or None where it was none. retry_after: seconds to stay away, where it says so.
    """

    status: int
    body: Any
    retry_after: float | None = None

    @property
    def done(self) -> bool:
        """Whether what was asked is done."""
        return 200 <= self.status < 300

    @property
    def code(self) -> int | None:
        """Discord's own error code; None where the answer is not Discord's (a proxy's, for one)."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return code if isinstance(code, int) else None

    def __str__(self) -> str:
        """Say what was refused, without the address: it may hold a password."""
        said = self.body.get("message") if isinstance(self.body, dict) else None
        return f"HTTP {self.status}" + (f": {said} ({self.code})" if said else "")


class Rest:
    """Requests in the name of one bot. Opened at the first request; close it in the same event loop."""

    def __init__(self, token: str, base: str, user_agent: str, *, deadline: float = DEADLINE) -> None:
        self._base = base.rstrip("/")
        self._headers = {"Authorization": f"Bot {token}", "User-Agent": user_agent}
        self._timeout = aiohttp.ClientTimeout(total=deadline, sock_connect=min(_CONNECT, deadline))
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, path: str, body: object = None, *, file: tuple[str, bytes] | None = None
    ) -> Response:
        """Ask once. file: its name and content, which go with it. Raises NotReached or NoResponse."""
        sent: dict[str, Any] = {"data": _with_file(body, *file)} if file else {"json": body}
        try:
            async with self._opened().request(method, self._base + path, **sent) as response:
                said = _parsed(await response.text())
                return Response(response.status, said, _retry_after(response, said))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotReached(type(error).__name__) from error
        except (aiohttp.ClientError, OSError) as error:  # a time-out is an OSError
            raise NoResponse(type(error).__name__) from error

    async def read(self, address: str, most: int) -> bytes | None:
        """Get a file that somebody handed over, without our token; None where it cannot be got, or is larger."""
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout) as session,
                session.get(address, allow_redirects=False) as response,
            ):
                body = b""
                async for chunk in response.content.iter_chunked(_CHUNK):
                    body += chunk
                    if len(body) > most:
                        return None
                return body if response.status == 200 else None
        except (aiohttp.ClientError, OSError):
            return None

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # A kept connection may be closed by the other side just as we write to it, and then nobody knows whether
            # the message arrived. A new one for each request costs a handshake and leaves no such doubt.
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True), headers=self._headers, timeout=self._timeout
            )
        return self._session


def _with_file(body: object, name: str, content: bytes) -> aiohttp.FormData:
    """Put a message and its file into one form, as Discord wants it: "Uploading Files" in its reference."""
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps(body), content_type="application/json")
    form.add_field("files[0]", content, filename=name, content_type="application/octet-stream")
    return form


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _retry_after(response: aiohttp.ClientResponse, body: Any) -> float | None:
    said = body.get("retry_after") if isinstance(body, dict) else None
    try:
        return float(said if said is not None else response.headers["Retry-After"])
    except (KeyError, TypeError, ValueError):
        return None
