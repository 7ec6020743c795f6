"""Topics against articles as they come in: the index finds what a plain look at every topic finds."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.models import Article
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.topics import Topic, Verdict, Word, all_of, any_of, parse_topic
from briefs.topics.percolator import TopicIndex, key_of, names_of

GROUPS = (("Tencent", "腾讯", "Penguin Corp"), ("link", "lien", "链接"))
ALIASES = Aliases(GROUPS)
WORDS = (
    "Tencent",
    "腾讯",
    "链接",
    "link",
    "lien",
    "links",
    "open links",
    "WHO",
    "AI",
    "C++",
    "internet",
    "互联网",
    "stock",
    "été",
)
LANGUAGES = ("en", "fr", "zh", "und")

words = st.sampled_from(WORDS).map(Word)
expressions = st.recursive(
    words,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(any_of),
        st.builds(all_of, st.lists(inner, min_size=1, max_size=3), st.lists(inner, max_size=2)),
    ),
    max_leaves=6,
)
articles = st.builds(
    lambda title, text, language: analyse(Article("a", " ".join(title), " ".join(text), language)),
    st.lists(st.sampled_from((*WORDS, "rain", "who", "ai")), max_size=3),
    st.lists(st.sampled_from((*WORDS, "rain", "who", "ai", "and")), max_size=8),
    st.sampled_from(("en", "fr", "zh")),
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(expressions, st.sampled_from(((), ("fr",), ("en", "zh")))), min_size=1, max_size=8),
    st.lists(articles, min_size=1, max_size=4),
)
def test_the_index_finds_what_every_topic_by_itself_takes(topics, read):
    counted = Counter(term for one in read for term in {*one.title_terms, *one.body_terms})
    index = TopicIndex(LANGUAGES)
    wanted = [Topic(str(n), expression, languages) for n, (expression, languages) in enumerate(topics)]
    for number, topic in enumerate(wanted):
        index.add(number, topic, names_of(topic, ALIASES))
    index.ready(lambda terms: counted)
    for article in read:
        plain = {n: topic.matcher(ALIASES).verdict(article) for n, topic in enumerate(wanted)}
        assert index.verdicts(article) == {n: v for n, v in plain.items() if v is not Verdict.OTHER}


def test_a_topic_waits_under_its_rarest_term():
    index = TopicIndex(("en",))
    index.add(1, Topic("t", parse_topic("tencent + link")))
    index.ready(lambda terms: {"tencent": 5, "link": 900, "the": 10_000})
    assert set(index._waiting) == {"tencent"}


def test_topics_that_take_the_same_have_one_key():
    one, two = (Topic(name, parse_topic(words)) for name, words in (("a", "tencent link"), ("b", "tencent + link")))
    assert key_of(one, ALIASES) == key_of(two, ALIASES)
    assert key_of(one, ALIASES) != key_of(one, Aliases())
    assert key_of(one, ALIASES) == key_of(one, ALIASES + Aliases([["Alibaba", "阿里巴巴"]]))
    assert key_of(one, ALIASES) != key_of(Topic("a", one.expression, ("fr",)), ALIASES)
