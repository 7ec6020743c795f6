"""The content of a look-up or a digest → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.base.i18n import Messages, t, tn
from bot.base.reply import (
    Button,
    Buttons,
    Footer,
    Heading,
    Line,
    Listing,
    Paragraph,
    Part,
    QuoteLine,
    Reply,
    Span,
    StoryItem,
)
from bot.present import worded
from bot.present.content import Folded, Head, ShownDigest, ShownLookUp, ShownStory
from bot.present.parts import lines
from briefs.models import Brief, Digest, names_a_day

ALSO = 3  # other publishers that are named; the rest are counted
BEFORE = 140  # letters of what was said before it was corrected
IN_FULL = 10  # of those beyond a digest, told in full to who asks for them
IN_THREAD = 20  # further stories that are listed; the rest are counted

_LEFT_OUT = {
    "excluded": tn("{n} by the topic’s own words", "{n} by the topic’s own words"),
    "passing": tn("{n} that only mentions it", "{n} that only mention it"),
    "repeat": tn("{n} repeat", "{n} repeats"),
    "cut": tn("{n} lesser story", "{n} lesser stories"),
}


def brief(
    brief: Brief, messages: Messages, *, zone: str = "UTC", now: datetime | None = None, command: str = "/brief"
) -> Reply:
    """Show a look-up that nobody can press buttons under: on the command line.

    command: what readers can type to ask further; "" for nothing, and then nothing is advised.
    """
    return shown_brief(worded.look_up(brief, messages, zone), messages, zone=zone, now=now, command=command)


def shown_brief(
    content: ShownLookUp,
    messages: Messages,
    *,
    zone: str,
    now: datetime | None = None,
    command: str = "/brief",
    answer: str = "",
    shared_by: str = "",
    note: str = "",
) -> Reply:
    """Show a look-up from its content.

    answer: the id of the stored answer; with one, its stories have buttons, and so has the reply where it is private.
    shared_by: whom the channel owes it to; with one, the reply is public. note: a line of advice under it.
    """
    stories = content.stories
    line = _searched(content, messages) if stories else ""
    title = messages.say("“{query}”", query=shortened(content.query, 140))
    parts: list[Part] = [Heading(title, messages.say("Shared by {name}", name=shared_by) if shared_by else line)]
    said = lines(content.read_as or "", content.notice or "")
    if said:
        parts.append(Paragraph(said))
    private = answer if not shared_by else ""
    parts += [story_item(n, story, messages, zone, now, answer) for n, story in enumerate(stories, 1)]
    if private and stories:
        parts.append(
            Buttons((Button("share", messages.say("Share to channel"), private), _subscribe(messages, private)))
        )
    if note:
        parts.append(Paragraph(((Span(note),),)))
    if stories and command and not shared_by:
        why = messages.say("{command} why 1 says why the first story is here", command=command)
        parts.append(Footer((Span(why),)))
    found = messages.count(
        "“{query}”: {n} story", "“{query}”: {n} stories", len(stories), query=shortened(content.query, 60)
    )
    summary = found if stories else content.notice or found
    return Reply(messages.language, summary, tuple(parts), public=bool(shared_by))


def digest(
    digest: Digest,
    messages: Messages,
    *,
    zone: str,
    due: datetime,
    next_run: datetime | None = None,
    command: str = "/brief",
    reference: str = "",
) -> Reply:
    """Show a digest to its channel.

    due: the instant it stands for. next_run: None when there will be none. reference: the run's id, for "Why this?".
    command: what readers can type to change it; "" for nothing.
    """
    content = worded.digest(digest, messages)
    return shown_digest(content, messages, zone=zone, due=due, next_run=next_run, command=command, reference=reference)


def shown_digest(
    content: ShownDigest,
    messages: Messages,
    *,
    zone: str,
    due: datetime,
    next_run: datetime | None = None,
    command: str = "/brief",
    reference: str = "",
    public: bool = True,
) -> Reply:
    """Show a digest from its content."""
    when = messages.say("{moment} {city}", moment=messages.when(due, zone), city=messages.city(zone))
    heading = Heading(messages.say("{topic} · {when}", topic=content.topic, when=when), _counts(content, messages))
    parts: list[Part] = [heading]
    if content.notice:
        parts.append(Paragraph(((Span(content.notice),),)))
    parts += [
        story_item(n, story, messages, zone, due, reference, wishes=True) for n, story in enumerate(content.stories, 1)
    ]
    rest = len(content.more) + len(content.omitted)
    if reference and rest:
        parts.append(Buttons((Button("more", messages.say("Show the rest"), reference),)))
    footer = _digest_footer(content, messages, zone, due, next_run, command)
    if footer:
        parts.append(Footer((Span(" · ".join(footer)),)))
    summary = f"{content.topic}: {_counts(content, messages)}" if content.stories else content.notice or ""
    overflow = _overflow(content, messages, zone, due)
    return Reply(messages.language, summary, tuple(parts), public=public, overflow=overflow)


def rest(content: ShownDigest, messages: Messages, *, zone: str, now: datetime, reference: str) -> Reply:
    """Show, to whoever asks, what a digest left to its thread, and what it left out and why."""
    first, more = len(content.stories) + 1, content.more
    told = [
        story_item(first + n, story, messages, zone, now, reference, wishes=True)
        for n, story in enumerate(more[:IN_FULL])
    ]
    named = [_short_line(first + n, story, messages, zone, now) for n, story in enumerate(more)][IN_FULL:]
    because = {reason: [one for one in content.omitted if one.because == reason] for reason in _OMITTED}
    heading = messages.say("The rest on “{topic}”", topic=content.topic)
    parts: list[Part] = [Heading(heading), *told]
    parts += [Listing(tuple(named))] if named else []
    for reason, articles in because.items():
        if articles:
            parts.append(Paragraph(((Span(messages.say(_OMITTED[reason]), strong=True),),)))
            parts.append(Listing(tuple(_omitted(one, messages) for one in articles)))
    return Reply(messages.language, heading, tuple(parts))


_OMITTED = {
    "excluded": t("Left out by the topic’s own words:"),
    "passing": t("Only mentioned in them:"),
    "repeat": t("Nothing new in them:"),
    "cut": t("Below the cut:"),
}


def _omitted(article: Head, messages: Messages) -> Line:
    title = Span(article.title or messages.say("(untitled)"), article.url)
    return (title, Span(f" · {article.source}" if article.source else ""))


def _subscribe(messages: Messages, answer: str) -> Button:
    return Button("subscribe", messages.say("Subscribe to this"), answer)


def _searched(content: ShownLookUp, messages: Messages) -> str:
    searched = content.searched
    oldest = searched.oldest
    forms = tn("searched {n} article", "searched {n} articles")
    if oldest:
        forms = tn("searched {n} article since {date}", "searched {n} articles since {date}")
    found = messages.count("{n} story", "{n} stories", len(content.stories))
    date = messages.date(oldest, "UTC") if oldest else ""
    among = messages.count(*forms, searched.articles, date=date)
    languages = messages.say("in {languages}", languages=_languages(content.languages, messages))
    return " · ".join((found, among, languages))


def _languages(codes: Sequence[str], messages: Messages) -> str:
    return messages.listing(messages.language_name(code) for code in codes)


def _counts(content: ShownDigest, messages: Messages) -> str:
    stories = len(content.stories) + len(content.more)
    pieces = [
        messages.count("{n} new article", "{n} new articles", content.articles),
        messages.count("{n} story", "{n} stories", stories),
        messages.count("{n} source", "{n} sources", content.publishers),
    ]
    return " · ".join(pieces)


def story_item(
    number: int,
    story: ShownStory,
    messages: Messages,
    zone: str,
    now: datetime | None,
    reference: str,
    *,
    wishes: bool = False,
) -> StoryItem:
    """Show one story.

    reference: what its buttons belong to, "" for none. wishes: whether readers can ask for more and less.
    """
    others = _distinct(story)[:ALSO]
    also = [_also(other, messages) for other in others]
    unnamed = story.tellers - 1 - len(others)
    if unnamed > 0:
        also.append(Span(messages.count("+{n} source", "+{n} sources", unnamed)))
    return StoryItem(
        number=number,
        title=story.title or messages.say("(untitled)"),
        url=story.url,
        meta=tuple(_meta(story, messages, zone, now)),
        quotes=tuple(QuoteLine(quote.text, quote.url, quote.language) for quote in story.quotes),
        also_label=messages.say("also:") if also else "",
        also=tuple(also),
        mark=_mark(story, messages),
        since=_since(story, messages, zone, now),
        buttons=_story_buttons(f"{reference}:{number}", story, messages, wishes) if reference else (),
    )


def _mark(story: ShownStory, messages: Messages) -> str:
    if story.corrected:
        return messages.say("Corrected")
    return messages.say("Update") if story.update_of else ""


def _story_buttons(value: str, story: ShownStory, messages: Messages, wishes: bool) -> tuple[Button, ...]:
    why = Button("why", messages.say("Why this?"), value)
    if not wishes:
        return (why,)
    less = Button("less", messages.say("Less from this source"), value)
    return (why, Button("up", "👍", value), Button("down", "👎", value), *([less] if story.source else []))


def _since(story: ShownStory, messages: Messages, zone: str, now: datetime | None) -> Span | None:
    """Name the post that a story goes on with, and link it where it has an address."""
    told_at = story.told_at
    if told_at is None:
        return None
    words = messages.say("since the post of {day}", day=messages.day(told_at, zone, now))
    link = story.update_of
    return Span(words, link if link and link.startswith(("http://", "https://")) else None)


def _meta(story: ShownStory, messages: Messages, zone: str, now: datetime | None) -> list[str]:
    published = story.published
    pieces = [story.source] if story.source else []
    if published:
        pieces.append(messages.short_dated(published, zone, now))
    if story.language not in ("und", messages.language):
        pieces.append(messages.language_name(story.language))
    if story.corrected:
        pieces.append(messages.say("said before: “{sentence}”", sentence=shortened(story.corrected, BEFORE)))
    if story.tellers > 1:
        pieces += _witnesses(story, published, messages, zone, now)
    return pieces


def _witnesses(
    story: ShownStory, published: datetime | None, messages: Messages, zone: str, now: datetime | None
) -> list[str]:
    """Say how many tell a story, and who was first; nobody's name is said twice."""
    first = story.first
    if first and first.source == story.source:
        return [messages.say("first of {n} sources", n=story.tellers)]
    count = messages.count("{n} source", "{n} sources", story.tellers)
    if not first:
        return [count]
    when = _first_at(first.at, published, messages, zone, now)
    return [count, messages.say("first: {source}, {when}", source=first.source, when=when)]


def _first_at(at: datetime, published: datetime | None, messages: Messages, zone: str, now: datetime | None) -> str:
    """Say when a story was first told: the hour alone where the day is told already."""
    day = messages.short_dated(at, zone, now)
    if names_a_day(at):
        return day
    hour = messages.time(at, zone)
    same_day = published is not None and day == messages.short_dated(published, zone, now)
    return hour if same_day else messages.say("{day}, {time}", day=day, time=hour)


def _distinct(story: ShownStory) -> list[Folded]:
    """Give one article of each other publisher that does not repeat another's text."""
    seen, others = {story.source}, []
    for other in story.also:
        if other.source not in seen and not other.copy:
            seen.add(other.source)
            others.append(other)
    return others


def _also(other: Folded, messages: Messages) -> Span:
    if other.language in ("und", messages.language):
        return Span(other.source, other.url)
    named = messages.say("{source} ({language})", source=other.source, language=messages.language_name(other.language))
    return Span(named, other.url)


def _digest_footer(
    content: ShownDigest, messages: Messages, zone: str, due: datetime, next_run: datetime | None, command: str
) -> list[str]:
    pieces = []
    if content.more:
        pieces.append(messages.count("{n} more in the thread", "{n} more in the thread", len(content.more)))
    left_out = [left_out_line(reason, n, messages) for reason, n in content.left_out.items() if n]
    if left_out:
        pieces.append(messages.say("left out: {reasons}", reasons=messages.listing(left_out)))
    if next_run:
        pieces.append(messages.say("next: {when}", when=messages.when(next_run, zone, due)))
    if command:
        pieces.append(
            messages.say(
                "to change: {command} subscribe {topic} at 18:00 weekdays", command=command, topic=content.topic
            )
        )
    return pieces


def left_out_line(reason: str, n: int, messages: Messages) -> str:
    """Say how many were left out for a reason; a word of the topic stands for itself."""
    if reason in _LEFT_OUT:
        return messages.count(*_LEFT_OUT[reason], n)
    return messages.say("{n} “{word}”", n=n, word=reason)


def _overflow(content: ShownDigest, messages: Messages, zone: str, now: datetime) -> tuple[Part, ...]:
    more = content.more
    if not more:
        return ()
    first = len(content.stories) + 1
    items: list[Line] = [_short_line(first + n, story, messages, zone, now) for n, story in enumerate(more[:IN_THREAD])]
    if len(more) > IN_THREAD:
        rest = len(more) - IN_THREAD
        items.append((Span(messages.count("and {n} more story", "and {n} more stories", rest)),))
    return (
        Paragraph(((Span(messages.say("More on “{topic}”", topic=content.topic), strong=True),),)),
        Listing(tuple(items)),
    )


def _short_line(number: int, story: ShownStory, messages: Messages, zone: str, now: datetime) -> Line:
    title = Span(story.title or messages.say("(untitled)"), story.url)
    meta = " · ".join(_meta(story, messages, zone, now))
    return (Span(f"{number}  "), title, Span(f" · {meta}" if meta else ""))


def shortened(text: str, length: int) -> str:
    """Cut a text at a length, with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
