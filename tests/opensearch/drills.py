"""What befalls a cluster, and what its operator does then, one function each."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any

from tests.opensearch.program import Program

TROUBLE, GONE, GONE_IN_SHORT = 15.0, 600.0, 60.0  # seconds
_DISK = "cluster.routing.allocation.disk"
_NOTICED = 90.0  # seconds within which a cluster looks at its disks

Drill = Callable[[Program], Awaitable[object]]


def drills(short: bool) -> Iterator[tuple[str, Drill]]:
    """Give every drill by its name."""
    for n in (1, 2, 3):
        yield f"kill -9 node {n}", partial(_killed, n=n)
    for n in (1, 2, 3):
        yield f"SIGSTOP node {n}", partial(_frozen, n=n)
    gone = GONE_IN_SHORT if short else GONE
    yield f"all gone for {gone / 60:.0f} min", partial(_all_gone, seconds=gone)
    yield "disks full", _full
    yield "reindex killed half-way", _half_done
    yield "alias missing", _without_alias
    yield "index of another version", _of_another_version


async def _killed(program: Program, n: int) -> None:
    await asyncio.to_thread(program.nodes.do, "kill", str(n))
    await asyncio.sleep(TROUBLE)
    await asyncio.to_thread(program.nodes.start, n)


async def _frozen(program: Program, n: int) -> None:
    os.kill(program.nodes.pid(n), signal.SIGSTOP)
    await asyncio.sleep(TROUBLE)
    os.kill(program.nodes.pid(n), signal.SIGCONT)


async def _all_gone(program: Program, seconds: float) -> str:
    numbers = range(1, program.nodes.of + 1)
    await asyncio.gather(*(asyncio.to_thread(program.nodes.do, "kill", str(n)) for n in numbers))
    await asyncio.sleep(seconds)
    says = await _says(program)
    await asyncio.gather(*(asyncio.to_thread(program.nodes.start, n) for n in numbers))
    return says


async def _full(program: Program) -> str:
    """Let the cluster find its disks too full, and then not."""
    marks = [f"{_DISK}.watermark.{mark}" for mark in ("low", "high", "flood_stage")]
    looks = {f"{_DISK}.threshold_enabled": True, "cluster.info.update.interval": "10s"}
    await _set(program, looks | dict.fromkeys(marks, "1000tb"))
    says = await _once(program, well=False)
    await asyncio.sleep(TROUBLE)
    await _set(program, looks | dict.fromkeys(marks, "1b"))
    await _once(program, well=True)
    await _set(program, dict.fromkeys([*looks, *marks]))
    # A cluster that does not look at its disks any more goes on to forbid that an index is made.
    await _asks(program, "PUT", "/_cluster/settings", {"persistent": {"cluster.blocks.create_index": None}})
    return says


async def _half_done(program: Program) -> str:
    """Kill a reindex in the middle; the program goes on with it."""
    reindexing = await program.command("reindex")
    await program.scene.until(
        lambda: any(not one.build.serves and one.build.through for one in program.relay.progress())
    )
    if reindexing.returncode is not None:
        return f"reindex ended by itself: {program.scene.log.splitlines()[-1:]}"
    reindexing.kill()
    return await _says(program)


async def _without_alias(program: Program) -> str:
    await _asks(program, "DELETE", f"/{program.cluster.alias}-v*/_alias/{program.cluster.alias}")
    return await _mended(program)


async def _of_another_version(program: Program) -> str:
    await _asks(program, "PUT", f"/{program.cluster.alias}/_mapping", {"_meta": {"briefbot": {"schema": 0}}})
    return await _mended(program)


async def _mended(program: Program) -> str:
    """Wait, read what is said, and do as it says."""
    await asyncio.sleep(TROUBLE)
    says = await _says(program)
    await (await program.command("reindex")).wait()
    return says


async def _once(program: Program, *, well: bool) -> str:
    """Wait until the index is well, or not, and give what is said of it."""
    end = time.monotonic() + _NOTICED
    while (await asyncio.to_thread(program.relay.state)).well is not well and time.monotonic() < end:  # noqa: ASYNC110  # no event says
        await asyncio.sleep(1)
    return await _says(program)


async def _says(program: Program) -> str:
    """Give the line that `briefbot check` and /healthz have for the operator."""
    return (await asyncio.to_thread(program.relay.state)).says.replace(program.address, "ADDRESS")


async def _set(program: Program, settings: Mapping[str, Any]) -> None:
    await _asks(program, "PUT", "/_cluster/settings", {"transient": settings})


async def _asks(program: Program, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
    asked = program.cluster._patient.transport.perform_request
    await asyncio.to_thread(lambda: asked(method, path, body=body))
