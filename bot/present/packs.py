"""Starter packs, and what came in together → Reply."""

from collections.abc import Collection, Mapping, Sequence

from bot.base.i18n import Messages
from bot.base.reply import LINE_END, Button, Buttons, Footer, Heading, Listing, Paragraph, Reply, Row, Span
from bot.exchange.packs import Pack
from bot.exchange.records import TopicRecord
from bot.present.parts import lines, reply
from bot.present.understood import looked_for


def packs(packs: Mapping[str, Pack], messages: Messages) -> Reply:
    """List the packs, each with a button that shows what is in it."""
    rows = (
        Row(
            pack.said(messages.language),
            f"{_extent(pack, messages)} · {_checked(pack, messages)}",
            (Button("pack", messages.say("What is in it"), name, spoken=pack.said(messages.language)),),
        )
        for name, pack in packs.items()
    )
    return reply(messages, Heading(messages.say("Packs to begin with")), *rows, _for_all(messages))


def pack(name: str, pack: Pack, topics: Sequence[TopicRecord], messages: Messages, *, new: Collection[str]) -> Reply:
    """Show what is in a pack. new: the addresses of sources and the names of topics that the workspace has not yet."""
    say = messages.say
    here = Span(say(" (here already)"))
    sources = tuple(
        (Span(one.name or one.address, one.address), *(() if one.address in new else (here,))) for one in pack.feeds
    )
    listed = tuple(
        (
            Span(one.name, strong=True),
            *(() if one.name in new else (here,)),
            LINE_END,
            Span(looked_for(one.expression, messages)),
        )
        for one in topics
    )
    take = [Button("take", say("Add it"), name)] if new else []
    return reply(
        messages,
        Heading(pack.said(messages.language), f"{_extent(pack, messages)} · {_checked(pack, messages)}"),
        Listing(sources),
        Paragraph(((Span(say("Topics"), strong=True),),)),
        Listing(listed),
        None if new else Paragraph(lines(say("All of it is here already."))),
        Buttons((*take, Button("open", say("All packs"), "packs"))),
        _for_all(messages),
    )


def taken(called: str, sources: int, topics: Sequence[str], messages: Messages, *, who: str, undo: str) -> Reply:
    """Tell all what came in. called: what it is together. topics: names. undo: what the button names."""
    say = messages.say
    came = [messages.count("{n} more source", "{n} more sources", sources)] if sources else []
    came += [messages.count("{n} more topic", "{n} more topics", len(topics))] if topics else []
    line = say("@{who}: this workspace has {what}: {name}", who=who, what=messages.listing(came), name=called)
    buttons = [Button("giveback", say("Undo"), undo)]
    if topics:
        buttons.insert(0, Button("form", say("Subscribe"), "subscribe"))
    names = say("Topics: {names}", names=messages.listing(topics)) if topics else ""
    return Reply(messages.language, line, (Paragraph(lines(line, names)), Buttons(tuple(buttons))))


def given_back(called: str, sources: int, left: Sequence[str], messages: Messages, *, who: str) -> Reply:
    """Tell all that it went again. left: the names of topics that stay."""
    gone = messages.count("{n} source is", "{n} sources are", sources)
    line = messages.say("@{who}: taken back: {name}; {gone} no longer followed", who=who, name=called, gone=gone)
    stay = messages.say(
        "These topics stay, as they were changed or subscribed to: {names}", names=messages.listing(left)
    )
    return Reply(messages.language, line, (Paragraph(lines(line, stay if left else "")),))


def _extent(pack: Pack, messages: Messages) -> str:
    sources = messages.count("{n} source", "{n} sources", len(pack.feeds))
    return messages.clauses((sources, messages.count("{n} topic", "{n} topics", len(pack.topics))))


def _checked(pack: Pack, messages: Messages) -> str:
    return messages.say("checked {day}", day=messages.calendar_date(pack.checked, "medium"))


def _for_all(messages: Messages) -> Footer:
    return Footer((Span(messages.say("Whatever you add is read for all channels of this workspace.")),))
