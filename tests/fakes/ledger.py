"""What both fake platforms share: the ledger of what they took in, and the script of what goes wrong.

    request → FaultScript.answer ──no fault──→ the fake's own work (validate, store, ledger) → response
                     └──── fault ────→ store or not, wait, then a bad answer, a close or a reset

The ledger is the oracle of the delivery tests: it is only ever appended to, and an entry stands in it exactly when the
real platform would show something to people, whatever the caller was told about it.
"""

from __future__ import annotations

import asyncio
import copy
import socket
import struct
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any, Literal

from aiohttp import web

Json = dict[str, Any]


# ---------------------------------------------------------------- what was taken in


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request that changed what people see.

    number: counts from 1 in the order of acceptance. method: as the platform names it ("chat.postMessage",
    "POST /channels/{channel_id}/messages"). body: what was sent. message: what the platform keeps of it.
    """

    number: int
    platform: str
    method: str
    channel: str
    body: Json
    message: Json
    at: datetime


@dataclass
class Ledger:
    """An append-only list of accepted requests. Entries are copies: later edits of a message do not reach them."""

    platform: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _entries: list[Entry] = field(default_factory=list)

    def append(self, method: str, channel: str, body: Mapping[str, Any], message: Mapping[str, Any]) -> Entry:
        """Write one entry down."""
        entry = Entry(
            number=len(self._entries) + 1,
            platform=self.platform,
            method=method,
            channel=channel,
            body=copy.deepcopy(dict(body)),
            message=copy.deepcopy(dict(message)),
            at=self.clock(),
        )
        self._entries.append(entry)
        return entry

    def of(self, method: str = "*", *, channel: str | None = None) -> list[Entry]:
        """Give the entries of a method (`*` stands for anything), in order."""
        return [
            entry
            for entry in self._entries
            if fnmatchcase(entry.method, method) and (channel is None or entry.channel == channel)
        ]

    def __iter__(self) -> Iterator[Entry]:
        return iter(tuple(self._entries))

    def __len__(self) -> int:
        return len(self._entries)


# ---------------------------------------------------------------- what goes wrong


@dataclass(frozen=True, slots=True)
class Fault:
    """One way for a request to go wrong. The functions below build the usual ones.

    stored: whether the platform does what was asked before the fault shows.
    delay: seconds to wait between that and the answer.
    status, headers, body: the answer instead of the right one; status None: the right one, only late.
    error: a platform's error code, put in its own form by the fake.
    hang_up: no answer at all: an orderly close, or a TCP reset.
    """

    stored: bool = False
    delay: float = 0
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    error: str | None = None
    hang_up: Literal["", "close", "reset"] = ""


def status(code: int, *, stored: bool = False, body: str = "") -> Fault:
    """Answer with an HTTP status."""
    return Fault(status=code, stored=stored, body=body)


def error(code: str, *, stored: bool = False) -> Fault:
    """Answer with the platform's own form of an error (Slack: `ok: false`)."""
    return Fault(error=code, stored=stored)


def rate_limited(seconds: float, **headers: str) -> Fault:
    """Answer 429 with Retry-After; more headers by keyword, e.g. `Via="1.1 edge"`."""
    return Fault(status=429, headers={"Retry-After": f"{seconds:g}", **headers})


def slow(seconds: float) -> Fault:
    """Do what was asked, and say so late."""
    return Fault(stored=True, delay=seconds)


STORED_THEN_CLOSED = Fault(stored=True, hang_up="close")
STORED_THEN_RESET = Fault(stored=True, hang_up="reset")
CLOSED_BEFORE_STORING = Fault(stored=False, hang_up="close")


@dataclass
class _Planned:
    method: str
    fault: Fault
    skip: int
    times: int | None
    when: Callable[[Json], bool] | None

    def takes(self, method: str, body: Json) -> bool:
        if not fnmatchcase(method, self.method) or (self.when is not None and not self.when(body)):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class FaultScript:
    """Faults to come, the first planned first."""

    _planned: list[_Planned] = field(default_factory=list)

    def fail_next(
        self,
        method: str,
        fault: Fault,
        *,
        skip: int = 0,
        times: int | None = 1,
        when: Callable[[Json], bool] | None = None,
    ) -> None:
        """Let requests of this method (`*` stands for anything) go wrong.

        skip: so many matching ones go well first. times: how many go wrong then; None: all from there on.
        when: only requests with such a body match.
        """
        self._planned.append(_Planned(method, fault, skip, times, when))

    def clear(self) -> None:
        """Let everything go well again."""
        self._planned.clear()

    def take(self, method: str, body: Json) -> Fault | None:
        """Give the fault that this request meets, and use it up."""
        for planned in self._planned:
            if planned.takes(method, body):
                if planned.times == 0:
                    self._planned.remove(planned)
                return planned.fault
        return None

    async def answer(
        self,
        request: web.Request,
        method: str,
        body: Json,
        work: Callable[[], Awaitable[web.StreamResponse]],
        *,
        error: Callable[[str], web.StreamResponse],
    ) -> web.StreamResponse:
        """Answer a request: by `work`, which does what was asked, or as the script says.

        error: puts an error code in the platform's form.
        """
        fault = self.take(method, body)
        if fault is None:
            return await work()
        response = await work() if fault.stored else web.Response()
        await asyncio.sleep(fault.delay)
        if fault.hang_up:
            hang_up(request, reset=fault.hang_up == "reset")
            return web.Response()  # nobody hears it
        if fault.error is not None:
            return error(fault.error)
        if fault.status is not None:
            return web.Response(status=fault.status, headers=dict(fault.headers), text=fault.body)
        return response if fault.stored else await work()


def hang_up(request: web.Request, *, reset: bool = False) -> None:
    """Drop the connection of a request without an answer: a FIN, or with `reset` a RST."""
    transport = request.transport
    if transport is None:
        return
    if reset:
        connection = transport.get_extra_info("socket")
        # A linger time of zero makes the kernel send RST instead of FIN (socket(7), SO_LINGER).
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
