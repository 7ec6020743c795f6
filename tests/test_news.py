"""Who asks for the news is given them."""

from dataclasses import replace

import pytest

from bot.grammar import asked_for_news
from briefs.models import Article, Source
from tests.dispatcher import MONDAY


@pytest.mark.parametrize(
    ("said", "meant"),
    {
        "latest news on batteries": "batteries",
        "What's the latest on the rail strike this week?": "rail strike since:7d",
        "any updates about Apple": "Apple",
        "what is new in physics": "physics",
        "Quoi de neuf sur les batteries ?": "batteries",
        "les dernières infos sur la SNCF": "SNCF",
        "il y a du nouveau chez Verkor aujourd’hui ?": "Verkor since:today",
        "最近一周的电池新闻": "电池 since:7d",
        "电池最新消息": "电池",
        "苹果有什么消息吗？": "苹果",
        "关于电池的新闻": "电池",
        "what's new": "since:7d",
        "news": "since:7d",
        "What happened yesterday?": "since:yesterday before:today",
        "quoi de neuf": "since:7d",
        "que s’est-il passé hier ?": "since:yesterday before:today",
        "有什么新闻": "since:7d",
        "今天有什么新闻？": "since:today",
        "昨天发生了什么": "since:yesterday before:today",
        "what's new lang:fr": "since:7d lang:fr",
        "what's new since:30d": "since:30d",
        "what's new before:2026-11-01 lang:fr": "before:2026-11-01 lang:fr",
        "苹果最近有什么新闻": "苹果",
        "苹果今天的新闻": "苹果 since:today",
        "最近有什么关于苹果的新闻": "苹果",
        "帮我看看今天的新闻": "since:today",
        "请告诉我苹果的新闻": "苹果",
        "please tell me the news": "since:7d",
        "can you tell me the latest on Apple": "Apple",
        "I want the news": "since:7d",
        "je voudrais les nouvelles": "since:7d",
        "peux-tu me donner les nouvelles": "since:7d",
        "news from Le Monde": "Le Monde",
        "news about The Who": "The Who",
        "news from USA Today": "USA Today",
        "news on apocalypse now": "apocalypse now",
        "des nouvelles du jour": "since:today",
        "quoi de neuf en Ukraine": "Ukraine",
        "des nouvelles de Gaza": "Gaza",
    }.items(),
)
def test_the_words_that_ask_for_news_are_no_part_of_what_is_looked_up(said, meant):
    assert asked_for_news(said) == meant


WORDS = """Fox News · News Corp results · News of the World · latest iPhone · the news industry ·
what happened in Dunkirk · nouvelle usine · nouvelles usines de batteries · le nouveau Premier ministre ·
informations judiciaires · 假新闻 · 澎湃新闻 · 新闻自由 · 电池新闻 · 消息灵通 · 关于假新闻 · 关于腾讯新闻 · 今日头条 ·
nouvelles du Jour · nouvelles de Maupassant · news in brief · batteries · since:7d"""


@pytest.mark.parametrize("said", [*map(str.strip, WORDS.split("·")), "", "news on batteries " * 99])
def test_what_speaks_of_news_is_looked_up_as_it_stands(said):
    assert asked_for_news(said) is None


async def test_what_is_new_is_what_is_of_the_last_days(office):
    day = {"published": MONDAY.replace(day=14)}
    office.archive.add(
        [Article("seal", "A seal in the harbour", "A seal swam into the harbour of Brest.", "en", **day)]
    )
    office.archive.add([Article("old", "Old seals", "Seals swam into the harbour of Brest.", "en")])
    seen = await office.person().say("what's new?")
    assert seen.splitlines()[0] == "“what's new?”"
    assert "from 9 November 2026 on" in seen
    assert "A seal in the harbour" in seen
    assert "[Share to channel]" in seen
    assert "Subscribe to this" not in seen  # there are no words to make a topic of


async def test_the_dates_that_the_asker_gives_are_those_of_the_news(office):
    for said in ("what's new since:30d", "what's new --since 30d"):
        assert "from 17 October 2026 on" in await office.person().say(said)
    assert asked_for_news("what's new", dated=True) == ""  # where they are given beside the words


async def test_the_name_of_a_source_asks_for_no_news(office, monkeypatch):
    services, source = office.dispatcher._services, Source("https://a.example/feed", "feed", name="L’Actualité")
    monkeypatch.setattr(
        office.dispatcher, "_services", replace(services, config=replace(services.config, sources=(source,)))
    )
    seen = await office.person().say("l’actualité")
    assert seen.splitlines()[0] == "“l’actualité”"
    assert "from 9 November 2026 on" not in seen


async def test_the_latest_on_a_subject_finds_the_subject(office):
    said = await office.person().say("what's the latest on WeChat Pay")
    assert said.splitlines()[0] == "“WeChat Pay”"
    assert "WeChat Pay reaches Taobao" in said
