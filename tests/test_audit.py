"""Whoever manages a workspace sees who changed what in it, in their language, for ninety days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.commands import Place
from briefs.errors import UsageError
from briefs.models import Channel, Source
from briefs.store.audit import Actor, Audit
from briefs.store.channels import Channels
from briefs.store.database import Database
from briefs.store.follows import Follows
from tests.dispatcher import ELSEWHERE, MONDAY, NEWS, OTHER_TEAM

ANN = Actor(NEWS, "U1", MONDAY, "Ann", "#news")
FEED = Source("https://ann:secret@example.org/feed", "feed")


@pytest.fixture
def owner(office):
    return office.person(name="owner", may_manage=False, manages_workspace=True)


def changed(office, here=NEWS):
    return [change.what for change in reversed(Audit(office.archive.database).of(here, 100))]


async def test_each_change_is_noted_with_who_where_and_when(office, ann, owner):
    there = Place(ELSEWHERE, "#random", True, True)
    ann.places = {"#random": there}
    for typed in (
        "topic add ferries ferry + boat",
        "topic edit ferries ferry",
        "topic rename ferries boats",
        "alias add ferry = bac",
        "subscribe boats at 8:00 weekdays",
        "subscribe boats at 8:30",
        "pause boats",
        "resume boats",
        "snooze boats 2 weeks",
        "move boats to #random",
        "subscribe boats at 7:00 in #random",
        "unsubscribe boats in #random",
        "form compact",
        "language en",
    ):
        await ann.say(typed)
        office.clock.now += timedelta(minutes=1)
    await ann.say("topic remove boats")
    await ann.say("alias remove ferry")
    assert changed(office) == [
        "topic.add",
        "topic.edit",
        "topic.rename",
        "alias.add",
        "subscription.add",
        "channel.settings",  # its language: nobody has chosen one
        "subscription.change",
        "subscription.pause",
        "subscription.resume",
        "subscription.snooze",
        "subscription.move",
        "channel.settings",
        "subscription.change",
        "subscription.end",
        "channel.settings",
        "channel.settings",
        "topic.remove",
        "alias.remove",
    ]
    seen = await owner.say("audit")
    assert "Names parted: ferry = bac" in seen
    assert "Ann, #news · Monday 16 November, 08:14" in seen
    assert "Subscription to “boats” ended" in seen
    assert "Ann, #random · Monday 16 November, 08:11" in seen
    assert "“boats” moved to #random" in seen
    assert "Language: English" in seen
    assert "topic.add" not in seen
    assert "“boats” subscribed" not in seen  # on the next page
    older = await owner.press("page", owner.button("page").value)
    assert "“boats” subscribed: 08:00 (Paris), Monday to Friday" in older
    assert "Topic “ferries” changed: “ferry” (it was: “ferry” and “boat”)" in older
    assert "Ann, #news · Monday 16 November, 08:00" in older
    assert "Names parted" in await owner.press("page", owner.button("page").value)


async def test_what_was_refused_and_what_changes_nothing_leaves_no_note(office, ann):
    await office.person(name="guest", may_manage=False).say("topic add ferries ferry")
    await ann.say("topic add Links tencent")
    await ann.say("topic add Links tencent")
    await ann.say("tencent")
    await ann.say("list")
    assert changed(office) == ["topic.add"]


async def test_nobody_else_and_no_other_workspace_sees_them(office, ann):
    await ann.say("topic add ferries ferry")
    assert "is for my operators to see" in await ann.say("audit")
    rival = office.person(channel=OTHER_TEAM, manages_workspace=True)
    assert "Nothing has been changed here in the last 90 days" in await rival.say("audit")
    (change,) = Audit(office.archive.database).of(NEWS, 10)
    assert "ferries" not in await rival.press("page", f"audit:{change.id + 1}")


@pytest.mark.parametrize(
    ("locale", "said"), [("fr", "Thème « ferries » ajouté : « ferry »"), ("zh", "已添加主题“ferries”：“ferry”")]
)
async def test_they_are_told_in_the_readers_language(office, ann, locale, said):
    await ann.say("topic add ferries ferry")
    owner = office.person(name="owner", manages_workspace=True, locale=locale)
    assert said in (await owner.say("audit")).replace("\u202f", " ")


def test_a_change_of_sources_and_its_note_are_one_commit(database_url):
    with Database.open(database_url) as database:
        follows, audit = Follows(database, ANN), Audit(database)
        assert follows.follow(NEWS, FEED, "U1", MONDAY, most=1)
        assert not follows.follow(NEWS, FEED, "U1", MONDAY)
        with pytest.raises(UsageError):
            follows.follow(NEWS, Source("https://example.com/feed", "feed"), "U1", MONDAY, most=1)
        assert follows.change(NEWS, FEED.address, name="The Example")
        assert follows.change(NEWS, FEED.address, muted=True)
        assert follows.unfollow(NEWS, FEED.address)
        assert not follows.unfollow(NEWS, FEED.address)
        noted = audit.of(NEWS, 10)
        assert [change.what for change in noted] == [
            "source.unfollow",
            "source.mute",
            "source.rename",
            "source.follow",
        ]
        assert not [change for change in noted if "secret" in str(change.detail)]
        assert audit.of(Channel("chat", "rivals", "C1"), 10) == []


def test_what_the_program_does_by_itself_is_nobodys_change_and_old_ones_go(database_url):
    with Database.open(database_url) as database:
        channels, audit = Channels(database), Audit(database)
        channels.choose(NEWS, zone="Europe/Paris")
        assert audit.of(NEWS, 10) == []
        channels.by(ANN).choose(NEWS, zone="Asia/Shanghai")
        audit.forget(MONDAY)
        assert len(audit.of(NEWS, 10)) == 1
        audit.forget(MONDAY + timedelta(seconds=1))
        assert audit.of(NEWS, 10) == []
