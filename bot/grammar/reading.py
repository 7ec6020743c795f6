"""Text → command and arguments, in every language at once.

    "subscribe interop at 9h30 mon,wed Europe/Paris in #news"
        → Request("subscribe", {"topic": "interop", "at": "9h30", "days": "mon,wed", "zone": …, "channel": "#news"})

A first word that names a command means it only where the rest could be meant for it: "status" is a command, "status quo
in Hong Kong" is a look-up, as are all words that name none. What each kind of argument may look like is in
`bot.grammar.wording`; which of its words are a topic's name, in `bot.grammar.topic_names`.
"""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from bot.base.i18n import SERVED, Messages
from bot.grammar.phrases import unadorned, wished
from bot.grammar.schedules import is_form, split_schedule
from bot.grammar.signatures import Kind, Request, Signature
from bot.grammar.topic_names import is_schedule, known_topic, name_and_rest, topic_and_schedule, unlinked, unquoted
from bot.grammar.wording import is_language, plain
from bot.grammar.zones import is_zone
from briefs.errors import UsageError
from briefs.topics import is_filter

# The commands that words are for which name none, that says how one is used, and that an address alone is for.
_LOOK_UP, _HELP, _FOLLOW = "search", "help", "follow"

_EVERYWHERE = (
    *("everywhere", "all", "all channels", "partout", "tout", "tous les salons"),
    *("到处", "全部", "所有频道", "各频道"),
)
_NEAR = 0.75  # of difflib's ratio: one slip in a word of four letters, two in one of eight
# What nobody looks up as words: "node.js" may be meant so, "example.org/news" not.
_SITE = re.compile(r"<?(?:(?:https?|feed)://\S+|www\.\S+\.\S+|[\w-]+(?:\.[\w-]+)+/\S*)", re.IGNORECASE)
_SHOWN = r"(?:show|list|see|view|voir|affiche[rz]?|montre[rz]?|liste[rz]?)(?:[ -](?:me|moi))? |查看|显示|列出"
_THE = r"(?:the|les|des) "  # alone it asks for nothing: "The Journal" is a newspaper
_ALL_OF = rf"(?:all |tou(?:te)?s )?(?:my|our|mes|nos) |(?:all|tou(?:te)?s) {_THE}|all |我的|我们的|所有的?|全部的?"
_ASKED_FOR = re.compile(rf"(?:{_SHOWN})(?:{_ALL_OF}|{_THE})?|{_ALL_OF}")  # before what is listed
_LIST = re.compile(r"(?<=\S)(?: list|\s*(?:列表|清单))$")  # behind it
_ARTICLE = re.compile(r"^(\S+) (?:an?|the|une?|l[ea]s?|des) ", re.IGNORECASE)  # "add a topic"
_FOR_US = re.compile(r"^(\w+)-(?:moi|nous) ")  # "abonne-nous à …"
_INFINITIVE = re.compile(r"er\b")  # ends a French verb of the first group
_LONGEST_NAME = 30  # characters of one that ends at no space; reading it stays quick
_CHINESE = "\u2e80"  # what comes before it is written with spaces between its words


class Grammar:
    """The text grammar of a set of commands, made from their definitions."""

    def __init__(self, commands: Iterable[Signature]) -> None:
        self._commands = {command.name: command for command in commands}
        spellings = [(name, command) for command in self._commands.values() for name in _names_of(command)]
        self._names = {_spelt(name): command for name, command in spellings}
        for name, command in spellings:
            # "résumé" is no "resume", and "reglages" are "réglages"; "créer theme" is "créer thème", too.
            for words in product(*((word, plain(word)) for word in _spelt(name).split())):
                self._names.setdefault(" ".join(words), command)
        self._accented = {plain(name): one.name for name, one in spellings if self._names[plain(name)] is not one}
        self._most_words = max(name.count(" ") + 1 for name in self._names)
        self._run_on = sorted((name for name in self._names if name > _CHINESE), key=len, reverse=True)
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
        command = self._names.get(_spelt(name))
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
        text = bare(text)
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
        if near := self._nearly_two_words(text):
            return Request(_HELP, {"command": near})
        if listing := self._listing(text):
            return Request(listing)
        short = _ARTICLE.sub(r"\1 ", text)
        text = short if _spelt(" ".join(short.split()[:2])) in self._names else self._spaced(text, topics)
        perhaps = None
        for name, rest in self._begun(text):
            command = self._names[name]
            arguments = self._arguments(command, rest, topics)
            if arguments is not None:
                return Request(command.name, arguments, accented=self._accented.get(name))
            if " " not in rest and command.params:  # "zone mars", as "zone euro", may be either
                perhaps = command.name
        if perhaps is not None:
            return Request(_LOOK_UP, self._query(text), instead=perhaps)
        return self._slipped(text, topics)

    def _begun(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the names that a text begins with, the longest first, and what follows each."""
        words = text.split(" ")
        for count in range(min(len(words), self._most_words), 0, -1):
            name = _spelt(" ".join(words[:count]))
            if name in self._names:
                yield name, " ".join(words[count:])

    def _listing(self, text: str) -> str | None:
        """Return the command that shows what is asked for as the asker's own, or whole: "mes thèmes", "主题列表".

        A list is only of what there are several of, which other commands change one by one: "export list" is none.
        """
        asked = plain(text)
        led = asked[lead.end() :] if (lead := _ASKED_FOR.match(asked)) else asked
        name = _LIST.sub("", led).strip()
        command = self._names.get(name) if name != asked else None
        if command is None or any(param.required or param.kind == "topic" for param in command.params):
            return None
        one = command.name.split()[0].removesuffix("s")
        is_listed = any(name.startswith(f"{one} ") for name in self._commands)
        return command.name if name == led.strip() or is_listed else None

    def _spaced(self, text: str, topics: Sequence[str]) -> str:
        """Put the spaces in that Chinese does without: "订阅电池每天九点" → "订阅 电池 每天九点".

        Only where all that follows a command can be meant for it: "暂停交易" is a look-up.
        """
        for name in self._run_on:
            if text.startswith(head := name.replace(" ", "")):
                rest = text[len(head) :].strip(" ，,：:")
                spaced = self._spaced_arguments(name, rest, topics) if rest else ""
                if spaced is not None:
                    return f"{name} {spaced}".rstrip()
        return text

    def _spaced_arguments(self, name: str, rest: str, topics: Sequence[str]) -> str | None:
        command = self._names[name]
        match _kinds(command):
            case ["topic", "expression"]:
                return None
            case ["topic", *others]:
                known = [topic for topic in topics if rest.casefold().startswith(topic.casefold())]
                end = max(map(len, known), default=0)
                if not end and others and command.params[0].required:  # "订阅铁路": it may be there soon
                    cuts = range(1, min(len(rest), _LONGEST_NAME))
                    end = next((cut for cut in cuts if is_schedule(rest[cut:])), len(rest))
                tail = rest[end:].strip(" ，,：:")
                if end and not tail:
                    return rest
                fits = (end or not command.params[0].required) and others and is_schedule(tail)
                return f"{rest[:end].strip()} {tail}".strip() if fits else None
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
        if len(words) < 2 or _spelt(" ".join(text.split()[:2])) in self._names:
            return None
        seconds = {
            name.partition(" ")[2]: command.name
            for command in self._commands.values()
            for name in map(plain, _translated(command.name))  # a slip past another spelling is too far from any
            if " " in name and name.partition(" ")[0] == words[0]
        }
        near = difflib.get_close_matches(words[1], seconds, n=1, cutoff=_NEAR)
        return seconds[near[0]] if near else None

    def _slipped(self, text: str, topics: Sequence[str]) -> Request:
        """Read what begins with no command's name: a look-up, or a command with a slip in its name."""
        first, _, rest = text.partition(" ")
        near = "" if is_filter(first.lstrip("-")) else self._near(first)
        if not near:
            return Request(_LOOK_UP, self._query(text))
        command = self._names[near]
        if rest and _kinds(command)[:1] == ["topic"] and known_topic(rest, topics)[0]:
            # "subscrib interop at 9": nobody looks that up. "nsubscribe" may be either.
            arguments = self._arguments(command, rest, topics) if plain(first)[0] == plain(near)[0] else None
            return Request(command.name, arguments) if arguments else Request(_HELP, {"command": command.name})
        return Request(_LOOK_UP, self._query(text), instead=command.name)

    def _arguments(self, command: Signature, rest: str, topics: Sequence[str]) -> dict[str, str] | None:
        """Return what each word after a command is; None when they cannot be meant for it."""
        first = next((param.name for param in command.params), "")
        match _kinds(command):
            case []:
                return None if rest else {}
            case ["query"]:
                return self._query(rest)
            case ["topic" | "source" as kind, "expression"]:
                name, expression = name_and_rest(rest, topics if kind == "topic" else ())
                return _given({first: name, command.params[1].name: expression}) if name or not rest else None
            case ["topic", *others] if others:
                rest, options = self._take_options(rest, command)
                found = topic_and_schedule(command, rest, topics) | options
                return None if _is_said_otherwise(command, found, topics) else found
            case ["channel", "everywhere"]:
                return _place(rest) if rest else {}
            case ["topic"]:
                words, options = self._take_options(rest, command)
                return _given({first: unquoted(unlinked(words, topics))}) | options
            case [kind] if not rest or self._could_be(kind, rest):
                return _given({first: unquoted(rest) if kind == "source" else rest})
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
                return text.lstrip("#").isdecimal() or ("://" in text and " " not in text)
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


def bare(text: str) -> str:
    """Return what is asked for as one line, without "please", and without the root command after a mention."""
    text = tidy(text)
    first, _, rest = text.partition(" ")
    return unadorned(rest if first.casefold() == "/brief" else text)


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
    """Fold width and case and the kinds of space: accents may be left out, but "abonné" is no "abonne"."""
    return " ".join(unicodedata.normalize("NFKC", text.replace("’", "'")).casefold().split())


def _kinds(command: Signature) -> list[Kind]:
    """Return what may follow a command's name, in order; options stand anywhere."""
    return [param.kind for param in command.params if not (param.option or param.filter)]


def _given(arguments: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in arguments.items() if value}


def _place(text: str) -> dict[str, str] | None:
    """Read "in #news", or "everywhere"; None where it is neither."""
    if plain(text) in _EVERYWHERE:
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
