"""A day of polling: forty feeds of all manners, on a clock of the test's; who was asked when, and with what."""

from __future__ import annotations

import gzip
import pickle
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache

import brotli
import pytest

from briefs.archive import Archive
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Auth, Source
from briefs.store.sources import Health, Sources
from tests import sqlite
from tests.clock import Clock
from tests.fakes.web import Page, send, serve
from tests.sharing import alone

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
STEP, MINUTE, HOUR, DAY = (timedelta(minutes=minutes) for minutes in (5, 1, 60, 24 * 60))
OFTEN = 20 * MINUTE
pytestmark = pytest.mark.timeout(600)  # two thousand requests, and what they bring is filed
SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu")


@cache
def text(about: str) -> str:
    """Words that no other text has, enough of them for an article."""
    draw = random.Random(about)
    return " ".join("".join(draw.choices(SYLLABLES, k=3)).capitalize() for _ in range(110)) + "."


@dataclass
class Feed:
    """A feed that posts every so often; `head` goes into its channel, `headers` with each answer."""

    name: str
    every: timedelta
    head: str = ""
    dated: bool = True
    validator: str | None = "ETag"
    headers: dict[str, str] = field(default_factory=dict)

    def __call__(self, now: datetime) -> Page:
        newest = int((now - datetime(2020, 1, 1, tzinfo=UTC)) / self.every)
        items = "".join(map(self._item, range(newest, newest - 12, -1)))
        body = f"<rss version='2.0'><channel><title>{self.name}</title>{self.head}{items}</channel></rss>".encode()
        stamp = datetime(2020, 1, 1, tzinfo=UTC) + newest * self.every
        told = {"ETag": f'"{self.name}-{newest}"', "Last-Modified": format_datetime(stamp, usegmt=True)}
        validators = {self.validator: told[self.validator]} if self.validator else {}
        return Page(body, "application/rss+xml", headers=self.headers | validators)

    def _item(self, number: int) -> str:
        at = datetime(2020, 1, 1, tzinfo=UTC) + number * self.every
        date = f"<pubDate>{format_datetime(at)}</pubDate>" if self.dated else ""
        return (
            f"<item><title>{self.name} {number}</title><link>http://{self.name}.example/{number}</link>{date}"
            f"<description>{text(f'{self.name} {number}')}</description></item>"
        )


SY = "xmlns='http://purl.org/rss/1.0/modules/syndication/'"
Answer = Callable[[datetime], Page]
HOURLY, WEEKLY = timedelta(hours=1), timedelta(days=7)


def always(page: Page) -> Answer:
    return lambda now: page


def status(code: int, **headers: str) -> Answer:
    return always(Page(b"no", status=code, headers={name.replace("_", "-"): value for name, value in headers.items()}))


def until(end: timedelta, first: Answer, then: Answer) -> Answer:
    return lambda now: (first if now < MIDNIGHT + end else then)(now)


def wrapped(feed: Answer, wrap: Callable[[bytes], bytes], encoding: str) -> Answer:
    def answer(now: datetime) -> Page:
        page = feed(now)
        return replace(page, body=wrap(page.body), headers=page.headers | {"Content-Encoding": encoding})

    return answer


class Town:
    """The server, the clock, the ledger: (path, minutes since midnight, headers), and how many were served at once."""

    def __init__(self, web, other, clock: Clock) -> None:
        self.web, self.other, self.clock = web, other, clock
        self.ledger: list[tuple[str, int, dict[str, str]]] = []
        self.most = self._now = 0
        self._lock = threading.Lock()

    def open(self, path: str, answer: Answer) -> Source:
        def serve_it(handler) -> None:
            with self._lock:
                self._now += 1
                self.most = max(self.most, self._now)
                headers = {name.lower(): value for name, value in handler.headers.items()}
                self.ledger.append((path, int((self.clock.now - MIDNIGHT) / MINUTE), headers))
            page = answer(self.clock.now)
            with self._lock:  # before it is sent: behind that, the next one may be on its way
                self._now -= 1
            send(handler, page)

        self.web.pages[f"/{path}"] = serve_it
        return Source(self.web.url(f"/{path}"), "feed", path)


@dataclass
class Day:
    """What is known at its end: the sources in order, and how they are; the ledger; what the other server was asked."""

    names: list[str]
    health: dict[str, Health]
    ledger: list[tuple[str, int, dict[str, str]]]
    most: int
    elsewhere: list[tuple[str, dict[str, str]]]
    new_home: str

    def asked(self, path: str) -> list[int]:
        return [minute for name, minute, _ in self.ledger if name == path]

    def headers(self, path: str) -> list[dict[str, str]]:
        return [headers for name, _, headers in self.ledger if name == path]


@pytest.fixture(scope="module")
def day(shared_folder, tmp_path_factory) -> Day:
    """A day that has passed; it passes once for all processes."""
    note = shared_folder / "day"
    with alone(note):
        if not note.exists():
            note.write_bytes(pickle.dumps(passed(sqlite.database(tmp_path_factory.mktemp("day") / "b.db"))))
        return pickle.loads(note.read_bytes())


def passed(database: str) -> Day:
    """Let a day pass in rounds of five minutes."""
    clock = Clock(MIDNIGHT)
    with serve() as web, serve() as other, Archive.open(database, clock=clock) as archive:
        town = Town(web, other, clock)
        opened = [town.open(path, answer) for path, answer in forty(web, other).items()]
        secret = Auth("bearer", "env:WORD")
        sources = [replace(one, auth=secret) if "private" in str(one.name) else one for one in opened]
        for path in ("new-home", "elsewhere"):
            town.open(path, Feed(path, HOURLY))
        town.open("left", until(50 * MINUTE, Feed("left", HOURLY), status(404)))
        other.pages["/their-feed"] = Page(Feed("their-feed", WEEKLY)(MIDNIGHT).body)
        fetcher = Fetcher(
            allow_private=True, seconds=60, turns=Turns(pause=0), clock=clock, environment={"WORD": "s3cret"}
        )
        while clock.now < MIDNIGHT + DAY:
            gather(sources, archive, fetcher=fetcher, clock=clock, only_due=True, chance=lambda: 0.5)
            clock.now += STEP
        names, health = [one.name for one in sources], {one.name: one for one in Sources(archive.database).health()}
        return Day(names, health, town.ledger, town.most, other.asked, web.url("/new-home"))


def forty(web, other) -> dict[str, Answer]:
    hourly, weekly = Feed("seals", HOURLY), Feed("whales", WEEKLY)
    return {
        # how often they post
        "always": Feed("always", OFTEN),
        "hourly": Feed("hourly", HOURLY),
        "three-hourly": Feed("three-hourly", 3 * HOUR),
        "daily": Feed("daily", DAY),
        "weekly": Feed("weekly", WEEKLY),
        "silent": lambda now: Feed("silent", HOURLY)(MIDNIGHT - timedelta(days=400)),
        "undated": Feed("undated", HOURLY, dated=False),
        "undated-weekly": Feed("undated-weekly", WEEKLY, dated=False),
        "empty": always(Page(b"<rss version='2.0'><channel><title>Empty</title></channel></rss>")),
        # what they say of that
        "fresh-a-minute": Feed("fresh-a-minute", OFTEN, headers={"Cache-Control": "max-age=60"}),
        "fresh-an-hour": Feed("fresh-an-hour", OFTEN, headers={"Cache-Control": "public, max-age=3600"}),
        "fresh-a-year": Feed("fresh-a-year", OFTEN, headers={"Cache-Control": "max-age=31536000"}),
        "never-fresh": Feed("never-fresh", HOURLY, headers={"Cache-Control": "no-cache, max-age=3600"}),
        "expires": lambda now: replace(
            page := Feed("expires", OFTEN)(now),
            headers=page.headers
            | {"Date": format_datetime(now, usegmt=True), "Expires": format_datetime(now + 2 * HOUR, usegmt=True)},
        ),
        "ttl-a-minute": Feed("ttl-a-minute", OFTEN, "<ttl>1</ttl>"),
        "ttl-an-hour": Feed("ttl-an-hour", OFTEN, "<ttl>60</ttl>"),
        "ttl-a-month": Feed("ttl-a-month", OFTEN, "<ttl>43200</ttl>"),
        "says-hourly-posts-weekly": Feed("says-hourly-posts-weekly", WEEKLY, "<ttl>60</ttl>"),
        "updated-every-two-hours": Feed(
            "updated-every-two-hours",
            OFTEN,
            f"<updatePeriod {SY}>daily</updatePeriod><updateFrequency {SY}>12</updateFrequency>",
        ),
        "not-on-mondays": Feed("not-on-mondays", HOURLY, "<skipDays><day>Monday</day></skipDays>"),
        "sleeps-till-five": Feed(
            "sleeps-till-five",
            HOURLY,
            "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in (1, 2, 3, 4, 22, 23)) + "</skipHours>",
        ),
        # what they answer to "is it as it was?"
        "by-date": Feed("by-date", HOURLY, validator="Last-Modified"),
        "no-validator": Feed("no-validator", HOURLY, validator=None),
        "says-its-tag-once": says_its_tag_once(),
        # what they ask us to do
        "come-back": status(429, Retry_After="7200"),
        "come-back-at": lambda now: status(503, Retry_After=format_datetime(now + 3 * HOUR, usegmt=True))(now),
        "come-back-next-month": status(429, Retry_After="2592000"),
        "come-back-at-once": status(503, Retry_After="1"),
        "come-back-some-time": status(429),
        # what is wrong
        "broken": status(500),
        "not-found": status(404),
        "gone": status(410),
        "forbidden": status(403),
        "locked": status(401),
        "recovers": until(HOUR, status(502), hourly),
        "challenge": always(Page(b"<html><title>Just a moment...</title><body class='cf-chl'></body></html>")),
        "cut-off": always(Page(b"<rss><channel>", headers={"Content-Length": "5000"})),
        "nothing": always(Page(b" ")),
        "no-feed": always(Page(b"<html><body>No feed</body></html>")),
        "lies": lambda now: replace(page := weekly(now), headers=page.headers | {"Content-Length": "99999"}),
        "brotli": wrapped(Feed("brotli", WEEKLY), brotli.compress, "br"),
        "twice-gzipped": wrapped(
            Feed("twice-gzipped", WEEKLY), lambda body: gzip.compress(gzip.compress(body)), "gzip"
        ),
        # where they are
        "moved": status(301, Location=web.url("/new-home")),
        "elsewhere-today": status(302, Location=web.url("/elsewhere")),
        "moved-away-again": status(308, Location=web.url("/left")),
        "private": Feed("private", WEEKLY),
        "private-moved": status(301, Location=other.url("/their-feed")),
    }


def says_its_tag_once() -> Answer:
    feed, said = Feed("says-its-tag-once", WEEKLY), []

    def answer(now: datetime) -> Page:
        page = feed(now)
        if said:
            return Page(status=304)
        said.append(True)
        return page

    return answer


def every(minutes: int) -> list[int]:
    return list(range(0, 24 * 60, minutes))


BACKING_OFF = [0, 15, 45, 105, 225, 465, 945]
DECAYING = [0, 15, 30, 45, 60, 75, 95, 120, 150, 190, 240, 300, 375, 470, 590, 740, 925, 1160]
LEDGER = {
    # as often as they post: four times between two entries, a quarter of an hour to six hours
    "always": every(15),
    "hourly": every(15),
    "three-hourly": [0, 40, *range(85, 24 * 60, 45)],
    "daily": [0, 325, 660, 1000, 1350],
    "weekly": every(360),
    "silent": every(360),
    "undated": every(15),
    "undated-weekly": DECAYING,
    "empty": DECAYING,
    # as they say
    "fresh-a-minute": every(5),
    "fresh-an-hour": every(60),
    "fresh-a-year": every(360),
    "never-fresh": every(15),
    "expires": every(120),
    "by-date": every(15),
    "no-validator": every(15),
    "says-its-tag-once": every(360),
    "ttl-a-minute": every(5),
    "ttl-an-hour": every(60),
    "ttl-a-month": every(360),
    "says-hourly-posts-weekly": every(360),
    "updated-every-two-hours": every(120),
    "not-on-mondays": every(360),
    "sleeps-till-five": [0, 15, 30, 45, *range(300, 1320, 15)],
    "come-back": every(120),
    "come-back-at": every(180),
    "come-back-next-month": [0],
    # less and less often
    "come-back-at-once": BACKING_OFF,
    "come-back-some-time": BACKING_OFF,
    "broken": BACKING_OFF,
    "not-found": BACKING_OFF,
    "forbidden": BACKING_OFF,
    "locked": BACKING_OFF,
    "challenge": BACKING_OFF,
    "cut-off": BACKING_OFF,
    "nothing": BACKING_OFF,
    "no-feed": BACKING_OFF,
    "gone": [0],
    "recovers": [0, 15, 45, *range(105, 24 * 60, 15)],
    # whatever they send it in
    "lies": every(360),
    "brotli": every(360),
    "twice-gzipped": every(360),
    # where they are
    "moved": [0, 15, 30],
    "moved-away-again": [0, 15, 30, 75, 105, 165, 285, 525, 1005],
    "elsewhere-today": every(15),
    "private": every(360),
    "private-moved": [0, 360, 720],
}


def test_each_is_asked_when_it_should_be(day):
    assert {name: day.asked(name) for name in day.names} == LEDGER
    assert len(LEDGER) >= 40


def test_where_a_feed_has_moved_for_good_it_is_asked_from_the_fourth_time_on(day):
    assert day.asked("new-home") == every(15)
    assert day.health["moved"].moved_to == day.new_home
    assert day.asked("elsewhere") == every(15)


@pytest.mark.parametrize("name", ["weekly", "brotli", "says-its-tag-once", "twice-gzipped", "private"])
def test_what_is_as_it_was_is_asked_for_with_its_tag_though_the_server_says_it_but_once(day, name):
    tags = [headers.get("if-none-match") for headers in day.headers(name)]
    newest = int((MIDNIGHT - datetime(2020, 1, 1, tzinfo=UTC)) / WEEKLY)
    assert tags == [None, *[f'"{name}-{newest}"'] * 3]


def test_what_has_a_date_only_is_asked_for_with_that(day):
    assert all("if-modified-since" in headers for headers in day.headers("by-date")[1:])
    assert not any("if-none-match" in headers for headers in day.headers("by-date"))
    assert not any({"if-none-match", "if-modified-since"} & headers.keys() for headers in day.headers("no-validator"))


def test_an_answer_that_is_not_whole_is_asked_for_in_full(day):
    assert not any("if-none-match" in headers for headers in day.headers("lies"))


def test_a_password_goes_to_its_source_and_nowhere_else(day):
    private = [(path, "authorization" in headers) for path, _, headers in day.ledger]
    assert {path for path, with_it in private if with_it} == {"private", "private-moved"}
    assert all(with_it for path, with_it in private if path in ("private", "private-moved"))
    assert len(day.elsewhere) == 4  # three times by way of the old address, once without it
    assert not any("authorization" in headers for _, headers in day.elsewhere)


def test_at_a_host_two_are_asked_at_once_and_no_more(day):
    assert day.most <= 2


def test_how_each_is_doing_is_known_at_the_end_of_the_day(day):
    troubles = {name: one.trouble for name, one in day.health.items() if one.failures}
    assert troubles == {
        "come-back": "busy",
        "come-back-at": "busy",
        "come-back-next-month": "busy",
        "come-back-at-once": "busy",
        "come-back-some-time": "busy",
        "broken": "unreachable",
        "not-found": "unreachable",
        "gone": "gone",
        "forbidden": "blocked",
        "locked": "locked",
        "challenge": "blocked",
        "cut-off": "unreachable",
        "nothing": "unreadable",
        "no-feed": "unreadable",
        "moved-away-again": "unreachable",
    }
    assert {name: one.state for name, one in day.health.items() if not one.failures and one.state != "well"} == {
        "empty": "empty",
        "lies": "repaired",
    }
