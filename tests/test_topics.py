"""The topic language: what it means, how it reads, and where it says that something is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.errors import UsageError
from briefs.models import Analysed, Article
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.topics import AllOf, AnyOf, Expression, Topic, Verdict, Word, all_of, any_of, combine, parse_topic, words

ALIASES = Aliases(
    [
        ["Tencent", "腾讯", "騰訊"],
        ["Alibaba", "阿里巴巴"],
        ["interoperability", "interopérabilité", "互联互通"],
        ["Internet Plus", "互联网+"],
        ["artificial intelligence", "AI", "intelligence artificielle", "人工智能"],
    ]
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def is_taken(topic: Topic, article: Analysed, aliases: Aliases | None = None) -> bool:
    return topic.matcher(aliases).verdict(article) is Verdict.TAKEN


def takes(expression: str, text: str, language: str = "en", title: str = "") -> bool:
    article = analyse(Article("1", title, text, language))
    return is_taken(Topic("t", parse_topic(expression)), article, ALIASES)


# ---------------------------------------------------------------- matching


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Tencent and Alibaba talk of interoperability.", "en"),
        ("Interopérabilité : Tencent et Alibaba se parlent.", "fr"),
        ("腾讯与阿里巴巴推进互联互通。", "zh"),
    ],
)
def test_one_expression_takes_articles_in_three_languages(text, language):
    assert takes('Tencent + Alibaba + (interoperability | "open links")', text, language)


def test_every_word_must_stand_there():
    assert takes("tencent alibaba", "Alibaba sues Tencent.")
    assert not takes("tencent alibaba", "Alibaba sues Baidu.")


def test_title_and_text_are_one_article_but_no_phrase_spans_them():
    assert takes("open links", "Links at last.", title="Tencent may open")
    assert not takes('"open links"', "Links at last.", title="Tencent may open")


def test_one_of_several_is_enough():
    assert takes("tencent + (stock | links)", "Tencent has links.")
    assert not takes("tencent + (stock | links)", "Tencent has news.")


def test_a_phrase_stands_side_by_side():
    assert takes('"open links"', "They will open links soon.")
    assert not takes('"open links"', "They open all links.")


def test_what_is_left_out_is_told_from_what_never_matched():
    matcher = Topic("t", parse_topic("tencent - stock")).matcher(ALIASES)
    assert [
        matcher.verdict(analyse(Article("1", "", text, "en")))
        for text in ("Tencent opens.", "Tencent stock falls.", "Baidu stock falls.")
    ] == [Verdict.TAKEN, Verdict.EXCLUDED, Verdict.OTHER]


def test_words_are_found_in_their_other_forms():
    assert takes("link", "Open links.")
    assert takes("débloquer", "Les liens sont débloqués.", "fr")
    assert takes("interoperabilite", "L’interopérabilité avance.", "fr")
    assert takes("l'internet", "Vive l’internet libre.", "fr")
    assert takes("l'internet", "Cet internet libre.", "fr")


@pytest.mark.parametrize(
    ("expression", "text", "language"),
    [
        ("ai", "It may rain.", "en"),
        ("ai", "J’ai vu la pluie.", "fr"),
        ("AI", "j'ai vu", "fr"),
        ("WHO", "Ask those who know.", "en"),
        ("C++", "C is a letter.", "en"),
        ("互联网+", "互联网公司", "zh"),
        ("腾讯", "腾飞的讯息", "zh"),
    ],
)
def test_what_only_looks_like_a_word_is_none(expression, text, language):
    assert not takes(f'"{expression}"', text, language)


@pytest.mark.parametrize(
    ("expression", "text", "language"),
    [
        ("AI", "The AI race.", "en"),
        ("ai", "L’AI Act est voté.", "fr"),
        ("ai", "L’intelligence artificielle progresse.", "fr"),
        ("WHO", "The WHO warns.", "en"),
        ("C++", "Written in C++, it runs.", "en"),
        ("Internet Plus", "拥抱“互联网＋”时代", "zh"),
        ("腾讯", "腾讯控股", "zh"),
    ],
)
def test_names_that_look_like_other_words_are_found(expression, text, language):
    assert takes(f'"{expression}"', text, language)


def test_a_topic_may_want_some_languages_only():
    topic = Topic("t", parse_topic("tencent"), ("fr",))
    assert is_taken(topic, analyse(Article("1", "", "Tencent ouvre ses liens.", "fr")))
    assert not is_taken(topic, analyse(Article("2", "", "Tencent opens links.", "en")))


# ---------------------------------------------------------------- reading and printing


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("tencent alibaba", "tencent + alibaba"),
        ("x y | z", "(x + y) | z"),
        ("x -(b|c)", "x - (b | c)"),
        ("（腾讯｜騰訊）＋链接－股票", "(腾讯 | 騰訊) + 链接 - 股票"),
        ("腾讯、阿里巴巴", "腾讯 + 阿里巴巴"),
        ("« liens ouverts » + tencent", '"liens ouverts" + tencent'),
        ("“open links”", '"open links"'),
        ("internet of things", "internet + things"),
        ("the of", '"the" + "of"'),
        ("((x))", "x"),
        ("x + (y + (z - w))", "x + y + z - w"),
        ("x + - y", "x - y"),
        ("wal-mart", "wal-mart"),
        ("x\u202ey\x00z", "x + y + z"),
    ],
)
def test_what_is_typed_prints_back_plainly(typed, printed):
    assert str(parse_topic(typed)) == printed
    assert str(parse_topic(printed)) == printed


@pytest.mark.parametrize(
    ("typed", "position", "word"),
    [
        ("tencent + ", 9, "after “+”"),
        ("+ tencent", 1, "before “+”"),
        ("a ++ b", 3, "after “+”"),
        ("a |", 3, "after “|”"),
        ("| a", 1, "before “|”"),
        ("a (b | ", 6, "after “|”"),
        ("tencent + (links", 11, "never closed"),
        ("tencent)", 8, "closes nothing"),
        ('tencent "open', 9, "never closed"),
        ("tencent + ()", 12, "nothing stands between"),
        ("- stock", 1, "beside those to leave out"),
        ("a (- b | c)", 4, "beside those to leave out"),
        ('a "?!"', 3, "no letter or digit"),
        ("a -", 3, "after “-”"),
        ("(" * 30 + "x", 21, "deep"),
    ],
)
def test_a_mistake_is_named_by_its_character_in_one_line(typed, position, word):
    with pytest.raises(UsageError) as caught:
        parse_topic(typed)
    assert caught.value.values["position"] == position
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("typed", ["", "   ", "\x00", "x" * 2_001])
def test_nothing_and_too_much_are_refused(typed):
    with pytest.raises(UsageError):
        parse_topic(typed)


def test_lists_say_the_same_as_the_language():
    assert combine(every=["Tencent", "Alibaba"], some=["open links", "接口 | api"], none=["stock"]) == parse_topic(
        'Tencent + Alibaba + ("open links" | 接口 | api) - stock'
    )
    with pytest.raises(UsageError):
        combine(none=["stock"])


def test_words_are_what_is_looked_for():
    assert words(parse_topic('x + (y | "z w" | x) - v')) == ("x", "y", "z w")


VOCABULARY = ["baidu", "links", "taxi", "zoo", "open gate", "腾讯", "5000"]
WORDS = st.sampled_from(VOCABULARY).map(Word)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.builds(all_of, st.lists(inner, min_size=1, max_size=3), st.lists(inner, max_size=2)),
        st.builds(any_of, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_printing_and_parsing_is_a_round_trip(expression):
    assert parse_topic(str(expression)) == expression


@given(EXPRESSIONS, st.lists(st.sampled_from([*VOCABULARY, "open", "gate"]), max_size=8))
def test_matching_equals_a_plain_evaluation(expression, content):
    def holds(part: Expression) -> bool:
        match part:
            case Word(text):
                return text in content or (text == "open gate" and ("open", "gate") in pairwise(content))
            case AnyOf(parts):
                return any(map(holds, parts))
            case AllOf(parts, without):
                return all(map(holds, parts)) and not any(map(holds, without))

    article = analyse(Article("1", "", " , ".join(content), "en"))
    assert is_taken(Topic("t", expression), article) == holds(expression)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed):
    try:
        expression = parse_topic(typed)
    except UsageError:
        return
    assert parse_topic(str(expression)) == expression


# ---------------------------------------------------------------- sources, languages, age


def verdict(expression: str, *, source=None, url=None, published=None, language="en") -> Verdict:
    article = Article("1", "", "Tencent opens links.", language, url, source, published)
    return Topic("t", parse_topic(expression)).matcher(ALIASES).verdict(analyse(article), NOON)


@pytest.mark.parametrize(
    ("wanted", "source", "url"),
    [
        ("source:caixin", "Caixin Global", None),
        ("source:CAIXIN", "caixin", None),
        ("source:caixin", None, "https://www.caixinglobal.caixin.com/a"),
        ("source:caixin.com", None, "https://china.caixin.com/a"),
        ("source:财新", "财新网", None),
        ('source:"Le Monde"', "Le Monde", None),
        ("source:reuters source:caixin", "Caixin", None),
        ("来源：caixin", "Caixin", None),
    ],
)
def test_a_source_is_known_by_its_name_or_its_site(wanted, source, url):
    assert verdict(f"tencent {wanted}", source=source, url=url) is Verdict.TAKEN
    assert verdict(f"tencent {wanted}", source="Other", url="https://other.example/caixin") is Verdict.OTHER


def test_a_source_is_left_out_by_a_minus():
    assert verdict("tencent -source:36kr", source="36kr") is Verdict.EXCLUDED
    assert verdict("tencent -source:36kr", source="Caixin") is Verdict.TAKEN
    assert verdict("tencent -source:cai", source="Caixin") is Verdict.TAKEN  # whole words


def test_what_was_old_when_it_came_in_is_left_out():
    assert verdict("tencent age:7d", published=NOON - timedelta(days=8)) is Verdict.EXCLUDED
    assert verdict("tencent age:7d", published=NOON - timedelta(days=6)) is Verdict.TAKEN
    assert verdict("tencent age:7d") is Verdict.TAKEN  # nobody knows


def test_languages_stand_in_the_expression_too():
    assert verdict("tencent language:fr langue:zh") is Verdict.OTHER
    assert verdict("tencent language:fr langue:en") is Verdict.TAKEN


def test_what_a_verdict_hangs_on_is_named():
    article = analyse(Article("1", "", "Tencent stock opens.", "en", source="36kr", published=NOON - timedelta(days=9)))

    def words(expression: str) -> tuple[str, ...]:
        return Topic("t", parse_topic(expression)).matcher(ALIASES).judgement(article, NOON).words

    assert words("tencent - stock -source:36kr age:7d") == ("stock", "source:36kr", "age:>1w")
    assert words("alibaba + (links | taobao) source:caixin") == ("alibaba", "links | taobao", "source:caixin")
    assert words("tencent") == ()


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("tencent | alibaba + source:caixin", "tencent | alibaba source:caixin"),
        ('-source:"36 kr" tencent age:14j', 'tencent -source:"36 kr" age:2w'),
        ("tencent age:7d age:3d lang:FR", "tencent language:fr age:3d"),
        ("tencent âge:2个月 来源：财新", "tencent source:财新 age:2m"),
    ],
)
def test_filters_print_in_their_plainest_form(typed, plain):
    assert str(parse_topic(typed)) == plain
    assert parse_topic(plain) == parse_topic(typed)


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("tencent + (alibaba source:caixin)", 20),
        ("tencent | source:caixin", 11),
        ("source:caixin | tencent", 1),
        ("tencent age:soon", 9),
        ("tencent age:0d", 9),
        ("tencent source:", 9),
        ("tencent language:xx", 9),
        ("tencent -age:7d", 10),
    ],
)
def test_a_filter_that_is_wrong_is_named_at_its_character(typed, position):
    with pytest.raises(UsageError, match=f"^Character {position}: "):
        parse_topic(typed)


def test_a_filter_alone_is_no_topic():
    with pytest.raises(UsageError, match="needs a word"):
        parse_topic("source:caixin")
    with pytest.raises(UsageError, match="not in a list"):
        combine(every=["tencent source:caixin"])
