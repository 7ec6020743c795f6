"""Attacks on one room each. An attempt is held when nothing but a BriefsError comes of it, in time."""

from __future__ import annotations

import math
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone
from functools import partial

from bot.base.i18n import SERVED, Messages
from bot.exchange import opml
from bot.exchange.records import from_yaml
from briefs import Article, archive
from briefs.errors import BriefsError
from briefs.ingest.addresses import is_allowed, is_public
from briefs.ingest.feeds import read_feed
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.text.dates import possible
from briefs.text.query import parse_query
from briefs.topics import parse_topic
from briefs.workers import Workers
from tests.hostile.floods import others_wait_hardly_longer
from tests.hostile.forms import forms_open_in_time
from tests.hostile.units import PATHS, UNITS, repeated
from tests.pdf_pages import paragraph, pdf
from tests.test_bounds import IMPOSSIBLE
from tests.test_fetch import PRIVATE
from tests.test_markdown import HOSTILE

SEED = 15


@dataclass(frozen=True)
class Attempt:
    """One thing that is tried. It raises AssertionError where it is not held, and takes so many seconds at most.

    What it gives is printed, where that is a `Measured`.
    """

    what: str
    attack: Callable[[], object]
    seconds: float = 1.0


Attack = Callable[[bool], Iterator[Attempt]]


def front_matters(short: bool) -> Iterator[Attempt]:
    """Heads of Markdown files, by hand and made of pieces of YAML."""
    keys = ("a:", "-", "?", ":", "&a", "*a", "!!bool", "<<:", "title:", "date:")
    pieces = [f"{one} " for one in keys] + list("[]{}'\"\\#%@`~é汉!\n\t")
    pieces += ["  ", "|\n", ">\n", "0x", "1e999", "9999-12-31", "...", "!!"]
    chance = random.Random(SEED)
    made = ["".join(chance.choices(pieces, k=chance.randrange(1, 200))) for _ in range(50 if short else 500)]
    for number, head in enumerate((*HOSTILE.values(), *made)):
        text = f"---\n{head}\n---\nThe text of this note is read.".encode("utf-8", "replace")
        yield Attempt(f"head {number}", partial(prepare, RawItem("file:///a.md", text, "text/markdown")))


def repetitions(short: bool) -> Iterator[Attempt]:
    """One piece of text, again and again: how the time grows with the length."""
    small, factor = (4_000, 4) if short else (15_000, 4)

    def seconds(path: Callable[[str], None], text: str) -> float:
        began = time.process_time()
        with suppress(BriefsError):
            path(text)
        return time.process_time() - began

    def grows(path: Callable[[str], None], unit: str) -> None:
        for _ in range(3):  # somebody else's work on the machine makes one look slow
            one, four = (seconds(path, repeated(unit, size)) for size in (small, small * factor))
            if four < 0.2 or math.log(four / one, factor) <= 1.3:
                return
        raise AssertionError(f"{small} characters take {one:.2f} s, {factor} times as many {four:.2f} s")

    for name, path in PATHS.items():
        for unit in UNITS:
            yield Attempt(f"{name} of {unit!r}", partial(grows, path, unit), 20.0)


def dates(short: bool) -> Iterator[Attempt]:
    """The first and the last days of all time, in and out."""
    zones = [timezone(timedelta(hours=hours)) for hours in range(-12, 15, 6 if short else 1)]
    for zone in zones:
        for moment in (one.replace(tzinfo=zone) for one in IMPOSSIBLE):
            yield Attempt(f"{moment} in", partial(possible, moment))
    for moment in (one for one in IMPOSSIBLE if one.tzinfo is UTC):
        for language in SERVED:
            for place in ("Pacific/Kiritimati", "Pacific/Niue", "Asia/Shanghai", "America/New_York"):
                yield Attempt(f"{moment} {place} out", partial(Messages(language).dated, moment, place, moment))


def endless_articles(short: bool) -> Iterator[Attempt]:
    """Stored pages without end: what a look-up costs that meets them all."""
    words = ("market", "trade", "plant", "council", "river", "school", "signal", "copper", "battery", "export")
    lines = [" ".join(words[n * k % 10] for k in (1, 3, 5, 7, 9)).capitalize() + "." for n in range(2_000)]
    pages = 3 if short else 20
    with tempfile.TemporaryDirectory() as folder, archive.Archive.open(f"sqlite:///{folder}/b.db") as one:
        endless = [Article(f"{n}", "Battery export", f"{n}\n\n" + "\n\n".join(lines * 10)) for n in range(pages)]
        table = Article("table", "Battery export", "battery export " * 100_000)
        size = len(endless[0].text) >> 10
        yield Attempt(f"filing {pages} of {size} kB", partial(one.add, [*endless, table]), 120.0)
        for query in ("battery export", "what is the battery export of the plant?", "battery", " ".join(words)):
            yield Attempt(f"{query!r} in {pages} such", partial(one.brief, query), 5.0)


_PIECES = (b"<!--", b"<![CDATA[", b"&", b"\xff\xfe", b"<", b">>", b"0 R", b"\0", b"]]>")


def _mutants(original: bytes, count: int) -> Iterator[bytes]:
    chance = random.Random(SEED)
    for _ in range(count):
        body = bytearray(original)
        for _ in range(chance.randrange(1, 12)):
            at = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randrange(1, 40)]
                case 2:
                    body[at:at] = body[at : at + chance.randrange(1, 60)] * chance.randrange(1, 200)
                case _:
                    body[at:at] = chance.choice(_PIECES)
            if not body:
                break
        yield bytes(body)


FEED = b"""<rss version='2.0'><channel><title>A feed</title><link>https://a.example/</link><item>
<title>One &amp; two</title><link>https://a.example/1</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate>
<description><![CDATA[<p>The seal is back.</p>]]></description></item><item><guid>x</guid><title>Three</title></item>
</channel></rss>"""
PAGE = b"""<!doctype html><html lang='en'><head><meta charset='utf-8'><title>A title | Site</title><script>x()</script>
<meta property='article:published_time' content='2026-03-02'></head><body><nav><a href='/'>Home</a></nav><article>
<h1>A title</h1><p>The council agreed on Monday that the bridge should be closed.</p><!-- note --><table><tr><td>1
</td></tr></table><p>It opens again in May.</p></article></body></html>"""


def _entries(body: bytes) -> int:
    return len(read_feed(body, "https://a.example/feed").entries)


def _in_workers(function: Callable[..., object], items: list[object], what: str) -> Iterator[Attempt]:
    """Through real workers: whatever an item does there, a result or an error comes back, in time."""
    with Workers(1, seconds=10.0) as workers:
        for number, item in enumerate(items):
            yield Attempt(f"{what} {number}", lambda item=item: list(workers.map(function, [item])), 15.0)  # type: ignore[misc]


def feeds(short: bool) -> Iterator[Attempt]:
    """Feeds with a few bytes changed, and the classics."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    classics = [
        f'<!DOCTYPE r [<!ENTITY l0 "x">{levels}]><rss><a>&l9;</a></rss>'.encode(),
        b"<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><channel><title>&x;</title></channel></rss>",
        b"<rss><channel>" + b"<a>" * 400_000,
        bytes(range(256)) * 8_000,
        b"<rss><channel><item><title>" + b"a" * 2**22 + b"</title></item></channel></rss>",
        b'{"items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 100_000 + b"}]}",
    ]
    yield from _in_workers(_entries, [*classics, *_mutants(FEED, 60 if short else 600)], "feed")


def pages(short: bool) -> Iterator[Attempt]:
    """Pages with a few bytes changed, and deep ones."""
    classics = [b"<div>" * 300_000, b"<table><tr><td>" * 60_000, b"<p>" + b"([{<" * 300_000, b"<a href=" * 100_000]
    bodies = [*classics, *_mutants(PAGE, 30 if short else 400)]
    yield from _in_workers(prepare, [RawItem("https://a.example/1", body, "text/html") for body in bodies], "page")


def pdfs(short: bool) -> Iterator[Attempt]:
    """PDFs with a few bytes changed."""
    bodies = _mutants(pdf([paragraph(["A printed sentence that can be read."])]), 40 if short else 400)
    yield from _in_workers(prepare, [RawItem("file:///a.pdf", body, "application/pdf") for body in bodies], "PDF")


def typed(short: bool) -> Iterator[Attempt]:
    """What people type: queries and expressions of topics."""
    signs = ("NOT", "AND", "OR", "near:", "lang:", "since:", "limit:", "腾讯", "0x", "<!here>", "@everyone")
    pieces = [f"{one} " for one in signs]
    pieces += list("\"()|+-*^\\%'aé汉1：[]\0\ud800\u202e👍 \n")
    chance = random.Random(SEED)
    made = ["".join(chance.choices(pieces, k=chance.randrange(1, 120))) for _ in range(200 if short else 2_000)]
    made += [piece * 4_000 for piece in pieces]
    for number, text in enumerate(made):
        yield Attempt(f"query {number}", partial(parse_query, text, languages=("en", "fr", "zh")), 2.0)
        yield Attempt(f"expression {number}", partial(parse_topic, text), 2.0)


def imports(short: bool) -> Iterator[Attempt]:
    """Files that an operator was given to import."""
    del short
    outlines = "<opml version='2.0'><body>{}</body></opml>"
    bomb = '<!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>' + outlines.format("<outline text='&b;'/>")
    for number, text in enumerate(
        (
            bomb,
            outlines.format("<outline>" * 5_000),
            "<",
            "\0",
            outlines.format("<outline xmlUrl='file:///etc/passwd'/>"),
            "{}",
        )
    ):
        yield Attempt(f"OPML {number}", partial(opml.read, text.encode(), "a.opml"))
    for name, text in HOSTILE.items():
        if "bomb" not in name:  # the operator's own file may have aliases: it is read as YAML
            yield Attempt(f"YAML of {name}", partial(from_yaml, text, "a.yaml"), 10.0)


def addresses(short: bool) -> Iterator[Attempt]:
    """Addresses of this machine and of its networks, in every disguise."""
    del short

    def refused(address: str) -> None:
        assert not is_public(address), address
        assert not is_allowed(address, "a.example", []), address

    for address in PRIVATE:
        plain = address.partition("%")[0]
        forms = [address, f"{plain}%eth0"]
        if plain.count(".") == 3 and ":" not in plain:
            octets = [int(octet) for octet in plain.split(".")]
            mapped = f"{octets[0] << 8 | octets[1]:x}:{octets[2] << 8 | octets[3]:x}"
            forms += [f"::ffff:{plain}", f"::{plain}", f"64:ff9b::{plain}", f"2002:{mapped}::", f"::ffff:0:{plain}"]
        for form in forms:
            yield Attempt(form, partial(refused, form))


def floods(short: bool) -> Iterator[Attempt]:
    """One of twenty workspaces floods the program, or all open forms: what others wait for, and Slack for a word."""
    yield Attempt("100 commands at once", partial(others_wait_hardly_longer, short, SEED), 60.0)
    for teams, typed in ((20, False), (1, True)):
        yield Attempt(
            f"150 forms {'typed' if typed else 'pressed'} at once", partial(forms_open_in_time, teams, typed), 60.0
        )


ATTACKS: dict[str, Attack] = {
    "floods": floods,
    "front matters": front_matters,
    "repetitions": repetitions,
    "impossible dates": dates,
    "endless articles": endless_articles,
    "feeds": feeds,
    "pages": pages,
    "PDFs": pdfs,
    "what people type": typed,
    "imports": imports,
    "addresses": addresses,
}

# The tests that try the rest: class → what pytest is asked for.
TESTS: dict[str, tuple[str, ...]] = {
    "ways out of the network": ("tests/test_fetch.py", "-k", "private or public or spelling or redirect or list"),
    "links of feeds": ("tests/test_gather.py", "-k", "leads or hostile or database_takes or half or spent"),
    "bombs": ("tests/test_fetch.py", "-k", "larger or inflat or bomb or slow or gzip or compress"),
    "links in folders": ("tests/test_files.py", "-k", "link or never_end or device"),
    "workers": ("tests/test_workers.py",),
    "requests and replays": ("tests/test_slack_http.py", "tests/test_once.py"),
    "other workspaces": ("tests/test_tenants.py", "tests/test_buttons.py"),
    "secrets": ("tests/test_canaries.py", "tests/test_logs.py", "tests/test_masking.py", "tests/test_vault.py"),
    "injection": ("tests/test_render_safe.py", "tests/test_slack_blocks.py", "tests/test_discord_components.py"),
    "hostile text": ("tests/test_text_hostile.py",),
}
