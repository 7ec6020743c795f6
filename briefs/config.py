"""The team's configuration: a folder of four YAML files, read strictly.

    settings.yaml   how the program behaves        aliases.yaml   names of the same thing
    topics.yaml     what the team wants to hear    sources.yaml   where articles come from

A file may be missing: its defaults hold. A wrong word in a file that is there is an error that names file, line and
key; nothing is guessed. Secrets never stand here, they come from the environment.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from briefs.errors import ConfigError, UsageError
from briefs.models import Source, SourceKind
from briefs.text.aliases import Aliases
from briefs.text.languages import SERVED
from briefs.text.terms import fold
from briefs.topics import Topic, combine, parse_topic

# ---------------------------------------------------------------- what the files may hold


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# Every problem below is worded to follow the key: “zone” …
def _one_of(found: str, known: Iterable[str], expected: str) -> str:
    known = list(known)
    if found not in known:
        raise ValueError(f"must be {expected}, not “{found}”{_nearest(found, known)}")
    return found


def _nearest(found: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(found, known, n=1, cutoff=0.6)
    return f"; did you mean “{near[0]}”?" if near else ""


def _zone(name: str) -> str:
    return _one_of(name, available_timezones(), "a time zone such as Europe/Paris (an IANA name)")


def _article_language(code: str) -> str:
    return _one_of(code, SERVED, f"one of {', '.join(SERVED)}")


def _web_address(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be a web address that begins with https:// or http://, not “{address}”")
    return address


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Zone = Annotated[str, AfterValidator(_zone)]
_Language = Annotated[str, AfterValidator(_article_language)]
_Address = Annotated[str, AfterValidator(_web_address)]
_Command = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,30}$")]


class Digests(_Strict):
    """stories: how many a digest shows; what does not fit goes into its thread."""

    stories: int = Field(default=5, ge=1, le=20)


class Gathering(_Strict):
    """minutes: between two rounds through the sources."""

    minutes: int = Field(default=15, ge=1, le=24 * 60)


class Settings(_Strict):
    """How the program behaves.

    language: of the bot's own words; None follows each platform. zone: of subscriptions that name none.
    command: the root command in chat, without its slash.
    catch_up: which digests are sent of those that fell due while the program was down.
    policy: what to do when nobody can tell whether a message has arrived.
    admins_only: whether members of a channel may not change its subscriptions where the platform has no right for that.
    """

    language: Literal["en", "fr", "zh"] | None = None
    zone: _Zone = "UTC"
    command: _Command = "brief"
    digest: Digests = Digests()
    gather: Gathering = Gathering()
    catch_up: Literal["newest", "none"] = "newest"
    policy: Literal["prefer_delivery", "prefer_silence"] = "prefer_delivery"
    admins_only: bool = False


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


class _SourceEntry(_Strict):
    feed: _Address | None = None
    page: _Address | None = None
    file: _Text | None = None
    folder: _Text | None = None
    name: _Text | None = None
    language: _Language | None = None

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
        return Source(address, kind, self.name, self.language)


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

    @classmethod
    def load(cls, folder: Path | None) -> Config:
        """Read the folder; None gives the defaults, without topics, sources and aliases.

        Raises ConfigError, one line that names file, line and key, for the first thing wrong.
        """
        if folder is None:
            return cls(Settings(), (), (), Aliases())
        if not folder.is_dir():
            raise ConfigError("{folder}: there is no such folder of configuration files.", folder=str(folder))
        groups = _File(folder / "aliases.yaml").read(_AliasFile).aliases.values()
        return cls(
            settings=_File(folder / "settings.yaml").read(Settings),
            topics=_topics(_File(folder / "topics.yaml")),
            sources=_sources(_File(folder / "sources.yaml")),
            aliases=Aliases(group for section in groups for group in section),
        )


def _topics(file: _File) -> tuple[Topic, ...]:
    topics: dict[str, Topic] = {}
    for n, entry in enumerate(file.read(_TopicFile).topics):
        topic = file.made(entry.topic, "topics", n, *(["expression"] if entry.expression else []))
        if fold(topic.name) in topics:
            raise file.wrong(("topics", n, "name"), f"“{topic.name}” is there already: each topic needs its own name")
        topics[fold(topic.name)] = topic
    return tuple(topics.values())


def _sources(file: _File) -> tuple[Source, ...]:
    entries = file.read(_SourceFile).sources
    return tuple(file.made(partial(entry.source, file.folder), "sources", n) for n, entry in enumerate(entries))


_Place = tuple[int | str, ...]  # the way to a value: keys, and positions in lists from 0
_Model = TypeVar("_Model", bound=BaseModel)
_Made = TypeVar("_Made")


class _File:
    """One file of the folder; empty of keys where it does not exist."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._path = path
        self._node: yaml.Node | None = None
        self._data: dict[Any, Any] = {}
        text = self._text()
        if text is not None:
            self._parse(text)

    def _text(self) -> str | None:
        try:
            text = self._path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise ConfigError("{file}: this is not UTF-8 text.", file=str(self._path)) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigError("{file}: cannot be read: {reason}.", file=str(self._path), reason=reason) from error
        if not text.strip():
            raise ConfigError("{file}: the file is empty; fill it or delete it.", file=str(self._path))
        return text

    def _parse(self, text: str) -> None:
        try:
            loader = yaml.SafeLoader(text)
            self._node = loader.get_single_node()
            data = loader.construct_document(self._node) if self._node else None
        except RecursionError as error:
            raise ConfigError("{file}: this is not valid YAML: nested too deeply.", file=str(self._path)) from error
        except yaml.YAMLError as error:
            raise self._not_yaml(error) from error
        if data is not None and not isinstance(data, dict):
            raise self.wrong((), "must begin with a key, such as “topics:”")
        self._refuse_repeated_keys(self._node, ())
        # "topics:" with every entry commented out is a file without topics.
        self._data = {key: value for key, value in (data or {}).items() if value is not None}

    def _not_yaml(self, error: yaml.YAMLError) -> ConfigError:
        mark = getattr(error, "problem_mark", None)
        problem = " ".join(str(getattr(error, "problem", None) or getattr(error, "reason", "unreadable")).split())
        return ConfigError(
            "{file}, line {line}: this is not valid YAML: {problem}.",
            file=str(self._path),
            line=mark.line + 1 if mark else 1,
            problem=problem,
        )

    def _refuse_repeated_keys(self, node: yaml.Node | None, place: _Place) -> None:
        if isinstance(node, yaml.SequenceNode):
            for n, value in enumerate(node.value):
                self._refuse_repeated_keys(value, (*place, n))
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise self.wrong((*place, key.value), "stands here twice", line=key.start_mark.line + 1)
                seen.add(key.value)
                self._refuse_repeated_keys(value, (*place, key.value))

    def read(self, model: type[_Model]) -> _Model:
        """Check what the file holds against a model."""
        try:
            return model.model_validate(self._data)
        except ValidationError as error:
            first = error.errors()[0]
            raise self.wrong(first["loc"], _said(first, model)) from error

    def made(self, make: Callable[[], _Made], *place: int | str) -> _Made:
        """Call `make`; what it finds wrong is wrong at `place`."""
        try:
            return make()
        except UsageError as error:
            raise self.wrong(place, f"is wrong: {error}".rstrip(".")) from error

    def wrong(self, place: _Place, problem: str, line: int | None = None) -> ConfigError:
        """Make the error; problem: continues a sentence that begins with the key."""
        return ConfigError(
            "{file}, line {line}: “{key}” {problem}",
            file=str(self._path),
            line=line or self._line(place),
            key=_dotted(place) or self._path.stem,
            problem=problem if problem.endswith("?") else f"{problem}.",
        )

    def _line(self, place: _Place) -> int:
        """Find the line of the key or entry at `place`, or of the nearest thing around it that is there."""
        node, line = self._node, 1
        for step in place:
            if isinstance(node, yaml.MappingNode):
                found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
                if found is None:
                    break
                line, node = found[0].start_mark.line + 1, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
        return line


def _dotted(place: _Place) -> str:
    """Name a place as people count: topics[2].name is the name of the second topic."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


_EXPECTED = {
    "string_type": "text (put it between quotation marks)",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "string_pattern_mismatch": "lower-case letters, digits, - and _, beginning with a letter",
}


def _said(error: ErrorDetails, model: type[BaseModel]) -> str:
    """Word one of pydantic's errors so that it follows the key."""
    kind, found, details = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys_at(model, error["loc"][:-1])
        return "is not known here" + (_nearest(str(error["loc"][-1]), known) or f"; known are {', '.join(known)}")
    if kind == "missing":
        return "is missing"
    if kind == "value_error":
        return str(details["error"])
    if kind == "literal_error":
        return f"must be {details['expected']}, not {_shown(found)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        limit = f"at least {details['ge']}" if "ge" in details else f"at most {details['le']}"
        return f"must be {limit}, not {_shown(found)}"
    if kind == "string_too_short":
        return "must not be empty"
    if kind == "too_short":
        return f"needs at least {details['min_length']} entries"
    if kind in _EXPECTED:
        return f"must be {_EXPECTED[kind]}, not {_shown(found)}"
    return f"is wrong: {error['msg']}"


def _shown(found: object) -> str:
    if found is None:
        return "empty"
    if isinstance(found, dict | list):
        return "keys with values" if isinstance(found, dict) else "a list"
    text = str(found).lower() if isinstance(found, bool) else str(found)
    return f"“{text[:60]}”"


def _keys_at(model: type[BaseModel], place: _Place) -> list[str]:
    """List the keys that may stand at a place of a model."""
    kind: Any = model
    for step in place:
        if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(step, str):
            kind = kind.model_fields[step].annotation
        kind = next((part for part in get_args(kind) if isinstance(part, type)), kind)
    return sorted(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []
