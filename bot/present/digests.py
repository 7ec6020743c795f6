"""The content of a digest → Reply: the digest, and what it left to its thread or left out."""

from dataclasses import replace
from datetime import datetime

from bot.base.i18n import Messages, t, tn
from bot.base.looks import COMPACT, Looks
from bot.base.reply import Button, Buttons, Footer, Heading, Line, Listing, Paragraph, Part, Reply, Span
from bot.present.content import ShownDigest
from bot.present.parts import sample
from bot.present.stories import headlines, short_line, story_item

IN_FULL = 10  # of those beyond a digest, told in full to who asks for them
IN_THREAD = 20  # further stories that are listed; the rest are counted

_LEFT_OUT = {
    "excluded": tn("{n} by the topic’s own words", "{n} by the topic’s own words"),
    "old": tn("{n} published long before", "{n} published long before"),
    "passing": tn("{n} that only mentions it", "{n} that only mention it"),
    "repeat": tn("{n} repeat", "{n} repeats"),
    "cut": tn("{n} lesser story", "{n} lesser stories"),
}


def shown_digest(
    content: ShownDigest,
    messages: Messages,
    *,
    zone: str,
    due: datetime,
    reference: str = "",
    public: bool = True,
    looks: Looks = COMPACT,
    called: str = "",
) -> Reply:
    """Show a digest from its content.

    due: the instant it stands for. reference: the run's id, for what can be pressed; "" where nothing can. called: what
    its topic is called in the reader's language, "" for the same.
    """
    content = replace(content, topic=called or content.topic)
    told = len(content.stories) + len(content.more)
    parts: list[Part] = [Heading(content.topic, _digest_line(told, messages, zone, due))]
    if content.notice:
        parts.append(Paragraph(((Span(content.notice),),)))
    parts += [
        story_item(n, story, messages, zone, due, reference, wishes=True, looks=looks)
        for n, story in enumerate(content.stories, 1)
    ]
    foot = _digest_foot(content, messages, reference)
    when = messages.say("{moment} {city}", moment=messages.when(due, zone), city=messages.city(zone))
    counted = messages.count("{topic}, {n} story", "{topic}, {n} stories", told, topic=content.topic)
    return Reply(
        messages.language,
        counted if content.stories else content.notice or "",
        tuple(parts),
        public=public,
        overflow=_overflow(content, messages, zone, due),
        headlines=headlines(content.stories),
        foot=foot,
        overflow_summary=messages.say("More on “{topic}”", topic=content.topic),
        name=messages.say("{topic} · {when}", topic=content.topic, when=when),
    )


def _digest_line(stories: int, messages: Messages, zone: str, due: datetime) -> str:
    """Say when a digest was due, by the clock of its channel, and how many stories there are; short, for a phone."""
    day = messages.short_weekday(due, zone)
    moment = messages.say("{day}, {time}", day=day, time=messages.time(due, zone))
    when = messages.say("{moment} {city}", moment=moment, city=messages.city(zone))
    # Where there is none, the sentence under it says so.
    return " · ".join([when, messages.count("{n} story", "{n} stories", stories)] if stories else [when])


def _digest_foot(content: ShownDigest, messages: Messages, reference: str) -> tuple[Footer | Buttons, ...]:
    """Return what stands under a digest: what leads on as buttons, or in words where nothing can be pressed."""
    more = messages.count("{n} more in the thread", "{n} more in the thread", len(content.more)) if content.more else ""
    if reference:
        rest = more or (messages.say("What was left out") if content.omitted else "")
        buttons = [Button("more", rest, reference)] if rest else []
        return (Buttons((*buttons, Button("form", messages.say("Settings"), "settings "))),)
    pieces = [more] if more else []
    left_out = [_left_out_line(reason, n, messages) for reason, n in content.left_out.items() if n]
    if left_out:
        pieces.append(messages.say("left out: {reasons}", reasons=messages.listing(left_out)))
    return (Footer((Span(" · ".join(pieces)),)),) if pieces else ()


def _left_out_line(reason: str, n: int, messages: Messages) -> str:
    """Say how many were left out for a reason; a word of the topic stands for itself."""
    if reason in _LEFT_OUT:
        return messages.count(*_LEFT_OUT[reason], n)
    return messages.say("{n} “{word}”", n=n, word=reason)


def _overflow(content: ShownDigest, messages: Messages, zone: str, now: datetime) -> tuple[Part, ...]:
    more = content.more
    if not more:
        return ()
    first = len(content.stories) + 1
    items: list[Line] = [short_line(first + n, story, messages, zone, now) for n, story in enumerate(more[:IN_THREAD])]
    if len(more) > IN_THREAD:
        rest = len(more) - IN_THREAD
        items.append((Span(messages.count("and {n} more story", "and {n} more stories", rest)),))
    return (
        Paragraph(((Span(messages.say("More on “{topic}”", topic=content.topic), strong=True),),)),
        Listing(tuple(items)),
    )


def rest(content: ShownDigest, messages: Messages, *, zone: str, now: datetime, reference: str) -> Reply:
    """Show, to whoever asks, what a digest left to its thread, and what it left out and why."""
    first, more = len(content.stories) + 1, content.more
    told = [
        story_item(first + n, story, messages, zone, now, reference, wishes=True)
        for n, story in enumerate(more[:IN_FULL])
    ]
    named = [short_line(first + n, story, messages, zone, now) for n, story in enumerate(more)][IN_FULL:]
    because = {reason: [one for one in content.omitted if one.because == reason] for reason in _OMITTED}
    heading = messages.say("The rest on “{topic}”", topic=content.topic)
    parts: list[Part] = [Heading(heading), *told]
    parts += [Listing(tuple(named))] if named else []
    for reason, articles in because.items():
        if articles:
            parts.append(Paragraph(((Span(messages.say(_OMITTED[reason]), strong=True),),)))
            untitled = messages.say("(untitled)")
            parts.append(Listing(tuple(sample(one.title or untitled, one.url, one.source) for one in articles)))
    return Reply(messages.language, heading, tuple(parts))


_OMITTED = {
    "excluded": t("Left out by the topic’s own words:"),
    "old": t("Published long before they came in:"),
    "passing": t("Only mentioned in them:"),
    "repeat": t("Nothing new in them:"),
    "cut": t("Below the cut:"),
}
