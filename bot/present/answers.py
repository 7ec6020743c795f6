"""All that is said beside look-ups and digests: topics, subscriptions, previews, reasons, health, help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Any, Protocol

from bot.calendar import Due
from bot.i18n import Messages, t
from bot.present.shown import moment
from bot.present.stories import shortened
from bot.reply import Bars, Footer, Heading, Line, Listing, Paragraph, Part, Reply, Span
from briefs.errors import BriefsError
from briefs.models import Digest, Searched, TopStory

SAMPLES = 3


class TopicLike(Protocol):
    """A topic as it is kept."""

    @property
    def name(self) -> str:
        """As people write it."""

    @property
    def expression(self) -> str:
        """In the topic language."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The only ones wanted; empty: all."""

    @property
    def configured(self) -> bool:
        """Whether it comes from the configuration."""


class SubscriptionLike(Protocol):
    """A subscription as it is kept."""

    @property
    def topic(self) -> TopicLike:
        """What it is to."""

    @property
    def at(self) -> str:
        """Local wall time."""

    @property
    def days(self) -> int:
        """Bits, Monday lowest."""

    @property
    def zone(self) -> str:
        """IANA name."""

    @property
    def paused(self) -> bool:
        """Whether it waits to be resumed."""

    @property
    def paused_because(self) -> str | None:
        """Why, where it was not a person's wish."""

    @property
    def next_due(self) -> datetime | None:
        """The next run."""


class HealthLike(Protocol):
    """How a source is doing."""

    @property
    def address(self) -> str:
        """Where it is."""

    @property
    def name(self) -> str | None:
        """What a reader calls it."""

    @property
    def answered_at(self) -> datetime | None:
        """When it last answered."""

    @property
    def failures(self) -> int:
        """Tries without an answer since then."""

    @property
    def error(self) -> str | None:
        """What went wrong at the last one."""


def note(text: str, messages: Messages, *, public: bool = False) -> Reply:
    """Say one line."""
    return Reply(messages.language, text, (Paragraph(((Span(text),),)),), public=public)


def error(error: BriefsError, messages: Messages) -> Reply:
    """Say what is wrong and what to do, to the asker alone."""
    return note(messages.error(error), messages)


def _reply(messages: Messages, heading: Heading, *parts: Part | None) -> Reply:
    return Reply(messages.language, heading.text, (heading, *(part for part in parts if part is not None)))


def _lines(*lines: str) -> tuple[Line, ...]:
    return tuple((Span(line),) for line in lines if line)


def _labelled(label: str, text: str) -> Line:
    return (Span(label, strong=True), Span(text))


def _code(text: str) -> Line:
    return (Span(text, code=True),)


# ---------------------------------------------------------------- topics


def topics(topics: Sequence[TopicLike], subscribed: set[str], messages: Messages, command: str) -> Reply:
    """List the topics of a workspace; subscribed: the names of those that the channel gets."""
    if not topics:
        return note(messages.say(_NO_TOPICS, command=command), messages)
    items = []
    for topic in topics:
        marks = [messages.say("subscribed")] if topic.name in subscribed else []
        marks += [messages.say("from the configuration")] if topic.configured else []
        mark = messages.say(" ({marks})", marks=messages.listing(marks)) if marks else ""
        items.append((Span(topic.name, strong=True), Span(f"{mark}  "), Span(topic.expression, code=True)))
    heading = Heading(messages.count("{n} topic", "{n} topics", len(topics)))
    use = messages.say(
        "{command} preview TOPIC shows what one brings, {command} subscribe TOPIC subscribes this channel",
        command=command,
    )
    return _reply(messages, heading, Listing(tuple(items)), Footer((Span(use),)))


_NO_TOPICS = t('No topics yet. To add one: {command} topic add interop Tencent + ("open links" | 互联互通) - stock')


def topic(topic: TopicLike, words: str, subscribers: int, messages: Messages, command: str) -> Reply:
    """Show one topic, in its own language and in words.

    words: what it looks for, in words. subscribers: channels of this workspace that get it.
    """
    items = [
        _labelled(messages.say("Looks for: "), words),
        (Span(messages.say("Expression: "), strong=True), Span(topic.expression, code=True)),
    ]
    if topic.languages:
        names = messages.listing(messages.language_name(code) for code in topic.languages)
        items.append(_labelled(messages.say("Only in: "), names))
    channels = messages.count("{n} channel here", "{n} channels here", subscribers)
    items.append(_labelled(messages.say("Subscribed: "), channels))
    use = messages.say("{command} preview {topic} shows what it brings", command=command, topic=topic.name)
    return _reply(messages, Heading(topic.name), Listing(tuple(items)), Footer((Span(use),)))


PREVIEWED = 30  # days
WEEK = 7
NOISY = 10  # stories a day


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a topic would have brought.

    days: (midnight in the channel's zone, stories that came in on that day), oldest first, as many as are PREVIEWED.
    samples: the best of them; where there are none, of older ones.
    """

    days: tuple[tuple[datetime, int], ...]
    samples: tuple[TopStory, ...]


def preview(
    name: str,
    expression: str,
    forecast: Forecast,
    messages: Messages,
    now: datetime,
    command: str,
    *,
    headline: str = "",
) -> Reply:
    """Show what a topic would have brought over the last days; headline: what has just happened to it."""
    week, month = (sum(count for _, count in forecast.days[-days:]) for days in (WEEK, PREVIEWED))
    pieces = [
        messages.count("{n} story in the last 7 days", "{n} stories in the last 7 days", week),
        messages.count("{n} in 30 days", "{n} in 30 days", month),
    ]
    busiest, most = max(forecast.days, key=lambda day: day[1])
    if most:
        day = messages.day(busiest, str(busiest.tzinfo), now)
        pieces.append(messages.say("busiest day: {day}, with {n}", day=day, n=most))
    rows = []
    for midnight, count in forecast.days[-WEEK:]:
        weekday, day = messages.short_weekday(midnight.date()), messages.short_day(midnight, str(midnight.tzinfo), now)
        rows.append((f"{weekday} {day}", count))
    samples = [_sample(story.lead.title, story.lead.url, story.lead.source) for story in forecast.samples]
    advice = _advice(week, month, bool(samples), messages)
    use = messages.say("{command} subscribe {topic} sends it to this channel", command=command, topic=name)
    return _reply(
        messages,
        Heading(headline or messages.say("Preview of “{topic}”", topic=name), " · ".join(pieces)),
        Paragraph((_code(expression),)),
        Paragraph(_lines(advice)) if advice else None,
        Bars(tuple(rows)) if week else None,
        Listing(tuple(samples)) if samples else None,
        Footer((Span(use),)),
    )


def _sample(title: str, url: str | None, source: str | None) -> Line:
    return (Span(title, url), Span(f" · {source}" if source else ""))


def _advice(week: int, month: int, older: bool, messages: Messages) -> str:
    if not month and not older:
        return messages.say("No match: nothing in the archive matches. Try fewer words, or others between ( | ).")
    if not month:
        return messages.say("Nothing recent: none in the last 30 days. These are older; wider words would bring more.")
    if week > NOISY * WEEK or month > NOISY * PREVIEWED:
        return messages.say("Too wide: more than ten stories a day. Another word with + makes it narrower.")
    if week == 0:
        return messages.say("Nothing recent: none in the last 7 days; days with nothing new are not posted.")
    return ""


def aliases(
    own: Sequence[Sequence[str]], configured: Sequence[Sequence[str]], messages: Messages, command: str
) -> Reply:
    """List groups of names that mean the same thing: the workspace's own, and those of the configuration."""
    use = messages.say("{command} alias add Tencent = 腾讯 = 騰訊 adds one", command=command)
    if not own and not configured:
        return note(messages.say("No names are joined yet; {example}.", example=use), messages)
    parts: list[Part] = []
    for title, groups in ((messages.say("Here:"), own), (messages.say("From the configuration:"), configured)):
        if groups:
            parts.append(Paragraph(((Span(title, strong=True),),)))
            parts.append(Listing(tuple((Span(" = ".join(group)),) for group in groups[:ALIASES])))
    heading = messages.say("Names that mean the same")
    return _reply(messages, Heading(heading), *parts, Footer((Span(use),)))


ALIASES = 50  # groups that are listed


# ---------------------------------------------------------------- subscriptions


def subscribed(
    subscription: SubscriptionLike,
    runs: Sequence[Due],
    messages: Messages,
    *,
    place: str,
    now: datetime,
    command: str,
    first: Digest | None = None,
    headline: str = "",
) -> Reply:
    """Echo the whole state of a subscription: what, where, when, the next runs, what comes first.

    first: what the first digest would hold by now; None where there has been one. headline: what has happened to it.
    """
    name = subscription.topic.name
    heading = headline or messages.say("{place} gets “{topic}”", place=place, topic=name)
    items = [_labelled(messages.say("When: "), schedule(subscription, messages))]
    if runs:
        listed = " / ".join(messages.when(run.at, subscription.zone, now) for run in runs)
        items.append(_labelled(messages.say("Next: "), listed))
    items.append(_labelled(messages.say("Language: "), messages.language_name(messages.language)))
    items.append((Span(messages.say("Looks for: "), strong=True), Span(subscription.topic.expression, code=True)))
    if first is not None:
        items.append(_labelled(messages.say("First digest: "), _first(first, messages)))
    samples = (
        [_sample(story.lead.title, story.lead.url, story.lead.source) for story in first.stories[:SAMPLES]]
        if first
        else []
    )
    change = messages.say("To change: {command} subscribe {topic} at 18:00 weekdays", command=command, topic=name)
    stop = messages.say("to stop: {command} unsubscribe {topic}", command=command, topic=name)
    return _reply(
        messages,
        Heading(heading),
        Listing(tuple(items)),
        Paragraph(_lines(messages.say("So far:"))) if samples else None,
        Listing(tuple(samples)) if samples else None,
        Footer((Span(f"{change} · {stop}"),)),
    )


def schedule(subscription: SubscriptionLike, messages: Messages) -> str:
    """Say when a subscription is told: "09:00 (Europe/Paris), every day"."""
    return messages.say(
        "{time} ({zone}), {days}",
        time=messages.wall(subscription.at),
        zone=subscription.zone,
        days=messages.days(subscription.days),
    )


def _first(first: Digest, messages: Messages) -> str:
    stories = len(first.stories) + len(first.more)
    if not stories:
        return messages.say("whatever comes in until then; a day with nothing new is not posted")
    return messages.count(
        "{n} story so far, and what comes in until then", "{n} stories so far, and what comes in until then", stories
    )


def subscriptions(
    listed: Sequence[SubscriptionLike], messages: Messages, *, place: str, now: datetime, command: str
) -> Reply:
    """List what a channel gets."""
    if not listed:
        line = messages.say(
            "{place} subscribes to nothing yet; {command} topics lists what there is.", place=place, command=command
        )
        return note(line, messages)
    items = []
    for subscription in listed:
        state = schedule(subscription, messages)
        if subscription.paused:
            state += " · " + messages.say("paused")
            if subscription.paused_because:
                state += messages.say(" ({marks})", marks=refusal(subscription.paused_because, messages))
        elif subscription.next_due:
            state += " · " + messages.say(
                "next: {when}", when=messages.when(subscription.next_due, subscription.zone, now)
            )
        items.append((Span(subscription.topic.name, strong=True), Span(f"  {state}")))
    heading = messages.count("{place} gets {n} topic", "{place} gets {n} topics", len(listed), place=place)
    return _reply(messages, Heading(heading), Listing(tuple(items)))


# What platforms answer where nothing can be posted, by the words that their codes have.
_REFUSALS = {
    "not_in_channel": t("I am not in the channel any more; invite me there"),
    "channel_not_found": t("the channel is gone, or I cannot see it"),
    "unknown channel": t("the channel is gone, or I cannot see it"),
    "is_archived": t("the channel is archived"),
    "token_revoked": t("my token was revoked; the operator must set another"),
    "invalid_auth": t("my token is not valid; the operator must set another"),
    "missing access": t("I may not see the channel; give me the right to"),
    "missing permissions": t("I may not write in the channel; give me the right to"),
}


def refusal(reason: str, messages: Messages) -> str:
    """Word what a platform answered; what is not known stays as it came."""
    known = next((said for code, said in _REFUSALS.items() if code in reason.casefold()), None)
    return messages.say(known) if known else reason


# ---------------------------------------------------------------- reasons

_PARTS = {
    "related": t("it shares words with the best matches"),
    "recency": t("it is recent"),
    "publishers": t("several sources tell it"),
    "language": t("its language"),
    "feedback": t("what readers here wish for"),
}


def why(number: int, story: Mapping[str, Any], subject: str, messages: Messages, *, zone: str, now: datetime) -> Reply:
    """Say why a story stands where it stands, from the JSON of what was shown: words and weights, age, publishers."""
    reasons = dict(story["why"])
    terms = reasons.pop("terms", {})
    items = [
        _reason(messages.say("the word “{word}”", word=word), value, messages) for word, value in _by_weight(terms)
    ]
    items += [_reason(messages.say(_PARTS.get(part, part)), value, messages) for part, value in _by_weight(reasons)]
    title = shortened(story["title"] or messages.say("(untitled)"), 120)
    heading = Heading(messages.say("Why story {n} of “{subject}”", n=number, subject=shortened(subject, 60)), title)
    score = messages.say("Together: {score}. Higher stands first.", score=_points(story["score"], messages))
    folded = [_folded(other, messages, zone, now) for other in story["also"][:FOLDED]]
    return _reply(
        messages,
        heading,
        Listing(tuple(items)) if items else None,
        Paragraph(_lines(score, _told_by(story, messages, zone, now))),
        Listing(tuple(folded)) if folded else None,
    )


FOLDED = 10  # articles on the same story that are named


def _told_by(story: Mapping[str, Any], messages: Messages, zone: str, now: datetime) -> str:
    """Say how many publishers tell a story and who was first, or how old the only article is."""
    tellers = [story, *story["also"]]
    dated = [(published, one) for one in tellers if (published := moment(one.get("published")))]
    publishers = len({one["source"] for one in tellers})
    if publishers < 2:
        if not dated:
            return ""
        return messages.say("Published {when}.", when=messages.dated(dated[0][0], zone, now))
    count = messages.count(
        "{n} source tells this story in {articles} articles.",
        "{n} sources tell this story in {articles} articles.",
        publishers,
        articles=len(tellers),
    )
    if not dated:
        return count
    published, first = min(dated, key=lambda pair: pair[0])
    return messages.say(
        "{count} First: {source}, {when}.",
        count=count,
        source=first["source"],
        when=messages.dated(published, zone, now),
    )


def _folded(other: Mapping[str, Any], messages: Messages, zone: str, now: datetime) -> Line:
    published = moment(other.get("published"))
    day = f" · {messages.short_dated(published, zone, now)}" if published else ""
    return (Span(other["title"] or messages.say("(untitled)"), other["url"]), Span(f" · {other['source']}{day}"))


def why_not(
    title: str,
    url: str | None,
    seen_at: datetime,
    reasons: Sequence[tuple[str, str]],
    messages: Messages,
    zone: str,
) -> Reply:
    """Say what became of an article in each topic of a channel. reasons: (topic, sentence)."""
    seen = messages.say("I first saw it on {when}.", when=messages.when(seen_at, zone))
    items = [(Span(topic, strong=True), Span(f"  {reason}")) for topic, reason in reasons]
    heading = Heading(messages.say("What became of this article"), seen)
    about = Paragraph(((Span(title or messages.say("(untitled)"), url),),))
    return _reply(messages, heading, about, Listing(tuple(items)))


def _by_weight(values: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(((name, value) for name, value in values.items() if value), key=lambda item: -abs(item[1]))


def _reason(what: str, value: float, messages: Messages) -> Line:
    return (Span(_points(value, messages, signed=True), strong=True), Span(f"  {what}"))


def _points(value: float, messages: Messages, *, signed: bool = False) -> str:
    sign = "" if not signed else "+" if value >= 0 else "−"
    return sign + messages.number(round(abs(value) if signed else value, 2))


# ---------------------------------------------------------------- health


def sources(listed: Sequence[HealthLike], configured: int, messages: Messages, zone: str, now: datetime) -> Reply:
    """Say how each source is doing, those in trouble first. configured: how many there should be."""
    if not listed:
        line = messages.count(
            "{n} source is configured; none has been read yet.",
            "{n} sources are configured; none has been read yet.",
            configured,
        )
        return note(line, messages)
    ordered = sorted(listed, key=lambda health: (-health.failures, _called(health)))
    items = [_source(health, messages, zone, now) for health in ordered]
    well = sum(1 for health in listed if not health.failures)
    heading = messages.count("{n} source of {all} answers", "{n} sources of {all} answer", well, all=len(listed))
    return _reply(messages, Heading(heading), Listing(tuple(items)))


def _source(health: HealthLike, messages: Messages, zone: str, now: datetime) -> Line:
    seen = messages.when(health.answered_at, zone, now) if health.answered_at else ""
    called, link = _called(health)
    name = Span(called, link, strong=bool(health.failures))
    if not health.failures:
        return (name, Span(messages.say(" · last read {when}", when=seen) if seen else messages.say(" · not read yet")))
    tries = messages.count("{n} try without an answer", "{n} tries without an answer", health.failures)
    state = t(" · {tries}, last read {when}: {error}") if seen else t(" · {tries}, never read yet: {error}")
    state = messages.say(state, tries=tries, when=seen, error=_error(health))
    return (name, Span(state))


def _called(health: HealthLike) -> tuple[str, str | None]:
    """Give what a source is called in chat, and its address there: where the machine keeps a file is its own affair."""
    if health.address.startswith(("http://", "https://")):
        return health.name or health.address, health.address if health.name else None
    return health.name or PurePath(health.address).name, None


def _error(health: HealthLike) -> str:
    if health.address.startswith(("http://", "https://")):
        return health.error or "?"
    return (health.error or "?").replace(health.address, PurePath(health.address).name)


def status(
    searched: Searched,
    health: Sequence[HealthLike],
    listed: Sequence[SubscriptionLike],
    messages: Messages,
    *,
    place: str,
    zone: str,
    now: datetime,
) -> Reply:
    """Say how the bot is doing, and what this channel has set."""
    read = max((one.answered_at for one in health if one.answered_at), default=None)
    failing = sum(1 for one in health if one.failures)
    due = min((one.next_due for one in listed if one.next_due), default=None)
    articles = messages.number(searched.articles) if searched.articles else messages.say("none yet")
    if searched.newest:
        newest = messages.dated(searched.newest, zone, now)
        articles = messages.say("{n}, the newest of {when}", n=searched.articles, when=newest)
    items = [
        _labelled(messages.say("Articles: "), articles),
        _labelled(messages.say("Sources: "), _sources_line(len(health), failing, messages)),
        _labelled(messages.say("Last read: "), messages.when(read, zone, now) if read else messages.say("not yet")),
        _labelled(messages.say("Subscriptions of this channel: "), messages.number(len(listed))),
        _labelled(
            messages.say("Next digest: "), messages.when(due, zone, now) if due else messages.say("none is planned")
        ),
        _labelled(messages.say("Language: "), messages.language_name(messages.language)),
        _labelled(messages.say("Time zone: "), zone),
    ]
    return _reply(messages, Heading(messages.say("Status of {place}", place=place)), Listing(tuple(items)))


def _sources_line(sources: int, failing: int, messages: Messages) -> str:
    if not failing:
        return messages.number(sources)
    return messages.count(
        "{n}, {failing} of them without an answer", "{n}, {failing} of them without an answer", sources, failing=failing
    )


# ---------------------------------------------------------------- help


@dataclass(frozen=True, slots=True)
class Usage:
    """A command as help shows it, already in the reader's language.

    line: how it is typed. help: what it does. params: (name, help) of each parameter. example: as a person types it.
    """

    line: str
    help: str
    params: tuple[tuple[str, str], ...] = ()
    example: str = ""


def help_all(usages: Iterable[Usage], about: str, messages: Messages) -> Reply:
    """Show every command."""
    items = tuple((Span(usage.line, code=True), Span(f"  {usage.help}")) for usage in usages)
    return _reply(messages, Heading(messages.say("What I can do"), about), Listing(items))


def help_one(usage: Usage, messages: Messages, note: str = "") -> Reply:
    """Show one command. note: why it is shown."""
    params = tuple((Span(name, strong=True), Span(f"  {text}")) for name, text in usage.params)
    example = (
        Paragraph(((Span(messages.say("For example: ")), Span(usage.example, code=True)),)) if usage.example else None
    )
    return _reply(
        messages,
        Heading(usage.line, usage.help),
        Paragraph(_lines(note)) if note else None,
        Listing(params) if params else None,
        example,
    )
