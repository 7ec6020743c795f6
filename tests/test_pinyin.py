"""Chinese names in Latin letters: which syllables, whose characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.text.pinyin import characters, surnames, syllables, written_in_latin


@pytest.mark.parametrize("name", ["Wang Chuanfu", "Chuanfu Wang", "wangchuanfu", "Wáng Chuán-fú", "WANG chuan fu"])
def test_a_name_is_read_with_and_without_tones_spaces_and_in_both_orders(name):
    assert ("wang", "chuan", "fu") in syllables(name.split())


@pytest.mark.parametrize(
    "words", [["heron"], ["links"], ["a", "b"], ["wang", "heron"], ["wangchuanfuwangchuan"], ["li"]]
)
def test_other_words_have_no_syllables_of_a_name(words):
    assert syllables(words) == []


def test_the_umlaut_is_typed_in_several_ways():
    assert {"吕"} <= set(surnames("lv")) & set(surnames("lu")) & set(surnames("lyu"))


def test_a_character_with_several_readings_is_found_under_each():
    assert "曾" in characters("zeng")
    assert "曾" in characters("ceng")


@pytest.mark.parametrize("text", ["王传福谈电池", "王傳福"])
def test_a_chinese_name_is_written_in_latin_letters(text):
    assert (0, 3, "wang", ("chuan", "fu")) in list(written_in_latin(text))


def test_a_surname_may_have_two_characters():
    assert (0, 3, "zhuge", ("liang",)) in list(written_in_latin("诸葛亮"))
    assert ("zhu", "ge", "liang") in syllables(["Zhuge", "Liang"])


@given(st.text(max_size=30))
def test_any_text_is_searched_for_names(text):
    for start, end, surname, given_name in written_in_latin(text):
        assert 0 <= start < end <= len(text)
        assert surname.isascii()
        assert given_name
