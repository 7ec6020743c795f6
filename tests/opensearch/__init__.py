"""A cluster of OpenSearch for tests: nodes of their own on this machine (see the script `nodes`), of Maven's artifacts.

Where Java or Maven is missing, tests that want it are skipped, unless BRIEFBOT_NEED_OPENSEARCH says that it must be
there.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from fcntl import LOCK_NB, LOCK_SH, flock
from itertools import count
from pathlib import Path

from tests.sharing import alone

NEEDED = "BRIEFBOT_NEED_OPENSEARCH"
HEAP = "512m"
_NODES = Path(__file__).parent / "nodes"


@dataclass
class Nodes:
    """Nodes that run. folder: of what they keep. port: node 1 answers on the next one."""

    folder: Path
    port: int
    of: int
    heap: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self, name: str | None = None) -> str:
        """Give an address that no other test uses; every node stands in it."""
        places = ",".join(f"127.0.0.1:{self.port + n}" for n in range(1, self.of + 1))
        return f"http://{places}/{name or f'test{os.getpid()}-{next(self._numbers):03}'}"

    def start(self, n: int) -> None:
        """Start a node, and wait until it answers."""
        self.do("start", str(n), "of", str(self.of), self.heap)

    def pid(self, n: int) -> int:
        """Give the process of a node."""
        return int((self.folder / str(n) / "pid").read_text())

    def do(self, *order: str) -> None:
        """Give the script an order, and wait until it is done."""
        if self.begin(*order).wait() != 0:
            raise RuntimeError(f"nodes {' '.join(order)} failed: see above")

    def begin(self, *order: str) -> subprocess.Popen[bytes]:
        """Give the script an order."""
        environment = os.environ | {"NODES": str(self.folder), "NODES_PORT": str(self.port)}
        return subprocess.Popen([_NODES, *order], env=environment, stdout=subprocess.DEVNULL)


@contextmanager
def nodes(of: int = 1, heap: str = HEAP) -> Iterator[Nodes]:
    """Run so many nodes, until no process uses them, however it ended; nothing of them stays.

    Raises LookupError where there is no Java, or nothing to build them with.
    """
    for program in ("java", "javac", "mvn"):
        if shutil.which(program) is None:
            raise LookupError(f"there is no {program} here: install openjdk-17-jdk-headless and maven")
    running = Nodes(Path(tempfile.mkdtemp(prefix="briefs-nodes-")), _free_ports(), of, heap)
    (running.folder / "users").touch()
    try:
        with using(running.folder):
            watch = running.begin("watch")
            running.do("build")
            for process in [running.begin("start", str(n), "of", str(of), heap) for n in range(1, of + 1)]:
                if process.wait() != 0:  # they find each other while they start
                    raise RuntimeError("a node did not start: see above")
            yield running
    finally:
        watch.wait()


@contextmanager
def shared(folder: Path) -> Iterator[Nodes]:
    """Run one node for all processes that know this folder: the first begins it, and the last ends it.

    Nobody changes what is the whole cluster's. Raises LookupError as `nodes` does.
    """
    note = folder / "opensearch.json"
    with ExitStack() as use:
        with alone(note):
            try:
                place, port = json.loads(note.read_text())
                use.enter_context(using(Path(place)))
                running = Nodes(Path(place), port, 1, HEAP)
            except OSError:  # nobody has begun one, or the last has ended it
                running = use.enter_context(nodes())
                note.write_text(json.dumps([str(running.folder), running.port]))
        yield running


@contextmanager
def using(folder: Path) -> Iterator[None]:
    """Use the nodes of a folder. Raises OSError where they are ending: nobody did."""
    with (folder / "users").open() as users:
        flock(users, LOCK_SH | LOCK_NB)  # the system gives it back however this process ends
        yield


def _free_ports() -> int:
    """Return a number behind which a few ports are free: those of several runs at once are apart."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return 20_000 + port % 9_000
