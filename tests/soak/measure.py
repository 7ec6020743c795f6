"""How much a program takes, again and again, and how fast that grows."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import fmean

from sqlalchemy import func, make_url, select, text

from briefs.store.schema import metadata
from tests.faults.world import World

MB, HOUR = 2**20, 3600.0
EVERY = 5.0  # seconds
PARTS = 15  # of a stretch: minutes, in the long form


@dataclass
class Series:
    """A figure over time, in seconds since some instant."""

    at: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def note(self, at: float, value: float) -> None:
        """Note the next one."""
        self.at.append(at)
        self.values.append(value)

    def between(self, start: float, end: float) -> list[float]:
        """Give the values of a stretch."""
        return [value for at, value in zip(self.at, self.values, strict=True) if start <= at <= end]

    def growth(self, start: float, end: float) -> tuple[float, float]:
        """Give by how much it grows an hour, and the noise of that.

        By the least squares over the medians of the PARTS of a stretch, so that what comes and goes within one counts
        little; the noise is two standard errors. 0, 0 where too little was noted.
        """
        edges = [start + (end - start) * part / PARTS for part in range(PARTS + 1)]
        parts = [(one, values) for one in pairwise(edges) if (values := self.between(*one))]
        if len(parts) < 3:
            return 0.0, 0.0
        times, medians = [fmean(one) for one, _ in parts], [statistics.median(values) for _, values in parts]
        slope, begins = statistics.linear_regression(times, medians)
        left = sum((value - begins - slope * at) ** 2 for at, value in zip(times, medians, strict=True))
        spread = statistics.pvariance(times) * len(times)
        return slope * HOUR, 2 * (left / (len(parts) - 2) / spread) ** 0.5 * HOUR


class Probe:
    """Looks at the processes of a bot and at its database's files. processes: their numbers."""

    def __init__(self, scene: World, processes: Sequence[int]) -> None:
        self._scene, self._processes = scene, processes
        file = make_url(scene.url).database if scene.url.startswith("sqlite") else None
        self._files = {"database MB": file, "WAL MB": f"{file}-wal"} if file else {}
        self.began = time.monotonic()
        self.series: dict[str, Series] = {}

    @property
    def now(self) -> float:
        """How many seconds it has been looking."""
        return time.monotonic() - self.began

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        """Look once."""
        for number, process in enumerate(self._processes, 1):
            with suppress(FileNotFoundError, ProcessLookupError):  # one that is gone is told of elsewhere
                for name, value in _takes(process).items():
                    self._note(f"{name} of bot {number}", value)
        for name, file in self._files.items():
            with suppress(FileNotFoundError):
                self._note(name, Path(str(file)).stat().st_size / MB)

    def _note(self, name: str, value: float) -> None:
        self.series.setdefault(name, Series()).note(self.now, value)

    def rows(self) -> Mapping[str, int]:
        """Count the rows of each table, and the bytes of the whole database."""
        with self._scene.database() as database, database.read() as connection:
            counted = {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in metadata.tables.items()
            }
            if database.shared:
                size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
                self._note("database MB", size / MB)
        return counted


def _takes(process: int) -> dict[str, float]:
    folder = Path(f"/proc/{process}")
    said = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    resident = int(said["VmRSS"].split()[0]) / 1024
    return {"MB": resident, "descriptors": len(os.listdir(folder / "fd")), "threads": float(said["Threads"])}
