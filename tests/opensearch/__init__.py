"""A cluster of OpenSearch for tests: nodes of their own on this machine (see the script `nodes`), of Maven's artifacts.

Where Java or Maven is missing, tests that want it are skipped, unless BRIEFBOT_NEED_OPENSEARCH says that it must be
there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

NEEDED = "BRIEFBOT_NEED_OPENSEARCH"
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
        return f"http://{places}/{name or f'test{next(self._numbers)}'}"

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
def nodes(of: int = 1, heap: str = "512m") -> Iterator[Nodes]:
    """Run so many nodes. Raises LookupError where there is no Java, or nothing to build them with."""
    for program in ("java", "javac", "mvn"):
        if shutil.which(program) is None:
            raise LookupError(f"there is no {program} here: install openjdk-17-jdk-headless and maven")
    folder = Path(tempfile.mkdtemp(prefix="briefs-nodes-"))
    running = Nodes(folder, _free_ports(), of, heap)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        running.do("build")
        starting = [running.begin("start", str(n), "of", str(of), heap) for n in range(1, of + 1)]
        for n, process in enumerate(starting, start=1):  # they find each other while they start
            stack.callback(running.do, "kill", str(n))
            if process.wait() != 0:
                raise RuntimeError(f"node {n} did not start: see above")
        yield running


def _free_ports() -> int:
    """Return a number behind which a few ports are free: those of several runs at once are apart."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return 20_000 + port % 9_000
