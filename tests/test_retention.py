"""What is older than it is kept goes, with all that hangs on it; what is still needed stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.app import App
from briefs.archive import Archive
from briefs.clustering.fingerprints import EVERYTHING
from briefs.config import Config
from briefs.errors import ConfigError
from briefs.gather import gather
from briefs.housekeeping import expire, weight
from briefs.ingest.fetch import Fetcher
from briefs.models import Article, Channel, Source
from briefs.store import schema
from briefs.store.daily_reports import DailyReports
from briefs.store.follows import Follows
from briefs.store.memory import Memory
from briefs.store.retention import Retention
from briefs.store.sources import Document, Sources
from briefs.text.embedding_model import MODEL_VARIABLE
from tests.clock import Clock
from tests.dispatcher import Person
from tests.fakes.transport import RecordingTransport

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
FEED = "https://a.example/feed"
DAY = timedelta(days=1)
HERE = Channel("slack", "T1", "C1")
OLD = Article("old", "Otters", "Otters came back to the river near Lyon. They had been gone for forty years.", "en")
NEW = Article("new", "Comets", "A comet will pass the Earth in June. Astronomers expect a long tail.", "en")


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


def let_go(archive: Archive, clock: Clock, keep: timedelta = 90 * DAY) -> None:
    for _ in expire(archive.database, clock.now, keep):
        pass


def rows(archive: Archive) -> dict[str, int]:
    with archive.database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.metadata.tables.items()
        }


def names(archive: Archive) -> set[str]:
    with archive.database.read() as connection:
        return set(connection.execute(select(schema.article.c.id)).scalars())


# ---------------------------------------------------------------- what goes


def test_an_old_article_goes_with_all_that_hangs_on_it(archive, clock):
    archive.add([OLD])
    clock.now += 91 * DAY
    archive.add([NEW])
    let_go(archive, clock)

    assert names(archive) == {"new"}
    assert not archive.search("otters")
    assert archive.size().articles == 1
    left = rows(archive)
    assert (left["story"], left["telling"], left["uncounted"]) == (1, 1, 1)
    assert left["trace"] > 0


def test_what_came_in_since_stays_whatever_its_date_says(archive, clock):
    dated = Article("dated", "Long ago", "The bridge was opened in 1998.", "en", published=MONDAY - 9000 * DAY)
    archive.add([dated, NEW])
    clock.now += 89 * DAY
    let_go(archive, clock)
    assert names(archive) == {"dated", "new"}


def test_words_of_what_is_gone_are_not_counted_any_more(archive, clock):
    archive.add([OLD])
    clock.now += 91 * DAY
    archive.add([NEW])
    let_go(archive, clock)
    with archive.database.read() as connection:
        _, lexicon = archive._index.on(connection)
        assert lexicon.known(["otter", "comet"]) == {"comet": 1}
        assert lexicon.vocabularies(["otter"], 5) == [[]]


# ---------------------------------------------------------------- what stays


def test_what_a_channel_remembers_stays(archive, clock):
    archive.add([OLD])
    clock.now += 60 * DAY
    Memory(archive.database).tell(HERE, {"old": ["Otters came back to the river near Lyon."]}, clock.now)
    clock.now += 31 * DAY
    archive.add([NEW])
    let_go(archive, clock, 30 * DAY)
    assert names(archive) == {"old", "new"}
    assert Memory(archive.database).told(HERE, MONDAY).articles == {"old"}


ORDERED = "MIIT told Alibaba and Tencent to stop blocking links by 17 September."
REPEATED = "Alibaba and Tencent must end link blocking by 17 September, MIIT said."
STORM = "A storm closed the harbour of Nice on Sunday, and ferries to Corsica stayed in port."


def reported(name: str, text: str, at: datetime) -> Article:
    return Article(name, name, text, "en", f"https://{name}.example/", source=name, published=at)


def test_a_story_of_which_a_channel_was_told_stays_whole_for_thirty_days(archive, clock):
    archive.add([reported("one", ORDERED, MONDAY), reported("coast", STORM, MONDAY)])
    archive.add([reported("two", REPEATED, MONDAY)])
    assert archive.story("one").publishers == 2
    clock.now += 91 * DAY
    archive.add([NEW])
    Memory(archive.database).tell(HERE, {"one": [ORDERED]}, clock.now)
    let_go(archive, clock)
    assert names(archive) == {"one", "two", "new"}

    clock.now += 31 * DAY
    let_go(archive, clock)
    assert names(archive) == {"one", "new"}


def test_a_story_that_goes_on_keeps_its_first_article_and_its_number(archive, clock):
    archive.add([reported("one", ORDERED, clock.now), reported("coast", STORM, clock.now)])
    clock.now += 2 * DAY
    archive.add([reported("two", REPEATED, clock.now)])
    number = archive.story("two").number
    assert number == archive.story("one").number
    clock.now += 89 * DAY
    archive.add([NEW])
    let_go(archive, clock)
    assert names(archive) == {"one", "two", "new"}
    assert archive.story("two").number == number

    clock.now += 10 * DAY
    let_go(archive, clock)
    let_go(archive, clock)
    assert names(archive) == {"new"}


# ---------------------------------------------------------------- the clock of row numbers


def test_the_archives_clock_does_not_go_back(archive, clock):
    archive.add([OLD, NEW])
    position = archive.position()
    clock.now += 500 * DAY
    let_go(archive, clock)
    assert archive.position() == position

    archive.add([Article("later", "Later", "A third report.", "en")])
    assert archive.position() == position + 1
    let_go(archive, clock)
    assert names(archive) == {"later"}


# ---------------------------------------------------------------- documents


def gathered(archive: Archive, clock: Clock, source: Source):
    return gather([source], archive, fetcher=Fetcher(environment={}, clock=clock), clock=clock)


def test_what_a_source_lists_for_years_is_no_news_again(archive, clock, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "otters.md").write_text(f"# {OLD.title}\n\n{OLD.text}\n")
    source = Source(str(folder), "folder")
    assert gathered(archive, clock, source).new == 1
    archive.add([NEW])
    for _ in range(8):
        clock.now += 100 * DAY
        let_go(archive, clock)
        report = gathered(archive, clock, source)
        assert (report.new, report.unchanged) == (0, 1)
    assert names(archive) == {"new"}


def test_what_no_source_has_listed_for_a_year_is_forgotten(archive, clock, tmp_path):
    (tmp_path / "otters.md").write_text(f"# {OLD.title}\n\n{OLD.text}\n")
    gathered(archive, clock, Source(str(tmp_path / "otters.md"), "file"))
    archive.add([NEW])
    clock.now += 91 * DAY
    let_go(archive, clock)
    assert rows(archive)["document"] == 1
    clock.now += 366 * DAY
    let_go(archive, clock)
    assert rows(archive)["document"] == 0


def listed(archive: Archive) -> list[int | None]:
    """When each document was listed last whose article is gone; None of the others."""
    with archive.database.read() as connection:
        return list(connection.execute(select(schema.document.c.listed_at)).scalars())


def test_a_document_that_is_an_article_again_is_no_longer_one_to_be_forgotten(archive, clock, tmp_path):
    file = tmp_path / "otters.md"
    file.write_text(f"# {OLD.title}\n\n{OLD.text}\n")
    gathered(archive, clock, Source(str(file), "file"))
    archive.add([NEW])
    clock.now += 91 * DAY
    let_go(archive, clock)
    assert None not in listed(archive)

    file.write_text(f"# Herons\n\nHerons have taken the place of the otters, which nobody has seen since {NEW.text}\n")
    gathered(archive, clock, Source(str(file), "file"))
    assert listed(archive) == [None]


def test_what_is_remembered_of_a_document_without_an_article_says_when_it_was_listed(archive, clock):
    sources = Sources(archive.database)
    sources.remember([Document("urn:1", "digest", "gone", clock.now)])
    assert sources.documents(["urn:1"])["urn:1"].listed_at == clock.now


def test_a_document_whose_article_is_there_is_never_forgotten(archive, clock, tmp_path):
    (tmp_path / "otters.md").write_text(f"# {OLD.title}\n\n{OLD.text}\n")
    gathered(archive, clock, Source(str(tmp_path / "otters.md"), "file"))
    clock.now += 900 * DAY
    let_go(archive, clock, 1000 * DAY)
    assert listed(archive) == [None]


# ---------------------------------------------------------------- counts and room


def test_counts_of_words_are_halved_once_they_count_twice_the_archive(archive, clock):
    def counts() -> dict[int, int]:
        with archive.database.read() as connection:
            return {row.key: row.articles for row in connection.execute(select(schema.commonness))}

    archive.add(Article(f"a{n}", f"Report {n}", f"Report {n} names the town of Lyon.", "en") for n in range(40))
    before = counts()
    assert before[EVERYTHING] == 40
    clock.now += 91 * DAY
    archive.add([NEW])
    let_go(archive, clock)
    after = counts()
    assert after[EVERYTHING] == 20
    assert after == {key: number // 2 for key, number in before.items() if number > 1}


def test_room_is_given_back_to_the_disk(tmp_path, clock):
    with Archive.open(f"sqlite:///{tmp_path}/briefs.db", clock=clock) as archive:
        for batch in range(5):
            archive.add(
                Article(f"a{batch}.{n}", f"Report {n}", f"Word{batch}x{n} comes first here. " * 60, "en")
                for n in range(60)
            )
        clock.now += 91 * DAY
        archive.add([NEW])
        before = size(archive)
        let_go(archive, clock)
        assert names(archive) == {"new"}
        assert size(archive) < before / 4


def test_what_a_telling_kept_is_given_back_once_its_story_is_closed(tmp_path, clock):
    with Archive.open(f"sqlite:///{tmp_path}/briefs.db", clock=clock) as archive:
        for n in range(100):
            words = " ".join(f"word{n}x{m}" for m in range(200))
            archive.add([Article(f"a{n}", f"Report {n}", f"The town said {words}.", "en")])
        clock.now += 8 * DAY
        with archive.database.read() as connection:
            kept = connection.execute(select(func.sum(func.length(schema.telling.c.packed)))).scalar_one()
        archive.forget(clock.now)
        with archive.database.read() as connection:
            free = connection.exec_driver_sql("PRAGMA freelist_count").scalar_one()
        assert free * 4096 > kept / 2


def size(archive: Archive) -> int:
    with archive.database.read() as connection:
        return Retention().size(connection)


# ---------------------------------------------------------------- settings, steps and figures


def settings(folder: Path, text: str) -> Config:
    (folder / "settings.yaml").write_text(text)
    return Config.load(folder)


def test_everything_is_kept_where_nobody_says_otherwise(tmp_path, clock):
    with App(
        settings(tmp_path, "zone: Europe/Paris\n"), f"sqlite:///{tmp_path}/briefs.db", environment={}, clock=clock
    ) as app:
        app.archive.add([OLD, NEW])
        clock.now += 4000 * DAY
        assert len(list(app.keep_house())) == 1
        assert names(app.archive) == {"old", "new"}


@pytest.mark.parametrize("wrong", ["90", "90 months", "29 days", "-90 days", "for ever", "[90]", "999999 days"])
def test_what_is_no_number_of_days_is_refused(tmp_path, wrong):
    with pytest.raises(ConfigError, match=r"settings.yaml.*retention.*must be a number of days such as “90 days”"):
        settings(tmp_path, f"retention: {wrong}\n")


def test_old_articles_go_in_small_steps_between_which_others_write(tmp_path, clock):
    config = settings(tmp_path, "retention: 90 days\n")
    with App(config, f"sqlite:///{tmp_path}/briefs.db", environment={}, clock=clock) as app:
        app.archive.add(Article(f"a{n}", f"Report {n}", f"Report {n} names a town.", "en") for n in range(120))
        clock.now += 91 * DAY
        left = []
        for n, _ in enumerate(app.keep_house()):
            left.append(app.archive.size().articles)
            app.archive.add([Article(f"b{n}", f"Later {n}", f"A later report, number {n}.", "en")])
        assert max(before - after for before, after in pairwise(left)) <= 50
        assert not any(name.startswith("a") for name in names(app.archive))


def test_what_a_year_takes_is_told_by_the_present_rate(archive, clock):
    assert weight(archive.database, clock.now, None).in_a_year is None
    archive.add(Article(f"old{n}", f"Report {n}", f"Report {n} names a town.", "en") for n in range(200))
    for day in range(10):
        clock.now += DAY
        archive.add(Article(f"a{day}.{n}", f"Report {n}", f"On day {day} report {n} came.", "en") for n in range(4))
    clock.now += DAY
    told = weight(archive.database, clock.now, None)
    assert told.size == size(archive)
    per_article = told.size / 240
    assert told.in_a_year == pytest.approx((240 + 4 * 365) * per_article, rel=0.01)
    for days, articles in ((90, 4 * 90), (400, 4 * 400), (1000, 240 + 4 * 365)):
        told = weight(archive.database, clock.now, days * DAY)
        assert told.in_a_year == pytest.approx(articles * per_article, rel=0.01)


# ---------------------------------------------------------------- years of running

# What people set up, one row for each thing of theirs, and what is one row for each publisher, language or process.
SET_UP = {"alias", "channel", "feedback", "follow", "installation", "source", "subscription", "topic"} | {
    "habit",
    "host_turn",  # on PostgreSQL
    "index_build",  # one that serves, and one that is being made
    "index_owed",  # taken as soon as it is sent
    "lease",
    "notice",  # taken as soon as it is told
    "totals",
}


async def test_no_table_grows_for_ever_with_retention(tmp_path, clock):
    (tmp_path / "topics.yaml").write_text("topics: [{name: News, expression: report}]\n")
    config = settings(tmp_path, "retention: 60 days\n")
    counted = []
    model = {MODEL_VARIABLE: str(Path(__file__).parent / "data/tiny_model")}
    with App(config, f"sqlite:///{tmp_path}/briefs.db", environment=model, clock=clock) as app:
        transport = RecordingTransport()
        app.delivery_worker.serve(transport)
        ann = Person(app.dispatcher, channel=Channel("console", "local", "C1"))
        Follows(app.database).follow(ann.channel, Source(FEED, "feed"), "ann", clock.now)
        await ann.say("subscribe News at 9:00 daily UTC")
        for step in range(26):
            clock.now += 45 * DAY
            a_day_of(app, step)
            app.bring()
            await ann.say("report", trigger=f"look-up {step}")
            await ann.say("topic add Mine town" if step % 2 else "topic remove Mine", trigger=f"topic {step}")
            await app.delivery_worker.tick()
            await app.delivery_worker.drain()
            for _ in app.keep_house():
                pass
            counted.append((rows(app.archive), size(app.archive)))
        assert len(transport.posted) > 24
    before, after = max(size for _, size in counted[12:18]), max(size for _, size in counted[18:])
    assert after <= 1.1 * before
    for name in schema.metadata.tables.keys() - SET_UP:
        grown = [rows[name] for rows, _ in counted]
        assert max(grown) > 0, f"{name} was never written"
        assert max(grown[18:]) <= 1.05 * max(grown[12:18]) + 2, f"{name} grows"


def a_day_of(app: App, number: int) -> None:
    """Let twenty articles come in, each with words that no other has, and what else a day writes down."""
    words = [" ".join(f"w{number}x{n}x{m}" for m in range(9)) for n in range(20)]
    articles = [Article(f"{number}.{n}", f"Report {number}", f"A report names {words[n]}.", "en") for n in range(20)]
    app.archive.file(articles, {one.id: [FEED] for one in articles})
    app.sources.remember(Document(one.id, "digest", one.id) for one in articles)
    app.once.note("state", str(number), app.clock() + DAY)
    DailyReports(app.database).begin(f"{app.clock():%Y-%m-%d}", app.clock())
