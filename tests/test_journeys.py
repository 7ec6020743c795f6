"""What people do, from its beginning to its end: each journey in Slack and in Discord, in three languages.

Ann lives in a channel of either platform. She opens forms and Home, types and presses there; everything goes through
the platform's official SDK to the real program, and what she and her channel are shown is compared to the letter.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.tree import PLACES
from bot.platforms.slack.adapter import SlackAdapter
from briefs.config import Config
from briefs.models import Article, Channel
from briefs.store.channel_rows import Subscription
from tests import sqlite
from tests.clock import Clock
from tests.dispatcher import MONDAY
from tests.fakes.discord import GENERAL, GUILD, MANAGER, USER, VIEW, FakeDiscord, Seen, buttons, options, readable
from tests.fakes.ledger import Entry
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_hands import Hand
from tests.fakes.slack_views import FakeView
from tests.fakes.slack_workspace import FakeChannel, Shown
from tests.fakes.slack_workspace import readable as slack_words

TOPIC = "Lotus"
ARTICLE = Article(
    id="pond",
    title="Nenuphar grows in every pond",
    text="The nenuphar is grown in 300 ponds of Burgundy, growers of Dijon said on Monday. It opens in the morning.",
    language="en",
    url="https://example.org/pond",
    source="Pond Post",
    published=MONDAY - timedelta(days=1),
)
NEWS = (
    "Carp eat the nenuphar of Beaune, its growers found.",
    "Thieves took a nenuphar near Autun at night, police said.",
    "Monks at Cluny sell seeds of the nenuphar to tourists.",
    "The canal of Nevers counts 4,000 leaves of nenuphar.",
    "Chablis bans all boats where the nenuphar flowers in June.",
    "A film paints the nenuphar pond of Tournus blue.",
)
LANGUAGES = ("en", "fr", "zh")


class Ann:
    """Somebody in a channel, whose language is that of the channel too."""

    here: Channel
    beside: str  # the id of another channel

    def __init__(self, app: App, fake: Any, language: str) -> None:
        self.app, self.fake, self.language = app, fake, language
        self._news = list(NEWS)

    def subscriptions(self, channel: str = "") -> list[Subscription]:
        return self.app.channels.subscriptions(replace(self.here, id=channel or self.here.id))

    def is_told_beside(self) -> bool:
        return any(one.channel == self.beside for one in self.fake.ledger)

    @property
    def topic(self) -> str:
        topic = self.app.channels.topic(self.here, TOPIC)
        assert topic
        return str(topic.id)

    async def comes(self, moment: Any, place: str = "") -> int:
        """Let it be that moment, with a further article; give how many digests the channel has by then."""
        self.app.clock.now = moment
        text = self._news.pop(0)
        told = replace(ARTICLE, id=text, title=text[:-1], text=text, url=None, published=moment)
        self.app.archive.add([told])
        for _ in range(3):  # a channel takes one message a second
            await self.app.delivery_worker.tick()
            await self.app.delivery_worker.drain()
            self.app.clock.now += timedelta(seconds=10)
        return len(self.posts(place))

    def posts(self, place: str = "") -> list[str]:
        """Give the digests, not the answers, that came in a channel."""
        sent = ("chat.postMessage", "PATCH /channels/{channel}/messages/{message}")
        there = [one for one in self.fake.ledger if one.channel == (place or self.here.id) and one.method in sent]
        return [json.dumps(one.body, ensure_ascii=False) for one in there if '"menu' in json.dumps(one.body)]

    async def private(self) -> list[Any]:
        """Let whoever has to hear something in private hear it; give what was written."""
        transport = self.app.delivery_worker._transports[self.here.platform]
        for _ in range(2):
            await self.app.notice_sender.tick({transport.platform: transport})
        there = [one for one in self.fake.ledger if one.channel == self.alone]
        return list({one.message.get("id") or one.message["ts"]: one for one in there}.values())

    alone: str  # the id of the conversation with the bot


class AnnInSlack(Ann):
    here = Channel("slack", "T1", "C0000NEWS")
    beside, alone = "C00BESIDE", "DU1"

    def __init__(self, app: App, fake: FakeSlack, language: str) -> None:
        super().__init__(app, fake, language)
        self.hand = Hand(fake)
        fake.users["U1"].locale = {"en": "en-US", "fr": "fr-FR", "zh": "zh-CN"}[language]

    async def types(self, command: str, **said: str) -> str:
        shown = await self.fake.slash("/brief", " ".join([command, *said.values()]), channel=self.here.id)
        return "\n".join(one.text for one in shown)

    async def opens(self, command: str) -> FakeView:
        known = len(self.fake.modals)
        await self.fake.slash("/brief", command, answers=0, channel=self.here.id)
        await self.fake.until(lambda: len(self.fake.modals) > known, "a form")
        return self.fake.modals[-1]

    async def saves(self, form: FakeView, **fields: str | list[str]) -> str:
        """Fill fields in and save; give what all are told."""
        for name, value in fields.items():
            if isinstance(value, list):
                await self.hand.choose(form, name, *value)
            else:
                await self.hand.fill(form, name, value)
        known = len(self.fake.shown)
        assert "errors" not in await self.hand.submit(form)
        await self.fake.until(lambda: len(self.fake.shown) > known, "what all are told")
        assert self.fake.shown[-1].only_to is None
        return self.fake.shown[-1].text

    async def home(self) -> str:
        return self._words(await self.hand.home())

    async def undoes(self, said: str) -> str:
        """Take back what all are told by a line; give what all are told then."""

        def public() -> list[Shown]:
            return [one for one in self.fake.shown if one.only_to is None and said in plain(one.text)]

        await self.fake.until(lambda: bool(public()), said)
        (told,) = public()
        return (await self.fake.press(told, "revert"))[-1].text

    async def at_home(self, action: str, value: str) -> FakeView:
        view = await self.hand.home()
        button = next(one for one in view.buttons if one["action_id"].startswith(action) and one["value"] == value)
        acted = await self.hand.act(view, button, opens=action == "form")
        if action != "form":
            await self.fake.until(lambda: "✓" in self._words(view), "Home with what has been done")
        return acted

    @staticmethod
    def _words(view: FakeView) -> str:
        return "\n".join(slack_words(block) for block in view.view["blocks"])

    async def related(self) -> tuple[str, str]:
        """Ask for news related to a message, and share them; give both."""
        message = self.fake._stored(self.here.id, {"text": "Did you see? Nenuphar grows in every pond"}, user="U2")
        (private,) = await self.hand.shortcut(Shown(self.here.id, message, None))
        assert private.only_to == "U1"
        shared, _ = await self.fake.press(private, "share", answers=2)
        assert (shared.only_to, shared.thread) == (None, message["ts"])
        return private.text, shared.text

    async def moves(self, command: str) -> str:
        return await self.types(command.format(topic=TOPIC, channel=f"<#{self.beside}|beside>"))

    def reads(self, told: Entry) -> str:
        return "\n".join(slack_words(block) for block in told.body["blocks"])

    async def presses_in_private(self, told: Entry, action: str) -> None:
        await self.fake.press(Shown(self.alone, told.message, None), action, channel=self.alone)

    async def moves_in_private(self, told: Entry) -> None:
        known = len(self.fake.modals)
        await self.fake.press(Shown(self.alone, told.message, None), "form", answers=0, channel=self.alone)
        await self.fake.until(lambda: len(self.fake.modals) > known, "a form")
        form = self.fake.modals[-1]
        await self.hand.fill(form, "to", self.beside)
        assert "errors" not in await self.hand.submit(form)
        await self.fake.until(self.is_told_beside, "what all there hear, once she has her own answer")

    def close(self) -> None:
        self.fake.channels[self.here.id].archived = True

    def reopen(self) -> None:
        self.fake.channels[self.here.id].archived = False


class AnnInDiscord(Ann):
    here = Channel("discord", GUILD, GENERAL)
    alone = f"9{USER}"

    def __init__(self, app: App, fake: FakeDiscord, language: str) -> None:
        super().__init__(app, fake, language)
        self.beside = fake.add_channel("beside")
        locale = {"en": "en-US", "fr": "fr", "zh": "zh-CN"}[language]
        self.may: dict[str, Any] = {"permissions": MANAGER, "locale": locale}

    async def types(self, command: str, **said: str) -> str:
        return (await self.fake.slash(f"brief {PLACES.get(command, command)}", said, **self.may)).text

    async def opens(self, command: str) -> Seen:
        name, _, topic = command.partition(f" {TOPIC}")
        return await self.fake.slash(f"brief {name}", {"topic": TOPIC} if topic or TOPIC in command else {}, **self.may)

    async def saves(self, form: Seen, **fields: str | list[str]) -> str:
        known = len(self.fake.messages())
        given = fields | ({"topic": [self.topic]} if "topic" in fields else {})
        await self.fake.submit(form, given, **self.may)
        await self.fake.until(lambda: len(self.fake.messages()) > known)
        return readable(self.fake.messages()[-1])

    async def home(self) -> str:
        return (await self.fake.slash("brief home", **self.may)).text

    async def undoes(self, said: str) -> str:
        def told() -> list[Any]:
            return [one for one in self.fake.messages() if said in plain(readable(one))]

        await self.fake.until(told)
        (message,) = told()
        button = next(one["custom_id"] for one in buttons(message) if one["custom_id"].startswith("revert:"))
        known = len(self.fake.messages())
        await self.fake.press(message, button, **self.may)
        await self.fake.until(lambda: len(self.fake.messages()) > known)
        return readable(self.fake.messages()[-1])

    async def at_home(self, action: str, value: str) -> Seen:
        (message,) = (await self.fake.slash("brief home", **self.may)).messages
        assert f"{action}:{value}" in {option["value"] for option in options(message)}
        return await self.fake.choose(message, f"{action}:{value}", **self.may)

    async def related(self) -> tuple[str, str]:
        message = self.fake.post_before({"content": "Did you see? Nenuphar grows in every pond"})
        seen = await self.fake.on_message("Related news", message, **self.may)
        assert seen.private
        share = next(one for one in seen.buttons if one.startswith("share:"))
        await self.fake.press(seen.messages[0], share, **self.may)
        await self.fake.until(lambda: message["id"] in self.fake.channels and self.fake.messages(message["id"]))
        return seen.text, readable(self.fake.messages(message["id"])[-1])

    async def moves(self, command: str) -> str:
        said = {"topic": TOPIC, "channel": self.beside}
        return (await self.fake.slash("brief move", said, permissions_in={self.beside: MANAGER}, **self.may)).text

    def reads(self, told: Entry) -> str:
        return readable(told.message)

    async def presses_in_private(self, told: Entry, action: str, user: str = USER) -> str:
        button = next(one["custom_id"] for one in buttons(told.message) if one["custom_id"].startswith(action))
        seen = await self.fake.press(told.message, button, guild="", user=user, locale=self.may["locale"])
        return plain(seen.text)

    async def moves_in_private(self, told: Entry) -> None:
        button = next(one["custom_id"] for one in buttons(told.message) if one["custom_id"].startswith("form:move "))
        form = await self.fake.press(told.message, button, guild="", locale=self.may["locale"])
        await self.fake.submit(form, {"to": [self.beside]}, guild="", locale=self.may["locale"])
        await self.fake.until(self.is_told_beside)

    def close(self) -> None:
        self.fake.channels[self.here.id].bot_can = VIEW

    def reopen(self) -> None:
        self.fake.channels[self.here.id].bot_can = MANAGER


@asynccontextmanager
async def in_slack(app: App) -> AsyncIterator[tuple[FakeSlack, Any]]:
    async with FakeSlack() as fake:
        fake.clock = lambda: app.clock.now.timestamp()
        fake.channels[AnnInSlack.here.id] = FakeChannel("general", {"U1", "U2"})
        fake.channels[AnnInSlack.beside] = FakeChannel("beside", {"U1"})
        yield (
            fake,
            SlackAdapter(app.dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url),
        )


@asynccontextmanager
async def in_discord(app: App) -> AsyncIterator[tuple[FakeDiscord, Any]]:
    async with FakeDiscord() as fake:
        yield fake, DiscordAdapter(app.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)


PLATFORMS: Mapping[str, tuple[Any, type[Ann]]] = {
    "slack": (in_slack, AnnInSlack),
    "discord": (in_discord, AnnInDiscord),
}


@pytest.fixture(params=[(platform, language) for platform in PLATFORMS for language in LANGUAGES], ids=" ".join)
async def ann(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ann]:
    platform, language = request.param
    monkeypatch.setattr("bot.platforms.discord.transport._HEARD", 0.0)
    made = tmp_path / "config"
    made.mkdir()
    (made / "sources.yaml").write_text("sources: [{feed: https://pond.example/feed, name: Pond Post}]\n")
    open_fake, person = PLATFORMS[platform]
    with App(Config.load(made), sqlite.database(tmp_path / "briefs.db"), environment={}, clock=Clock(MONDAY)) as app:
        async with open_fake(app) as (fake, bot):
            app.delivery_worker.serve(bot.transport)
            await bot.start()
            somebody = person(app, fake, language)
            app.archive.add([ARTICLE])
            await somebody.types("language", language=language)
            await somebody.types("topic add", topic=TOPIC, words="nenuphar")
            yield somebody
            await bot.stop()


def plain(text: str) -> str:
    """Give what can be read, without layout and with plain blanks."""
    return re.sub(r"[\u00a0\u202f]", " ", re.sub(r"[\\*]", "", text))


NINE, FIVE = MONDAY.replace(hour=9), MONDAY.replace(hour=17)

SUBSCRIBED = {
    "en": "gets Lotus, Monday and Tuesday 08:30 · first one today",
    "fr": "reçoit Lotus, lundi et mardi à 08:30 · premier envoi aujourd’hui",
    "zh": "接收 Lotus，周一和周二 08:30 · 首次：今天",
}


async def test_a_channel_is_subscribed_by_a_form(ann):
    form = await ann.opens("subscribe")
    said = await ann.saves(form, topic=[TOPIC], time="8:30", days=["mon", "tue"])
    assert SUBSCRIBED[ann.language] in plain(said)
    assert [one.schedule for one in ann.subscriptions()] == ["08:30 mon,tue"]


EDITED = {
    "en": "topic “Lotus” now: “nenuphar”, without “stock”",
    "fr": "le thème « Lotus » devient : « nenuphar », sans « stock »",
    "zh": "主题“Lotus”现在是：“nenuphar”，不含“stock”",
}


async def test_a_topic_is_edited_by_a_form(ann):
    form = await ann.opens(f"topic edit {TOPIC}")
    said = await ann.saves(form, none="stock")
    assert EDITED[ann.language] in plain(said)
    assert ann.app.channels.topic(ann.here, TOPIC).expression == "nenuphar - stock"


HOME = {
    "en": ("09:00 (UTC), every day · next: today, 09:00", "paused: by a member", "18:00 (UTC), every day"),
    "fr": ("09:00 (UTC), tous les jours · prochain : aujourd’hui à 09:00", "suspendu", "18:00 (UTC), tous les jours"),
    "zh": ("每天 09:00（UTC）", "已暂停", "每天 18:00（UTC）"),
}


async def test_home_shows_each_change(ann):
    runs, paused, later = HOME[ann.language]
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    assert runs in plain(await ann.home())
    (held,) = ann.subscriptions()
    await ann.at_home("pause", f"{ann.here.id}:{held.id}")
    assert paused in plain(await ann.home())
    await ann.at_home("resume", f"{ann.here.id}:{held.id}")
    assert runs in plain(await ann.home())
    await ann.saves(await ann.at_home("form", f"subscribe {ann.here.id}:{held.id}"), time="18:00")
    assert later in plain(await ann.home())


async def test_who_saves_a_form_leaves_what_a_colleague_has_changed_while_it_was_open(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    (held,) = ann.subscriptions()
    form = await ann.at_home("form", f"subscribe {ann.here.id}:{held.id}")
    await ann.types("subscribe", topic=TOPIC, days="weekdays")

    await ann.saves(form, time="18:00")

    assert ann.subscriptions()[0].schedule == "18:00 mon,tue,wed,thu,fri"


RELATED = {"en": "Shared by", "fr": "Partagé par", "zh": "分享"}


async def test_news_that_are_related_to_a_message_are_shared_in_its_thread(ann):
    private, shared = await ann.related()
    assert ARTICLE.title in private
    assert RELATED[ann.language] in plain(shared)
    assert ARTICLE.title in shared


TWICE = {
    "en": ("9:00 and 17:00", "09:00 and 17:00 (UTC), every day"),
    "fr": ("9h et 17h", "09:00 et 17:00 (UTC), tous les jours"),
    "zh": ("九点和17点", "每天 09:00和17:00（UTC）"),
}


async def test_a_channel_is_told_two_times_a_day(ann):
    typed, said = TWICE[ann.language]
    assert said in plain(await ann.types("subscribe", topic=TOPIC, time=typed))
    assert [await ann.comes(at) for at in (NINE, NINE.replace(hour=12), FIVE, NINE + timedelta(days=1))] == [1, 1, 2, 3]


FORTNIGHT = {
    "en": "Monday, every 2 weeks 09:00",
    "fr": "lundi, toutes les 2 semaines à 09:00",
    "zh": "每 2 周：周一 09:00",
}


async def test_a_channel_is_told_every_two_weeks(ann):
    form = await ann.opens("subscribe")
    said = await ann.saves(form, topic=[TOPIC], time="9:00", days=["mon"], rhythm=["2"])
    assert FORTNIGHT[ann.language] in plain(said)
    assert [await ann.comes(NINE + timedelta(days=days)) for days in (0, 7, 14, 21, 28)] == [1, 1, 2, 2, 3]


SNOOZED = {
    "en": ("1 week", "Snoozed: Lotus", "Monday 23 November"),
    "fr": ("1 semaine", "Reporté : Lotus", "lundi 23 novembre"),
    "zh": ("1周", "已推迟：Lotus", "11月23日周一"),
}


async def test_a_subscription_is_snoozed(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    typed, *said = SNOOZED[ann.language]
    answer = plain(await ann.types("snooze", topic=TOPIC, length=typed))
    assert all(words in answer for words in said)
    assert [await ann.comes(NINE + timedelta(days=days)) for days in (0, 3, 7, 8)] == [0, 0, 1, 2]


MOVED = {
    "en": ("move {topic} to {channel}", "“Lotus” comes to #beside now, and no more to #general"),
    "fr": ("déplacer {topic} vers {channel}", "« Lotus » arrive désormais dans #beside, et plus dans #general"),
    "zh": ("移动 {topic} 到 {channel}", "“Lotus”今后发到 #beside，不再发到 #general"),
}


async def test_a_subscription_moves_to_another_channel(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    typed, said = MOVED[ann.language]
    assert said in plain(await ann.moves(typed))
    assert await ann.comes(NINE, ann.beside) == 1
    assert ann.posts() == []


STRANGER = "400000000000000004"
REFUSED_THERE = {"en": "Only those who manage", "fr": "Seules les personnes qui gèrent", "zh": "#general"}
REFUSED = {"en": "“Lotus” is paused in #general", "fr": "« Lotus » est suspendu dans #general", "zh": "暂停"}


async def test_who_subscribed_hears_in_private_that_a_channel_refuses(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    ann.close()
    await ann.comes(NINE)
    (paused,) = ann.subscriptions()
    assert paused.paused
    (told,) = await ann.private()
    assert REFUSED[ann.language] in plain(ann.reads(told))
    ann.reopen()
    if ann.here.platform == "discord":  # who may not change it may not in private either
        assert REFUSED_THERE[ann.language] in await ann.presses_in_private(told, "stop", user=STRANGER)
        assert ann.subscriptions() == [paused]
    await ann.presses_in_private(told, "resume")
    assert not ann.subscriptions()[0].paused


GETS = {
    "en": ": #beside gets Lotus, every day 09:00 · next one",
    "fr": " : #beside reçoit Lotus, tous les jours à 09:00 · prochain envoi",
    "zh": "：#beside 接收 Lotus，每天 09:00 · 下次",
}


async def test_who_hears_of_a_refusal_moves_the_subscription_from_there(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    ann.close()
    await ann.comes(NINE)
    (told,) = await ann.private()

    await ann.moves_in_private(told)

    assert ann.subscriptions() == []
    (moved,) = ann.subscriptions(ann.beside)
    assert (moved.schedule, moved.paused) == ("09:00 daily", False)
    (told,) = {plain(ann.reads(one)) for one in ann.fake.ledger if one.channel == ann.beside}
    assert GETS[ann.language] in told, "all there hear what they get now"


# A command and what is typed beside it; what all are told; and what they are told once it is taken back.
UNDONE = {
    "en": (
        ("subscribe", {"topic": TOPIC, "time": "7:15"}, "gets Lotus, every day 07:15", "does not get Lotus after all"),
        ("topic edit", {"topic": TOPIC, "words": "reed"}, "topic “Lotus” now: “reed”", "Topic “Lotus” is as before"),
        ("zone", {"zone": "Asia/Shanghai"}, "on the clock of Asia/Shanghai", "on the clock of UTC"),
    ),
    "fr": (
        (
            "subscribe",
            {"topic": TOPIC, "time": "7h15"},
            "reçoit Lotus, tous les jours à 07:15",
            "ne reçoit pas",
        ),
        ("topic edit", {"topic": TOPIC, "words": "reed"}, "« Lotus » devient : « reed »", "« Lotus » est comme avant"),
        ("zone", {"zone": "Asia/Shanghai"}, "Asia/Shanghai", "UTC"),
    ),
    "zh": (
        ("subscribe", {"topic": TOPIC, "time": "7:15"}, "接收 Lotus，每天 07:15", "Lotus"),
        ("topic edit", {"topic": TOPIC, "words": "reed"}, "主题“Lotus”现在是：“reed”", "主题“Lotus”已恢复原状"),
        ("zone", {"zone": "Asia/Shanghai"}, "Asia/Shanghai", "UTC"),
    ),
}


REMOVED = {
    "en": ("Topic “Lotus” removed", "“Lotus” is there again, with its subscription"),
    "fr": ("Thème « Lotus » supprimé", "« Lotus » est de retour, avec 1 abonnement"),
    "zh": ("已删除主题“Lotus”", "主题“Lotus”已恢复，连同"),
}


async def test_a_topic_whose_removal_is_taken_back_comes_where_and_when_it_came(ann):
    await ann.types("subscribe", topic=TOPIC, time="9:00")
    (before,) = ann.subscriptions()
    await ann.comes(NINE)
    (told,) = ann.posts()

    await ann.types("topic remove", topic=TOPIC)
    assert ann.subscriptions() == []
    removed, again = REMOVED[ann.language]
    assert again in plain(await ann.undoes(removed))

    (after,) = ann.subscriptions()
    assert (after.schedule, after.zone, after.created_by) == (before.schedule, before.zone, before.created_by)
    assert await ann.comes(NINE + timedelta(days=1)) == 2
    assert NEWS[0][:-1] in told
    assert NEWS[0][:-1] not in ann.posts()[1], "what was told before is not told again"


async def test_what_is_typed_is_said_to_all_once_and_anybody_who_may_takes_it_back(ann):
    before = ann.app.channels.settings(ann.here)
    for command, typed, told, undone in UNDONE[ann.language]:
        await ann.types(command, **typed)
        assert undone in plain(await ann.undoes(told))
    assert ann.subscriptions() == []
    assert ann.app.channels.topic(ann.here, TOPIC).expression == "nenuphar"
    assert ann.app.channels.settings(ann.here) == before
