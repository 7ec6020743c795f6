"""A page that is watched: what is added to it comes as a story, once, under the day on which it changed."""

from __future__ import annotations

import asyncio
import difflib
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.reply import StoryItem
from bot.commands import Dispatcher
from bot.platforms.console.terminal import render
from bot.platforms.discord import components
from bot.platforms.slack import blocks
from briefs.archive import Archive
from briefs.config import Config
from briefs.gather import gather
from briefs.housekeeping import expire
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Article, Channel, Source
from briefs.quoting.additions import KNOWN, added, as_it_stands, change_of, remembered
from briefs.store.articles import digest_of
from briefs.store.channels import Channels
from briefs.store.follows import Follows
from briefs.store.sources import Sources
from briefs.text.analyse import analyse
from tests.clock import Clock
from tests.dispatcher import MONDAY, Person
from tests.fakes.web import Page, serve
from tests.posts import Posts

OURS, THEIRS = Channel("chat", "ours", "C1"), Channel("chat", "theirs", "C1")


@dataclass(frozen=True)
class Notices:
    """A page of notices in one language. news: sentences that are added; amended: the first, with another date."""

    language: str
    title: str
    standing: tuple[str, ...]
    listed: tuple[str, ...]
    news: tuple[str, str]
    amended: str
    updated: str
    visitors: str
    topic: str
    asked: str
    changed: str

    def html(self, n, *more, without=()):
        """The page on a day: date, counter, advertisement, session and the order of its items are never the same."""
        said = [one for one in (*self.standing, *more) if one not in without]
        listed = self.listed[n % 3 :] + self.listed[: n % 3]
        return Page(
            f"<!doctype html><html lang='{self.language}'><head><title>{self.title}</title></head><body>"
            f"<nav><a href='/?sid={n * 7919}'>Port</a> <a href='/contact;jsessionid={n * 104729}'>@</a></nav>"
            f"<main><h1>{self.title}</h1><p>{self.updated.format(day=n + 1, minute=n + 10)}</p>"
            f"{''.join(f'<p>{one}</p>' for one in said)}<ul>{''.join(f'<li>{one}</li>' for one in listed)}</ul>"
            f"<p>{self.visitors.format(n=12_345 + 71 * n)}</p></main>"
            f"<aside class='advertisement'>{['Shoes', 'Hats', 'Rings', 'Soap'][n % 4]} -{n + 10}%</aside>"
            "</body></html>".encode()
        )


EN = Notices(
    "en",
    "Notices of the port of Dunkirk",
    (
        "The port of Dunkirk is open to ships of up to 300 metres, and pilots take them to their berths.",
        "The eastern lock is closed until the end of May, the port authority said on Thursday.",
    ),
    ("Port office, quay 7, second floor", "Rescue service, channel 16", "Customs house of the western basin"),
    (
        "The port authority of Dunkirk will open a second crane for containers on 12 April.",
        "Three companies have asked the port of Dunkirk for berths beside the crane.",
    ),
    "The port authority of Dunkirk will open a second crane for containers on 19 April.",
    "Last updated: {day} March 2026, 9:{minute}",
    "You are visitor number {n} of this page.",
    "port",
    "second crane containers",
    "Changed on Wednesday 18 November",
)
FR = Notices(
    "fr",
    "Avis du port de Dunkerque",
    (
        "Le port de Dunkerque est ouvert aux navires de 300 mètres, que des pilotes mènent à leur quai.",
        "L’écluse de l’est est fermée jusqu’à la fin du mois de mai, a annoncé jeudi l’autorité portuaire.",
    ),
    ("Bureau du port, quai 7, deuxième étage", "Secours en mer, canal 16", "Douane du bassin de l’ouest"),
    (
        "L’autorité portuaire de Dunkerque mettra en service une deuxième grue à conteneurs le 12 avril.",
        "Trois entreprises ont demandé au port de Dunkerque une place à quai près de la grue.",
    ),
    "L’autorité portuaire de Dunkerque mettra en service une deuxième grue à conteneurs le 19 avril.",
    "Mise à jour le {day} mars 2026 à 9h{minute}",
    "Vous êtes le visiteur numéro {n} de cette page.",
    "port",
    "deuxième grue conteneurs",
    "Modifié le mercredi 18 novembre",
)
ZH = Notices(
    "zh",
    "敦刻尔克港公告",
    (
        "敦刻尔克港对三百米以内的船只开放，引航员负责把船只带到泊位。",
        "港务局周四宣布，东侧船闸将关闭至五月底，西侧船闸照常使用。",
    ),
    ("港口办公室位于七号码头二楼", "海上救援使用第十六频道", "西港池设有海关办事处"),
    ("港务局宣布，敦刻尔克港第二台集装箱起重机将于4月12日启用。", "三家公司已向港口申请起重机旁边的泊位。"),
    "港务局宣布，敦刻尔克港第二台集装箱起重机将于4月19日启用。",
    "更新时间：2026年3月{day}日 09:{minute}",
    "本页访问量：{n}次",
    "港",
    "第二台集装箱起重机",
    "11月18日周三有更新",
)
LANGUAGES = pytest.mark.parametrize("page", [EN, FR, ZH], ids=lambda page: page.language)


class Port:
    """A page, the workspace that watches it, and another that does not; both have a topic that takes all of it."""

    def __init__(self, web, archive, clock, page):
        self.web, self.archive, self.clock, self.page, self.day = web, archive, clock, page, 0
        self.source = Source(web.url("/notices"), "watch")
        Follows(self.archive.database).follow(OURS, self.source, "ann", self.clock())
        self.posts = {here: Posts(self.archive, here, self.clock) for here in (OURS, THEIRS)}
        for here, posts in self.posts.items():
            Channels(self.archive.database).choose(here, language=page.language)
            posts.subscribe("Port", page.topic)

    def read(self, *more, without=()):
        """Let a day go by on which the page says this; return what its watchers and the others are told."""
        self.web.pages["/notices"] = self.page.html(self.day, *more, without=without)
        fetcher = Fetcher(allow_private=True, seconds=60, turns=Turns(pause=0))
        report = gather([self.source], self.archive, fetcher=fetcher, clock=self.clock)
        assert not report.refused
        self.day += 1
        self.clock.now += timedelta(days=1)
        brought = {here: posts.deliver() for here, posts in self.posts.items()}
        assert brought[THEIRS] == []
        return [edition.reply for edition in brought[OURS]]

    def looked_up(self, words, here=OURS):
        return self.archive.seen_by(here).brief(words).stories


@pytest.fixture
def port(database_url):
    clock = Clock(MONDAY)
    with serve() as web, Archive.open(database_url, clock=clock) as archive:
        yield partial(Port, web, archive, clock)


def told(replies):
    """What is quoted in each story of some replies."""
    stories = [part for reply in replies for part in reply.parts if isinstance(part, StoryItem)]
    return [[quote.text for quote in story.quotes] for story in stories]


@LANGUAGES
def test_over_a_week_each_addition_is_told_once_and_nothing_else_is(port, page):
    port, (first, second) = port(page), page.news
    assert port.read() == []  # what it says when it is first read
    assert port.read() == []  # date, counter, advertisement, session and order are others
    assert told(port.read(first)) == [[first]]
    assert port.read(first) == []
    assert port.read() == []  # it is taken away
    assert port.read(first) == []  # and comes back
    assert told(port.read(first, second)) == [[second]]
    assert port.read(second, first, without=page.standing[:1]) == []
    assert told(port.read(page.amended, second)) == [[page.amended]]


@LANGUAGES
def test_what_was_added_is_headed_by_its_day_and_linked_to_its_place_on_every_platform(port, page):
    port = port(page)
    port.read()
    port.read()
    (reply,) = port.read(page.news[0])
    address = port.source.address
    (story,) = [part for part in reply.parts if isinstance(part, StoryItem)]
    assert (story.mark, story.title, story.url) == (page.changed, page.title, address)
    assert [quote.text for quote in story.quotes] == [page.news[0]]
    assert story.quotes[0].url.startswith(f"{address}#:~:text=")
    for shown in (
        render(reply, width=200),
        repr([one.payload for one in blocks.messages(reply)]),
        repr([one.payload for one in components.messages(reply)]),
    ):
        story = shown[shown.index(page.changed) :]
        assert story.index(page.title) < story.index(page.news[0])
        assert address in story


@LANGUAGES
def test_a_look_up_finds_the_page_once_as_it_stands_and_only_who_watches_it_finds_it(port, page):
    port = port(page)
    port.read()
    port.read(page.news[0])
    (story,) = port.looked_up(page.asked)
    assert (story.lead.role, story.lead.url) == ("page", port.source.address)
    assert page.news[0] in story.lead.text
    assert port.looked_up(page.asked, THEIRS) == ()
    port.read()
    (story,) = port.looked_up(page.asked)  # what is gone from the page is found where it was told
    assert (story.lead.role, story.lead.text) == ("change", page.news[0])


def test_whoever_asks_why_hears_that_the_page_itself_is_no_news(port):
    port = port(EN)
    port.read()
    dispatcher = Dispatcher(port.archive, Channels(port.archive.database), Config.load(None), clock=port.clock)
    person = Person(dispatcher, channel=OURS)
    said = asyncio.run(person.say(f"why {port.source.address}"))
    assert "as it stands it is no news, and what is added to it is told" in " ".join(said.split())
    port.read(EN.news[0])
    assert "story 1" in asyncio.run(person.say(f"why {port.source.address}"))


def test_a_second_workspace_that_follows_it_later_hears_of_what_is_added_from_then_on(port):
    port, (first, second) = port(EN), EN.news
    port.read()
    port.read(first)
    Follows(port.archive.database).follow(THEIRS, port.source, "bob", port.clock())
    assert port.looked_up(EN.asked, THEIRS)
    assert port.posts[THEIRS].deliver() == []
    port.web.pages["/notices"] = EN.html(port.day, first, second)
    gather([port.source], port.archive, fetcher=Fetcher(allow_private=True, turns=Turns(pause=0)), clock=port.clock)
    port.clock.now += timedelta(days=1)
    for here in (OURS, THEIRS):
        assert told(edition.reply for edition in port.posts[here].deliver()) == [[second]]


def test_a_page_of_one_paragraph_that_is_replaced_is_found_as_it_stands(port):
    (before, now), nothing = EN.standing, ""
    port = port(replace(EN, standing=(before,), listed=(), updated=nothing, visitors=nothing))
    port.read()
    assert told(port.read(now, without=(before,))) == [[now]]
    assert port.archive.article(f"{port.source.address}#page").text == now
    assert port.read(now, without=(before,)) == []


def test_what_reads_as_a_page_does_elsewhere_is_no_twin_of_it(port):
    port = port(EN)
    port.read()
    page = port.archive.article(f"{port.source.address}#page")
    assert Sources(port.archive.database).with_content([digest_of(page.title, page.text)]) == {}


@pytest.mark.parametrize("was_down", [False, True])
def test_a_page_that_was_only_read_is_read_in_full_once_it_is_watched(port, was_down):
    port = port(EN)

    def read(kind, page):
        port.web.pages["/notices"] = page
        fetcher = Fetcher(allow_private=True, seconds=60, turns=Turns(pause=0))
        gather([replace(port.source, kind=kind)], port.archive, fetcher=fetcher, clock=port.clock)
        port.clock.now += timedelta(days=1)
        return told(edition.reply for edition in port.posts[OURS].deliver())

    as_it_was = replace(EN.html(0), headers={"ETag": '"1"'})
    read("page", as_it_was)
    if was_down:
        assert read("watch", Page(b"", status=503)) == []
    assert read("watch", as_it_was) == []
    assert read("watch", EN.html(1, EN.news[0])) == [[EN.news[0]]]
    (story,) = port.looked_up("eastern lock closed")
    assert story.lead.role == "page", "what it was, as an article, does not stand beside it"
    read("watch", EN.html(2, without=(EN.standing[1],)))
    assert [story.lead.role for story in port.looked_up("eastern lock closed")] == [None], (
        "it is found where it was told"
    )


@pytest.mark.parametrize(
    ("named", "followed", "stays"), [(False, True, True), (True, False, True), (False, False, False)]
)
def test_a_page_is_kept_for_as_long_as_it_is_read(port, named, followed, stays):
    port = port(EN)
    port.read()
    follows = Follows(port.archive.database)
    if named:
        follows.open([port.source])
    if not followed:
        follows.unfollow(OURS, port.source.address)
    port.clock.now += timedelta(days=91)
    port.archive.add([Article("new", "Comets", "A comet will pass the Earth in June.", "en")])
    for _ in expire(port.archive.database, port.clock(), timedelta(days=90)):
        pass
    assert (port.archive.article(f"{port.source.address}#page") is not None) == stays


# ---- sentences


def says(text, language="en"):
    article = Article("https://port.example/notices", "Notices", text, language)
    return as_it_stands(analyse(article), f"{article.id}#page")


def additions(*texts, language="en"):
    """What each reading of a page adds to those before it."""
    known, before, found = b"", "", []
    for text in texts:
        page = says(text, language)
        found.append(added(page, known, before) if known else None)
        known, before = remembered(page, known), text
    return found[1:]


CLOSED = "The lock is closed until May. Ferries leave at 9:00 and 17:00."


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        (CLOSED, CLOSED, ""),
        (CLOSED, "Ferries leave at 9:00 and 17:00.\nThe lock is CLOSED, until May!", ""),
        (CLOSED, CLOSED.replace("closed", "clossed"), ""),
        (CLOSED, CLOSED.replace("17:00", "18:30"), "Ferries leave at 9:00 and 18:30."),
        (CLOSED, CLOSED.replace("is closed", "is not closed"), "The lock is not closed until May."),
        (CLOSED, f"{CLOSED} Pilots board ships at the pier.", "Pilots board ships at the pier."),
        (CLOSED, f"{CLOSED}\nThe port has updated its fees for pilots.", "The port has updated its fees for pilots."),
        (CLOSED, f"{CLOSED}\nUpdated by Ann Lee\nMore", ""),
        ("Page updated on Monday 2 March", "Page updated on Tuesday 3 April", ""),
        ("1,234 visitors since 2020", "1,301 visitors since 2020", ""),
        ("Tickets left: 120", "Tickets left: 93", ""),
    ],
)
def test_a_sentence_is_new_where_it_says_something_else(before, now, new):
    assert additions(before, now) == [new]


def test_new_sentences_that_do_not_follow_one_another_are_not_quoted_as_if_they_did():
    before = "The lock is closed until May. Ferries leave at nine."
    now = (
        "Pilots board ships at the pier. The lock is closed until May. Divers look at the gates. They found two cracks."
    )
    assert additions(before, now) == [
        "Pilots board ships at the pier.\nDivers look at the gates. They found two cracks."
    ]


def test_what_was_ever_read_is_remembered_within_bounds():
    pages = [" ".join(f"Ship number {page} of line {word(n)} came in." for n in range(900)) for page in range(12)]
    known = b""
    for text in pages:
        known = remembered(says(text), known)
    assert len(known) <= 16 * (KNOWN + 900)
    assert added(says(pages[-2]), known, pages[-1]) == ""


@pytest.mark.parametrize(
    "line",
    [
        lambda n: " ".join(f"w{word(7 * n + k)}" for k in range(80)),
        lambda n: " ".join(f"w{word(7 * n + k)}" for k in range(1_000)),
        lambda n: f"{SHARED} w{word(n)} w{word(2 * n)} w{word(3 * n)}",
        lambda n: f"{SHARED} {word(10**40 + n)} {word(10**50 + n)} {word(10**60 + n)}",
    ],
    ids=["many words", "a long line", "other words", "slips"],
)
def test_however_a_page_is_written_anew_few_of_its_words_are_compared_letter_by_letter(line, monkeypatch):
    """A hundred new lines, each beside three that are gone, both ways, and three words of each beside three."""
    most, compared = 100 * 3 * 2 * 3 * 3, 0

    class Counted(difflib.SequenceMatcher):
        def __init__(self, *of):
            nonlocal compared
            compared += 1
            assert compared <= most
            super().__init__(*of)

    monkeypatch.setattr(difflib, "SequenceMatcher", Counted)
    before, now = ("\n".join(f"{line(n + start)}." for n in range(100)) for start in (100, 200))
    assert len(additions(before, now)) == 1


SHARED = " ".join(f"Ferry number {n}" for n in "abcdefgh")


def test_a_slip_that_is_mended_is_no_news_among_many_lines_that_are_alike():
    before = "\n".join(f"The {word(n)} gate of the port is clossed until the end of May." for n in range(100, 190))
    assert additions(before, before.replace("clossed", "closed")) == [""]


def word(number):
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


SAID = st.sampled_from([*EN.standing, *EN.news, *FR.standing, *FR.news, *ZH.standing, *ZH.news, EN.amended, CLOSED])
PAGES = st.lists(st.one_of(SAID, st.text(max_size=80)), max_size=8).map("\n".join)


@given(before=PAGES, now=PAGES, language=st.sampled_from(["en", "fr", "zh", "und"]))
def test_whatever_a_page_says_is_added_to_the_letter_and_never_twice(before, now, language):
    known = remembered(says(before, language))
    text = added(says(now, language), known, before)
    assert all(line in now for line in text.split("\n"))
    assert added(says(now, language), remembered(says(now, language), known), now) == ""
    assert added(says(before, language), remembered(says(now, language), known), now) == ""


def test_the_same_change_has_the_same_name_whenever_it_is_seen():
    known = remembered(says(CLOSED))
    now = says(f"{CLOSED} Pilots board ships at the pier.")
    first, again = (change_of(now, known, CLOSED, MONDAY + timedelta(hours=hours)) for hours in (0, 5))
    assert first is not None
    assert replace(first.article, published=None) == replace(again.article, published=None)
    assert change_of(now, b"", "", MONDAY) is None
