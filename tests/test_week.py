"""A week in two channels: no fact is told twice, in whatever words and language, and nothing new is left out.

Each sentence of the week states one fact. Papers copy each other, restate each other days later, translate each other,
and report what is new beside what is not.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest

from briefs.archive import Archive
from briefs.models import Article, Channel
from briefs.text.aliases import Aliases
from tests.posts import Posts

MONDAY = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # 9:00 in Paris
ALIASES = Aliases([["Tencent", "腾讯"], ["Alibaba", "阿里巴巴"], ["WeChat", "微信"], ["Huawei", "华为"]])
ENGLISH, FRENCH = Channel("console", "home", "tencent"), Channel("console", "home", "alibaba")

# Sentence → the fact it states: "event: fact".
FACTS = {
    "Tencent said on Monday that WeChat will open outside links to all users from 17 September.": "links: open",
    "WeChat will open outside links to all users from 17 September, Tencent said on Monday.": "links: open",
    "Tencent a annoncé lundi que WeChat ouvrira les liens externes à tous ses utilisateurs dès le 17 septembre.": (
        "links: open"
    ),
    "腾讯周一表示，微信将从9月17日起向所有用户开放外部链接。": "links: open",
    "The industry ministry in Beijing had ordered platforms to stop blocking each other.": "links: order",
    "Regulators warned that a platform which keeps blocking links risks a fine of 500,000 yuan.": "links: fine",
    "A fine of 500,000 yuan threatens any platform which keeps blocking links, regulators warned.": "links: fine",
    "Alibaba Cloud cut the prices of 100 products by 20 percent in Singapore and Jakarta.": "cloud: cut",
    "Alibaba Cloud baisse de 20 % les prix de 100 produits à Singapour et Jakarta.": "cloud: cut",
    "The price war of cloud services in Asia has lasted since spring.": "cloud: war",
    "Huawei answered Alibaba Cloud with a cut of 35 percent in Bangkok.": "cloud: answer",
    "Tencent buys the Helsinki game studio Polar Fox for 340 million euros.": "game: bought",
    "The Helsinki game studio Polar Fox is bought by Tencent for 340 million euros.": "game: bought",
    "The 120 employees of Polar Fox keep their offices in Kallio.": "game: offices",
    "Tencent raises its price for the Helsinki game studio Polar Fox to 410 million euros.": "game: raised",
    "A warehouse of 30,000 square metres was opened in Liège by Cainiao, the carrier of Alibaba.": "liege: warehouse",
    "Cainiao, transporteur d’Alibaba, ouvre à Liège un entrepôt de 30 000 mètres carrés.": "liege: warehouse",
    "Residents of Grâce-Hollogne complain about the night flights over their roofs.": "liege: flights",
    "Tencent Music and Warner sign a licence for twelve countries in Latin America.": "music: licence",
    "Singers from Bogotá will perform at the ceremony in October.": "music: singers",
    "A court in Shenzhen rejected the appeal of Tencent against ByteDance over copied video clips.": "court: appeal",
    "Judge Liu Fang found that the clips of ByteDance were parodies.": "court: parody",
    "The appeal of Tencent against ByteDance over copied video clips was rejected by a court in Shenzhen.": (
        "court: appeal"
    ),
    "Tencent and Alibaba found a payment office in Hong Kong that Mei Chan will lead.": "office: founded",
    "Mei Chan worked for the Monetary Authority before.": "office: chan",
}
# Day by day: publisher, language, facts by the sentences that state them (the nth way to put them).
WEEK: list[list[tuple[str, str, list[tuple[str, int]]]]] = [
    [
        ("Wire", "en", [("links: open", 0), ("links: order", 0)]),
        ("Le Jour", "fr", [("links: open", 2)]),
        ("Gazette", "en", [("cloud: cut", 0), ("cloud: war", 0)]),
    ],
    [
        ("Daily", "en", [("links: open", 0), ("links: order", 0)]),
        ("Ledger", "en", [("links: open", 1), ("links: fine", 0)]),
        ("Games Weekly", "en", [("game: bought", 0), ("game: offices", 0)]),
    ],
    [
        ("晨报", "zh", [("links: open", 3)]),
        ("Herald", "en", [("game: bought", 1)]),
        ("Le Jour", "fr", [("cloud: cut", 1)]),
        ("Brussels Post", "en", [("liege: warehouse", 0), ("liege: flights", 0)]),
    ],
    [
        ("Helsinki Star", "en", [("game: raised", 0), ("game: offices", 0)]),
        ("La Meuse", "fr", [("liege: warehouse", 1)]),
        ("Sound", "en", [("music: licence", 0), ("music: singers", 0)]),
    ],
    [
        ("Wire", "en", [("links: fine", 1)]),
        ("Gazette", "en", [("game: offices", 0), ("game: bought", 1)]),
        ("Echo", "en", [("liege: warehouse", 0)]),
    ],
    [
        ("Law Times", "en", [("court: appeal", 0), ("court: parody", 0)]),
        ("Gazette", "en", [("cloud: answer", 0), ("cloud: war", 0)]),
    ],
    [
        ("Ledger", "en", [("office: founded", 0), ("office: chan", 0)]),
        ("Daily", "en", [("court: appeal", 1), ("court: parody", 0)]),
    ],
]
# The facts that may not be left out, by the day on which they are news.
NEWS = {
    ENGLISH: [
        {"links: open"},
        {"links: fine", "game: bought"},
        set(),
        {"game: raised", "music: licence"},
        set(),
        {"court: appeal"},
        {"office: founded"},
    ],
    FRENCH: [{"cloud: cut"}, set(), {"liege: warehouse"}, set(), set(), {"cloud: answer"}, {"office: founded"}],
}


class Clock:
    now = MONDAY - timedelta(days=1)

    def __call__(self):
        return self.now


def sentence(fact: str, way: int, language: str) -> str:
    ways = [text for text, stated in FACTS.items() if stated == fact]
    return ways[way]


def gathered(day: int) -> list[Article]:
    """The articles of a day, a few hours before the digests."""
    seen = MONDAY + timedelta(days=day, hours=-6)
    made = []
    for publisher, language, facts in WEEK[day]:
        texts = [sentence(fact, way, language) for fact, way in facts]
        name = f"{publisher}/{day}"
        space = "" if language == "zh" else " "
        made.append(
            Article(name, texts[0].rstrip(".。"), space.join(texts), language, f"https://{name}", publisher, seen)
        )
    return made


@pytest.fixture
def week(tmp_path):
    """Seven days of gathers and digests: channel → the editions of each day."""
    clock = Clock()
    with Archive.open(f"sqlite:///{tmp_path}/briefs.db", aliases=ALIASES, clock=clock) as archive:
        channels = {ENGLISH: Posts(archive, ENGLISH, clock), FRENCH: Posts(archive, FRENCH, clock)}
        channels[ENGLISH].subscribe("Tencent", "Tencent")
        channels[FRENCH].subscribe("Alibaba", "Alibaba | Alipay")
        told = {channel: [] for channel in channels}
        for day in range(7):
            clock.now = MONDAY + timedelta(days=day, hours=-4)
            archive.add(gathered(day))
            clock.now = MONDAY + timedelta(days=day)
            for channel, posts in channels.items():
                told[channel].append(posts.deliver())
    return told


def stories(editions):
    return [story for edition in editions for story in edition.content["stories"]]


def facts(editions) -> list[str]:
    return [fact for story in stories(editions) for fact in stated(story)]


def stated(story) -> list[str]:
    """The facts of a story as it is shown: its title's, then those of its quotes; of an update only what it quotes."""
    by_title = {text.rstrip(".。"): fact for text, fact in FACTS.items()}
    title = [] if story["told_at"] else [by_title[story["title"]]]
    return list(dict.fromkeys([*title, *(FACTS[quote["text"]] for quote in story["quotes"])]))


@pytest.mark.parametrize("channel", [ENGLISH, FRENCH], ids=lambda one: one.id)
def test_no_fact_is_told_twice_and_none_that_is_new_is_left_out(week, channel):
    days = [facts(editions) for editions in week[channel]]
    assert [fact for fact, times in Counter(chain(*days)).items() if times > 1] == []
    assert [wanted - set(told) for wanted, told in zip(NEWS[channel], days, strict=True)] == [set()] * 7


def test_a_day_that_only_repeats_is_not_posted(week):
    assert [bool(editions) for editions in week[ENGLISH]] == [bool(wanted) for wanted in NEWS[ENGLISH]]
    assert [bool(editions) for editions in week[FRENCH]] == [bool(wanted) for wanted in NEWS[FRENCH]]


def test_what_goes_on_is_an_update_of_the_day_that_told_it(week):
    updates = {
        stated(story)[0]: story["told_at"]
        for editions in (*week[ENGLISH], *week[FRENCH])
        for story in stories(editions)
        if story["told_at"]
    }
    assert updates == {
        "links: fine": "2026-09-14T07:00:00Z",
        "game: raised": "2026-09-15T07:00:00Z",
        "cloud: answer": "2026-09-14T07:00:00Z",
    }
