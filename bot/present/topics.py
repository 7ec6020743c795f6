"""Topics, what they bring, and names that mean the same → Reply."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.base.i18n import Messages
from bot.base.reply import LINE_END, Bars, Button, Buttons, Heading, Listing, Paragraph, Part, Reply, Span
from bot.present.parts import labelled, lines, page, reply, sample
from bot.present.understood import looked_for
from briefs.models import TopStory
from briefs.store.channel_rows import StoredTopic

PREVIEWED = 30  # days
WEEK = 7
NOISY = 10  # stories a day


def topics(
    topics: Sequence[StoredTopic],
    names: Mapping[str, str],
    subscribed: set[str],
    messages: Messages,
    start: int = 0,
) -> Reply:
    """List ten topics of a workspace, from a start on.

    names: in the reader's language, by those they go by. subscribed: the names of those that the channel gets.
    """
    if not topics:
        return reply(messages, Heading(messages.say("No topics yet")), Buttons((_new_topic(messages),)))
    items = []
    shown, turn = page(topics, start, "topics", messages)
    for topic in shown:
        called = names.get(topic.name, topic.name)
        marks = [topic.name] if called != topic.name else []
        marks += [messages.say("subscribed")] if topic.name in subscribed else []
        marks += [messages.say("set in the configuration")] if topic.configured else []
        mark = messages.say(" ({marks})", marks=messages.clauses(marks)) if marks else ""
        items.append((Span(called, strong=True), Span(mark), LINE_END, Span(looked_for(topic.expression, messages))))
    heading = Heading(messages.count("{n} topic", "{n} topics", len(topics)))
    subscribe = Button("form", messages.say("Subscribe"), "subscribe")
    return reply(messages, heading, Listing(tuple(items)), turn, Buttons((subscribe, _new_topic(messages))))


def _new_topic(messages: Messages) -> Button:
    return Button("form", messages.say("New topic"), "topic")


def topic(
    topic: StoredTopic,
    words: str,
    names: Sequence[Sequence[str]],
    subscribers: int,
    messages: Messages,
    called: str,
) -> Reply:
    """Show one topic, in its own language and in words. called: its name in the reader's language.

    words: what it looks for, in words. names: of its words, those that mean the same.
    subscribers: channels of this workspace that get it.
    """
    items = [
        labelled(messages.say("Looks for: "), words),
        (Span(messages.say("Expression: "), strong=True), Span(topic.expression, code=True)),
    ]
    items += [labelled(messages.say("Names: "), " = ".join(group)) for group in names]
    if topic.languages:
        languages = messages.listing(messages.language_name(code) for code in topic.languages)
        items.append(labelled(messages.say("Only in: "), languages))
    channels = messages.count("{n} channel here", "{n} channels here", subscribers)
    items.append(labelled(messages.say("Subscribed: "), channels))
    return reply(messages, Heading(called), Listing(tuple(items)), Buttons(to_do(topic, messages)))


def to_do(topic: StoredTopic, messages: Messages) -> tuple[Button, ...]:
    """Return what can be done with a topic that is kept."""
    preview = Button("preview", messages.say("Preview"), str(topic.id))
    subscribe = Button("form", messages.say("Subscribe"), f"subscribe t{topic.id}")
    edit = () if topic.configured else (Button("form", messages.say("Edit"), f"topic {topic.id}"),)
    return (preview, subscribe, *edit)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a topic would have brought.

    days: (midnight in the channel's zone, stories that came in on that day), oldest first, as many as are PREVIEWED.
    samples: the best of them; where there are none, of older ones. excluded: where there are none at all, how many
    articles only what the topic leaves out keeps away.
    """

    days: tuple[tuple[datetime, int], ...]
    samples: tuple[TopStory, ...]
    excluded: int = 0


def preview(
    topic: StoredTopic,
    forecast: Forecast,
    messages: Messages,
    now: datetime,
    *,
    called: str = "",
    headline: str = "",
    near: str | None = None,
    keep: str = "",
) -> Reply:
    """Show what a topic would have brought over the last days.

    called: its name in the reader's language. headline: what has just happened to it. near: the name of a topic that
    was perhaps meant by these words. keep: the form that keeps words which are no topic yet.
    """
    week, month = (sum(count for _, count in forecast.days[-days:]) for days in (WEEK, PREVIEWED))
    counted = _counted(week, month, forecast, messages, now)
    samples = [sample(story.lead.title, story.lead.url, story.lead.source) for story in forecast.samples]
    advice = _advice(week, month, bool(samples), forecast.excluded, messages)
    meant = messages.say("No topic is called that; this is what the words bring. The nearest is “{topic}”.", topic=near)
    return reply(
        messages,
        Heading(headline or messages.say("Preview of “{topic}”", topic=called or topic.name), counted),
        Paragraph(lines(looked_for(topic.expression, messages))),
        Paragraph(lines(meant)) if near else None,
        Paragraph(lines(advice)) if advice else None,
        _bars(forecast, messages, now) if week else None,
        Listing(tuple(samples)) if samples else None,
        Buttons((Button("form", messages.say("Keep as a topic"), keep),) if keep else to_do(topic, messages)[1:]),
    )


def _counted(week: int, month: int, forecast: Forecast, messages: Messages, now: datetime) -> str:
    """Say how many stories a topic would have brought, and on which day the most."""
    pieces = [
        messages.count("{n} story in the last 7 days", "{n} stories in the last 7 days", week),
        messages.count("{n} in 30 days", "{n} in 30 days", month),
    ]
    busiest, most = max(forecast.days, key=lambda day: day[1])
    if most:
        day = messages.day(busiest, str(busiest.tzinfo), now)
        pieces.append(messages.say("busiest day: {day}, with {n}", day=day, n=most))
    return " · ".join(pieces)


def _bars(forecast: Forecast, messages: Messages, now: datetime) -> Bars:
    """Draw how many stories came on each day of the last week."""
    rows = []
    for midnight, count in forecast.days[-WEEK:]:
        rows.append((messages.short_weekday(midnight, str(midnight.tzinfo), now), count))
    return Bars(tuple(rows))


def _advice(week: int, month: int, older: bool, excluded: int, messages: Messages) -> str:
    if excluded:
        return messages.count(
            "No match: {n} article has these words, but the topic leaves it out.",
            "No match: {n} articles have these words, but the topic leaves them out.",
            excluded,
        )
    if not month and not older:
        return messages.say("No match: nothing in the archive matches. Try fewer words, or others between ( | ).")
    if not month:
        return messages.say("Nothing recent: none in the last 30 days. These are older; wider words would bring more.")
    if week > NOISY * WEEK or month > NOISY * PREVIEWED:
        return messages.say("Too wide: more than ten stories a day. Another word with + makes it narrower.")
    if week == 0:
        return messages.say("Nothing recent: none in the last 7 days; days with nothing new are not posted.")
    return ""


def aliases(own: Sequence[Sequence[str]], configured: Sequence[Sequence[str]], messages: Messages, start: int) -> Reply:
    """List groups of names that mean the same, ten from a start on: the workspace's own, then the configuration's."""
    add = Buttons((Button("open", messages.say("How to add one"), "help alias add"),))
    if not own and not configured:
        return reply(messages, Heading(messages.say("No names are joined yet")), add)
    here, elsewhere = messages.say("Here:"), messages.say("From the configuration:")
    listed = [*((here, group) for group in own), *((elsewhere, group) for group in configured)]
    shown, turn = page(listed, start, "names", messages)
    parts: list[Part] = []
    for title in dict.fromkeys(title for title, _ in shown):
        parts.append(Paragraph(((Span(title, strong=True),),)))
        parts.append(Listing(tuple((Span(" = ".join(group)),) for where, group in shown if where == title)))
    return reply(messages, Heading(messages.say("Names that mean the same")), *parts, turn, add)
