"""Words near a word in meaning: nearer than most, never the word itself, in either language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.search.expansion import widened
from briefs.text.embeddings import LEAST, NEAREST, is_word, rarity, relatives
from briefs.text.query import parse_query
from briefs.text.terms import terms

LANGUAGES = ("en", "fr", "zh")


def term(word: str, language: str) -> str:
    (made,) = terms(word, language)
    return made


@pytest.mark.parametrize(
    ("word", "language", "near", "into"),
    [
        ("doctor", "en", "physician", "en"),
        ("lawyer", "en", "attorney", "en"),
        ("voiture", "fr", "véhicule", "fr"),
        ("médecin", "fr", "infirmier", "fr"),
        ("doctor", "en", "médecin", "fr"),
        ("tabac", "fr", "cigarette", "en"),
    ],
)
def test_a_word_has_relatives_in_its_own_language_and_in_the_other(word, language, near, into) -> None:
    assert term(near, into) in relatives(term(word, language), language, into)


def test_the_nearest_come_first_and_none_is_the_word_itself() -> None:
    found = relatives("doctor", "en", "en")
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert "doctor" not in found
    assert all(LEAST <= worth <= NEAREST < 1 for worth in found.values())


def test_what_has_no_vector_has_no_relatives() -> None:
    assert relatives("tencent", "en", "en") == relatives("doctor", "de", "en") == relatives("doctor", "en", "ru") == {}


def test_rare_words_tell_more_and_a_name_tells_most() -> None:
    assert 0 < rarity("doctor", "en") < rarity("stethoscop", "en") < rarity("tencent", "en") == 1


def test_a_word_is_told_from_a_name() -> None:
    assert is_word("doctor", "en")
    assert is_word("voitur", "fr")
    assert not is_word("tencent", "en")


@pytest.mark.parametrize(
    ("query", "word", "near"),
    [
        ("the lawyer of the company", "lawyer", ("attorney", "en")),
        ("the lawyer of the company", "lawyer", ("avocat", "fr")),
        ("le médecin de la ville", "médecin", ("physician", "en")),
    ],
)
def test_a_widened_query_has_the_relatives_of_its_words(query, word, near) -> None:
    asked = next(one for one in widened(parse_query(query, languages=LANGUAGES)).groups if one.word == word)
    assert tuple(terms(*near)) in asked.alternatives


def test_a_chinese_word_is_widened_by_way_of_the_dictionary() -> None:
    (asked,) = (one for one in widened(parse_query("律师", languages=LANGUAGES)).groups if one.word == "律师")
    assert ("attorney",) in asked.alternatives
    assert tuple(terms("avocat", "fr")) in asked.alternatives


@given(st.text(max_size=60))
def test_a_relative_never_outweighs_the_word_and_no_text_is_too_odd(text: str) -> None:
    query = parse_query(f"a {text}", languages=LANGUAGES)
    for before, after in zip(query.groups, widened(query).groups, strict=True):
        assert before.alternatives.items() <= after.alternatives.items()
        assert all(
            after.alternatives[form] <= NEAREST for form in after.alternatives.keys() - before.alternatives.keys()
        )
        assert after.weight == before.weight


@given(st.text(max_size=20), st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES))
def test_no_term_is_too_odd_to_be_looked_up(text: str, language: str, into: str) -> None:
    assert all(LEAST <= worth <= NEAREST for worth in relatives(text, language, into).values())
