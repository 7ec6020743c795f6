"""Connections that go to checked addresses only, and outlast no deadline."""

from __future__ import annotations

import time
import typing
from collections.abc import Callable, Iterable, Sequence

import httpcore

from briefs.errors import NoAnswer


class GuardedNetwork(httpcore.NetworkBackend):
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
        self, ssl_context: typing.Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        except httpcore.ConnectError as error:
            raise NoAnswer(
                "{address}: no safe connection ({reason}); its certificate may have expired",
                address=self._asked,
                reason=reason_of(error),
            ) from error
        return _Stream(stream, self._deadline, self._asked)

    def get_extra_info(self, info: str) -> typing.Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def reason_of(error: BaseException) -> str:
    """Say on one line what an error says."""
    return " ".join(str(error).split())[:200] or type(error).__name__
