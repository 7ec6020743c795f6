"""What is known of the addresses of one kind of site: where its feeds are, though its pages may not say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlunsplit

Feeds = Callable[[SplitResult], Sequence[str]]


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
    feeds: Feeds
    looks: Callable[[SplitResult], str] = lambda parts: ""
    within: Callable[[SplitResult, bytes], Sequence[str]] = lambda parts, body: ()
    bridged: Callable[[SplitResult], str] = lambda parts: ""

    def takes(self, parts: SplitResult) -> bool:
        """Whether an address is of this kind of site."""
        host = parts.hostname or ""
        return not self.hosts or any(host == one or host.endswith(f".{one}") for one in self.hosts)


def at(parts: SplitResult, path: str, query: str = "", host: str = "") -> str:
    """Return an address of the same site, or of another of its hosts."""
    place = f"{host}:{parts.port}" if host and parts.port else host or parts.netloc
    return urlunsplit((parts.scheme, place, path, query, ""))


def steps(parts: SplitResult) -> list[str]:
    """Return the steps of an address's path."""
    return [step for step in parts.path.split("/") if step]


def none(parts: SplitResult) -> Sequence[str]:
    """Have no feed by the address alone."""
    return ()
