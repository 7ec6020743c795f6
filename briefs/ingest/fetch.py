"""The one way out to the network: a guarded HTTP client for addresses that strangers may have written.

    address | http(s)? | resolve | every address of the host public? | connect to the checked one | follow redirects
            | inflate in bounded steps | Answer                       (each hop waits for its turn at the host)

Guards: nothing but http and https; at every hop the name is resolved once, each address it has must be public, and the
connection goes to one of those addresses and nowhere else (so that a second look-up cannot say something different);
`Host` and the TLS name stay those of the address asked for. Proxy settings and cookies of servers are never used, and a
password goes to the place it is meant for alone: where a redirect leaves that, it stays behind. One clock runs over a
whole request, whatever the server sends and however slowly; size is counted after inflating.
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from types import MappingProxyType
from typing import Any

import httpcore
import httpx

from briefs.errors import Gone, NoAnswer, Refused, Unasked, Unreachable, Unreadable
from briefs.ingest import credentials
from briefs.ingest.addresses import is_allowed, is_public
from briefs.ingest.blocked import is_challenge, refusal
from briefs.ingest.headers import fresh_for, retry_after
from briefs.ingest.inflate import inflated
from briefs.ingest.turns import Turns
from briefs.models import Auth

USER_AGENT = "Briefbot/0.1 (reads feeds and pages for a team's briefings)"
MAX_BYTES = 10 * 2**20  # of one answer, inflated
MAX_REDIRECTS = 5
_ERROR_BYTES = 65_536  # of the page that comes with an error: what it is shows early
_PERMANENT = (301, 308)
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"

_WHOLE = re.compile(rb"(?:</(?:rss|feed|rdf:rdf|channel|html)\s*>|\})\s*\Z", re.IGNORECASE)  # how what is whole ends
_PORTS = {"http": 80, "https": 443}

Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent.

    address: where it came from in the end, after redirects. media_type: in lower case, without parameters.
    charset: where the server names one. etag, last_modified: for the next conditional request.
    not_modified: it is as it was; the body is empty. fresh: how long its server holds it for current, where it says so.
    moved: where permanent redirects led, the address asked for being given up. cut: less came than was announced.
    """

    address: str
    body: bytes
    media_type: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False
    fresh: timedelta | None = None
    moved: str | None = None
    cut: bool = False


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: httpx.URL
    permanent: bool


@cache
def _trusted() -> ssl.SSLContext:
    """Return what servers' certificates are checked by; reading it takes longer than many a request."""
    return httpx.create_ssl_context()


class Fetcher:
    """Asks for http(s) addresses; may be used from several threads at once.

    allow_private: also ask every address of this machine and of private networks (in tests).
    environment: where passwords stand. resolve: (host, port) → its IP addresses. seconds: for a whole request.
    max_bytes: of an inflated body. turns: at each host. clock: the present instant, aware, which dates are seen from.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        environment: Mapping[str, str] = MappingProxyType({}),
        resolve: Resolver | None = None,
        seconds: float = 30.0,
        max_bytes: int = MAX_BYTES,
        turns: Turns | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._allow_private = allow_private
        self._environment = environment
        self._resolve = resolve or _resolve
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._turns = turns or Turns()
        self._clock = clock

    def get(
        self,
        address: str,
        *,
        auth: Auth | None = None,
        allow: Sequence[str] = (),
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Answer:
        """Ask for an address, following redirects.

        auth: what to be let in with; it is not taken along to another host. allow: what it may lead to beside the open
        internet, as `Source.allow`. etag, last_modified: of the answer we have; then the server may say "not
        modified". Raises Refused (too
        large), Unasked (the address may not be asked), Unreachable (no answer, or an error status) or Unreadable (a
        broken answer); each names the address.
        """
        deadline = time.monotonic() + self._seconds
        headers = {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        url = home = _url(address, address)
        secret = dict([credentials.header(auth, self._environment, address)] if auth else [])
        moved: str | None = None
        for hop in range(MAX_REDIRECTS + 1):
            with self._turns.at(url.host) as waited:
                deadline += waited
                try:
                    found = self._hop(url, headers | secret, deadline, address, allow)
                except Gone as gone:  # whether it is this address, or where it leads to, that is no more
                    raise Gone(gone.template, **gone.values, hops=hop) from None
            if isinstance(found, Answer):
                return replace(found, moved=moved)
            url, secret = found.to, secret if same_place(str(found.to), str(home)) else {}
            if found.permanent and (moved or not hop):  # behind a temporary one, it says nothing of our address
                moved = str(url)
        raise Unreachable(
            "{address}: redirected more than {count} times; open it in a browser and give the address it ends at",
            address=address,
            count=MAX_REDIRECTS,
        )

    def _hop(
        self, url: httpx.URL, headers: dict[str, str], deadline: float, asked: str, allow: Sequence[str]
    ) -> Answer | _Redirect:
        """One request: its answer, or where it sends us. Every failure becomes one line about the address asked for."""
        network = _GuardedNetwork(partial(self._addresses, allow), deadline, asked)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=network) as pool,
                pool.stream("GET", _raw(url), headers=_headers(url, headers)) as response,
            ):
                return self._read(response, url, deadline, asked)
        except httpcore.TimeoutException as error:
            raise NoAnswer(
                "{address}: no answer within {seconds:g} s; try again later", address=asked, seconds=self._seconds
            ) from error
        except (httpcore.NetworkError, OSError) as error:
            raise NoAnswer(
                "{address}: no connection ({reason}); check the address and the network",
                address=asked,
                reason=_reason(error),
            ) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Unreadable(
                "{address}: the answer is not HTTP; check the address and its port", address=asked
            ) from error

    def _read(self, response: httpcore.Response, url: httpx.URL, deadline: float, asked: str) -> Answer | _Redirect:
        headers = httpx.Headers(response.headers)
        if response.status in (301, 302, 303, 307, 308) and "location" in headers:
            return _Redirect(_url(_joined(url, headers["location"]), asked), response.status in _PERMANENT)
        kind = headers.get("content-type", "").lower()
        answer = Answer(
            address=str(url),
            body=b"",
            media_type=kind.partition(";")[0].strip(),
            charset=(kind.partition("charset=")[2].partition(";")[0].strip(" \"'") or None),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            not_modified=response.status == 304,
            fresh=fresh_for(headers, self._clock()),
        )
        if response.status == 304:
            return answer
        if response.status != 200:
            wait = retry_after(headers.get("retry-after"), self._clock())
            raise refusal(response.status, asked, wait, is_challenge(_beginning(response, headers), headers))
        body, cut = self._body(response, headers, deadline, asked)
        if cut:  # asked again, it shall come in full
            return replace(answer, body=body, cut=True, etag=None, last_modified=None)
        return replace(answer, body=body)

    def _body(
        self, response: httpcore.Response, headers: httpx.Headers, deadline: float, asked: str
    ) -> tuple[bytes, bool]:
        """Read a body; the second: whether less came than was announced, though it seems to be whole."""
        body = bytearray()
        try:
            for chunk in inflated(response.iter_stream(), headers.get("content-encoding", ""), asked):
                body += chunk
                if len(body) > self._max_bytes:
                    raise Refused(
                        "{address}: larger than {limit:g} MB; leave it out",
                        address=asked,
                        limit=round(self._max_bytes / 2**20, 1),
                    )
                if time.monotonic() > deadline:
                    raise httpcore.ReadTimeout
        except httpcore.RemoteProtocolError as error:  # Content-Length may count what it was before compression
            if not _WHOLE.search(body[-100:]):
                raise Unreachable("{address}: the answer broke off; try again later", address=asked) from error
            return bytes(body), True
        return bytes(body), False

    def _addresses(self, allow: Sequence[str], host: str, port: int, asked: str) -> Sequence[str]:
        """Return the addresses of a host, each of them checked. One that is forbidden spoils them all."""
        unknown = NoAnswer("{address}: no such host: {host}; check the spelling", address=asked, host=host)
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise unknown from error
        if not found:
            raise unknown
        for address in found:
            if not (is_public(address) or self._allow_private or is_allowed(address, host, allow)):
                raise Unasked(
                    "{address}: leads to {ip}, which is not a public address; if it is meant, list it for this source "
                    "in sources.yaml, as allow: [{ip}]",
                    address=asked,
                    ip=address,
                )
        return found


# ---------------------------------------------------------------- addresses


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _url(address: str, asked: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
        usable = url.scheme in ("http", "https") and bool(url.host)
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise Unasked("{address}: not a web address; it should start with https://", address=asked) from error
    if not usable:
        raise Unasked("{address}: only http and https addresses are read", address=asked)
    if url.userinfo:
        raise Unasked(
            "{address}: addresses with a password in them are not read; give it as auth in sources.yaml",
            address=str(url.copy_with(userinfo=b"")),
        )
    return url.copy_with(fragment=None)


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return location  # `_url` says what is wrong with it


def same_place(address: str, home: str) -> bool:
    """Whether a password meant for one address may go to another: the same origin, or the same host made safe."""
    urls = [httpx.URL(one) for one in (home, address)]
    places = [(url.scheme, url.host, url.port or _PORTS.get(url.scheme)) for url in urls]
    return places[0] == places[1] or places == [("http", urls[0].host, 80), ("https", urls[0].host, 443)]


def _raw(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _headers(url: httpx.URL, headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [
        (b"Host", url.netloc),
        *((name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()),
    ]


# ---------------------------------------------------------------- answers


def _beginning(response: httpcore.Response, headers: httpx.Headers) -> bytes:
    """Read the first of the page that comes with an error; what is broken in it is no error beside that one."""
    body = bytearray()
    try:
        for chunk in inflated(response.iter_stream(), headers.get("content-encoding", ""), ""):
            body += chunk
            if len(body) > _ERROR_BYTES:
                break
    except (httpcore.ProtocolError, httpcore.NetworkError, httpcore.TimeoutException, Unreadable):
        pass  # what came serves
    return bytes(body)


# ---------------------------------------------------------------- connections


class _GuardedNetwork(httpcore.NetworkBackend):
    """Opens connections to checked addresses only, and lets nothing outlast the request's deadline."""

    def __init__(self, addresses: Callable[[str, int, str], Sequence[str]], deadline: float, asked: str) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._asked = asked
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to one of the host's addresses that were checked."""
        addresses = self._addresses(host, port, self._asked)
        for number, address in enumerate(addresses, start=1):
            try:
                stream = self._network.connect_tcp(address, port, _left(self._deadline), local_address, socket_options)
                return _Stream(stream, self._deadline, self._asked)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise AssertionError("a host without addresses is an error before")


class _Stream(httpcore.NetworkStream):
    """A connection whose every step is bounded by the request's deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float, asked: str) -> None:
        self._stream = stream
        self._deadline = deadline
        self._asked = asked

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        except httpcore.ConnectError as error:
            raise NoAnswer(
                "{address}: no safe connection ({reason}); its certificate may have expired",
                address=self._asked,
                reason=_reason(error),
            ) from error
        return _Stream(stream, self._deadline, self._asked)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _reason(error: BaseException) -> str:
    """Say on one line what an error says, without the number that it has."""
    return re.sub(r"^\[Errno -?\d+\] ", "", " ".join(str(error).split())[:200]) or type(error).__name__
