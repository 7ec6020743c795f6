"""The one way out to the network: a guarded HTTP client for addresses that strangers may have written.

    address | http(s)? | resolve | every address of the host public? | connect to the checked one | follow redirects
            | inflate in bounded steps | Answer

Guards: nothing but http and https; at every hop the name is resolved once, each address it has must be public, and the
connection goes to one of those addresses and nowhere else (so that a second look-up cannot say something different);
`Host` and the TLS name stay those of the address asked for. Proxy settings and cookies of servers are never used, and a
password goes to the place it is meant for alone: where a redirect leaves that, it stays behind. One clock runs over a
whole request, whatever the server sends and however slowly; size is counted after inflating.
"""

from __future__ import annotations

import socket
import time
import typing
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import httpcore
import httpx

from briefs.errors import Refused, SourceError, Unreachable, Unreadable
from briefs.ingest import credentials
from briefs.ingest.addresses import is_public
from briefs.models import Auth

USER_AGENT = "Briefbot/0.1 (reads feeds and pages for a team's briefings)"
MAX_BYTES = 10 * 2**20
MAX_REDIRECTS = 5
_STEP = 65_536  # bytes that one step of inflating may bring
_ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, */*;q=0.5"

_PORTS = {"http": 80, "https": 443}

Resolver = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent.

    address: where it came from in the end, after redirects. media_type: in lower case, without parameters.
    charset: where the server names one. etag, last_modified: for the next conditional request.
    not_modified: it is as it was; the body is empty.
    """

    address: str
    body: bytes
    media_type: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    not_modified: bool = False


class Fetcher:
    """Asks for http(s) addresses; may be used from several threads at once.

    allow_private: also ask addresses of this machine and of private networks (for an intranet, and in tests).
    environment: where passwords stand. resolve: (host, port) → its IP addresses. seconds: for a whole request.
    max_bytes: of an inflated body.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        environment: Mapping[str, str] = MappingProxyType({}),
        resolve: Resolver | None = None,
        seconds: float = 30.0,
        max_bytes: int = MAX_BYTES,
        user_agent: str = USER_AGENT,
    ) -> None:
        self._allow_private = allow_private
        self._environment = environment
        self._resolve = resolve or _resolve
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._user_agent = user_agent
        self._tls = httpx.create_ssl_context()

    def get(
        self,
        address: str,
        *,
        auth: Auth | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Answer:
        """Ask for an address, following redirects.

        auth: what to be let in with; it is not taken along to another host. etag, last_modified: of the answer we
        have; then the server may say "not modified". Raises Refused (the
        address may not be asked, or the answer is too large), Unreachable (no answer, or an error status) or
        Unreadable (a broken answer); each names the address.
        """
        deadline = time.monotonic() + self._seconds
        headers = {"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        url = home = _url(address, address)
        secret = dict([credentials.header(auth, self._environment, address)] if auth else [])
        for _ in range(MAX_REDIRECTS + 1):
            found = self._hop(url, headers | secret, deadline, address)
            if isinstance(found, Answer):
                return found
            url, secret = found, secret if _same_place(found, home) else {}
        raise Unreachable(
            "{address}: redirected more than {count} times; open it in a browser and give the address it ends at",
            address=address,
            count=MAX_REDIRECTS,
        )

    def _hop(self, url: httpx.URL, headers: dict[str, str], deadline: float, asked: str) -> Answer | httpx.URL:
        """One request: its answer, or where it sends us. Every failure becomes one line about the address asked for."""
        network = _GuardedNetwork(self._addresses, deadline, asked)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._tls, network_backend=network) as pool,
                pool.stream("GET", _raw(url), headers=_headers(url, headers)) as response,
            ):
                return self._read(response, url, deadline, asked)
        except httpcore.TimeoutException as error:
            raise Unreachable(
                "{address}: no answer within {seconds:g} s; try again later", address=asked, seconds=self._seconds
            ) from error
        except (httpcore.NetworkError, OSError) as error:
            raise Unreachable(
                "{address}: no connection ({reason}); check the address and the network",
                address=asked,
                reason=_reason(error),
            ) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise Unreadable(
                "{address}: the answer is not HTTP; check the address and its port", address=asked
            ) from error

    def _read(self, response: httpcore.Response, url: httpx.URL, deadline: float, asked: str) -> Answer | httpx.URL:
        headers = httpx.Headers(response.headers)
        if response.status in (301, 302, 303, 307, 308) and "location" in headers:
            return _url(_joined(url, headers["location"]), asked)
        kind = headers.get("content-type", "").lower()
        answer = Answer(
            address=str(url),
            body=b"",
            media_type=kind.partition(";")[0].strip(),
            charset=(kind.partition("charset=")[2].partition(";")[0].strip(" \"'") or None),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            not_modified=response.status == 304,
        )
        if response.status == 304:
            return answer
        if response.status != 200:
            raise _bad_status(response.status, asked)
        chunks = _inflated(response.iter_stream(), headers.get("content-encoding", ""), asked)
        body = bytearray()
        for chunk in chunks:
            body += chunk
            if len(body) > self._max_bytes:
                raise Refused(
                    "{address}: larger than {limit:g} MB; leave it out",
                    address=asked,
                    limit=round(self._max_bytes / 2**20, 1),
                )
            if time.monotonic() > deadline:
                raise httpcore.ReadTimeout
        return Answer(answer.address, bytes(body), answer.media_type, answer.charset, answer.etag, answer.last_modified)

    def _addresses(self, host: str, port: int, asked: str) -> Sequence[str]:
        """Return the addresses of a host, each of them checked. One that is forbidden spoils them all."""
        try:
            found = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Unreachable(
                "{address}: no such host: {host}; check the spelling", address=asked, host=host
            ) from error
        if not found:
            raise Unreachable("{address}: no such host: {host}; check the spelling", address=asked, host=host)
        for address in found:
            if not self._allow_private and not is_public(address):
                raise Refused(
                    "{address}: leads to {ip}, which is not a public address; if it is meant, set "
                    "BRIEFBOT_ALLOW_PRIVATE=1 in the environment",
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
        raise Refused("{address}: not a web address; it should start with https://", address=asked) from error
    if not usable:
        raise Refused("{address}: only http and https addresses are read", address=asked)
    if url.userinfo:
        raise Refused(
            "{address}: addresses with a password in them are not read; give it as auth in sources.yaml",
            address=str(url.copy_with(userinfo=b"")),
        )
    return url.copy_with(fragment=None)


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return location  # `_url` says what is wrong with it


def _same_place(url: httpx.URL, home: httpx.URL) -> bool:
    """Whether a password meant for one address may go to another: the same origin, or the same host made safe."""
    places = [(one.scheme, one.host, one.port or _PORTS[one.scheme]) for one in (home, url)]
    return places[0] == places[1] or places == [("http", home.host, 80), ("https", home.host, 443)]


def _raw(url: httpx.URL) -> httpcore.URL:
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)


def _headers(url: httpx.URL, headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [
        (b"Host", url.netloc),
        *((name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()),
    ]


# ---------------------------------------------------------------- the network


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
        socket_options: Iterable[typing.Any] | None = None,
    ) -> httpcore.NetworkStream:
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
        self, ssl_context: typing.Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        except httpcore.ConnectError as error:
            raise Unreachable(
                "{address}: no safe connection ({reason}); its certificate may have expired",
                address=self._asked,
                reason=_reason(error),
            ) from error
        return _Stream(stream, self._deadline, self._asked)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


# ---------------------------------------------------------------- answers


def _inflated(chunks: Iterable[bytes], encoding: str, asked: str) -> Iterator[bytes]:
    """Return the body as it was before compression, in pieces of at most a step."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from chunks
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(
            "{address}: compressed in a way we did not ask for ({encoding}); tell its publisher",
            address=asked,
            encoding=encoding[:40],
        )
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    first = True
    for chunk in chunks:
        rest = chunk
        while rest:
            try:
                piece = inflater.decompress(rest, _STEP)
            except zlib.error as error:
                if not first:
                    raise Unreadable(
                        "{address}: the compressed answer is broken; try again later", address=asked
                    ) from error
                inflater = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without its head, as some servers send it
                first = False
                continue
            first = False
            if piece:
                yield piece
            rest = inflater.unconsumed_tail
            if inflater.eof:  # a gzip file may have several members
                rest = inflater.unused_data
                if not rest.startswith(b"\x1f\x8b"):
                    return
                inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)


def _bad_status(status: int, asked: str) -> SourceError:
    match status:
        case 404 | 410:
            return Unreachable(
                "{address}: not found ({status}); check the address, or remove the source", address=asked, status=status
            )
        case 401 | 402 | 403 | 451:
            return Unreachable(
                "{address}: the site will not show it to us ({status}); it may need a login",
                address=asked,
                status=status,
            )
        case 429 | 503:
            return Unreachable(
                "{address}: the site asks us to come back later ({status})", address=asked, status=status
            )
        case _:
            return Unreachable(
                "{address}: the site answers with an error ({status}); try again later", address=asked, status=status
            )


def _reason(error: BaseException) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
