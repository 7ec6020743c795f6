"""Sources become articles once; what fails costs only itself; an interrupted run goes on where it stopped."""

from __future__ import annotations

import dataclasses
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from briefs.archive import Archive
from briefs.errors import Refused, StoreError
from briefs.filing import Filing, Prepared, apart, decide
from briefs.gather import Report, Step, gather
from briefs.ingest.addresses import canonical
from briefs.ingest.fetch import Fetcher
from briefs.ingest.marks import changes, marks, tag
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.ingest.report import Outcomes
from briefs.ingest.turns import Turns
from briefs.models import Article, Source
from briefs.store.articles import Filed
from briefs.store.sources import Document, Sources
from briefs.text.analyse import analyse
from briefs.workers import Spent, Workers, in_process
from tests import sqlite
from tests.fakes.web import Page, serve
from tests.test_markdown import HOSTILE

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FEED = "application/rss+xml"


@pytest.fixture
def archive(tmp_path):
    with Archive.open(sqlite.database(tmp_path / "briefs.db"), clock=lambda: NOON) as archive:
        yield archive


@pytest.fixture
def web():
    with serve() as web:
        yield web


@pytest.fixture
def read(archive):
    """Gather sources into the archive."""
    fetcher = Fetcher(allow_private=True, seconds=60, turns=Turns(pause=0))

    def run(*sources: Source, **options) -> Report:
        return gather(sources, archive, fetcher=fetcher, clock=lambda: NOON, **options)

    return run


def rss(*entries: tuple[str, str, str], title: str = "Harbour News") -> Page:
    items = "".join(
        f"<item><title>{t}</title><link>{a}</link><description><![CDATA[{d}]]></description></item>"
        for t, a, d in entries
    )
    body = f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode()
    return Page(body, FEED, headers={"ETag": f'"{hash(body)}"'})


def long_text(subject: str) -> str:
    return " ".join(
        f"The {subject} has now been seen by the harbour master for {n} weeks in a row." for n in range(2, 14)
    )


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.new, report.changed, report.unchanged, len(report.refused)


def folder(path) -> Source:
    return Source(str(path), "folder")


# ---------------------------------------------------------------- slow ones


def while_waiting(archive, *sources: Source, read, gate: threading.Event) -> tuple[list[str], Report]:
    """Give what can be looked up before the gate is opened, which is once somebody was told of an article."""
    told, seen = threading.Event(), []

    def progress(step: Step) -> None:
        if step.outcome == "new":
            told.set()

    def look() -> None:
        assert told.wait(30), "nothing was filed while a slow one was waited for"
        seen.extend(hit.article.title for hit in archive.search("harbour"))

    with ThreadPoolExecutor(2) as threads:
        looking = threads.submit(look)
        looking.add_done_callback(lambda _: gate.set())
        report = threads.submit(read, *sources, progress=progress).result()
        looking.result()
    return seen, report


def drips(gate: threading.Event, page: Page):
    """Send the head of an answer, and the rest when the gate opens."""

    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", page.media_type)
        handler.send_header("Content-Length", str(len(page.body)))
        handler.end_headers()
        handler.wfile.write(page.body[:10])
        gate.wait(60)
        handler.wfile.write(page.body[10:])

    return answer


def test_what_other_feeds_brought_can_be_looked_up_while_a_slow_one_is_waited_for(web, archive, read) -> None:
    gate = threading.Event()
    web.pages["/fast"] = rss(
        ("The seal", web.url("/1"), long_text("seal")), ("The bac", web.url("/2"), long_text("bac"))
    )
    web.pages["/slow"] = drips(gate, rss(("The ferry", web.url("/3"), long_text("ferry"))))

    seen, report = while_waiting(
        archive, Source(web.url("/slow"), "feed"), Source(web.url("/fast"), "feed"), read=read, gate=gate
    )

    assert sorted(seen) == ["The bac", "The seal"]
    assert counts(report) == (3, 0, 0, 0)


def test_what_a_feed_brought_in_full_can_be_looked_up_while_the_slow_page_of_a_summary_is_waited_for(
    web, archive, read
) -> None:
    gate = threading.Event()
    page = f"<html><body><article><h1>The ferry</h1><p>{long_text('ferry')}</p></article></body></html>"
    web.pages["/3"] = drips(gate, Page(page.encode()))
    web.pages["/feed"] = rss(
        ("The ferry", web.url("/3"), "It is back."), ("The seal", web.url("/1"), long_text("seal"))
    )

    seen, report = while_waiting(archive, Source(web.url("/feed"), "feed"), read=read, gate=gate)

    assert seen == ["The seal"]
    assert counts(report) == (2, 0, 0, 0)
    assert "for 13 weeks" in archive.article(web.url("/3")).text, "the page was waited for"


# ---------------------------------------------------------------- files


def test_a_folder_is_new_once_and_unchanged_after(tmp_path, read, archive) -> None:
    (tmp_path / "a.txt").write_text("A title\n\nThe ferry returns to the old harbour on Monday.")
    (tmp_path / "b.md").write_text(
        "---\ntitle: Le bac\nsource: Ouest\n---\nLe bac revient lundi au vieux port de la ville."
    )
    assert counts(read(folder(tmp_path))) == (2, 0, 0, 0)
    assert counts(read(folder(tmp_path))) == (0, 0, 2, 0)
    assert archive.position() == 2


def test_a_file_becomes_an_article_named_by_its_address_and_where_it_names_no_source_by_its_file(
    tmp_path, read, archive
) -> None:
    path = tmp_path / "une note.txt"
    path.write_text("Le bac\n\nLe bac revient lundi au vieux port de la ville.")
    read(Source(str(path), "file"))
    article = archive.article(path.as_uri())
    assert (article.title, article.url, article.source, article.language) == (
        "Le bac",
        path.as_uri(),
        "une note.txt",
        "fr",
    )


def test_a_file_that_has_changed_replaces_its_article_and_is_no_news(tmp_path, read, archive) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A title\n\nThe ferry returns on Monday.")
    read(folder(tmp_path))
    path.write_text("A title\n\nThe ferry returns on Tuesday.")
    assert counts(read(folder(tmp_path))) == (0, 1, 0, 0)
    assert "Tuesday" in archive.article(path.as_uri()).text
    assert archive.position() == 1


def test_a_copy_under_another_name_is_unchanged_when_its_source_is_the_same(tmp_path, read, archive) -> None:
    text = "---\nsource: Harbour News\n---\nThe ferry returns on Monday to the old harbour."
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "b.md").write_text(text)
    assert counts(read(folder(tmp_path))) == (1, 0, 1, 0)
    assert counts(read(folder(tmp_path))) == (0, 0, 2, 0)


def test_bad_files_are_refused_with_their_reason_and_hide_no_other(tmp_path, read, archive) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("The ferry returns on Monday to the old harbour.")
    (tmp_path / "c.pdf").write_bytes(b"no pdf")
    report = read(folder(tmp_path))
    assert counts(report) == (1, 0, 0, 2)
    assert [row["error"].rpartition("; ")[2] for row in report.to_json()["refused"]] == [
        "remove it or fill it",
        "open it and save it again",
    ]
    assert all(str(tmp_path) in row["address"] for row in report.to_json()["refused"])


def test_a_missing_file_is_noted_in_the_health_of_its_source(tmp_path, read, archive) -> None:
    source = Source(str(tmp_path / "nothing.txt"), "file")
    read(source)
    read(source)
    health = Sources(archive.database).one(source.address)
    assert (health.failures, health.answered_at, health.tried_at) == (2, None, NOON)
    assert "no such file" in health.error


def test_each_document_is_told_as_it_is_done(tmp_path, read) -> None:
    (tmp_path / "a.txt").write_text("")
    (tmp_path / "b.txt").write_text("The ferry returns on Monday to the old harbour.")
    steps: list[Step] = []
    read(folder(tmp_path), progress=steps.append)
    assert [(step.done, step.outcome, step.address[-5:]) for step in steps] == [
        (1, "refused", "a.txt"),
        (2, "new", "b.txt"),
    ]


# ---------------------------------------------------------------- feeds and pages


def test_a_feed_brings_its_entries_and_the_next_time_it_is_not_even_sent(web, read, archive) -> None:
    web.pages["/rss"] = rss(
        ("The seal is back", web.url("/seal"), long_text("seal")), ("A whale", web.url("/whale"), long_text("whale"))
    )
    source = Source(web.url("/rss"), "feed")
    assert counts(read(source)) == (2, 0, 0, 0)
    article = archive.article(web.url("/seal"))
    assert (article.title, article.source, article.language) == ("The seal is back", "Harbour News", "en")
    assert counts(read(source)) == (0, 0, 0, 0)
    assert "if-none-match" in web.asked[-1][1]


def test_a_feed_that_sends_everything_again_brings_nothing_new(web, read) -> None:
    page = rss(("The seal is back", web.url("/seal"), long_text("seal")))
    web.pages["/rss"] = dataclasses.replace(page, headers={})
    source = Source(web.url("/rss"), "feed")
    read(source)
    assert counts(read(source)) == (0, 0, 1, 0)


def test_an_entry_with_a_summary_only_is_read_from_its_page(web, read, archive) -> None:
    web.pages["/rss"] = rss(("The seal is back", web.url("/seal"), "It was seen again."))
    paragraphs = "".join(f"<p>{long_text(word)}</p>" for word in ("seal", "grey seal", "young seal"))
    web.pages["/seal"] = Page(f"<html><body><article><h1>x</h1>{paragraphs}</article></body></html>".encode())
    assert counts(read(Source(web.url("/rss"), "feed"))) == (1, 0, 0, 0)
    article = archive.article(web.url("/seal"))
    assert article.title == "The seal is back"
    assert "grey seal" in article.text


def test_where_the_page_cannot_be_had_the_summary_serves(web, read, archive) -> None:
    web.pages["/rss"] = rss(("The seal is back", web.url("/seal"), "It was seen again in the old harbour."))
    web.pages["/seal"] = Page(b"login", status=403)
    assert counts(read(Source(web.url("/rss"), "feed"))) == (1, 0, 0, 0)
    assert archive.article(web.url("/seal")).text == "It was seen again in the old harbour."


def test_a_site_that_wants_us_to_come_back_later_is_asked_for_none_of_its_other_pages(web, read) -> None:
    web.pages["/rss"] = rss(*((f"Seal {n}", web.url(f"/{n}"), f"Seal number {n} was seen again.") for n in range(30)))
    for n in range(30):
        web.pages[f"/{n}"] = Page(b"slow down", status=429, headers={"Retry-After": "600"})
    assert counts(read(Source(web.url("/rss"), "feed"))) == (30, 0, 0, 0)
    assert len(web.asked) < 12  # those that were on their way


def test_a_site_that_does_not_answer_is_asked_for_none_of_its_other_pages(web, archive) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        if host == "nowhere.example":
            raise OSError("no such host")
        return [host]

    entries = ((f"Seal {n}", f"http://nowhere.example/{n}", f"Seal number {n} was seen again.") for n in range(30))
    web.pages["/rss"] = rss(*entries)
    fetcher = Fetcher(allow_private=True, resolve=resolve, turns=Turns(pause=0))
    report = gather([Source(web.url("/rss"), "feed")], archive, fetcher=fetcher)
    assert counts(report) == (30, 0, 0, 0)
    assert looked_up.count("nowhere.example") < 12  # those that were on their way


def test_an_entry_of_which_nothing_can_be_had_is_refused_with_the_reason(web, read) -> None:
    web.pages["/rss"] = rss(("The seal is back", web.url("/seal"), ""))
    report = read(Source(web.url("/rss"), "feed"))
    assert counts(report) == (0, 0, 0, 1)
    assert "not found (404)" in str(report.refused[0].error)


def test_a_page_is_a_source_too(web, read, archive) -> None:
    paragraphs = "".join(f"<p>{long_text(word)}</p>" for word in ("seal", "grey seal", "young seal"))
    web.pages["/p"] = Page(
        f"<html><head><title>The seal</title></head><body><article>{paragraphs}</article></body></html>".encode()
    )
    source = Source(web.url("/p"), "page", name="The Pier")
    assert counts(read(source)) == (1, 0, 0, 0)
    assert counts(read(source)) == (0, 0, 1, 0)
    assert archive.article(web.url("/p")).source == "The Pier"


def test_a_source_that_fails_costs_only_itself_and_its_health_tells(web, read, archive) -> None:
    web.pages["/rss"] = rss(("The seal is back", web.url("/seal"), long_text("seal")))
    web.pages["/html"] = Page(b"<html><body>No feed</body></html>")
    good, gone, page = (Source(web.url(path), "feed") for path in ("/rss", "/gone", "/html"))
    report = read(gone, page, good)
    assert (counts(report), report.recovered) == ((1, 0, 0, 2), ())
    health = {row.address: row for row in Sources(archive.database).health()}
    assert (health[good.address].failures, health[good.address].answered_at) == (0, NOON)
    assert "not found" in health[gone.address].error
    assert "not a feed" in health[page.address].error
    web.pages["/gone"] = rss(("A whale", web.url("/whale"), long_text("whale")))
    assert read(gone, good).recovered == (gone.address,)
    assert Sources(archive.database).one(gone.address).failures == 0
    assert read(gone, good).recovered == ()


def test_the_same_entry_in_two_feeds_is_one_article(web, read) -> None:
    entry = ("The seal is back", web.url("/seal?utm_source=rss"), long_text("seal"))
    web.pages["/one"] = rss(entry)
    web.pages["/two"] = rss((entry[0], web.url("/seal"), entry[2]))
    report = read(Source(web.url("/one"), "feed"), Source(web.url("/two"), "feed"))
    assert counts(report) == (1, 0, 1, 0)


def test_what_the_titles_of_a_feed_share_at_their_ends_is_no_part_of_them(web, read, archive) -> None:
    named = ("The ferry returns", "A seal in the harbour", "The market – a new roof")
    web.pages["/feed"] = rss(
        *((f"{title} – Harbour | HN", web.url(f"/{n}"), long_text(title)) for n, title in enumerate(named))
    )
    read(Source(web.url("/feed"), "feed"))
    assert {hit.article.title for hit in archive.search("harbour master", limit=9)} == set(named)


def test_an_entry_that_two_feeds_word_differently_does_not_change_with_every_run(web, read) -> None:
    for path, title in (("/one", "The seal is back"), ("/two", "Nature: the seal is back")):
        web.pages[path] = dataclasses.replace(rss((title, web.url("/seal"), long_text("seal"))), headers={})
    sources = [Source(web.url("/one"), "feed"), Source(web.url("/two"), "feed")]
    assert counts(read(*sources)) == (1, 0, 1, 0)
    assert counts(read(*sources)) == (0, 0, 2, 0)


def test_an_interrupted_run_keeps_what_it_committed_and_the_next_one_goes_on(web, read, archive) -> None:
    """The feed must be sent again in full: "not modified" would lose what was not stored."""
    entries = [(f"Seal {n}", web.url(f"/{n}"), long_text(f"seal of pier {n}")) for n in range(80)]
    web.pages["/rss"] = rss(*entries)
    source = Source(web.url("/rss"), "feed")

    def stop(step: Step) -> None:
        if step.done == 55:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(source, progress=stop)
    stored = archive.position()
    assert 50 <= stored <= 80
    assert counts(read(source)) == (80 - stored, 0, stored, 0)


def test_a_full_database_stops_the_run_with_its_own_error(tmp_path, read, archive, monkeypatch) -> None:
    (tmp_path / "a.txt").write_text("The ferry returns on Monday to the old harbour.")

    def full(articles, brought=None):
        raise StoreError("no room on the disk of {url}: free some, nothing is lost so far", url="briefs.db")

    monkeypatch.setattr(archive, "store", full)
    with pytest.raises(StoreError, match="no room"):
        read(folder(tmp_path))


def test_strangers_bytes_are_read_in_workers_and_a_bomb_costs_one_item(tmp_path, read) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"The ferry number {number} returns on Monday to the old harbour.")
    with Workers(2, seconds=30) as workers:
        assert counts(read(folder(tmp_path), map=workers.map)) == (5, 0, 0, 0)


def test_a_feed_leads_only_where_its_source_may_lead(web, archive) -> None:
    web.pages["/secret"] = Page(f"<article><p>{long_text('secret')}</p></article>".encode())
    port = web.address.rpartition(":")[2]
    places = [web.url("/secret"), f"http://localhost:{port}/secret", f"http://[::1]:{port}/secret"]
    web.pages["/feed.xml"] = rss(*((place, place, "Too short.") for place in places))
    for allow, seen in ((("127.0.0.1",), True), (("127.0.0.2",), False)):
        web.asked.clear()
        source = Source(web.url("/feed.xml"), "feed", allow=allow)
        gather([source], archive, fetcher=Fetcher(seconds=5), clock=lambda: NOON)
        assert ("/secret" in web.paths) is seen
        assert web.paths.count("/secret") <= 2  # by its address and as localhost, and not on ::1


def test_a_source_of_the_open_internet_leads_to_no_other_network(web, archive) -> None:
    fetcher = Fetcher(seconds=60, allow_private=True)
    web.pages["/feed.xml"] = rss(("Secret", web.url("/secret"), "Too short."))
    answer = fetcher.get(web.url("/feed.xml"))

    class Public(Fetcher):
        def get(self, address, **options):
            return answer if address == "https://a.example/feed" else super().get(address, **options)

    report = gather([Source("https://a.example/feed", "feed")], archive, fetcher=Public(seconds=5), clock=lambda: NOON)
    assert counts(report) == (1, 0, 0, 0)
    assert "/secret" not in web.paths


def test_hostile_front_matters_cost_their_own_files_and_no_other(tmp_path, read, archive) -> None:
    for number, head in enumerate(HOSTILE.values()):
        (tmp_path / f"{number:02} bad.md").write_text(f"---\n{head}\n---\nThe ferry comes back.", errors="replace")
        (tmp_path / f"{number:02} good.md").write_text(f"---\ntitle: {number}\n---\nThe ferry returns on day {number}.")
    with Workers(2, seconds=30) as workers:
        read(folder(tmp_path), map=workers.map)
    assert all(archive.article((tmp_path / f"{n:02} good.md").as_uri()) for n in range(len(HOSTILE)))


def test_an_article_that_no_database_takes_costs_only_itself(tmp_path, read, archive, monkeypatch) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(f"The ferry number {number} returns on Monday to the old harbour.")
    store = archive.store

    def picky(articles, brought=None):
        if any("number 1" in one.article.text for one in articles):
            raise ValueError("what a database says")
        return store(articles, brought)

    monkeypatch.setattr(archive, "store", picky)
    report = read(folder(tmp_path))
    assert counts(report) == (2, 0, 0, 1)
    assert "storing it failed (ValueError: what a database says)" in str(report.refused[0].error)


def test_what_another_process_filed_meanwhile_counts_once_though_beside_it_is_what_no_database_takes(
    archive, monkeypatch
) -> None:
    def picky(articles, brought):
        if articles:
            raise ValueError("what a database says")
        return Filed((), (), 0)

    Sources(archive.database).remember([Document("theirs", f"digest@{tag('first')}", "theirs")])
    monkeypatch.setattr(archive, "store", picky)
    articles = [analyse(Article(name, name, "The ferry returns on Monday.", "en")) for name in ("theirs", "refused")]
    outcomes = Outcomes(lambda step: None)
    filing = Filing(archive, outcomes, frozenset(), frozenset({tag("first")}))
    digest = f"digest@{tag('second')}"
    filing.file(Prepared(Document(one.article.id, digest, one.article.id), one, "second") for one in articles)
    assert counts(outcomes.report(1, 0, ())) == (0, 0, 1, 1)


def feed_of(web, name: str, size: int) -> Source:
    entries = ((f"{name} {n}", web.url(f"/{name}/{n}"), f"<p>{long_text(f'{name} {n}')}</p>") for n in range(size))
    web.pages[f"/{name}.xml"] = rss(*entries, title=name)
    return Source(web.url(f"/{name}.xml"), "feed")


def test_sources_take_turns(tmp_path, read) -> None:
    for name, size in (("long", 30), ("short", 5)):
        (tmp_path / name).mkdir()
        for number in range(size):
            (tmp_path / name / f"{number}.txt").write_text(long_text(f"{name} {number}"))
    order: list[str] = []
    read(folder(tmp_path / "long"), folder(tmp_path / "short"), progress=lambda step: order.append(step.address))
    assert max(n for n, address in enumerate(order) if "/short/" in address) < 25


def test_half_a_character_in_an_address_or_a_title_costs_no_more_than_its_entry(web, read) -> None:
    entries = (
        {"id": name, "url": f"https://a.example/{name}", "title": name, "content_text": long_text("seal")}
        for name in ("\ud800", "b", "\udfffc\0")
    )
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "\ud800", "items": list(entries)}
    web.pages["/feed.json"] = Page(json.dumps(feed).encode(), "application/feed+json")
    report = read(Source(web.url("/feed.json"), "feed"))
    assert report.new >= 1
    assert report.new + len(report.refused) + report.unchanged == 3


def test_what_is_left_of_a_source_that_has_spent_its_time_is_read_the_next_time(web, read, archive) -> None:
    slow, fast = feed_of(web, "slow", 8), feed_of(web, "fast", 8)
    asked = 0

    def spent(function, items, *, payer):
        nonlocal asked
        for item in items:
            asked += "slow" in (payer(item) or "")
            mine = "slow" in (payer(item) or "") and asked > 5
            yield Spent("its time is over") if mine else next(in_process(function, [item]))

    assert counts(read(slow, fast, map=spent)) == (12, 0, 0, 4)
    assert counts(read(slow, fast)) == (4, 0, 4, 0)


# ---------------------------------------------------------------- which entry is which


def items(*entries: str) -> Page:
    """A feed of these items; each has a long text of its own."""
    inside = "".join(f"<item>{entry}</item>" for entry in entries)
    return Page(f"<rss><channel><title>Notes</title>{inside}</channel></rss>".encode(), "application/rss+xml")


def note(number: int, link: str, *, guid: str = "", title: str = "", date: str = "") -> str:
    parts = f"<title>{title or f'Version {number}'}</title><link>{link}</link>"
    parts += f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    parts += f"<pubDate>{date}</pubDate>" if date else ""
    return f"{parts}<description>{long_text(f'release number {number}')}</description>"


@pytest.mark.parametrize("guid", ["v{}", ""])
@pytest.mark.parametrize("fragment", ["", "#v{}"])
def test_entries_that_lead_to_one_page_are_articles_of_their_own(web, read, archive, guid, fragment) -> None:
    link = web.url("/changelog") + fragment
    web.pages["/rss"] = items(*(note(n, link.format(n), guid=guid.format(n)) for n in (3, 2, 1)))
    source = Source(web.url("/rss"), "feed")
    assert counts(read(source)) == (3, 0, 0, 0)
    assert counts(read(source)) == (0, 0, 3, 0)
    links = {archive.article(document).url for document in document_articles(archive)}
    assert links == {link.format(n) for n in (1, 2, 3)}
    assert "/changelog" not in [path for path, *_ in web.asked]


def document_articles(archive: Archive) -> list[str]:
    with archive.database.read() as connection:
        return [name for (name,) in connection.execute(text("SELECT article FROM document"))]


def test_entries_that_lead_to_one_page_are_kept_also_when_they_come_one_at_a_time(web, read, archive) -> None:
    source = Source(web.url("/rss"), "feed")
    for n in (1, 2, 3):
        web.pages["/rss"] = items(note(n, web.url("/changelog"), guid=f"v{n}"))
        assert counts(read(source)) == (1, 0, 0, 0)
    assert archive.position() == 3


@pytest.mark.parametrize("link", ["/1", "/one"])
@pytest.mark.parametrize("title", ["Version 1", "Version one"])
def test_an_entry_with_the_same_guid_and_another_title_link_or_date_is_an_update(
    web, read, archive, link, title
) -> None:
    source = Source(web.url("/rss"), "feed")
    web.pages["/rss"] = items(note(1, web.url("/1"), guid="v1", date="Tue, 05 Mar 2024 10:00:00 GMT"))
    read(source)
    changed = note(1, web.url(link), guid="v1", title=title, date="Wed, 06 Mar 2024 10:00:00 GMT")
    web.pages["/rss"] = items(changed)
    report = read(source)
    assert report.new == 0
    assert (report.changed, report.unchanged) == ((1, 0) if title != "Version 1" else (0, 1))
    article = archive.article(web.url("/1"))
    assert (article.title, article.url, article.published) == (
        title,
        web.url(link),
        datetime(2024, 3, 6, 10, tzinfo=UTC),
    )
    assert counts(read(source)) == (0, 0, 1, 0)
    assert archive.position() == 1


def test_an_entry_that_was_known_by_its_page_is_not_read_again_for_its_new_name(web, read, archive) -> None:
    source = Source(web.url("/rss"), "feed")
    web.pages["/rss"] = items(note(1, web.url("/1"), guid="v1"))
    read(source)
    with archive.database.write() as connection:  # as it was kept before entries had names of their own
        connection.execute(text("UPDATE document SET address = article, digest = substr(digest, 1, 32)"))
    assert counts(read(source)) == (0, 0, 1, 0)
    assert set(document_articles(archive)) == {web.url("/1")}


def test_two_entries_that_were_alike_part_when_one_is_edited(web, read, archive) -> None:
    source = Source(web.url("/rss"), "feed")
    alike = {web.url(f"/{n}"): f"v{n}" for n in (1, 2)}
    web.pages["/rss"] = items(*(note(1, link, guid=guid) for link, guid in alike.items()))
    assert counts(read(source)) == (1, 0, 1, 0)
    (kept,) = set(document_articles(archive))
    (other,) = alike.keys() - {kept}
    web.pages["/rss"] = items(note(1, kept, guid=alike[kept]), note(2, other, guid=alike[other]))
    assert counts(read(source)) == (1, 0, 1, 0)
    assert archive.article(kept).title == "Version 1"
    assert archive.article(other).title == "Version 2"


def test_a_feed_that_moves_brings_nothing_anew(web, read, archive) -> None:
    web.pages["/old"] = web.pages["/new"] = items(note(1, web.url("/1"), guid="v1"))
    assert counts(read(Source(web.url("/old"), "feed"))) == (1, 0, 0, 0)
    assert counts(read(Source(web.url("/new"), "feed"))) == (0, 0, 1, 0)


def test_an_entry_with_neither_link_nor_guid_is_kept_and_known_again(web, read) -> None:
    web.pages["/rss"] = items(*(note(n, "") for n in (2, 1)))
    source = Source(web.url("/rss"), "feed")
    assert counts(read(source)) == (2, 0, 0, 0)
    assert counts(read(source)) == (0, 0, 2, 0)


# ---------------------------------------------------------------- pure parts


def test_two_entries_of_one_feed_are_apart_and_those_of_two_feeds_are_one() -> None:
    one, other = (
        dataclasses.replace(candidate("https://a.example/p", name), document=Document(f"https://{name}", "", ""))
        for name in ("a.example/rss#2", "b.example/rss#2")
    )
    there = {"https://a.example/p": ["https://a.example/rss#1"]}
    assert [c.analysed.article.id for c in apart([one, other], there)] == [
        "https://a.example/rss#2",
        "https://a.example/p",
    ]


def test_what_has_changed_of_an_entry_is_told_apart() -> None:
    item = RawItem("https://a.example/1", b"x", "text/html", published=datetime(2024, 3, 5, tzinfo=UTC))
    moved, later = dataclasses.replace(item, address="https://a.example/2"), dataclasses.replace(item, published=None)
    source = Source("https://a.example/rss", "feed")
    was = marks(source, item, entry=True)
    assert changes(was, marks(source, item, entry=True)) == set()
    assert changes(was, marks(source, moved, entry=True)) == {"link"}
    assert changes(was, marks(source, later, entry=True)) == {"date"}
    assert changes(was.partition(".")[0], was) == set()  # as it was kept before
    assert changes(was, marks(source, dataclasses.replace(item, title="y"), entry=True)) is None


def candidate(name: str, text: str, source: str = "News") -> Prepared:
    article = Article(id=name, title="T", text=text, source=source)
    return Prepared(Document(name, "digest", name), analyse(article))


def test_the_same_text_from_the_same_source_is_stored_once_and_from_another_source_again() -> None:
    decision = decide([candidate("1", "Seals."), candidate("2", "Seals."), candidate("3", "Seals.", "Other")], {})
    assert [c.analysed.article.id for c in decision.store] == ["1", "3"]
    assert [(d.address, d.article) for d in decision.unchanged] == [("2", "1")]


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7#top", "https://news.example/a?id=7"),
        ("http://news.example", "http://news.example/"),
        ("https://news.example/a?b=1&a=2", "https://news.example/a?b=1&a=2"),
        ("https://news.example/%E4%B8%AD?q=%2B", "https://news.example/%E4%B8%AD?q=%2B"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
    ],
)
def test_one_document_has_one_address(address, same) -> None:
    assert canonical(address) == same


def test_a_date_in_the_future_and_no_date_do_no_harm() -> None:
    late = RawItem(
        "https://a.example/1", b"<p>The ferry returns.</p>", "text/html", published=datetime(2999, 1, 1, tzinfo=UTC)
    )
    assert prepare(late).article.published == datetime(2999, 1, 1, tzinfo=UTC)
    assert prepare(dataclasses.replace(late, published=None)).article.published is None


def test_markup_never_reaches_title_or_text() -> None:
    item = RawItem(
        "https://a.example/1", b"<p>One <b>ferry</b> &lt;3<script>x()</script></p>", "text/html", title="A title"
    )
    assert prepare(item).article.text == "One ferry <3"


@pytest.mark.parametrize("media_type", ["image/png", ""])
def test_what_has_no_text_is_refused(media_type) -> None:
    (error,) = in_process(prepare, [RawItem("https://a.example/x", b"x", media_type)])
    assert isinstance(error, Refused)
    assert "no text to read" in str(error)
