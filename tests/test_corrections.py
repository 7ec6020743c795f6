"""An article that was told and is corrected at its address comes once more, with what it says now and what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.base.reply import StoryItem
from bot.platforms.console.terminal import render
from briefs.models import Article, Channel, Post, Told
from briefs.quoting.corrections import corrected
from briefs.store.channels import Channels
from briefs.text.analyse import analyse
from tests.clock import Clock
from tests.posts import Posts

MONDAY = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # 9:00 in Paris
ROOM = Channel("console", "home", "zoo")
TITLE = "The zoo of Perth has a new animal"
FIRST = "A numbat was born in the zoo of Perth on Friday."
OTHER = "Visitors may see it from the first of October."


def says(title: str, text: str, *told: str, language: str = "en"):
    """What is told of an article that says this now: what was said before, and what is quoted; None: nothing."""
    article = Article("a", title, text, language)
    story = corrected(analyse(article), Told(frozenset({"a"}), told, {"a": Post(MONDAY)}, {"a": told}))
    return story and (story.corrected, [quote.text for quote in story.quotes])


@pytest.mark.parametrize(
    ("told", "now"),
    [
        (FIRST, "A wombat was born in the zoo of Perth on Friday."),
        (FIRST, "A numbat was born in the zoo of Berne on Friday."),
        (FIRST, "No numbat was born in the zoo of Perth on Friday."),
        ("Some 5,000 visitors came on Friday.", "Some 500 visitors came on Friday."),
        ("The bridge reopens in Austria on Monday.", "The bridge reopens in Australia on Monday."),
    ],
)
def test_what_is_no_longer_said_is_named_and_what_is_said_instead_is_quoted(told, now):
    assert says(TITLE, f"{now} {OTHER}", TITLE, told) == (told, [now])


@pytest.mark.parametrize(
    "now",
    [
        FIRST,
        "A numbat was born in the zoo of Perth on  Friday.",
        "On Friday a numbat was born in the zoo of Perth.",
        "A numbat was born in the zoo of Perth on Friday, the keepers said.",
        "A numbat was born in the zoo of Perth on Friday!",
    ],
)
def test_other_spaces_another_order_and_more_words_are_no_news(now):
    assert says(TITLE, f"{now} {OTHER}", TITLE, FIRST) is None


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ("The goverment will pay for the bridge.", "The government will pay for the bridge."),
        ("The bridge was recieved with joy.", "The bridge was received with joy."),
        ("Le gouvernment paiera le pont de Lyon.", "Le gouvernement paiera le pont de Lyon."),
    ],
)
def test_a_typo_that_is_mended_is_no_news(told, now):
    assert says("The bridge", now, "The bridge", told) is None


@pytest.mark.parametrize(
    ("language", "told", "now", "line"),
    [
        ("en", FIRST, FIRST, "Correction: a wombat, not a numbat, was born in the zoo."),
        (
            "fr",
            "Un numbat est né à Perth.",
            "Un wombat est né à Perth.",
            "Rectificatif : il s’agit d’un wombat, non d’un numbat.",
        ),
        ("zh", "珀斯动物园周五诞生一只食蚁兽。", "珀斯动物园周五诞生一只袋熊。", "更正：是袋熊，不是食蚁兽。"),
    ],
)
def test_an_article_that_calls_itself_corrected_is_believed(language, told, now, line):
    before, quoted = says("Zoo", f"{now}\n\n{line}", "Zoo", told, language=language)
    assert (before, quoted[-1]) == (told, line)


def test_a_headline_that_says_something_else_is_corrected():
    assert says("The zoo of Perth has no new animal", OTHER, TITLE, OTHER) == (TITLE, [])


def test_a_second_correction_names_what_was_said_last():
    second = "A wombat was born in the zoo of Perth on Friday."
    third = "A quokka was born in the zoo of Perth on Friday."
    assert says(TITLE, third, TITLE, FIRST, TITLE, second)[1] == [third]


# ---------------------------------------------------------------- in a channel


BORN = "The keepers of the zoo of Perth said that a {} was born on Friday, the first one in Australia since 2009."
NUMBAT = BORN.format("numbat")


@pytest.fixture
def clock():
    return Clock(MONDAY - timedelta(days=1))


@pytest.fixture
def posts(archive, clock):
    posts = Posts(archive, ROOM, clock, permalink=lambda channel, reference: f"https://chat.example/{reference}")
    posts.subscribe("Numbats", "numbat")
    return posts


def article(first: str = NUMBAT, title: str = TITLE):
    return Article("https://zoo.example/1", title, f"{first} {OTHER}", "en", "https://zoo.example/1", "Zoo")


def next_day(clock):
    clock.now = clock.now.replace(hour=7) + timedelta(days=1)


def told_and_changed(archive, clock, posts, **now):
    archive.add([article()])
    next_day(clock)
    posts.deliver()
    clock.now += timedelta(hours=3)
    archive.add([article(**now)])
    next_day(clock)
    return posts.deliver()


def test_a_correction_comes_with_the_next_digest_also_where_the_topic_would_no_longer_take_it(archive, clock, posts):
    wombat = BORN.format("wombat")
    (edition,) = told_and_changed(archive, clock, posts, first=wombat)
    (story,) = [part for part in edition.reply.parts if isinstance(part, StoryItem)]
    assert (story.mark, [quote.text for quote in story.quotes]) == ("Corrected", [wombat])
    assert story.since.url == "https://chat.example/1"
    assert f"said before: “{NUMBAT}”" in " ".join(render(edition.reply, width=200).split())
    assert edition.content["articles"] == 1


def test_what_was_told_by_its_title_alone_is_corrected_too(archive, clock, posts):
    weighs, title = "It weighs {} grams there, she said, and it is well.", "A numbat is born"
    archive.add([replace(article(weighs.format(5), title), text=weighs.format(5))])
    next_day(clock)
    (told,) = posts.deliver()
    assert told.content["stories"][0]["quotes"] == []
    clock.now += timedelta(hours=3)
    archive.add([replace(article(weighs.format(50), title), text=weighs.format(50))])
    next_day(clock)
    (edition,) = posts.deliver()
    assert edition.content["stories"][0]["corrected"] == weighs.format(5)


def test_it_is_told_once(archive, clock, posts):
    assert told_and_changed(archive, clock, posts, first=BORN.format("wombat"))
    next_day(clock)
    assert posts.deliver() == []


def test_a_mended_typo_makes_no_digest(archive, clock, posts):
    assert told_and_changed(archive, clock, posts, first=NUMBAT.replace("born", "boorn")) == []


def test_a_channel_that_was_not_told_hears_of_no_correction(archive, clock, posts):
    archive.add([article(BORN.format("quokka"))])
    next_day(clock)
    assert posts.deliver() == []
    archive.add([article(BORN.format("wombat"))])
    next_day(clock)
    assert posts.deliver() == []


@pytest.mark.parametrize(("language", "mark", "line"), [("fr", "Corrigé", "dit avant"), ("zh", "更正", "此前说")])
def test_it_is_said_in_the_channels_language(archive, clock, posts, language, mark, line):
    Channels(archive.database).choose(ROOM, language=language)
    (edition,) = told_and_changed(archive, clock, posts, first=BORN.format("wombat"))
    assert mark in render(edition.reply)
    assert line in render(edition.reply, width=200)
