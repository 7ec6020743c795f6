"""What the grammar must know of a command, and what it makes of what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

# What a parameter is, and so how it is read, offered and completed: words as they stand,
_Words = Literal["query", "expression", "words", "names"]  # words: of a filter; names: with = between them
# when and how a digest comes: "9h et 17h", "every 2 weeks", "Europe/Paris", "12 January", "2 weeks", "compact",
_When = Literal["time", "days", "zone", "date", "length", "form"]
# of which articles: "7d", "2 weeks"; "yesterday", "2026-11-20"; their language: "fr", "français", "法语",
_Which = Literal["age", "day", "language", "count"]
# what goes by a name, a number or an address; everywhere: said or not; file: in a terminal its path; spoken: a language
# that the bot speaks.
_Things = Literal["topic", "channel", "everywhere", "command", "story", "address", "source", "pack", "file", "spoken"]
Kind = Literal[_Words, _When, _Which, _Things]


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a command; `name` and `help` are keys of the catalogues.

    option: in text it is named, "limit:3" or "--limit 3", wherever it stands; others are known by place or look.
    filter: in text it is a part of the query, which is read as a whole later.
    low, high: the bounds of a count. aliases: other names of an option.
    label: what help shows in place of the name, where a command has the same.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    option: bool = False
    filter: bool = False
    low: int = 1
    high: int = 20
    aliases: tuple[str, ...] = ()
    label: str = ""


class Signature(Protocol):
    """What the grammar must know of a command."""

    @property
    def name(self) -> str:
        """One or two words."""

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""

    @property
    def params(self) -> tuple[Param, ...]:
        """Its parameters, in order."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: a command and its arguments, as they were typed.

    instead: the command that was perhaps meant, where the words name none and are read as a look-up.
    accented: the command that is so named but for accents: "résumé", where "resume" was typed.
    """

    command: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    instead: str | None = None
    accented: str | None = None
