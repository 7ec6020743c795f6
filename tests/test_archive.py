"""Look-ups, as somebody who asks sees them."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from briefs.archive import Archive
from briefs.errors import UsageError
from briefs.models import Article
from briefs.text.aliases import Aliases
from tests import sqlite
from tests.clock import Clock

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES = Aliases([["Tencent", "腾讯"], ["Alibaba", "阿里巴巴"]])

ARTICLES = [
    Article(
        "links",
        "Tencent and Alibaba open their links",
        "Tencent and Alibaba will open their links to each other from 17 September, the ministry of industry in "
        "Beijing said on Monday. The ministry had asked for it in September. Shares rose by 4 per cent in Hong Kong.",
        "en",
        source="Example Post",
    ),
    Article(
        "liens",
        "La hache de guerre est enterrée",
        "Le ministère a proposé des normes aux entreprises. Toutes les plateformes doivent être débloquées, dit-il. "
        "L'ouverture des services se fait progressivement.",
        "fr",
        source="Journal",
    ),
    Article("wechat", "微信支付", "腾讯宣布微信支付进入淘宝。用户可以直接付款。", "zh", source="新闻"),
    Article(
        "tobacco",
        "Tobacco goes online",
        "Tobacco factories in Yunnan connect their machines. It will reduce costs and raise productivity.",
        "en",
        source="Trade Weekly",
    ),
]


@pytest.fixture
def clock():
    return Clock(MONDAY)


@pytest.fixture
def archive(database_url, clock):
    with Archive.open(database_url, aliases=NAMES, clock=clock) as archive:
        archive.add(ARTICLES)
        yield archive


def leads(brief):
    return [story.lead.id for story in brief.stories]


def test_adding_tells_how_many_are_new(archive):
    assert archive.add(ARTICLES) == 0
    assert archive.add([Article("new", "New", "Something new.")]) == 1
    assert archive.position() == 5
    assert archive.article("new").language == "en"
    assert archive.article("none") is None


def test_a_look_up_finds_the_article_and_quotes_it_to_the_letter(archive):
    brief = archive.brief("tencent links")
    story = brief.stories[0]
    assert story.lead.id == "links"
    assert story.quotes[0].text.startswith("Tencent and Alibaba will open their links to each other from 17 September")
    assert all(story.articles[q.source].text[q.start : q.end] == q.text for q in story.quotes)
    assert brief.notice is None


def test_the_words_need_no_accents(archive):
    assert leads(archive.brief("plateformes debloquees"))[0] == "liens"


def test_a_name_in_one_script_finds_the_others(archive):
    for query in ("腾讯", "tencent"):
        found = {article.id for story in archive.brief(query).stories for article in story.articles}
        assert {"links", "wechat"} <= found


def test_a_misspelt_word_is_read_as_the_nearest_one_and_that_is_said(archive):
    brief = archive.brief("tobaco factories")
    assert leads(brief)[0] == "tobacco"
    assert brief.notice is None
    assert brief.read_as.corrections == (("tobaco", "Tobacco"),)


def test_a_near_miss_owns_up(archive):
    brief = archive.brief("how many employees does tencent have")
    assert brief.notice.kind == "nothing"
    assert "employees" in brief.notice.missing
    assert brief.notice.nearest[0] == "tencent"
    assert brief.stories == ()


def test_an_unrelated_question_gets_no_stories(archive):
    brief = archive.brief("apple pie recipe with 4 eggs")
    assert brief.stories == ()
    assert brief.notice.kind == "nothing"


def test_words_near_those_that_were_not_found_are_named(archive):
    notice = archive.brief("tobaccoo-free hospitals").notice
    assert "hospitals" in notice.missing


def test_only_stop_words_is_said(archive):
    brief = archive.brief("what is the")
    assert (brief.stories, brief.notice.kind) == ((), "only_stop_words")


def test_a_brief_says_what_was_searched(archive):
    archive.add([Article("dated", "Dated", "Old news.", "en", published=MONDAY - timedelta(days=400))])
    brief = archive.brief("tencent")
    assert brief.searched.articles == 5
    assert brief.searched.oldest == MONDAY - timedelta(days=400)
    assert brief.languages == ("en", "fr", "zh")
    assert brief.took_ms > 0


def test_an_empty_archive_answers_honestly(tmp_path):
    with Archive.open(sqlite.database(tmp_path / "empty.db")) as archive:
        brief = archive.brief("tencent")
        assert (brief.stories, brief.notice.kind, brief.searched.articles) == ((), "nothing", 0)
        assert archive.search("tencent") == []
        assert archive.position() == 0


def test_languages_and_since_narrow_a_look_up(archive, clock):
    clock.now = MONDAY + timedelta(days=2)
    archive.add([Article("later", "Later", "Tencent reports its results.", "en")])
    assert leads(archive.brief("tencent", since=MONDAY + timedelta(days=1))) == ["later"]
    assert leads(archive.brief("tencent", languages=["zh"])) == ["wechat"]
    assert archive.brief("tencent", since=MONDAY + timedelta(days=9)).stories == ()


def test_the_newer_of_two_alike_comes_first(archive, clock):
    clock.now = MONDAY + timedelta(days=30)
    archive.add([Article("again", "Tobacco goes online", "Tobacco factories in Yunnan connect everything.", "en")])
    assert [hit.article.id for hit in archive.search("yunnan")] == ["again", "tobacco"]


def test_a_full_week_is_enough_and_an_old_answer_is_found_all_the_same(archive, clock):
    clock.now = MONDAY + timedelta(days=60)
    archive.add([Article(f"n{n}", "", f"Tencent news number {n}.", "en") for n in range(30)])
    assert "links" not in [hit.article.id for hit in archive.search("tencent", limit=100)]
    assert "links" in [hit.article.id for hit in archive.search("tencent", limit=100, recency=False)]
    assert "tobacco" in [hit.article.id for hit in archive.search("yunnan factories")]


def test_reasons_of_a_hit_add_up_to_its_score(archive):
    for hit in archive.search("tencent alibaba ministry links"):
        assert sum(hit.reasons.terms.values()) + sum(hit.reasons.parts.values()) == pytest.approx(hit.score)


def test_copies_of_one_text_are_one_story(archive):
    archive.add([Article("copy", ARTICLES[0].title, ARTICLES[0].text, "en", source="Other Post")])
    stories = archive.brief("tencent alibaba links").stories
    assert {article.id for article in stories[0].articles} == {"links", "copy"}
    assert len({article.id for story in stories for article in story.articles}) == sum(len(s.articles) for s in stories)


PAINTED = (
    "Mayor John Hill of Harwick said on Monday that the town had painted all of its 31 crossings in white, for 12,000 "
    "euros."
)


def test_an_article_found_by_its_title_alone_stands_by_it(archive):
    archive.add([Article("title", "Zebra crossing", PAINTED, "en")])
    assert archive.brief("zebra").stories[0].quotes == ()


def test_where_no_sentence_reads_well_alone_the_title_stands_without_a_quote(archive):
    archive.add([Article("title", "Zebra crossing", "The town painted it last week. It is white.", "en")])
    (story,) = archive.brief("zebra").stories
    assert (story.lead.title, story.quotes) == ("Zebra crossing", ())


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "tencent'); DROP TABLE article; --",
        "title: NEAR(a b) * ^",
        "\x00tencent\x00",
        "🙂🙂",
        "% _",
        "\ud800",
        "(" * 99,
    ],
)
def test_what_people_paste_is_harmless(archive, query):
    with suppress(UsageError):
        archive.brief(query)
    assert archive.size().articles == len(ARTICLES)


def test_an_endless_query_is_refused(archive):
    with pytest.raises(UsageError, match="at most"):
        archive.search("tencent " * 700)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(st.text(alphabet="tencent links腾讯开放互联é'’-.0123456789\"*()", min_size=1, max_size=40))
def test_any_query_gets_verbatim_quotes_or_an_honest_word(archive, query):
    try:
        brief = archive.brief(query)
    except UsageError:
        return
    assert brief.stories or brief.notice
    for story in brief.stories:
        assert all(story.articles[q.source].text[q.start : q.end] == q.text for q in story.quotes)


def test_several_threads_ask_while_one_adds(archive):
    problems = []

    def ask():
        try:
            for _ in range(10):
                assert archive.brief("tencent").stories
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(10):
        archive.add([Article(f"t{n}", "", f"Tencent news {n}.", "en")])
    for thread in threads:
        thread.join()
    assert problems == []


def test_importing_the_package_imports_nothing_heavy():
    code = "import briefs, sys; print(sorted({'numpy', 'sqlalchemy', 'rank_bm25'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_what_the_dictionary_lacks_does_not_hide_an_article_in_another_language(tmp_path):
    farming = Article("zh", "", "烟草业的工人今年增加了百分之五。", language="zh")
    harbour = Article("other", "", "港口因风暴而关闭。", language="zh")
    with Archive.open(sqlite.database(tmp_path / "briefs.db")) as archive:
        archive.add([farming, harbour])
        stories = archive.brief("How many tobacco workers does Zorblax count?").stories
    assert [story.lead.id for story in stories] == ["zh"]
