"""`make cluster`: three nodes, each killed and frozen in turn while articles come in, are brought and looked up.

A look-up asks for a word that only one article has, which was filed before. It has to find that one, or to say that
only the newest articles could be looked through; here these are few. In the end every article is counted and found.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from opensearchpy import OpenSearchException
from rich.console import Console
from rich.table import Table

from briefs.archive import Archive
from briefs.errors import IndexAway
from briefs.index import index_of
from briefs.index.cluster import Cluster
from briefs.index.opensearch import OpenSearchIndex
from briefs.models import Article
from briefs.store.database import Database
from briefs.store.relaying import Relay
from tests import opensearch, postgres

WINDOW = 20  # articles that are looked through where the cluster is away
WITHIN = 5.0  # seconds for an answer
TROUBLE, RECOVERY = 15.0, 180.0  # seconds
console = Console(width=150)


@dataclass
class Seen:
    """What readers and the writer met meanwhile, in seconds. whole: look-ups that went through everything."""

    reads: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    partial: int = 0
    missed: int = 0
    refused: int = 0  # times that the cluster took nothing

    @property
    def is_well(self) -> bool:
        """Whether nobody was kept waiting, but for those who were told why, nor told too little without a word."""
        return not self.missed and max(self.whole, default=0.0) <= WITHIN


class World:
    """An archive on PostgreSQL, its index on a cluster, and who works on both."""

    def __init__(self, url: str, nodes: opensearch.Nodes) -> None:
        self.nodes = nodes
        self.database = Database.open(url)
        self.cluster = Cluster(nodes.address("drills"))
        self.relay = Relay(self.database, self.cluster)
        index = OpenSearchIndex(self.cluster, index_of(self.database.shared), WINDOW)
        self.archive = Archive(self.database, index=index)
        self.filed, self.seen, self._over = 0, Seen(), threading.Event()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let articles come in, be brought, and be looked up by two."""
        works = (self._file, self._bring, self._look_up, self._look_up)
        threads = [threading.Thread(target=self._again, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._over.set()
            for thread in threads:
                thread.join()

    def _again(self, work: Callable[[], object]) -> None:
        while not self._over.wait(0.2):
            work()

    def _file(self) -> None:
        started = time.monotonic()
        self.archive.add([Article(f"{self.filed}", "", f"The heron number{self.filed} nests.", "en")])
        self.seen.writes.append(time.monotonic() - started)
        self.filed += 1

    def _bring(self) -> None:
        try:
            list(self.relay.send())
        except IndexAway:
            self.seen.refused += 1

    def _look_up(self) -> None:
        if not self.filed:
            return
        wanted, started = str(random.randrange(self.filed)), time.monotonic()
        brief = self.archive.brief(f"number{wanted}")
        self._note(time.monotonic() - started, brief.partial)
        found = any(one.id == wanted for story in brief.stories for one in story.articles)
        self.seen.partial += brief.partial
        self.seen.missed += not found and not brief.partial

    def _note(self, took: float, partial: bool) -> None:
        self.seen.reads.append(took)
        if not partial:
            self.seen.whole.append(took)

    def healthy(self) -> bool:
        """Whether every node and every copy of the index is there, and little waits."""
        with suppress(OpenSearchException, IndexAway):  # it comes up
            told = self.cluster._client.cluster.health()
            whole = told["status"] == "green" and told["number_of_nodes"] == self.nodes.of
            return whole and self.relay.state().waiting < WINDOW
        return False

    def lost(self) -> int:
        """Count the articles that the cluster does not find."""
        with self.database.read() as connection:
            rows = {row for (row,) in connection.exec_driver_sql('SELECT "row" FROM article')}
        return len(rows - set(self.cluster.every({"match_all": {}})))


def _killed(world: World, n: int) -> None:
    world.nodes.do("kill", str(n))
    time.sleep(TROUBLE)
    world.nodes.start(n)


def _frozen(world: World, n: int) -> None:
    os.kill(world.nodes.pid(n), signal.SIGSTOP)
    time.sleep(TROUBLE)
    os.kill(world.nodes.pid(n), signal.SIGCONT)


def _all_gone(world: World, _: int) -> None:
    for n in range(1, world.nodes.of + 1):
        world.nodes.do("kill", str(n))
    time.sleep(TROUBLE)
    starting = [
        world.nodes.begin("start", str(n), "of", str(world.nodes.of), world.nodes.heap)
        for n in range(1, world.nodes.of + 1)
    ]
    for one in starting:
        one.wait()


def main() -> int:
    """Play every drill, and say what came of it."""
    table = Table("", "reads", "slowest", "partial", "missed", "filed", "slowest", "not taken", "whole again")
    each = [
        (f"{what} node {n}", drill, n)
        for what, drill in (("kill -9", _killed), ("SIGSTOP", _frozen))
        for n in (1, 2, 3)
    ]
    well = True
    with postgres.server() as server, opensearch.nodes(of=3) as nodes:
        world = World(server.database(), nodes)
        with world.at_work():
            _until(world.healthy)
            for name, drill, n in (*each, ("all gone", _all_gone, 0)):
                world.seen = seen = Seen()
                drill(world, n)
                took = _until(world.healthy)
                well &= seen.is_well and took < RECOVERY
                row = len(seen.reads), f"{max(seen.reads):.2f} s", seen.partial, seen.missed, len(seen.writes)
                table.add_row(name, *map(str, row), f"{max(seen.writes):.2f} s", str(seen.refused), f"{took:.0f} s")
                console.print(f"{name}: {row}, whole again after {took:.0f} s")
        list(world.relay.send())
        lost, state = world.lost(), world.relay.state()
    console.print(table)
    console.print(f"{world.filed} articles filed, {lost} not found in the end; {state.says}")
    return 0 if well and not lost and state.well else 1


def _until(is_so: Callable[[], bool]) -> float:
    """Wait until something is so, or for too long; return how many seconds."""
    started = time.monotonic()
    while not is_so() and time.monotonic() - started < RECOVERY:
        time.sleep(0.5)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
