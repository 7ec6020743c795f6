"""Topics, subscriptions and answers, each under its own workspace and channel."""

from datetime import UTC, datetime, timedelta

import pytest

from briefs.errors import UsageError
from briefs.models import Channel
from briefs.store.answers import Answers
from briefs.store.channels import Channels, ChannelSettings
from briefs.store.database import Database
from briefs.store.idempotency import Handled

NOW = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
HERE, NEXT_DOOR, RIVALS = Channel("chat", "team", "C1"), Channel("chat", "team", "C2"), Channel("chat", "rivals", "C1")


@pytest.fixture
def channels(database_url):
    with Database.open(database_url) as database:
        yield Channels(database)


def subscribe(channels, channel, topic, at="09:00"):
    due = {"next_due": NOW + timedelta(hours=1), "next_local": "2026-11-16T09:00"}
    return channels.subscribe(channel, topic, schedule=f"{at} daily", zone="UTC", position=0, by="ann", now=NOW, **due)


def names(topics):
    return [topic.name for topic in topics]


def test_configured_topics_are_everyones_and_follow_the_configuration(channels):
    channels.sync_topics([("Links", "tencent", ()), ("Tabac", "tabac", ("fr",))], NOW)
    assert names(channels.topics(HERE)) == names(channels.topics(RIVALS)) == ["Links", "Tabac"]
    assert channels.topic(HERE, "TABAC").languages == ("fr",)
    channels.sync_topics([("links", "tencent + alibaba", ())], NOW)
    (topic,) = channels.topics(HERE)
    assert (topic.name, topic.expression, topic.configured) == ("links", "tencent + alibaba", True)


def test_a_topic_that_leaves_the_configuration_stays_while_somebody_subscribes_to_it(channels):
    channels.sync_topics([("Links", "tencent", ()), ("Tabac", "tabac", ())], NOW)
    subscribe(channels, HERE, channels.topic(HERE, "Links"))
    channels.sync_topics([], NOW)
    assert names(channels.topics(HERE)) == ["Links"]
    assert len(channels.subscriptions(HERE)) == 1


def test_a_workspaces_own_topic_comes_before_the_configured_one_of_its_name(channels):
    channels.sync_topics([("Links", "tencent", ())], NOW)
    channels.add_topic(HERE, "links", "alibaba", (), "ann", NOW)
    assert channels.topic(NEXT_DOOR, "LINKS").expression == "alibaba"
    assert channels.topic(RIVALS, "links").expression == "tencent"


@pytest.mark.parametrize("spelling", ["thème  un", "THEME UN", "Thème Un", "ｔｈｅｍｅ ｕｎ"])
def test_names_of_topics_are_found_whatever_their_capitals_accents_and_width(channels, spelling):
    channels.add_topic(HERE, "Thème un", "a", (), "ann", NOW)
    assert channels.topic(HERE, spelling).name == "Thème un"
    with pytest.raises(UsageError, match="There is a topic"):
        channels.add_topic(HERE, spelling, "b", (), "ann", NOW)


def test_another_workspaces_topic_cannot_be_changed_or_removed(channels):
    topic = channels.add_topic(HERE, "links", "a", (), "ann", NOW)
    channels.edit_topic(RIVALS, topic, "b")
    channels.remove_topic(RIVALS, topic, "ann")
    assert channels.topic(HERE, "links").expression == "a"


def test_removing_a_topic_ends_its_subscriptions(channels):
    topic = channels.add_topic(HERE, "links", "a", (), "ann", NOW)
    subscribe(channels, HERE, topic)
    subscribe(channels, NEXT_DOOR, topic)
    assert channels.subscribers(HERE, topic) == 2
    channels.remove_topic(HERE, topic, "ann")
    assert channels.all_subscriptions() == []


def test_subscribing_again_changes_the_time_and_keeps_what_was_served(channels):
    topic = channels.add_topic(HERE, "links", "a", (), "ann", NOW)
    first = subscribe(channels, HERE, topic)
    channels.pause(first, "not in the channel")
    (paused,) = channels.subscriptions(HERE)
    assert (paused.paused, paused.paused_because, paused.next_due) == (True, "not in the channel", None)
    again = subscribe(channels, HERE, topic, at="18:00")
    assert (again.id, again.schedule, again.paused, again.created_at) == (first.id, "18:00 daily", False, NOW)


def test_pause_resume_unsubscribe(channels):
    one = subscribe(channels, HERE, channels.add_topic(HERE, "links", "a", (), "ann", NOW))
    channels.pause(one)
    channels.resume(one, NOW + timedelta(days=1), "2026-11-17T09:00")
    (resumed,) = channels.subscriptions(HERE)
    assert (resumed.paused, resumed.next_local) == (False, "2026-11-17T09:00")
    channels.unsubscribe(resumed)
    assert channels.subscriptions(HERE) == []


def test_a_channel_keeps_its_language_and_zone(channels):
    assert channels.settings(HERE) == ChannelSettings()
    channels.choose(HERE, language="fr")
    channels.choose(HERE, zone="Europe/Paris")
    assert channels.settings(HERE) == ChannelSettings("fr", zone="Europe/Paris")
    assert channels.settings(RIVALS) == ChannelSettings()


@pytest.fixture
def answers(database_url):
    with Database.open(database_url) as database:
        yield Answers(database)


def test_an_answer_is_only_its_askers(answers):
    key = answers.remember(HERE, "ann", "tencent", {"stories": []}, NOW)
    answers.remember(HERE, "ann", "alibaba", {"stories": [1]}, NOW + timedelta(seconds=1))
    assert answers.answer(HERE, "ann", key).content == {"stories": []}
    assert answers.answer(HERE, "ann").content == {"stories": [1]}
    for channel, user in ((HERE, "bob"), (NEXT_DOOR, "ann"), (RIVALS, "ann")):
        assert answers.answer(channel, user, key) is None
        assert answers.answer(channel, user) is None


def test_ids_of_answers_cannot_be_guessed(answers):
    keys = {answers.remember(HERE, "ann", "q", {}, NOW) for _ in range(20)}
    assert len(keys) == 20
    assert min(map(len, keys)) >= 22  # 128 bits


def test_an_answer_is_kept_until_it_is_forgotten(answers):
    key = answers.remember(HERE, "ann", "q", {}, NOW)
    answers.forget(NOW)
    assert answers.answer(HERE, "ann", key) is not None
    answers.forget(NOW + timedelta(days=1))
    assert answers.answer(HERE, "ann", key) is None


def test_a_command_happens_the_first_time_until_it_is_forgotten(database_url):
    with Database.open(database_url) as database:
        handled = Handled(database)
        assert handled.first_time("chat:1", NOW)
        assert not handled.first_time("chat:1", NOW)
        handled.forget(NOW + timedelta(days=1))
        assert handled.first_time("chat:1", NOW)


def test_a_channel_that_was_told_nothing_has_no_digest(answers):
    assert answers.digest(HERE) is None
    assert answers.digest(HERE, "1") is None
    assert answers.digest(HERE, "x' OR 1=1") is None
