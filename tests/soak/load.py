"""What the program is put under: feeds that publish, digests that fall due, people who ask, platforms that fail."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from http.server import BaseHTTPRequestHandler
from itertools import cycle, product

from sqlalchemy import bindparam, select, update

from bot.base.resources import starter
from briefs.archive import Archive
from briefs.models import Article
from briefs.store import schema
from briefs.store.database import from_ms, to_ms
from tests.fakes import discord as fake_discord
from tests.fakes import ledger
from tests.fakes.slack_workspace import FakeChannel
from tests.fakes.web import Page, Web, send
from tests.faults.stage import DISCORD_POST, SLACK_POST
from tests.faults.world import World

FEEDS, LISTED = 6, 40  # entries that a feed lists, its newest
ARTICLES_A_MINUTE = 60
TOPICS = [
    head + tail for head, tail in product(("zan", "vel", "mor", "tib", "kul", "pex"), ("dera", "tovi", "mika", "lurn"))
]
LOOK_UPS = ("tencent alibaba", "互联网", "Internet Plus", "liens ouverts")
BESIDE = ("status", "list", "sources", "help")  # commands without words
LATER = timedelta(hours=12)  # nothing falls due before the load begins
FAULT_SECONDS, COMMAND_SECONDS = 20.0, 2.0


class Press:
    """Publishers of made-up news: each article has words of its own, and the names of two topics."""

    def __init__(self, web: Web, chance: random.Random) -> None:
        self._web, self._chance = web, chance
        texts = " ".join(path.read_text(encoding="utf-8") for path in sorted(starter("seeds/articles").glob("*.md")))
        self._words = [word for word in texts.split() if word.isascii() and word.isalpha()]
        self._entries = [deque[str](maxlen=LISTED) for _ in range(FEEDS)]
        self.published = 0
        for number in range(FEEDS):
            web.pages[f"/feed{number}.xml"] = self._feed(number)

    @property
    def sources(self) -> str:
        """What stands in sources.yaml."""
        lines = [f"  - folder: {starter('seeds/articles')}"]
        for number in range(FEEDS):
            lines += [f"  - feed: {self._web.url(f'/feed{number}.xml')}", "    allow: [127.0.0.1]"]
        return "\n".join(("sources:", *lines, ""))

    @property
    def articles(self) -> str:
        """How the addresses of what is published begin."""
        return self._web.url("/a")

    def publish(self) -> None:
        """Publish one article."""
        self.published += 1
        number = self.published
        title, paragraphs = self._written(number)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        when = format_datetime(datetime.now(UTC))
        self._entries[number % FEEDS].append(
            f"<item><title>{title}</title><link>{self.articles}{number}</link>"
            f"<pubDate>{when}</pubDate><description>{escape(body)}</description></item>"
        )

    def file(self, archive: Archive, number: int) -> None:
        """Put so many articles of the week before into an archive: a bot that has run for a while reads no less."""
        now, articles = datetime.now(UTC), list[Article]()
        for n in range(number):
            title, paragraphs = self._written(n)
            when = now - timedelta(days=7) * (n + 1) / (number + 1)
            url, text = f"https://a.example/{n}", "\n\n".join(paragraphs)
            articles.append(Article(f"old{n}", title, text, "en", url, source=f"Paper {n % FEEDS}", published=when))
        archive.add(articles)

    def _written(self, number: int) -> tuple[str, list[str]]:
        about = [TOPICS[number % len(TOPICS)], self._chance.choice(TOPICS)]  # each topic has news from the start
        sentences = [self._sentence(about[n % 2] if n < 6 else "") for n in range(14)]
        return self._sentence(about[0])[:-1], [" ".join(sentences[n : n + 2]) for n in range(0, 14, 2)]

    def _sentence(self, name: str) -> str:
        words = self._chance.choices(self._words, k=self._chance.randint(11, 22))
        words[3] = f"w{self._chance.randrange(10**6)}"
        return " ".join((name or words[0], *words[1:])).capitalize() + "."

    def _feed(self, number: int) -> Callable[[BaseHTTPRequestHandler], None]:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            title = f"<title>Paper {number}</title><link>{self._web.url('/')}</link>"
            items = "".join(reversed(self._entries[number]))
            feed = f"<?xml version='1.0'?><rss version='2.0'><channel>{title}{items}</channel></rss>"
            send(handler, Page(feed.encode(), "application/rss+xml"))

        return answer


def subscribe(scene: World, number: int, seconds: float, there: int = 0) -> set[str]:
    """Subscribe so many channels, half of them on each platform, whose digests fall due one by one once it `begins`.

    there: articles of before, that are none of their news.

    Each begins behind what the load publishes before it: the last digest has as much to tell as the first.
    """
    names, first = set(), datetime.now(UTC) + LATER
    with scene.database() as database:
        for n in range(number):
            slack = n % 2 == 0
            name = f"C{1000 + n}" if slack else scene.discord.add_channel(f"room-{n}")
            if slack:
                scene.slack.channels[name] = FakeChannel(name, {"U1"})
            due = first + timedelta(seconds=seconds) * n / number
            place, topic = "slack" if slack else "discord", TOPICS[n % len(TOPICS)]
            behind = there + int(seconds * n / number * ARTICLES_A_MINUTE / 60)
            scene.subscribe(database, place, name, due, expression=topic, position=behind)
            names.add(name)
    return names


def begin(scene: World, at: datetime) -> None:
    """Let the first digest fall due at an instant, and the others behind it."""
    table = schema.subscription
    moved = update(table).where(table.c.id == bindparam("number"))
    with scene.database() as database, database.write() as connection:
        planned = connection.execute(select(table.c.id, table.c.next_due).order_by(table.c.next_due)).all()
        shift = at - from_ms(planned[0].next_due)
        dues = [(number, from_ms(due) + shift) for number, due in planned]
        rows = [
            {"number": number, "at": f"{due:%H:%M}", "next_due": to_ms(due), "next_local": f"{due:%Y-%m-%dT%H:%M}"}
            for number, due in dues
        ]
        connection.execute(moved, rows)


class Load:
    """All that happens beside the program, until told to stop. counts: of what people asked, and what went wrong."""

    def __init__(self, scene: World, press: Press, chance: random.Random) -> None:
        self._scene, self._press, self._chance = scene, press, chance
        self.counts: Counter[str] = Counter()
        self._asking: set[asyncio.Task[None]] = set()
        self._questions = self._all_questions()

    async def run(self, seconds: float) -> None:
        """Load the program for so long, and wait for the last answers."""
        began = time.monotonic()
        await asyncio.gather(
            self._again(60 / ARTICLES_A_MINUTE, self._publish, began + seconds),
            self._again(COMMAND_SECONDS, self._ask_beside, began + seconds),
            self._again(FAULT_SECONDS, self._faults(), began + seconds),
        )
        if self._asking:
            await asyncio.wait(self._asking)
        self._scene.slack.faults.clear()
        self._scene.discord.faults.clear()

    async def ask_everything(self) -> None:
        """Ask each question of each program on each platform: what is read when it is first needed is there then."""
        for _ in range(self._scene.slack.connections):
            for _ in range(2 * (len(LOOK_UPS) + len(BESIDE))):
                await self._ask()
            self._scene.slack.turn()

    async def _again(self, every: float, work: Callable[[], Awaitable[None]], end: float) -> None:
        at = time.monotonic()
        while (at := at + every) < end:
            await asyncio.sleep(max(0.0, at - time.monotonic()))
            await work()

    async def _publish(self) -> None:
        self._press.publish()

    async def _ask_beside(self) -> None:
        task = asyncio.create_task(self._ask())
        self._asking.add(task)
        task.add_done_callback(self._asking.discard)

    async def _ask(self) -> None:
        on_slack, words = next(self._questions)
        self.counts["asked"] += 1
        try:
            if on_slack:
                await self._scene.slack.slash("/brief", words, user=self._chance.choice(("U1", "U2")))
            elif words in BESIDE:
                await self._scene.discord.slash(f"brief {words}")
            else:
                await self._scene.discord.slash("brief search", {"query": words})
        except (AssertionError, TimeoutError, ConnectionError):  # while its platform is in trouble
            self.counts["unanswered"] += 1

    def _all_questions(self) -> Iterator[tuple[bool, str]]:
        for words, command in cycle(zip(LOOK_UPS, BESIDE, strict=True)):
            yield True, words
            yield False, command
            yield True, command
            yield False, f"{words} {self._chance.choice(TOPICS)}"

    def _faults(self) -> Callable[[], Awaitable[None]]:
        slack, discord = self._scene.slack, self._scene.discord

        def plan(fake: object, method: str, fault: ledger.Fault, times: int = 1) -> Callable[[], Awaitable[None]]:
            async def work() -> None:
                fake.fail_next(method, fault, times=times)  # type: ignore[attr-defined]

            return work

        faults = cycle(
            (
                plan(slack, SLACK_POST, ledger.rate_limited(3), 3),
                plan(discord, DISCORD_POST, fake_discord.rate_limited(2), 3),
                plan(slack, SLACK_POST, ledger.STORED_THEN_CLOSED),
                plan(discord, DISCORD_POST, ledger.STORED_THEN_RESET),
                slack.drop,
                discord.disconnect,
                plan(slack, "*", ledger.status(503), 5),
                plan(discord, "*", ledger.status(502), 5),
                plan(slack, SLACK_POST, ledger.slow(4), 4),
                plan(discord, DISCORD_POST, ledger.CLOSED_BEFORE_STORING, 2),
                discord.invalidate,
                slack.disconnect,
            )
        )

        async def work() -> None:
            self.counts["faults"] += 1
            await next(faults)()

        return work
