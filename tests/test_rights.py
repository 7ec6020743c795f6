"""What a channel was shown belongs to everybody there; guests, and who may not manage it, read and change nothing."""

from __future__ import annotations

import pytest

from briefs.store.relevance_feedback import Wishes
from tests.dispatcher import ELSEWHERE, NEWS


@pytest.fixture
def bob(office):
    return office.person(name="bob")


@pytest.fixture
def guest(office):
    return office.person(name="guest", may_manage=False)


async def test_anybody_presses_the_buttons_of_a_digest_that_somebody_asked_for(office, ann, bob, guest):
    await ann.say('digest "open links"')
    assert ann.last.public
    why, up = ann.button("why").value, ann.button("up").value
    assert "Why story 1" in await bob.press("why", why)
    assert "Why story 1" in await guest.press("why", why)
    assert "Noted for #news: 👍" in await bob.press("up", up)
    assert [one.user for one in Wishes(office.archive.database).of(NEWS)] == ["bob"]


async def test_what_is_typed_about_the_last_answer_may_be_about_a_public_one(ann, bob):
    await ann.say('digest "open links"')
    assert "Why story 1 of “Open links”" in await bob.say("why 1")
    assert "The story so far" in await bob.say("story 1")


async def test_a_look_up_is_the_askers_alone_until_it_is_shared(ann, bob):
    await ann.say("taobao")
    why, share = ann.button("why").value, ann.button("share").value
    assert "I no longer have that answer" in await bob.press("why", why)
    assert "Nothing has been shown here yet" in await bob.say("why 1")
    await ann.press("share", share)
    assert ann.last.public
    assert [why] == [ann.button("why").value]  # under what everybody sees
    assert "Why story 1" in await bob.press("why", why)


async def test_a_digest_that_only_the_asker_sees_is_nobody_elses(ann, bob):
    ann.reachable = False
    await ann.say('digest "open links"')
    assert not ann.last.public
    assert "I no longer have that answer" in await bob.press("why", ann.button("why").value)


async def test_what_one_channel_was_shown_is_not_another_ones(office, ann):
    await ann.say('digest "open links"')
    there = office.person(channel=ELSEWHERE)
    assert "I no longer have that answer" in await there.press("why", ann.button("why").value)


@pytest.mark.parametrize("action", ["up", "down", "less"])
async def test_who_may_not_manage_the_channel_votes_in_vain_and_is_told_so_kindly(office, ann, guest, action):
    await ann.say('digest "open links"')
    said = await guest.press(action, ann.button("up").value)
    assert "Thank you! Only those who manage #news change what it gets" in " ".join(said.split())
    assert not guest.last.public
    assert Wishes(office.archive.database).of(NEWS) == []


@pytest.mark.parametrize(
    "typed", ["topic add a tencent", 'topic rename "open links" b', 'subscribe "open links"', "zone Asia/Shanghai"]
)
async def test_who_may_not_manage_the_channel_changes_nothing(guest, typed):
    assert "Only those who manage" in " ".join((await guest.say(typed)).split())


async def test_nor_by_the_button_that_subscribes_to_a_look_up(office, guest):
    await guest.say("taobao")
    assert "Only those who manage" in " ".join(
        (await guest.press("subscribe", guest.button("subscribe").value)).split()
    )
    assert [topic.name for topic in office.channels.topics(NEWS)] == ["Open links"]
