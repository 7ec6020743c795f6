"""Whoever subscribed a channel hears in private, once, that it is paused or that its topic is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.base.reply import Buttons, Reply
from bot.commands import Place
from bot.delivery import planning
from bot.delivery.notices import NoticeSender
from bot.delivery.transport import Message, NotSent
from bot.platforms.discord.rest import Rest
from bot.platforms.discord.transport import DiscordTransport
from bot.platforms.slack.api import web_client
from bot.platforms.slack.transport import SlackTransport
from briefs.config import Config, Settings
from briefs.models import Channel
from briefs.store.channels import Channels
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.notices import Notices, PrivateNotice
from briefs.store.outbox import Part, Written
from briefs.store.runs import Runs
from tests.dispatcher import ELSEWHERE, NEWS
from tests.fakes.discord import GENERAL, GUILD, USER, FakeDiscord, buttons
from tests.fakes.slack import FakeSlack
from tests.fakes.transport import RecordingTransport

DAY = timedelta(days=1)
HERE = Place(NEWS, "#news", may_manage=True, reachable=True)
OTHER = Place(ELSEWHERE, "#other", may_manage=True, reachable=True)


class Postman(RecordingTransport):
    """One that writes to people, and keeps what it is to show."""

    def __init__(self) -> None:
        super().__init__(platform="chat")
        self.replies: list[Reply] = []

    def render(self, reply: Reply) -> list[Message]:
        self.replies.append(reply)
        return [Message({"text": reply.summary})]

    async def private(self, workspace: str, person: str) -> Channel | None:
        return None if person == "gone" else Channel(self.platform, workspace, f"@{person}")

    async def called(self, channel: Channel) -> str | None:
        return {"C1": "#news"}.get(channel.id)


@pytest.fixture
def postman():
    return Postman()


def refuse(office, because="is_archived"):
    """Let the next digest of the first channel be refused."""
    office.clock.now += DAY
    now, runs, deliveries = office.clock.now, Runs(office.archive.database), Deliveries(office.archive.database)
    runs.plan(now, lambda waiting: planning.plan(waiting, now, "newest"))
    for run in runs.claim(["chat"], now, now + DAY):
        runs.freeze_all([Written(run, [Part({"text": "news"})], 9, now, {}, {})], now)
    for claim in deliveries.claim("chat", now, now + DAY, {}, 9):
        deliveries.settle(claim, Settlement("FAILED", error=because, pause=True))


async def told(office, postman, language="en", topic_names=None) -> list[tuple[str, str]]:
    config = replace(Config.load(None), settings=Settings(language=language), topic_names=topic_names or {})
    sender = NoticeSender(Notices(office.archive.database), office.channels, config)
    await sender.tick({"chat": postman})
    return postman.texts


async def test_a_refusal_is_told_to_who_subscribed_once_with_what_can_be_done(office, postman):
    await office.person().say("subscribe Open links")
    refuse(office)

    assert await told(office, postman) == [("@ann", "“Open links” is paused in #news")]
    assert len(await told(office, postman)) == 1
    (reply,) = postman.replies
    (buttons,) = [part for part in reply.parts if isinstance(part, Buttons)]
    assert [button.label for button in buttons.buttons] == ["Move to …", "Resume", "Stop"]

    await office.person().say("resume")
    refuse(office, "not_in_channel")
    assert len(await told(office, postman)) == 2


async def test_what_a_person_paused_is_told_to_nobody(office, postman):
    await office.person().say("subscribe Open links")
    await office.person(name="bob").say("pause all")
    assert await told(office, postman) == []


async def test_a_topic_that_somebody_else_removes_is_told_to_who_subscribed_to_it(office, postman):
    ann, bob = office.person(), office.person(name="bob", channel=ELSEWHERE, manages_workspace=True)
    await ann.say("topic add pay WeChat Pay")
    await ann.say("subscribe pay")
    await bob.say("subscribe pay")
    await bob.say("topic remove pay")
    assert await told(office, postman) == [("@ann", "“pay” was removed: #news does not get it any more")]
    (reply,) = postman.replies
    (buttons,) = [part for part in reply.parts if isinstance(part, Buttons)]
    (another,) = buttons.buttons
    assert (another.label, another.action, another.value) == ("Another topic", "form", f"subscribe {NEWS.id}:")


async def test_it_is_said_in_the_channels_language(office, postman):
    await office.person().say("langue fr")
    await office.person().say("subscribe Open links")
    refuse(office)
    ((person, text),) = await told(office, postman)
    assert (person, text.replace("\u202f", " ")) == ("@ann", "« Open links » est suspendu dans #news")


async def test_a_topic_goes_by_its_name_in_the_channels_language(office, postman):
    await office.person().say("langue fr")
    await office.person().say("subscribe Open links")
    refuse(office)

    ((_, text),) = await told(office, postman, topic_names={"Open links": {"fr": "Liens ouverts", "zh": "开放链接"}})

    assert text.replace("\u202f", " ") == "« Liens ouverts » est suspendu dans #news"


async def test_what_was_certainly_not_told_is_told_later_and_who_is_gone_keeps_nobody_waiting(office, postman):
    await office.person(name="gone").say("subscribe Open links")
    await office.person(channel=ELSEWHERE).say("subscribe Open links")
    refuse(office)
    postman.script.append(NotSent("ratelimited", 30))
    assert await told(office, postman) == []
    assert await told(office, postman) == [("@ann", "“Open links” is paused in a channel")]


@pytest.fixture
def at_home(office):
    """Ann in her conversation with the bot, from where she sees her channels."""
    return office.person(channel=Channel("chat", "team", "D1"), places={"C1": HERE, "C2": OTHER})


async def pressed(office, postman, at_home, label):
    await office.person().say("subscribe Open links at 9:00")
    refuse(office)
    await told(office, postman)
    (buttons,) = [part for part in postman.replies[0].parts if isinstance(part, Buttons)]
    button = next(one for one in buttons.buttons if one.label == label)
    return await at_home.press(button.action, button.value)


async def test_resume_resumes_it(office, postman, at_home):
    assert "Resumed: Open links" in await pressed(office, postman, at_home, "Resume")
    assert not office.channels.subscriptions(NEWS)[0].paused


async def test_stop_ends_it(office, postman, at_home):
    assert "no longer gets “Open links”" in await pressed(office, postman, at_home, "Stop")
    assert office.channels.subscriptions(NEWS) == []


async def test_move_asks_where_to_and_moves_it(office, postman, at_home):
    await pressed(office, postman, at_home, "Move to …")
    form = at_home.last.form
    assert (form.name, [field.name for field in form.fields]) == ("move", ["to"])

    await office.dispatcher.submit(at_home._asked(""), form.name, form.subject, {"to": ("C2",)})

    assert office.channels.subscriptions(NEWS) == []
    (moved,) = office.channels.subscriptions(ELSEWHERE)
    assert (moved.schedule, moved.paused) == ("09:00 daily", False)


async def test_who_may_not_change_the_channel_presses_in_vain(office, postman, at_home):
    at_home.places = {"C1": Place(NEWS, "#news", may_manage=False, reachable=True)}
    assert "Only those who manage #news" in await pressed(office, postman, at_home, "Stop")
    assert len(office.channels.subscriptions(NEWS)) == 1


async def test_slack_takes_it_into_the_conversation_with_the_person(office):
    async with FakeSlack() as fake:
        transport = SlackTransport(web_client(fake.bot_token, fake.api_url))
        person = next(iter(fake.users))
        notices = Notices(office.archive.database)
        notices.give_back(PrivateNotice(Channel("slack", "T1", "C1"), person, "Open links", 1, "is_archived"))

        await NoticeSender(notices, office.channels, Config.load(None)).tick({"slack": transport})

        (entry,) = fake.ledger
        assert entry.channel == f"D{person}"
        assert entry.body["text"] == f"“Open links” is paused in #{fake.channels['C1'].name}"
        assert "Move to …" in str(entry.body["blocks"])


async def test_discord_takes_it_into_the_conversation_with_the_person(office):
    async with FakeDiscord(clock=office.clock) as fake:
        rest = Rest(fake.token, fake.api_url, "tests")
        notices = Notices(office.archive.database)
        notices.give_back(PrivateNotice(Channel("discord", GUILD, GENERAL), USER, "Open links", 1, "Missing Access"))

        await NoticeSender(notices, Channels(office.archive.database), Config.load(None)).tick(
            {"discord": DiscordTransport(rest)}
        )

        await rest.close()
        notified, shown = fake.ledger
        assert {notified.channel, shown.channel} == {f"9{USER}"}
        assert notified.body["content"].startswith("“Open links” is paused in #")
        actions = [button["custom_id"].partition(":")[0] for button in buttons(shown.message)]
        assert actions == ["form", "resume", "stop"]
