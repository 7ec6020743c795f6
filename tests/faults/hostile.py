"""A pack of hostile feeds and pages, on a server of their own, and what reading them costs."""

from __future__ import annotations

import asyncio
import gzip
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.fakes.web import Page, Web

XML, HTML = "application/rss+xml", "text/html; charset=utf-8"
MB = 2**20


def pack(web: Web) -> str:
    """Serve the pack, and give the sources as the configuration has them."""
    lines = ["sources:"]
    for name, page in {**_feeds(web), **_pages()}.items():
        web.pages[f"/{name}"] = page
        kind = "feed" if name.endswith(".xml") else "page"
        lines += [f"  - {kind}: {web.url(f'/{name}')}", "    allow: [127.0.0.1]"]
    return "\n".join(lines) + "\n"


def _feeds(web: Web) -> dict[str, Page | Callable[[BaseHTTPRequestHandler], None]]:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    words = "word " * 300
    many = "".join(
        f"<item><title>{n}</title><link>{web.url(f'/{n}')}</link><description>{words}{n}</description></item>"
        for n in range(500)
    )
    squeezed = {"Content-Encoding": "gzip"}
    return {
        "entities.xml": Page(f'<!DOCTYPE r [<!ENTITY l0 "x">{levels}]><rss><a>&l9;</a></rss>'.encode(), XML),
        "deep.xml": Page(b"<rss><channel>" + b"<a>" * 400_000, XML),
        "garbage.xml": Page(bytes(range(256)) * 8_000, XML),
        "one-word.xml": Page(b"<rss><channel><item><title>" + b"a" * 4 * MB + b"</title></item></channel></rss>", XML),
        "many.xml": Page(f"<rss><channel><title>t</title>{many}</channel></rss>".encode(), XML),
        "squeezed.xml": Page(gzip.compress(bytes(64 * MB)), XML, headers=squeezed),
        "circle.xml": Page(b"", XML, 302, {"Location": web.url("/circle.xml")}),
        "endless.xml": _endless,
        "drip.xml": _drip,
    }


def _pages() -> dict[str, Page]:
    return {
        "deep.html": Page(b"<div>" * 400_000 + b"end", HTML),
        "tables.html": Page(b"<table><tr><td>" * 60_000, HTML),
        "brackets.html": Page(b"<p>" + b"([{<" * 400_000 + b"</p>", HTML),
        "dots.html": Page(b"<p>" + b"Mr. A. b. c. 1. " * 60_000 + b"</p>", HTML),
        "marks.html": Page(("<p>" + "“‘(「『" * 100_000 + "</p>").encode(), HTML),
    }


def _endless(connection: BaseHTTPRequestHandler) -> None:
    """Send for ever, but a minute at most."""
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss><channel>")
    end = time.monotonic() + 60
    with suppress(OSError):
        while time.monotonic() < end:
            connection.wfile.write(b"<item><title>again</title></item>" * 1_000)


def _drip(connection: BaseHTTPRequestHandler) -> None:
    """Send a byte now and then, for a minute at most."""
    connection.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n")
    with suppress(OSError):
        for _ in range(120):
            connection.wfile.write(b"<")
            time.sleep(0.5)


@dataclass
class Costs:
    """The most memory of the processes of a program, in MB, and the processor's seconds of its first one."""

    bot: float = 0.0
    gatherer: float = 0.0
    reader: float = 0.0
    seconds: float = 0.0

    async def watch(self, program: int) -> None:
        """Look again and again, until cancelled."""
        while True:
            await asyncio.to_thread(self.look, program)
            await asyncio.sleep(0.25)

    def look(self, program: int) -> None:
        """Look once."""
        for pid in [program, *_below(program)]:
            with suppress(OSError, StopIteration):
                status = Path(f"/proc/{pid}/status").read_text().splitlines()
                resident = next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))
                words = Path(f"/proc/{pid}/cmdline").read_text()
                role = "bot" if pid == program else "gatherer" if "\0gather\0" in words else "reader"
                setattr(self, role, max(getattr(self, role), resident))
        with suppress(OSError):
            used = Path(f"/proc/{program}/stat").read_text().rpartition(")")[2].split()[11:13]
            self.seconds = sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def _below(program: int) -> list[int]:
    """Give all processes that a process has started, and those that these have started."""
    parents = {}
    for entry in os.listdir("/proc"):
        with suppress(OSError):
            if entry.isdigit():
                parents[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
    below, coming = [], [program]
    while coming:
        one = coming.pop()
        children = [pid for pid, parent in parents.items() if parent == one]
        below += children
        coming += children
    return below
