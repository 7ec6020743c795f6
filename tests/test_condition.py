"""How sources are doing: what is found out, what is said in three languages, and what people can do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest

from bot import present
from bot.base.i18n import Messages
from bot.platforms.console.terminal import render
from briefs.archive import Archive
from briefs.errors import BriefsError, Unreachable, Unreadable
from briefs.gather import gather
from briefs.ingest.blocked import refusal, unlike
from briefs.ingest.feeds.model import Repair
from briefs.ingest.fetch import Fetcher
from briefs.ingest.polling import MOVED
from briefs.ingest.source_health import FINE, ORDER, Condition, condition, lasting, offered
from briefs.ingest.turns import Turns
from briefs.models import Channel, Source
from briefs.store.daily_reports import Trouble
from briefs.store.follows import Follows
from briefs.store.installations import Installation, Installations
from briefs.store.secret_box import SecretBox
from briefs.store.sources import Health, Sources
from tests import sqlite
from tests.dispatcher import MONDAY, NEWS, OTHER_TEAM
from tests.fakes.web import Page, serve
from tests.test_commands import configure
from tests.test_vault import key

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FEED = "https://seals.example/feed"
WELL = Health(FEED, "feed", "Seal News", tried_at=MONDAY, answered_at=MONDAY, state="well", id=7)
DAILY = tuple(MONDAY - DAY * number for number in range(10))


def failed(error: BriefsError, **more) -> Health:
    known = {"failures": 3, "answered_at": MONDAY - 2 * DAY, "error": str(error), "said": error.plain()}
    return replace(WELL, **known | {"trouble": type(error).__name__.lower()} | more)


def status(code: int, *, challenge: bool = False) -> BriefsError:
    return refusal(code, FEED, None, challenge)


READ_AS: dict[Condition, Health] = {
    "gone": failed(status(410)),
    "locked": failed(status(401)),
    "blocked": failed(status(403)),
    "failing": failed(status(404), answered_at=None),
    "refused": replace(WELL, state="refused", about={"entries": 12, **status(404).plain()}),
    "garbled": replace(WELL, state="garbled", about={"share": 0.034}),
    "empty": replace(WELL, state="empty"),
    "silent": replace(WELL, arrivals=tuple(one - 30 * DAY for one in DAILY)),
    "moved": replace(WELL, moved_to="https://seals.example/new?token=s3cret", moves=3),
    "repaired": replace(WELL, state="repaired", about={"repairs": ["encoding", "entities", "length"]}),
    "unread": Health(FEED, "feed", "Seal News"),
    "well": WELL,
}


@pytest.mark.parametrize("name", READ_AS)
def test_each_condition_is_told_from_the_others(name) -> None:
    assert condition(READ_AS[name], MONDAY) == name
    assert tuple(READ_AS) == ORDER


@pytest.mark.parametrize(
    ("every", "silence", "is_silent"),
    [
        (HOUR, 2 * DAY, False),  # a weekend
        (HOUR, 4 * DAY, True),
        (DAY, 9 * DAY, False),
        (DAY, 11 * DAY, True),
        (30 * DAY, 200 * DAY, False),
    ],
)
def test_silence_is_measured_by_a_sources_own_rhythm(every, silence, is_silent) -> None:
    arrivals = tuple(MONDAY - silence - every * number for number in range(10))
    assert (condition(replace(WELL, arrivals=arrivals), MONDAY) == "silent") is is_silent
    assert condition(replace(WELL, arrivals=arrivals[:2]), MONDAY) == "well"


def test_a_failure_of_today_may_pass_and_one_that_lasts_is_told() -> None:
    failing = failed(Unreachable("{address}: no", address=FEED))
    assert lasting(failing, MONDAY)
    assert not lasting(replace(failing, answered_at=MONDAY - HOUR), MONDAY)
    assert not any(lasting(READ_AS[name], MONDAY) for name in FINE)
    assert lasting(replace(READ_AS["gone"], answered_at=MONDAY - HOUR), MONDAY)


# ---------------------------------------------------------------- every sentence, in three languages

SENTENCES = {
    **READ_AS,
    "challenge": failed(status(503, challenge=True)),
    "later": failed(status(429)),
    "error": failed(status(500)),
    "refused, one": replace(WELL, state="refused", about={"entries": 1, **status(404).plain()}),
    "no feed": failed(Unreadable("{address}: this is not an RSS, Atom or JSON feed; check the address", address=FEED)),
    "another feed": failed(
        Unreadable(
            "{address}: this is a web page, not a feed; it names its feed: {feed}", address=FEED, feed=f"{FEED}.xml"
        )
    ),
    "silent for hours": replace(WELL, arrivals=tuple(MONDAY - 4 * DAY - 5 * HOUR * n for n in range(10))),
    "silent for minutes": replace(WELL, arrivals=tuple(MONDAY - 4 * DAY - HOUR / 4 * n for n in range(10))),
    "all repairs": replace(
        WELL,
        state="repaired",
        about={"repairs": ["markup", "characters", "junk", "namespaces", "json", "truncated"]},
    ),
    "slow": failed(
        Unreachable("{address}: no answer within {seconds:g} s; try again later", address=FEED, seconds=30.0)
    ),
    "empty answer": failed(unlike(b" ", FEED)),
    "script": failed(unlike(b"<p>Please enable JavaScript</p>", FEED)),
}


@pytest.mark.parametrize("language", ["en", "fr", "zh"])
def test_every_sentence_on_a_source(golden, language) -> None:
    messages = Messages(language)
    told = [present.said(health, messages, "Europe/Paris", MONDAY) for health in SENTENCES.values()]
    assert not any(
        "example" in line for name, line in zip(SENTENCES, told, strict=True) if name not in ("moved", "another feed")
    )
    assert "s3cret" not in "".join(told)
    healths = [replace(one, name=f"{name} ({number})") for number, (name, one) in enumerate(SENTENCES.items())]
    listing, rest = (
        present.sources(
            [replace(one, address=f"{FEED}/{number}") for number, one in enumerate(healths)],
            30,
            messages,
            "Europe/Paris",
            MONDAY,
            may_retry=True,
            may_move=True,
            start=start,
        )
        for start in (0, 10)
    )
    others = [
        rest,
        present.sources([], 3, messages, "UTC", MONDAY),
        present.sources([WELL], 1, messages, "UTC", MONDAY),
        present.retried(1, messages),
        present.retried(5, messages),
        present.moved(WELL, "https://seals.example/new?token=s3cret", messages),
        present.moved(WELL, FEED, messages),
        present.trouble(Trouble((), (), (READ_AS["gone"], READ_AS["moved"])), messages, zone="UTC", now=MONDAY),
    ]
    lines = [f"{name}: {line}" for name, line in zip(SENTENCES, told, strict=True)]
    shown = "\n\n".join(render(one, width=160) for one in (listing, *others))
    golden(f"sources.{language}.txt", "\n".join(lines) + "\n\n" + shown + "\n")


def test_every_repair_has_its_word() -> None:
    named = {name for one in SENTENCES.values() for name in one.about.get("repairs", ())}
    assert named == {*get_args(Repair), "length"}


# ---------------------------------------------------------------- found out by gathering


@pytest.fixture
def gathered(tmp_path):
    """Gather one feed that is served so; give its health."""
    with serve() as web, Archive.open(sqlite.database(tmp_path / "b.db"), clock=lambda: MONDAY) as archive:
        fetcher = Fetcher(allow_private=True, seconds=5, turns=Turns(pause=0), clock=lambda: MONDAY)

        def run(page: Page, kind: str = "feed", times: int = 1) -> Health:
            web.pages["/f"] = page
            for _ in range(times):
                gather([Source(web.url("/f"), kind)], archive, fetcher=fetcher, clock=lambda: MONDAY)
            return Sources(archive.database).one(web.url("/f"))

        run.web = web
        yield run


def rss(*items: str) -> Page:
    return Page(f"<rss version='2.0'><channel><title>Seal News</title>{''.join(items)}</channel></rss>".encode())


LONG = "The seal was seen by the harbour master again. " * 20


CHALLENGE = Page(b"<html><title>Just a moment...</title><body class='cf-chl'></body></html>")
SCRIPT = Page(b"<html><body><noscript>You need to enable JavaScript to run this app.</noscript></body></html>")


def item(text: str) -> str:
    return f"<item><title>a</title><link>http://x.example/a</link><description>{text}</description></item>"


@pytest.mark.parametrize(
    ("page", "kind", "expected"),
    [
        (rss(item(LONG)), "feed", "well"),
        (rss(), "feed", "empty"),
        (rss("<item><title>Neither link nor id</title></item>"), "feed", "refused"),
        (rss(item(LONG + "\ufffd" * 20)), "feed", "garbled"),
        (CHALLENGE, "feed", "blocked"),
        (CHALLENGE, "page", "blocked"),
        (SCRIPT, "feed", "blocked"),
        (SCRIPT, "page", "blocked"),
        (Page(b"", status=401), "feed", "locked"),
        (Page(b"", status=410), "feed", "gone"),
        (Page(b""), "feed", "failing"),
        (Page(b"<html><body>Nothing</body></html>"), "feed", "failing"),
        (Page(b"<html><body></body></html>"), "page", "refused"),
    ],
)
def test_how_a_source_reads_is_found_out(gathered, page, kind, expected) -> None:
    health = gathered(page, kind)
    assert condition(health, MONDAY) == expected


def test_a_source_is_called_what_it_calls_itself_unless_the_settings_name_it(gathered) -> None:
    health = gathered(rss())
    assert (health.name, health.title) == (None, "Seal News")
    assert "Seal News: " in render(present.sources([health], 1, Messages("en"), "UTC", MONDAY))


def test_those_that_are_called_alike_are_told_apart_and_no_secret_tells_them() -> None:
    one, two = (replace(READ_AS["gone"], name=None, address=f"https://seals.example/{n}?token=s3cret") for n in (1, 2))
    seen = render(present.sources([one, two], 2, Messages("en"), "UTC", MONDAY))
    assert "seals.example (/1): not found" in seen
    assert "seals.example (/2): not found" in seen
    assert "s3cret" not in seen


def test_those_that_are_called_alike_are_told_apart_at_home_and_in_the_daily_report() -> None:
    alike = [replace(READ_AS["gone"], name=None, address=f"https://seals.example/{n}") for n in (1, 2)]
    known = {"zone": "UTC", "now": MONDAY}
    for shown in (
        present.home((), (), alike, Messages("en"), page=present.HomePage(), **known),
        present.trouble(Trouble((), (), tuple(alike)), Messages("en"), **known),
    ):
        assert "seals.example (/1): not found" in render(shown)
        assert "seals.example (/2): not found" in render(shown)


def test_what_is_a_feed_is_read_as_one_though_it_was_added_as_a_page(gathered) -> None:
    assert gathered(rss(), "page").title == "Seal News"


def test_a_page_is_what_its_bytes_are_whatever_it_is_called(gathered) -> None:
    page = Page(f"<!doctype html><html><body><article><p>{LONG}</p></article></body></html>".encode(), "text/plain")
    assert condition(gathered(page, "page"), MONDAY) == "well"


# ---------------------------------------------------------------- what people can do


async def test_a_source_in_trouble_is_asked_again_by_who_may_manage_the_place(office, monkeypatch) -> None:
    health, ann = Sources(office.archive.database), office.person()
    source = Source(FEED, "feed", "Seal News")
    health.failed(source, MONDAY, status(500), MONDAY + DAY)
    configure(office, monkeypatch, source)
    assert "Seal News: the site answers with an error (500)" in await ann.say("sources")
    button = ann.button("retry")
    assert "1 source is asked again" in await ann.press("retry", button.value, trigger="1")
    assert health.one(FEED).next_at == office.dispatcher._services.clock()
    member = office.person(may_manage=False)
    assert "[Try again]" not in await member.say("sources")
    assert "Only those who manage" in await member.press("retry", button.value)


async def test_who_asked_to_be_left_alone_is_left_alone_whoever_presses_a_button(office, monkeypatch) -> None:
    health, ann = Sources(office.archive.database), office.person()
    busy, broken = Source(FEED, "feed", "Seal News"), Source(f"{FEED}/2", "feed", "Whale News")
    later = MONDAY + DAY
    health.failed(busy, MONDAY, status(429), later)
    configure(office, monkeypatch, busy)
    assert "asked to be left alone" in await ann.press("retry", "all", trigger="1")
    health.failed(broken, MONDAY, status(500), later)
    configure(office, monkeypatch, busy, broken)
    assert "1 source is asked again" in await ann.press("retry", "all", trigger="2")
    assert (health.one(busy.address).next_at, health.one(broken.address).next_at) == (later, MONDAY)


async def test_a_new_address_is_used_from_the_next_round_on(office, monkeypatch, tmp_path) -> None:
    source = Source("http://127.0.0.1:1/old", "feed", "Seal News")
    with serve() as web:
        health, ann = Sources(office.archive.database), office.person(manages_workspace=True)
        source = Source(web.url("/old"), "feed", "Seal News")
        web.pages["/old"] = Page(
            b"<html><head><link rel='alternate' type='application/rss+xml' href='/new'></head></html>"
        )
        web.pages["/new"] = rss()
        fetcher = Fetcher(allow_private=True, turns=Turns(pause=0))
        gather([source], office.archive, fetcher=fetcher)
        configure(office, monkeypatch, source)
        seen = await ann.say("sources")
        assert "[Use the new address]" in seen
        button = ann.button("use")
        member = office.person()
        assert "[Use the new address]" not in await member.say("sources")
        assert "my operators may do that" in await member.press("use", button.value)
        assert "From now on I read Seal News at" in await ann.press("use", button.value, trigger="1")
        gather([source], office.archive, fetcher=fetcher)
        assert web.paths[-1] == "/new"
        assert health.one(source.address).failures == 0
        assert "has no other address" in await ann.press("use", button.value, trigger="2")
        assert "has no other address" in await ann.press("use", "1000", trigger="3")


@pytest.mark.parametrize("how", ["moved", "gone"])
async def test_what_a_workspace_follows_is_read_where_it_moved_to_by_a_press_of_who_may_change_it(
    office, monkeypatch, how
) -> None:
    with serve() as web:
        source = Source(web.url("/old"), "feed", "Seal News")
        Follows(office.archive.database).follow(NEWS, source, "ann", MONDAY)
        configure(office, monkeypatch)
        web.pages["/old"] = Page(b"", status=301, headers={"Location": web.url("/new")})
        web.pages["/new"] = rss(item(LONG))
        fetcher = Fetcher(allow_private=True, turns=Turns(pause=0))
        for _ in range(MOVED if how == "moved" else 1):
            gather([source], office.archive, fetcher=fetcher)
        if how == "gone":
            web.pages["/old"] = Page(b"", status=410)
            gather([source], office.archive, fetcher=fetcher)
        ann, bob = office.person(), office.person(name="bob")
        told = {"moved": "it has moved to", "gone": "it is gone for good (410), after it had moved to"}[how]
        for where in ("sources", "source show Seal News"):
            said = " ".join((await ann.say(where)).split())
            assert f"{told} {web.url('/new')}; use that address" in said
            assert "[Use the new address]" in said
            assert "[Use the new address]" not in await bob.say(where)
        await ann.say("source show Seal News")
        number = ann.button("use").value
        assert "whoever added it" in await bob.press("use", number)
        rival = office.person(channel=OTHER_TEAM, manages_workspace=True)
        assert f"From now on I read Seal News at {web.url('/new')}." in await ann.press("use", number, trigger="1")
        assert Sources(office.archive.database).one(source.address).uses == web.url("/new")
        gather([source], office.archive, fetcher=fetcher)
        assert web.paths[-1] == "/new"
        assert "[Use the" not in await ann.say("source show Seal News")
        assert "has no other address" in await ann.press("use", number, trigger="2")
        assert "has no other address" in await rival.press("use", number)


def test_what_a_redirect_leads_to_is_no_new_address_once_that_is_gone(office) -> None:
    with serve() as web:
        source = Source(web.url("/old"), "feed")
        web.pages["/old"] = Page(b"", status=301, headers={"Location": web.url("/new")})
        web.pages["/new"] = rss()
        for page in (rss(), Page(b"", status=410)):
            web.pages["/new"] = page
            gather([source], office.archive, fetcher=Fetcher(allow_private=True, turns=Turns(pause=0)))
        health = Sources(office.archive.database).one(source.address)
        assert (condition(health, MONDAY), offered(health)) == ("gone", None)


async def test_an_address_that_was_chosen_and_does_not_serve_can_be_taken_back(office, monkeypatch) -> None:
    ann = office.person(manages_workspace=True)
    health, source = Sources(office.archive.database), Source(FEED, "feed", "Seal News")
    health.failed(source, MONDAY, status(404))
    health.use(FEED, "https://seals.example/wrong", MONDAY)
    configure(office, monkeypatch, source)
    assert "[Use the old address of Seal News again]" in await ann.say("sources")
    assert "at its old address again" in await ann.press("use", ann.button("use").value, trigger="1")
    assert health.one(FEED).uses is None


@pytest.mark.parametrize("how", ["asked for digests", "installed the bot"])
async def test_where_another_workspace_reads_a_source_no_admin_moves_it_but_the_operators(
    office, monkeypatch, how
) -> None:
    ann, database = office.person(manages_workspace=True), office.archive.database
    source = Source(FEED, "feed", "Seal News")
    Sources(database).failed(source, MONDAY, status(404))
    Sources(database).use(FEED, "https://seals.example/wrong", MONDAY)
    configure(office, monkeypatch, source)
    await ann.say("sources")
    button = ann.button("use").value
    if how == "asked for digests":
        await office.person(channel=Channel("chat", "another team", "C1")).say("language en")
    else:
        installed = Installation("chat", "another team", "xoxb-1", "B1", "U1")
        Installations(database, SecretBox(key())).keep(installed, MONDAY)
    assert "[Use the old address" not in await ann.say("sources")
    assert "my operators may do that" in await ann.press("use", button, trigger="1")
    assert Sources(database).one(FEED).uses == "https://seals.example/wrong"


def test_an_address_with_a_secret_is_not_offered_where_it_is_known_only_without() -> None:
    error = Unreadable("{address}: x {feed}", address=FEED, feed="https://seals.example/f?token=s3cret")
    assert offered(failed(error)) is None
    assert offered(READ_AS["moved"]) == "https://seals.example/new?token=s3cret"
    assert offered(replace(READ_AS["moved"], moves=2)) is None
