"""Invented events told by several publishers in three languages, with near misses: are they told apart?"""

from __future__ import annotations

from tests.stories import bcubed, events, grouped


def test_the_set_is_what_it_says():
    told = [article for articles in events().values() for article in articles]
    assert len(events()) >= 20
    assert len(told) >= 60
    assert {article.language for article in told} == {"en", "fr", "zh"}
    assert all(2 <= len(articles) <= 5 for articles in events().values())


def test_stories_are_the_events():
    assert bcubed(grouped(), events()) >= 0.90
