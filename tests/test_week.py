"""Two weeks in three channels of three languages: no fact is told twice, and nothing new is left out.

Each sentence of these days states one fact. Papers copy each other, restate each other days later, translate each
other, correct themselves, and report what is new beside what is not; one writes the same lines under all that it
writes; stories are silent for days, then go on. People ask for a digest of their own, and rename a topic.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import chain
from types import SimpleNamespace

import pytest

from bot.commands import Asked, Dispatcher
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article, Channel
from briefs.store.answers import Answers
from briefs.store.channels import Channels
from briefs.text.aliases import Aliases
from tests import sqlite
from tests.clock import Clock
from tests.posts import Posts

MONDAY = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)  # 9:00 in Paris
ALIASES = Aliases([["Tencent", "腾讯"], ["Alibaba", "阿里巴巴"], ["WeChat", "微信"], ["Huawei", "华为"]])
ENGLISH, FRENCH, CHINESE = (Channel("console", "home", name) for name in ("tencent", "alibaba", "huawei"))
TOPICS = {ENGLISH: ("Tencent", "Tencent"), FRENCH: ("Alibaba", "Alibaba | Alipay"), CHINESE: ("华为", "华为 | Huawei")}
LANGUAGES = {ENGLISH: "en", FRENCH: "fr", CHINESE: "zh"}
DAYS = 15

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
    "华为在曼谷降价35%，回应阿里云在新加坡的降价。": "cloud: answer",
    "华为在曼谷降价25%，回应阿里云在新加坡的降价。": "cloud: corrected",
    "华为在深圳建设一座容纳2万人的新校区，明年九月启用。": "campus: built",
    "Huawei builds a campus for 20,000 people that opens in September.": "campus: built",
    "华为在长春测试六台无人驾驶扫雪车，冬天前投入使用。": "plough: tested",
    "长春市为华为的六台无人驾驶扫雪车修建车库和充电站。": "plough: garage",
    "Tencent was fined 500,000 yuan because a shop in Shenzhen still saw blocked links.": "links: fined",
    "Judges in Beijing cancelled what Tencent was fined: the shop in Shenzhen had hidden its own links.": (
        "links: cancelled"
    ),
    "Aino Virta, who drew herons for Tencent, becomes chief designer of Saimaa.": "saimaa: chief",
    "A hall for 900 spectators of Tencent’s tournaments is opened in Oulu by Saimaa.": "saimaa: hall",
    "Sixty painters from Tampere begin at Saimaa, and Tencent pays their lessons.": "saimaa: painters",
    "Tencent buys the Helsinki game studio Polar Fox for 340 million euros.": "game: bought",
    "The Helsinki game studio Polar Fox is bought by Tencent for 340 million euros.": "game: bought",
    "The 120 employees of Polar Fox keep their offices in Kallio.": "game: offices",
    "Tencent raises its price for the Helsinki game studio Polar Fox to 410 million euros.": "game: raised",
    "A warehouse of 30,000 square metres was opened in Liège by Cainiao, the carrier of Alibaba.": "liege: warehouse",
    "Cainiao, transporteur d’Alibaba, ouvre à Liège un entrepôt de 30 000 mètres carrés.": "liege: warehouse",
    "Residents of Grâce-Hollogne complain about the night flights over their roofs.": "liege: flights",
    "Le bourgmestre Willy Demeyer interdit les vols de nuit vers l’entrepôt d’Alibaba à Liège.": "liege: ban",
    "Tencent Music and Warner sign a licence for twelve countries in Latin America.": "music: licence",
    "Tencent Music and Warner sign a licence for two countries in Latin America.": "music: corrected",
    "Singers from Bogotá will perform at the ceremony in October.": "music: singers",
    "A court in Shenzhen rejected the appeal of Tencent against ByteDance over copied video clips.": "court: appeal",
    "Judge Liu Fang found that the clips of ByteDance were parodies.": "court: parody",
    "The appeal of Tencent against ByteDance over copied video clips was rejected by a court in Shenzhen.": (
        "court: appeal"
    ),
    "Tencent and Alibaba found a payment office in Hong Kong that Mei Chan will lead.": "office: founded",
    "Mei Chan worked for the Monetary Authority before.": "office: chan",
}
BY_TITLE = {text.rstrip(".。"): fact for text, fact in FACTS.items()}
# Written under everything that one publisher writes; it had written twice when the two weeks began.
UNDER = (
    "Saimaa draws lakes and woods for Tencent and for players in ninety countries. "
    "For pictures of its founders write to the press office, which answers from Monday to Friday."
)
BEFORE = ("A game about herring won a prize in Turku.", "The office moved to a former mill beside the rapids.")
# Day by day: publisher, language, facts by the sentences that state them (the nth way to put them).
WEEK: list[list[tuple[str, str, list[tuple[str, int]]]]] = [
    [
        ("Wire", "en", [("links: open", 0), ("links: order", 0)]),
        ("Le Jour", "fr", [("links: open", 2)]),
        ("Gazette", "en", [("cloud: cut", 0), ("cloud: war", 0)]),
        ("晨报", "zh", [("plough: tested", 0)]),
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
        ("Saimaa", "en", [("saimaa: chief", 0)]),
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
        ("Saimaa", "en", [("saimaa: hall", 0)]),
    ],
    [
        ("Law Times", "en", [("court: appeal", 0), ("court: parody", 0)]),
        ("Gazette", "en", [("cloud: answer", 0), ("cloud: war", 0)]),
        ("晨报", "zh", [("cloud: answer", 1)]),
        ("长春日报", "zh", [("plough: garage", 0)]),
    ],
    [
        ("Ledger", "en", [("office: founded", 0), ("office: chan", 0)]),
        ("Daily", "en", [("court: appeal", 1), ("court: parody", 0)]),
    ],
    [("Saimaa", "en", [("saimaa: painters", 0)]), ("晨报", "zh", [("campus: built", 0)])],
    [("Gazette", "en", [("campus: built", 1)])],
    [
        ("Wire", "en", [("links: fined", 0)]),
        ("Daily", "en", [("links: open", 1)]),
        ("La Meuse", "fr", [("liege: ban", 0), ("liege: warehouse", 1)]),
    ],
    [],
    [],
    [],
    [],
    [("Ledger", "en", [("links: cancelled", 0), ("links: fined", 0)])],
]
# Day → what is corrected at its address: publisher, day, language, facts.
CORRECTED = {
    4: ("Sound", 3, "en", [("music: corrected", 0), ("music: singers", 0)]),
    6: ("晨报", 5, "zh", [("cloud: corrected", 0)]),
}
SILENT = [set[str]()] * 4
# The facts that may not be left out, by the day on which they are news.
NEWS = {
    ENGLISH: [
        {"links: open"},
        {"links: fine", "game: bought"},
        {"saimaa: chief"},
        {"game: raised", "music: licence"},
        {"saimaa: hall", "music: corrected"},
        {"court: appeal"},
        {"office: founded"},
        {"saimaa: painters"},
        set(),
        {"links: fined"},
        *SILENT,
        {"links: cancelled"},
    ],
    FRENCH: [
        {"cloud: cut"},
        set(),
        {"liege: warehouse"},
        set(),
        set(),
        {"cloud: answer"},
        {"office: founded"},
        set(),
        set(),
        {"liege: ban"},
        *SILENT,
        set(),
    ],
    CHINESE: [
        {"plough: tested"},
        *SILENT,
        {"cloud: answer", "plough: garage"},
        {"cloud: corrected"},
        {"campus: built"},
        set(),
        set(),
        *SILENT,
        set(),
    ],
}


def sentence(fact: str, way: int, language: str) -> str:
    ways = [text for text, stated in FACTS.items() if stated == fact]
    return ways[way]


def article(publisher: str, day: int, language: str, facts: list[tuple[str, int]]) -> Article:
    """What a publisher wrote on a day, a few hours before the digests."""
    texts = [sentence(fact, way, language) for fact, way in facts]
    text, name = ("" if language == "zh" else " ").join(texts), f"{publisher}/{day}"
    if publisher == "Saimaa":
        text = f"{text}\n\n{UNDER}"
    seen = MONDAY + timedelta(days=day, hours=-6)
    return Article(name, texts[0].rstrip(".。"), text, language, f"https://{name}", publisher, seen)


def gathered(day: int) -> list[Article]:
    """The articles of a day, and those that are corrected on it."""
    corrected = [article(*CORRECTED[day])] if day in CORRECTED else []
    return [*(article(one[0], day, *one[1:]) for one in WEEK[day]), *corrected]


def written_before() -> list[Article]:
    texts = [f"{text}\n\n{UNDER}" for text in BEFORE]
    return [Article(f"Saimaa/{n}", BEFORE[n], text, "en", source="Saimaa") for n, text in enumerate(texts)]


class Desks:
    """People who type in the channels."""

    def __init__(self, archive: Archive, clock: Clock) -> None:
        self.archive = archive
        self.dispatcher = Dispatcher(archive, Channels(archive.database), Config.load(None), clock=clock)

    def say(self, channel: Channel, text: str):
        """Type something, and give what the channel sees of the answer as its JSON."""
        reply = asyncio.run(self.dispatcher.text(Asked(channel, "ann", may_manage=True), text))
        shown = Answers(self.archive.database).answer(channel, "ann")
        return [SimpleNamespace(content=shown.content)] if reply.public else []


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """Two weeks of gathers and digests: channel → the editions of each day."""
    clock = Clock(MONDAY - timedelta(days=1))
    with Archive.open(
        sqlite.database(tmp_path_factory.mktemp("week") / "briefs.db"), aliases=ALIASES, clock=clock
    ) as archive:
        archive.add(written_before())
        people, channels = Desks(archive, clock), {one: Posts(archive, one, clock) for one in TOPICS}
        for channel, posts in channels.items():
            posts.subscribe(*TOPICS[channel])
            Channels(archive.database).choose(channel, language=LANGUAGES[channel])
        told = {channel: [] for channel in channels}
        for day in range(DAYS):
            clock.now = MONDAY + timedelta(days=day, hours=-4)
            archive.add(gathered(day))
            archive.forget(clock.now - timedelta(days=30))
            asked = {channel: [] for channel in channels}
            if day == 2:
                clock.now = MONDAY + timedelta(days=day, hours=-3)
                asked[FRENCH] = people.say(FRENCH, "digest Alibaba")
            if day == 3:
                people.say(ENGLISH, 'topic rename Tencent "Tencent this week"')
            clock.now = MONDAY + timedelta(days=day)
            for channel, posts in channels.items():
                told[channel].append([*asked[channel], *posts.deliver()])
    return told


def stories(editions):
    return [story for edition in editions for story in edition.content["stories"]]


def facts(editions) -> list[str]:
    return [fact for story in stories(editions) for fact in stated(story)]


def stated(story) -> list[str]:
    """The facts of a story as it is shown: its title's, then those of its quotes; of an update only those, if any."""
    title = [] if story["told_at"] and story["quotes"] else [BY_TITLE[story["title"]]]
    return list(dict.fromkeys([*title, *(FACTS[quote["text"]] for quote in story["quotes"])]))


@pytest.mark.parametrize("channel", TOPICS, ids=lambda one: one.id)
def test_no_fact_is_told_twice_and_none_that_is_new_is_left_out(week, channel):
    days = [facts(editions) for editions in week[channel]]
    assert [fact for fact, times in Counter(chain(*days)).items() if times > 1] == []
    assert [wanted - set(told) for wanted, told in zip(NEWS[channel], days, strict=True)] == [set()] * DAYS


@pytest.mark.parametrize("channel", TOPICS, ids=lambda one: one.id)
def test_a_day_that_only_repeats_is_not_posted(week, channel):
    assert [bool(editions) for editions in week[channel]] == [bool(wanted) for wanted in NEWS[channel]]


def test_what_goes_on_is_an_update_of_the_day_that_told_it(week):
    updates = {
        stated(story)[0]: story["told_at"]
        for editions in chain(*week.values())
        for story in stories(editions)
        if story["told_at"] and "corrected" not in story
    }
    assert updates == {
        "links: fine": "2026-09-14T07:00:00Z",
        "game: raised": "2026-09-15T07:00:00Z",
        "cloud: answer": "2026-09-14T07:00:00Z",
        "plough: garage": "2026-09-14T07:00:00Z",
        "links: fined": "2026-09-15T07:00:00Z",
        "liege: ban": "2026-09-16T04:00:00Z",
        "links: cancelled": "2026-09-23T07:00:00Z",
    }


@pytest.mark.parametrize(
    ("channel", "event", "day"),
    [(CHINESE, "plough", 5), (ENGLISH, "links", 9), (FRENCH, "liege", 9), (ENGLISH, "links", 14)],
)
def test_what_nobody_wrote_of_for_four_days_goes_on_as_the_same_story(week, channel, event, day):
    def tells(facts):
        return any(fact.startswith(f"{event}:") for fact in facts)

    wrote = [any(tells(dict(facts)) for _, _, facts in articles) for articles in WEEK]
    assert wrote[day - 5 : day + 1] == [True, *[False] * 4, True]
    told = [[one for one in stories(editions) if tells(stated(one))] for editions in week[channel]]
    *before, update = chain(*told[: day + 1])
    assert told[day - 4 : day + 1] == [[], [], [], [], [update]]
    assert {one["story"] for one in before} == {update["story"]}


def test_what_is_corrected_names_what_was_said(week):
    corrections = {
        stated(story)[0]: BY_TITLE.get(story["corrected"]) or FACTS[story["corrected"]]
        for editions in chain(*week.values())
        for story in stories(editions)
        if "corrected" in story
    }
    assert corrections == {"music: corrected": "music: licence", "cloud: corrected": "cloud: answer"}


def test_what_somebody_asked_for_in_public_is_not_posted_again(week):
    (asked,) = week[FRENCH][2]
    assert facts([asked])[0] == "liege: warehouse"


def test_a_topic_that_is_renamed_goes_on(week):
    names = [edition.content["topic"] for editions in week[ENGLISH] for edition in editions]
    assert names == ["Tencent"] * 3 + ["Tencent this week"] * (len(names) - 3)


@pytest.mark.parametrize("channel", TOPICS, ids=lambda one: one.id)
def test_a_story_is_told_in_the_channels_language_where_somebody_tells_it_so(week, channel):
    for editions, day in zip(week[channel], WEEK, strict=True):
        spoken = {fact: language for _, language, told in day for fact, _ in told if language == LANGUAGES[channel]}
        for story in stories(editions):
            for quote in story["quotes"]:
                assert quote["language"] == spoken.get(FACTS[quote["text"]], quote["language"])


def test_what_a_publisher_writes_under_everything_is_never_quoted(week):
    quoted = {
        quote["text"] for editions in chain(*week.values()) for one in stories(editions) for quote in one["quotes"]
    }
    assert quoted <= set(FACTS)
    assert not [text for text in quoted if text in UNDER]
