"""What sources bring is theirs who follow them: one address may be several articles, and one article of several."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.app import App
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.models import Article, Channel, Source
from briefs.store.follows import Follows
from tests import sqlite
from tests.fakes.web import serve
from tests.test_gather import long_text, rss

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HERONS, OTTERS, STRANGERS = (Channel("slack", name, "C1") for name in ("herons", "otters", "strangers"))


@pytest.fixture
def web():
    with serve() as web:
        yield web


class House:
    """An archive, and who follows what."""

    def __init__(self, archive, web):
        self.archive, self.web = archive, web
        self.follows = Follows(archive.database)
        self.sources = {}

    def feed(self, name, *readers, says, title="Harbour News", at="/ferry"):
        """A feed that lists a page; readers: who follow it; without any it is everybody's."""
        source = self.sources[name] = Source(self.web.url(f"/{name}"), "feed")
        self.web.pages[f"/{name}"] = rss(("The ferry returns", self.web.url(at), says), title=title)
        for reader in readers:
            self.follows.follow(reader, source, "ann", NOON)
        if not readers:
            self.follows.open([source])

    def read(self):
        fetcher = Fetcher(allow_private=True, seconds=60, turns=Turns(pause=0))
        report = gather(self.sources.values(), self.archive, fetcher=fetcher, clock=lambda: NOON)
        return report.new, report.changed

    def seen(self, here):
        """Who published what a workspace sees, and how it begins."""
        archive = self.archive.seen_by(here)
        return sorted((hit.article.source, hit.article.text.split()[1]) for hit in archive.search("harbour master"))


@pytest.fixture
def house(database_url, web):
    with Archive.open(database_url, clock=lambda: NOON) as archive:
        yield House(archive, web)


def test_one_page_that_two_feeds_word_differently_is_one_article_of_each(house):
    house.feed("one", HERONS, says=long_text("heron"), title="Heron Watch")
    house.feed("two", OTTERS, says=long_text("otter"), title="Otter Watch")
    assert house.read() == (2, 0)
    assert house.read() == (0, 0)
    assert house.seen(HERONS) == [("Heron Watch", "heron")]
    assert house.seen(OTTERS) == [("Otter Watch", "otter")]
    assert house.seen(STRANGERS) == []
    house.feed("two", OTTERS, says=long_text("otter pup"), title="Otter Watch")
    assert house.read() == (0, 1)  # what changes is its own
    assert house.seen(HERONS) == [("Heron Watch", "heron")]


def test_one_page_that_two_feeds_word_alike_is_one_article_of_both(house):
    house.feed("one", HERONS, says=long_text("ferry"))
    house.feed("two", OTTERS, says=long_text("ferry"))
    assert house.read() == (1, 0)
    assert house.seen(HERONS) == house.seen(OTTERS) == [("Harbour News", "ferry")]
    assert house.seen(STRANGERS) == []


def test_who_had_nothing_sees_an_article_as_soon_as_their_feed_lists_it_too(house):
    house.feed("one", HERONS, says=long_text("heron"))
    house.feed("two", OTTERS, says=long_text("otter"))
    house.archive.file([Article("b", "A bittern", "A bittern booms.")], {"b": [house.sources["one"].address]})
    assert not house.archive.seen_by(OTTERS).search("bittern")
    house.archive.listed({"b": [house.sources["two"].address]})
    assert house.archive.seen_by(OTTERS).search("bittern")


def test_the_same_words_at_another_address_do_not_lead_to_the_others(house):
    house.feed("one", HERONS, says=long_text("ferry"), at="/ferry?key=heron")
    house.feed("two", OTTERS, says=long_text("ferry"), at="/ferry?key=otter")
    house.read()
    for here, key in ((HERONS, "heron"), (OTTERS, "otter")):
        (hit,) = house.archive.seen_by(here).search("ferry")
        assert hit.article.url.endswith(key)


@pytest.mark.parametrize("first", ["theirs", "everybodys"])
def test_what_is_everybodys_does_not_read_as_one_workspace_has_it_whoever_came_first(house, first):
    feeds = {
        "theirs": lambda: house.feed("theirs", HERONS, says=long_text("heron"), title="Heron Watch"),
        "everybodys": lambda: house.feed("everybodys", says=long_text("ferry")),
    }
    for name in sorted(feeds, key=lambda name: name != first):
        feeds[name]()
        house.read()
    assert house.seen(STRANGERS) == [("Harbour News", "ferry")]
    assert house.seen(HERONS) == [("Harbour News", "ferry"), ("Heron Watch", "heron")]


def test_a_feed_that_several_follow_is_read_once_and_seen_by_each(house):
    house.feed("one", HERONS, OTTERS, says=long_text("heron"))
    assert house.read() == (1, 0)
    assert [path for path, _ in house.web.asked].count("/one") == 1
    assert house.seen(HERONS) == house.seen(OTTERS) == [("Harbour News", "heron")]


# ---------------------------------------------------------------- the operator's


def configured(folder, *entries):
    (folder / "sources.yaml").write_text("sources:\n" + "".join(f"- {entry}\n" for entry in entries))
    return Config.load(folder)


def test_a_folder_that_the_operator_names_for_a_workspace_is_that_workspaces_alone(tmp_path):
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "a.txt").write_text(f"Report\n\n{long_text('heron')}")
    config = configured(tmp_path, "{folder: reports, name: Reports, workspace: slack/herons}")
    with App(config, sqlite.database(tmp_path / "briefs.db"), environment={}, clock=lambda: NOON) as app:
        app.gather(app.read_sources(), trusted=True)
        assert app.archive.seen_by(HERONS).size().articles == 1
        assert app.archive.seen_by(OTTERS).size().articles == 0
        assert [(one.name, one.by) for one in app.follows.of(HERONS)] == [("Reports", "")]
        app.config = configured(tmp_path, "{folder: reports, name: Reports}")
        app.gather(app.read_sources(), trusted=True)
        assert app.archive.seen_by(OTTERS).size().articles == 1
        assert app.follows.of(HERONS) == ()


def test_a_source_of_one_workspace_is_no_reason_not_to_serve_many(tmp_path):
    theirs = "{feed: 'https://heron.example/feed', auth: {bearer: 'env:HERON'}, workspace: slack/herons}"
    assert configured(tmp_path, theirs).for_few == ()
    assert [one.kind for one in configured(tmp_path, theirs, "{folder: .}").for_few] == ["folder"]


def test_an_address_is_one_workspaces(tmp_path):
    feed = "https://heron.example/feed"
    with pytest.raises(ConfigError, match=r"sources.yaml.*stands here for another workspace"):
        configured(tmp_path, f"{{feed: '{feed}', workspace: slack/herons}}", f"{{feed: '{feed}'}}")
    with pytest.raises(ConfigError, match=r"must be PLATFORM/WORKSPACE"):
        configured(tmp_path, f"{{feed: '{feed}', workspace: herons}}")
