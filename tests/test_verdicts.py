"""What a reader is likely to say of a quote to what was asked, and when its title stands alone instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs import Archive, Article, Quote, quotes
from briefs.quoting.asked import PreparedQuery, counted_near, tells_what
from briefs.quoting.relevance import with_the_next
from briefs.quoting.verdicts import ReplySigns, Saying, verdict, verdict_on_news
from briefs.text.aliases import Aliases
from briefs.text.query import parse_query
from briefs.topics import Topic, parse_topic

NOW = datetime(2026, 5, 13, tzinfo=UTC)
SAYS_ALL = "The mayor of Harwick, Ann Lee, opened the new bridge over the river for traffic on 12 May 2026."
BESIDE = "The painter Paul Roy showed forty portraits of sailors at the museum of Harwick in April 2026."
SHARES = st.floats(0, 1)


def shown(tmp_path, title: str, text: str, asked: str) -> list[str]:
    with Archive.open(f"sqlite:///{tmp_path}/a.db", clock=lambda: NOW) as archive:
        archive.add([Article("one", title, text, "en")])
        (story,) = archive.brief(asked).stories
        return [quote.text for quote in story.quotes]


def test_words_are_answered_by_the_sentence_that_says_them(tmp_path):
    assert shown(tmp_path, "Harwick opens its bridge", SAYS_ALL, "Harwick bridge traffic") == [SAYS_ALL]


def test_under_a_title_that_says_it_all_a_sentence_beside_it_is_withheld_far_down(tmp_path):
    text = "\n".join((*("It was late." for _ in range(20)), BESIDE))
    assert shown(tmp_path, "Harwick bridge: traffic begins", text, "Harwick bridge traffic") == []


def test_one_of_several_names_is_all_that_a_topic_asks_for(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path}/a.db", clock=lambda: NOW) as archive:
        archive.add([Article("one", "Harwick opens its bridge", SAYS_ALL, "en")])
        (story,) = archive.digest(Topic("bridges", parse_topic("bridge | pont | viaduct | 大桥"))).stories
    assert [quote.text for quote in story.quotes] == [SAYS_ALL]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Harwick opens its new bridge", True),
        ("Harwick", True),  # no more than the topic: what opens the text is its news
        ("A painter of sailors and the sea", False),
    ],
)
def test_a_digest_quotes_what_its_title_announces(tmp_path, title, told):
    with Archive.open(f"sqlite:///{tmp_path}/a.db", clock=lambda: NOW) as archive:
        archive.add([Article("one", title, SAYS_ALL, "en")])
        (story,) = archive.digest(Topic("harwick", parse_topic("Harwick"))).stories
    assert [quote.text for quote in story.quotes] == [SAYS_ALL] * told


def test_a_digest_tells_the_news_of_an_article_rather_than_what_led_to_it(tmp_path):
    news = "The mayor Ann Lee opened the new bridge over the river Orr for traffic on 12 May 2026."
    before = (
        "In 2019 Harwick, a town of 9,000 people, lost the old wooden bridge of Harwick to a flood of the river Orr."
    )
    with Archive.open(f"sqlite:///{tmp_path}/a.db", clock=lambda: NOW) as archive:
        archive.add([Article("one", "Harwick: mayor opens new bridge for traffic", f"{news} {before}", "en")])
        (story,) = archive.digest(Topic("harwick", parse_topic("Harwick"))).stories
    assert [quote.text for quote in story.quotes][:1] == [news]


@given(place=st.integers(0, 10_000), of_title=SHARES, reads=SHARES)
def test_whatever_is_told_that_it_is_the_news_is_a_chance(place, of_title, reads):
    said = verdict_on_news(place, of_title, reads)
    assert 0 < said.good < 1
    assert said.good <= verdict_on_news(0, 1.0, reads).good


@given(
    share=SHARES,
    title=SHARES,
    place=st.integers(0, 10_000),
    score=SHARES,
    reads=SHARES,
    answers=st.floats(-1e9, 1e9),
    about=st.none() | SHARES,
    retold=SHARES,
    near=SHARES,
)
@pytest.mark.parametrize("kind", ["words", "question"])
def test_whatever_is_said_the_verdict_is_a_chance(
    kind, share, title, place, score, reads, answers, about, retold, near
):
    said = verdict(kind, Saying(share, title, share - 1, place, score, ReplySigns(answers, about, retold, near)), reads)
    assert 0 < said.good < 1


@pytest.mark.parametrize("kind", ["words", "question"])
def test_more_is_asked_of_a_quote_under_a_title_that_tells_something(kind):
    bare, telling = (
        verdict(kind, Saying(0.9, title, 0, 2, 1, ReplySigns(0.5, about=0.5)), 0.6) for title in (0.0, 0.3)
    )
    assert bare.serves
    assert not telling.serves


def test_more_is_asked_of_an_answer_in_an_article_behind_the_best():
    best, behind = (
        verdict("question", Saying(0.9, 0, 0, 2, score, ReplySigns(0.5, about=0.5)), 0.6) for score in (1.0, 0.9)
    )
    assert best.serves
    assert not behind.serves


@pytest.mark.parametrize(
    ("score", "both", "is_shown"), [(1, 0.45, False), (1, 0.55, True), (0.9, 0.85, False), (0.9, 0.95, True)]
)
def test_a_sentence_and_its_title_say_half_of_the_words_in_the_best_story_and_nearly_all_behind_it(
    score, both, is_shown
):
    said = verdict("words", Saying(both, 0, 0, 0, score, both=both), 0.98)
    assert said.good > 0.85
    assert said.serves == is_shown


@pytest.mark.parametrize(
    ("asked", "is_shown"), [("Harwick bridge traffic", True), ("Harwick smuggling ferries customs", False)]
)
def test_what_says_less_than_half_of_what_was_looked_up_is_withheld(tmp_path, asked, is_shown):
    text = f"{SAYS_ALL}\nSmuggling, ferries, customs, he said."
    assert (SAYS_ALL in shown(tmp_path, "A day of joy", text, asked)) == is_shown


@pytest.mark.parametrize("kind", ["words", "question"])
def test_what_reads_badly_is_not_shown_whatever_it_says(kind):
    assert not verdict(kind, Saying(1, 0, 0, 0, 1, ReplySigns(7.0, 1.0, 1.0, 1.0)), 0.29).serves


def test_in_another_language_only_what_can_be_said_in_it_is_asked_for(tmp_path):
    said = "Le maire de Harwick, Paul Roy, et Tencent ont ouvert le nouveau pont à la circulation le 12 mai 2026."
    aliases = Aliases([("Tencent", "腾讯")])
    with Archive.open(f"sqlite:///{tmp_path}/a.db", aliases=aliases, clock=lambda: NOW) as archive:
        archive.add([Article("one", "Harwick : une journée de fête", said, "fr")])
        (story,) = archive.brief("腾讯").stories
    assert [quote.fits > 0.9 for quote in story.quotes] == [True]


@pytest.mark.parametrize(
    ("question", "sentence", "near"),
    [
        ("How many whales came ashore?", "In Harwick 18 whales came ashore.", 1.0),
        ("How many whales came ashore?", "The whales that came ashore were about 18.", 1 / 6),
        (
            "How many whales came ashore?",
            "Whales came ashore at Harwick, said the mayor of the town, in the year 1998.",
            0,
        ),
        ("How many of the 18 whales died?", "All 18 whales were alive.", 0),
        ("Combien de baleines se sont échouées ?", "Dix-huit ou vingt baleines se sont échouées.", 1.0),
        ("Whales in the Œuvre of Cœurville: how many died?", "Of the whales at Harwick, now 18 died.", 1.0),
        ("多少鲸鱼搁浅？", "有18头鲸鱼搁浅。", 1 / 3),
        ("Who saw the whales?", "In Harwick 18 whales came ashore.", 0),
    ],
)
def test_how_near_a_number_stands_to_what_is_counted(question, sentence, near):
    language = {"H": "en", "W": "en", "C": "fr"}.get(question[0], "zh")
    asked = PreparedQuery.of(parse_query(question, languages=[language]))
    assert counted_near(sentence, language, asked) == pytest.approx(near)


def test_what_says_the_rest_of_the_title_is_likelier_to_answer():
    told, beside = (
        verdict("question", Saying(0.5, 0.6, 0, 1, 1, ReplySigns(0, 0.5, rest)), 0.9) for rest in (0.8, 0.0)
    )
    assert told.good > beside.good


def test_a_summary_quotes_what_opens_a_text_or_nothing():
    far_down = "\n".join((*("It was late." for _ in range(20)), SAYS_ALL))
    assert [
        quote.text for quote in quotes(Article("one", "Harwick opens its bridge", f"{SAYS_ALL}\n{far_down}", "en"))
    ] == [SAYS_ALL]
    assert quotes(Article("two", "Harwick opens its bridge", far_down, "en")) == []


OPENING = "The mayor of Harwick spoke on Monday of the old bridge and of why it was closed to all traffic."
ANSWER = "The bridge was closed because a crack in a pier had grown by two millimetres in May 2026."


@pytest.mark.parametrize("between", [" ", "\n"])
def test_a_question_is_answered_by_two_sentences_where_the_next_may_say_what_the_likeliest_lacks(between):
    text = f"{OPENING}{between}{ANSWER} Nobody was hurt."
    one, two = (Quote(said, 0, text.find(said), text.find(said) + len(said), 0.0) for said in (OPENING, ANSWER))
    article = Article("one", "Harwick's bridge", text, "en")
    both = with_the_next(replace(one, fits=0.5, serves=False), [replace(two, fits=0.3, serves=False)], article)
    assert (both.text, both.serves) == (f"{OPENING}{between}{ANSWER}", True)
    assert both.fits == pytest.approx(0.65)


def test_the_next_sentence_stays_away_where_it_adds_little_reads_badly_is_not_next_or_makes_it_long():
    text = f"{OPENING} {ANSWER} {'And so it went on and on. ' * 20}"
    one, two = (Quote(said, 0, text.find(said), text.find(said) + len(said), 0.0) for said in (OPENING, ANSWER))
    article = Article("one", "Harwick's bridge", text, "en")
    likeliest = replace(one, fits=0.5)
    rest = replace(two, start=two.end + 1, end=len(text), text=text[two.end + 1 :], fits=0.5)
    long, good = replace(two, end=len(text), text=text[two.start :], fits=0.5), replace(two, fits=0.5)
    assert with_the_next(likeliest, [good], article) != likeliest
    for other in (replace(two, fits=0.05), replace(good, good=0.29), rest, long):
        assert with_the_next(likeliest, [likeliest, other], article) == likeliest


@pytest.mark.parametrize(
    ("asked", "sentence", "language"),
    [
        ("What is Harwick Loop?", "Harwick Loop is a ring of nine tram lines.", "en"),
        ("Who is Ann Lee?", "The bridge was opened by Ann Lee, the mayor of Harwick.", "en"),
        ("Who is Ann Lee?", "They met Lee, 52, at the bridge.", "en"),
        ("Qu’est-ce que la Boucle d’Orval ?", "La Boucle d’Orval désigne neuf lignes de tramway.", "fr"),
        ("什么是共享经济？", "共享经济是指人们共用闲置的物品。", "zh"),
        ("什么是共享经济", "共享经济是指人们共用闲置的物品。", "zh"),
    ],
)
def test_a_sentence_that_says_what_a_thing_is_tells_it(asked, sentence, language):
    assert tells_what(sentence, language, PreparedQuery.of(parse_query(asked, languages=[language])))


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("What is Harwick Loop?", "Harwick Loop was closed on Monday."),
        ("What is Harwick Loop?", "The tram is a ring of nine lines."),
        ("When was Harwick Loop opened?", "Harwick Loop is a ring of nine tram lines."),
        ("Harwick Loop", "Harwick Loop is a ring of nine tram lines."),
    ],
)
def test_a_sentence_that_says_something_else_or_is_not_asked_what_a_thing_is_does_not(asked, sentence):
    assert not tells_what(sentence, "en", PreparedQuery.of(parse_query(asked, languages=["en"])))


def test_what_only_names_a_thing_of_which_that_is_asked_is_held_to_the_bar_of_a_title_that_tells_it():
    reply = ReplySigns(answers=0.2, about=None)
    names, other = (Saying(0.5, 0.0, 0.0, 3, reply=replace(reply, tells=tells)) for tells in (False, None))
    assert verdict("question", other, 0.5).serves
    assert not verdict("question", names, 0.5).serves


def test_who_asks_what_a_thing_is_is_told_that_and_not_what_became_of_it(tmp_path):
    opened = "The Harwick Loop was opened by Mayor Ann Lee on 4 May 2026 in front of nine thousand people in Harwick."
    told = "The Harwick Loop is a ring of nine tram lines around the old town of Harwick, built by the city in 2026."
    assert shown(tmp_path, "Trams and trains", f"{opened}\n{told}", "What is the Harwick Loop?")[0].startswith(told)


def test_what_says_what_a_thing_is_is_likelier_to_be_good():
    one = Saying(1.0, 1.0, 0.0, 0, reply=ReplySigns(answers=1.0))
    assert verdict("question", replace(one, reply=replace(one.reply, tells=True)), 0.9).good > (
        verdict("question", one, 0.9).good + 0.1
    )
