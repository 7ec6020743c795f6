"""A team and the whole bot in Slack: the real dispatcher over a real archive, the official SDK, a Slack on loopback."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.commands import Dispatcher
from bot.platforms.slack.adapter import SlackAdapter
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article
from briefs.store.channels import Channels
from briefs.store.database import Database
from tests import sqlite
from tests.conftest import ROOT
from tests.fakes.slack import RESPONSE_URL, FakeSlack
from tests.fakes.slack_workspace import FakeUser

NOW = datetime(2021, 9, 14, 7, 0, tzinfo=UTC)
TOPIC = "Tencent–Alibaba interoperability"
ARTICLES = [
    Article(
        id="1",
        title="Alibaba et Tencent s’ouvrent l’un à l’autre",
        text="Le ministère demande l’interopérabilité des messageries. Tencent et Alibaba ont trois jours pour obéir.",
        url="https://news.example/fr/1",
        source="Le Journal",
        language="fr",
        published=datetime(2021, 9, 13, tzinfo=UTC),
    ),
    Article(
        id="2",
        title="WeChat Pay <!channel> reaches *Taobao*",
        text="Tencent said that WeChat Pay reaches Taobao. <!here> Alibaba called the opening up of Taobao good news.",
        url="https://news.example/en/2",
        source="The Paper",
        language="en",
        published=datetime(2021, 7, 20, tzinfo=UTC),  # too long before the other to be the same event
    ),
]


@pytest.fixture
async def fake():
    async with FakeSlack() as running:
        yield running


@pytest.fixture
async def bot(fake, tmp_path):
    config = Config.load(ROOT / "config")
    database = Database.open(sqlite.database(tmp_path / "briefs.db"))
    archive = Archive(database, config.aliases, clock=lambda: NOW)
    archive.add(ARTICLES)
    channels = Channels(database)
    channels.sync_topics([(topic.name, str(topic), topic.languages) for topic in config.topics], NOW)
    dispatcher = Dispatcher(archive, channels, config, clock=lambda: NOW)
    adapter = SlackAdapter(dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
    await adapter.start()
    yield adapter
    await adapter.stop()
    database.close()


async def test_a_look_up_is_private_until_it_is_shared(fake, bot):
    (answer,) = await fake.slash("/brief", "tencent taobao")
    assert answer.only_to == "U1"
    assert "WeChat Pay <!channel> reaches ∗Taobao∗" in answer.text  # in a headline, signs of markup have their likes
    (headline,) = [block["text"]["text"] for block in answer.message["blocks"] if block["type"] == "section"]
    assert headline == "*1  <https://news.example/en/2|WeChat Pay &lt;!channel&gt; reaches ∗Taobao∗>*"
    assert fake.visible_to("U2", "C1") == []
    shared, _ = await fake.press(answer, "Share to channel", answers=2)
    assert shared.only_to is None
    assert "Shared by ann" in shared.text
    assert "WeChat Pay <!channel> reaches ∗Taobao∗" in shared.text
    (entry,) = fake.ledger.of("chat.postMessage")
    assert "<!" not in entry.body["text"]


async def test_somebody_else_cannot_share_it(fake, bot):
    (answer,) = await fake.slash("/brief", "tencent taobao")
    (refusal,) = await fake.press(answer, "Share to channel", user="U2")
    assert refusal.only_to == "U2"
    assert fake.ledger.of("chat.postMessage") == []


async def test_why_is_answered_for_the_story_that_was_pressed(fake, bot):
    (answer,) = await fake.slash("/brief", "tencent alibaba")
    for number in (1, 2):
        (why,) = await fake.press(answer, "why", number)
        assert why.only_to == "U1"
        assert f"story {number}" in why.text
        (details,) = await fake.press(why, "Details")
        assert "the word “tencent”" in details.text


async def test_the_answer_is_in_the_language_of_the_asker(fake, bot):
    fake.users["U2"] = FakeUser("zoé", locale="fr-FR")
    (english,) = await fake.slash("/brief", "help", user="U1")
    (french,) = await fake.slash("/brief", "help", user="U2")
    assert "What I can do" in english.text
    assert "What I can do" not in french.text


async def test_a_channel_subscribes_and_is_told_the_whole_state(fake, bot):
    (state,) = await fake.slash("/brief", f"subscribe {TOPIC} at 9:15 weekdays Europe/Paris")
    assert TOPIC in state.text
    assert "09:15" in state.text
    (listed,) = await fake.slash("/brief", "list", user="U2")
    assert TOPIC in listed.text


async def test_where_the_bot_is_not_it_says_so_in_one_private_line(fake, bot):
    for text, channel in [(f"subscribe {TOPIC}", "C2"), (f"subscribe {TOPIC} in <#C2|elsewhere>", "C1")]:
        (line,) = await fake.slash("/brief", text, channel=channel)
        assert line.only_to == "U1"
        assert "#elsewhere" in line.text
        assert "\n" not in line.text


async def test_a_repeated_envelope_subscribes_once(fake, bot):
    await fake.slash("/brief", f"subscribe {TOPIC} at 9:15", times=3)
    (listed,) = await fake.slash("/brief", "list")
    assert listed.text.count(TOPIC) == 1


async def test_a_digest_on_demand_is_seen_by_the_channel(fake, bot):
    await fake.slash("/brief", f"subscribe {TOPIC}")
    posted = await fake.slash("/brief", f"digest {TOPIC} since:30d")
    assert posted[0].only_to is None
    assert TOPIC in posted[0].text
    assert {shown.thread for shown in posted[1:]} <= {posted[0].ts}


@pytest.mark.parametrize("hostile", ["x" * 5000, 'NEAR("a" -b) *', "\x00", "<!channel> <@U2>", "   "])
async def test_a_hostile_look_up_is_answered_privately(fake, bot, hostile):
    (line,) = await fake.slash("/brief", hostile)
    assert line.only_to == "U1"
    assert "<!" not in line.message["text"]


async def test_what_was_shared_says_so_in_its_place_and_is_shared_once(fake, bot):
    (answer,) = await fake.slash("/brief", "tencent")
    shown = await fake.press(answer, "Share to channel", answers=2)
    assert [one.only_to for one in shown] == [None, "U1"]
    assert "Shared ✓" in shown[1].text
    assert "Share to channel" not in shown[1].labels
    assert [body["replace_original"] for name, body in fake.calls if name == RESPONSE_URL] == [False, True]
    (again,) = await fake.press(answer, "Share to channel")
    assert again.only_to == "U1"


async def test_a_question_in_a_thread_is_answered_and_shared_there(fake, bot):
    (asked,) = await fake.mention("tencent")
    thread = fake.channels["C1"].messages[0]["ts"]
    (answer,) = await fake.mention("tencent", thread=thread)
    assert (answer.thread, answer.only_to) == (thread, "U1")
    shown = await fake.press(answer, "Share in this thread", answers=2)
    assert shown[0].thread == thread
    assert asked.thread is None
