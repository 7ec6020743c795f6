"""The first morning of a team, without touching a file: invite, pack, a site, a topic, a subscription, and the digest.

The site is invented, on loopback, and has no feed: a page that lists headlines. Buttons are pressed by what they say.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.app import App
from bot.base.i18n import Messages
from bot.commands import Dispatcher
from bot.platforms.console.adapter import HERE
from bot.present.first_minute import ABOUT
from briefs.config import Config
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Channel
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import MONDAY
from tests.fakes.discord import GENERAL, GUILD, buttons, options, readable
from tests.fakes.slack_hands import Hand
from tests.fakes.web import serve
from tests.test_discovery import HEADLINES, html
from tests.test_following import InConsole, InDiscord, InSlack, look

TITLE = HEADLINES[0]
QUOTE = (
    "The mayor of Exampleton, Anna Peeters, said on Monday that a grey heron has nested on the roof of the town hall."
)
BODY = f"<p>{QUOTE} The two birds came from the river, and nobody may use the stairs to the roof until July.</p>"


@pytest.fixture
def site():
    """A page that lists headlines, and what they lead to."""
    links = "".join(f"<h3><a href='/news/{n + 4000}'>{title}</a></h3>" for n, title in enumerate(HEADLINES))
    with serve() as web:
        web.pages["/press"] = html(body=links, title="Exampleton Press")
        for n, title in enumerate(HEADLINES):
            about = BODY if title == TITLE else f"<p>{title}, the council of Exampleton said on Monday morning.</p>" * 3
            web.pages[f"/news/{n + 4000}"] = html(body=f"<article><h1>{title}</h1>{about}</article>", title=title)
        yield web


class Loopback(App):
    """The program, with a way to loopback."""

    def fetcher(self, turns=None):
        return Fetcher(allow_private=True, seconds=5, turns=Turns(pause=0), clock=self.clock)


@dataclass
class Walk:
    """Somebody's first morning on one platform. say: words in their language; here: the channel it is about."""

    app: App
    chat: InSlack | InDiscord | InConsole
    messages: Messages

    def say(self, template):
        return self.messages.say(template)


class OnSlack(Walk):
    here = Channel("slack", "T1", "C1")

    async def begin(self):
        (self.shown,) = await self.chat.fake.invite("C1")
        return self.shown.text

    async def press(self, label, answers=1):
        *_, self.shown = await self.chat.fake.press(self.shown, self.say(label), answers=answers)
        return self.shown.text

    async def follow_by_form(self, address, welcome):
        hand = Hand(self.chat.fake)
        form = await hand.opens(welcome, self.say("Follow a site"))
        await hand.fill(form, self.say("Address"), address)
        seen = len(self.chat.fake.shown)
        await hand.submit(form)
        await self.chat.fake.until(lambda: len(self.chat.fake.shown) >= seen + 2, "what was found")
        self.shown = self.chat.fake.shown[-1]
        return self.shown.text

    async def type(self, command, **options):
        seen = await self.chat.fake.slash("/brief", " ".join([command, *options.values()]))
        self.shown = seen[-1]
        return "\n".join(one.text for one in seen)

    def digest(self):
        return "\n".join(one.text for one in self.chat.fake.shown if one.only_to is None)


class OnDiscord(Walk):
    here = Channel("discord", GUILD, GENERAL)

    async def begin(self):
        fake = self.chat.fake
        fake.system_channel, fake.locale = GENERAL, self.chat.options["locale"]
        await fake.connected()
        await self.chat.bot._client.wait_until_ready()  # before, who joins is told like one that was there
        await fake.dispatch("GUILD_DELETE", {"id": GUILD})
        await fake.invite()
        await fake.until(lambda: fake.messages())
        (self.shown,) = fake.messages()
        return readable(self.shown)

    async def press(self, label, answers=1):
        fake = self.chat.fake
        if button := next((one for one in buttons(self.shown) if one["label"] == self.say(label)), None):
            seen = await fake.press(self.shown, button["custom_id"], **self.chat.options)
        else:  # several that have the same are one menu
            chosen = next(one for one in options(self.shown) if one["label"].startswith(self.say(label)))
            seen = await fake.choose(self.shown, chosen["value"], **self.chat.options)
        self.shown = seen.messages[-1]
        return seen.text

    async def follow_by_form(self, address, welcome):
        fake = self.chat.fake
        button = next(one for one in buttons(welcome) if one["label"] == self.say("Follow a site"))
        opened = await fake.press(welcome, button["custom_id"], **self.chat.options)
        seen = await fake.submit(opened, {"address": address}, **self.chat.options)
        await seen.until(lambda seen: bool(seen.buttons))
        self.shown = seen.messages[-1]
        return seen.text

    async def type(self, command, **options):
        seen = await self.chat.fake.slash(f"brief {command}", options, **self.chat.options)
        return seen.text

    def digest(self):
        return "\n".join(map(readable, self.chat.fake.messages()))


class OnConsole(Walk):
    here = HERE

    async def begin(self):
        return await self.type(self.say("hello"))

    async def press(self, label, answers=1):
        return await self.type(self.say(label))

    async def follow_by_form(self, address, welcome):
        await self.type("follow", address=address)  # a terminal has no forms
        return await self.chat.shown.get()

    async def type(self, command, **options):
        self.chat.lines.put(" ".join([command, *options.values()]))
        return await self.chat.shown.get()

    def digest(self):
        return "\n".join(self.chat.shown.get_nowait() for _ in range(self.chat.shown.qsize()))


@asynccontextmanager
async def begun(kind, platform, language, folder):
    clock = Clock(MONDAY)
    with Loopback(Config.load(None), sqlite.database(folder / "b.db"), environment={}, clock=clock) as app:
        dispatcher = Dispatcher(app.archive, app.channels, app.config, clock=clock, look=look)
        async with platform.open(dispatcher, language) as chat:
            yield kind(app, chat, Messages(language)), clock


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
@pytest.mark.parametrize(("kind", "platform"), [(OnSlack, InSlack), (OnDiscord, InDiscord), (OnConsole, InConsole)])
async def test_a_team_gets_its_first_digest_without_touching_a_file(tmp_path, site, kind, platform, language):
    async with begun(kind, platform, language, tmp_path) as (walk, clock):
        about = await walk.begin()
        told = {OnConsole: "Nothing is read here yet. Begin with a site, or with a pack of sources and topics."}
        assert " ".join(walk.say(told.get(kind, ABOUT)).split()) in " ".join(about.replace("\\", "").split())
        welcome = getattr(walk, "shown", None)
        await walk.press("Pick a pack")
        await walk.press("What is in it")
        await walk.press("Add it", answers=2)
        assert len(walk.app.follows.of(walk.here)) == 14

        found = await walk.follow_by_form(site.url("/press"), welcome)
        assert TITLE in found
        await walk.press("Follow", answers=2)
        (own,) = [one for one in walk.app.read_sources() if one.address.startswith(site.address)]
        assert own.kind == "list"
        await asyncio.to_thread(walk.app.gather, [own], trusted=True)

        await walk.type("topic add", topic="Birds", words="heron")
        subscribed = await walk.type("subscribe", topic="Birds", time="9:00")
        assert walk.say("Language: ").strip() in subscribed.replace("*", "")
        assert walk.messages.language_name(language) in subscribed
        (subscription,) = walk.app.channels.subscriptions(walk.here)
        clock.now = subscription.next_due + timedelta(seconds=1)
        worker = walk.app.delivery_worker
        worker.serve(walk.chat.console.transport if kind is OnConsole else walk.chat.bot.transport)
        for _ in range(2):  # in Discord its news comes a second before it
            await worker.tick()
            await worker.drain()
            clock.now += timedelta(seconds=1)
        digest = walk.digest().replace("\\", "")
        assert walk.messages.count("{n} story", "{n} stories", 1) in digest, "in the language that the answer named"
        assert TITLE in digest
        assert QUOTE in digest
