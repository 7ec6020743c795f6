"""What a channel was shown belongs to everybody there; guests, and who may not manage it, read and change nothing.

Topics and names belong to a whole workspace: who added them may change them, and who manages the workspace.
"""

from __future__ import annotations

import pytest

from briefs.store.aliases import WorkspaceAliases
from briefs.store.relevance_feedback import Wishes
from tests.dispatcher import ELSEWHERE, NEWS, open_office


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
    assert "Noted for #news: more" in await bob.press("up", up)
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


async def test_who_may_not_manage_the_channel_has_no_look_up_subscribed_by_a_button(office, guest):
    await guest.say("taobao")
    assert "Only those who manage" in " ".join(
        (await guest.press("subscribe", guest.button("subscribe").value)).split()
    )
    assert [topic.name for topic in office.channels.topics(NEWS)] == ["Open links"]


# ---------------------------------------------------------------- what all channels of a workspace share


CHANGES = ["topic edit ferries boats", "topic rename ferries boats", "topic remove ferries", "alias remove bac"]


async def furnished(person):
    await person.say("topic add ferries ferry")
    await person.say("alias add ferry = bac")


def kept(office):
    return office.channels.topics(NEWS), WorkspaceAliases(office.archive.database).of(NEWS)


async def tried(person, typed):
    return " ".join((await person.say(typed)).split())


@pytest.mark.parametrize("typed", [*CHANGES, "alias add bac = 渡轮"])
async def test_topics_and_names_are_changed_by_who_added_them_wherever_they_are(office, ann, typed):
    await furnished(ann)
    before = kept(office)
    await office.person(channel=ELSEWHERE).say(typed)
    assert kept(office) != before


@pytest.mark.parametrize("typed", [*CHANGES, "alias add bac = 渡轮"])
async def test_others_are_told_who_may_and_nothing_changes(office, ann, bob, typed):
    await furnished(ann)
    before = kept(office)
    said = await tried(bob, typed)
    assert "is shared by all channels: whoever added it and my operators may change it. Ask one of them." in said
    assert kept(office) == before


@pytest.mark.parametrize("typed", CHANGES)
async def test_so_do_those_who_manage_the_workspace_whether_or_not_they_manage_this_channel(office, ann, typed):
    await furnished(ann)
    before = kept(office)
    await office.person(name="owner", may_manage=False, manages_workspace=True).say(typed)
    assert kept(office) != before


@pytest.mark.parametrize("typed", CHANGES)
async def test_a_guest_changes_nothing_not_even_what_they_added_as_a_member(office, ann, typed):
    await furnished(ann)
    before = kept(office)
    assert "shared by all channels" in await tried(office.person(may_manage=False), typed)
    assert kept(office) == before


@pytest.mark.parametrize("typed", CHANGES)
async def test_a_setting_opens_them_to_all_but_guests(tmp_path, typed):
    office = open_office(tmp_path, "open_topics: true\n")
    await furnished(office.person())
    before = kept(office)
    await office.person(name="guest", may_manage=False).say(typed)
    assert kept(office) == before
    await office.person(name="bob").say(typed)
    assert kept(office) != before


async def test_names_that_are_joined_to_somebodys_stay_theirs(office, ann, bob):
    await furnished(ann)
    await office.person(name="owner", manages_workspace=True).say("alias add bac = 渡轮")
    assert WorkspaceAliases(office.archive.database).of(NEWS) == [("ferry", "bac", "渡轮")]
    assert "shared by all channels" in await tried(bob, "alias remove 渡轮")
    await ann.say("alias remove 渡轮")
    assert WorkspaceAliases(office.archive.database).of(NEWS) == []


@pytest.mark.parametrize(
    ("locale", "said"),
    [("fr", "« ferries » est commun à tous les canaux"), ("zh", "“ferries”由所有频道共用")],
)
async def test_the_refusal_is_in_the_askers_language(office, ann, locale, said):
    await furnished(ann)
    assert said in await tried(office.person(name="bob", locale=locale), "topic remove ferries")
