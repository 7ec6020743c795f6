"""How sure it is that an article answers: the same for every query, and for an archive of ten articles or of many."""

from __future__ import annotations

import pytest

from briefs.answer import LEAST_SURE_OF_ONE
from briefs.models import Article
from briefs.search.bm25 import Statistics
from briefs.search.rank import rank
from briefs.text.analyse import analyse
from briefs.text.packed import Candidate, length_of, pack
from briefs.text.query import parse_query

FILLER = [
    "weather",
    "was",
    "fine",
    "in",
    "all",
    "of",
    "the",
    "country",
    "and",
    "nobody",
    "spoke",
    "of",
    "other",
    "things",
]


def candidate(row, text, title="", language="en"):
    analysed = analyse(Article(str(row), title, text, language))
    length = length_of(analysed.title_terms, analysed.body_terms, language)
    return Candidate(row, language, None, 0, pack(analysed.title_terms), pack(analysed.body_terms), length)


def confidence(query, *texts, articles=1_000, languages=("en", "fr", "zh")):
    """Return how likely each of some texts answers a query in an archive where its words are rare."""
    documents = [text if isinstance(text, Candidate) else candidate(n, text) for n, text in enumerate(texts)]
    mean = sum(one.length for one in documents) // len(documents)
    statistics = Statistics(
        articles, articles * mean, lambda many: {terms: sum(has(one, terms) for one in documents) for terms in many}
    )
    found = {
        one.candidate.row: one.confidence
        for one in rank(parse_query(query, languages=languages), documents, statistics, confident=True)
    }
    return [found.get(one.row, 0.0) for one in documents]


def has(document, terms):
    return document.count(pack(terms)) > 0


def far_apart(*words, between=120):
    """Return a text in which words stand apart."""
    return f" {' '.join((FILLER * between)[:between])}. ".join(f"Here is {word} once" for word in words) + "."


ON_IT = "Tencent opens its links to Alibaba. Links of Alibaba open in Tencent too, said Tencent."


def test_an_article_on_what_is_asked_answers_and_one_that_has_a_word_of_it_does_not():
    on_it, has_one = confidence("tencent alibaba links", ON_IT, "Tencent has a new office. The office is large.")
    assert on_it > 0.85
    assert has_one < 0.2


@pytest.mark.parametrize("articles", [50, 1_000, 100_000])
def test_the_size_of_the_archive_changes_little(articles):
    on_it, has_one = confidence("tencent alibaba links", ON_IT, "Tencent has a new office.", articles=articles)
    assert on_it > 0.85
    assert has_one < 0.2


def test_words_in_one_passage_say_more_than_the_same_words_apart():
    words = ("Tencent", "Alibaba", "links")
    together, apart = confidence(
        "tencent alibaba links", f"{far_apart('x', 'y')} {' '.join(words)}.", far_apart(*words)
    )
    assert together > apart + 0.1


def test_a_title_stands_above_every_passage():
    entitled, apart = confidence(
        "tencent alibaba links",
        candidate(1, far_apart("links", "office"), title="Tencent and Alibaba"),
        candidate(2, far_apart("links", "Tencent", "Alibaba", "office")),
    )
    assert entitled > apart


def test_a_word_is_said_in_full_by_who_speaks_of_it_again():
    once, often = confidence("tencent", far_apart("Tencent", "y", "z"), far_apart("Tencent", "Tencent", "Tencent"))
    assert often > once


def test_a_translation_that_is_trusted_less_says_less():
    sure, unsure = confidence("hospital doctors", "Hospital doctors met.", candidate(9, "医院。医生。", language="zh"))
    assert sure > unsure > 0


def test_the_seam_of_two_chinese_words_is_not_held_against_an_article_in_another_language():
    query = "这家医院需要医生"
    assert parse_query(query, languages=("en", "zh")).language == "zh"
    english, chinese = confidence(
        query,
        candidate(1, "The hospital needs doctors."),
        candidate(2, "hospital doctors", language="zh"),
        languages=("en", "zh"),
    )
    assert english > chinese


def test_a_common_word_that_only_a_small_archive_lacks_holds_nothing_against_an_article():
    text = "The heron stands in the estuary."
    assert confidence("want heron estuary", text, articles=5) >= confidence("heron estuary", text, articles=5)
    assert confidence("wolf heron estuary", text, articles=5) < confidence("heron estuary", text, articles=5)


def chinese(query, *texts):
    """Return how likely Chinese texts answer, in an archive where the pairs of the query are rare."""
    return confidence(query, *(candidate(n, text, language="zh") for n, text in enumerate(texts)), articles=400)


def test_pairs_that_lie_between_two_chinese_words_are_not_asked_for():
    """分析 and 经济 stand apart here; 析经, which is no word, stands in another article."""
    apart, run = chinese("分析经济", "经济需要分析。", "分析经济。")
    assert apart == pytest.approx(run, abs=0.1)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("李在明", id="a stop word inside"),
        pytest.param("有赞", id="a stop word before"),
        pytest.param("饿了么", id="a stop word and no word of two characters"),
        pytest.param("吴恩达", id="no stop word"),
        pytest.param("美团", id="two characters"),
        pytest.param("小红书", id="three words of one character"),
    ],
)
def test_a_chinese_name_that_the_dictionary_lacks_is_asked_for(name):
    named, other = chinese(name, f"{name}发表讲话。", "今日发表讲话。")
    assert named > 0.5 > other
    named, other = chinese(f"{name} 出口", f"{name}说出口下滑。", "韩国出口下滑。")
    assert named > 0.5 > other


def test_a_chinese_name_with_a_word_inside_is_more_than_that_word():
    named, other = chinese("中芯国际", "中芯国际在上海扩产。", "国际油价上涨。")
    assert named > 0.5 > other


@pytest.mark.parametrize(("name", "word"), [("中石油", "石油"), ("中移动", "移动")])
def test_a_chinese_name_of_a_stop_word_and_a_word_is_more_than_that_word_where_it_is_all_that_is_asked(name, word):
    named, other = chinese(name, f"{name}在上海扩产。", f"上海的{word}业扩产。")
    assert named > 0.5 > LEAST_SURE_OF_ONE > other


def test_a_pair_that_is_a_chinese_word_is_asked_for_where_the_characters_around_it_are_words_too():
    """From left to right the longest words are 中国, 和美, 国关, 税: neither 美国 nor 关税 is among them."""
    both, one = chinese("中国和美国关税", "中国与美国的关税降低。", "中国发表讲话。")
    assert both > 0.5 > one


def test_a_pair_of_a_stop_word_and_a_part_of_a_chinese_word_is_not_asked_for():
    beside, apart = chinese("在北京 扩产", "在北京扩产。", "北京扩产。")
    assert apart == pytest.approx(beside, abs=0.05)


def test_a_chinese_pair_that_no_article_has_counts_though_its_characters_stand_in_other_words():
    """量子 (quantum) is asked for: an English article on satellites lacks it, whatever 量 and 子 are a part of."""
    satellites = candidate(1, "The satellite is in orbit. It is a satellite.")
    whatever = candidate(2, "数量很大。孩子很小。", language="zh")
    asked_less, _ = confidence("卫星 轨道", satellites, whatever)
    asked_more, _ = confidence("量子 卫星 轨道", satellites, whatever)
    assert asked_more < asked_less


def test_a_long_chinese_word_is_one_word():
    """通信卫星 has three pairs: who has the word and none of the others says a third of the look-up, not half of it."""
    has_long, has_short = chinese("通信卫星 发射 取消", f"通信卫星{'很好。' * 20}", f"发射取消{'很好。' * 20}")
    assert has_short > has_long
