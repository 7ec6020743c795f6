"""What every kind of source keeps, ours and that of another package: read once, in workers, at its own cost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import yaml

from bot.cli import checkup, setup
from briefs import config as configuration
from briefs.archive import Archive
from briefs.config import Config
from briefs.errors import ConfigError, Refused
from briefs.gather import gather
from briefs.ingest import readers as registry
from briefs.ingest.fetch import Fetcher
from briefs.ingest.readers import readers, typed
from briefs.ingest.turns import Turns
from briefs.store.sources import Sources
from briefs.workers import Workers
from tests.fakes.elsewhere import BOARD, HEAP
from tests.fakes.web import Page, Web, send, serve

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TEXT = " ".join(f"The ferry returns to the old harbour for the {n}th week in a row." for n in range(4, 16))
HTML = f"<html><head><title>The ferry</title></head><body><article><p>{TEXT}</p></article></body></html>"
RSS = f"<rss version='2.0'><channel><title>News</title><item><title>The ferry</title><description>{TEXT}</description>"

# ---------------------------------------------------------------- another package


@pytest.fixture(autouse=True)
def another_package(monkeypatch):
    """Kinds of another package, found by their entry points."""
    kinds = {"board": BOARD, "heap": HEAP}
    entries = [EntryPoint(name, f"elsewhere:{name}", "briefbot.sources") for name in kinds]
    monkeypatch.setattr(EntryPoint, "load", lambda entry: kinds[entry.name])
    monkeypatch.setattr(registry, "entry_points", lambda group: entries if group == entries[0].group else [])
    caches = (registry.readers, configuration._source_file)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


# ---------------------------------------------------------------- one source of each kind


@dataclass(frozen=True)
class Kind:
    """How to set one up: what stands in sources.yaml behind its address; its bytes; whether its server has it.

    leads_to: the paths of the articles that it lists without their texts.
    """

    name: str
    holds: str
    media_type: str | None = None
    more: Mapping[str, object] | None = None
    leads_to: tuple[str, ...] = ()

    @property
    def documents(self) -> int:
        return len(self.leads_to) or 1

    @property
    def is_local(self) -> bool:
        return self.media_type is None

    def put(self, web: Web, folder: Path) -> str:
        if self.media_type:
            web.pages |= {path: Page(HTML.encode()) for path in self.leads_to}
            web.pages["/there"] = Page(self.holds.encode(), self.media_type, headers={"ETag": '"1"'})
            return web.url("/there")
        path = folder / "sub" / "ferry.html"
        path.parent.mkdir(exist_ok=True)
        path.write_text(self.holds)
        return str(path if self.name == "file" else path.parent)

    def missing(self, web: Web, folder: Path) -> str:
        return str(folder / "gone.html") if self.is_local else web.url("/gone")

    def entry(self, address: str) -> dict[str, object]:
        return {self.name: address, **({} if self.is_local else {"allow": ["127.0.0.1"]}), **(self.more or {})}


RELEASES = tuple(f"/releases/{number}" for number in (4001, 4002, 4003))
LIST = "".join(f"<li><a href='{path}'>The ferry returns to the old harbour, {path[-1]}</a></li>" for path in RELEASES)

KINDS = [
    Kind("feed", f"{RSS}</item></channel></rss>", "application/rss+xml"),
    Kind("page", HTML, "text/html"),
    Kind("watch", HTML, "text/html"),
    Kind("list", f"<html><body><ul>{LIST}</ul></body></html>", "text/html", leads_to=RELEASES),
    Kind("file", HTML),
    Kind("folder", HTML),
    Kind("board", f"{TEXT}\nA line that nobody asked for.", "text/plain", {"under": "The"}),
]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request) -> Kind:
    return request.param


@pytest.fixture
def web():
    with serve() as web:
        yield web


@pytest.fixture
def archive(tmp_path):
    with Archive.open(f"sqlite:///{tmp_path}/briefs.db", clock=lambda: NOON) as archive:
        yield archive


@pytest.fixture
def load(tmp_path) -> Callable[..., Config]:
    def configured(*entries: Mapping[str, object]) -> Config:
        (tmp_path / "sources.yaml").write_text(yaml.safe_dump({"sources": list(entries)}), encoding="utf-8")
        return Config.load(tmp_path)

    return configured


@pytest.fixture
def workers():
    with Workers(1) as workers:
        yield workers


@pytest.fixture
def read(archive):
    fetcher = Fetcher(seconds=40, turns=Turns(pause=0))
    return lambda sources, **options: gather(sources, archive, fetcher=fetcher, clock=lambda: NOON, **options)


def test_these_are_all_kinds_there_are():
    assert {kind.name for kind in KINDS} | {"heap"} == set(readers())


def test_a_source_is_filed_once_and_by_workers_that_know_nothing_of_us(
    kind, web, tmp_path, load, read, archive, workers
):
    sources = load(kind.entry(kind.put(web, tmp_path))).sources

    first, again = read(sources, map=workers.map), read(sources, map=workers.map)

    assert [(run.new, run.changed, run.refused) for run in (first, again)] == [(kind.documents, 0, ()), (0, 0, ())]
    assert [hit.article.text for hit in archive.search("harbour")] == [TEXT] * kind.documents
    if not kind.is_local:
        assert web.asked[-1][1]["if-none-match"] == '"1"'


def test_what_strangers_wrote_is_understood_by_workers_alone(kind, web, tmp_path, load, read, archive):
    charged = []

    def nobody_works(function, items, *, payer):
        for item in items:
            charged.append(payer(item))
            yield Refused("nobody works today")

    (source,) = load(kind.entry(kind.put(web, tmp_path))).sources
    report = read([source], map=nobody_works)

    assert [str(one.error) for one in report.refused] == ["nobody works today"]
    assert archive.size().articles == 0
    assert charged == [None if kind.is_local else source.address]


def test_one_that_is_not_there_is_a_line_in_its_health_and_costs_no_other(kind, web, tmp_path, load, read, archive):
    (tmp_path / "other.txt").write_text(TEXT)
    sources = load(kind.entry(kind.missing(web, tmp_path)), {"file": "other.txt"}).sources

    report = read(sources)

    assert (report.new, len(report.refused)) == (1, 1)
    health = Sources(archive.database).one(sources[0].address)
    assert (health.kind, health.failures, health.answered_at) == (kind.name, 1, None)
    assert health.error.startswith(f"{sources[0].address}: ")
    assert "\n" not in health.error


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.is_local], ids=lambda kind: kind.name)
def test_one_that_does_not_answer_yet_holds_no_other_up(kind, web, tmp_path, load, read):
    (tmp_path / "other.txt").write_text("The whale has left the bay for the open sea.")
    sources = load(kind.entry(kind.put(web, tmp_path)), {"file": "other.txt"}).sources
    page, filed, told = web.pages["/there"], threading.Event(), []

    def answer(handler):
        assert filed.wait(30), "nothing was filed while a slow one was waited for"
        send(handler, page)

    def progress(step):
        told.append(step.outcome)
        filed.set()

    web.pages["/there"] = answer
    read(sources, progress=progress)

    assert told == ["new"] * (kind.documents + 1)


def test_a_check_finds_what_is_there_and_what_is_not(kind, web, tmp_path, load):
    load(kind.entry(kind.put(web, tmp_path)), kind.entry(kind.missing(web, tmp_path)))

    found = asyncio.run(checkup.check_all(tmp_path, str(tmp_path / "briefs.db"), {}))

    assert [one.well for one in found if one.of == kind.name] == [True, False]


def test_what_is_on_this_machine_or_its_network_is_for_few(kind, web, tmp_path, load):
    config = load(kind.entry(kind.put(web, tmp_path)), kind.entry("https://a.example/x") | {"public": True})
    assert config.for_few == config.sources[:1]


def test_what_is_exported_can_be_set_up_again(kind, web, tmp_path, load):
    (source,) = load(kind.entry(kind.put(web, tmp_path))).sources
    entry = setup.SourceRecord.of(source)
    assert entry.address == source.address
    assert load(entry.model_dump(exclude_none=True)).sources == (source,)


def test_an_entry_is_of_one_kind(kind, load):
    kinds = "board, heap, feed, page, watch, list, file, folder"
    with pytest.raises(ConfigError, match=rf"A source needs one of {kinds}\."):
        load({"name": "compost"})
    with pytest.raises(ConfigError, match="are several sources: make an entry of each"):
        load(kind.entry("https://a.example/x") | {"page": "https://a.example/y", "heap": "compost"})


def test_a_key_of_one_kind_has_its_default_and_any_value_that_is_written_and_is_none_of_the_others(load):
    board = {"board": "https://a.example/b", "under": "The"}
    feed, usual, none = load({"feed": "https://a.example/f"}, board, {**board, "most": 0}).sources

    assert (feed.kind, feed.more) == ("feed", {})
    assert usual.more == {"under": "The", "most": 100}
    assert none.more == {"under": "The", "most": 0}


def test_a_key_of_another_kind_is_a_mistake(load):
    with pytest.raises(ConfigError, match=r"A source of the kind folder has no under; these have: board\."):
        load({"folder": "notes", "under": "The"})
    with pytest.raises(ConfigError, match=r"the kind heap has no allow; these have: board, feed, page, watch, list\."):
        load({"heap": "compost", "allow": ["10.0.0.1"]})


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("https://a.example/news.xml", "feed"),
        ("https://a.example/feed/", "feed"),
        ("https://a.example/feedback", "page"),
        ("https://boards.example/feed", "board"),
        ("notes.txt", "file"),
        (".", "folder"),
        ("[notes//x.txt", "file"),
    ],
)
def test_what_is_typed_is_of_the_first_kind_that_takes_it(place, kind):
    assert typed(place).kind == kind


def test_whatever_a_reader_raises_costs_its_source_alone(web, tmp_path, load, read):
    (tmp_path / "other.txt").write_text("The whale has left the bay for the open sea.")
    board = {"board": "https://a.example/broken", "under": "The"}

    report = read(load(board, {"heap": "compost"}, {"file": "other.txt"}).sources)

    assert report.new == 2  # what the heap gave before it slid, and the file
    assert sorted(str(one.error) for one in report.refused) == [
        f"{address}: what reads this kind of source failed (LookupError: {why}); tell whoever wrote that"
        for address, why in (("compost", "the heap has slid"), ("https://a.example/broken", "no such board"))
    ]
