"""The content of a look-up or a digest → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.base.i18n import Messages, t, tn
from bot.base.looks import COMPACT, Looks
from bot.base.reply import (
    LINE_END,
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
from bot.base.safe_text import columns
from bot.present import worded
from bot.present.content import Folded, Head, ShownDigest, ShownLookUp, ShownStory
from bot.present.parts import lines
from briefs.models import Brief, Digest, Form, names_a_day

ALSO = 2  # other publishers that are named; the rest are counted
BEFORE = 140  # letters of what was said before it was corrected
HEADLINES = 3  # of a notification
SMALL_LINE = 45  # columns that a phone shows of a small line in Discord, which has the narrowest
SOURCE = 40  # letters of a source's name in a menu
IN_FULL = 10  # of those beyond a digest, told in full to who asks for them
IN_THREAD = 20  # further stories that are listed; the rest are counted

_LEFT_OUT = {
    "excluded": tn("{n} by the topic’s own words", "{n} by the topic’s own words"),
    "old": tn("{n} published long before", "{n} published long before"),
    "passing": tn("{n} that only mentions it", "{n} that only mention it"),
    "repeat": tn("{n} repeat", "{n} repeats"),
    "cut": tn("{n} lesser story", "{n} lesser stories"),
}


def brief(
    brief: Brief,
    messages: Messages,
    *,
    zone: str = "UTC",
    now: datetime | None = None,
    command: str = "/brief",
    looks: Looks = COMPACT,
) -> Reply:
    """Show a look-up that nobody can press buttons under: on the command line.

    command: what readers can type to ask further; "" for nothing, and then nothing is advised.
    """
    return shown_brief(
        worded.look_up(brief, messages, zone), messages, zone=zone, now=now, command=command, looks=looks
    )


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
    shared: bool = False,
    in_thread: bool = False,
    looks: Looks = COMPACT,
) -> Reply:
    """Show a look-up from its content.

    answer: the id of the stored answer; with one, its stories have buttons, and so has the reply where it is private.
    shared_by: whom the channel owes it to; with one, the reply is public. note: a line of advice under it.
    shared: whether it has been shared already. in_thread: whether that would be in a thread.
    """
    stories = content.stories
    line = _searched(content, messages) if stories else ""
    title = messages.say("“{query}”", query=shortened(content.query, 140))
    parts: list[Part] = [Heading(title, messages.say("Shared by {name}", name=shared_by) if shared_by else line)]
    said = lines(content.read_as or "", content.notice or "")
    if said:
        parts.append(Paragraph(said))
    parts += [story_item(n, story, messages, zone, now, answer, looks=looks) for n, story in enumerate(stories, 1)]
    foot: list[Footer | Buttons] = []
    if answer and stories and not shared_by:
        share = messages.say("Share in this thread") if in_thread else messages.say("Share to channel")
        offered = () if shared else (Button("share", share, answer),)
        foot.append(Buttons((*offered, _subscribe(messages, answer))))
    if shared:
        foot.append(Footer((Span(messages.say("Shared ✓")),)))
    if note:
        parts.append(Paragraph(((Span(note),),)))
    if stories and command and not answer:
        why = messages.say("{command} why 1 says why the first story is here", command=command)
        foot.append(Footer((Span(why),)))
    found = messages.count(
        "“{query}”: {n} story", "“{query}”: {n} stories", len(stories), query=shortened(content.query, 60)
    )
    return Reply(
        messages.language,
        found if stories else content.notice or found,
        tuple(parts),
        public=bool(shared_by),
        foot=tuple(foot),
        headlines=_headlines(stories),
        overflow_summary=messages.say("More on “{topic}”", topic=shortened(content.query, 60)),
    )


def _headlines(stories: Sequence[ShownStory]) -> tuple[str, ...]:
    return tuple(story.title for story in stories[:HEADLINES] if story.title)


def digest(
    digest: Digest,
    messages: Messages,
    *,
    zone: str,
    due: datetime,
    reference: str = "",
    looks: Looks = COMPACT,
) -> Reply:
    """Show a digest to its channel.

    due: the instant it stands for. reference: the run's id, for what can be
    pressed; "" where nothing can.
    """
    content = worded.digest(digest, messages)
    return shown_digest(content, messages, zone=zone, due=due, reference=reference, looks=looks)


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
    """Show a digest from its content. called: what its topic is called in the reader's language, "" for the same."""
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
        headlines=_headlines(content.stories),
        foot=foot,
        overflow_summary=messages.say("More on “{topic}”", topic=content.topic),
        name=messages.say("{topic} · {when}", topic=content.topic, when=when),
    )


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
    "old": t("Published long before they came in:"),
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


def _digest_line(stories: int, messages: Messages, zone: str, due: datetime) -> str:
    """Say when a digest was due, by the clock of its channel, and how many stories there are; short, for a phone."""
    day = f"{messages.short_weekday(due.astimezone(ZoneInfo(zone)).date())} {messages.short_day(due, zone)}"
    moment = messages.say("{day}, {time}", day=day, time=messages.time(due, zone))
    when = messages.say("{moment} {city}", moment=moment, city=messages.city(zone))
    # Where there is none, the sentence under it says so.
    return " · ".join([when, messages.count("{n} story", "{n} stories", stories)] if stories else [when])


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
        quotes=() if flat else tuple(QuoteLine(quote.text, quote.url, quote.language) for quote in story.quotes),
        small=(_named(story, messages),) if flat else _small(story, messages, zone, now, looks.form),
        mark=_mark(story, messages),
        since=_since(story, messages, zone, now),
        flat=flat,
        menu=_menu(f"{reference}:{number}", story, messages, wishes) if reference else (),
    )


def _mark(story: ShownStory, messages: Messages) -> str:
    if story.corrected:
        return messages.say("Corrected")
    return messages.say("Update") if story.update_of else ""


def _menu(value: str, story: ShownStory, messages: Messages, wishes: bool) -> tuple[Button, ...]:
    """Give what can be done with a story. Timelines are kept for stories whose lead was noted."""
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
    """Give the small line under a story: its source, when, what it said before, and who else tells it.

    In full, who was first is told, too, and the others are linked.
    """
    pieces = [_named(story, messages)] if story.source else []
    if story.published:
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
    """Give one article of each other publisher that does not repeat another's text."""
    seen, others = {story.source}, []
    for other in story.also:
        if other.source not in seen and not other.copy:
            seen.add(other.source)
            others.append(other)
    return others


def _named(article: Head, messages: Messages) -> Span:
    """Name the source of an article, with its language where that is not the reader's."""
    if article.language in ("und", messages.language):
        return Span(article.source)
    language = messages.language_name(article.language)
    return Span(messages.say("{source} ({language})", source=article.source, language=language))


def _digest_foot(content: ShownDigest, messages: Messages, reference: str) -> tuple[Footer | Buttons, ...]:
    """Give what stands under a digest: what leads on as buttons, or in words where nothing can be pressed."""
    more = messages.count("{n} more in the thread", "{n} more in the thread", len(content.more)) if content.more else ""
    if reference:
        rest = more or (messages.say("What was left out") if content.omitted else "")
        buttons = [Button("more", rest, reference)] if rest else []
        return (Buttons((*buttons, Button("form", messages.say("Settings"), "settings "))),)
    pieces = [more] if more else []
    left_out = [left_out_line(reason, n, messages) for reason, n in content.left_out.items() if n]
    if left_out:
        pieces.append(messages.say("left out: {reasons}", reasons=messages.listing(left_out)))
    return (Footer((Span(" · ".join(pieces)),)),) if pieces else ()


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
    """Give a story in two lines: its headline, and the small one, of whoever tells it first."""
    title = Span(story.title or messages.say("(untitled)"), story.url)
    small = _small(replace(story, also=()), messages, zone, now)
    return (Span(f"{number}  "), title, *((LINE_END, *small) if small else ()))


def shortened(text: str, length: int) -> str:
    """Cut a text at a length, with an ellipsis."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
