"""An address as people paste it: the right source is found, politely, and what cannot be read says why and what helps.

Every site here is invented, and served on loopback under the name it would have.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from bot.cli import main
from briefs.discovery import MOST, Discovery, discover
from briefs.discovery.looking import stories_for
from briefs.discovery.shapes import SHAPES
from briefs.ingest.fetch import Fetcher
from briefs.ingest.turns import Turns
from briefs.text.aliases import Aliases
from briefs.topics import Topic, parse_topic
from briefs.workers import in_process
from tests.fakes.web import Page, serve

HEADLINES = (
    "A heron has nested on the roof of the town hall",
    "Council votes to keep the night buses running",
    "Two ferries collide in fog, nobody is hurt",
    "Battery maker opens its second plant near Leeds",
)


def rss(name: str = "The Example", kind: str = "application/rss+xml") -> Page:
    entries = "".join(
        f"<item><title>{title}</title><link>https://a.example/{n}</link><description>{title}, it said.</description>"
        f"<pubDate>Mon, {n + 2:02} Nov 2026 08:00:00 GMT</pubDate></item>"
        for n, title in enumerate(HEADLINES)
    )
    body = f"<rss version='2.0'><channel><title>{name}</title>{entries}</channel></rss>"
    return Page(body.encode(), kind)


def html(head: str = "", body: str = "", title: str = "The Example") -> Page:
    return Page(f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode())


def names(*paths: str, kind: str = "application/rss+xml") -> str:
    return "".join(f'<link rel="alternate" type="{kind}" href="{path}">' for path in paths)


JSON_FEED = Page(
    json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Example",
            "items": [{"id": str(n), "title": title, "content_text": title} for n, title in enumerate(HEADLINES)],
        }
    ).encode(),
    "application/feed+json",
)
LIST = html(body="".join(f"<h3><a href='/news/{n + 4000}'>{title}</a></h3>" for n, title in enumerate(HEADLINES)))
TEXT = "".join(
    f"<p>The harbour bridge closes for {n} weeks, the town said, and the ferry takes over.</p>" for n in range(9)
)
ARTICLE = html(body=f"<article><h1>The bridge closes</h1>{TEXT}</article>", title="The bridge closes")
TEASER = html(
    '<script type="application/ld+json">{"isAccessibleForFree": false}</script>', f"<article>{TEXT}</article>"
)
SCRIPT = html(body="<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>")
CHALLENGE = Page(b"<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform></script>", status=403)
CHANNEL = "UC" + "a1B2c3D4e5F6g7H8i9J0kL"


@dataclass(frozen=True)
class Site:
    """typed: what somebody pastes. pages: what there is. kind, at: what should be found first. why: or what is said."""

    typed: str
    pages: dict[str, Page]
    kind: str = "feed"
    at: str = ""
    why: str = ""
    more: int = 0  # other things found beside the first
    options: dict[str, str] = field(default_factory=dict)


SITES = [
    # feeds themselves, whatever they are called
    Site("a.example/feed", {"/feed": rss()}, at="/feed"),
    Site("feed:http://a.example/feed", {"/feed": rss()}, at="/feed"),
    Site("feed://a.example/rss", {"/rss": rss()}, at="/rss"),
    Site("<http://a.example/x>", {"/x": rss(kind="text/html")}, at="/x"),
    Site("a.example/f.json", {"/f.json": JSON_FEED}, at="/f.json"),
    Site("a.example/f", {"/f": rss(kind="text/plain")}, at="/f"),
    # pages that name theirs
    Site("a.example", {"/": html(names("/news.xml")), "/news.xml": rss()}, at="/news.xml"),
    Site("a.example", {"/": html(names("/a.xml", "/b.xml")), "/a.xml": rss(), "/b.xml": rss("B")}, at="/a.xml", more=1),
    Site(
        "a.example",
        {"/": html(names("/comments.xml", "/a.xml")), "/comments.xml": rss(), "/a.xml": rss()},
        at="/a.xml",
        more=1,
    ),
    Site("a.example", {"/": html(names("/f.json", kind="application/feed+json")), "/f.json": JSON_FEED}, at="/f.json"),
    Site("a.example/blog/", {"/blog/": html(names("feed.xml")), "/blog/feed.xml": rss()}, at="/blog/feed.xml"),
    Site("a.example", {"/": html(names("/gone.xml", "/a.xml")), "/a.xml": rss()}, at="/a.xml"),
    Site(
        "a.example/post",
        {"/post": html(names("/atom.xml", kind="application/atom+xml")), "/atom.xml": rss()},
        at="/atom.xml",
    ),
    # the usual paths
    Site("a.example", {"/": ARTICLE, "/feed": rss()}, at="/feed"),
    Site("a.example", {"/": ARTICLE, "/rss.xml": rss()}, at="/rss.xml"),
    Site("a.example", {"/": ARTICLE, "/atom.xml": rss()}, at="/atom.xml"),
    Site("a.example", {"/": ARTICLE, "/index.xml": rss()}, at="/index.xml"),
    Site("a.example", {"/": ARTICLE, "/feed.json": JSON_FEED}, at="/feed.json"),
    Site("a.example", {"/": ARTICLE, "/rss": rss()}, at="/rss"),
    Site("a.example", {"/": LIST, "/feed": html(body="not found"), "/rss": rss()}, at="/rss"),
    # known kinds of site
    Site(
        f"www.youtube.com/channel/{CHANNEL}",
        {f"/feeds/videos.xml?channel_id={CHANNEL}": rss()},
        at=f"/feeds/videos.xml?channel_id={CHANNEL}",
    ),
    Site(
        "www.youtube.com/@heron",
        {
            "/@heron": html(body=f'<script>{{"externalId":"{CHANNEL}"}}</script>'),
            f"/feeds/videos.xml?channel_id={CHANNEL}": rss(),
        },
        at=f"/feeds/videos.xml?channel_id={CHANNEL}",
    ),
    Site(
        "youtube.com/playlist?list=PL1",
        {"/feeds/videos.xml?playlist_id=PL1": rss()},
        at="/feeds/videos.xml?playlist_id=PL1",
    ),
    Site("www.reddit.com/r/herons/top", {"/r/herons/.rss": rss()}, at="/r/herons/.rss"),
    Site("old.reddit.com/user/ann", {"/user/ann/.rss": rss()}, at="/user/ann/.rss"),
    Site(
        "github.com/ann/heron",
        {f"/ann/heron/{kind}.atom": rss(kind) for kind in ("releases", "tags", "commits")},
        at="/ann/heron/releases.atom",
        more=2,
    ),
    Site("github.com/ann/heron/commits/main", {"/ann/heron/commits.atom": rss()}, at="/ann/heron/commits.atom"),
    Site("github.com/ann/heron/discussions", {"/ann/heron/discussions.atom": rss()}, at="/ann/heron/discussions.atom"),
    Site("github.com/ann/heron.git", {"/ann/heron/tags.atom": rss()}, at="/ann/heron/tags.atom"),
    Site("github.com/ann", {"/ann.atom": rss()}, at="/ann.atom"),
    Site(
        "gitlab.com/team/sub/heron/-/releases",
        {"/team/sub/heron/-/releases.atom": rss()},
        at="/team/sub/heron/-/releases.atom",
    ),
    Site("gitlab.com/team/heron", {"/team/heron/-/tags?format=atom": rss()}, at="/team/heron/-/tags?format=atom"),
    Site("social.example/@ann", {"/@ann.rss": rss()}, at="/@ann.rss"),
    Site("bsky.app/profile/ann.example", {"/profile/ann.example/rss": rss()}, at="/profile/ann.example/rss"),
    Site("medium.com/@ann", {"/feed/@ann": rss()}, at="/feed/@ann"),
    Site("medium.com/tag/herons", {"/feed/tag/herons": rss()}, at="/feed/tag/herons"),
    Site("ann.medium.com", {"/feed": rss()}, at="/feed"),
    Site("ann.substack.com/p/a-post", {"/feed": rss()}, at="/feed"),
    Site("substack.com/@ann", {"/feed": rss()}, at="/feed"),
    Site(
        "ann.wordpress.com/tag/heron/", {"/tag/heron/feed/": rss(), "/feed/": rss("All")}, at="/tag/heron/feed/", more=1
    ),
    Site("ann.ghost.io", {"/rss/": rss()}, at="/rss/"),
    Site("news.ycombinator.com", {"/rss": rss()}, at="/rss"),
    Site("news.ycombinator.com/show", {"/showrss": rss()}, at="/showrss"),
    Site("arxiv.org/list/cs.CL/recent", {"/rss/cs.CL": rss()}, at="/rss/cs.CL"),
    Site(
        "podcasts.apple.com/gb/podcast/heron/id123",
        {
            "/lookup?id=123&entity=podcast": Page(
                b'{"results": [{"feedUrl": "http://pods.example:PORT/show"}]}', "text/javascript"
            ),
            "/show": rss(),
        },
        at="/show",
    ),
    Site("news.google.com/search?q=heron&hl=en", {"/rss/search?q=heron&hl=en": rss()}, at="/rss/search?q=heron&hl=en"),
    Site("news.google.com/topics/CAAq", {"/rss/topics/CAAq": rss()}, at="/rss/topics/CAAq"),
    Site(
        "www.bing.com/news/search?q=grey+heron&form=x",
        {"/news/search?q=grey+heron&format=rss": rss()},
        at="/news/search?q=grey+heron&format=rss",
    ),
    Site(
        "t.me/s/heron",
        {"/telegram/channel/heron": rss()},
        at="/telegram/channel/heron",
        options={"bridge": "http://hub.example:PORT/"},
    ),
    # a known kind of site whose page tells more than its address
    Site("ann.substack.com", {"/": html(names("/f.xml")), "/f.xml": rss()}, at="/f.xml"),
    Site("github.com/about", {"/about": html(names("/blog.xml")), "/blog.xml": rss()}, at="/blog.xml"),
    # lists of headlines, and pages
    Site("ministry.example/press", {"/press": LIST}, kind="list", at="/press"),
    Site("ministry.example/press", {"/press": html(names("/gone.xml"), LIST.body.decode())}, kind="list", at="/press"),
    Site("a.example/statement", {"/statement": ARTICLE}, kind="watch", at="/statement"),
    Site(
        "a.example/statement",
        {
            "/statement": html(
                '<meta property="og:type" content="article">',
                f"<article><h1>The bridge closes</h1>{TEXT}</article>{LIST.body.decode()}",
            )
        },
        kind="watch",
        at="/statement",
        more=1,
    ),
    # what cannot be read
    Site("a.example", {"/": Page(status=401)}, why="password"),
    Site("a.example", {"/": Page(status=403)}, why="403"),
    Site("a.example", {"/": CHALLENGE}, why="wants to see a browser"),
    Site("a.example", {"/": SCRIPT}, why="empty without JavaScript, .*; look for a feed"),
    Site("a.example/essay", {"/essay": TEASER}, why="the beginning alone"),
    Site("a.example", {"/": Page(status=404)}, why="404"),
    Site("a.example", {"/": Page(status=410)}, why="410|no more|gone"),
    Site("a.example", {"/": Page(status=429)}, why="429|later"),
    Site("a.example", {"/": html()}, why="no article text|empty"),
    Site("t.me/heron", {"/heron": SCRIPT}, why="Telegram has no feeds; name an RSSHub instance"),
    Site("what is this", {}, why="is no web address; paste one"),
    Site("ftp://a.example/x", {}, why="is no web address"),
]


def look(site: Site, seconds: float = 0.0) -> tuple[Discovery, list[str], int]:
    """Look for a site on loopback; gives what is found, what was asked for, and the port."""
    with serve() as web:
        port = urlsplit(web.address).port

        def placed(text: str) -> str:
            return text.replace("PORT", str(port))

        web.pages |= {
            path: Page(placed(page.body.decode()).encode(), page.media_type, page.status)
            for path, page in site.pages.items()
        }
        scheme, _, rest = site.typed.rpartition("://")
        host, slash, path = rest.partition("/")
        closing = ">" if host.endswith(">") else ""
        known = all(letter.isalnum() or letter in ".-" for letter in host)
        here = f"{host}:{port}" if known and site.pages else host
        typed = f"{scheme or 'http'}://{here}{slash}{path}{closing}" if site.pages else site.typed
        fetcher = Fetcher(allow_private=True, resolve=lambda host, port: ["127.0.0.1"], turns=Turns(pause=0))
        options = {name: placed(value) for name, value in site.options.items()}
        return discover(typed, fetcher=fetcher, **options), web.paths, port or 0


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.typed} → {site.at or site.why}")
def test_what_there_is_at_an_address(site):
    found, asked, _ = look(site)

    if site.why:
        assert found.found == ()
        with pytest.raises(type(found.refused), match=site.why):
            raise found.refused
    else:
        first = found.found[0]
        parts = urlsplit(first.address)
        assert (first.kind, parts.path + (f"?{parts.query}" if parts.query else "")) == (site.kind, site.at)
        assert found.refused is None
        assert len(found.found) == 1 + site.more
    assert len(asked) <= MOST


def test_what_was_found_is_described():
    found, _, _ = look(Site("a.example", {"/": html(names("/news.xml")), "/news.xml": rss()}))
    (feed,) = found.found

    assert (feed.title, feed.language, feed.entries, feed.full) == ("The Example", "en", 4, False)
    assert [one.title for one in feed.newest] == list(HEADLINES[:0:-1])
    assert feed.a_week == pytest.approx(7)


def test_what_it_would_bring_is_counted_for_each_topic():
    found, _, _ = look(Site("a.example/feed", {"/feed": rss()}))
    topics = [
        Topic(name, parse_topic(words))
        for name, words in (("Birds", "heron"), ("Sea", "ferries | buses"), ("Snow", "snow"))
    ]

    assert stories_for(found.found[0], topics, Aliases(), in_process) == {"Birds": 1, "Sea": 2, "Snow": 0}


def test_a_host_that_is_asked_is_the_one_that_was_typed_unless_a_page_names_another():
    site = Site("a.example", {"/": ARTICLE})
    with serve() as web:
        hosts = []

        def resolve(host, port):
            hosts.append(host)
            return ["127.0.0.1"]

        web.pages |= site.pages
        port = urlsplit(web.address).port
        discover(
            f"http://a.example:{port}/", fetcher=Fetcher(allow_private=True, resolve=resolve, turns=Turns(pause=0))
        )
    assert set(hosts) == {"a.example"}


def test_no_more_is_asked_for_once_it_has_taken_long():
    moments = iter([0.0, 1.0, *[9.0] * 20])
    with serve() as web:
        web.pages |= {"/": ARTICLE, "/rss": rss()}
        fetcher = Fetcher(allow_private=True, turns=Turns(pause=0))
        found = discover(web.url("/"), fetcher=fetcher, clock=lambda: next(moments))
    assert [one.kind for one in found.found] == ["watch"]
    assert web.paths == ["/"]


def test_a_kind_of_site_is_known_by_its_host_or_by_its_path_alone():
    takers = {shape.name for shape in SHAPES if shape.takes(urlsplit("https://notyoutube.com/@ann"))}
    assert takers == {"Mastodon"}


@pytest.fixture
def briefbot(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("BRIEFBOT_CONFIG", str(tmp_path))
    monkeypatch.setenv("BRIEFBOT_DATABASE", str(tmp_path / "briefs.db"))
    (tmp_path / "topics.yaml").write_text(
        "topics:\n  - {name: Birds, expression: heron}\n  - {name: Snow, expression: snow}\n"
    )

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exit:
            main(arguments)
        said = capsys.readouterr()
        return exit.value.code, said.out, said.err

    return run


def test_follow_prints_what_it_found_for_programs(briefbot):
    with serve() as web:
        web.pages |= {"/": html(names("/news.xml")), "/news.xml": rss()}
        code, out, _ = briefbot("follow", web.url("/"), "--json")

    (found,), refused = json.loads(out).values()
    assert (code, refused) == (0, None)
    assert {key: found[key] for key in ("kind", "address", "title", "language", "entries")} == {
        "kind": "feed",
        "address": web.url("/news.xml"),
        "title": "The Example",
        "language": "en",
        "entries": 4,
    }
    assert found["newest"][0] == {
        "title": HEADLINES[3],
        "url": "https://a.example/3",
        "published": "2026-11-05T08:00:00Z",
    }
    assert found["topics"] == {"Birds": 1, "Snow": 0}


def test_follow_says_that_nothing_is_followed_where_nobody_can_be_asked(briefbot, tmp_path):
    with serve() as web:
        web.pages |= {"/": html(names("/news.xml")), "/news.xml": rss()}
        assert "nothing is followed yet; `briefbot follow --yes" in briefbot("follow", web.url("/"))[2]
    assert not (tmp_path / "sources.yaml").exists()


def test_follow_says_why_not_and_what_helps(briefbot):
    with serve() as web:
        web.pages["/"] = SCRIPT
        code, out, _ = briefbot("follow", web.url("/"), "--json")
        assert (code, briefbot("follow", web.url("/"))[2].splitlines()[-1]) == (
            1,
            f"briefbot: {web.url('/')}: the page is empty without JavaScript, which is not run here; "
            "look for a feed of the site",
        )
    assert json.loads(out)["refused"] == {
        "why": f"{web.url('/')}: the page is empty without JavaScript, which is not run here",
        "remedy": "look for a feed of the site",
    }


def test_what_is_followed_is_a_source_and_read_at_once(briefbot, tmp_path):
    with serve() as web:
        web.pages |= {"/press": LIST}
        web.pages |= {
            f"/news/{n + 4000}": html(body=f"<article><h1>{title}</h1><p>{title}, the town said.</p></article>")
            for n, title in enumerate(HEADLINES)
        }
        code, out, _ = briefbot("follow", "--yes", web.url("/press"))
        again = briefbot("follow", "--yes", web.url("/press"))[1]

    assert code == 0
    assert "1  The Example" in out
    assert "would bring stories to: Birds 1" in out
    assert out.splitlines()[-1] == "followed: The Example; 4 new articles"
    assert again.splitlines()[-1] == "it was followed already: The Example; 0 new articles"
    written = (tmp_path / "sources.yaml").read_text(encoding="utf-8")
    assert f"- list: {web.url('/press')}" in written
    assert "Birds" not in written
    assert "heron" in briefbot("brief", "heron")[1].lower()
