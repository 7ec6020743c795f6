"""A starter pack is looked at and taken by a press each, for the whole workspace, and given back by another."""

from __future__ import annotations

import pytest

from briefs.models import Source
from briefs.store.audit import Audit
from briefs.store.follows import Follows
from tests.dispatcher import NEWS, OTHER_TEAM


@pytest.fixture
def follows(office):
    return Follows(office.archive.database)


def pressed(person, label):
    """Give the button of this label."""
    rows = [part.buttons for part in person.last.parts if hasattr(part, "buttons")]
    return next(button for row in rows for button in row if button.label == label)


async def press(person, label, **more):
    button = pressed(person, label)
    return await person.press(button.action, button.value, **more)


async def test_packs_are_listed_shown_taken_and_given_back(office, ann, follows):
    listed = await ann.say("packs")
    assert "Climate and energy, in English and French" in listed
    assert "14 sources, 4 topics · checked 29 Nov 2026" in listed
    shown = await ann.press("pack", "climate")
    assert ann.last.in_place
    assert "Carbon Brief" in shown
    assert "Climate talks · “COP”, “IPCC”, “GIEC”, “Paris Agreement” or “accord de Paris”" in shown
    assert "here already" not in shown
    told = await press(ann, "Add it", trigger="1")
    assert ann.last.public
    assert "@Ann: this workspace has 14 more sources and 4 more topics: Climate and energy" in " ".join(told.split())
    undo = pressed(ann, "Undo")
    assert len(follows.of(NEWS)) == 14
    assert follows.of(OTHER_TEAM) == ()
    assert {"Climate talks", "Floods and heat"} <= {topic.name for topic in office.channels.topics(NEWS)}
    assert [change.what for change in Audit(office.archive.database).of(NEWS, 10)][-1] == "source.import"
    assert "All of it is here already" in await ann.press("pack", "climate")
    assert "All of it is here already" in await ann.press("take", "climate")
    assert len(follows.of(NEWS)) == 14

    await ann.say("subscribe Climate talks at 9:00")
    gone = " ".join((await ann.press("giveback", undo.value)).split())
    assert ann.last.public
    assert "taken back: Climate and energy, in English and French; 14 sources are no longer followed" in gone
    assert "These topics stay, as they were changed or subscribed to: Climate talks" in gone
    assert follows.of(NEWS) == ()
    assert "undone already" in await ann.press("giveback", undo.value)


async def test_what_is_here_is_not_doubled(office, ann, follows):
    feed = Source("https://www.carbonbrief.org/feed/", "feed", name="Our Carbon Brief")
    follows.follow(NEWS, feed, "ann", office.clock.now)
    await ann.say('topic add "climate  TALKS" COP')
    shown = await ann.press("pack", "climate")
    assert "Carbon Brief (here already)" in shown
    assert shown.count("(here already)") == 2
    told = " ".join((await press(ann, "Add it")).split())
    assert "13 more sources and 3 more topics" in told
    assert [one.name for one in follows.of(NEWS)].count("Our Carbon Brief") == 1


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "packs climate"), ("en", "packs CLIMATE"), ("fr", "bouquets climat"), ("zh", "合集 气候")],
)
async def test_a_pack_is_shown_by_a_word_of_what_it_is(office, language, said):
    ann = office.person(locale=language)
    assert "Carbon Brief" in await ann.say(said)
    assert ann.button("take").value == "climate"
    assert not ann.last.in_place


@pytest.mark.parametrize(
    ("language", "name"), [("en", "Climate talks"), ("fr", "Négociations climatiques"), ("zh", "气候谈判")]
)
async def test_the_topics_of_a_pack_are_called_as_the_channels_language_has_them(office, language, name):
    zoe = office.person(locale="zh")
    office.channels.choose(NEWS, language=language)
    assert name in await zoe.press("pack", "climate")
    told = await zoe.press("take", "climate")
    assert name in told
    assert office.channels.topic(NEWS, name).expression.startswith("COP")


async def test_a_topic_of_a_pack_is_here_already_whatever_language_it_is_called_in(office):
    luc, zoe = office.person(locale="fr"), office.person(locale="zh")
    await luc.press("take", "climate")
    topics = len(office.channels.topics(NEWS))
    assert "内容都已添加" in await zoe.press("take", "climate")
    assert len(office.channels.topics(NEWS)) == topics


async def test_a_pack_that_there_is_none_of_leads_to_all_of_them(ann):
    assert "There is no pack “wolves”." in await ann.say("packs wolves")
    assert "Packs to begin with" in await press(ann, "All packs")
    assert "wolves of the north" in await ann.say("packs of wolves of the north")  # words to look up


async def test_who_may_not_manage_takes_nothing_and_too_many_are_refused_whole(office, ann, follows):
    guest = office.person(name="guest", may_manage=False)
    await guest.press("pack", "security")
    assert "Only those who manage #news may do that" in await press(guest, "Add it")
    for number in range(190):
        follows.follow(NEWS, Source(f"https://example.org/{number}", "feed"), "ann", office.clock.now)
    topics = office.channels.topics(NEWS)
    refused = " ".join((await ann.press("take", "security")).split())
    assert "These are 14 more sources; this workspace follows 190, and may follow 200." in refused
    assert len(follows.of(NEWS)) == 190
    assert office.channels.topics(NEWS) == topics


async def test_a_button_of_another_workspace_gives_nothing_back(office, ann, follows):
    await ann.press("take", "climate")
    undo = pressed(ann, "Undo")
    rival = office.person(channel=OTHER_TEAM)
    assert "That was long ago" in await rival.press("giveback", undo.value)
    assert len(follows.of(NEWS)) == 14
    assert "There is no pack “../x”" in await ann.press("take", "../x")
