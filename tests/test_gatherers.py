"""Several processes that gather into one PostgreSQL: one of them reads a source, and each article is filed once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import Any

import pytest
from sqlalchemy import Column, Table, func, select, text, update

from briefs.archive import Archive
from briefs.errors import DatabaseBusy
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Article, Source
from briefs.store import turns
from briefs.store.database import _SESSION, Database, turn
from briefs.store.host_turns import HostTurns
from briefs.store.matching import Matches
from briefs.store.schema import article, article_source, article_topic, document, host_turn, source, telling
from briefs.store.source_claims import LEASE, SourceClaims
from briefs.store.sources import Document, Learnt, Sources
from briefs.topics import Topic, parse_topic
from tests.fakes.web import Page, Web, send, serve
from tests.test_gather import long_text, rss

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEEDS, GATHERERS = 100, 4
SLEPT = "another process may have gone on with what this one slept over"
ARTICLES = FEEDS + FEEDS // 5  # one of each, and one of each five

pytestmark = pytest.mark.usefixtures("postgres_server")


@pytest.fixture
def url(postgres_server):
    made = postgres_server.database()
    yield made
    postgres_server.drop(made)


@pytest.fixture
def database(url):
    with Database.open(url) as opened:
        yield opened


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


FEED, OTHER = (Source(f"https://{name}.example/f", "feed") for name in ("one", "other"))


@pytest.fixture
def claims(database, clock):
    """Give a process's claims; the sources are known."""

    def make() -> SourceClaims:
        made = SourceClaims(database, clock)
        made.make_known([FEED, OTHER])
        return made

    return make


def taken(claims: SourceClaims, *sources: Source, only_due: bool = True) -> set[str]:
    return {health.address for health in claims.claim(sources or (FEED, OTHER), only_due=only_due)}


# ---------------------------------------------------------------- claims


def test_what_one_has_claimed_another_passes_over_until_it_is_given_back(claims):
    ours, theirs = claims(), claims()
    assert taken(ours, FEED) == {FEED.address}
    assert taken(theirs) == {OTHER.address}
    ours.give_back()
    assert taken(theirs) == {FEED.address}


def test_what_was_read_meanwhile_is_not_due_and_comes_with_what_was_learnt(claims, database):
    ours, theirs = claims(), claims()
    assert taken(ours) == {FEED.address, OTHER.address}
    later = NOON + timedelta(hours=1)
    Sources(database).learn([Learnt(FEED, NOON, "etag", next_at=later), Learnt(OTHER, NOON, "etag", next_at=NOON)])
    ours.give_back()
    assert [(one.address, one.etag) for one in theirs.claim([FEED, OTHER], only_due=True)] == [(OTHER.address, "etag")]
    assert taken(claims(), FEED, only_due=False) == {FEED.address}


def test_who_renews_keeps_its_sources_and_who_is_gone_loses_them_when_its_lease_is_over(claims, clock):
    alive, gone, other = claims(), claims(), claims()
    taken(alive, FEED), taken(gone, OTHER)
    clock.now += LEASE / 2
    alive.renew()
    clock.now += LEASE / 2 - timedelta(seconds=1)
    assert taken(other) == set()
    clock.now += timedelta(seconds=1)
    assert taken(other) == {OTHER.address}


def test_who_comes_back_late_renews_and_gives_back_nothing_that_another_has_taken_over(claims, clock):
    frozen, other, third = claims(), claims(), claims()
    taken(frozen)
    clock.now += LEASE
    taken(other)
    frozen.renew()
    frozen.give_back()
    assert taken(third) == set()


def test_a_claim_from_a_clock_that_has_gone_back_is_none(claims, clock):
    clock.now += timedelta(days=1)
    taken(claims())
    clock.now -= timedelta(days=1)
    assert taken(claims()) == {FEED.address, OTHER.address}


def test_a_round_is_worth_a_process_when_the_lease_of_one_that_is_gone_is_over(claims, clock, database):
    taken(claims(), FEED)
    sources, due = Sources(database), clock() + LEASE
    assert not sources.become_due([FEED.address], NOON, due - timedelta(seconds=1))
    assert sources.become_due([FEED.address], NOON, due)


# ---------------------------------------------------------------- rows that several change


def waits(database: Database, change: threading.Thread) -> bool:
    """Whether what was begun comes to wait for a lock, before it is over."""
    while change.is_alive():
        with database.read() as connection:
            if connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return True
    return False


@contextmanager
def one_in_hand(database: Database, rows: Table, address: str, change: Callable[[], object]) -> Iterator[set[str]]:
    """Begin a change that has to wait for one row; give the addresses of those that nobody has a hand on then."""
    beginning = threading.Thread(target=change)
    with database.write() as connection:
        connection.execute(select(rows).where(rows.c.address == address).with_for_update())
        beginning.start()
        assert waits(database, beginning)
        with database.write() as other:
            yield set(other.scalars(select(rows.c.address).with_for_update(skip_locked=True)))
    beginning.join()


CHANGES_OF_SOURCES: dict[str, Callable[[SourceClaims, Sources], object]] = {
    "renews": lambda claims, _: claims.renew(),
    "gives back": lambda claims, _: claims.give_back(),
    "has learnt": lambda _, sources: sources.learn([Learnt(one, NOON, "etag") for one in (OTHER, FEED)]),
    "asks again": lambda _, sources: sources.again([OTHER.address, FEED.address], NOON),
}


@pytest.mark.parametrize("what", CHANGES_OF_SOURCES)
def test_who_changes_several_sources_takes_them_in_order_so_that_none_waits_for_the_other(claims, database, what):
    ours, sources = claims(), Sources(database)
    taken(ours)
    sources.again([FEED.address], NOON)  # its row lies behind the other's now
    with one_in_hand(database, source, FEED.address, lambda: CHANGES_OF_SOURCES[what](ours, sources)) as free:
        assert free == {OTHER.address}


CHANGES_OF_DOCUMENTS: dict[str, Callable[[Sources, list[Document]], object]] = {
    "remembers": lambda sources, documents: sources.remember(documents),
    "lists": lambda sources, documents: sources.listed(documents, NOON + timedelta(days=9)),
}


@pytest.mark.parametrize("what", CHANGES_OF_DOCUMENTS)
def test_who_changes_several_documents_takes_them_in_order_so_that_none_waits_for_the_other(database, what):
    sources = Sources(database)
    last, first = documents = [Document(f"https://{name}.example/", "digest", "a", NOON) for name in "ba"]
    for one in documents:
        sources.remember([one])
    with one_in_hand(database, document, first.address, lambda: CHANGES_OF_DOCUMENTS[what](sources, documents)) as free:
        assert free == {last.address}


def test_who_amends_an_article_waits_for_who_files_for_both_count_the_same_words(database):
    archive = Archive(database)
    archive.store([Article("a", "The pier", "A ship lies at the pier of the harbour.", "en")])
    amending = threading.Thread(target=archive.amend, args=("a",), kwargs={"url": "https://a.example/"})
    with database.write() as connection:
        turn(connection, "articles")
        amending.start()
        assert waits(database, amending)
    amending.join()
    assert archive.article("a").url == "https://a.example/"


def test_who_files_keeps_the_others_from_it_for_longer_than_a_transaction_may_idle(url, monkeypatch):
    with Database.open(url) as theirs:
        monkeypatch.setitem(_SESSION, "idle_in_transaction_session_timeout", 2_000)
        with Database.open(url) as ours, ours.alone("filing"):
            with theirs.read() as connection:
                connection.execute(text("SELECT pg_sleep(3)"))
            with theirs.alone("filing", wait=False) as free:
                assert not free


def test_who_files_for_long_says_that_it_is_there(url, monkeypatch):
    monkeypatch.setattr(turns, "FROZEN_MS", 3_000)  # a busy machine lets nobody wait as long between two beats
    monkeypatch.setattr(turns, "BEAT", 0.1)
    with Archive.open(url) as ours, Database.open(url) as theirs, ours.database.alone("filing"):
        with theirs.read() as connection:
            connection.execute(text("SELECT pg_sleep(4)"))
        with theirs.alone("filing", wait=False) as free:
            assert not free
        assert ours.store([Article("a", "", "A heron nests.", "en")]).new == ("a",)


WRITTEN_BY_WHO_FILES: dict[str, Callable[[Archive], object]] = {
    "files": lambda archive: archive.store([Article("b", "", "An otter swims.", "en")]),
    "lists": lambda archive: archive.listed({"a": {FEED.address}}),
    "remembers": lambda archive: Sources(archive.database).remember([Document("u", "older", "b", NOON)]),
}


@pytest.mark.parametrize("beat", [60.0, 1.2])
@pytest.mark.parametrize("what", WRITTEN_BY_WHO_FILES)
def test_who_slept_writes_nothing_once_another_has_gone_on(url, monkeypatch, what, beat):
    newer = Document("u", "newer", "a", NOON)

    def go_on() -> None:
        with Archive.open(url) as theirs, theirs.database.alone("filing"):
            theirs.store([Article("a", "", "A heron nests.", "en")], {"a": {OTHER.address}})
            Sources(theirs.database).remember([newer])

    def sleep_over_it() -> None:
        with ours.database.alone("filing"):
            monkeypatch.undo()
            going_on = threading.Thread(target=go_on)
            going_on.start()
            going_on.join()
            WRITTEN_BY_WHO_FILES[what](ours)

    with Archive.open(url) as ours:
        SourceClaims(ours.database, lambda: NOON).make_known([FEED, OTHER])
        monkeypatch.setattr(turns, "FROZEN_MS", 1_000)
        monkeypatch.setattr(turns, "BEAT", beat)
        with pytest.raises(DatabaseBusy, match=SLEPT):
            sleep_over_it()
        assert [ours.article(name) is not None for name in ("a", "b")] == [True, False]
        assert Sources(ours.database).documents(["u"]) == {"u": newer}
        assert rows(ours, article_source.c.article_row) == [1]
        with ours.database.alone("filing"):
            WRITTEN_BY_WHO_FILES[what](ours)


def test_who_sleeps_once_all_is_written_has_lost_nothing(url):
    with Archive.open(url) as ours, Database.open(url) as theirs:
        with ours.database.alone("filing"):
            ours.store([Article("a", "", "A heron nests.", "en")])
            with theirs.read() as connection:  # the server has had enough of it
                connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
            with theirs.alone("filing") as free:
                assert free
        assert ours.article("a") is not None


def test_a_transaction_that_this_process_slept_over_begins_again(url):
    def sleep_over_it() -> None:
        with ours.write() as connection, theirs.read() as other:
            session = {"pid": connection.scalar(text("SELECT pg_backend_pid()"))}
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 100"))
            while other.scalar(text("SELECT count(*) FROM pg_locks WHERE pid = :pid"), session):
                """The server has not had enough of it."""
            connection.execute(select(source))

    with Database.open(url) as ours, Database.open(url) as theirs, pytest.raises(DatabaseBusy, match=SLEPT):
        sleep_over_it()


def test_who_goes_on_with_what_another_slept_over_waits_for_what_that_has_under_way(url, database):
    def go_on() -> None:
        with Database.open(url) as theirs, theirs.alone("filing"):
            pass

    going_on = threading.Thread(target=go_on)
    with database.write() as connection:
        turn(connection, "filing")
        going_on.start()
        assert waits(database, going_on)
    going_on.join()


# ---------------------------------------------------------------- turns at a host


def test_the_places_of_a_host_are_one_for_all_processes(database):
    here, there = HostTurns(database), HostTurns(database)
    first, second = here.take("a.example", 2), there.take("a.example", 2)
    assert [first.place, second.place, here.take("a.example", 2)] == [0, 1, None]
    assert here.take("b.example", 2).place == 0
    there.leave(second, 0)
    assert here.take("a.example", 2).place == 1
    here.leave(first, pause=60)
    assert here.take("a.example", 2) is None


def test_who_comes_back_late_gives_back_no_place_that_another_has_taken_over(database):
    frozen, other = HostTurns(database), HostTurns(database)
    lost = frozen.take("a.example", 1)
    with database.write() as connection:
        connection.execute(update(host_turn).values(busy_until=0))
    assert other.take("a.example", 1) is not None
    frozen.leave(lost, 0)
    assert frozen.take("a.example", 1) is None


def test_who_finds_no_place_at_a_host_asks_again_after_a_pause(database):
    other, slept = HostTurns(database), list[float]()
    place = other.take("a.example", 1)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        other.leave(place, 0)

    turns = Turns(1, 0.5, shared=HostTurns(database), sleep=sleep, clock=lambda: 0.0)
    with turns.at("a.example"):
        assert other.take("a.example", 1) is None
    assert slept == [0.5]
    assert other.take("a.example", 1) is None  # until the pause is over


def test_places_that_are_free_are_forgotten(database):
    turns = HostTurns(database)
    place, _ = turns.take("a.example", 1), turns.take("b.example", 1)
    turns.leave(place, 0)
    turns.forget()
    assert turns.take("a.example", 1) is not None
    assert turns.take("b.example", 1) is None


# ---------------------------------------------------------------- processes


@dataclass
class Feeds:
    """Feeds of twenty hosts on loopback, of which each five lead to one article more that all of them list."""

    web: Web
    under_way: Counter[str]
    most: int = 0  # requests at a host at once

    def addresses(self) -> list[str]:
        port = self.web.address.rpartition(":")[2]
        return [f"http://h{number % 20}.example:{port}/{number}" for number in range(FEEDS)]

    @property
    def polled(self) -> Counter[str]:
        """How often each feed was asked for."""
        return Counter(f"http://{headers['host']}{path}" for path, headers in self.web.asked)


@pytest.fixture
def feeds():
    with serve() as web:
        made, lock = Feeds(web, Counter()), threading.Lock()

        def counted(page: Page):
            def answer(handler) -> None:
                host = handler.headers["Host"]
                with lock:
                    made.under_way[host] += 1
                    made.most = max(made.most, made.under_way[host])
                try:
                    send(handler, page)
                finally:
                    with lock:
                        made.under_way[host] -= 1

            return answer

        for number in range(FEEDS):
            own, shared = f"harbour {number}", f"pier {number // 5}"
            entries = [(one, f"https://a.example/{one.replace(' ', '-')}", long_text(one)) for one in (own, shared)]
            web.pages[f"/{number}"] = counted(rss(*entries, title=f"News {number}"))
        yield made


def _gather(address: str, addresses: list[str], together) -> None:
    """Run in a process of its own: read all of the feeds that are its to read, and again an hour later."""
    sources = [Source(one, "feed") for one in addresses]
    with Archive.open(address) as archive:
        for moment in (NOON, NOON + timedelta(hours=1)):
            turns = Turns(pause=0.01, shared=HostTurns(archive.database))
            fetcher = Fetcher(allow_private=True, resolve=lambda host, port: ["127.0.0.1"], turns=turns)
            together.wait(100)
            gather(sources, archive, fetcher=fetcher, only_due=True, clock=lambda moment=moment: moment)
            together.wait(100)


@contextmanager
def gatherers(url: str, feeds: Feeds, count: int) -> Iterator[tuple[list[BaseProcess], Callable[[], object]]]:
    """Run processes that gather; give them, and what waits for the beginning of a round and then for its end."""
    forked = multiprocessing.get_context("forkserver")
    forked.set_forkserver_preload([__name__])  # what all of them import is imported once
    together = forked.Barrier(count + 1)
    given = (url, feeds.addresses(), together)
    processes = [forked.Process(target=_gather, args=given) for _ in range(count)]
    for process in processes:
        process.start()
    try:
        yield processes, lambda: together.wait(100)
    finally:
        for process in processes:
            process.kill()
            process.join()


@pytest.fixture
def watching(url):
    """Keep a topic that takes all that comes."""
    with Archive.open(url) as archive:
        archive.digest(Topic("harbour", parse_topic("harbour"), kept=True))
        yield archive


def rows(archive: Archive, *columns: Column[Any]) -> list[int]:
    """Count what there is in these columns."""
    with archive.database.read() as connection:
        return [connection.scalar(select(func.count(one))) or 0 for one in columns]


def test_of_four_one_polls_each_of_100_sources_and_each_article_is_filed_joined_and_matched_once(url, feeds, watching):
    with gatherers(url, feeds, GATHERERS) as (processes, wait):
        wait(), wait()
        once = feeds.polled
        wait(), wait()
        for process in processes:
            process.join(100)

    assert [process.exitcode for process in processes] == [0] * GATHERERS
    assert once == dict.fromkeys(feeds.addresses(), 1)
    assert feeds.polled == dict.fromkeys(feeds.addresses(), 2)
    assert all("if-none-match" in headers for _, headers in feeds.web.asked[FEEDS:])
    assert feeds.most <= 2
    columns = (article.c.row, telling.c.article_row, article_topic.c.article_row)
    assert rows(watching, *columns) == [ARTICLES] * 3


def test_what_a_killed_gatherer_had_in_hand_is_read_by_the_others_when_its_lease_is_over(url, feeds, watching):
    asked, gate = threading.Event(), threading.Event()
    hanging, page = feeds.addresses()[60], feeds.web.pages["/60"]

    def hangs(handler) -> None:
        asked.set()
        gate.wait(100)

    feeds.web.pages["/60"] = hangs
    with gatherers(url, feeds, 1) as ((first,), wait):
        wait()
        assert asked.wait(100)
        os.kill(first.pid, signal.SIGKILL)
    gate.set()
    feeds.web.pages["/60"] = page
    with watching.database.read() as connection:
        left = set(connection.scalars(select(source.c.address).where(source.c.claimed_until.is_not(None))))
    assert hanging in left
    begun = feeds.polled

    with gatherers(url, feeds, 2) as (_, wait):
        wait(), wait()
        meanwhile = feeds.polled - begun
        wait(), wait()

    assert set(meanwhile) == set(feeds.addresses()) - set(begun) - left
    assert feeds.polled.keys() == set(feeds.addresses())
    columns = (article.c.row, telling.c.article_row, article_topic.c.article_row)
    assert rows(watching, *columns) == [ARTICLES] * 3


def test_what_two_new_feeds_word_differently_stays_the_firsts_though_another_process_read_that_one(url):
    page = "https://a.example/harbour"
    with serve() as web, Archive.open(url) as ours, Archive.open(url) as theirs:
        sources = [Source(web.url(f"/{name}"), "feed") for name in ("first", "second")]
        for one in ("first", "second"):
            web.pages[f"/{one}"] = rss((f"The {one} wording", page, long_text(one)))
        fetcher, reports = Fetcher(allow_private=True, turns=Turns(pause=0)), []

        def clock() -> datetime:
            """When we know which sources were ever read, and ask what is due, the other process reads the first."""
            if not reports:
                reports.append(gather(sources[:1], theirs, fetcher=fetcher, clock=lambda: NOON))
            return NOON

        reports.append(gather(sources, ours, fetcher=fetcher, only_due=True, clock=clock))
        assert [(one.new, one.changed, one.unchanged) for one in reports] == [(1, 0, 0), (0, 0, 1)]
        assert [hit.article.title for hit in ours.search("harbour")] == ["The first wording"]


def test_a_topic_that_is_first_asked_for_while_articles_come_in_notes_those_too(database, watching):
    harbour, pier = (Topic(word, parse_topic(word), kept=True) for word in ("harbour", "pier"))
    asking = threading.Thread(target=watching.digest, args=(pier,))
    with database.write() as connection:
        turn(connection, "matching")
        asking.start()
        while not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")):
            """It has looked at all there was, and waits to note it."""
        watching.store([Article("a", "The pier", "A ship lies at the pier of the harbour.", "en")])
        Matches().reached(connection, 1)
    asking.join()
    taken = {topic.name: watching.digest(topic).articles for topic in (harbour, pier)}
    assert taken == {"harbour": 0, "pier": 1}  # the other is said to be matched, and is not
