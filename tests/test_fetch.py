"""The fetcher asks only where it may, and takes only so much."""

from __future__ import annotations

import gzip
import ipaddress
import resource
import threading
import zlib
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from briefs.errors import Blocked, Busy, Gone, Locked, Refused, SourceError, Unasked, Unreachable, Unreadable
from briefs.ingest.addresses import is_allowed, is_public
from briefs.ingest.blocked import is_challenge, wants_script
from briefs.ingest.fetch import Fetcher, same_place
from briefs.ingest.headers import fresh_for
from briefs.ingest.turns import Turns
from briefs.models import Auth
from tests.fakes.web import Page, serve


@pytest.fixture
def web():
    with serve() as web:
        yield web


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(allow_private=True, seconds=60, turns=Turns(pause=0))


# ---------------------------------------------------------------- what it gets


def test_a_page_comes_with_its_type_and_the_address_it_was_found_at(web, fetcher) -> None:
    web.pages["/a"] = Page(
        "<p>Ça va</p>".encode(), headers={"ETag": '"1"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    )
    answer = fetcher.get(web.url("/a#part"))
    assert answer.body.decode() == "<p>Ça va</p>"
    assert (answer.media_type, answer.charset) == ("text/html", "utf-8")
    assert (answer.address, answer.etag) == (web.url("/a"), '"1"')
    assert answer.last_modified == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_the_bot_says_who_it_is_and_keeps_the_host_of_the_address(web, fetcher) -> None:
    web.pages["/"] = Page(b"x")
    fetcher.get(web.url("/").replace("127.0.0.1", "localhost"))
    (_, headers) = web.asked[0]
    assert headers["user-agent"].startswith("Briefbot/")
    assert headers["host"].startswith("localhost:")
    assert "cookie" not in headers


def test_asked_with_the_etag_of_last_time_an_unchanged_page_is_not_sent_again(web, fetcher) -> None:
    web.pages["/feed"] = Page(b"<rss/>", headers={"ETag": '"v1"'})
    first = fetcher.get(web.url("/feed"))
    second = fetcher.get(web.url("/feed"), etag=first.etag)
    assert second.not_modified
    assert second.body == b""


def test_redirects_are_followed_also_relative_ones(web, fetcher) -> None:
    web.pages["/old"] = Page(status=301, headers={"Location": "new?x=1"})
    web.pages["/new?x=1"] = Page(b"here")
    assert fetcher.get(web.url("/old")).address == web.url("/new?x=1")


@pytest.mark.parametrize(
    ("encoding", "compress"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip", lambda body: gzip.compress(body[:5]) + gzip.compress(body[5:])),
    ],
)
def test_compressed_answers_are_inflated(web, fetcher, encoding, compress) -> None:
    body = b"a long enough text " * 10_000
    web.pages["/"] = Page(compress(body), headers={"Content-Encoding": encoding})
    assert fetcher.get(web.url("/")).body == body


def _announcing(length: int, sent: bytes):
    """Send a body under a Content-Length that is not its own."""

    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(length))
        handler.send_header("ETag", '"1"')
        handler.end_headers()
        handler.wfile.write(sent)
        handler.close_connection = True

    return answer


def test_a_length_that_counts_too_much_costs_nothing_but_the_validators(web, fetcher) -> None:
    web.pages["/"] = _announcing(5000, b"<rss>all of it</rss>\n")
    answer = fetcher.get(web.url("/"))
    assert (answer.body, answer.cut, answer.etag) == (b"<rss>all of it</rss>\n", True, None)


def test_what_breaks_off_in_the_middle_is_no_answer(web, fetcher) -> None:
    web.pages["/"] = _announcing(5000, b"<rss>half of i")
    with pytest.raises(Unreachable, match="broke off"):
        fetcher.get(web.url("/"))


def test_a_length_that_counts_too_little_gives_what_it_counts(web, fetcher) -> None:
    web.pages["/"] = _announcing(11, b"<rss>all of it</rss>")
    assert fetcher.get(web.url("/")).body == b"<rss>all of"


# ---------------------------------------------------------------- what it says of time, and of place


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("99999999999999", 10**9),
        ("Mon, 02 Mar 2026 13:00:00 GMT", 3600),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0),
        ("Monday, 02-Mar-26 12:30:00 GMT", 1800),
        ("soon", None),
        ("-5", None),
        ("Mon, 99 Mar 2026 13:00:00 GMT", None),
    ],
)
def test_when_to_come_back_is_said_in_seconds_or_as_a_date(web, said, wait) -> None:
    web.pages["/"] = Page(status=429, headers={"Retry-After": said})
    with pytest.raises(Busy) as busy:
        Fetcher(allow_private=True, clock=lambda: NOON).get(web.url("/"))
    assert busy.value.values["wait"] == wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=600", "age": "200"}, 400),
        ({"cache-control": "max-age=600", "age": "900"}, None),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 600),
        ({"expires": "Mon, 02 Mar 2026 12:10:00 GMT"}, 600),
        ({"expires": "0"}, None),
        ({}, None),
    ],
)
def test_how_long_an_answer_is_fresh(headers, seconds) -> None:
    assert fresh_for(headers, NOON) == (seconds and timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("hops", "moved"),
    [
        ([301], "/1"),
        ([308, 301], "/2"),
        ([301, 302], "/1"),
        ([302, 301], None),
        ([307], None),
    ],
)
def test_where_permanent_redirects_lead_is_told(web, fetcher, hops, moved) -> None:
    for number, status in enumerate(hops):
        web.pages[f"/{number}"] = Page(status=status, headers={"Location": f"/{number + 1}"})
    web.pages[f"/{len(hops)}"] = Page(b"x")
    assert fetcher.get(web.url("/0")).moved == (moved and web.url(moved))


def test_at_a_host_at_most_two_are_asked_at_once_and_one_after_the_other() -> None:
    now, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    turns = Turns(2, 0.5, clock=lambda: now[0], sleep=sleep)
    with turns.at("a.example") as first, turns.at("a.example") as second, turns.at("b.example") as other:
        assert (first, second, other) == (0.0, 0.5, 0.0)
        third = threading.Thread(target=lambda: turns.at("a.example").__enter__(), daemon=True)
        third.start()
        third.join(0.2)
        assert third.is_alive()
    third.join(60)
    assert not third.is_alive()
    assert slept == [0.5, 0.5]


CHALLENGE = (
    b"<html><head><title>Just a moment...</title></head><body><div class='cf-chl'>One moment</div></body></html>"
)


@pytest.mark.parametrize(
    ("status", "headers", "body", "kind"),
    [
        (403, {}, b"no", Blocked),
        (503, {}, CHALLENGE, Blocked),
        (403, {"cf-mitigated": "challenge"}, b"", Blocked),
        (503, {}, b"no", Busy),
        (401, {}, b"no", Locked),
        (410, {}, b"no", Gone),
        (403, {"Content-Encoding": "gzip"}, gzip.compress(CHALLENGE), Blocked),
        (503, {"Content-Encoding": "gzip"}, b"\x1f\x8bbroken", Busy),
    ],
)
def test_what_an_error_is_to_a_reader(web, fetcher, status, headers, body, kind) -> None:
    web.pages["/"] = Page(body, status=status, headers=headers)
    with pytest.raises(kind) as error:
        fetcher.get(web.url("/"))
    assert ("browser" in str(error.value)) == (body not in (b"no", b"\x1f\x8bbroken"))


def test_an_article_with_a_captcha_in_its_comment_form_is_no_challenge() -> None:
    article = b"<p>" + b"The seal was seen again. " * 40 + b"</p><div class='g-recaptcha'></div>"
    assert not is_challenge(article)
    assert not wants_script(article + b"<noscript>Please enable JavaScript</noscript>")
    assert wants_script(
        b"<html><body><noscript>You need to enable JavaScript to run this app.</noscript></body></html>"
    )


# ---------------------------------------------------------------- what it refuses


PRIVATE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.8",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%lo",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2001:0:7f00:1::1",
    "2001:db8::1",
    "nonsense",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_of_the_open_internet_are_not_public(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("address", "host", "listed", "allowed"),
    [
        ("10.1.2.3", "wiki.corp", ["10.1.0.0/16"], True),
        ("10.2.2.3", "wiki.corp", ["10.1.0.0/16"], False),
        ("10.1.2.3", "Wiki.Corp.", ["wiki.corp"], True),
        ("10.1.2.3", "wiki.corp.evil.example", ["wiki.corp"], False),
        ("10.1.2.3", "evil.example", [], False),
        ("::ffff:10.1.2.3", "wiki.corp", ["10.1.0.0/16"], True),
        ("fd00::1", "wiki.corp", ["fd00::/8"], True),
        ("127.0.0.1", "127.0.0.1", ["127.0.0.1"], True),
        ("127.0.0.1", "wiki.corp", ["wiki.corp"], False),
        ("127.0.0.1", "wiki.corp", ["0.0.0.0/0"], False),
        ("::1", "wiki.corp", ["wiki.corp", "::/0"], False),
        ("169.254.169.254", "wiki.corp", ["wiki.corp", "0.0.0.0/0"], False),
        ("169.254.169.254", "a.example", ["169.254.0.0/16"], True),
        ("168.63.129.16", "wiki.corp", ["wiki.corp", "168.0.0.0/8"], False),
        ("nonsense", "wiki.corp", ["wiki.corp"], False),
    ],
)
def test_a_list_opens_what_it_names_and_this_machine_only_by_address(address, host, listed, allowed) -> None:
    assert is_allowed(address, host, listed) is allowed


def test_a_redirect_that_leaves_the_list_is_refused(web) -> None:
    web.pages["/"] = Page(status=302, headers={"Location": f"http://[::1]:{web.address.rpartition(':')[2]}/secret"})
    with pytest.raises(Unasked, match=r"leads to ::1.*allow: \[::1\]"):
        Fetcher(seconds=5).get(web.url("/"), allow=["127.0.0.1"])
    assert web.paths == ["/"]


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "::ffff:8.8.8.8"])
def test_public_addresses_are(address) -> None:
    assert is_public(address)


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_mapped_into_ipv6_as_it_is_plain(address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))
    assert is_public(f"64:ff9b::{ipaddress.IPv6Address(int(address)).exploded[-9:]}") in (
        is_public(str(address)),
        False,
    )


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_this_machine_gets_through(web, host) -> None:
    port = web.address.rpartition(":")[2]
    with pytest.raises(Refused, match=r"not a public address|not a web address"):
        Fetcher(seconds=5).get(f"http://{host}:{port}/")
    assert web.asked == []


def test_a_name_that_has_one_private_address_among_public_ones_is_refused() -> None:
    fetcher = Fetcher(resolve=lambda host, port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(Refused, match=r"http://feeds\.example/: leads to 10\.0\.0\.1"):
        fetcher.get("http://feeds.example/")


def test_a_redirect_to_a_private_address_is_refused_and_the_address_asked_for_is_named(web) -> None:
    """The first hop is let through by its name, the second must not be."""
    port = int(web.address.rpartition(":")[2])
    web.pages["/"] = Page(status=302, headers={"Location": f"http://metadata.example:{port}/secret"})
    fetcher = Fetcher(resolve=lambda host, _: ["127.0.0.1"] if host == "start.example" else ["169.254.169.254"])
    with pytest.raises(Refused, match=rf"http://start\.example:{port}/: leads to 169\.254\.169\.254"):
        fetcher.get(f"http://start.example:{port}/", allow=["127.0.0.1"])
    assert web.paths == ["/"]


def test_a_name_is_resolved_once_and_only_that_address_is_connected_to(web) -> None:
    """DNS rebinding: the second look-up would say something else, but there is none."""
    port = int(web.address.rpartition(":")[2])
    web.pages["/"] = Page(b"ok")
    answers = iter([["127.0.0.1"]])
    fetcher = Fetcher(allow_private=True, resolve=lambda host, port: next(answers))
    assert fetcher.get(f"http://rebind.example:{port}/").body == b"ok"
    assert web.asked[0][1]["host"] == f"rebind.example:{port}"


def test_when_one_address_of_a_host_does_not_answer_the_next_one_is_tried(web) -> None:
    port = int(web.address.rpartition(":")[2])
    web.pages["/"] = Page(b"ok")
    fetcher = Fetcher(allow_private=True, resolve=lambda host, port: ["::1", "127.0.0.1"])
    assert fetcher.get(f"http://two.example:{port}/").body == b"ok"


@pytest.mark.parametrize(
    "address", ["ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "//host/x", "http://", "gopher://x/"]
)
def test_only_http_and_https_are_read(address) -> None:
    with pytest.raises(Refused, match=r"only http and https|not a web address"):
        Fetcher().get(address)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Refused) as refused:
        Fetcher().get("http://ann:s3cret@feeds.example/")
    assert "s3cret" not in str(refused.value)


# ---------------------------------------------------------------- passwords


ENVIRONMENT = {"LOGIN": "ann:s3cret", "WORD": "s3cret", "BROKEN": "s3cret\r\nX-Evil: 1", "EMPTY": " "}


@pytest.fixture
def trusted() -> Fetcher:
    return Fetcher(allow_private=True, seconds=60, environment=ENVIRONMENT)


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        (Auth("basic", "env:LOGIN"), "authorization", "Basic YW5uOnMzY3JldA=="),
        (Auth("basic", "env:WORD", "ann"), "authorization", "Basic YW5uOnMzY3JldA=="),
        (Auth("bearer", "env:WORD"), "authorization", "Bearer s3cret"),
        (Auth("header", "env:WORD", "X-Api-Key"), "x-api-key", "s3cret"),
        (Auth("cookie", "env:WORD", "session"), "cookie", "session=s3cret"),
        (Auth("cookie", "env:LOGIN"), "cookie", "ann:s3cret"),
    ],
)
def test_a_source_is_asked_with_what_lets_us_in(web, trusted, auth, header, value) -> None:
    web.pages["/"] = Page(b"x")
    trusted.get(web.url("/"), auth=auth)
    assert web.asked[0][1][header] == value


def test_a_password_may_stand_in_a_file_and_is_read_anew_each_time(web, trusted, tmp_path) -> None:
    web.pages["/"] = Page(b"x")
    for word in ("one", "two"):
        (tmp_path / "word").write_text(f"{word}\n")
        trusted.get(web.url("/"), auth=Auth("bearer", f"file:{tmp_path}/word"))
    assert [headers["authorization"] for _, headers in web.asked] == ["Bearer one", "Bearer two"]


def test_a_password_goes_along_where_a_redirect_stays_at_its_place_and_nowhere_else(web, trusted) -> None:
    with serve() as other:
        web.pages["/"] = Page(status=302, headers={"Location": "/here"})
        web.pages["/here"] = Page(status=302, headers={"Location": other.url("/there")})
        other.pages["/there"] = Page(status=302, headers={"Location": web.url("/back")})
        web.pages["/back"] = Page(b"x")
        trusted.get(web.url("/"), auth=Auth("cookie", "env:WORD"))
        assert [(path, "cookie" in headers) for path, headers in (*web.asked, *other.asked)] == [
            ("/", True),
            ("/here", True),
            ("/back", False),
            ("/there", False),
        ]


def test_a_password_follows_its_host_to_https_and_to_no_other_port() -> None:
    home = "http://feeds.example/a"
    places = ("https://feeds.example/b", "http://feeds.example:80/", "http://feeds.example:8080/", "https://x.example/")
    assert [same_place(place, home) for place in places] == [True, True, False, False]
    assert not same_place(home, "https://feeds.example/a")


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("env:NOWHERE", "NOWHERE, which is not set"),
        ("env:EMPTY", "EMPTY, which is not set"),
        ("env:BROKEN", "BROKEN is not one line"),
        ("file:/nowhere/at/all", "/nowhere/at/all, which cannot be read"),
    ],
)
def test_a_password_that_is_not_to_be_had_is_one_line_and_nothing_is_asked(web, trusted, secret, says) -> None:
    with pytest.raises(Refused, match=says) as error:
        trusted.get(web.url("/"), auth=Auth("bearer", secret))
    assert "s3cret" not in str(error.value)
    assert web.asked == []


def test_a_redirect_to_a_file_is_refused(web, fetcher) -> None:
    web.pages["/"] = Page(status=302, headers={"Location": "file:///etc/passwd"})
    with pytest.raises(Refused, match="only http and https"):
        fetcher.get(web.url("/"))


def test_a_circle_of_redirects_ends(web, fetcher) -> None:
    web.pages["/"] = Page(status=302, headers={"Location": "/"})
    with pytest.raises(Unreachable, match="redirected more than 5 times"):
        fetcher.get(web.url("/"))


def test_a_decompression_bomb_is_stopped_early(web) -> None:
    """200 kB that would become 200 MB: refused at the limit, with no more memory than that."""
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    web.pages["/"] = Page(bomb, headers={"Content-Encoding": "gzip"})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="larger than 1 MB"):
        Fetcher(allow_private=True, max_bytes=2**20).get(web.url("/"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


BODY = b"<rss>" + b"a long enough text " * 10_000 + b"</rss>"


@pytest.mark.parametrize(
    ("encoding", "sent"),
    [
        ("br", brotli.compress(BODY)),
        ("br", BODY),
        ("br", gzip.compress(BODY)),
        ("gzip", BODY),
        ("deflate", BODY),
        ("deflate", gzip.compress(BODY)),
        ("gzip", gzip.compress(gzip.compress(BODY))),
        ("", gzip.compress(BODY)),
        ("identity", BODY),
        ("utf-8", BODY),
        ("none", gzip.compress(BODY)),
        ("text/xml; charset=utf-8", BODY),
    ],
)
def test_what_is_said_of_compression_is_believed_where_the_bytes_bear_it_out(web, fetcher, encoding, sent) -> None:
    web.pages["/"] = Page(sent, headers={"Content-Encoding": encoding} if encoding else {})
    assert fetcher.get(web.url("/")).body == BODY


@pytest.mark.parametrize("encoding", ["br", "deflate"])
def test_what_is_compressed_in_a_way_and_broken_is_unreadable(web, fetcher, encoding) -> None:
    web.pages["/"] = Page(b"\xff" * 100, headers={"Content-Encoding": encoding})
    with pytest.raises(Unreadable, match="broken"):
        fetcher.get(web.url("/"))


@pytest.mark.parametrize("compress", [brotli.compress, lambda body: gzip.compress(gzip.compress(body)), zlib.compress])
def test_no_bomb_of_whatever_make_grows_beyond_the_limit(web, compress) -> None:
    encoding = {brotli.compress: "br", zlib.compress: "deflate"}.get(compress, "gzip")
    web.pages["/"] = Page(compress(b"\0" * 100_000_000), headers={"Content-Encoding": encoding})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused, match="larger than 1 MB"):
        Fetcher(allow_private=True, max_bytes=2**20).get(web.url("/"))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kB


def test_a_broken_compressed_answer_is_unreadable(web, fetcher) -> None:
    broken = bytearray(gzip.compress(b"text " * 50_000))
    broken[200:210] = b"\xff" * 10
    web.pages["/"] = Page(bytes(broken), headers={"Content-Encoding": "gzip"})
    with pytest.raises(Unreadable, match="broken"):
        fetcher.get(web.url("/"))


def test_a_server_that_drips_is_cut_off_at_the_time_limit(web) -> None:
    """Each byte comes in time, the whole never does."""
    over = threading.Event()

    def drip(handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not over.wait(0.02):
            handler.wfile.write(b"x")

    web.pages["/"] = drip
    try:
        with pytest.raises(Unreachable, match=r"no answer within 0\.3 s"):
            Fetcher(allow_private=True, seconds=0.3).get(web.url("/"))
    finally:
        over.set()


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (404, "not found"),
        (401, "wants a password"),
        (410, "gone for good"),
        (403, "login"),
        (429, "come back later"),
        (500, "error"),
    ],
)
def test_each_error_status_is_one_line_with_the_address_and_a_way_out(web, fetcher, status, word) -> None:
    web.pages["/x"] = Page(b"no", status=status)
    with pytest.raises(Unreachable, match=word) as error:
        fetcher.get(web.url("/x"))
    assert web.url("/x") in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_host_is_named() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(Unreachable, match=r"no such host: nowhere\.example"):
        Fetcher(resolve=unknown).get("https://nowhere.example/feed")


def test_a_closed_port_is_no_connection(web, fetcher) -> None:
    with pytest.raises(Unreachable, match="no connection"):
        fetcher.get("http://127.0.0.1:9/")


def test_a_server_without_tls_has_no_safe_connection(web, fetcher) -> None:
    with pytest.raises(Unreachable, match="no safe connection"):
        fetcher.get(web.url("/").replace("http:", "https:"))


def test_a_server_that_speaks_something_else_is_unreadable(web, fetcher) -> None:
    web.pages["/"] = lambda handler: handler.wfile.write(b"220 smtp.example ready\r\n")
    with pytest.raises(Unreadable, match="not HTTP"):
        fetcher.get(web.url("/"))


def _nowhere(host: str, port: int) -> list[str]:
    raise OSError("nothing is resolved here")


_FETCHER_NOWHERE = Fetcher(resolve=_nowhere)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_as_an_address_is_an_error_of_ours_and_never_a_crash(text) -> None:
    with pytest.raises(SourceError):
        _FETCHER_NOWHERE.get(f"http://{text}/")
