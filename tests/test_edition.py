"""Channels that would get the same digest share it; each is told in its own language, memory and posts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.delivery import planning
from bot.delivery.editions import Editor
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article, Channel
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.memory import Memory
from briefs.store.outbox import Part, Written
from briefs.store.runs import Runs
from tests import sqlite
from tests.clock import Clock

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
ROOMS = [Channel("console", "home", f"room {number}") for number in range(5)]
FIRST = Article("1", "Ferry sinks", "The ferry Estrella sank off Porto on Monday. Twelve people were saved.", "en")
SECOND = Article("2", "Ferry raised", "The ferry Estrella was raised on Tuesday. Its captain has been arrested.", "en")


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def archive(tmp_path, clock):
    with Archive.open(sqlite.database(tmp_path / "briefs.db"), clock=clock) as archive:
        yield archive


@pytest.fixture
def editor(archive):
    return Editor(archive, Config.load(None), lambda channel, name: f"{channel.id}#{name}")


def subscribe(archive, rooms=ROOMS):
    channels = Channels(archive.database)
    topic = channels.add_topic(rooms[0], "Ferries", "ferry", (), "ann", NOON)
    when = {"schedule": "12:00 daily", "zone": "UTC", "next_due": NOON, "next_local": "2026-09-14T12:00"}
    for room in rooms:
        channels.subscribe(room, topic, **when, position=archive.position(), by="ann", now=NOON)


def due(archive, now=NOON):
    runs = Runs(archive.database)
    runs.plan(now, lambda waiting: planning.plan(waiting, now, "newest"))
    return runs.claim(["console"], now, now)


def bring(archive, editor, now=NOON):
    """Compose what is due, and let it stand in its channel; give the editions by channel."""
    brought = {}
    for run in due(archive, now):
        one = brought[run.channel.id] = editor.edition(run)
        parts = [Part({"text": "…"})] if one.reply else []
        written = Written(run, parts, one.through, one.until, one.told, one.content)
        Runs(archive.database).freeze_all([written], now)
    with archive.database.write() as connection:
        connection.execute(update(schema.delivery).values(reference=schema.delivery.c.channel))
    return brought


def test_a_topic_of_many_channels_is_composed_once(archive, editor):
    subscribe(archive)
    archive.add([FIRST])

    brought = bring(archive, editor)

    assert editor.composed == 1
    assert {edition.told["1"] for edition in brought.values()} == {brought["room 0"].told["1"]}


def test_the_next_day_it_is_composed_once_and_continues_each_channels_own_post(archive, editor, clock):
    subscribe(archive)
    archive.add([FIRST])
    bring(archive, editor)
    clock.now += timedelta(days=1)
    archive.add([SECOND])

    brought = bring(archive, editor, clock.now)

    assert editor.composed == 2
    for room, edition in brought.items():
        assert f"{room}#{room}" in str(edition.content)


def test_each_language_has_its_own(archive, editor):
    subscribe(archive)
    Channels(archive.database).choose(ROOMS[0], language="fr")
    archive.add([FIRST])

    bring(archive, editor)

    assert editor.composed == 2


def test_a_channel_that_was_told_something_else_gets_its_own(archive, editor):
    subscribe(archive)
    archive.add([FIRST])
    runs = due(archive)
    with archive.database.write() as connection:  # as another of its topics would have told it
        connection.execute(
            schema.told.insert().values(channel_id=1, article_row=1, run_id=runs[0].id, sentences=[], told_at=0)
        )
        connection.execute(update(schema.told).values(told_at=int(NOON.timestamp() * 1000)))

    editions = [editor.edition(run) for run in runs]

    assert [edition.reply is None for edition in editions] == [True, False, False, False, False]
    assert editor.composed == 2


def test_what_digests_of_one_round_share_changes_none_of_them(archive, editor, clock):
    subscribe(archive)
    archive.add([FIRST])
    bring(archive, editor)
    clock.now += timedelta(days=1)
    archive.add([SECOND])
    runs = due(archive, clock.now)
    for number, run in enumerate(runs):
        if number % 2:
            Memory(archive.database).tell(run.channel, {"1": [f"Room {number} was told this."]}, NOON)

    def alone(run):
        editor.rest()
        return editor.edition(run)

    together = [editor.edition(run) for run in runs]

    assert together == [alone(run) for run in runs]
    assert len({str(edition.content["stories"]) for edition in together}) > 1


def test_what_comes_in_between_is_not_left_out(archive, editor):
    subscribe(archive)
    archive.add([FIRST])
    first, second, *_ = due(archive)

    before = editor.edition(first)
    archive.add([SECOND])
    after = editor.edition(second)

    assert (set(before.told), set(after.told)) == ({"1"}, {"1", "2"})
