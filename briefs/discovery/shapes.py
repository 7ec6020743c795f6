"""Sites whose feeds are known by their addresses, though their pages may not say so."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlunsplit


@dataclass(frozen=True, slots=True)
class Shape:
    """The addresses of a kind of site.

    name: as people call it. hosts: whose it is, their subdomains too; () for any host, where the path tells.
    feeds: an address of it → those of its feeds, most wanted first; () where it has none by itself.
    looks: an address of it → what to ask instead of it, where only that names the feed.
    within: what was asked for → the addresses of feeds that stand in it. bridged: an address of it → the path of its
    feed on an RSSHub instance, for sites without feeds; "" for none.
    """

    name: str
    hosts: tuple[str, ...]
    feeds: Callable[[SplitResult], Sequence[str]] = lambda parts: ()
    looks: Callable[[SplitResult], str] = lambda parts: ""
    within: Callable[[SplitResult, bytes], Sequence[str]] = lambda parts, body: ()
    bridged: Callable[[SplitResult], str] = lambda parts: ""

    def takes(self, parts: SplitResult) -> bool:
        """Whether an address is of this kind of site."""
        host = parts.hostname or ""
        return not self.hosts or any(host == one or host.endswith(f".{one}") for one in self.hosts)


def _at(parts: SplitResult, path: str, query: str = "", host: str = "") -> str:
    """Return an address of the same site, or of another of its hosts."""
    place = f"{host}:{parts.port}" if host and parts.port else host or parts.netloc
    return urlunsplit((parts.scheme, place, path, query, ""))


def _steps(parts: SplitResult) -> list[str]:
    """Return the steps of an address's path."""
    return [step for step in parts.path.split("/") if step]


_CHANNEL = re.compile(rb'"(?:externalId|channelId)":"(UC[\w-]{22})"')


def _youtube(parts: SplitResult) -> Sequence[str]:
    """YouTube: a channel, a handle, a playlist."""
    if playlist := parse_qs(parts.query).get("list"):
        return (_at(parts, "/feeds/videos.xml", f"playlist_id={playlist[0]}"),)
    match _steps(parts):
        case ["channel", name, *_]:
            return (_at(parts, "/feeds/videos.xml", f"channel_id={name}"),)
    return ()


def _youtube_within(parts: SplitResult, body: bytes) -> Sequence[str]:
    found = _CHANNEL.search(body)
    return (_at(parts, "/feeds/videos.xml", f"channel_id={found[1].decode()}"),) if found else ()


def _reddit(parts: SplitResult) -> Sequence[str]:
    """Reddit: a community, a person, a front."""
    match _steps(parts):
        case [("r" | "user" | "u") as of, name, *_]:
            return (_at(parts, f"/{of}/{name}/.rss"),)
    return ()


_PROJECT_FEEDS = ("releases", "tags", "commits", "discussions")


def _github(parts: SplitResult) -> Sequence[str]:
    """GitHub: a project's releases, tags, commits and discussions; a person."""
    match _steps(parts):
        case [owner, project, *rest]:
            asked = [kind for kind in _PROJECT_FEEDS if rest[:1] == [kind]]
            kinds = dict.fromkeys([*asked, *_PROJECT_FEEDS])
            return [_at(parts, f"/{owner}/{project.removesuffix('.git')}/{kind}.atom") for kind in kinds]
        case [person]:
            return (_at(parts, f"/{person}.atom"),)
    return ()


def _gitlab(parts: SplitResult) -> Sequence[str]:
    """GitLab: a project's releases, tags and activity."""
    project = "/".join(_steps(parts)).partition("/-")[0]
    if project.count("/") < 1:
        return ()
    paths = (f"/{project}/-/releases.atom", f"/{project}/-/tags?format=atom", f"/{project}.atom")
    return [_at(parts, *path.split("?")) for path in paths]


def _bluesky(parts: SplitResult) -> Sequence[str]:
    """Bluesky: a person."""
    match _steps(parts):
        case ["profile", person, *_]:
            return (_at(parts, f"/profile/{person}/rss"),)
    return ()


def _medium(parts: SplitResult) -> Sequence[str]:
    """Medium: a person, a publication, a tag."""
    match _steps(parts):
        case ["tag", tag, *_]:
            return (_at(parts, f"/feed/tag/{tag}"),)
        case [name, *_] if parts.hostname == "medium.com":
            return (_at(parts, f"/feed/{name}"),)
    return (_at(parts, "/feed"),)


def _substack(parts: SplitResult) -> Sequence[str]:
    """Substack: a newsletter."""
    match _steps(parts):
        case [person] if person.startswith("@") and parts.hostname in ("substack.com", "www.substack.com"):
            return (_at(parts, "/feed", host=f"{person[1:]}.substack.com"),)
    return (_at(parts, "/feed"),)


def _wordpress(parts: SplitResult) -> Sequence[str]:
    """WordPress.com: a blog, a category or a tag of it."""
    match _steps(parts):
        case [("category" | "tag" | "author") as of, name, *_]:
            return (_at(parts, f"/{of}/{name}/feed/"), _at(parts, "/feed/"))
    return (_at(parts, "/feed/"),)


def _ghost(parts: SplitResult) -> Sequence[str]:
    """Ghost: a blog."""
    return (_at(parts, "/rss/"),)


def _hackernews(parts: SplitResult) -> Sequence[str]:
    """Hacker News: its front."""
    paths = {"show": "/showrss"}
    return (_at(parts, paths.get((_steps(parts) or [""])[0], "/rss")),)


def _arxiv(parts: SplitResult) -> Sequence[str]:
    """arXiv: what is new in a field."""
    match _steps(parts):
        case ["list" | "archive", field, *_]:
            return (_at(parts, f"/rss/{field}", host="rss.arxiv.org"),)
    return ()


_PODCAST = re.compile(r"/id(\d+)")


def _podcasts_looks(parts: SplitResult) -> str:
    """Apple Podcasts: a podcast, by what Apple's directory says of it."""
    found = _PODCAST.search(parts.path)
    return _at(parts, "/lookup", f"id={found[1]}&entity=podcast", host="itunes.apple.com") if found else ""


def _podcasts_within(parts: SplitResult, body: bytes) -> Sequence[str]:
    try:
        results = json.loads(body)["results"]
        return [str(one["feedUrl"]) for one in results if "feedUrl" in one]
    except (ValueError, KeyError, TypeError, RecursionError):  # it is a stranger's answer
        return ()


def _google(parts: SplitResult) -> Sequence[str]:
    """Google News: a search, a section."""
    path = "/".join(_steps(parts)).removeprefix("rss/")
    known = path.split("/")[0] in ("search", "topics", "publications", "home", "topstories", "")
    path = "" if path in ("home", "topstories") else path
    return (_at(parts, f"/rss/{path}".rstrip("/"), parts.query),) if known else ()


def _bing(parts: SplitResult) -> Sequence[str]:
    asked = parse_qs(parts.query).get("q")
    return (_at(parts, "/news/search", urlencode({"q": asked[0], "format": "rss"})),) if asked else ()


def _telegram_bridged(parts: SplitResult) -> str:
    """Telegram: a public channel, which has no feed of its own."""
    name = next((step for step in _steps(parts) if step != "s"), "")
    return f"/telegram/channel/{name}" if name else ""


_PERSON = re.compile(r"@\w[\w.-]*")


def _mastodon(parts: SplitResult) -> Sequence[str]:
    """Mastodon, on whatever host: a person."""
    match _steps(parts):
        case [person] if _PERSON.fullmatch(person):
            return (_at(parts, f"/{person}.rss"),)
    return ()


# The first that takes an address; Mastodon is on any host.
SHAPES: tuple[Shape, ...] = (
    Shape("YouTube", ("youtube.com",), _youtube, within=_youtube_within),
    Shape("Reddit", ("reddit.com",), _reddit),
    Shape("GitHub", ("github.com",), _github),
    Shape("GitLab", ("gitlab.com",), _gitlab),
    Shape("Bluesky", ("bsky.app",), _bluesky),
    Shape("Medium", ("medium.com",), _medium),
    Shape("Substack", ("substack.com",), _substack),
    Shape("WordPress", ("wordpress.com",), _wordpress),
    Shape("Ghost", ("ghost.io",), _ghost),
    Shape("Hacker News", ("news.ycombinator.com",), _hackernews),
    Shape("arXiv", ("arxiv.org",), _arxiv),
    Shape("Apple Podcasts", ("podcasts.apple.com",), looks=_podcasts_looks, within=_podcasts_within),
    Shape("Google News", ("news.google.com",), _google),
    Shape("Bing News", ("bing.com",), _bing),
    Shape("Telegram", ("t.me", "telegram.me"), bridged=_telegram_bridged),
    Shape("Mastodon", (), _mastodon),
)
