"""What a channel gets, and when → Reply."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.base.calendar import Due, Schedule
from bot.base.i18n import Messages, t
from bot.base.looks import FORMS
from bot.base.reply import LINE_END, Button, Buttons, Heading, Line, Listing, Paragraph, Part, Reply, Row, Span
from bot.present.parts import labelled, lines, note, other_languages, page, reply, sample, with_buttons
from bot.present.schedules import scheduled
from bot.present.understood import looked_for
from briefs.errors import BriefsError
from briefs.models import Digest
from briefs.store.channel_rows import Subscription

SAMPLES = 3
RESUMED = 5  # of those that were paused at once, as many have a button


def subscribed(
    subscription: Subscription,
    runs: Sequence[Due],
    messages: Messages,
    *,
    place: str,
    now: datetime,
    value: str,
    called: str = "",
    first: Digest | None = None,
    headline: str = "",
    quiet: tuple[str, str] | None = None,
    unread: str | None = None,
    before: Subscription | None = None,
    speaks: str = "",
    changes_language: bool = False,
) -> Reply:
    """Echo the whole state of a subscription: what, where, when, the next runs, what comes first.

    value: its ids, for what can be done with it. called: its topic in the reader's language, "" for the same.
    first: what the first digest would hold by now; None where there has been one. headline: what has happened to it.
    quiet: the hours that put off one of the runs. unread: what is done, by the settings, where nobody can look whether
    a digest has arrived; None where somebody can. before: what it replaces. speaks: the language of what comes, "" for
    the reader's. changes_language: whether that has just been chosen, so that it can be chosen otherwise at once.
    """
    name = called or subscription.topic.name
    heading = headline or messages.say("{place} gets “{topic}”", place=place, topic=name)
    items = [
        *_told_of(subscription, before, messages),
        *_to_come(subscription, runs, messages, now, quiet, unread),
        labelled(messages.say("Language: "), messages.language_name(speaks or messages.language)),
        labelled(messages.say("Looks for: "), looked_for(subscription.topic.expression, messages)),
    ]
    if first is not None:
        items.append(labelled(messages.say("First digest: "), _first(first, messages)))
    change = Button("form", messages.say("Change"), f"subscribe {value}")
    resume = (Button("resume", messages.say("Resume"), value),) if is_snoozed(subscription, now) else ()
    stop = Button("stop", messages.say("Stop"), value)
    row = Buttons((change, *resume, stop, *(other_languages(speaks, value) if changes_language else ())))
    return reply(messages, Heading(heading), Listing(tuple(items)), *_samples(first, messages), row)


def _told_of(subscription: Subscription, before: Subscription | None, messages: Messages) -> list[Line]:
    """Say when a subscription is told, when it was before that changed, and how much it shows."""
    when = schedule(subscription, messages)
    items = [labelled(messages.say("When: "), when)]
    if before and (was := schedule(before, messages)) != when:
        items.append(labelled(messages.say("Before: "), was))
    if shown := extent(subscription, messages):
        items.append(labelled(messages.say("Shows: "), shown))
    return items


def _to_come(
    subscription: Subscription,
    runs: Sequence[Due],
    messages: Messages,
    now: datetime,
    quiet: tuple[str, str] | None,
    unread: str | None,
) -> list[Line]:
    """Say when the next runs are, and what may come between them and the channel."""
    items = []
    if runs:
        items.append(labelled(messages.say("Next: "), _days_and_times(runs, subscription.zone, messages, now)))
    if quiet:
        start, end = map(messages.wall, quiet)
        hours = messages.say("{start}–{end}; what is due in them comes at their end", start=start, end=end)
        items.append(labelled(messages.say("Quiet hours: "), hours))
    if unread:
        items.append(labelled(messages.say("Not readable: "), messages.say(_UNREAD[unread])))
    return items


def _days_and_times(runs: Sequence[Due], zone: str, messages: Messages, now: datetime) -> str:
    """Say when runs are, each day once: "Monday 16 November, 09:00 and 17:00; Tuesday 17 November, 09:00"."""
    times: dict[str, list[str]] = {}
    for run in runs:
        times.setdefault(messages.day(run.at, zone, now), []).append(messages.time(run.at, zone))
    said = (messages.say("{day}, {time}", day=day, time=messages.listing(at)) for day, at in times.items())
    return messages.say("; ").join(said)


def _samples(first: Digest | None, messages: Messages) -> tuple[Part, ...]:
    """Name some of the stories that the first digest would hold by now."""
    leads = [story.lead for story in first.stories[:SAMPLES]] if first else []
    if not leads:
        return ()
    samples = Listing(tuple(sample(lead.title, lead.url, lead.source) for lead in leads))
    return (Paragraph(lines(messages.say("So far:"))), samples)


# What a channel has to know whose history the bot cannot read, by the setting `policy`.
_UNREAD = {
    "prefer_delivery": t("I cannot look for what I posted; where a connection breaks, a digest may come twice"),
    "prefer_silence": t("I cannot look for what I posted; where a connection breaks, a digest may not come"),
}


def which_zone(error: BriefsError, zones: Sequence[str], messages: Messages, *, key: str) -> Reply:
    """Ask which city's clock is meant. key: what was typed is kept under."""
    cities = [messages.city(zone) for zone in zones]
    row = (Button("instead", city, f"{key}:{number}") for number, city in enumerate(cities))
    return with_buttons(note(messages.say(error.template, **error.values | {"zones": cities}), messages), *row)


def schedule(subscription: Subscription, messages: Messages) -> str:
    """Say when a subscription is told: "09:00 (Europe/Paris), every day"."""
    return scheduled(Schedule.read(subscription.schedule, subscription.zone), messages)


def extent(subscription: Subscription, messages: Messages) -> str:
    """Say how much a subscription shows where it has a say of its own: "headlines, 5 stories"; "" where it has none."""
    form = [messages.say(FORMS[subscription.form])] if subscription.form else []
    stories = subscription.stories
    count = [messages.count("{n} story", "{n} stories", stories)] if stories else []
    return messages.clauses((*form, *count))


def is_snoozed(subscription: Subscription, now: datetime) -> bool:
    """Whether a subscription that runs is put off: it comes later than its schedule has it."""
    due = Schedule.read(subscription.schedule, subscription.zone).next(now)
    return bool(due and subscription.next_local and subscription.next_local > due.local and not subscription.paused)


def _first(first: Digest, messages: Messages) -> str:
    stories = len(first.stories) + len(first.more)
    if not stories:
        return messages.say("whatever comes in until then; a day with nothing new is not posted")
    return messages.count(
        "{n} story so far, and what comes in until then", "{n} stories so far, and what comes in until then", stories
    )


def subscriptions(
    listed: Sequence[Subscription],
    messages: Messages,
    *,
    place: str,
    now: datetime,
    called: Callable[[str], str] = str,
    value: Callable[[Subscription], str] | None = None,
    start: int = 0,
) -> Reply:
    """List what a channel gets, ten from a start on. called: gives what a topic is called in the reader's language.

    value: gives the ids of one, for what can be done with it; None where the asker may do nothing.
    """
    if not listed:
        return _with_topics(messages.say("{place} subscribes to nothing yet.", place=place), messages)
    heading = messages.count("{place} gets {n} topic", "{place} gets {n} topics", len(listed), place=place)
    shown, turn = page(listed, start, "list", messages)
    rows = [
        Row(
            called(one.topic.name),
            _told_when(one, messages, now),
            to_change(one, messages, value(one), now) if value else (),
        )
        for one in shown
    ]
    return reply(messages, Heading(heading), *rows, turn)


def to_change(one: Subscription, messages: Messages, value: str, now: datetime) -> tuple[Button, ...]:
    """Return what can be done with a subscription. value: its ids."""
    say = messages.say
    edit = Button("form", say("Edit"), f"subscribe {value}")
    if one.paused or is_snoozed(one, now):
        return (edit, Button("resume", say("Resume"), value))
    return (edit, Button("pause", say("Pause"), value)) if one.next_due else (edit,)


def subscriptions_everywhere(
    by_place: Mapping[str, Sequence[Subscription]],
    messages: Messages,
    *,
    now: datetime,
    called: Callable[[str], str] = str,
) -> Reply:
    """List what several channels get, each under its name."""
    if not by_place:
        return _with_topics(messages.say("None of your channels gets anything yet."), messages)
    parts: list[Part] = []
    for place, listed in sorted(by_place.items()):
        parts += [Paragraph(((Span(place, strong=True),),)), _listing(listed, messages, now, called)]
    count = sum(map(len, by_place.values()))
    heading = messages.count("Your channels get {n} topic", "Your channels get {n} topics", count)
    return reply(messages, Heading(heading), *parts)


def paused(topics: Sequence[tuple[str, str]], messages: Messages) -> Reply:
    """Say what is paused, with a button each that lets it go on. topics: their names and ids."""
    resume, shown = messages.say("Resume"), topics[:RESUMED]
    row = (Button("resume", resume if len(topics) == 1 else f"{resume} · {name}", value) for name, value in shown)
    line = messages.say("Paused: {topics}.", topics=messages.listing(name for name, _ in topics))
    return with_buttons(note(line, messages), *row)


def _with_topics(line: str, messages: Messages) -> Reply:
    """Say a line, with a button for what there is to subscribe to."""
    return with_buttons(note(line, messages), Button("open", messages.say("Topics"), "topics"))


def _listing(
    listed: Sequence[Subscription], messages: Messages, now: datetime, called: Callable[[str], str]
) -> Listing:
    return Listing(
        tuple(
            (Span(called(one.topic.name), strong=True), LINE_END, Span(_told_when(one, messages, now)))
            for one in listed
        )
    )


def _told_when(one: Subscription, messages: Messages, now: datetime) -> str:
    """Say when a subscription is told, how much, and how it stands."""
    said = [schedule(one, messages), extent(one, messages)]
    if one.paused:
        because = messages.say(" ({marks})", marks=refusal(one.paused_because, messages)) if one.paused_because else ""
        said.append(messages.say("paused") + because)
    elif one.next_due:
        said += [messages.say("snoozed")] if is_snoozed(one, now) else []
        said.append(messages.say("next: {when}", when=messages.when(one.next_due, one.zone, now)))
    else:
        said.append(messages.say("over"))
    return " · ".join(filter(None, said))


# What platforms answer where nothing can be posted, by the words that their codes have.
_REFUSALS = {
    "not_in_channel": t("I am not in the channel any more; invite me there"),
    "channel_not_found": t("the channel is gone, or I cannot see it"),
    "unknown channel": t("the channel is gone, or I cannot see it"),
    "is_archived": t("the channel is archived"),
    "app_uninstalled": t("I was taken out of this workspace; install me again, then resume"),
    "token_revoked": t("my token was revoked; the operator must set another"),
    "invalid_auth": t("my token is not valid; the operator must set another"),
    "401: unauthorized": t("my token is not valid; the operator must set another"),
    "missing access": t("I may not see the channel; give me the right to"),
    "missing permissions": t("I may not write in the channel; give me the right to"),
}


def refusal(reason: str, messages: Messages) -> str:
    """Word what a platform answered; what is not known stays as it came."""
    known = next((said for code, said in _REFUSALS.items() if code in reason.casefold()), None)
    return messages.say(known) if known else reason
