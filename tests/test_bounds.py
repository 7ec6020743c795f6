"""What strangers send has a most, and a date that every clock can show; a look-up costs what it reads."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.i18n import SERVED, Messages
from briefs import Article, archive
from briefs.errors import Refused
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.models import Analysed
from briefs.quoting.passages import Readable, readable
from briefs.text import analyse as bounds
from briefs.text.analyse import analyse
from briefs.text.dates import possible

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
ZONES = ("Pacific/Kiritimati", "Pacific/Niue", "Asia/Shanghai", "America/New_York", "Europe/Paris", "UTC")


def kept(**fields: object) -> Article:
    return analyse(Article(**{"id": "a", "title": "A title", "text": "A text.", **fields})).article


# ---------------------------------------------------------------- length


def test_an_article_keeps_a_beginning_of_a_text_without_end_and_says_of_how_much() -> None:
    text = "The harbour was closed again.\n" * 40_000
    article = kept(text=text)
    assert text.startswith(article.text)
    assert len(article.text) <= bounds.MOST_CHARACTERS
    assert article.text.endswith("again.")
    assert article.whole == len(text)


def test_an_article_has_so_many_sentences_and_no_text_behind_them() -> None:
    found = analyse(Article("a", "A title", "It rained here.\n\n" * (bounds.MOST_SENTENCES + 5)))
    assert len(found.sentences) == bounds.MOST_SENTENCES
    assert found.sentences[-1].end == len(found.article.text)


def test_what_fits_is_all_there() -> None:
    assert kept(text="A text.", title="A title").whole is None


def test_titles_and_names_are_lines_not_books() -> None:
    article = kept(title="word " * 5_000, author="A" * 9_000, source="S" * 9_000)
    assert len(article.title) <= 500
    assert article.title.endswith("…")
    assert max(len(article.author or ""), len(article.source or "")) <= 200


@pytest.mark.parametrize("address", ["https://a.example/" + "x" * 9_000, "https://a.example/" + "é" * 1_500])
def test_an_address_that_no_message_holds_is_refused_in_a_short_line(address) -> None:
    with pytest.raises(Refused, match="longer than 2000 bytes") as refused:
        prepare(RawItem(address, b"A text that could be read.", "text/plain"))
    assert len(str(refused.value)) < 200


def test_how_much_is_kept_survives_in_the_archive(database_url) -> None:
    with archive.Archive.open(database_url) as one:
        one.add(
            [Article("long", "A title", "It rained here.\n\n" * (bounds.MOST_SENTENCES + 5)), Article("b", "B", "C.")]
        )
        assert one.article("long").whole == 17 * (bounds.MOST_SENTENCES + 5)
        assert one.article("b").whole is None


# ---------------------------------------------------------------- dates


IMPOSSIBLE = [
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    datetime(1000, 1, 1, tzinfo=UTC),
    datetime(3000, 1, 1, tzinfo=UTC),
]


@pytest.mark.parametrize("published", IMPOSSIBLE, ids=str)
def test_a_date_that_cannot_be_is_no_date(published) -> None:
    assert kept(published=published).published is None


@pytest.mark.parametrize("published", [datetime(1815, 6, 18, tzinfo=UTC), NOW, NOW + timedelta(days=400)], ids=str)
def test_one_that_can_be_stays(published) -> None:
    assert kept(published=published).published == published


@given(st.datetimes(timezones=st.timezones()) | st.sampled_from(IMPOSSIBLE))
def test_what_is_possible_is_on_every_clock(moment) -> None:
    for zone in ZONES:
        if (one := possible(moment)) is not None:
            assert one.astimezone(ZoneInfo(zone)).astimezone(UTC) == one


@pytest.mark.parametrize("language", SERVED)
@pytest.mark.parametrize("moment", [one for one in IMPOSSIBLE if one.tzinfo is UTC], ids=str)
def test_a_date_of_an_older_archive_is_shown_somehow_in_every_zone(language, moment) -> None:
    messages = Messages(language)
    for zone in ZONES:
        for shown in (messages.dated, messages.short_dated, messages.when):
            assert shown(moment, zone, NOW)
        assert messages.date(moment, zone)


# ---------------------------------------------------------------- what a look-up costs


def test_a_look_up_costs_what_it_reads_however_many_endless_pages_match(database_url, monkeypatch) -> None:
    words = ["market", "trade", "plant", "council", "river", "school", "energy", "signal", "copper"]
    words += ["battery", "export"]
    short = [" ".join(words[(n * k) % 11] for k in (1, 3, 5, 7, 9)).capitalize() + "." for n in range(600)]
    looked_at = Counter[str]()

    def looked(analysed: Analysed, *further: object) -> Readable:
        looked_at[analysed.article.id] += 1
        return readable(analysed, *further)

    monkeypatch.setattr("briefs.quoting.relevance.readable", looked)
    with archive.Archive.open(database_url) as one:
        one.add([Article(f"{n}", "Battery export", " ".join(short[n : n + 12])) for n in range(100)])
        one.add([Article(f"endless {n}", "Battery export", "\n\n".join([f"{n}", *short])) for n in range(5)])
        assert one.brief("battery export").stories
    assert any(name.startswith("endless") for name in looked_at)
    assert max(looked_at.values()) <= 12  # sentences of an article, though hundreds have what was asked
