"""Where an archive may lie: in SQLite's file, on a PostgreSQL of our own, and there with its index on a cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from briefs.archive import Archive
from briefs.index import index_of
from briefs.index.cluster import Cluster
from briefs.index.opensearch import OpenSearchIndex
from briefs.store.database import Database
from briefs.store.relaying import Relay
from tests import opensearch, postgres

ENGINES = "sqlite", "postgresql", "opensearch"


class Place(NamedTuple):
    """An empty archive. bring: lets its index have what was filed."""

    archive: Archive
    bring: Callable[[], object]


class Places:
    """Makes archives in one of them; a server is started once."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._closing = ExitStack()
        if engine != "sqlite":
            self._server = self._closing.enter_context(postgres.server())
        if engine == "opensearch":
            self._nodes = self._closing.enter_context(opensearch.nodes())

    def __enter__(self) -> Places:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    @contextmanager
    def archive(self) -> Iterator[Place]:
        """Lend an empty archive."""
        with ExitStack() as closing:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            url = f"sqlite:///{folder}/briefs.db" if self._engine == "sqlite" else self._server.database()
            database = closing.enter_context(Database.open(url))
            if self._engine != "opensearch":
                yield Place(Archive(database), lambda: None)
                return
            cluster = Cluster(self._nodes.address())
            closing.callback(cluster.close)
            relay = Relay(database, cluster)
            index = OpenSearchIndex(cluster, index_of(database.shared))
            yield Place(Archive(database, index=index), lambda: list(relay.send()))
