"""The real program under `make cluster`: processes that gather, answer and deliver, and people who look things up.

The archive has OLD articles of before, more than are looked through where the cluster is away, and new ones come in by
feeds. Who looks up asks for a word that only one article has, an old one or a new one in turn. The answer has to name
it, or to say that older articles could not be looked through.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from opensearchpy import OpenSearchException
from sqlalchemy import text

from briefs.errors import IndexAway
from briefs.index.cluster import INDEX_VARIABLE, Cluster
from briefs.index.opensearch import WINDOW
from briefs.models import Analysed, Article, Sentence
from briefs.store.articles import Articles
from briefs.store.database import Database
from briefs.store.relaying import Relay
from tests import opensearch
from tests.faults.rows.programs import briefbot, discord_secrets, slack_secrets
from tests.faults.world import ROOT, World
from tests.soak.load import Press

OLD = WINDOW + 2_000  # articles of before
PROCESSES = 4
SETTINGS = "gather: {minutes: 1}\n"
WITHIN = 5.0  # seconds for an answer
PEOPLE = [f"{n}" for n in range(10**17, 10**17 + 30)]  # as Discord numbers them; Slack takes any name
PATIENCE = 60.0  # seconds, after which there is none
_PARTIAL = "looked through just now"
FEW = 60  # articles on their way to the cluster, where all is well
_LINE = re.compile(r" (?:ERROR|WARNING) (index: .*)")
_NEWEST = text('SELECT title FROM article WHERE url LIKE :theirs ORDER BY "row" DESC LIMIT 200')
_FILED = text("SELECT count(DISTINCT url) FROM article WHERE url LIKE :theirs")


@dataclass
class Seen:
    """What who looked up met, in seconds. whole: answers that went through everything."""

    asked: int = 0
    reads: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    partial: int = 0
    missed: list[str] = field(default_factory=list)

    def is_over(self) -> bool:
        """Whether each has an answer, or waits for none any more."""
        return len(self.reads) == self.asked

    @property
    def is_well(self) -> bool:
        """Whether some looked up, and nobody was kept waiting, but for those who were told why, nor told too little."""
        return bool(self.reads) and not self.missed and max(self.whole, default=0.0) <= WITHIN


class Program:
    """Processes on one database and one cluster, and who uses them."""

    def __init__(self, scene: World, nodes: opensearch.Nodes, press: Press) -> None:
        self.scene, self.nodes, self.press = scene, nodes, press
        self.address = nodes.address("drills")
        self.database = Database.open(scene.url)
        self.cluster = Cluster(self.address)
        self.relay = Relay(self.database, self.cluster)
        self.seen = Seen()

    def fill(self) -> None:
        """File the articles of before, and bring them to the cluster."""
        long_ago = datetime.now(UTC) - timedelta(days=40)
        old = map(_old, range(OLD))
        while some := list(islice(old, 2_000)):
            Articles(self.database).file(some, long_ago)
        for _ in self.relay.send():
            pass

    async def start(self) -> None:
        """Start the processes, and wait until they have filed what is published: the first digest has news to tell."""
        (self.scene.folder / "config").mkdir()
        (self.scene.folder / "config" / "settings.yaml").write_text(SETTINGS)
        secrets = slack_secrets(self.scene) | discord_secrets(self.scene) | {INDEX_VARIABLE: self.address}
        for _ in range(PROCESSES):
            await briefbot(self.scene, sources=self.press.sources, **secrets)
        if not await self.scene.until(
            lambda: self.scene.slack.connections >= PROCESSES and self.filed() == self.press.published, 180
        ):
            raise RuntimeError(f"the program does not begin: {self.scene.log[-2000:]}")
        await self.scene.discord.connected(seconds=180)

    async def command(self, *words: str) -> asyncio.subprocess.Process:
        """Type a command of the program."""
        command = (sys.executable, "-P", "-m", "bot.cli", *words, "--config", str(self.scene.folder / "config"))
        environment = {**os.environ, INDEX_VARIABLE: self.address, "PYTHONPATH": str(ROOT)}
        return await self.scene.start(*command, "--database", self.scene.url, env=environment)

    # ------------------------------------------------------------ who uses it

    async def publish(self) -> None:
        """Publish an article a second, until cancelled."""
        while True:
            self.press.publish()
            await asyncio.sleep(1)

    async def look_up(self, ask: Callable[[str, str], Awaitable[str]]) -> None:
        """Look up one article after the other, until cancelled: PEOPLE in turn, for one alone must not ask so much."""
        for who, wanted in zip(cycle(PEOPLE), cycle((self._any_old, self._any_new))):
            words, names = await asyncio.to_thread(wanted)
            seen, started = self.seen, time.monotonic()
            seen.asked += 1
            said = await ask(who, words)
            took, partial = time.monotonic() - started, _PARTIAL in said
            seen.reads.append(took)
            if partial:
                seen.partial += 1
            else:
                seen.whole.append(took)
                if names not in said:
                    seen.missed.append(f"{words}: {said[:300] or 'no answer'}")
            await asyncio.sleep(0.2)

    def _any_old(self) -> tuple[str, str]:
        number = random.randrange(OLD - WINDOW)
        return f"number{number}", f"Heron number{number} nests"

    def _any_new(self) -> tuple[str, str]:
        with self.database.read() as connection:
            titles = connection.execute(_NEWEST, {"theirs": self.press.articles + "%"}).scalars().all()
        if not titles:
            return self._any_old()
        title = random.choice(titles)
        return title.split()[3], title[:30]

    async def ask_slack(self, who: str, words: str) -> str:
        """Look up in Slack, where each process is asked in turn; give what the asker reads."""
        slack = self.scene.slack
        there = slack.workspaces["T1"].shown
        before = len(there)

        def answers() -> list[str]:
            return [one.text for one in there[before:] if one.only_to == who]

        slack.turn()
        with suppress(AssertionError):  # else a digest came first, and the answer comes behind it
            await slack.slash("/brief", words, user=who)
        await self.scene.until(lambda: bool(answers()), PATIENCE)
        return "\n".join(answers())

    async def ask_discord(self, who: str, words: str) -> str:
        """Look up in Discord; give what the asker reads."""
        with suppress(AssertionError, TimeoutError):
            return (await self.scene.discord.slash("brief search", {"query": words}, user=who)).text
        return ""

    # ------------------------------------------------------------ how it is

    def is_whole(self) -> bool:
        """Whether every node and every copy of the index is there, and little waits."""
        with suppress(OpenSearchException, IndexAway):  # it comes up
            told = self.cluster._client.cluster.health()
            state = self.relay.state()
            there = told["status"] == "green" and told["number_of_nodes"] == self.nodes.of
            return there and state.well and state.waiting < FEW
        return False

    def said(self, since: int) -> Iterator[str]:
        """Give the lines on the index that stand in the log of the processes, behind so many letters of it."""
        for line in self.scene.log[since:].splitlines():
            if found := _LINE.search(line):
                yield found[1].replace(self.address, "ADDRESS")

    def filed(self) -> int:
        """Count the articles in the database that were published here."""
        with self.database.read() as connection:
            filed: int = connection.execute(_FILED, {"theirs": self.press.articles + "%"}).scalar_one()
            return filed

    def counted(self) -> tuple[int, int, int]:
        """Count articles: published, of these in the database, and of all in the database that the cluster lacks.

        It lacks all of them where it does not answer in time.
        """
        there = list[int]()
        with suppress(IndexAway):
            there = self.cluster.every({"match_all": {}}, self.cluster.until())
        with self.database.read() as connection:
            rows = {row for (row,) in connection.exec_driver_sql('SELECT "row" FROM article')}
        return self.press.published, self.filed(), len(rows.difference(there))


def _old(number: int) -> Analysed:
    title, body = f"Heron number{number} nests", f"The heron number{number} nests near the river."
    terms = ("heron", f"number{number}", "nest", "river")
    return Analysed(Article(f"old{number}", title, body, "en"), (Sentence(0, len(body)),), terms[:3], terms)
