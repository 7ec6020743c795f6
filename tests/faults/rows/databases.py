"""A database server that stops, a disk that is full, a disk that does not sync."""

from __future__ import annotations

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from tests.faults.stage import POSTS, CannotRunError, Stage, row
from tests.faults.worker import FSYNC_SECONDS, NO_FSYNC
from tests.faults.world import Result, World


@row(12, "PostgreSQL stopped at once", on=("postgresql",))
async def database_stopped(stage: Stage) -> Result:
    assert stage.server is not None
    total = Result()
    for step in ("claimed", "posted"):
        async with stage.new() as scene:
            _rooms(scene)
            frozen = await scene.worker(at=step, nth=2, send="SIGSTOP")
            await _stopped(scene, frozen.pid)
            await asyncio.to_thread(stage.server.stop, "immediate")
            frozen.send_signal(signal.SIGCONT)
            await asyncio.sleep(1.0)
            await asyncio.to_thread(stage.server.start)
            scene.struck()
            total += await scene.result()
    return total


@row(13, "SQLite: the disk is full", on=("sqlite",))
async def disk_full(stage: Stage) -> Result:
    total = Result()
    for step in ("planned", "frozen", "claimed", "posted"):
        with small_disk() as disk:
            async with stage.new(disk=disk) as scene:
                _rooms(scene)
                frozen = await scene.worker(at=step, nth=1 if step == "planned" else 2, send="SIGSTOP")
                await _stopped(scene, frozen.pid)
                fill(disk)
                frozen.send_signal(signal.SIGCONT)
                await asyncio.sleep(1.5)
                (disk / "filler").unlink()
                scene.struck()
                total += await scene.result()
    return total


@row(13, "PostgreSQL: the disk is full", on=("postgresql",))
async def server_disk_full(stage: Stage) -> Result:
    assert stage.server is not None
    with small_disk("24m", stage.server.user) as disk:
        url = await asyncio.to_thread(stage.server.database, disk)
        async with stage.new(url=url) as scene:
            _rooms(scene)
            frozen = await scene.worker(at="planned", send="SIGSTOP")
            await _stopped(scene, frozen.pid)
            fill(disk)
            frozen.send_signal(signal.SIGCONT)
            told = await scene.until(lambda: "no room on the disk of" in scene.log)
            (disk / "filler").unlink()
            scene.struck()
            result = await scene.result()
            await scene.end()
            await asyncio.to_thread(stage.server.drop, url, disk=True)
            return result if told else replace(result, extra=(*result.extra, "nobody was told that the disk is full"))


@row(13, "SQLite: fsync fails, two processes", on=("sqlite",))
async def disk_does_not_sync(stage: Stage) -> Result:
    if shutil.which("fiu-run") is None:
        raise CannotRunError("install fiu-utils")
    total = Result()
    for step in ("planned", "frozen", "claimed", "posted"):
        async with stage.new() as scene:
            _rooms(scene)
            await scene.program("fiu-run", "-x", at=step, nth=1 if step == "planned" else 2, send=NO_FSYNC)
            if step == "planned":  # nothing can have been marked as being sent, so nothing may be sent
                await _logged(scene, "does not sync")
                await asyncio.sleep(FSYNC_SECONDS / 2)
                posted = len(list(scene.posted()))
                if posted and "syncs again" not in scene.log:
                    total = replace(total, extra=(*total.extra, f"{posted} posts that were not marked before"))
            else:
                await _logged(scene, "the disk of")  # a second one beside it could leave it nothing to write
                await scene.worker()  # whose disk is in order
            await _logged(scene, "syncs again")
            scene.struck()
            if "the disk of" not in scene.log:
                total = replace(total, extra=(*total.extra, f"nobody was told that the disk fails ({step})"))
            total += await scene.result()
    return total


def _rooms(scene: World) -> None:
    for platform in POSTS:
        scene.rooms(platform, 2)


def _state(process: int) -> str:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


async def _stopped(scene: World, process: int) -> bool:
    return await scene.until(lambda: _state(process) == "T")


async def _logged(scene: World, words: str) -> bool:
    return await scene.until(lambda: words in scene.log)


def fill(disk: Path) -> None:
    """Leave no room on a disk."""
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


@contextmanager
def small_disk(size: str = "1m", owner: str | None = None) -> Iterator[Path]:
    """Give a folder that holds so much, which takes root's rights."""
    folder = Path(tempfile.mkdtemp(prefix="briefs-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        folder.rmdir()
        raise CannotRunError("mounting a small disk is not permitted here")
    if owner is not None:
        shutil.chown(folder, owner)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()
