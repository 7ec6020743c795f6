"""`python -m bench.gatherers`: how many sources a second one, two and four processes read into one PostgreSQL.

Two hundred feeds, each of a host of its own, whose servers on loopback take a second to answer: waiting is what several
processes do side by side. Each feed has one article, which is filed and joins a story.
"""

from __future__ import annotations

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from threading import Barrier

from rich.console import Console
from rich.table import Table

from briefs.archive import Archive
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Source
from briefs.store.host_turns import HostTurns
from tests import postgres
from tests.fakes.web import Page, Web, send, serve

FEEDS, SECONDS = 200, 1.0


def feed(number: int) -> Page:
    """Return a feed of one entry, whose text is whole."""
    text = " ".join(f"Ship {number} has been seen by the master of harbour {n} for weeks." for n in range(12))
    entry = (
        f"<item><title>Ship {number}</title><link>https://a.example/{number}</link><description>{text}</description>"
    )
    body = f"<rss version='2.0'><channel><title>News {number}</title>{entry}</item></channel></rss>"
    return Page(body.encode(), "application/rss+xml")


def read(address: str, port: int, together: Barrier) -> None:
    """Read what is this process's share."""
    sources = [Source(f"http://h{number}.example:{port}/{number}", "feed") for number in range(FEEDS)]
    with Archive.open(address) as archive:
        fetcher = Fetcher(
            allow_private=True,
            resolve=lambda host, port: ["127.0.0.1"],
            turns=Turns(shared=HostTurns(archive.database)),
        )
        together.wait()
        gather(sources, archive, fetcher=fetcher, only_due=True, clock=lambda: datetime.now(UTC))
        together.wait()


def measure(server: postgres.Server, web: Web, processes: int) -> float:
    """Return the seconds in which so many processes read all feeds, none of them twice."""
    spawned, address = multiprocessing.get_context("spawn"), server.database()
    together = spawned.Barrier(processes + 1)
    port = int(web.address.rpartition(":")[2])
    started = [spawned.Process(target=read, args=(address, port, together)) for _ in range(processes)]
    for one in started:
        one.start()
    together.wait()
    began = time.perf_counter()
    together.wait()
    took = time.perf_counter() - began
    for one in started:
        one.join()
    asked = Counter(web.paths)
    web.asked.clear()
    assert asked == {f"/{number}": 1 for number in range(FEEDS)}, asked.most_common(3)
    with Archive.open(address) as archive:
        assert archive.position() == FEEDS
    return took


def main() -> None:
    """Measure and print."""
    table = Table("processes", "seconds", "sources a second", title=f"{FEEDS} sources that answer after {SECONDS:g} s")
    with postgres.server() as server, serve() as web:

        def slowly(page: Page) -> Callable[[BaseHTTPRequestHandler], None]:
            def answer(handler: BaseHTTPRequestHandler) -> None:
                time.sleep(SECONDS)
                send(handler, page)

            return answer

        web.pages.update((f"/{number}", slowly(feed(number))) for number in range(FEEDS))
        for processes in (1, 2, 4):
            took = measure(server, web, processes)
            table.add_row(str(processes), f"{took:.1f}", f"{FEEDS / took:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
