"""Words in the archive's other languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.archive import Archive
from briefs.models import Article
from briefs.text.dictionary import Translation, translations
from briefs.text.terms import terms
from tests import sqlite


def words_of(text: str, written_in: str, language: str, word: str) -> set[tuple[str, ...]]:
    found: list[Translation] = translations(text, written_in, ("en", "fr", "zh"))
    return {piece for one in found if text[one.start : one.end] == word for piece in one.alternatives}


@pytest.mark.parametrize(("word", "chinese"), [("tobacco", "烟草"), ("Tencent", "腾讯"), ("agriculture", "农业")])
def test_an_english_word_is_looked_for_in_chinese(word: str, chinese: str) -> None:
    assert (chinese,) in words_of(f"the {word} of tomorrow", "en", "zh", word)


def test_words_that_are_one_entry_together_are_looked_for_as_one() -> None:
    found = words_of("a mobile phone maker", "en", "zh", "mobile")
    assert ("手机",) in found


def test_a_longer_chinese_word_is_looked_for_by_its_pairs_and_what_joins_them() -> None:
    assert ("智能", "能", "能手", "手", "手机") in words_of("a smartphone", "en", "zh", "smartphone")


@pytest.mark.parametrize(
    ("word", "chinese"), [("fought", "战斗"), ("sold", "卖"), ("children", "儿童"), ("largest", "大")]
)
def test_irregular_forms_are_looked_up_by_their_dictionary_form(word: str, chinese: str) -> None:
    assert (chinese,) in words_of(f"they {word} more", "en", "zh", word)


def test_a_single_character_is_trusted_less_for_it_stands_in_other_words() -> None:
    found = translations("tobacco", "en", ("en", "zh"))[0].alternatives
    assert found["烟",] < found["烟草",]


@pytest.mark.parametrize(("word", "english"), [("农业", "agriculture"), ("農業", "agriculture"), ("总统", "president")])
def test_a_chinese_word_is_looked_for_in_english_in_either_script(word: str, english: str) -> None:
    assert tuple(terms(english, "en")) in words_of(f"{word}发展", "zh", "en", word)


def test_a_french_word_goes_through_its_english_cousin() -> None:
    assert ("合作",) in words_of("une coopération utile", "fr", "zh", "coopération")


def test_stop_words_are_not_translated() -> None:
    assert translations("what is the", "en", ("en", "zh")) == []


def test_nothing_is_translated_into_a_language_the_archive_does_not_have() -> None:
    assert translations("tobacco", "en", ("en", "fr")) == []


def test_a_question_finds_the_article_in_the_other_language(tmp_path: Path) -> None:
    farming = Article("zh", "农业", "农业部门今年增长了百分之五。", language="zh")
    harbour = Article("en", "Harbour", "The harbour was closed by a storm.", language="en")
    with Archive.open(sqlite.database(tmp_path / "briefs.db")) as archive:
        archive.add([farming, harbour])
        assert [story.lead.id for story in archive.brief("agriculture department").stories] == ["zh"]
        assert [story.lead.id for story in archive.brief("风暴").stories] == ["en"]


@given(st.text(), st.sampled_from(["en", "fr", "zh", "de", "und"]))
def test_any_text_is_survived_and_every_alternative_is_something_to_look_for(text: str, written_in: str) -> None:
    for one in translations(text, written_in, ("en", "fr", "zh")):
        assert 0 <= one.start < one.end <= len(text)
        assert all(piece and all(piece) and 0 < weight <= 1 for piece, weight in one.alternatives.items())
