"""The team's configuration: a folder of four YAML files, read strictly.

    settings.yaml   how the program behaves        aliases.yaml   names of the same thing
    topics.yaml     what the team wants to hear    sources.yaml   where articles come from

A file may be missing: its defaults hold. A wrong word in a file that is there is an error that names file, line and
key; nothing is guessed. Secrets never stand here, they come from the environment.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from briefs.errors import ConfigError, UsageError
from briefs.masking import MASK, is_secret, masked
from briefs.models import Auth, AuthKind, Channel, Source, SourceKind
from briefs.text.aliases import Aliases
from briefs.text.languages import SERVED
from briefs.text.terms import fold
from briefs.topics import Topic, combine, parse_topic
from briefs.yaml_file import YamlFile, nearest

# ---------------------------------------------------------------- what the files may hold


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# Every problem below is worded to follow the key: “zone” …
def _one_of(found: str, known: Iterable[str], expected: str) -> str:
    known = list(known)
    if found not in known:
        raise ValueError(f"must be {expected}, not “{found}”{nearest(found, known)}")
    return found


def _zone(name: str) -> str:
    return _one_of(name, available_timezones(), "a time zone such as Europe/Paris (an IANA name)")


def _article_language(code: str) -> str:
    return _one_of(code, SERVED, f"one of {', '.join(SERVED)}")


def web_address(address: str) -> str:
    """Return an address that is one of the web. Raises ValueError that says what it must be, behind its name."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read now: where it is no number, that is told only here
    except ValueError as error:
        raise ValueError(f"must be a web address, not “{masked(address)}”") from error
    if MASK in address:
        raise ValueError(f"is not whole: write what was left out for {MASK}, the secret in “{address}”")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be a web address that begins with https:// or http://, not “{masked(address)}”")
    return address


def _place(written: str) -> str:
    try:
        ipaddress.ip_network(written, strict=False)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*", written):
            raise ValueError(f"must be a network or the name of a host, such as 10.1.0.0/16, not “{written}”") from None
    return written


def _channel(written: str) -> str:
    parts = written.split("/")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f"must be PLATFORM/WORKSPACE/CHANNEL by their ids, such as slack/T0123/C0456, not “{written}”")
    return written


def _hours(text: object) -> tuple[str, str]:
    parts = text.split("-") if isinstance(text, str) else []
    try:
        start, end = (time.fromisoformat(part.strip().zfill(5)).strftime("%H:%M") for part in parts)
    except ValueError:
        start = end = ""
    if start == end:
        raise ValueError(f"must be two times of the day such as “22:00-07:00”, not “{text}”")
    return start, end


def _kept(text: object) -> timedelta:
    found = re.fullmatch(r"(\d{2,5}) days", text) if isinstance(text, str) else None
    days = int(found[1]) if found else 0
    if days < _KEPT_LEAST:
        raise ValueError(f"must be a number of days such as “90 days”, {_KEPT_LEAST} at least, not “{text}”")
    return timedelta(days=days)


# What stands where a secret should be may be the secret: none of these repeats it.
def _secret(found: object) -> str:
    if not isinstance(found, str) or not re.fullmatch(r"env:[A-Za-z_]\w*|file:.+", found):
        raise ValueError("must say where the secret is, as env:NAME or file:PATH, and not hold it")
    return found


def _named_secret(found: object) -> tuple[str, str]:
    if not isinstance(found, dict) or len(found) != 1 or not re.fullmatch(_HEADER_NAME, str(*found)):
        raise ValueError("must be one name and where its value is, such as {X-Api-Key: env:NAME}")
    ((name, secret),) = found.items()
    return name, _secret(secret)


def _cookie(found: object) -> tuple[str, str]:
    return _named_secret(found) if isinstance(found, dict) else ("", _secret(found))


def _login(found: object) -> tuple[str, str]:
    if not isinstance(found, dict):
        return "", _secret(found)
    if found.keys() != {"user", "password"} or not isinstance(found["user"], str):
        raise ValueError("must be a user and a password, such as {user: ann, password: env:NAME}")
    return found["user"], _secret(found["password"])


def _auth(found: object) -> object:
    if not isinstance(found, dict) or len(found) != 1:
        raise ValueError("must be one of basic, bearer, header and cookie, such as {bearer: env:NAME}")
    return found


_KEPT_LEAST = 30  # days: so long is a story followed that a channel was told of
_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # what names a header or a cookie (RFC 9110, 5.6.2)
_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Zone = Annotated[str, AfterValidator(_zone)]
_Language = Annotated[str, AfterValidator(_article_language)]
_Place = Annotated[str, AfterValidator(_place)]
_Address = Annotated[str, AfterValidator(web_address)]
_Channel = Annotated[str, AfterValidator(_channel)]
_Hours = Annotated[tuple[str, str], BeforeValidator(_hours)]
_Kept = Annotated[timedelta, BeforeValidator(_kept)]
_Command = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class Digests(_Strict):
    """stories: how many a digest shows; what does not fit goes into its thread."""

    stories: int = Field(default=5, ge=1, le=20)


class Gathering(_Strict):
    """minutes: between two rounds through files and folders, and feeds that post all the time."""

    minutes: int = Field(default=15, ge=1, le=24 * 60)


class Settings(_Strict):
    """How the program behaves.

    language: of the bot's own words; None follows each platform. zone: of subscriptions that name none.
    command: the root command in chat, without its slash.
    catch_up: which digests are sent of those that fell due while the program was down.
    quiet_hours: in them no digest is begun; one that is due then comes at their end, in its subscription's zone.
    policy: what to do when nobody can tell whether a message has arrived.
    admins_only: whether members of a channel may not change its subscriptions where the platform has no right for that.
    open_topics: whether who may change a channel's subscriptions may also change topics and names that others added.
    admin_channel: where operators are told once a day what waits for them; None: nowhere.
    retention: how long after it came in an article is kept, at least; None: for ever.
    """

    language: Literal["en", "fr", "zh"] | None = None
    zone: _Zone = "UTC"
    command: _Command = "brief"
    digest: Digests = Digests()
    gather: Gathering = Gathering()
    catch_up: Literal["newest", "none"] = "newest"
    quiet_hours: _Hours | None = None
    policy: Literal["prefer_delivery", "prefer_silence"] = "prefer_delivery"
    admins_only: bool = False
    open_topics: bool = False
    admin_channel: _Channel | None = None
    retention: _Kept | None = None

    @property
    def operators(self) -> Channel | None:
        """The operators' channel."""
        return Channel(*self.admin_channel.split("/")) if self.admin_channel else None


class _TopicEntry(_Strict):
    name: _Text
    expression: _Text | None = None
    all: list[_Text] = []
    any: list[_Text] = []
    none: list[_Text] = []
    languages: list[_Language] = []

    def topic(self) -> Topic:
        lists = self.all or self.any or self.none
        if self.expression is None:
            expression = combine(every=self.all, some=self.any, none=self.none)
        elif lists:
            raise UsageError("A topic has either an expression or the lists all, any and none, not both.")
        else:
            expression = parse_topic(self.expression)
        return Topic(self.name, expression, tuple(self.languages))


class _TopicFile(_Strict):
    topics: list[_TopicEntry] = []


class _AuthEntry(_Strict):
    """One of them: whose (a user's, or a header's or cookie's name), and where the secret is."""

    basic: Annotated[tuple[str, str], BeforeValidator(_login)] | None = None
    bearer: Annotated[str, BeforeValidator(_secret)] | None = None
    header: Annotated[tuple[str, str], BeforeValidator(_named_secret)] | None = None
    cookie: Annotated[tuple[str, str], BeforeValidator(_cookie)] | None = None

    def auth(self, base: Path) -> Auth:
        """Make it an Auth; base: what a relative path is relative to."""
        kind: AuthKind = next(kind for kind in _AUTHS if getattr(self, kind))
        found = getattr(self, kind)
        name, secret = ("", found) if kind == "bearer" else found
        where, _, path = secret.partition(":")
        if where == "file":
            secret = f"file:{(base / Path(path).expanduser()).resolve()}"
        return Auth(kind, secret, name)


_AUTHS: tuple[AuthKind, ...] = ("basic", "bearer", "header", "cookie")


class _SourceEntry(_Strict):
    feed: _Address | None = None
    page: _Address | None = None
    file: _Text | None = None
    folder: _Text | None = None
    name: _Text | None = None
    language: _Language | None = None
    auth: Annotated[_AuthEntry | None, BeforeValidator(_auth)] = None
    allow: list[_Place] = []
    public: bool = False
    section: _Text | None = None

    def source(self, base: Path) -> Source:
        """Make it a Source; base: what a relative path is relative to."""
        given: list[tuple[SourceKind, str]] = []
        for kind in _KINDS:
            address = getattr(self, kind)
            if address is not None:
                given.append((kind, address))
        if len(given) != 1:
            raise UsageError("A source needs one of feed, page, file and folder.")
        kind, address = given[0]
        if kind in ("file", "folder"):
            address = str((base / Path(address).expanduser()).resolve())
        if self.auth and kind in ("file", "folder"):
            raise UsageError("A file needs no auth: only feeds and pages do.")
        if self.allow and kind in ("file", "folder"):
            raise UsageError("A file needs no allow: only feeds and pages do.")
        auth = self.auth.auth(base) if self.auth else None
        return Source(address, kind, self.name, self.language, auth, tuple(self.allow), self.public, self.section)


_KINDS: tuple[SourceKind, ...] = ("feed", "page", "file", "folder")


class _SourceFile(_Strict):
    sources: list[_SourceEntry] = []


class _AliasFile(_Strict):
    """Groups under headings of the team's choice."""

    aliases: dict[str, list[Annotated[list[_Text], Field(min_length=2)]]] = {}


# ---------------------------------------------------------------- reading them


@dataclass(frozen=True, slots=True)
class Config:
    """All that the team has configured."""

    settings: Settings
    topics: tuple[Topic, ...]
    sources: tuple[Source, ...]
    aliases: Aliases

    @property
    def for_few(self) -> tuple[Source, ...]:
        """The sources that not everybody can read, but for those that are said to be public."""
        return tuple(source for source in self.sources if not source.public and _is_for_few(source))

    @classmethod
    def load(cls, folder: Path | None) -> Config:
        """Read the folder; None gives the defaults, without topics, sources and aliases.

        Raises ConfigError, one line that names file, line and key, for the first thing wrong.
        """
        if folder is None:
            return cls(Settings(), (), (), Aliases())
        if not folder.is_dir():
            raise ConfigError("{folder}: there is no such folder of configuration files.", folder=str(folder))
        groups = YamlFile(folder / "aliases.yaml").read(_AliasFile).aliases.values()
        return cls(
            settings=YamlFile(folder / "settings.yaml").read(Settings),
            topics=_topics(YamlFile(folder / "topics.yaml")),
            sources=_sources(YamlFile(folder / "sources.yaml")),
            aliases=Aliases(group for section in groups for group in section),
        )


def _is_for_few(source: Source) -> bool:
    """Whether a source is on this machine or in its network, or wants a password."""
    return source.kind in ("file", "folder") or bool(source.auth or source.allow) or is_secret(source.address)


def _topics(file: YamlFile) -> tuple[Topic, ...]:
    topics: dict[str, Topic] = {}
    for n, entry in enumerate(file.read(_TopicFile).topics):
        topic = file.made(entry.topic, "topics", n, *(["expression"] if entry.expression else []))
        if fold(topic.name) in topics:
            raise file.wrong(("topics", n, "name"), f"“{topic.name}” is there already: each topic needs its own name")
        topics[fold(topic.name)] = topic
    return tuple(topics.values())


def _sources(file: YamlFile) -> tuple[Source, ...]:
    entries = file.read(_SourceFile).sources
    return tuple(file.made(partial(entry.source, file.folder), "sources", n) for n, entry in enumerate(entries))
