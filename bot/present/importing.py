"""Feeds of other readers, coming in and going out → Reply."""

from collections.abc import Mapping
from typing import Any

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Paragraph, Part, Reply, Span
from bot.base.safe_text import cut, one_line
from bot.present.parts import PAGE, lines, note, reply
from briefs.masking import is_secret, masked

_NAME = 100  # characters
_WRONG = 3  # lines of a file that are named


def import_preview(kept: Mapping[str, Any], messages: Messages, key: str) -> Reply:
    """Show what a file holds before anything is taken. key: what the buttons name."""
    say, new, dead = messages.say, kept["new"], set(kept["dead"])
    parts: list[Part] = [Paragraph(lines(*_counts(kept, messages)))]
    parts += _listed([one for one in new if one["address"] not in dead], messages)
    if dead:
        parts.append(Paragraph(((Span(say("These do not answer, or are not feeds:"), strong=True),),)))
        parts += _listed([one for one in new if one["address"] in dead], messages)
    buttons = [Button("import", say("Import all ({n})", n=len(new)), key)] if new else []
    if dead and len(dead) < len(new):
        label = say("Import those that answer ({n})", n=len(new) - len(dead))
        buttons.insert(0, Button("import", label, f"{key}:answering"))
    if buttons:
        parts.append(Buttons(tuple(buttons)))
        parts.append(Footer((Span(say("Whatever you add is read for all channels of this workspace.")),)))
    return reply(messages, Heading(cut(one_line(kept["file"]), _NAME)), *parts)


def exported(feeds: int, messages: Messages) -> Reply:
    """Say what is in the file."""
    line = messages.count("{n} feed, as OPML for any feed reader.", "{n} feeds, as OPML for any feed reader.", feeds)
    return note(line, messages)


def _counts(kept: Mapping[str, Any], messages: Messages) -> list[str]:
    new, wrong = len(kept["new"]), kept["wrong"]
    parts = [messages.count("{n} new feed", "{n} new feeds", new)]
    if kept["known"]:
        parts.append(messages.count("{n} is here already", "{n} are here already", kept["known"]))
    if wrong:
        parts.append(messages.count("{n} cannot be read", "{n} cannot be read", len(wrong)))
    told = [messages.say("Line {line}: {problem}", line=str(line), problem=says) for line, says in wrong[:_WRONG]]
    return [" · ".join(parts), *told, _progress(kept, messages)]


def _progress(kept: Mapping[str, Any], messages: Messages) -> str:
    """Say how far asking has come."""
    new, asked = len(kept["new"]), kept["asked"]
    if not new:
        return ""
    if asked is None:
        return messages.say("I am asking them whether they answer …")
    if asked < new:
        return messages.say("{n} of them were asked: {dead} do not answer.", n=asked, dead=len(kept["dead"]))
    return messages.count("{n} of them does not answer.", "{n} of them do not answer.", len(kept["dead"]))


def _listed(feeds: list[Mapping[str, Any]], messages: Messages) -> list[Part]:
    if not feeds:
        return []
    items: list[Line] = [(_named(one),) for one in feeds[:PAGE]]
    if len(feeds) > PAGE:
        items.append((Span(messages.count("and {n} more", "and {n} more", len(feeds) - PAGE)),))
    return [Listing(tuple(items))]


def _named(one: Mapping[str, Any]) -> Span:
    address = one["address"]
    return Span(cut(one_line(one["name"] or masked(address)), _NAME), None if is_secret(address) else address)
