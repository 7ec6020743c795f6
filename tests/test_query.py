"""What somebody asks becomes words with everything they may be written as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.errors import UsageError
from briefs.text.aliases import Aliases
from briefs.text.query import BACK_OFF, LONGEST, MOST_FORMS, attested, in_capitals, parse_query

NAMES = Aliases([["Tencent", "腾讯", "騰訊"], ["China Mobile", "中国移动"]])


def content(text, languages=("en", "fr", "zh"), aliases=None):
    return [word.word for word in parse_query(text, languages=languages, aliases=aliases).content]


def test_stop_words_and_question_words_do_not_count():
    assert content("how many employees does the company have") == ["employees", "company"]
    assert content("Pourquoi les liens de l'application ?") == ["liens", "application"]


def test_a_word_is_asked_in_the_form_of_each_language():
    (word,) = parse_query("interoperability", languages=["en", "fr"]).content
    assert {("interoper",), ("interoperability",)} <= set(word.alternatives)


def test_an_alias_is_one_word_with_all_its_names():
    first, second = parse_query("China Mobile tencent", languages=["en", "zh"], aliases=NAMES).content
    assert (first.word, second.word) == ("China Mobile", "tencent")
    assert ("china", "mobil") in first.alternatives
    assert {("tencent",), ("腾", "腾讯", "讯")} <= set(second.alternatives)


def test_accents_and_case_make_no_difference():
    plain, accented = (parse_query(text, languages=["fr"]).content for text in ("debloquee", "DÉBLOQUÉE"))
    assert [set(word.alternatives) for word in plain] == [set(word.alternatives) for word in accented]


def test_chinese_is_asked_by_characters_and_pairs_without_its_stop_words():
    assert content("腾讯多少员工") == ["腾", "腾讯", "讯", "员", "员工", "工"]


def test_a_word_typed_twice_counts_twice():
    words = {word.word: word.weight for word in parse_query("links links market", languages=["en"]).content}
    assert words == {"links": 2.0, "market": 1.0}


def test_operators_quotes_and_control_characters_mean_nothing():
    assert content('"tencent" OR (alibaba*) \x00 \u202etitle:^x') == content("tencent alibaba title x")


def test_places_point_into_the_text():
    query = parse_query("  the\ttobacco  trade ", languages=["en"])
    assert query.text == "the tobacco trade"
    assert [query.text[word.start : word.end] for word in query.groups] == [word.word for word in query.groups]


@pytest.mark.parametrize("empty", ["", "  \n", "\x00\x1f", "\u202e\u200b"])
def test_nothing_to_look_for_is_said(empty):
    with pytest.raises(UsageError, match="nothing to look for: say a word or two"):
        parse_query(empty)


def test_an_endless_query_is_refused_with_the_limit():
    with pytest.raises(UsageError, match=f"at most {LONGEST} characters, this one has 5000"):
        parse_query("a" * 5000)


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused(text):
    try:
        query = parse_query(text, languages=["en", "fr", "zh"], aliases=NAMES)
    except UsageError:
        return
    for word in query.groups:
        assert all(term.isalnum() or not term.isascii() for terms in word.alternatives for term in terms)
        assert all(0 < weight <= 1 for weight in word.alternatives.values())


@pytest.mark.parametrize("name", ["US", "WHO", "IT", "C++", "C#", "AT&T", ".NET", "R&D", "U.S."])
def test_a_name_of_common_letters_counts_where_it_is_written_as_one(name):
    assert content(f"{name} rules") == [name, "rules"]


def test_capitals_say_nothing_where_all_is_in_capitals():
    assert content("WHO OF US KNOWS TENCENT") == ["KNOWS", "TENCENT"]


def test_small_letters_find_a_name_in_capitals():
    word = parse_query("ai regulation", languages=["en"]).content[0]
    assert set(word.alternatives) == {("ai",), ("ＡＩ",)}


# ---------------------------------------------------------------- what the archive has


def known_from(**counts: int):
    return lambda terms: {term: counts[term] for term in terms if term in counts}


def test_only_forms_that_the_archive_has_are_looked_for():
    query = attested(parse_query("they were growing tobacco", languages=["en", "zh"]), known_from(烟草=3))
    assert dict(query.groups[-1].alternatives) == {("烟草",): 1.0}


def test_a_word_that_the_archive_lacks_keeps_all_its_forms():
    query = parse_query("they were growing tobacco", languages=["en", "zh"])
    assert attested(query, known_from()) == query


def test_a_longer_chinese_word_that_was_typed_and_that_no_article_has_is_looked_for_by_its_pairs():
    aliases = Aliases([["智能手机", "smartphone"]])
    query = parse_query("智能手机", languages=["en", "zh"], aliases=aliases)
    found = attested(query, known_from(智能=2, 手机=9, 手=9)).groups[0].alternatives
    assert dict(found) == {("智能",): BACK_OFF, ("手机",): BACK_OFF}


def test_a_translation_that_no_article_has_is_not_looked_for_by_its_pieces():
    query = attested(parse_query("India", languages=["en", "zh"]), known_from(公司=2, 航空=9, 印=9, india=1))
    assert dict(query.groups[0].alternatives) == {("india",): 1.0}


def test_stop_words_alone_are_the_names_in_capitals_that_the_archive_has():
    def counted(text, **known):
        query = parse_query(text, languages=["en"])
        return [word.word for word in in_capitals(query, known_from(**known)).content]

    assert counted("who", **{"ＷＨＯ": 3}) == ["who"]
    assert counted("who") == []


def test_a_word_has_at_most_so_many_forms():
    query = parse_query("they want to fight", languages=["en", "zh"])
    everything = attested(query, lambda terms: dict.fromkeys(terms, 1))
    assert len(query.groups[-1].alternatives) > MOST_FORMS == len(everything.groups[-1].alternatives)
