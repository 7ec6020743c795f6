"""How the bot is doing → Reply."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.base.i18n import Messages
from bot.base.looks import Looks, said_looks, shown_at_most
from bot.base.reply import Button, Buttons, Heading, Listing, Paragraph, Reply, Span
from bot.present.parts import labelled, leading, lines, reply, with_buttons
from briefs.housekeeping import Weight
from briefs.models import Searched
from briefs.store.channel_rows import Subscription
from briefs.store.sources import Health


def status(
    searched: Searched,
    weight: Weight,
    health: Sequence[Health],
    sources: int,
    listed: Sequence[Subscription],
    messages: Messages,
    *,
    place: str,
    speaks: str,
    zone: str,
    now: datetime,
) -> Reply:
    """Say how the bot is doing, and what this channel has set. health: of those of the sources that were ever tried.

    speaks: the channel's language.
    """
    read = max((one.answered_at for one in health if one.answered_at), default=None)
    failing = sum(1 for one in health if one.failures)
    due = min((one.next_due for one in listed if one.next_due), default=None)
    articles = messages.number(searched.articles) if searched.articles else messages.say("none yet")
    if searched.newest:
        newest = messages.dated(searched.newest, zone, now)
        articles = messages.say("{n}, the newest of {when}", n=searched.articles, when=newest)
    items = [
        labelled(messages.say("Articles: "), articles),
        labelled(messages.say("Disk space: "), room(weight, messages)),
        labelled(messages.say("Sources: "), _sources_line(sources, failing, messages)),
        labelled(messages.say("Last read: "), messages.when(read, zone, now) if read else messages.say("not yet")),
        labelled(messages.say("Subscriptions of this channel: "), messages.number(len(listed))),
        labelled(
            messages.say("Next digest: "), messages.when(due, zone, now) if due else messages.say("none is planned")
        ),
        labelled(messages.say("Language: "), messages.language_name(speaks)),
        labelled(messages.say("Time zone: "), zone),
    ]
    return reply(messages, Heading(messages.say("Status of {place}", place=place)), Listing(tuple(items)))


def settings(
    looks: Looks, messages: Messages, *, place: str, speaks: str, zone: str, change: str | None = None
) -> Reply:
    """Say what a channel has set. speaks: its language. change: names the form that changes it, to who may."""
    items = [
        labelled(messages.say("Language: "), messages.language_name(speaks)),
        labelled(messages.say("Time zone: "), zone),
        labelled(messages.say("Stories: "), said_looks(looks, messages)),
        (Span(shown_at_most(messages)),),
    ]
    title = Heading(messages.say("Settings of {place}", place=place))
    row = Buttons((Button("form", messages.say("Change"), change),)) if change else None
    return reply(messages, title, Listing(tuple(items)), row)


def unread(answer: Reply, sources: int, again: datetime | None, messages: Messages, *, zone: str) -> Reply:
    """Let an answer out of an empty archive say when its sources are read. again: next; None: for the first time."""
    when = messages.count(
        "{n} source is being read for the first time, which takes a few minutes.",
        "{n} sources are being read for the first time, which takes a few minutes.",
        sources,
    )
    if again:
        when = messages.count(
            "{n} source has brought nothing yet; it is asked again at {time}.",
            "{n} sources have brought nothing yet; the next is asked again at {time}.",
            sources,
            time=messages.time(again, zone),
        )
    meanwhile = messages.say("Meanwhile you can choose topics and subscribe this channel.")
    said = replace(answer, parts=(*answer.parts, Paragraph(lines(when, meanwhile))))
    return with_buttons(said, *leading(("topics", "sources"), messages).buttons)


def room(weight: Weight, messages: Messages) -> str:
    """Say what the database takes, and will."""
    size = messages.size(weight.size)
    if weight.in_a_year is None:
        return size
    return messages.say(
        "{size}, in a year about {later} at this rate", size=size, later=messages.size(weight.in_a_year)
    )


def _sources_line(sources: int, failing: int, messages: Messages) -> str:
    if not failing:
        return messages.number(sources)
    return messages.count("{n}, {failing} of them failing", "{n}, {failing} of them failing", sources, failing=failing)
