"""What Discord refuses: the documented limits of messages and of command definitions, as pure checks.

Each check gives its complaints as `path: what is wrong`, in the order of the body; none means accepted. Lengths are
counted in UTF-16 units, the strictest of the counts that may be meant. Stricter than Discord on purpose: an unknown
key is a complaint, and so is a message that could mention anybody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.fakes.discord_components import IS_COMPONENTS_V2, layout_complaints, row_complaints
from tests.fakes.discord_texts import size, text_complaints, url_complaints

Json = dict[str, Any]

CONTENT, EMBEDS, EMBED_SUM, TITLE, DESCRIPTION, FOOTER, NONCE = 2000, 10, 6000, 256, 4096, 2048, 25
FIELDS, FIELD_NAME, FIELD_VALUE = 25, 256, 1024
THREAD_NAME = 100
OPTIONS, CHOICES, NAME, COMMAND_DESCRIPTION, CHOICE, COMMAND_SUM = 25, 25, 32, 100, 100, 8000

EPHEMERAL, LOADING = 1 << 6, 1 << 7
_LOCALE = re.compile(
    "id|da|de|en-GB|en-US|es-ES|es-419|fr|hr|it|lt|hu|nl|no|pl|pt-BR|ro|fi|sv-SE"
    "|vi|tr|cs|el|bg|ru|uk|hi|th|zh-CN|ja|zh-TW|ko"
)
_MESSAGE_KEYS = {
    "content",
    "embeds",
    "components",
    "attachments",
    "allowed_mentions",
    "nonce",
    "enforce_nonce",
    "message_reference",
    "flags",
    "tts",
}
_EMBED_KEYS = {"title", "type", "description", "url", "color", "timestamp", "footer", "author", "fields"}
_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
_ON_MESSAGE = 3
_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ATTACHMENT = 1, 2, 3, 4, 5, 6, 7, 11


# ---------------------------------------------------------------- messages


def message_complaints(body: Json) -> list[str]:
    """Check the body of a new message."""
    rows = body.get("components") or []
    empty = not (body.get("content") or body.get("embeds") or rows or body.get("attachments"))
    return [*_message(body, body.get("flags", 0)), *(["content: an empty message"] if empty else [])]


def edit_complaints(message: Json, body: Json) -> list[str]:
    """Check the edit of a message.

    Message Resource, "Edit Message": IS_COMPONENTS_V2 can only be set, and then what was used of content and embeds has
    to be emptied, by null and by []; else the answer is 400. What the flag says goes on to hold for later edits.
    """
    if not (message["flags"] | body.get("flags", 0)) & IS_COMPONENTS_V2:
        return list(_message(body, 0))
    kept = [
        f"{key}: not together with IS_COMPONENTS_V2, needs {json.dumps(empty)}"
        for key, empty in (("content", None), ("embeds", []))
        if (message[key] and key not in body) or (key in body and body[key] != empty)
    ]
    changed = body if "components" in body else body | {"components": message["components"]}
    emptied = {key: value for key, value in changed.items() if key not in {"content", "embeds"}}
    return [*kept, *_message(emptied, IS_COMPONENTS_V2)]


def _message(body: Json, flags: int) -> Iterator[str]:
    yield from (f"{key}: unknown" for key in sorted(set(body) - _MESSAGE_KEYS))
    if "nonce" in body and not 0 < len(str(body["nonce"])) <= NONCE:
        yield f"nonce: at most {NONCE} characters"
    if body.get("allowed_mentions") != {"parse": []}:
        yield "allowed_mentions: this house lets nobody be mentioned"
    if flags & IS_COMPONENTS_V2:
        yield from layout_complaints(body)
        return
    yield from text_complaints(body, "content", CONTENT)
    embeds, rows = body.get("embeds") or [], body.get("components") or []
    if len(embeds) > EMBEDS:
        yield f"embeds: {len(embeds)} of at most {EMBEDS}"
    for number, embed in enumerate(embeds):
        yield from (f"embeds.{number}.{complaint}" for complaint in _embed(embed))
    if (total := sum(map(embed_size, embeds))) > EMBED_SUM:
        yield f"embeds: {total} characters in all, of at most {EMBED_SUM}"
    yield from row_complaints(rows)


def embed_size(embed: Json) -> int:
    """Count what goes into the sum over all embeds of a message."""
    texts = [
        embed.get("title"),
        embed.get("description"),
        (embed.get("footer") or {}).get("text"),
        (embed.get("author") or {}).get("name"),
    ]
    for field in embed.get("fields") or []:
        texts += [field.get("name"), field.get("value")]
    return sum(size(text) for text in texts if text)


def _embed(embed: Json) -> Iterator[str]:
    yield from (f"{key}: unknown" for key in sorted(set(embed) - _EMBED_KEYS))
    yield from text_complaints(embed, "title", TITLE)
    yield from text_complaints(embed, "description", DESCRIPTION)
    yield from text_complaints(embed.get("footer") or {}, "text", FOOTER, "footer.")
    yield from text_complaints(embed.get("author") or {}, "name", TITLE, "author.")
    yield from url_complaints(embed, "url")
    if not 0 <= embed.get("color", 0) <= 0xFFFFFF:
        yield "color: not a colour"
    fields = embed.get("fields") or []
    if len(fields) > FIELDS:
        yield f"fields: {len(fields)} of at most {FIELDS}"
    for number, field in enumerate(fields):
        yield from text_complaints(field, "name", FIELD_NAME, f"fields.{number}.", needed=True)
        yield from text_complaints(field, "value", FIELD_VALUE, f"fields.{number}.", needed=True)
    if not embed_size(embed):
        yield "description: an empty embed"


# ---------------------------------------------------------------- commands


def command_complaints(commands: list[Json]) -> list[str]:
    """Check a bulk overwrite of an application's global commands."""
    complaints = [f"{len(commands)} commands of at most 100"] if len(commands) > 100 else []
    complaints += _siblings(commands)
    for command in commands:
        complaints += [f"{command.get('name')}: {complaint}" for complaint in _command(command)]
    return complaints


def _command(command: Json) -> Iterator[str]:
    if command.get("type", 1) not in {1, _ON_MESSAGE}:
        yield "type: neither a slash command nor one on a message"
    for key, wanted in (("contexts", [0]), ("integration_types", [0])):
        if command.get(key) != wanted:
            yield f"{key}: this house serves members of a server only"
    if command.get("type") == _ON_MESSAGE:
        # "Application Command Structure": such a name may have capitals and blanks; there is no description.
        yield from text_complaints(command, "name", NAME, needed=True)
        yield from _localised(command, "name", NAME)
        yield from (f"{key}: not on a message" for key in ("description", "options") if command.get(key))
        return
    yield from _named(command)
    yield from _options(
        command.get("options") or [], {_SUBCOMMAND, _GROUP, _STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ATTACHMENT}
    )
    if (total := sum(_weight(command))) > COMMAND_SUM:
        yield f"{total} characters in all, of at most {COMMAND_SUM}"


def _options(options: list[Json], kinds: set[int]) -> Iterator[str]:
    if len(options) > OPTIONS:
        yield f"options: {len(options)} of at most {OPTIONS}"
    yield from _siblings(options)
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield "options: a required one stands after an optional one"
    for option in options:
        yield from (f"{option.get('name')}: {complaint}" for complaint in _option(option, kinds))


def _option(option: Json, kinds: set[int]) -> Iterator[str]:
    yield from _named(option)
    if option.get("type") not in kinds:
        yield f"type: {option.get('type')} cannot stand here"
    if option.get("type") in {_SUBCOMMAND, _GROUP}:
        inner = (
            {_SUBCOMMAND}
            if option["type"] == _GROUP
            else kinds - {_SUBCOMMAND, _GROUP} | {_STRING, _INTEGER, _BOOLEAN, _USER, _CHANNEL, _ATTACHMENT}
        )
        yield from _options(option.get("options") or [], inner)
        if option["type"] == _GROUP and not option.get("options"):
            yield "options: an empty group"
        return
    choices = option.get("choices") or []
    if len(choices) > CHOICES:
        yield f"choices: {len(choices)} of at most {CHOICES}"
    if choices and option.get("autocomplete"):
        yield "choices: not together with autocomplete"
    for choice in choices:
        yield from text_complaints(choice, "name", CHOICE, "choices.", needed=True)
        yield from _localised(choice, "name", CHOICE)


def _named(thing: Json) -> Iterator[str]:
    name = thing.get("name", "")
    for text in (name, *(thing.get("name_localizations") or {}).values()):
        if not _COMMAND_NAME.fullmatch(text) or text != text.lower():
            yield f"name: {text!r} is no command name"
    yield from text_complaints(thing, "description", COMMAND_DESCRIPTION, needed=True)
    yield from _localised(thing, "name", NAME)
    yield from _localised(thing, "description", COMMAND_DESCRIPTION)


def _localised(thing: Json, key: str, limit: int) -> Iterator[str]:
    for locale, text in (thing.get(f"{key}_localizations") or {}).items():
        if not _LOCALE.fullmatch(locale):
            yield f"{key}_localizations: no locale {locale!r}"
        if not 0 < size(text) <= limit:
            yield f"{key}_localizations: {size(text)} characters in {locale!r}, of 1 to {limit}"


def _siblings(things: list[Json]) -> list[str]:
    """Names beside each other differ, in every language."""
    complaints = []
    for locale in (None, *sorted({str(key) for thing in things for key in thing.get("name_localizations") or {}})):
        names = [(thing.get("name_localizations") or {}).get(locale, thing["name"]) for thing in things]
        complaints += [
            f"{name}: named twice in {locale}" for name in sorted({name for name in names if names.count(name) > 1})
        ]
    return complaints


def _weight(thing: Json) -> Iterator[int]:
    """Count names, descriptions and values; of a text and its localisations, the longest."""
    for key in ("name", "description"):
        yield max(map(size, _versions(thing, key)), default=0)
    for choice in thing.get("choices") or []:
        yield max(map(size, _versions(choice, "name"))) + size(str(choice["value"]))
    for option in thing.get("options") or []:
        yield from _weight(option)


def _versions(thing: Json, key: str) -> Iterable[str]:
    return [thing.get(key) or "", *(thing.get(f"{key}_localizations") or {}).values()]
