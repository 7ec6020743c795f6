"""What somebody has to hear of what they subscribed, and what waits for an operator → Reply."""

from datetime import datetime

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Paragraph, Part, Reply, Span
from bot.present.parts import Hint, leading, lines, reply
from bot.present.sources import in_trouble
from bot.present.subscriptions import refusal
from briefs.models import Channel
from briefs.store.daily_reports import Trouble
from briefs.store.notices import PrivateNotice


def notice(one: PrivateNotice, messages: Messages, *, place: str) -> Reply:
    """Tell whoever subscribed a channel that this is paused and why, or that the topic is gone."""
    say = messages.say
    if one.subscription is None:
        heading = say("“{topic}” was removed: {place} does not get it any more", topic=one.topic, place=place)
        another = Button("form", say("Another topic"), f"subscribe {one.channel.id}:")
        return reply(messages, Heading(heading), Buttons((another,)))
    heading = say("“{topic}” is paused in {place}", topic=one.topic, place=place)
    because = refusal(one.because, messages)
    why = Paragraph(lines(because[:1].upper() + because[1:]))
    value = f"{one.channel.id}:{one.subscription}"
    row = (
        Button("form", say("Move to …"), f"move {value}"),
        Button("resume", say("Resume"), value),
        Button("stop", say("Stop"), value),
    )
    return reply(messages, Heading(heading), why, Buttons(row))


SHOWN = 10  # of each kind


def trouble(found: Trouble, messages: Messages, *, zone: str, now: datetime) -> Reply:
    """Tell the operators' channel what is parked, what was paused, and which sources are in trouble."""
    say = messages.say
    parts: list[Part] = []
    if found.parked:
        said = messages.count(
            "{n} message is held back: nobody can tell whether it arrived.",
            "{n} messages are held back: nobody can tell whether they arrived.",
            len(found.parked),
        )
        digests = {(one.channel, one.topic, one.scheduled_local): one for one in reversed(found.parked)}
        held = [_line(one.channel, one.topic, one.error) for one in reversed(digests.values())]
        parts += [Paragraph(lines(said)), _listed(messages, held)]
        parts.append(Paragraph(lines(say("`briefbot deliveries` lists them; `retry` and `drop` decide."))))
    if found.paused:
        said = messages.count(
            "{n} subscription was paused, because nothing can be posted there:",
            "{n} subscriptions were paused, because nothing can be posted there:",
            len(found.paused),
        )
        paused = [_line(one.channel, one.topic, refusal(one.because, messages)) for one in found.paused]
        parts += [Paragraph(lines(said)), _listed(messages, paused)]
        parts.append(
            Paragraph(lines(say("Once that is put right, whoever manages the channel can resume it at Home.")))
        )
    if found.sources:
        told = messages.count("{n} source is in trouble:", "{n} sources are in trouble:", len(found.sources))
        parts += [Paragraph(lines(told)), _listed(messages, in_trouble(found.sources, messages, zone, now))]
    heading = Heading(say("Briefbot needs you"))
    hints: tuple[Hint, ...] = (*(("home",) if found.paused else ()), *(("sources",) if found.sources else ()))
    row = (leading(hints, messages),) if hints else ()
    footer = Footer((Span(say("Once a day, when there is something to do.")),))
    return Reply(messages.language, heading.text, (heading, *parts, *row, footer), public=True)


def _line(place: Channel, topic: str, because: str | None) -> Line:
    told = f" · {place} · {because or '?'}"
    return (Span(topic, strong=True), Span(told))


def _listed(messages: Messages, items: list[Line]) -> Listing:
    more = len(items) - SHOWN
    rest = [(Span(messages.count("and {n} more", "and {n} more", more)),)] if more > 0 else []
    return Listing((*items[:SHOWN], *rest))
