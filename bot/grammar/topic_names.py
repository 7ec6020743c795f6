"""Which words behind a command name a topic or a source, and which say when, where and for how long. Pure.

topic_and_schedule(subscribe, "to interop at 9h30", ["interop"]) → {"topic": "interop", "time": "9h30"}
name_and_rest('"open links" a | b', []) → ("open links", "a | b")
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from bot.grammar.days import parse_days
from bot.grammar.schedules import split_schedule
from bot.grammar.signatures import Signature
from bot.grammar.times import parse_times
from bot.grammar.wording import nearest_name, plain
from bot.grammar.zones import parse_zone
from briefs.errors import UsageError
from briefs.topics import FILTERS

# No name ends with one: "Le Matin" and "L'Info du matin" are newspapers, and not "Le" in the morning.
_NO_ENDS = frozenset({"le", "la", "les", "du", "de", "des", "au", "the", "of", "in"})
_LONGEST_TAIL = 20  # words: "at 9 h 30 on Monday, Wednesday and Friday New York in #news" has 13
_QUOTED = re.compile(r'\s*(?:"([^"]+)"|“([^”]+)”|«\s*([^»]+?)\s*»|「([^」]+)」)\s*')
_NAME_SIGN = re.compile(r"\s*(?:=|：|:\s)\s*")
_FILTER = re.compile(rf"\W(?:{'|'.join(FILTERS)})$", re.IGNORECASE)  # its colon ends no name
_OF = re.compile(r"(?:in|of|for|on|about|en|dans|de|du|des|sur|pour) \w", re.IGNORECASE)  # begins no name
# What leads from a command to its topic: "subscribe me to batteries", "abonner aux batteries".
_LINK = re.compile(
    r"(?:(?:(?:me|us) )?(?:to|from|on|about|for|of)(?: the)?|à|au|aux|de|du|des|sur|pour) (?![#<])",
    re.IGNORECASE,
)
_PARSERS: Mapping[str, Callable[[str], object]] = {"time": parse_times, "days": parse_days, "zone": parse_zone}


def unquoted(text: str) -> str:
    """Return what stands in quotation marks, where they are around the whole."""
    quoted = _QUOTED.fullmatch(text)
    return next(filter(None, quoted.groups())) if quoted else text


def known_topic(text: str, topics: Sequence[str]) -> tuple[str, str]:
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


def unlinked(text: str, topics: Sequence[str]) -> str:
    """Leave out what leads to a topic, unless a topic's name begins with it."""
    link = _LINK.match(text)
    return text[link.end() :] if link and not known_topic(text, topics)[0] else text


def name_and_rest(text: str, topics: Sequence[str]) -> tuple[str, str]:
    """Split a name from what is said of it: "name" rest, name = rest, or one word and the rest.

    Both are empty where the text begins as no name does: "in physics".
    """
    name, rest = known_topic(text, topics)
    if not name:
        signs = (sign for sign in _NAME_SIGN.finditer(text) if not _FILTER.search(text[: sign.start()]))
        if sign := next(signs, None):
            return text[: sign.start()].strip(), text[sign.end() :]
        name, _, rest = ("", "", "") if _OF.match(text) else text.partition(" ")
    sign = _NAME_SIGN.match(rest)
    return name.strip(), rest[sign.end() :] if sign else rest.strip()


def topic_and_schedule(command: Signature, text: str, topics: Sequence[str]) -> dict[str, str]:
    """Read a topic and, in any order, time, days, zone, channel and the like, as far as the command has such.

    Raises UsageError on a word after a known topic that is none of these.
    """
    wanted = {param.name for param in command.params}
    topic, rest = known_topic(unlinked(text, topics), topics)
    if topic:
        found = split_schedule(rest)
    elif not command.params[0].required and is_schedule(text):
        found = split_schedule(text)
    else:
        topic, found = _unknown_topic(unlinked(text, topics), topics)
    stray = next((name for name in found if name not in wanted), None)
    if stray in {*_PARSERS, "start"} and "length" in wanted:
        raise UsageError("“{word}” is not a length of time; write it like 3 days or 2 weeks.", word=rest or text)
    if stray is not None:
        raise UsageError("“{word}” does not belong here: leave it out.", word=found[stray])
    return {"topic": topic} | found if topic else found


def _unknown_topic(text: str, topics: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Split a name that is not known from the longest tail that can be read as time, days, zone and channel.

    A slip in the tail ("mondy") is taken for one only where the whole is not near to a topic's name.
    """
    words = text.split(" ")
    cuts = [cut for cut in range(1, len(words)) if plain(words[cut - 1]) not in _NO_ENDS][-_LONGEST_TAIL:]
    tails = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in cuts]
    for name, tail in tails:
        if is_schedule(tail):
            return name, split_schedule(tail)
    if nearest_name(text, topics) is None:
        for name, tail in tails:
            with suppress(UsageError):  # the tail is no schedule yet: the name is longer
                return name, split_schedule(tail)
    return text, {}


def is_schedule(text: str) -> bool:
    """Whether all of a text is time, days, zone and channel, each rightly written."""
    try:
        for kind, word in split_schedule(text).items():
            _PARSERS.get(kind, str)(word)
    except UsageError:
        return False  # the question itself: what cannot be read is none
    return True
