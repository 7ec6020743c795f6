"""No password and no token of an address is ever shown: not in chat, logs, JSON, exports, nor in any error."""

from __future__ import annotations

import random
from dataclasses import replace
from string import ascii_letters, ascii_lowercase, digits
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.base.i18n import Messages
from bot.base.logs import strike_out
from bot.present import source_trouble
from briefs.archive import Archive
from briefs.errors import Unreachable
from briefs.gather import gather
from briefs.ingest.fetch import Fetcher
from briefs.masking import MASK, is_secret, masked, without_secrets
from briefs.models import Source
from briefs.store.sources import Health, Sources
from tests import sqlite
from tests.dispatcher import MONDAY
from tests.fakes.web import Page, serve
from tests.test_cli import briefbot as briefbot
from tests.test_commands import configure

SECRET = "s3cr3t-canary"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://ann:s3cret@feeds.example/a", "https://…@feeds.example/a"),
        ("https://ann:p@ss@feeds.example/a", "https://…@feeds.example/a"),
        ("https://ann:pa/ss@feeds.example/a", "https://…@feeds.example/a"),
        ("https://token@feeds.example/a", "https://…@feeds.example/a"),
        ("https://a.example/f?token=abc&id=7", "https://a.example/f?token=…&id=7"),
        ("https://a.example/f?id=7&API_KEY=abc#top", "https://a.example/f?id=7&API_KEY=…#top"),
        ("https://a.example/f?feed_token=glft-x&sig=1", "https://a.example/f?feed_token=…&sig=…"),
        ("https://a.example/f?id=7&amp;password=x", "https://a.example/f?id=7&amp;password=…"),
        ("https://a.example/#access_token=abc", "https://a.example/#access_token=…"),
        ("https://a.example/f?u=0123456789abcdef0123456789abcdef", "https://a.example/f?u=…"),
        ("https://a.example/f?u=01234567-89ab-cdef-0123-456789abcdef", "https://a.example/f?u=…"),
        ("https://a.example/f?r=Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8", "https://a.example/f?r=…"),
        ("https://a.example/f?j=eyJhbGciOiJI.eyJzdWIi.SflKxw", "https://a.example/f?j=…"),
        ("https://hooks.slack.com/services/T024/B0/x1Y2z3", "https://hooks.slack.com/services/…/…/…"),
        ("https://discord.com/api/webhooks/8675309/aB-c_D1", "https://discord.com/api/webhooks/…/…"),
        ("https://chat.example/hooks/s3cr3t", "https://chat.example/hooks/…"),
        ("https://a.example/feeds/rdwqm0mfmssdjwjk5t5n.xml", "https://a.example/feeds/….xml"),
        ("https://a.example/feed/private/0123456789abcdef01234567", "https://a.example/feed/private/…"),
        ("https://a.example/rss/6f1e9c2a-8d3b-4a5f-9c7e-1b2d3f4a5b6c", "https://a.example/rss/…"),
        ("https://a.example/u/tQ7vX2mK9pLr4WzB8nYc3HsD/all.rss", "https://a.example/u/…/all.rss"),
        ("https://api.example/bot123456:AAE-x9Kq3fZr7Lw2Vt8Bn5Ys1Dm4Gh6/get", "https://api.example/…/get"),
        ("postgresql+psycopg://ann:canary@db.example/briefs", "postgresql+psycopg://…@db.example/briefs"),
    ],
)
def test_what_looks_like_a_secret_in_an_address_is_left_out(address, shown):
    assert masked(f"see {address} now") == f"see {shown} now"
    assert is_secret(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example:443/@ann",
        "https://a.example/f?author=ann&keyword=links&page=2",
        "https://a.example/f?q=tencent-alibaba-interoperability-of-links",
        "https://a.example/f?q=L%27accord%20entre%20Tencent%20et%20Alibaba%202026",
        "https://a.example/f?date=2026-11-29&id=1234567890123",
        "https://a.example/f?url=https%3A%2F%2Fb.example%2FNews%2F2026",
        "nothing at all, ann@example.org",
        "/srv/team/token=abc/notes.md",
        "https://a.example/feeds/2026/11/29/the-seals-of-2026-and-other-news.xml",
        "https://a.example/feed/1234567890123456",
        "https://a.example/docs/hooks/how-to-use-them-well",
        "https://a.example/wiki/MicrosoftTeamsWindows11UpdateForEveryone",
        "https://www.ft.example/content/6f1e9c2a-8d3b-4a5f-9c7e-1b2d3f4a5b6c",
        "https://www.news.example/politics/20261129/6c1e0c2f3b4d4a6e8f0123456789abcd/c.html",
        "https://cn.daily.example/a/201901/16/WS5bf61b6ca3101a87ca94592f.html",
        "https://www.liberation.example/gaza-le-monde-arabe-20231101_AZMW5KAEOCP6FFWPNTTNQFIRFZ/",
        "https://sun.example/politics/bs-md-pol-usps-20200815-dy6sstao7bemliolecgh6gkvvi-story.html",
        "https://mp.weixin.example/s/4kFjR8w8PdHJWwJ1l2VbVg",
        "https://baike.example/item/%E5%8F%8D%E8%85%90%E5%80%A1%E5%BB%89",
        "https://github.example/ann/tool/commit/0123456789abcdef0123456789abcdef01234567",
        "https://shop.example/samsung-galaxy-s26-ultra-5g-256gb-s-pen-test",
    ],
)
def test_ordinary_addresses_stay_as_they_are(address):
    assert masked(address) == address


WORDS = st.sampled_from(
    ["le", "tabac", "Internet", "Burgundy", "5g", "covid19", "zhongguo", "iPhone", "2026", "256gb", "à", "été"]
)
SLUGS = st.builds("-".join, st.lists(WORDS, min_size=1, max_size=12))
DATES = st.dates().map(lambda day: day.strftime("%Y/%m/%d"))
NUMBERS = st.one_of(
    st.integers(0, 10**18).map(str),
    st.uuids().map(str),
    st.sampled_from([24, 32, 40]).flatmap(lambda size: st.from_regex(rf"[0-9a-f]{{{size}}}", fullmatch=True)),
    st.from_regex("[A-Z2-7]{26}", fullmatch=True),
)


@given(st.lists(st.one_of(SLUGS, DATES, NUMBERS), min_size=1, max_size=4), SLUGS, NUMBERS)
def test_addresses_of_articles_stay_as_they_are_slugs_dates_and_numbers(path, slug, number):
    address = f"https://www.example.org/{'/'.join(path)}/{slug}-{number}.html"
    assert masked(f"{address}: the site does not answer") == f"{address}: the site does not answer"


@pytest.mark.parametrize("place", ["x", "feeds"])
@pytest.mark.parametrize("alphabet", [ascii_letters + digits, ascii_letters + digits + "-_", ascii_lowercase + digits])
@pytest.mark.parametrize("size", [26, 32, 64])
def test_what_chance_made_is_nearly_always_left_out_of_a_path(place, alphabet, size):
    chance = random.Random(size)
    tokens = ["".join(chance.choices(alphabet, k=size)) for _ in range(1000)]
    seen = [token for token in tokens if token in masked(f"https://a.example/{place}/{token}.xml")]
    assert len(seen) <= 40


@given(st.text(max_size=200))
def test_what_is_masked_stays_so_in_a_path_too(text):
    once = masked(f"https://hooks.example/feeds/{text}")
    assert masked(once) == once


@given(st.text(max_size=200))
def test_what_is_masked_stays_so_whatever_it_was(text):
    assert masked(masked(f"https://x.example/?token={text}")) == masked(f"https://x.example/?token={text}")


NAMES = st.sampled_from(["token", "key", "api_key", "password", "sig", "Auth", "rsskey", "session_id"])


@given(NAMES, st.from_regex(r"[A-Za-z0-9._~%-]{4,40}", fullmatch=True), st.from_regex(r"[a-z]{1,9}", fullmatch=True))
def test_host_path_and_the_names_of_the_query_stay(name, secret, path):
    shown = urlsplit(masked(f"https://ann:{secret}@feeds.example/{path}?{name}={secret}&page=2"))
    assert (shown.hostname, shown.path, shown.query) == ("feeds.example", f"/{path}", f"{name}={MASK}&page=2")


@pytest.mark.parametrize(
    "hostile",
    [
        "://a:" * 40_000,
        "?a=A1b" * 40_000,
        "?" + "token" * 40_000,
        "&x=eyJ" + "a" * 200_000,
        "://" + "@" * 99_999,
        "://a/" + "a1" * 99_999,
        "://a/" + "." * 99_999 + "a",
        "://a/1" * 40_000,
    ],
)
@pytest.mark.timeout(5)
def test_masking_takes_no_longer_for_what_is_made_to_be_slow(hostile):
    masked(hostile)


@pytest.mark.parametrize(
    ("address", "bare"),
    [
        ("https://ann:x@a.example/f", "https://a.example/f"),
        ("https://a.example/f?token=b", "https://a.example/f"),
        ("https://a.example/f?x=1&token=b&y=2#z", "https://a.example/f?x=1&y=2#z"),
        ("https://a.example/f?y=2&sig=b", "https://a.example/f?y=2"),
    ],
)
def test_an_address_without_its_secrets_still_leads_somewhere(address, bare):
    assert without_secrets(address) == bare


# ---------------------------------------------------------------- wherever somebody may look


def test_no_error_says_a_secret_in_whatever_language():
    error = Unreachable("{address}: no answer from {host}", address=f"https://a.example/?token={SECRET}", host="x")
    assert SECRET not in str(error) + str(error.values)


def test_no_log_says_one():
    assert strike_out(f"asked https://ann:{SECRET}@a.example/f?token={SECRET}").count("[secret]") == 2


@pytest.mark.parametrize("kind", ["feed", "page"])
async def test_chat_never_says_one(office, monkeypatch, kind):
    source = Source(f"http://127.0.0.1:9/f?token={SECRET}", kind)
    Sources(office.archive.database).failed(source, MONDAY, f"{source.address}: no connection")
    ann = office.person()
    for named in (source, replace(source, name=source.address)):
        configure(office, monkeypatch, named)
        for words in ("sources", "status", "why http://127.0.0.1:9/other"):
            assert SECRET not in await ann.say(words) + repr(ann.last)


COMMANDS = [
    ("gather",),
    ("gather", "--json"),
    ("gather", "--log-level", "debug"),
    ("gather", f"http://127.0.0.1:9/g?password={SECRET}"),
    ("sources",),
    ("sources", "--json"),
    ("check",),
    ("export",),
    ("export", "--opml"),
]


def test_the_command_line_never_says_one(briefbot, tmp_path):
    (tmp_path / "sources.yaml").write_text(
        f"""sources:
        - feed: http://127.0.0.1:9/f?token={SECRET}
          allow: [127.0.0.1]
        - page: http://ann:{SECRET}@127.0.0.1:9/p
          name: http://ann:{SECRET}@127.0.0.1:9/p
          allow: [127.0.0.1]
        """
    )
    for command in COMMANDS:
        said = briefbot(*command, "--config", str(tmp_path))
        assert "127.0.0.1:9/" in said.out
        assert SECRET not in said.out + said.err, command


def test_what_was_exported_without_its_secret_is_known_where_it_came_from_and_asked_for_elsewhere(briefbot, tmp_path):
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    (tmp_path / "here/sources.yaml").write_text(f"sources: [{{feed: 'https://a.example/f?token={SECRET}'}}]")
    briefbot("export", "all.yaml", "--config", "here")
    assert briefbot("import", "all.yaml", "--json", "--config", "here").json["sources"] == 0
    elsewhere = briefbot("import", "all.yaml", "--config", "there")
    assert elsewhere.code == 1
    assert "https://a.example/f?token=…" in elsewhere.err
    assert "the secret" in elsewhere.err


def test_a_page_that_is_asked_for_with_a_secret_is_quoted_without_it(tmp_path):
    text = " ".join(f"The seal was seen for {n} weeks." for n in range(60))
    with serve() as web, Archive.open(sqlite.database(tmp_path / "b.db")) as archive:
        web.pages[f"/p?token={SECRET}&id=7"] = Page(
            f"<html><body><article><p>{text}</p></article></body></html>".encode()
        )
        gather([Source(web.url(f"/p?token={SECRET}&id=7"), "page")], archive, fetcher=Fetcher(allow_private=True))
        (hit,) = archive.search("seal")
        assert hit.article.url == web.url("/p?id=7")


def test_a_machine_of_the_operators_network_is_named_to_nobody_in_chat():
    refused = "{address}: leads to {ip}, which is not a public address"
    said = {"template": refused, "values": {"address": "http://wiki.corp/f", "ip": "10.1.2.3"}}
    health = Health("http://wiki.corp/f", "feed", failures=1, error="leads to 10.1.2.3", said=said)
    assert "10.1.2.3" not in source_trouble(health, Messages("en"))
    assert "leads to" in source_trouble(health, Messages("en"))
