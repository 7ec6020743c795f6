"""A dispatcher over a small archive, and people who talk to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.base.reply import Button, Buttons, Reply, Row, StoryItem
from bot.commands import Asked, Dispatcher, Place
from bot.commands.scouting import Look, look_at
from bot.platforms.console.terminal import render
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article, Channel
from briefs.store.channels import Channels
from tests import sqlite
from tests.clock import Clock

MONDAY = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)  # 08:00 in Paris
NEWS = Channel("chat", "team", "C1")
ELSEWHERE = Channel("chat", "team", "C2")
OTHER_TEAM = Channel("chat", "rivals", "C1")

ARTICLES = (
    Article(
        id="links",
        title="Tencent opens its links to Alibaba",
        text="The Chinese company Tencent said on Monday in Shenzhen that links to the 9 million shops of Alibaba "
        "open inside WeChat. Users had asked for it for years.",
        language="en",
        url="https://example.org/links",
        source="Example Post",
        published=MONDAY - timedelta(days=1),
    ),
    Article(
        id="pay",
        title="WeChat Pay reaches Taobao",
        text="Alibaba, which has 900 million customers in China, accepts WeChat Pay on Taobao from 12 September, "
        "the company said in Hangzhou on Monday. Tencent calls it a first step.",
        language="en",
        url="https://example.org/pay",
        source="Daily Example",
        published=MONDAY - timedelta(days=6),
    ),
    Article(
        id="tabac",
        title="Le tabac chinois se met à l’internet",
        text="Le monopole chinois du tabac, qui emploie 520 000 personnes, adopte la stratégie Internet Plus, a "
        "annoncé lundi le gouvernement du Yunnan. Les ventes passent par une plateforme commune.",
        language="fr",
        url="https://example.org/tabac",
        source="Le Quotidien",
        published=MONDAY - timedelta(days=3),
    ),
    Article(
        id="hulian",
        title="互联互通有新进展",
        text="据新华社报道，腾讯公司17日表示，微信将开放外部链接，首批覆盖北京、上海和深圳3个城市。用户可以直接打开淘宝的页面。",
        language="zh",
        url="https://example.org/zh",
        source="示例日报",
        published=MONDAY - timedelta(hours=22),
    ),
)


@dataclass
class Person:
    """Somebody in a channel; `say` and `press` give what they see."""

    dispatcher: Dispatcher
    name: str = "ann"
    channel: Channel = NEWS
    locale: str | None = "en"
    may_manage: bool = True
    manages_workspace: bool = False
    reachable: bool = True
    readable: bool = True
    places: Mapping[str, Place] = field(default_factory=dict)
    rooms: Sequence[Place] | None = None
    last: Reply | None = None

    async def say(self, text: str, trigger: str = "") -> str:
        self.last = await self.dispatcher.text(self._asked(trigger), text)
        return render(self.last, width=100).replace("\u00a0", " ")

    async def call(self, command: str, trigger: str = "", **arguments: str) -> str:
        self.last = await self.dispatcher.call(self._asked(trigger), command, arguments)
        return render(self.last, width=100).replace("\u00a0", " ")

    async def press(self, action: str, value: str, trigger: str = "") -> str:
        self.last = await self.dispatcher.press(self._asked(trigger), action, value)
        return render(self.last, width=100).replace("\u00a0", " ")

    def button(self, action: str) -> Button:
        assert self.last is not None
        parts = (*self.last.parts, *self.last.foot)
        rows = [part.menu for part in parts if isinstance(part, StoryItem)]
        rows += [part.buttons for part in parts if isinstance(part, Buttons | Row)]
        return next(button for row in rows for button in row if button.action == action)

    def _asked(self, trigger: str) -> Asked:
        async def find(text: str) -> Place | None:
            return self.places.get(text)

        async def rooms() -> Sequence[Place]:
            return self.rooms or ()

        return Asked(
            self.channel,
            self.name,
            locale=self.locale,
            may_manage=self.may_manage,
            manages_workspace=self.manages_workspace,
            trigger=trigger,
            channel_name="#news",
            reachable=self.reachable,
            readable=self.readable,
            find=find,
            user_name=self.name.title(),
            rooms=rooms if self.rooms is not None else None,
        )


@dataclass
class Office:
    """A dispatcher with all that stands behind it."""

    archive: Archive
    channels: Channels
    clock: Clock
    dispatcher: Dispatcher

    def person(self, **traits: Any) -> Person:
        return Person(self.dispatcher, **traits)


def open_office(folder: Path, settings: str = "", look: Look = look_at, topic: str = "Open links") -> Office:
    """Open a dispatcher on a database of its own; the four articles came in a day ago, one topic is configured."""
    clock = Clock(MONDAY)
    config = Config.load(_config(folder, settings, topic))
    archive = Archive.open(sqlite.database(folder / "briefs.db", _yesterday), aliases=config.aliases, clock=clock)
    channels = Channels(archive.database)
    channels.sync_topics([(topic.name, str(topic.expression), topic.languages) for topic in config.topics], clock.now)
    return Office(archive, channels, clock, Dispatcher(archive, channels, config, clock=clock, look=look))


def _yesterday(url: str) -> None:
    with Archive.open(url, clock=lambda: MONDAY - timedelta(days=1)) as archive:
        archive.add(ARTICLES)


def _config(folder: Path, settings: str, topic: str) -> Path:
    config = folder / "config"
    config.mkdir()
    (config / "settings.yaml").write_text(f"zone: Europe/Paris\n{settings}")
    (config / "topics.yaml").write_text(f'topics:\n  - name: {topic}\n    expression: "Tencent + Alibaba"\n')
    return config
