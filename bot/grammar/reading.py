"""Text → command and arguments, in every language at once.

    "subscribe interop at 9h30 mon,wed Europe/Paris in #news"
        → Request("subscribe", {"topic": "interop", "at": "9h30", "days": "mon,wed", "zone": …, "channel": "#news"})

A first word that names a command means it only where the rest could be meant for it: "status" is a command, "status quo
in Hong Kong" is a look-up, as are all words that name none. What each kind of argument may look like is in
`bot.grammar.wording`; here is which words are which argument.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.base.i18n import SERVED, Messages
from bot.grammar.days import parse_days
from bot.grammar.phrases import unadorned, wished
from bot.grammar.schedules import is_form, split_schedule
from bot.grammar.times import parse_times
from bot.grammar.wording import is_language, nearest_name, plain
from bot.grammar.zones import is_zone, parse_zone
from briefs.errors import UsageError
from briefs.topics import FILTERS, is_filter

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

# The commands that words are for which name none, that says how one is used, and that an address alone is for.
_LOOK_UP, _HELP, _FOLLOW = "search", "help", "follow"

_EVERYWHERE = re.compile(r"everywhere|all|all channels|partout|tout|tous les salons|到处|全部|所有频道|各频道")
_LONGEST_TAIL = 20  # words: "at 9 h 30 on Monday, Wednesday and Friday New York in #news" has 13
_NEAR = 0.75  # of difflib's ratio: one slip in a word of four letters, two in one of eight
_QUOTED = re.compile(r'\s*(?:"([^"]+)"|“([^”]+)”|«\s*([^»]+?)\s*»|「([^」]+)」)\s*')
_ADDRESS = re.compile(r"(?:https?|file)://\S+", re.IGNORECASE)
# What nobody looks up as words: "node.js" may be meant so, "example.org/news" not.
_SITE = re.compile(r"<?(?:(?:https?|feed)://\S+|www\.\S+\.\S+|[\w-]+(?:\.[\w-]+)+/\S*)", re.IGNORECASE)
_ROOT = re.compile(r"/brief(?: |$)", re.IGNORECASE)  # typed after a mention all the same
_NAME_SIGN = re.compile(r"\s*(?:=|：|:\s)\s*")
_SHOWN = r"(?:show|list|see|view|voir|affiche[rz]?|montre[rz]?|liste[rz]?)(?:[ -](?:me|moi))? |查看|显示|列出"
_THE = r"(?:the|les|des) "  # alone it asks for nothing: "The Journal" is a newspaper
_ALL_OF = rf"(?:all |tou(?:te)?s )?(?:my|our|mes|nos) |(?:all|tou(?:te)?s) {_THE}|all |我的|我们的|所有的?|全部的?"
_ASKED_FOR = re.compile(rf"(?:{_SHOWN})(?:{_ALL_OF}|{_THE})?|{_ALL_OF}")  # before what is listed
_LIST = re.compile(r"(?<=\S)(?: list|\s*(?:列表|清单))$")  # behind it
# What leads from a command to its topic: "subscribe me to batteries", "abonner aux batteries".
_LINK = re.compile(
    r"(?:(?:(?:me|us) )?(?:to|from|on|about|for|of)(?: the)?|à|au|aux|de|du|des|sur|pour) (?![#<])",
    re.IGNORECASE,
)
_OF = re.compile(r"(?:in|of|for|on|about|en|dans|de|du|des|sur|pour) \w", re.IGNORECASE)  # begins no name
_ARTICLE = re.compile(r"^(\S+) (?:an?|the|une?|l[ea]s?|des) ", re.IGNORECASE)  # "add a topic"
_FOR_US = re.compile(r"(\w+)-(?:moi|nous) ")  # "abonne-nous à …"
_INFINITIVE = re.compile(r"er\b")  # ends a French verb of the first group
_CHINESE = "\u2e80"  # what comes before it is written with spaces between its words
_FILTER = re.compile(rf"\W(?:{'|'.join(FILTERS)})$", re.IGNORECASE)  # its colon ends no name


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


class Grammar:
    """The text grammar of a set of commands, made from their definitions."""

    def __init__(self, commands: Iterable[Signature]) -> None:
        self._commands = {command.name: command for command in commands}
        spellings = [(name, command) for command in self._commands.values() for name in _names_of(command)]
        self._names = {_spelt(name): command for name, command in spellings}
        for name, command in spellings:
            self._names.setdefault(plain(name), command)  # "résumé" is no "resume", and "reglages" are "réglages"
        self._accented = {plain(name): one.name for name, one in spellings if self._names[plain(name)] is not one}
        self._longest_first = sorted(self._names, key=lambda name: (-name.count(" "), -len(name), name.isascii()))
        self._options = {
            name: param.name
            for command in self._commands.values()
            for param in command.params
            if param.option or param.filter
            for name in (*_translated(param.name), *param.aliases)
        }
        named = "|".join(map(re.escape, sorted(self._options, key=len, reverse=True)))
        self._option = re.compile(rf"(?<!\S)(?:--({named})[\s=]+|({named})[:：=]\s?)(\S+)", re.IGNORECASE)

    def named(self, name: str) -> str | None:
        """Return the command of a name in any language, or None."""
        command = self._names.get(_spelt(name)) or self._names.get(plain(name))
        return command.name if command else None

    def nearest(self, name: str) -> str | None:
        """Return the command whose name is nearest to a word, or None when none is near."""
        near = self._near(name)
        return self._names[near].name if near else None

    def _near(self, name: str) -> str:
        if len(plain(name)) < 2:
            return ""
        for word in (_spelt(name), plain(name)):  # "résumés" is nearer to "résumé" than to "resume"
            if near := difflib.get_close_matches(word, self._names, n=1, cutoff=_NEAR):
                return near[0]
        return ""

    def read(self, text: str, topics: Sequence[str] = ()) -> Request:
        """Read what was typed after the root command.

        topics: the names that are known, so that one of several words is told from what follows it.
        """
        text = tidy(text)
        text = unadorned(text[root.end() :] if (root := _ROOT.match(text)) else text)
        if not text:
            return Request(_HELP)
        request, wish = self._read(text, topics), wished(text)
        if request.command not in (_LOOK_UP, _HELP) or wish is None:  # 请订阅 is near 订阅, which gets help
            return request
        granted = self._read(wish, topics)
        is_meant = granted.command != _LOOK_UP or (not granted.instead and granted.arguments["query"] != wish)
        return granted if is_meant else request  # "can you believe it" is looked up

    def _read(self, text: str, topics: Sequence[str]) -> Request:
        if _SITE.fullmatch(text) and _FOLLOW in self._commands:
            return Request(_FOLLOW, {self._commands[_FOLLOW].params[0].name: text})
        if (told := _FOR_US.match(text)) and self.named(told[1]):
            text = f"{told[1]} {text[told.end() :]}"
        near = self._nearly_two_words(text)
        if near is not None:
            return Request(_HELP, {"command": near})
        if (listing := self._listing(text)) is not None:
            return Request(listing)
        bare = _ARTICLE.sub(r"\1 ", text)
        text = bare if " ".join(plain(bare).split()[:2]) in self._names else self._spaced(text, topics)
        typed, perhaps = (_spelt(text) + " ", plain(text) + " "), None
        for name in self._longest_first:
            if any(one.startswith(name + " ") for one in typed):
                command, rest = self._names[name], " ".join(text.split(" ")[name.count(" ") + 1 :])
                arguments = self._arguments(command, rest, topics)
                if arguments is not None:
                    return Request(command.name, arguments, accented=self._accented.get(name))
                if " " not in rest and command.params:  # "zone mars", as "zone euro", may be either
                    perhaps = command.name
        if perhaps is not None:
            return Request(_LOOK_UP, self._query(text), instead=perhaps)
        return self._words(text, topics)

    def _listing(self, text: str) -> str | None:
        """Return the command that asks for nothing but is asked for as the asker's own, or whole: "mes thèmes"."""
        asked = plain(text)
        name = _LIST.sub("", asked[lead.end() :] if (lead := _ASKED_FOR.match(asked)) else asked).strip()
        command = self._names.get(name) if name != asked else None
        return command.name if command and not command.params else None

    def _spaced(self, text: str, topics: Sequence[str]) -> str:
        """Put the spaces in that Chinese does without: "订阅电池每天九点" → "订阅 电池 每天九点".

        Only where all that follows a command can be meant for it: "暂停交易" is a look-up.
        """
        for name in self._longest_first:
            head = name.replace(" ", "")
            if head > _CHINESE and text.startswith(head):
                rest = text[len(head) :].strip(" ，,：:")
                spaced = self._spaced_arguments(name, rest, topics)
                if spaced is not None:
                    return f"{name} {spaced}".rstrip()
        return text

    def _spaced_arguments(self, name: str, rest: str, topics: Sequence[str]) -> str | None:
        command = self._names[name]
        kinds = [param.kind for param in command.params if not (param.option or param.filter)]
        match kinds:
            case _ if not rest:
                return ""
            case ["topic", "expression"]:
                return None
            case ["topic", *others]:
                known = [topic for topic in topics if rest.casefold().startswith(topic.casefold())]
                end = max(map(len, known), default=0)
                tail = rest[end:].strip(" ，,：:")
                if end and not tail:
                    return rest
                fits = (end or not command.params[0].required) and others and _is_schedule(tail)
                return f"{rest[:end]} {tail}".strip() if fits else None
            case ["query"]:
                return rest if name.endswith("一下") else None  # "搜索引擎" is looked up whole
            case ["address"]:
                return rest if _SITE.fullmatch(rest) else None
            case ["command"]:
                return rest if self.named(rest) else None
            case ["zone" | "spoken" | "count" | "story" as kind]:
                return rest if self._could_be(kind, rest) else None
        return None

    def _nearly_two_words(self, text: str) -> str | None:
        """Return the command of two words that the first two slip past: "topic shwo links" → "topic show"."""
        words = plain(text).split()[:2]
        if len(words) < 2 or " ".join(words) in self._names:
            return None
        seconds = {
            name.partition(" ")[2]: command.name
            for command in self._commands.values()
            for name in map(plain, _translated(command.name))  # a slip past another spelling is too far from any
            if " " in name and name.partition(" ")[0] == words[0]
        }
        near = difflib.get_close_matches(words[1], seconds, n=1, cutoff=_NEAR)
        return seconds[near[0]] if near else None

    def _words(self, text: str, topics: Sequence[str]) -> Request:
        first, _, rest = text.partition(" ")
        near = None if is_filter(first.lstrip("-")) else self.nearest(first)
        if near is None:
            return Request(_LOOK_UP, self._query(text))
        command = self._commands[near]
        if rest and command.params and command.params[0].kind == "topic" and _topic_before(rest, topics)[0]:
            # "subscrib interop at 9": nobody looks that up. "nsubscribe" may be either.
            arguments = (
                self._arguments(command, rest, topics) if plain(first)[0] == plain(self._near(first))[0] else None
            )
            return Request(near, arguments) if arguments else Request(_HELP, {"command": near})
        return Request(_LOOK_UP, self._query(text), instead=near)

    def _arguments(self, command: Signature, rest: str, topics: Sequence[str]) -> dict[str, str] | None:
        """Return what each word after a command is; None when they cannot be meant for it."""
        kinds = [param.kind for param in command.params if not (param.option or param.filter)]
        first = next((param.name for param in command.params), "")
        match kinds:
            case []:
                return None if rest else {}
            case ["query"]:
                return self._query(rest)
            case ["topic", "expression"] if _OF.match(rest) and not (
                _NAME_SIGN.search(rest) or _topic_before(rest, topics)[0]
            ):
                return None  # "new topic in physics", "new topic of debate": neither is called "in"
            case ["topic" | "source" as kind, "expression"]:
                name, expression = _name_and_rest(rest, topics if kind == "topic" else ())
                return _given({first: name, command.params[1].name: expression})
            case ["topic", *others] if others:
                rest, options = self._take_options(rest, command)
                found = _topic_and_schedule(command, rest, topics) | options
                return None if _is_said_otherwise(command, found, topics) else found
            case ["channel", "everywhere"]:
                return _place(rest) if rest else {}
            case ["topic"]:
                words, options = self._take_options(rest, command)
                return _given({first: _unquoted(_unlinked(words, topics))}) | options
            case [kind] if not rest or self._could_be(kind, rest):
                return _given({first: _unquoted(rest) if kind == "source" else rest})
        return None

    def _could_be(self, kind: Kind, text: str) -> bool:
        match kind:
            case "count":
                return text.lstrip("#").isdecimal()
            case "names":
                return "=" in text or "＝" in text
            case "form":
                return is_form(text)
            case "story":
                return text.lstrip("#").isdecimal() or _ADDRESS.fullmatch(text) is not None
            case "spoken":
                return is_language(text)
            case "address":
                return " " not in text and "." in text
            case "pack":
                return " " not in text
            case "zone":
                return is_zone(text)
            case "command":
                return self.named(text) is not None or (" " not in text and self.nearest(text) is not None)
        return True

    def _query(self, text: str) -> dict[str, str]:
        words, options = self._take_options(text, self._commands[_LOOK_UP])
        return {"query": words} | options

    def _take_options(self, text: str, command: Signature) -> tuple[str, dict[str, str]]:
        known = {param.name: param for param in command.params if param.option or param.filter}
        found: dict[str, str] = {}

        def take(match: re.Match[str]) -> str:
            name = self._options[plain(match[1] or match[2])]
            if name not in known:
                return match[0]
            if known[name].filter:
                return f" {name}:{match[3]} " if match[1] else match[0]
            found[name] = match[3]
            return " "

        return " ".join(self._option.sub(take, text).split()), found


def tidy(text: str) -> str:
    """Make typed text one line of visible characters: controls and marks of text direction are gone."""
    kept = (" " if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character for character in text)
    return " ".join("".join(kept).split())


def _names_of(command: Signature) -> set[str]:
    """Return what a command is called in all languages; in French also as one tells somebody: "abonne", "abonnez"."""
    names = {*command.aliases, *(Messages(language).say(command.name) for language in SERVED)}
    return names | {_INFINITIVE.sub(ending, name) for name in names for ending in ("e", "ez")}


def _translated(name: str) -> set[str]:
    return {plain(Messages(language).say(name)) for language in SERVED}


def _spelt(text: str) -> str:
    """Return a text in small letters with its accents."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _given(arguments: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value}


def _unquoted(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return next(filter(None, quoted.groups())) if quoted else text


def _topic_before(text: str, topics: Sequence[str]) -> tuple[str, str]:
    """Split off the longest known topic that the text begins with: (name, rest), ("", text) when there is none."""
    quoted = _QUOTED.match(text)
    if quoted:
        return next(filter(None, quoted.groups())), text[quoted.end() :]
    known = {plain(topic) for topic in topics}
    words = text.split(" ")
    longest = max((len(topic.split()) for topic in topics), default=0)
    for count in range(min(len(words), longest), 0, -1):
        name = " ".join(words[:count])
        if plain(name) in known:
            return name, " ".join(words[count:])
    return "", text


def _unlinked(text: str, topics: Sequence[str]) -> str:
    """Leave out what leads to a topic, unless a topic's name begins with it."""
    link = _LINK.match(text)
    return text[link.end() :] if link and not _topic_before(text, topics)[0] else text


def _name_and_rest(text: str, topics: Sequence[str]) -> tuple[str, str]:
    """Split a topic's name from its expression: "name" expression, name = expression, or one word and the rest."""
    name, expression = _topic_before(text, topics)
    if not name:
        signs = (sign for sign in _NAME_SIGN.finditer(text) if not _FILTER.search(text[: sign.start()]))
        sign = next(signs, None)
        name, expression = (text[: sign.start()], text[sign.end() :]) if sign else text.partition(" ")[::2]
    return name.strip(), _NAME_SIGN.sub("", expression, count=1) if _NAME_SIGN.match(expression) else expression.strip()


def _place(text: str) -> dict[str, str] | None:
    """Read "in #news", or "everywhere"; None where it is neither."""
    if _EVERYWHERE.fullmatch(plain(text)):
        return {"everywhere": "yes"}
    try:
        found = split_schedule(text)
    except UsageError:
        return None
    return found if found.keys() == {"channel"} else None


def _is_said_otherwise(command: Signature, found: Mapping[str, str], topics: Sequence[str]) -> bool:
    """Whether words begin with a command by chance: "move fast" names neither a topic nor the channel it needs."""
    needed = {param.name for param in command.params if param.required}
    return not needed <= found.keys() and plain(found.get("topic", "")) not in map(plain, ("", *topics))


def _topic_and_schedule(command: Signature, text: str, topics: Sequence[str]) -> dict[str, str]:
    """Read a topic and, in any order, time, days, zone, channel and the like, as far as the command has such.

    Raises UsageError on a word after a known topic that is none of these.
    """
    wanted = {param.name for param in command.params}
    topic, rest = _topic_before(_unlinked(text, topics), topics)
    if topic:
        found = split_schedule(rest)
    elif not command.params[0].required and _is_schedule(text):
        found = split_schedule(text)
    else:
        topic, found = _unknown_topic(_unlinked(text, topics), topics)
    stray = next((name for name in found if name not in wanted), None)
    if stray in {*_PARSERS, "start"} and "length" in wanted:
        raise UsageError("“{word}” is not a length of time; write it like 3 days or 2 weeks.", word=rest or text)
    if stray is not None:
        raise UsageError("“{word}” does not belong here: leave it out.", word=found[stray])
    return _given({"topic": topic}) | found


def _unknown_topic(text: str, topics: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Split a name that is not known from the longest tail that can be read as time, days, zone and channel.

    A slip in the tail ("mondy") is taken for one only where the whole is not near to a topic's name.
    """
    words = text.split(" ")
    for count in range(max(1, len(words) - _LONGEST_TAIL), len(words)):
        tail = " ".join(words[count:])
        if _is_schedule(tail):
            return " ".join(words[:count]), dict(split_schedule(tail))
    if nearest_name(text, topics) is not None:
        return text, {}
    for count in range(max(1, len(words) - _LONGEST_TAIL), len(words)):
        try:
            return " ".join(words[:count]), dict(split_schedule(" ".join(words[count:])))
        except UsageError:
            continue  # the tail is no schedule yet: the name is longer
    return text, {}


_PARSERS: Mapping[str, Callable[[str], object]] = {"time": parse_times, "days": parse_days, "zone": parse_zone}


def _is_schedule(text: str) -> bool:
    """Whether all of a text is time, days, zone and channel, each rightly written."""
    try:
        for kind, word in split_schedule(text).items():
            _PARSERS.get(kind, str)(word)
    except UsageError:
        return False  # the question itself: what cannot be read is none
    return True
