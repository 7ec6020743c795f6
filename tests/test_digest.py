"""Digests: what is new on a topic since the last one, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from briefs.archive import Archive
from briefs.models import Article, Digest, Post, Told
from briefs.text.aliases import Aliases
from briefs.topics import Topic, parse_topic
from tests import sqlite
from tests.clock import Clock

ALIASES = Aliases([["Tencent", "腾讯"], ["Alibaba", "阿里巴巴"], ["link", "lien", "链接"], ["WeChat", "微信"]])
LINKS = Topic("links", parse_topic("Tencent + link - stock"))
EVENTS = {  # each told in words of its own, so that none is taken for another
    "WeChat opens outside links": "Tencent said on Friday that WeChat, the network of 900 million people in "
    "China, will open outside links to all of its users in 3 cities.",
    "Judge refuses to hear Tencent": "A judge in Shenzhen refused on Monday to hear Tencent about copied links in"
    " a novel application of 312 pages, Caixin reported.",
    "Supercell removes old links": "The Finnish studio Supercell, which Tencent bought in 2016, removed every "
    "link to older versions of its game Clash of Clans.",
    "Police warn of fraud": "The police of Guangzhou warned of fraud on Tuesday: a forged link promises red "
    "envelopes of 200 yuan in the name of Tencent.",
    "Hospitals want one link for codes": "Hospitals in Wuhan want a single link for the codes that Tencent and "
    "Alibaba have printed on cards since 2020.",
    "Physicists link distant qubits": "Physicists of the University of Hefei, paid by Tencent, described the link"
    " between two distant qubits in the journal Nature on 12 May.",
    "Travellers buy tickets": "Travellers in Sichuan buy tickets through a link that Tencent has placed beside "
    "the timetable of 9,600 trains.",
}
FINE = (
    "The Chinese regulator fined Tencent 20,000 yuan on Tuesday over a broken link to a shop in Hangzhou, Reuters "
    "reported."
)
TO_SHOPS = (
    "The University of Shenzhen said in a report in May 2024 that the Chinese company Tencent had opened every link to "
    "9 million shops."
)
IN_ENGLISH = (
    "Tencent, the largest games company in China, will open WeChat links to Alibaba on 17 September, officials in "
    "Shenzhen said."
)
IN_FRENCH = (
    "Tencent, premier éditeur de jeux du pays, ouvrira les liens de WeChat à Alibaba le 17 septembre, selon des "
    "responsables de Shenzhen."
)
IN_CHINESE = "据新华社报道，腾讯公司将于9月17日向阿里巴巴开放微信链接，首批覆盖北京、上海和深圳3个城市。"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 2, 8, tzinfo=UTC))


@pytest.fixture
def archive(database_url: str, clock: Clock) -> Iterator[Archive]:
    with Archive.open(database_url, aliases=ALIASES, clock=clock) as opened:
        yield opened


def article(name: str, text: str, *, source: str | None = None, language: str = "en", title: str = "") -> Article:
    return Article(name, title or name, text, language, source=source or name)


def events(source: str | None = None) -> list[Article]:
    return [article(name, text, source=source) for name, text in EVENTS.items()]


def titles(digest: Digest) -> list[str]:
    return [story.lead.title for story in digest.stories]


def told(digest: Digest, before: Told | None = None) -> Told:
    """What a channel knows after a digest was posted."""
    before = before or Told()
    shown = (*digest.stories, *digest.more)
    articles = {one.id for story in shown for one in story.articles}
    sentences = (*before.sentences, *(q.text for story in digest.stories for q in story.quotes))
    posts = dict.fromkeys(articles, Post(digest.until, f"post {digest.through}"))
    return Told(before.articles | articles, sentences, {**before.posts, **posts})


def test_an_empty_archive_has_no_news(archive):
    digest = archive.digest(LINKS)
    assert (digest.topic, digest.stories, digest.articles, digest.through) == ("links", (), 0, 0)


def test_what_matches_is_told_with_verbatim_quotes(archive):
    archive.add(
        [
            article("WeChat opens outside links", EVENTS["WeChat opens outside links"]),
            article("Weather", "It rains in Nice."),
        ]
    )
    digest = archive.digest(LINKS)
    (story,) = digest.stories
    (quote,) = story.quotes
    assert (
        quote.text == story.articles[quote.source].text[quote.start : quote.end] == EVENTS["WeChat opens outside links"]
    )
    assert (digest.articles, digest.publishers, digest.through) == (1, 1, archive.position())


def test_quotes_of_an_article_come_in_the_order_of_its_text(archive):
    ministry = (
        "The ministry in Beijing has spoken to Tencent and 24 others about each outside link since July, Reuters said."
    )
    commerce = (
        "China's Ministry of Commerce said on Monday that Tencent, the owner of WeChat, had opened every link to the 9 "
        "million shops of its rival Alibaba in Shenzhen."
    )
    archive.add([article("Ministry", f"{ministry} {commerce}")])
    (story,) = archive.digest(LINKS).stories
    assert [quote.text for quote in story.quotes] == [ministry, commerce]


def test_better_no_second_quote_than_one_that_says_little(archive):
    title = "University: every link to shops is open"
    archive.add([article("Ministry", f"{TO_SHOPS} A link costs three euros in Nice.", title=title)])
    (story,) = archive.digest(LINKS).stories
    assert [quote.text for quote in story.quotes] == [TO_SHOPS]


def test_the_next_digest_starts_where_the_last_one_ended(archive):
    archive.add([article("WeChat opens outside links", EVENTS["WeChat opens outside links"])])
    first = archive.digest(LINKS)
    assert archive.digest(LINKS, after=first.through).stories == ()
    archive.add([article("Judge refuses to hear Tencent", EVENTS["Judge refuses to hear Tencent"])])
    assert titles(archive.digest(LINKS, after=first.through, told=told(first))) == ["Judge refuses to hear Tencent"]


def test_only_rows_up_to_a_position_are_told(archive):
    archive.add([article("WeChat opens outside links", EVENTS["WeChat opens outside links"])])
    there = archive.position()
    archive.add([article("Judge refuses to hear Tencent", EVENTS["Judge refuses to hear Tencent"])])
    digest = archive.digest(LINKS, through=there)
    assert (titles(digest), digest.through) == (["WeChat opens outside links"], there)
    assert archive.digest(LINKS, through=10**9).through == archive.position()


def test_since_looks_at_what_came_in_from_then_on(archive, clock):
    archive.add([article("WeChat opens outside links", EVENTS["WeChat opens outside links"])])
    clock.now += timedelta(days=2)
    archive.add([article("Judge refuses to hear Tencent", EVENTS["Judge refuses to hear Tencent"])])
    digest = archive.digest(LINKS, since=clock.now - timedelta(days=1))
    assert titles(digest) == ["Judge refuses to hear Tencent"]
    assert (digest.since, digest.until) == (clock.now - timedelta(days=1), clock.now)


def test_what_a_topic_leaves_out_is_counted(archive):
    archive.add(
        [article("a", EVENTS["WeChat opens outside links"]), article("b", "Tencent stock falls; a link to the tables.")]
    )
    assert archive.digest(LINKS).left_out == {"excluded": 1}


def test_an_article_told_before_is_a_repeat(archive):
    archive.add([article("WeChat opens outside links", EVENTS["WeChat opens outside links"])])
    first = archive.digest(LINKS)
    again = archive.digest(LINKS, told=told(first))
    assert (again.stories, again.left_out) == ((), {"repeat": 1})


def test_another_source_that_says_the_same_is_a_repeat(archive):
    archive.add([article("wire", EVENTS["WeChat opens outside links"])])
    first = archive.digest(LINKS)
    copy = "Tencent said WeChat, the network of 900 million in China, will open outside links to its users in 3 cities."
    archive.add([article("daily", copy)])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert (second.stories, second.left_out) == ((), {"repeat": 1})


def test_of_a_story_told_before_only_the_new_sentence_is_quoted(archive):
    title = "WeChat opens outside links"
    archive.add([article("wire", EVENTS[title], title=title)])
    first = archive.digest(LINKS)
    archive.add([article("daily", f"{EVENTS[title]} {FINE}", title=title)])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert [quote.text for story in second.stories for quote in story.quotes] == [FINE]


def test_where_its_title_says_what_is_new_of_a_story_what_led_to_it_is_not_quoted(archive):
    archive.add([article("wire", EVENTS["WeChat opens outside links"], title="WeChat opens outside links")])
    first = archive.digest(LINKS)
    text = f"{EVENTS['WeChat opens outside links']} {TO_SHOPS} {FINE}"
    archive.add([article("daily", text, title="Tencent fined over a broken link")])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert [quote.text for story in second.stories for quote in story.quotes] == [FINE]


def test_a_story_that_goes_on_names_the_last_post_that_told_of_it(archive, clock):
    archive.add([article("wire", EVENTS["WeChat opens outside links"])])
    first = archive.digest(LINKS)
    clock.now += timedelta(days=1)
    archive.add(
        [
            article("daily", f"{EVENTS['WeChat opens outside links']} {FINE}"),
            article("Judge refuses to hear Tencent", EVENTS["Judge refuses to hear Tencent"]),
        ]
    )
    second = archive.digest(LINKS, after=first.through, told=told(first))
    updates = {story.lead.id: (story.update_of, story.told_at) for story in second.stories}
    assert updates == {"daily": ("post 1", first.until), "Judge refuses to hear Tencent": (None, None)}


def test_what_the_told_article_said_without_being_quoted_is_no_news(archive):
    text = [
        TO_SHOPS,
        "Tencent and its rival Alibaba opened each link after a meeting with 25 companies at the ministry in July.",
        "The link in question had been closed since 2013, Tencent admits in a report of 64 pages.",
        "The shops on Taobao expect 300 million visitors by such a link from Tencent, the bank Goldman Sachs wrote "
        "in May.",
    ]
    archive.add([article("wire", " ".join(text), title="Report says every link to shops is open")])
    first = archive.digest(LINKS)
    quoted = {quote.text for story in first.stories for quote in story.quotes}
    assert 0 < len(quoted) < len(text)
    archive.add([article("daily", " ".join(sentence for sentence in text if sentence not in quoted))])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert (second.stories, second.left_out) == ((), {"repeat": 1})


def test_told_in_one_language_is_not_told_again_in_another(archive):
    archive.add([article("wire", "Tencent will open WeChat links on 17 September, officials in Shenzhen said.")])
    first = archive.digest(LINKS)
    archive.add([article("quotidien", "Tencent ouvrira les liens de WeChat le 17 septembre.", language="fr")])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert (second.stories, second.left_out) == ((), {"repeat": 1})
    archive.add([article("报", "腾讯将于9月17日开放微信链接，并缴纳罚款2亿元。", language="zh")])
    third = archive.digest(LINKS, after=second.through, told=told(first))
    assert [(story.lead.id, story.update_of) for story in third.stories] == [("报", "post 1")]


def test_told_in_chinese_is_not_told_again_in_english(archive):
    archive.add([article("报", "腾讯将于九月开放微信链接，2万人可以使用。", language="zh")])
    first = archive.digest(LINKS)
    assert titles(first) == ["报"]
    archive.add([article("wire", "Tencent will open WeChat links to 20,000 people in September.")])
    second = archive.digest(LINKS, after=first.through, told=told(first))
    assert (second.stories, second.left_out) == ((), {"repeat": 1})


def test_a_changed_figure_is_told(archive):
    opened = "A link of Tencent to the shops of Alibaba was opened {} times on Monday, the company said in Shenzhen."
    archive.add([article("wire", opened.format("5,000"))])
    first = archive.digest(LINKS)
    archive.add([article("daily", opened.format("20,000"))])
    assert titles(archive.digest(LINKS, after=first.through, told=told(first))) == ["daily"]


def test_one_event_from_several_sources_is_one_story(archive):
    archive.add(
        [
            article("wire", IN_ENGLISH),
            article("quotidien", IN_FRENCH, language="fr"),
            article("报", IN_CHINESE, language="zh"),
        ]
    )
    digest = archive.digest(LINKS)
    (story,) = digest.stories
    assert {one.id for one in story.articles} == {"wire", "quotidien", "报"}
    assert digest.publishers == 3
    assert len({story.articles[quote.source].language for quote in story.quotes}) == 1  # not said again in another


def test_stories_beyond_the_limit_follow(archive):
    archive.add(events())
    digest = archive.digest(LINKS, limit=3)
    assert (len(digest.stories), len(digest.more)) == (3, 4)
    assert any(story.quotes for story in digest.stories)
    assert any(story.quotes for story in digest.more)
    assert {story.lead.title for story in (*digest.stories, *digest.more)} == set(EVENTS)


def test_one_source_has_two_stories_while_others_have_something_to_say(archive):
    archive.add(events("Gazette"))
    archive.add(
        [
            article(
                "Other",
                "The engineer Ann Moore explains to Reuters how Tencent tests a link 14 times before it is shown in "
                "Oslo.",
                source="Reuters",
            )
        ]
    )
    digest = archive.digest(LINKS, limit=3)
    assert sorted(story.lead.source or "" for story in digest.stories) == ["Gazette", "Gazette", "Reuters"]


def test_each_language_that_has_something_has_a_place(tmp_path, clock):
    english = ("Dockers in Hull", "Nurses in Leeds", "Pilots from Cork", "Miners near Perth")
    with Archive.open(sqlite.database(tmp_path / "b.db"), clock=clock) as archive:
        archive.add(article(who, f"{who} are on strike, a strike for more pay and another strike.") for who in english)
        archive.add([article("quotidien", "Une grève retarde les trains à Rouen.", language="fr")])
        archive.add([article("报", "深圳工厂工人罢工三天，要求提高工资。", language="zh")])
        topic = Topic("strikes", parse_topic("strike | grève | 罢工"))
        assert {story.lead.language for story in archive.digest(topic, limit=3).stories} == {"en", "fr", "zh"}
        assert len(archive.digest(topic, limit=1).stories) == 1


def test_a_language_takes_no_third_place_for_its_source(tmp_path, clock):
    english = {
        "hull": ("Agence", "Dockers in Hull are on strike, a strike for pay and another strike."),
        "leeds": ("Agence", "Nurses: strike at Leeds, strike at York, strike at Bath."),
        "cork": ("Other", "Pilots in Cork voted for a strike and another strike. They fly to many towns."),
    }
    french = f"{'Les trains entre Rouen et Paris ont pris du retard. ' * 3}Une grève retarde les trains à Rouen."
    with Archive.open(sqlite.database(tmp_path / "b.db"), clock=clock) as archive:
        archive.add(article(name, text, source=source) for name, (source, text) in english.items())
        archive.add([article("rouen", french, source="Agence", language="fr")])
        topic = Topic("strikes", parse_topic("strike | grève"))
        shown = [story.lead for story in archive.digest(topic, limit=3).stories]
        assert {one.language for one in shown} == {"en", "fr"}
        assert sorted(one.source or "" for one in shown) == ["Agence", "Agence", "Other"]


def test_of_two_stories_much_alike_one_waits_for_another_subject(archive):
    alike = "Tencent opens the link between {} and its shops: {} people came to the opening {}."
    archive.add([article("one", alike.format("Lyon", 512, "in March"), source="a")])
    archive.add([article("two", alike.format("Oslo", 77, "in winter"), source="b")])
    archive.add(
        [
            article("fraud", EVENTS["Police warn of fraud"], source="c"),
            article("long", "A link of Tencent " * 3, source="d"),
        ]
    )
    shown = {story.lead.id for story in archive.digest(LINKS, limit=2).stories}
    assert shown != {"one", "two"}


def test_what_is_left_out_is_named_with_its_reason(archive):
    archive.add(
        [article("a", EVENTS["WeChat opens outside links"]), article("b", "Tencent stock falls; a link to the tables.")]
    )
    first = archive.digest(LINKS)
    archive.add([article("c", EVENTS["WeChat opens outside links"])])
    digest = archive.digest(LINKS, told=told(first))
    assert {one.article.id: one.because for one in digest.omitted} == {"a": "repeat", "b": "excluded", "c": "repeat"}


def test_a_source_that_is_alone_fills_the_digest(archive):
    archive.add(events("Gazette"))
    assert len(archive.digest(LINKS, limit=5).stories) == 5


def test_a_word_too_common_to_look_up_still_makes_a_topic(archive):
    archive.add([article("a", "The WHO warns of a new fever."), article("b", "Nobody knows who will win.")])
    assert titles(archive.digest(Topic("who", parse_topic("WHO")))) == ["a"]


def test_a_week_of_news_is_told_once(archive, clock):
    """Each day brings one event by two sources and yesterday's again: each event is told on its day."""
    memory, position = Told(), 0
    for name, text in EVENTS.items():
        clock.now += timedelta(days=1)
        archive.add([article(name, text), article(f"{name}, again", text)])
        digest = archive.digest(LINKS, after=position, told=memory)
        assert [{one.id for one in story.articles} for story in digest.stories] == [{name, f"{name}, again"}]
        memory, position = told(digest, memory), digest.through
        archive.add([article(f"{name}, late", text)])
    assert len(memory.sentences) == len(set(memory.sentences)) == len(EVENTS)


IN_THREE = [
    Article(
        "accord-en",
        "Tencent opens its links",
        f"{IN_ENGLISH} The link had been blocked since 2013.",
        "en",
        source="Wire",
    ),
    Article(
        "accord-fr",
        "Tencent ouvre ses liens",
        f"{IN_FRENCH} Le lien était bloqué depuis 2013.",
        "fr",
        source="Le Jour",
    ),
    Article(
        "accord-zh",
        "腾讯开放链接",
        f"{IN_CHINESE}该链接自2013年以来一直被屏蔽。",
        "zh",
        source="晨报",
    ),
]


LEANING = "Il ouvrira les liens le 17 septembre. Cela vaut aussi pour WeChat, et pour eux le lien comptait."


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_a_story_is_told_in_the_language_of_its_reader(archive, language):
    archive.add(IN_THREE)
    story = archive.digest(LINKS, reader=language).stories[0]
    assert story.lead.language == language
    assert {story.articles[quote.source].language for quote in story.quotes} == {language}


def test_it_is_so_too_where_the_article_in_that_language_says_far_less_of_the_topic(archive):
    rivals = ["ByteDance", "Baidu", "Huawei", "Xiaomi", "NetEase", "Meituan"]
    english = replace(IN_THREE[0], text=f"{IN_ENGLISH} {', '.join(rivals)} may follow.")
    french = replace(IN_THREE[1], text=LEANING)
    archive.add([english, french])
    (story,) = archive.digest(Topic("networks", parse_topic(" | ".join(["Tencent", *rivals]))), reader="fr").stories
    assert (story.lead.language, len(story.articles)) == ("fr", 2)


def test_where_no_sentence_in_the_reader_s_language_is_fit_another_s_stands_under_their_title(archive):
    english, french, _ = IN_THREE
    archive.add([english, replace(french, text=LEANING)])
    (story,) = archive.digest(LINKS, reader="fr").stories
    (quote,) = story.quotes
    assert (story.lead.title, story.articles[quote.source].source, quote.text) == (
        "Tencent ouvre ses liens",
        "Wire",
        IN_ENGLISH,
    )


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_a_preview_names_stories_in_the_language_of_its_reader(archive, language):
    archive.add(IN_THREE)
    before = datetime(2026, 1, 1, tzinfo=UTC)
    assert archive.outlook(LINKS, before, reader=language).samples[0].lead.language == language


@pytest.mark.parametrize("between", [5, 30])
def test_what_is_new_is_told_in_the_language_of_its_reader_however_much_came_in_since(archive, between):
    archive.add([IN_THREE[1]])
    archive.add(Article(f"town {n}", f"Town {n}", f"Town {n} paints {7 * n} doors.", "en") for n in range(between))
    archive.add([IN_THREE[0]])
    assert archive.brief("since:1 day", reader="fr").stories[0].lead.id == IN_THREE[1].id
    assert archive.brief("since:1 day", reader="en").stories[0].lead.id == IN_THREE[0].id


def test_a_reader_whose_language_no_article_has_is_told_the_story_all_the_same(archive):
    archive.add(IN_THREE)
    assert archive.digest(LINKS, reader="de").stories == archive.digest(LINKS).stories


def test_the_title_is_not_said_again_as_a_quote(archive):
    body = (
        "Tencent, based in Shenzhen, said the link to Taobao works in three cities since May for 61 million users "
        "of WeChat."
    )
    archive.add([article("Tencent opens a link to Taobao", f"Tencent opens a link to Taobao.\n\n{body}")])
    assert [quote.text for quote in archive.digest(LINKS).stories[0].quotes] == [body]


def test_an_article_that_says_only_its_title_is_quoted_with_it(archive):
    title = (
        "China's Ministry of Commerce said on Monday that Tencent, the owner of WeChat, had opened every link to the 9 "
        "million shops of its rival Alibaba in Shenzhen"
    )
    archive.add([article(title, f"{title}.")])
    assert [quote.text for quote in archive.digest(LINKS).stories[0].quotes] == [f"{title}."]


def test_news_in_sentences_that_do_not_read_well_alone_is_told_by_its_title(archive):
    archive.add(
        [article("Tencent opens a link to Taobao", "It opened the link on Friday. He called the link a start.")]
    )
    (story,) = archive.digest(LINKS).stories
    assert (story.lead.title, story.quotes) == ("Tencent opens a link to Taobao", ())


def test_no_sentence_is_quoted_alone_and_again_with_the_next(archive):
    leaning = "It took place in Hangzhou and gathered some 5,000 developers, customers and investors."
    first = (
        "The engineer Wang Jian chaired a conference of Tencent about links in Hangzhou in May 2023, Xinhua reported."
    )
    archive.add(
        [
            article(
                "Tencent: Wang Jian chairs a conference on links",
                f"{first} {leaning}\n\nHe found the two audiences alike and praised the crowd.",
            )
        ]
    )
    quotes = archive.digest(LINKS).stories[0].quotes
    assert quotes
    assert all(one.end <= two.start for one, two in pairwise(quotes))


def test_a_fact_is_quoted_in_one_story_of_a_digest(archive):
    archive.add(
        [article(name, f"{TO_SHOPS} {text}", title=f"{name}: shops are open") for name, text in [*EVENTS.items()][:3]]
    )
    quoted = [quote.text for story in archive.digest(LINKS).stories for quote in story.quotes]
    assert quoted.count(TO_SHOPS) == 1
