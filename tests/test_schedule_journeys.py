"""A subscription's life as people live it in Slack and in Discord: told twice a day, every two weeks, put off, moved,
refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from briefs.models import Channel
from tests.dispatcher import MONDAY
from tests.fakes.discord import MANAGER
from tests.test_tenants import ARTICLE, TOPIC, WORD, WORLDS, SlackWorld, World

POSTS = ("chat.postMessage", "POST /channels/{channel}/messages")
GROWN = ("in Beaune", "near Autun", "at Cluny", "by Nevers")


@pytest.fixture(params=WORLDS)
async def world(request, tmp_path):
    async with WORLDS[request.param](tmp_path) as world:
        world.app.archive.add([ARTICLE])
        await world.say(world.here, "topic add", topic=TOPIC, words=WORD)
        yield world


async def come(world: World, moment: datetime, place: str = "") -> int:
    """Let it be that moment, with a further article, and give how many messages have come in the channel by then."""
    world.app.clock.now = moment
    number = posts(world, world.here.channel)
    title = f"Nenuphar {GROWN[number % len(GROWN)]}, {moment:%d %B %H}"
    text = (
        f"The nenuphar {GROWN[number % len(GROWN)]} opened on day {moment.day} at {moment.hour}, its growers told us."
    )
    world.app.archive.add([replace(ARTICLE, id=title, title=title, text=text, url=None, published=moment)])
    for _ in range(3):  # a channel takes one message a second
        await world.app.delivery_worker.tick()
        await world.app.delivery_worker.drain()
        world.app.clock.now += timedelta(seconds=10)
    return posts(world, place or world.here.channel)


def posts(world: World, place: str) -> int:
    """Count the digests, not the answers, that came in a channel."""
    return sum(entry.channel == place and entry.method in POSTS for entry in world.fake.ledger)


def elsewhere(world: World) -> str:
    """Give another channel, which the asker manages too."""
    return next(who.channel for column, who in world.people.values() if column == "beside")


async def move(world: World, place: str) -> str:
    if isinstance(world, SlackWorld):
        return await world.say(world.here, "move", topic=TOPIC, channel=f"to <#{place}|other>")
    options, rights = {"topic": TOPIC, "channel": place}, {"permissions_in": {place: MANAGER}}
    return (await world.fake.slash("brief move", options, **world._place(world.here), **rights)).text


async def test_a_subscription_is_told_twice_a_day_in_every_second_week_put_off_and_moved(world):
    said = await world.say(world.here, "subscribe", topic=TOPIC, time="9:00 and 17:00", days="un lundi sur deux")
    assert "09:00 and 17:00" in said
    assert "Monday, every 2 weeks, from 16 November 2026" in said

    nine, five = MONDAY.replace(hour=9), MONDAY.replace(hour=17)
    first = await come(world, nine)
    second = await come(world, five)
    assert 0 < first < second
    assert await come(world, nine + timedelta(days=7)) == second
    third = await come(world, nine + timedelta(days=14))
    assert third > second

    assert "Snoozed: Lotus" in await world.say(world.here, "snooze", topic=TOPIC, length="1 week")
    assert await come(world, five + timedelta(days=14)) == third
    assert await come(world, nine + timedelta(days=28)) > third

    place = elsewhere(world)
    assert "“Lotus” comes to" in await move(world, place)
    before = await come(world, nine + timedelta(days=28, hours=1))
    assert await come(world, five + timedelta(days=28), place) > 0
    assert await come(world, five + timedelta(days=28)) == before


async def test_who_subscribed_hears_in_private_of_a_channel_that_refuses(world):
    await world.say(world.here, "subscribe", topic=TOPIC, time="9:00")
    channel = world.fake.channels[world.here.channel]
    if isinstance(world, SlackWorld):
        channel.archived, private = True, f"D{world.here.user}"
    else:
        channel.bot_can, private = 0, f"9{world.here.user}"
    await come(world, MONDAY.replace(hour=9))
    (paused,) = world.app.channels.subscriptions(Channel(*platform_of(world), world.here.channel))
    assert paused.paused

    transport = world.app.delivery_worker._transports[paused.channel.platform]
    for _ in range(2):
        await world.app.teller.tick({transport.platform: transport})

    (told,) = [entry for entry in world.fake.ledger if entry.channel == private]
    assert "“Lotus” is paused in" in str(told.body)


def platform_of(world: World) -> tuple[str, str]:
    return ("slack" if isinstance(world, SlackWorld) else "discord"), world.here.team
