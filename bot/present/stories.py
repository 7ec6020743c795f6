"""One story → its place in a reply: headline, quotes and small line; or its two lines in a list."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.base.i18n import Messages
from bot.base.looks import COMPACT, Looks
from bot.base.reply import LINE_END, Button, Line, QuoteLine, Span, StoryItem
from bot.base.safe_text import columns
from bot.present.content import Folded, Head, ShownQuote, ShownStory
from briefs.models import Form, names_a_day

ALSO = 2  # other publishers that are named; the rest are counted
BEFORE = 140  # letters of what was said before it was corrected
HEADLINES = 3  # of a notification
SMALL_LINE = 45  # columns that a phone shows of a small line in Discord, which has the narrowest
SOURCE = 40  # letters of a source's name in a menu


def story_item(
    number: int,
    story: ShownStory,
    messages: Messages,
    zone: str,
    now: datetime | None,
    reference: str,
    *,
    wishes: bool = False,
    looks: Looks = COMPACT,
) -> StoryItem:
    """Show one story.

    reference: what its menu belongs to, "" for none. wishes: whether readers can ask for more and less.
    """
    flat = looks.form == "headlines"
    return StoryItem(
        number=number,
        title=story.title or messages.say("(untitled)"),
        url=story.url,
        quotes=() if flat else tuple(_quote(quote, story, messages) for quote in story.quotes),
        small=(_named(story, messages),) if flat else _small(story, messages, zone, now, looks.form),
        mark=_mark(story, messages, zone, now),
        since=_since(story, messages, zone, now),
        flat=flat,
        menu=_menu(f"{reference}:{number}", story, messages, wishes) if reference else (),
    )


def _quote(quote: ShownQuote, story: ShownStory, messages: Messages) -> QuoteLine:
    """Return a quote; of another than who tells the story, with their name, as in the small line."""
    is_anothers = quote.source and (quote.source, quote.language) != (story.source, story.language)
    return QuoteLine(quote.text, quote.url, quote.language, _named(quote, messages).text if is_anothers else "")


def _mark(story: ShownStory, messages: Messages, zone: str, now: datetime | None) -> str:
    if story.role == "change" and story.published:
        return messages.say("Changed on {day}", day=messages.day(story.published, zone, now))
    if story.corrected:
        return messages.say("Corrected")
    return messages.say("Update") if story.update_of else ""


def _menu(value: str, story: ShownStory, messages: Messages, wishes: bool) -> tuple[Button, ...]:
    """Return what can be done with a story. Timelines are kept for stories whose lead was noted."""
    buttons = [Button("why", messages.say("Why this?"), value)]
    if story.id:
        buttons.append(Button("story", messages.say("Timeline"), value))
    if wishes:
        buttons.append(Button("up", messages.say("More like this"), value))
        buttons.append(Button("down", messages.say("Less like this"), value))
    if wishes and story.source:
        less = messages.say("Less from {source}", source=shortened(story.source, SOURCE))
        buttons.append(Button("less", less, value))
    return tuple(buttons)


def _since(story: ShownStory, messages: Messages, zone: str, now: datetime | None) -> Span | None:
    """Name the post that a story goes on with, and link it where it has an address."""
    told_at = story.told_at
    if told_at is None:
        return None
    words = messages.say("since the post of {day}", day=messages.day(told_at, zone, now))
    link = story.update_of
    return Span(words, link if link and link.startswith(("http://", "https://")) else None)


def _small(story: ShownStory, messages: Messages, zone: str, now: datetime | None, form: Form = COMPACT.form) -> Line:
    """Return the small line under a story: its source, when, what it said before, and who else tells it.

    In full, who was first is told, too, and the others are linked.
    """
    pieces = [_named(story, messages)] if story.source else []
    if story.published and story.role != "change":  # that day heads it
        pieces.append(Span(told_at(story.published, messages, zone, now)))
    if story.corrected:
        sentence = shortened(story.corrected, BEFORE)
        pieces.append(Span(messages.say("said before: “{sentence}”", sentence=sentence)))
    if form == "full" and story.tellers > 1:
        pieces += map(Span, _witnesses(story, messages, zone, now))
    joined = [span for piece in pieces for span in (Span(" · "), piece)][1:]
    return (*joined, *_also(story, messages, joined, full=form == "full"))


def _witnesses(story: ShownStory, messages: Messages, zone: str, now: datetime | None) -> list[str]:
    """Say how many tell a story, and who was first; nobody's name is said twice."""
    first = story.first
    if first and first.source == story.source:
        return [messages.say("first of {n} sources", n=story.tellers)]
    count = messages.count("{n} source", "{n} sources", story.tellers)
    if not first:
        return [count]
    when = _first_at(first.at, story.published, messages, zone, now)
    return [count, messages.say("first: {source}, {when}", source=first.source, when=when)]


def _first_at(at: datetime, published: datetime | None, messages: Messages, zone: str, now: datetime | None) -> str:
    """Say when a story was first told: the hour alone where the day is told already."""
    day = messages.short_dated(at, zone, now)
    if names_a_day(at):
        return day
    hour = messages.time(at, zone)
    same_day = published is not None and day == messages.short_dated(published, zone, now)
    return hour if same_day else messages.say("{day}, {time}", day=day, time=hour)


def told_at(at: datetime, messages: Messages, zone: str, now: datetime | None) -> str:
    """Say when something was published: the hour where it was on the day of reading."""
    day = messages.short_dated(at, zone, now)
    is_today = now is not None and not names_a_day(at) and day == messages.short_dated(now, zone, now)
    return messages.time(at, zone) if is_today else day


def _also(story: ShownStory, messages: Messages, before: Sequence[Span], *, full: bool) -> Line:
    """Name others who tell a story, each once and none that repeats another's text; count the rest.

    before: what stands on the line already. In full, names are links; else only so many are named as the line has room
    for on a phone, and where that is none, all sources are counted.
    """
    others, joint = _distinct(story)[:ALSO], " · " if before else ""
    for named in range(len(others), 0, -1):
        line = _naming(others[:named], story.tellers - 1 - named, messages, joint, full)
        if full or sum(columns(span.text) for span in (*before, *line)) <= SMALL_LINE:
            return line
    if story.tellers < 2 or full:
        return ()
    return (Span(joint), Span(messages.count("{n} source", "{n} sources", story.tellers)))


def _naming(others: Sequence[Folded], unnamed: int, messages: Messages, joint: str, full: bool) -> Line:
    names = [replace(_named(other, messages), url=other.url if full else None) for other in others]
    before, after = messages.say("also {names}", names=_HERE).split(_HERE)
    comma = "、" if messages.language == "zh" else ", "
    named = [span for name in names for span in (Span(comma), name)][1:]
    rest = f" +{messages.number(unnamed)}" if unnamed > 0 else ""
    return (Span(joint + before), *named, Span(rest + after))


_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"


def _distinct(story: ShownStory) -> list[Folded]:
    """Return one article of each other publisher that does not repeat another's text."""
    seen, others = {story.source}, []
    for other in story.also:
        if other.source not in seen and not other.copy:
            seen.add(other.source)
            others.append(other)
    return others


def _named(article: Head | ShownQuote, messages: Messages) -> Span:
    return Span(named(article.source, article.language, messages))


def named(source: str, language: str, messages: Messages) -> str:
    """Name a source, with its language where that is not the reader's."""
    if language in ("und", messages.language):
        return source
    return messages.say("{source} ({language})", source=source, language=messages.language_name(language))


def short_line(number: int, story: ShownStory, messages: Messages, zone: str, now: datetime) -> Line:
    """Return a story in two lines: its headline, and the small one, of whoever tells it first."""
    title = Span(story.title or messages.say("(untitled)"), story.url)
    small = _small(replace(story, also=()), messages, zone, now)
    return (Span(f"{number}  "), title, *((LINE_END, *small) if small else ()))


def headlines(stories: Sequence[ShownStory]) -> tuple[str, ...]:
    """Return the titles that a notification has room for."""
    return tuple(story.title for story in stories[:HEADLINES] if story.title)


def shortened(text: str, length: int) -> str:
    """Cut a text at a length, with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
