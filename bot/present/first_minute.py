"""What somebody is told who meets the bot → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Footer, Heading, Paragraph, QuoteLine, Reply, Span, StoryItem

ABOUT = t(
    "I read what your team reads, and bring what is new on your topics here, in quotes with links. Nothing is made up."
)
_NOTHING = t("Nothing is read here yet. Begin with a site, or with a pack of sources and topics.")
_SAMPLE = t("A sample, from articles that came with me. Yours come from your own sources.")


@dataclass(frozen=True, slots=True)
class Sample:
    """A story of a sample."""

    title: str
    source: str
    quote: str


def welcome(messages: Messages, command: str) -> Reply:
    """Say what the bot is, and what to begin with."""
    about = messages.say(ABOUT)
    use = messages.say("{command} WORDS looks something up, {command} help shows the rest", command=command)
    parts = Paragraph(((Span(about),),)), ways(messages), Footer((Span(use),))
    return Reply(messages.language, about, parts)


def ways(messages: Messages) -> Buttons:
    """Give the three ways to begin."""
    return Buttons(
        (
            Button("form", messages.say("Follow a site"), "follow "),
            Button("open", messages.say("Pick a pack"), "packs"),
            Button("sample", messages.say("See a sample"), "sample"),
        )
    )


def led(reply: Reply, messages: Messages) -> Reply:
    """Let an answer lead to the beginning, where nothing is read yet."""
    more = Paragraph(((Span(messages.say(_NOTHING)),),)), ways(messages)
    return replace(reply, parts=(*(reply.parts or (Paragraph(((Span(reply.summary),),)),)), *more))


def sample(topic: str, stories: Sequence[Sample], messages: Messages, zone: str, now: datetime) -> Reply:
    """Show a digest as a sample: nothing in it can be pressed but the ways to begin."""
    items = (
        StoryItem(n, one.title, None, (QuoteLine(one.quote, None, messages.language),), (Span(one.source),))
        for n, one in enumerate(stories, 1)
    )
    line = messages.count("{n} story", "{n} stories", len(stories))
    heading = Heading(topic, f"{messages.when(now, zone, now)} · {line}")
    note = Paragraph(((Span(messages.say(_SAMPLE)),),))
    return Reply(messages.language, topic, (note, heading, *items, ways(messages)))
