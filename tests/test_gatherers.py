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
from sqlalchemy import Column, func, select, text

from briefs.archive import Archive
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Article, Source
from briefs.store.database import Database, turn
from briefs.store.host_turns import HostTurns
from briefs.store.matching import Matches
from briefs.store.schema import article, article_topic, source, telling
from briefs.store.source_claims import LEASE, SourceClaims
from briefs.store.sources import Learnt, Sources
from briefs.topics import Topic, parse_topic
from tests.fakes.web import Page, Web, send, serve
from tests.test_gather import long_text, rss

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEEDS, GATHERERS = 200, 4
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


# ---------------------------------------------------------------- turns at a host


def test_the_places_of_a_host_are_one_for_all_processes(database):
    here, there = HostTurns(database), HostTurns(database)
    assert [here.take("a.example", 2), there.take("a.example", 2), here.take("a.example", 2)] == [0, 1, None]
    assert here.take("b.example", 2) == 0
    there.leave("a.example", 1, 0)
    assert here.take("a.example", 2) == 1
    here.leave("a.example", 0, pause=60)
    assert here.take("a.example", 2) is None


def test_who_finds_no_place_at_a_host_asks_again_after_a_pause(database):
    other, slept = HostTurns(database), list[float]()
    place = other.take("a.example", 1)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        other.leave("a.example", place, 0)

    turns = Turns(1, 0.5, shared=HostTurns(database), sleep=sleep, clock=lambda: 0.0)
    with turns.at("a.example"):
        assert other.take("a.example", 1) is None
    assert slept == [0.5]
    assert other.take("a.example", 1) is None  # until the pause is over


def test_places_that_are_free_are_forgotten(database):
    turns = HostTurns(database)
    turns.take("a.example", 1), turns.take("b.example", 1)
    turns.leave("a.example", 0, 0)
    turns.forget()
    assert [turns.take(f"{host}.example", 1) for host in "ab"] == [0, None]


# ---------------------------------------------------------------- processes


@dataclass
class Feeds:
    """Feeds of forty hosts on loopback, of which each five lead to one article more that all of them list."""

    web: Web
    under_way: Counter[str]
    most: int = 0  # requests at a host at once

    def addresses(self) -> list[str]:
        port = self.web.address.rpartition(":")[2]
        return [f"http://h{number % 40}.example:{port}/{number}" for number in range(FEEDS)]

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
    spawned = multiprocessing.get_context("spawn")
    together = spawned.Barrier(count + 1)
    given = (url, feeds.addresses(), together)
    processes = [spawned.Process(target=_gather, args=given) for _ in range(count)]
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


def test_of_four_one_polls_each_of_200_sources_and_each_article_is_filed_joined_and_matched_once(url, feeds, watching):
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
