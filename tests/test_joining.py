"""Stories that go on: who told them first, who tells them in words of their own, and which one an article is of."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.archive import Archive
from briefs.clustering import fingerprints
from briefs.clustering.fingerprints import read, weigh
from briefs.models import Article, Channel
from briefs.store.articles import Articles
from briefs.store.fingerprints import Fingerprints
from briefs.store.memory import Memory
from briefs.text.aliases import Aliases
from briefs.text.analyse import analyse
from briefs.text.features import key_of
from tests.clock import Clock
from tests.stories import bcubed, events

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
ORDERED = "MIIT told Alibaba and Tencent to stop blocking links by 17 September."
REPEATED = "Alibaba and Tencent must end link blocking by 17 September, MIIT said."
FOLLOWED = "Alibaba and Tencent ended their blocking of links a day before MIIT's date of 17 September."
STORM = "A storm closed the harbour of Nice on Sunday, and ferries to Corsica stayed in port."
SHIP = (
    "A container ship ran aground near Marseille after its engine failed in heavy wind. Tugs tried in vain to pull it "
    "free before the tide fell, the harbour master said. Nobody was hurt, and no oil has leaked so far."
)


@pytest.fixture
def clock() -> Clock:
    return Clock(MORNING)


def article(name: str, text: str, *, at: datetime | None = MORNING) -> Article:
    return Article(name, name, text, "en", f"https://{name}.example/", source=name, published=at)


def story(archive: Archive, name: str):
    """The story of the article with this id."""
    return archive.story(name)


def told_together(archive: Archive, names: Sequence[str]) -> set[frozenset[str]]:
    """The stories of these articles, by their members."""
    numbers = {name: story(archive, name).number for name in names}
    return {frozenset(one for one in names if numbers[one] == number) for number in numbers.values()}


def test_an_article_joins_the_story_it_tells_or_begins_one(archive):
    archive.add([article("wire", ORDERED), article("coast", STORM)])
    archive.add([article("daily", REPEATED)])
    assert told_together(archive, ["wire", "daily", "coast"]) == {frozenset({"wire", "daily"}), frozenset({"coast"})}


def test_pages_that_are_watched_keep_nobody_from_joining_however_many_come_in_one_after_another(archive):
    pages = [replace(article(f"page {n}", f"Pier {n} is closed.", at=None), role="page") for n in range(101)]
    archive.add([article("wire", ORDERED), article("coast", STORM), *pages])
    archive.add([article("daily", REPEATED)])
    assert told_together(archive, ["wire", "daily", "coast"]) == {frozenset({"wire", "daily"}), frozenset({"coast"})}


def test_all_that_comes_in_together_joins_at_once_though_a_page_is_among_it(archive):
    page = replace(article("page", "A pier is closed.", at=None), role="page")
    villages = [article(f"village {n}", f"Nothing happened in village number {n}.") for n in range(120)]
    archive.add([page, *villages])
    with archive.database.read() as connection:
        assert len(Fingerprints().stories(connection, range(1, archive.size().articles + 1))) == len(villages)


def test_a_story_keeps_its_number_from_day_to_day(archive, clock):
    archive.add([article("wire", ORDERED)])
    number = story(archive, "wire").number
    for day, (name, text) in enumerate([("daily", REPEATED), ("weekly", FOLLOWED)], 1):
        clock.now = MORNING + timedelta(days=day)
        archive.add([article(name, text, at=clock.now)])
        archive.forget(clock.now)
        assert story(archive, name).number == number


def test_a_story_that_nobody_told_for_a_week_is_closed(archive, clock):
    archive.add([article("wire", ORDERED, at=None)])
    clock.now += timedelta(days=8)
    archive.forget(clock.now)
    archive.add([article("daily", REPEATED, at=None)])
    assert story(archive, "daily").number != story(archive, "wire").number


@pytest.mark.parametrize(
    ("later", "stories"),
    [
        (timedelta(), 2),  # one of many texts on a subject: an institute's papers, the whole of a new feed
        (timedelta(minutes=20), 2),
        (timedelta(days=1), 1),  # what a feed without days tells next
    ],
)
def test_what_a_source_without_days_tells_later_goes_on_with_its_story(archive, clock, later, stories):
    archive.add([replace(article("first", ORDERED, at=None), source="paper"), article("coast", STORM)])
    clock.now += later
    archive.add([replace(article("second", REPEATED, at=None), source="paper")])
    assert len(told_together(archive, ["first", "second"])) == stories


GAP = "MIIT fined Tencent because a link of Alibaba was still blocked after 17 September."


@pytest.mark.parametrize(
    ("told", "days", "same"),
    [(True, 4, True), (True, 12, True), (True, 29, True), (True, 40, False), (False, 4, False), (False, 12, False)],
)
def test_a_story_is_followed_as_long_as_a_channel_was_told_of_it_within_a_month(archive, clock, told, days, same):
    archive.add([article("wire", ORDERED), article("coast", STORM)])
    if told:
        Memory(archive.database).tell(Channel("chat", "team", "news"), {"wire": ()}, clock.now)
    for day in range(1, days):
        clock.now = MORNING + timedelta(days=day)
        archive.forget(clock.now)
        archive.add([article(f"other {day}", f"Nothing happened in village number {day}.", at=clock.now)])
    clock.now = MORNING + timedelta(days=days)
    archive.add(
        [
            article("late", GAP, at=clock.now),
            article("ferries", "Ferries from Nice to Corsica were kept by a storm.", at=clock.now),
        ]
    )
    assert (story(archive, "late").number == story(archive, "wire").number) == same
    assert story(archive, "ferries").number != story(archive, "coast").number


def test_a_story_that_goes_on_for_two_weeks_with_a_gap_stays_one(archive, clock):
    reader = Channel("chat", "team", "news")
    number = None
    archive.add([article(f"village {n}", f"Nothing happened in village number {n}.") for n in range(20)])
    for day, text in ((0, ORDERED), (1, REPEATED), (5, FOLLOWED), (9, GAP), (14, f"{REPEATED} Tencent paid the fine.")):
        clock.now = MORNING + timedelta(days=day)
        archive.forget(clock.now)
        archive.add([article(f"day {day}", text, at=clock.now)])
        Memory(archive.database).tell(reader, {f"day {day}": ()}, clock.now)
        number = number or story(archive, f"day {day}").number
        assert story(archive, f"day {day}").number == number


def test_who_told_it_first_is_known_whenever_they_come_in(archive):
    archive.add([article("daily", REPEATED, at=MORNING + timedelta(hours=2))])
    archive.add([article("wire", ORDERED, at=MORNING + timedelta(minutes=12))])
    first = story(archive, "daily").first
    assert (first.source, first.url, first.at) == ("wire", "https://wire.example/", MORNING + timedelta(minutes=12))


def test_nobody_is_called_the_first_where_dates_without_an_hour_leave_it_open(archive):
    day = MORNING.replace(hour=0)
    archive.add([article("daily", REPEATED, at=day), article("wire", ORDERED, at=day + timedelta(hours=8))])
    assert story(archive, "daily").first is None
    archive.add([article("early", ORDERED, at=day - timedelta(days=1))])
    assert story(archive, "daily").first.source == "early"


def test_without_a_stated_day_the_first_is_who_came_in_first(archive, clock):
    archive.add([article("wire", ORDERED, at=None)])
    clock.now += timedelta(hours=1)
    archive.add([article("daily", REPEATED, at=None)])
    assert (story(archive, "daily").first.source, story(archive, "daily").first.at) == ("wire", MORNING)


def test_a_copy_is_no_independent_report(archive):
    archive.add([article("wire", SHIP)])
    archive.add([article("paper", f"Home. {SHIP}"), article("other", SHIP[:130])])
    told = story(archive, "paper")
    assert (told.number, told.publishers, told.copies) == (story(archive, "wire").number, 1, {"paper", "other"})


def test_two_stories_that_are_one_after_all_keep_the_older_number(archive):
    archive.add([article("wire", ORDERED)])
    archive.add([article("daily", "Nice harbour stayed shut: links to Corsica are blocked by a storm.")])
    number = story(archive, "wire").number
    archive.add([article("both", f"{ORDERED} Nice harbour stayed shut: links to Corsica are blocked by a storm.")])
    assert {story(archive, name).number for name in ("wire", "daily", "both")} == {number}


def test_an_article_whose_text_changes_stays_in_its_story(archive):
    archive.add([article("wire", ORDERED), article("coast", STORM)])
    number = story(archive, "wire").number
    archive.add([article("wire", STORM)])
    assert story(archive, "wire").number == number


def test_the_invented_events_are_found_day_by_day(archive):
    known = events()
    days: dict[datetime, list[Article]] = {}
    for one in (one for told in known.values() for one in told):
        days.setdefault(one.published, []).append(one)
    for day in sorted(days):
        archive.add(days[day])
    found = told_together(archive, [one.id for told in known.values() for one in told])
    assert bcubed([sorted(group) for group in found], known) >= 0.88


def test_a_word_counts_once_for_each_article_whether_it_is_written_down_or_waits_for_others(archive):
    for day in range(9):
        archive.add([article(f"{day}-{n}", f"Day {day} in the harbour.") for n in range(10)])
    Articles(archive.database).file([analyse(article("late", "The harbour again."))], MORNING)
    harbour = key_of("en harbour")
    with archive.database.write() as connection:
        assert Fingerprints().learn(connection, {archive.position(): {harbour}})[harbour] == 91


PIECES = (ORDERED, REPEATED, FOLLOWED, STORM, SHIP, SHIP[:130], "工信部要求腾讯和阿里巴巴在9月17日前停止屏蔽链接。")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "briefs.db"
    Archive.open(f"sqlite:///{path}").close()
    return path


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([0, 1, 5, None])), max_size=6),
    st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([0, 1, 5, None])), min_size=1, max_size=10),
    st.randoms(use_true_random=False),
)
def test_the_order_within_a_batch_does_not_matter(empty, tmp_path_factory, before, batch, random):
    def made(pieces, name):
        days = [None if day is None else MORNING + timedelta(days=day) for _, day in pieces]
        return [article(f"{name}{n}", text, at=days[n]) for n, (text, _) in enumerate(pieces)]

    def grouped(second: list[Article]) -> tuple[set[frozenset[str]], set[str]]:
        path = tmp_path_factory.mktemp("order") / "briefs.db"
        shutil.copy(empty, path)
        with Archive.open(f"sqlite:///{path}", clock=Clock(MORNING)) as archive:
            archive.add(made(before, "a"))
            archive.add(second)
            names = [one.id for one in (*made(before, "a"), *second)]
            return told_together(archive, names), {one for name in names for one in story(archive, name).copies}

    articles = made(batch, "b")
    assert grouped(articles) == grouped(random.sample(articles, len(articles)))


@given(st.text(max_size=200), st.sampled_from(["en", "fr", "zh", "und"]))
def test_what_is_kept_of_an_article_is_read_back(text, language):
    reading = read(Article("a", "腾讯 Tencent 74.3 billion", text, language, published=MORNING), Aliases())
    fingerprint = weigh(reading, dict.fromkeys(reading.keys, 1))
    again = fingerprints.unpack(
        fingerprints.pack(fingerprint), fingerprint.language, fingerprint.published, fingerprint.publisher
    )
    assert (list(again.keys), list(again.pieces)) == (list(fingerprint.keys), list(fingerprint.pieces))
    assert list(again.weights) == pytest.approx(list(fingerprint.weights))
    assert again.traces == pytest.approx(fingerprint.traces)
    assert [list(kept) for kept in again.reach] == [pytest.approx(list(made)) for made in fingerprint.reach]
