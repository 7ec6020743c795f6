"""What a source repeats from article to article is no likeness, no news and no quote; what it tells again still is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.clustering.clusters import stories
from briefs.clustering.templates import SHARED, TEMPLATE, Templates, apart
from briefs.models import Article, Told
from briefs.text.analyse import analyse
from briefs.topics import Topic, parse_topic
from tests.clock import Clock
from tests.releases import releases, templates
from tests.stories import bcubed

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
ABOUT = (
    "About Okapi Industries. Okapi Industries designs heating systems for homes and schools in forty countries. "
    "Founded in 1954, the group employs 12,400 people and reported sales of 3.1 billion euros last year."
)
CHIEF = "Okapi Industries has chosen Ingrid Solheim. She will lead the group from January."
RECALL = "Okapi Industries recalls boilers in Spain. A gas seal may leak in 8,200 of them."
PLANT = "Okapi Industries starts to build heat pumps in Vietnam. The works near Haiphong cost 90 million dollars."
OKAPI = Topic("okapi", parse_topic("okapi"))


@pytest.fixture
def clock():
    return Clock(MORNING)


def release(name: str, text: str, *, days: int = 0, source: str | None = "Okapi Industries") -> Article:
    at = MORNING + timedelta(days=days)
    return Article(name, f"{name} in the news", f"{text}\n\n{ABOUT}", "en", f"https://okapi.example/{name}", source, at)


THREE = [release("Chief", CHIEF), release("Recall", RECALL, days=1), release("Plant", PLANT, days=2)]


def test_the_set_is_what_it_says():
    told = [article for articles in releases().values() for article in articles]
    assert (len(releases()), len(told), len({article.source for article in told})) == (40, 100, 10)
    assert {article.language for article in told} == {"en", "fr", "zh"}


def test_releases_are_told_apart_by_what_happened():
    told = [article for articles in releases().values() for article in articles]
    assert bcubed([[one.id for one in story.articles] for story in stories(told)], releases()) >= 0.95
    without = [replace(one, source=None) for one in told]
    assert bcubed([[one.id for one in story.articles] for story in stories(without)], releases()) < 0.6


def test_releases_that_come_in_day_by_day_are_told_apart_and_quoted_for_what_is_their_own(archive, clock):
    told = sorted((one for some in releases().values() for one in some), key=lambda one: one.published)
    for one in told:
        clock.now = one.published
        archive.add([one])
    number = {one.id: archive.story(one.id).number for one in told}
    found = [[name for name in number if number[name] == story] for story in set(number.values())]
    assert bcubed(found, releases()) >= 0.95
    repeated = set(templates())
    for one in told:
        for story in archive.brief(one.title).stories:
            assert not [quote.text for quote in story.quotes if quote.text in repeated]


@pytest.mark.parametrize("together", [True, False], ids=["in one gather", "day by day"])
def test_three_releases_of_one_company_are_three_stories(archive, clock, together):
    memory, named, quoted = Told(), [], []
    position = 0
    for batch in [THREE] if together else [[one] for one in THREE]:
        clock.now = batch[-1].published
        archive.add(batch)
        digest = archive.digest(OKAPI, after=position, told=memory)
        position = digest.through
        named += [story.lead.id for story in digest.stories]
        quoted += [quote.text for story in digest.stories for quote in story.quotes]
        told = {one.id for story in digest.stories for one in story.articles}
        memory = Told(memory.articles | told, tuple(quoted))
    assert sorted(named) == ["Chief", "Plant", "Recall"]
    if together:
        assert not [text for text in quoted if text in ABOUT]


def test_what_two_articles_share_is_no_likeness_and_what_three_share_is_no_quote():
    templates = Templates()
    read = {n: analyse(one) for n, one in enumerate(THREE, 1)}
    after = []
    for n, one in read.items():
        templates.learn(n, one, lambda numbers: {n: read[n] for n in numbers})
        after.append((len(templates.without(one, SHARED).sentences), len(templates.without(one, TEMPLATE).sentences)))
    assert after == [(5, 5), (2, 5), (2, 2)]


def test_a_text_that_comes_out_again_makes_no_template():
    lead = "A court in Lille sentenced a driver to two years."
    rest = "He had fled from a control. The police found him in a barn. His car had been stolen. Nobody was hurt."
    again = [
        Article(f"{n}", f"Driver sentenced{end}", f"{first} {rest}", "en", source="Gazette", published=MORNING)
        for n, (first, end) in enumerate([(lead, ""), ("Two years for a driver in Lille.", " in Lille"), (lead, "")])
    ]
    assert [one.text for one in apart(again)] == [one.text for one in again]
    assert len(stories(again)) == 1


def test_a_headline_above_nothing_but_a_template_stands_alone(archive):
    wall = "This article is for members of our house. Please sign in with your address to read on."
    titles = ("Okapi taxed in Chile", "Storm over Nice", "Okapi wins a prize")
    archive.add(Article(f"{n}", title, wall, "en", source="Walled") for n, title in enumerate(titles))
    digest = archive.digest(OKAPI)
    assert {story.lead.title: story.quotes for story in digest.stories} == {titles[0]: (), titles[2]: ()}


def test_articles_of_no_known_source_share_what_they_like():
    nobody = [replace(one, source=None, url=None) for one in THREE]
    assert apart(nobody) == nobody


@given(st.lists(st.text(max_size=60), max_size=6))
def test_what_is_known_of_a_source_is_read_back(texts):
    templates, read = Templates(), {}
    for n, text in enumerate(texts, 1):
        read[n] = analyse(Article(f"{n}", f"{n}", f"{text}\n\n{ABOUT}", "en"))
        templates.learn(n, read[n], lambda numbers: {n: read[n] for n in numbers})
    again = Templates(templates.pack())
    assert again.pack() == templates.pack()
    assert all(again.without(one, SHARED) == templates.without(one, SHARED) for one in read.values())


def test_what_is_known_of_a_source_stays_small():
    templates = Templates()
    for n in range(1, 300):
        text = " ".join(f"Thing number {n}-{m} happened in town {n * m}." for m in range(20))
        one = analyse(Article(f"{n}", f"{n}", text, "en"))
        templates.learn(n, one, lambda numbers: {})
    assert len(templates.pack()) < 8_000  # bytes
