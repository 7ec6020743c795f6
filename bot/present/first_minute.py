"""What somebody is told who meets the bot → Reply."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Heading, Paragraph, QuoteLine, Reply, Span, StoryItem
from bot.present.parts import leading, note, with_buttons

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


def welcome(messages: Messages) -> Reply:
    """Say what the bot is, and what to begin with."""
    said = note(messages.say(ABOUT), messages)
    return with_buttons(said, *ways(messages).buttons, *leading(("help",), messages).buttons)


def ways(messages: Messages, *, sampled: bool = False) -> Buttons:
    """Return the ways to begin. sampled: whether a sample has been seen."""
    follow = Button("form", messages.say("Follow a site"), "follow ")
    pick = Button("open", messages.say("Pick a pack"), "packs")
    return Buttons((follow, pick, *(() if sampled else (Button("sample", messages.say("See a sample"), "sample"),))))


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
    return Reply(messages.language, topic, (note, heading, *items, ways(messages, sampled=True)))
