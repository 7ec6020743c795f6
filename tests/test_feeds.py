"""Feeds of every kind become the same entries; what is no feed says what it is."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import Refused, SourceError, Unreadable
from briefs.ingest.documents import read_answer
from briefs.ingest.feeds import Feed, Rhythm, is_summary, plain, read_feed
from briefs.ingest.prepare import prepare
from briefs.ingest.raw import RawItem
from briefs.workers import Workers

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Le Quotidien &amp; Cie</title><link>https://quotidien.example/</link><language>fr-FR</language>
<item><title>L&#8217;atelier &lt;b&gt;rouvre&lt;/b&gt;</title><link>https://quotidien.example/a?x=1&amp;y=2</link>
<dc:creator>Anne Duval</dc:creator><pubDate>Tue, 14 Sep 2021 09:00:00 +0200</pubDate>
<description>Un résumé.</description><content:encoded><![CDATA[<p>Le texte entier.</p>]]></content:encoded></item>
<item><title>Sans date</title><link>/b</link><pubDate>hier soir</pubDate></item>
<item><title>Sans adresse</title></item>
</channel></rss>""".encode()

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Daily</title>
<entry><title type="html">A &amp;amp; B</title><link rel="alternate" href="https://daily.example/1"/>
<id>tag:daily.example,2021:1</id><updated>2021-09-14T07:00:00Z</updated><author><name>Jo</name></author>
<summary>Short.</summary></entry></feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "日报",
        "items": [
            {"id": "1", "url": "https://ribao.example/1", "title": "标题", "content_text": "第一段。\n第二段 <b>。"},
            "not an entry",
            {
                "id": "2",
                "url": "https://ribao.example/2",
                "authors": [None],
                "content_html": 5,
                "date_published": "someday",
            },
        ],
    }
).encode()


def test_an_rss_entry_has_plain_title_full_text_date_in_utc_and_author() -> None:
    feed = read_feed(RSS, "https://quotidien.example/rss")
    entry = feed.entries[0]
    assert feed.title == "Le Quotidien & Cie"
    assert entry.title == "L’atelier rouvre"
    assert (entry.id, entry.url) == ("https://quotidien.example/a?x=1&y=2", "https://quotidien.example/a?x=1&y=2")
    assert entry.published == datetime(2021, 9, 14, 7, tzinfo=UTC)
    assert entry.text == "Le texte entier."
    assert entry.author == "Anne Duval"


def test_a_relative_address_starts_at_the_feed_and_a_bad_date_is_no_date() -> None:
    entry = read_feed(RSS, "https://quotidien.example/rss").entries[1]
    assert entry.url == "https://quotidien.example/b"
    assert entry.published is None


def test_an_entry_with_neither_an_address_nor_an_id_goes_by_its_words_and_leads_to_the_feeds_page() -> None:
    feed = read_feed(RSS, "https://quotidien.example/rss")
    entry = feed.entries[2]
    assert (entry.title, entry.url, entry.own) == ("Sans adresse", None, False)
    assert entry.item("t", feed.page).link == "https://quotidien.example/"
    assert entry.id.startswith("https://quotidien.example/rss#")
    again = read_feed(RSS.replace(b"Sans date", b"Autre"), "https://quotidien.example/rss")
    assert again.entries[2].id == entry.id


@pytest.mark.parametrize("only", ["<guid>7</guid>", "<pubDate>2024-03-05</pubDate>", "<author>Ann</author>"])
def test_an_entry_that_says_anything_is_kept(only) -> None:
    assert len(read_feed(RSS.replace(b"<title>Sans adresse</title>", only.encode()), "https://a.example/").entries) == 3


def test_an_entry_that_says_nothing_is_refused_and_counted() -> None:
    feed = read_feed(
        RSS.replace(b"<title>Sans adresse</title>", b"<category>x</category>"), "https://quotidien.example/rss"
    )
    assert len(feed.entries) == 2
    assert [str(one) for one in feed.refused] == [
        "https://quotidien.example/rss: entries that say nothing, which were left out: 1; tell its publisher"
    ]


def rss_item(inside: str) -> Feed:
    text = f"<rss><channel><title>t</title><link>https://a.example/home</link><item>{inside}</item></channel></rss>"
    return read_feed(text.encode(), "https://a.example/rss")


@pytest.mark.parametrize("link", ["", "<link>mailto:news@a.example</link>"])
def test_an_id_that_is_no_address_names_the_entry_and_its_link_is_the_feeds_own_page(link) -> None:
    feed = rss_item(f'<title>x</title>{link}<guid isPermaLink="false">abc-1</guid><description>d</description>')
    (entry,) = feed.entries
    assert (entry.id, entry.url, feed.refused) == ("https://a.example/rss#abc-1", None, ())
    item = entry.item("t", feed.page)
    assert (item.address, item.link) == (entry.id, "https://a.example/home")


def test_an_id_that_is_a_web_address_is_the_address() -> None:
    (entry,) = rss_item('<title>x</title><guid isPermaLink="false">https://a.example/7</guid>').entries
    assert (entry.id, entry.url, entry.item("t").link) == ("https://a.example/7", "https://a.example/7", None)


def test_an_atom_entry_without_a_link_goes_by_its_id_and_leads_nowhere_where_the_feed_names_no_page() -> None:
    text = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>tag:a,1</id><title>x</title></entry></feed>"
    (entry,) = read_feed(text, "https://a.example/atom").entries
    assert (entry.id, entry.url) == ("https://a.example/atom#tag%3Aa%2C1", None)
    assert entry.item("t").link == ""


def test_an_article_known_by_an_id_keeps_it_as_its_name_and_the_feeds_page_as_its_address() -> None:
    body = b"<p>The ferry returns to the old harbour on Monday, said the harbour master.</p>"
    item = RawItem("https://a.example/rss#abc-1", body, "text/html", title="Ferry", link="https://a.example/home")
    article = prepare(item).article
    assert (article.id, article.url) == ("https://a.example/rss#abc-1", "https://a.example/home")
    assert prepare(replace(item, link="")).article.url is None


def test_atom_says_the_same() -> None:
    (entry,) = read_feed(ATOM, "https://daily.example/atom").entries
    assert (entry.title, entry.url, entry.author) == ("A & B", "https://daily.example/1", "Jo")
    assert entry.published == datetime(2021, 9, 14, 7, tzinfo=UTC)
    assert is_summary(entry.item("Daily"))


def test_a_json_feed_says_the_same_and_odd_items_cost_only_themselves() -> None:
    feed = read_feed(JSON_FEED, "https://ribao.example/feed.json")
    assert feed.title == "日报"
    assert [entry.id[-1] for entry in feed.entries] == ["1", "2"]
    assert feed.entries[0].text == "第一段。\n第二段 <b>。"
    assert feed.entries[1].published is None


def test_an_entry_with_a_long_text_of_its_own_is_no_summary() -> None:
    long = ATOM.replace(b"Short.", b"A sentence of the article. " * 40)
    assert not is_summary(read_feed(long, "https://daily.example/atom").entries[0].item("Daily"))


def test_a_web_page_is_no_feed_and_names_the_feed_it_declares() -> None:
    link = b'<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    page = b"<!doctype html><html><head>" + link + b"</head><body>x</body></html>"
    with pytest.raises(Unreadable, match=r"web page, not a feed; it names its feed: https://a\.example/rss\.xml"):
        read_feed(page, "https://a.example/news")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"<html><body><p>No feed here</p></body></html>", "web page, not a feed"),
        (b"", "not an RSS"),
        (b"\xff\xfe\x00", "not an RSS"),
        (b"{}", "not an RSS"),
        (b'{"items": 5}', "not an RSS"),
        (b"just words", "not an RSS"),
    ],
)
def test_what_is_no_feed_is_one_clear_line_with_its_address(body, word) -> None:
    with pytest.raises(Unreadable, match=word) as error:
        read_feed(body, "https://a.example/x")
    assert str(error.value).startswith("https://a.example/x: ")
    assert "\n" not in str(error.value)


LEVELS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE r [<!ENTITY l0 "lol">{LEVELS}]><rss><channel><title>&l9;</title></channel></rss>'
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>'
WIDE = f'<!DOCTYPE r [<!ENTITY x "{"y" * 299}">]><rss><channel><title>{"&x;" * 10_000}</title></channel></rss>'


@pytest.mark.parametrize("hostile", [BOMB, FILE, WIDE, f"<!-- > -->{FILE}"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_are_bombs_or_files_are_refused_in_any_encoding(hostile, encoding) -> None:
    with pytest.raises(Refused, match="entities"):
        read_feed(hostile.encode(encoding), "https://evil.example/")


def test_an_entity_of_a_file_brings_nothing_in_wherever_it_is_declared(tmp_path) -> None:
    (tmp_path / "secret").write_text("hunter2")
    outside = f'<!ENTITY x SYSTEM "file://{tmp_path}/secret">'
    channel = "<rss a='&x;'><channel><title>&x;</title><item><title>a&x;b</title></item></channel></rss>"
    for hostile in (
        f"{channel}<!DOCTYPE r [{outside}]>",
        f"<?a [?><!DOCTYPE r [<!ENTITY % y '{outside}'> %y;]>{channel}",
    ):
        with contextlib.suppress(Refused):
            assert "hunter2" not in repr(read_feed(hostile.encode(), "https://evil.example/"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "http://"])
def test_entries_lead_to_web_addresses_only(address) -> None:
    feed = f"<rss><channel><title>t</title><item><title>x</title><link>{address}</link></item></channel></rss>"
    (entry,) = read_feed(feed.encode(), "https://a.example/rss").entries
    assert (entry.url, entry.item("t").link) == (None, "")


@settings(deadline=None)
@given(st.text())
def test_plain_text_has_no_tags_and_no_characters_that_cannot_be_seen(text) -> None:
    shown = plain(f"<i>{text}</i>\u202e\x00")
    assert not any(c in shown for c in "\x00\u202e\n\u200b")
    assert "<i>" not in shown


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"<rss><channel>", b"<feed>", b"{", b"<!DOCTYPE html>", b""]))
def test_any_bytes_are_a_feed_or_an_error_of_ours(tail, head) -> None:
    with contextlib.suppress(SourceError):
        assert isinstance(read_feed(head + tail, "https://a.example/"), Feed)


@settings(deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["utf-8", "gbk", "utf-16", None]))
def test_any_bytes_after_a_good_beginning_are_read_with_what_was_good(tail, charset) -> None:
    content_type = f"application/xml; charset={charset}" if charset else None
    feed = read_feed(GOOD[: GOOD.index(b"<item><title>Third")] + tail, "https://a.example/", content_type=content_type)
    assert [entry.title for entry in feed.entries[:2]] == ["First of three", "Second of three"]


def long_feed(days: Iterable[int]) -> Feed:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    dates = (format_datetime(first + timedelta(days=day)) for day in days)
    inside = "".join(f"<item><title>{date}</title><pubDate>{date}</pubDate></item>" for date in dates)
    return read_feed(f"<rss><channel>{inside}</channel></rss>".encode(), "https://a.example/rss")


@pytest.mark.parametrize("days", [range(700), range(699, -1, -1)], ids=["oldest first", "newest first"])
def test_of_a_long_feed_the_newest_entries_count_in_its_own_order(days) -> None:
    feed = long_feed(days)
    kept = [(entry.published - datetime(2024, 1, 1, tzinfo=UTC)).days for entry in feed.entries]
    assert kept == [day for day in days if day >= 200]


def test_of_a_long_feed_without_dates_the_first_entries_count() -> None:
    inside = "".join(f"<item><title>{n}</title></item>" for n in range(700))
    feed = read_feed(f"<rss><channel>{inside}</channel></rss>".encode(), "https://a.example/rss")
    assert [entry.title for entry in feed.entries] == [str(n) for n in range(500)]


def test_what_is_dated_more_than_two_days_ahead_of_now_has_no_date() -> None:
    feed = rss_item("<title>x</title><pubDate>2024-03-05T10:00:00Z</pubDate>")
    (early,) = read_feed(RSS, "https://a.example/", now=datetime(2021, 9, 12, tzinfo=UTC)).entries[:1]
    (late,) = read_feed(RSS, "https://a.example/", now=datetime(2021, 9, 13, tzinfo=UTC)).entries[:1]
    assert feed.entries[0].published
    assert (early.published, late.published) == (None, datetime(2021, 9, 14, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    ("said", "rhythm"),
    [
        ("<ttl>90</ttl>", Rhythm(every=timedelta(minutes=90))),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            Rhythm(timedelta(hours=12)),
        ),
        ("<skipHours><hour>0</hour><hour>23</hour><hour>x</hour></skipHours>", Rhythm(skip_hours=frozenset({0, 23}))),
        ("<skipDays><day>Sunday</day><day>Someday</day></skipDays>", Rhythm(skip_days=frozenset({6}))),
        ("<ttl>soon</ttl><sy:updatePeriod>often</sy:updatePeriod>", Rhythm()),
    ],
)
def test_a_feed_says_how_often_it_asks_to_be_read(said, rhythm) -> None:
    space = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    text = f"<rss {space}><channel><title>t</title>{said}<item><title>x</title></item></channel></rss>"
    assert read_feed(text.encode(), "https://a.example/rss").rhythm == rhythm


@pytest.mark.parametrize(
    ("feed", "repairs"),
    [
        ("<rss><channel><item><title>Fine &amp; well</title></item></channel></rss>", ()),
        ("<rss><channel><item><title>R&D</title></item></channel></rss>", ("entities",)),
        ("<rss><channel><item><title>a</item></channel></rss>", ("markup",)),
        ("<rss><channel><item><title>a\x03</title></item></channel></rss>", ("characters",)),
        ("<rss><channel><item><dc:title>a</dc:title></item></channel></rss>", ("namespaces",)),
        ("<rss><channel><item><title>a</title></item><item><title>b", ("markup", "truncated")),
        ("Warning: x\n<rss><channel><item><title>a</title></item></channel></rss>", ("junk",)),
        (
            '<?xml version="1.0" encoding="gbk"?><rss><channel><item><title>été</title></item></channel></rss>',
            ("encoding",),
        ),
        ('{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "a"},', ("json",)),
    ],
)
def test_a_feed_says_what_was_repaired_in_it(feed, repairs) -> None:
    assert read_feed(feed.encode(), "https://a.example/rss").repairs == repairs


def test_a_feed_comes_out_of_a_worker_as_it_is_read_here() -> None:
    rhythm = b"<title>Le Quotidien &amp; Cie</title><ttl>90</ttl><skipHours><hour>3</hour></skipHours>"
    body = RSS.replace(b"<title>Le Quotidien &amp; Cie</title>", rhythm).replace(b"R\xc3\xa9sum\xc3\xa9", b"&")
    asked = (body, "https://quotidien.example/rss", "application/rss+xml")
    with Workers(1) as workers:
        (feed,) = workers.map(read_answer, [asked])
    assert feed == read_answer(asked)
    assert feed.rhythm.every


ITEM = "<rss><channel><item>"
LONG = 100_000


@pytest.mark.timeout(30)  # each takes a second where time grows with the length, and minutes with its square
@pytest.mark.parametrize(
    "hostile",
    [
        *(
            "<",
            "<title>",
            "<x>",
            "<title>a&b<item>",
            "<title><![CDATA[x]]>",
            "<![CDATA[",
            "<!--",
            "<?x ",
            "</a",
            "&",
            "a",
        ),
        *("<title><![CDATA[", "'\"", "&lt;!--", "&#55357;", "]]></description>", "<a xml:base='x'>", " \n", '{"id":['),
    ],
)
@pytest.mark.parametrize(
    "before", [ITEM, f"{ITEM}<title>", f"{ITEM}<title>x</", f"{ITEM}<a ", '{"jsonfeed.org": [', ""]
)
def test_nothing_takes_the_square_of_its_length(before, hostile) -> None:
    with contextlib.suppress(SourceError):
        read_feed((before + hostile * (LONG // len(hostile))).encode(), "https://a.example/rss")


def test_a_link_that_a_feed_ends_in_is_none_and_one_that_ends_it_is_one() -> None:
    whole = b"<rss><channel><item><title>x</title><link>https://a.example/1</link>"
    assert read_feed(whole, "https://a.example/rss").entries[0].url == "https://a.example/1"
    assert read_feed(whole[:-8], "https://a.example/rss").entries[0].url is None


# ---------------------------------------------------------------- damage costs what it hits, and no more

ORDINALS = ("First", "Second", "Third")


def good_item(ordinal: str) -> str:
    return (
        f"<item><title>{ordinal} of three</title><link>https://a.example/{ordinal}</link>"
        f'<guid isPermaLink="false">tag:{ordinal}</guid><pubDate>Tue, 05 Mar 2024 10:00:00 GMT</pubDate>'
        f"<description><![CDATA[<p>L’été à {ordinal}, <b>enfin</b>.</p>]]></description><!-- {ordinal} --></item>\n"
    )


def good_entry(ordinal: str) -> str:
    return (
        f'<entry><title type="html">{ordinal} of three</title><link rel="alternate" href="https://a.example/{ordinal}"/>'
        f"<id>tag:{ordinal}</id><updated>2024-03-05T10:00:00Z</updated>"
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">'
        f"L’été à {ordinal}, <b>enfin</b>.</div></content></entry>\n"
    )


GOOD = (
    '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>T</title><link>https://a.example/</link>\n'
    f"{''.join(map(good_item, ORDINALS))}</channel></rss>"
).encode()
GOOD_ATOM = (
    '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>urn:f</id>\n'
    f"{''.join(map(good_entry, ORDINALS))}</feed>"
).encode()
GOOD_JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [
            {
                "id": f"tag:{ordinal}",
                "url": f"https://a.example/{ordinal}",
                "title": f"{ordinal} of three",
                "content_html": f"<p>L’été à {ordinal}, <b>enfin</b>.</p>",
                "date_published": "2024-03-05T10:00:00Z",
                "authors": [{"name": "Ann", "url": "https://a.example/ann"}],
            }
            for ordinal in ORDINALS
        ],
    },
    ensure_ascii=False,
).encode()
PLACES = {
    GOOD: (b"<item>", b"</item>"),
    GOOD_ATOM: (b"<entry>", b"</entry>"),
    GOOD_JSON: (b'{"id"', b"}]}"),
}


def said(feed: Feed) -> dict[str, tuple[object, ...]]:
    return {entry.title: (entry.id, entry.url, entry.text, entry.published) for entry in feed.entries}


def spans(feed: bytes) -> list[tuple[int, int]]:
    """Where each entry begins and ends."""
    start, end = PLACES[feed]
    starts = [found.start() for found in re.finditer(re.escape(start), feed)]
    return [(one, feed.index(end, one) + len(end)) for one in starts]


@pytest.mark.parametrize("feed", [GOOD, GOOD_ATOM, GOOD_JSON], ids=["rss", "atom", "json"])
def test_every_beginning_of_a_feed_has_the_entries_that_are_whole_in_it(feed) -> None:
    whole = said(read_feed(feed, "https://a.example/feed"))
    for length in range(spans(feed)[0][1], len(feed)):
        read = said(read_feed(feed[:length], "https://a.example/feed"))
        ended = [
            f"{ordinal} of three" for ordinal, (_, end) in zip(ORDINALS, spans(feed), strict=True) if end <= length
        ]
        assert {title: read.get(title) for title in ended} == {title: whole[title] for title in ended}


@pytest.mark.parametrize("feed", [GOOD, GOOD_ATOM, GOOD_JSON], ids=["rss", "atom", "json"])
@settings(deadline=None, max_examples=400)
@given(st.data())
def test_a_byte_that_is_changed_costs_no_more_than_the_entry_it_hits(feed, data) -> None:
    hit = data.draw(st.integers(0, 2))
    place = data.draw(st.integers(spans(feed)[hit][0], spans(feed)[hit][1] - 1))
    changed = feed[:place] + bytes([data.draw(st.integers(0, 255))]) + feed[place + 1 :]
    whole, read = said(read_feed(feed, "https://a.example/feed")), said(read_feed(changed, "https://a.example/feed"))
    others = [f"{ordinal} of three" for n, ordinal in enumerate(ORDINALS) if n != hit]
    assert {title: read.get(title) for title in others} == {title: whole[title] for title in others}


@pytest.mark.parametrize("feed", [GOOD, GOOD_ATOM, GOOD_JSON], ids=["rss", "atom", "json"])
@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_byte_that_is_changed_in_the_head_costs_no_entry(feed, data) -> None:
    place = data.draw(st.integers(0, spans(feed)[0][0] - 1))
    changed = feed[:place] + bytes([data.draw(st.integers(0, 255))]) + feed[place + 1 :]
    assert len(read_feed(changed, "https://a.example/feed").entries) == 3
