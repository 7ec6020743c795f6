"""What a channel has been told is the channel's: no command and no edit of the configuration makes it hear it again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from briefs.models import Article
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.memory import Memory
from tests.dispatcher import MONDAY, NEWS
from tests.posts import Posts


@pytest.fixture
def posts(office):
    return Posts(office.archive, NEWS, office.clock)


def titles(editions):
    return [story["title"] for edition in editions for story in edition.content["stories"]]


def next_morning(office):
    office.clock.now = office.clock.now.replace(hour=8, minute=0) + timedelta(days=1)  # 9:00 in Paris


NEW = Article("new", "Alibaba pays Tencent", "Alibaba pays Tencent 3 million yuan for a year of links.", "en")


async def subscribed(office, ann, posts, name='"open links"'):
    """The channel gets a topic, and has had its first digest."""
    await ann.say(f"subscribe {name}")
    next_morning(office)
    assert posts.deliver()


async def test_who_subscribes_again_is_not_told_again(office, ann, posts):
    await subscribed(office, ann, posts)
    await ann.say('unsubscribe "open links"')
    await ann.say('subscribe "open links"')
    office.archive.add([NEW])
    next_morning(office)
    assert titles(posts.deliver()) == ["Alibaba pays Tencent"]


async def test_a_topic_made_again_under_another_name_tells_nothing_again(office, ann, posts):
    await ann.say("topic add deals Tencent + Alibaba")
    await subscribed(office, ann, posts, "deals")
    await ann.say("topic remove deals")
    await ann.say("topic add pacts Tencent + Alibaba")
    said = await ann.say("subscribe pacts")
    assert "WeChat Pay" not in said
    next_morning(office)
    assert posts.deliver() == []


async def test_what_waits_to_be_posted_when_a_subscription_ends_was_not_told(office, ann, posts):
    await ann.say('subscribe "open links"')
    next_morning(office)
    (edition,) = posts.deliver()
    with office.archive.database.write() as connection:  # as if the platform had been away
        connection.execute(schema.delivery.update().values(state="RETRY", reference=None))
    await ann.say('unsubscribe "open links"')
    assert Memory(office.archive.database).told(NEWS, MONDAY).articles == frozenset()
    await ann.say('subscribe "open links"')
    next_morning(office)
    assert titles(posts.deliver()) == [story["title"] for story in edition.content["stories"]]


async def test_a_digest_asked_for_in_public_is_not_posted_again(office, ann, posts):
    await ann.say('subscribe "open links"')
    assert "WeChat Pay reaches Taobao" in await ann.say('digest "open links"')
    assert "Nothing new on “Open links”" in await ann.say('digest "open links"')
    office.archive.add([NEW])
    next_morning(office)
    assert titles(posts.deliver()) == ["Alibaba pays Tencent"]


async def test_also_where_the_channel_subscribes_only_later(office, ann, posts):
    assert "WeChat Pay reaches Taobao" in await ann.say('digest "open links"')
    assert "WeChat Pay" not in await ann.say('subscribe "open links"')
    next_morning(office)
    assert posts.deliver() == []


async def test_a_digest_that_only_the_asker_sees_tells_the_channel_nothing(office, ann, posts):
    await ann.say('subscribe "open links"')
    ann.reachable = False
    await ann.say('digest "open links"')
    next_morning(office)
    assert "WeChat Pay reaches Taobao" in titles(posts.deliver())


async def test_a_look_up_that_is_shared_has_been_told(office, ann, posts):
    await ann.say('subscribe "open links"')
    await ann.say("taobao")
    shown = [part.title for part in ann.last.parts if hasattr(part, "title")]
    share = ann.button("share")
    await ann.press("share", share.value)
    next_morning(office)
    told = titles(posts.deliver())
    assert shown
    assert told
    assert not set(told) & set(shown)


async def test_a_topic_is_renamed_and_its_subscriptions_go_on(office, ann, posts):
    await ann.say("topic add deals Tencent + Alibaba")
    await subscribed(office, ann, posts, "deals")
    assert "“deals” is now called “Big deals”" in await ann.say('topic rename deals "Big deals"')
    assert "Big deals" in await ann.say("list")
    office.archive.add([NEW])
    next_morning(office)
    (edition,) = posts.deliver()
    assert edition.content["topic"] == "Big deals"
    assert titles([edition]) == ["Alibaba pays Tencent"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("topic rename deals pacts", "There is a topic “pacts” already"),
        ('topic rename deals "+"', "needs a letter or a digit"),
        ('topic rename "open links" others', "set in the configuration for everyone"),
        ("topic rename nothing others", "There is no topic “nothing”"),
    ],
)
async def test_a_name_that_cannot_be_is_refused(ann, typed, answer):
    await ann.say("topic add deals Tencent + Alibaba")
    await ann.say("topic add pacts Tencent + links")
    assert answer in await ann.say(typed)
    assert "deals" in await ann.say("topics")


async def test_who_may_not_manage_renames_nothing(office, ann):
    await ann.say("topic add deals Tencent + Alibaba")
    bob = office.person(name="bob", may_manage=False)
    assert "whoever added it and my operators may change it" in await bob.say("topic rename deals pacts")


async def test_a_topic_renamed_in_the_configuration_keeps_its_subscriptions(office, ann, posts):
    await subscribed(office, ann, posts)
    channels, now = Channels(office.archive.database), office.clock.now
    (stored,) = [topic for topic in channels.topics(NEWS) if topic.configured]
    channels.sync_topics([("Links, open", stored.expression, stored.languages)], now)
    assert [one.topic.name for one in channels.subscriptions(NEWS)] == ["Links, open"]
    assert channels.lost(["Links, open"]) == []
    next_morning(office)
    assert posts.deliver() == []


async def test_a_subscription_whose_topic_is_gone_from_the_configuration_goes_on_and_is_told_of(office, ann):
    await ann.say('subscribe "open links"')
    office.channels.sync_topics([("Tobacco", "tabac", ())], office.clock.now)
    assert [one.topic.name for one in office.channels.subscriptions(NEWS)] == ["Open links"]
    assert office.channels.lost(["Tobacco"]) == [("Open links", 1)]


async def test_what_is_told_again_is_remembered_with_what_was_told_first(office, ann, posts):
    await subscribed(office, ann, posts)
    before = Memory(office.archive.database).told(NEWS, MONDAY)
    office.clock.now += timedelta(hours=1)
    await ann.say('digest "open links" since:30d')
    after = Memory(office.archive.database).told(NEWS, MONDAY)
    assert set(before.sentences) <= set(after.sentences)
    assert max(post.at for post in after.posts.values()) == office.clock.now
    with office.archive.database.read() as connection:
        assert len(connection.execute(select(schema.told)).all()) > len(before.articles)
