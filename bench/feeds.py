"""Feeds: how long a long one takes, well-formed and not, beside the peers; how many small ones are read a second."""

from __future__ import annotations

import html
import os
import statistics
import time
from collections.abc import Callable, Iterable
from importlib import import_module

from rich.table import Table

from briefs.ingest.documents import read_answer
from briefs.ingest.feeds import read_feed
from briefs.workers import Workers

ENTRIES, LENGTH = 500, 4_000  # characters of an entry
SMALL_ENTRIES, SMALL_LENGTH = 20, 1_000
FEEDS, CORES = 3_000, 2
BROKEN = 5  # one small feed in so many is not well-formed
ADDRESS = "https://news.example/feed.xml"
PARAGRAPH = (
    "<p>The harbour master said on Monday that the ferry would return, &amp; that “both” piers were repaired.</p>\n"
)


def feed(entries: int, length: int, *, section: bool = True) -> bytes:
    """Return an RSS feed; section: whether its texts stand in CDATA, or are escaped."""
    text = (PARAGRAPH * (length // len(PARAGRAPH) + 1))[:length]
    written = f"<![CDATA[{text}]]>" if section else html.escape(text)
    items = "".join(
        f"<item><title>Title {n} of the feed</title><link>https://news.example/{n}?x=1&amp;y=2</link>"
        f'<guid isPermaLink="false">g{n}</guid><dc:creator>Ann</dc:creator>'
        f"<pubDate>Tue, 14 Sep 2021 09:{n % 60:02}:00 +0200</pubDate><description>{written}</description></item>"
        for n in range(entries)
    )
    head = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>'
    return f'<?xml version="1.0" encoding="utf-8"?>{head}<link>https://news.example/</link>{items}</channel></rss>'.encode()


def broken(body: bytes) -> bytes:
    """Return the same feed, not well-formed: a stray "&" in its head."""
    return body.replace(b"<title>News</title>", b"<title>News & views</title>", 1)


def naked(body: bytes) -> bytes:
    """Return a feed of escaped texts with their tags not escaped, and their paragraphs not ended."""
    return body.replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"</p>", b"<br>")


def cpu_ms(read: Callable[[bytes], object], body: bytes, times: int = 9) -> float:
    """Return the median milliseconds of the processor's time."""
    taken = []
    for _ in range(times):
        started = time.process_time()
        read(body)
        taken.append((time.process_time() - started) * 1000)
    return statistics.median(taken)


def a_second() -> tuple[float, float]:
    """Return how many small feeds two workers read a second, after their start: by the clock, and by the processor."""
    one = feed(SMALL_ENTRIES, SMALL_LENGTH)
    bodies = [broken(one) if n % BROKEN == 0 else one for n in range(FEEDS)]
    started = _cpu_seconds()
    with Workers(CORES) as workers:
        _read(workers, bodies[: 4 * CORES])
    start = _cpu_seconds() - started
    with Workers(CORES) as workers:
        _read(workers, bodies[: 4 * CORES])
        began = time.perf_counter()
        _read(workers, bodies)
        rate = FEEDS / (time.perf_counter() - began)
    return rate, CORES * FEEDS / (_cpu_seconds() - started - 2 * start)


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _read(workers: Workers, bodies: Iterable[bytes]) -> None:
    for found in workers.map(read_answer, [(body, ADDRESS, "application/rss+xml") for body in bodies]):
        assert len(found.entries) == SMALL_ENTRIES


def peers() -> dict[str, Callable[[bytes], object]]:
    """Return the feed parsers that are installed."""
    found = {}
    for name in ("fastfeedparser", "feedparser"):
        try:
            found[name] = import_module(name).parse
        except ImportError:
            continue
    return found


def show() -> Table:
    """Measure, and return the table."""
    table = Table("feeds", "measured", "wanted", title=f"A feed of {ENTRIES} entries of {LENGTH:,} characters")
    sections, escaped = feed(ENTRIES, LENGTH), feed(ENTRIES, LENGTH, section=False)

    def ours(body: bytes) -> object:
        return read_feed(body, ADDRESS)

    well = cpu_ms(ours, sections)
    table.add_row("read, ms of the processor: texts in CDATA", f"{well:.0f} ms", "≤ 37 ms")
    table.add_row("texts escaped", f"{cpu_ms(ours, escaped):.0f} ms", "≤ 37 ms")
    table.add_row("with every text as it will be quoted", f"{cpu_ms(quoted, sections, 3):.0f} ms", "")
    for name, body in {"a stray &": broken(sections), "naked tags": naked(escaped)}.items():
        taken = cpu_ms(ours, body, 5)
        table.add_row(f"repaired: {name}", f"{taken:.0f} ms, {taken / well:.1f} ×", "≤ 10 ×")
    for name, parse in peers().items():
        table.add_row(name, f"{cpu_ms(parse, sections, 3):.0f} ms", "")
    small = f"{SMALL_ENTRIES} entries of {SMALL_LENGTH:,} characters, one feed in {BROKEN} broken, {CORES} workers"
    rate, of_cpu = a_second()
    table.add_row(small, f"{rate:.0f} a second", "≥ 300 a second")
    table.add_row("the same, were both cores theirs alone", f"{of_cpu:.0f} a second", "≥ 300 a second")
    return table


def quoted(body: bytes) -> list[str]:
    """Read a feed and the text of every entry."""
    return [entry.text for entry in read_feed(body, ADDRESS).entries]
