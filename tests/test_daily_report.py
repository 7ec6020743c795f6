"""Once a day the operators' channel hears what waits for them, and on days without trouble nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import present
from bot.base.i18n import Messages
from bot.delivery.daily_report import DailyReport
from bot.delivery.transport import NotSent, Unknown
from bot.platforms.console.terminal import render
from briefs.config import Config, Settings
from briefs.errors import ConfigError
from briefs.ingest.blocked import refusal
from briefs.models import Channel, Source
from briefs.store.channels import Channels
from briefs.store.daily_reports import DailyReports, Trouble
from briefs.store.database import Database
from briefs.store.deliveries import Deliveries, Settlement
from briefs.store.sources import Learnt, Sources
from tests.clock import Clock
from tests.dispatcher import MONDAY
from tests.fakes.transport import RecordingTransport
from tests.test_deliveries import NINE, claim
from tests.test_operating import give_up_the_second

OPERATORS = Channel("slack", "T1", "C9")
SETTINGS = Settings(admin_channel="slack/T1/C9", zone="Europe/Paris")
MORNING = datetime(2026, 9, 15, 7, 0, tzinfo=UTC)  # 9:00 in Paris
DAY = timedelta(days=1)


@pytest.fixture
def database(database_url):
    with Database.open(database_url) as database:
        yield database


class Bot:
    """One process that would tell."""

    def __init__(self, database, clock, settings=SETTINGS, sources=tuple) -> None:
        self.transport = RecordingTransport("slack")
        self.clock = clock
        self._report = DailyReport(DailyReports(database), Channels(database), settings, clock, sources)

    async def at(self, moment: datetime) -> int:
        """Let it be so late; give how often the operators were told in all."""
        self.clock.now = moment
        await self._report.tick({"slack": self.transport})
        return len(self.transport.posted)


@pytest.fixture
def bot(database):
    return Bot(database, Clock(MONDAY))


def park(database):
    give_up_the_second(database, Settlement("PARKED", error="not found in its channel"))


def pause(database, error="is_archived"):
    give_up_the_second(database, Settlement("FAILED", error=error, pause=True))


async def test_a_day_without_trouble_is_a_day_without_a_word(bot):
    assert await bot.at(MORNING) == 0


async def test_what_is_parked_is_told_at_nine_once_a_day_until_it_is_dealt_with(bot, database):
    park(database)

    assert await bot.at(MORNING - timedelta(minutes=1)) == 0
    assert await bot.at(MORNING) == 1
    assert await bot.at(MORNING + timedelta(hours=5)) == 1
    assert await bot.at(MORNING + DAY) == 2
    Deliveries(database).drop(2)
    assert await bot.at(MORNING + 2 * DAY) == 2
    assert {envelope.channel for envelope in bot.transport.posted} == {OPERATORS}


async def test_of_several_bots_one_tells(database):
    park(database)
    clock = Clock(MONDAY)
    bots = [Bot(database, clock) for _ in range(3)]

    assert [await bot.at(MORNING) for bot in bots] == [1, 0, 0]


async def test_a_channel_that_was_paused_is_told_of_once_and_again_when_it_is_paused_again(bot, database):
    pause(database)
    assert await bot.at(MORNING) == 1
    assert await bot.at(MORNING + DAY) == 1
    deliveries = Deliveries(database)
    deliveries.retry(2, NINE)
    deliveries.settle(claim(deliveries), Settlement("FAILED", error="not_in_channel", pause=True))
    assert await bot.at(MORNING + 2 * DAY) == 2
    assert await bot.at(MORNING + 3 * DAY) == 2


async def test_what_a_person_paused_is_their_own_affair(bot, database):
    park(database)
    Deliveries(database).drop(2)
    channels = Channels(database)
    channels.pause(channels.all_subscriptions()[0])
    assert await bot.at(MORNING) == 0


async def test_what_was_certainly_not_posted_is_tried_again_and_what_perhaps_was_is_not(bot, database):
    park(database)
    bot.transport.script.append(NotSent("429", 30.0))
    assert await bot.at(MORNING) == 0
    assert await bot.at(MORNING + timedelta(minutes=10)) == 1
    bot.transport.script.append(Unknown("reset"))
    assert await bot.at(MORNING + DAY) == 1
    assert await bot.at(MORNING + DAY + timedelta(minutes=10)) == 1


async def test_without_a_channel_or_its_platform_nobody_is_told(database):
    park(database)
    nowhere = Bot(database, Clock(MONDAY), Settings())
    elsewhere = Bot(database, Clock(MONDAY), Settings(admin_channel="discord/1/2"))
    assert await nowhere.at(MORNING) == 0
    assert await elsewhere.at(MORNING) == 0
    assert await Bot(database, Clock(MONDAY)).at(MORNING) == 1


async def test_it_is_told_in_the_language_of_the_channel(bot, database):
    park(database)
    Channels(database).choose(OPERATORS, language="fr")
    await bot.at(MORNING)
    assert bot.transport.posted[0].payload["text"] == "Briefbot a besoin de vous"


def test_what_is_told_names_each_channel_and_why_and_what_to_do(database):
    pause(database)
    found = DailyReports(database).begin("2026-09-15", MORNING)
    text = render(present.trouble(found, Messages("en"), zone="UTC", now=NINE), width=100)

    for words in ("1 subscription was paused", "Tencent · console home/general", "the channel is archived"):
        assert words in text
    assert "whoever manages the channel can resume it at Home" in text
    assert "[Home]" in text


def test_of_many_the_first_ten_are_told_and_how_many_more(database):
    park(database)
    (one, *_) = DailyReports(database).begin("2026-09-15", MORNING).parked
    found = Trouble(tuple(replace(one, topic=f"{number}") for number in range(14)), ())
    text = render(present.trouble(found, Messages("en"), zone="UTC", now=NINE), width=100)

    assert text.count("not found in its channel") == 10
    assert "and 4 more" in text
    assert "briefbot deliveries" in text


def test_the_messages_of_one_digest_are_one_line(database):
    park(database)
    (one, *_) = DailyReports(database).begin("2026-09-15", MORNING).parked
    found = Trouble((one, replace(one, id=2, part=2), replace(one, id=3, topic="Alibaba")), ())

    text = render(present.trouble(found, Messages("en"), zone="UTC", now=NINE), width=100)

    assert "3 messages are held back" in text
    assert [line.split()[1] for line in text.splitlines() if "not found in its channel" in line] == [
        "Tencent",
        "Alibaba",
    ]


@pytest.mark.parametrize("wrong", ["C9", "slack/T1", "slack/T1/", "slack/T1/C9/x"])
def test_a_channel_that_is_none_is_one_line_that_says_how_one_is_written(tmp_path, wrong):
    (tmp_path / "settings.yaml").write_text(f"admin_channel: {wrong}\n")
    with pytest.raises(ConfigError, match="line 1: “admin_channel” must be PLATFORM/WORKSPACE/CHANNEL"):
        Config.load(tmp_path)


# ---------------------------------------------------------------- sources


async def test_a_source_in_trouble_is_told_of_once_and_again_when_its_trouble_is_another(database):
    health, source = Sources(database), Source("https://seals.example/feed", "feed", "Seal News")

    def trouble(status):
        health.failed(source, MORNING, refusal(status, source.address, None, challenge=False))

    clock = Clock(MONDAY)
    bot = Bot(database, clock, sources=health.health)
    trouble(410)
    assert await bot.at(MORNING) == 1
    assert await bot.at(MORNING + DAY) == 1
    trouble(401)
    assert await bot.at(MORNING + 2 * DAY) == 2
    health.learn([Learnt(source, MORNING + 3 * DAY)])
    assert await bot.at(MORNING + 3 * DAY) == 2


async def test_one_that_fails_for_an_hour_is_no_news(database):
    health, source = Sources(database), Source("https://seals.example/feed", "feed", "Seal News")
    health.learn([Learnt(source, MORNING - timedelta(hours=2))])
    health.failed(source, MORNING, refusal(500, source.address, None, challenge=False))
    bot = Bot(database, Clock(MONDAY), sources=health.health)
    assert await bot.at(MORNING) == 0
    assert await bot.at(MORNING + DAY) == 1
