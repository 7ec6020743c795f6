"""An article on a topic is told, one that only mentions it is counted: it is on what it speaks of, wherever it does."""

from __future__ import annotations

import pytest

from briefs.models import Article
from briefs.search.aboutness import only_mentions
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.embeddings import relatives
from briefs.text.packed import Candidate, length_of, pack
from briefs.topics import parse_topic, required

OTHER = "Nobody spoke of other things. "


def candidate(text: str, title: str = "", language: str = "en") -> Candidate:
    analysed = analyse(Article("a", title, text, language))
    length = length_of(analysed.title_terms, analysed.body_terms, language)
    return Candidate(1, language, None, 0, pack(analysed.title_terms), pack(analysed.body_terms), length)


def mentions(topic: str, text: str, title: str = "", language: str = "en") -> bool:
    parts = required(parse_topic(topic), ["en", "fr", "zh"], Aliases([]))
    return only_mentions(parts, candidate(text, title, language))


@pytest.mark.parametrize(
    ("topic", "text", "language"),
    [
        ("university", "The actor left the university at twenty. " + OTHER * 30, "en"),
        ("université", "L'acteur a quitté l'université à vingt ans. " + "Rien d'autre ne fut dit hier. " * 30, "fr"),
        ("大学", "这位演员二十岁时离开大学。" + "昨天没有人说别的事情。" * 30, "zh"),
    ],
)
def test_one_word_in_a_text_of_usual_length_is_a_mention_even_where_it_opens_it(topic, text, language):
    assert mentions(topic, text, language=language)


def test_what_has_the_topic_in_its_title_is_on_it():
    assert not mentions("university", OTHER * 30, title="The university is on strike")


@pytest.mark.parametrize(
    ("topic", "title"),
    [
        ("Syria", "A Syrian town is quiet"),
        ("Syria", "Syria’s quiet towns"),
        ("climate change", "The climate is a matter"),
    ],
)
def test_a_title_that_has_a_piece_of_the_topics_name_tells_more_than_one_that_has_none(topic, title):
    text = OTHER * 12 + f"Somebody spoke of {topic} there. " * 2 + OTHER * 8
    assert not mentions(topic, text, title=title)
    assert mentions(topic, text, title="Some town is quiet")


def test_a_title_with_a_word_near_the_topics_tells_more_than_one_without():
    text = "A hospital was named. " + OTHER * 20 + "The hospital was not. " + OTHER * 20
    assert not mentions("hospital", text, title="Doctors and patients were named")
    assert mentions("hospital", text, title="Somebody was named")


def test_of_a_topic_of_many_words_what_is_near_each_is_looked_for_once_whatever_language_the_articles_are_in():
    words = "trade police school hospital water energy climate football music film court bank war peace ship train"
    topic, text = words.replace(" ", " | "), f"Somebody spoke of {words}. " + OTHER * 30
    for language in ("en", "fr", "zh"):
        mentions(topic, text, "Some town is quiet", language)
    looked_for = relatives.cache_info().misses
    for language in ("en", "fr", "zh"):
        mentions(topic, text, "Another town is not", language)
    assert relatives.cache_info().misses == looked_for


def test_what_is_named_early_is_more_likely_spoken_of():
    spoken = "The university strikes. " * 3
    assert not mentions("university", spoken + OTHER * 25)
    assert mentions("university", OTHER * 25 + spoken)


def test_what_comes_back_to_the_topic_is_on_it_wherever_it_begins():
    assert not mentions("university", OTHER * 20 + "The university strikes. A university is closed. " * 2)


def test_a_report_of_one_sentence_is_on_what_it_names():
    assert not mentions("university", "The university has a new president.")


def test_as_many_words_are_less_in_a_long_text():
    spoken = "The university strikes. " * 4
    assert not mentions("university", spoken + OTHER * 20)
    assert mentions("university", spoken + OTHER * 300)


def test_every_part_that_is_asked_for_is_to_be_spoken_of():
    text = "The university strikes. " * 6 + "The police came. " + OTHER * 60
    assert not mentions("university", text)
    assert mentions("police + university", text)


def test_of_several_words_of_which_one_will_do_one_does():
    assert not mentions("college | university", OTHER * 20 + "The university strikes. " * 4)


def test_what_is_told_by_its_capitals_cannot_be_counted():
    assert not only_mentions([frozenset({("nowhere",)})], candidate(OTHER))
