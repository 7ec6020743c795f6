"""What a channel gets, and when → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.base.calendar import Due, Schedule
from bot.base.i18n import Messages, t
from bot.base.reply import Footer, Heading, Listing, Paragraph, Reply, Span
from bot.present.parts import labelled, lines, note, reply, sample
from bot.present.schedules import scheduled
from bot.present.topics import TopicLike
from briefs.models import Digest

SAMPLES = 3


class SubscriptionLike(Protocol):
    """A subscription as it is kept."""

    @property
    def topic(self) -> TopicLike:
        """What it is to."""

    @property
    def schedule(self) -> str:
        """When, as `Schedule` writes it."""

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
    quiet: tuple[str, str] | None = None,
    unread: str | None = None,
) -> Reply:
    """Echo the whole state of a subscription: what, where, when, the next runs, what comes first.

    first: what the first digest would hold by now; None where there has been one. headline: what has happened to it.
    quiet: the hours that put off one of the runs. unread: what is done, by the settings, where nobody can look whether
    a digest has arrived; None where somebody can.
    """
    name = subscription.topic.name
    heading = headline or messages.say("{place} gets “{topic}”", place=place, topic=name)
    items = [labelled(messages.say("When: "), schedule(subscription, messages))]
    if runs:
        listed = " / ".join(messages.when(run.at, subscription.zone, now) for run in runs)
        items.append(labelled(messages.say("Next: "), listed))
    if quiet:
        start, end = map(messages.wall, quiet)
        hours = messages.say("{start}–{end}; what is due in them comes at their end", start=start, end=end)
        items.append(labelled(messages.say("Quiet hours: "), hours))
    if unread:
        items.append(labelled(messages.say("Not readable: "), messages.say(_UNREAD[unread])))
    items.append(labelled(messages.say("Language: "), messages.language_name(messages.language)))
    items.append((Span(messages.say("Looks for: "), strong=True), Span(subscription.topic.expression, code=True)))
    if first is not None:
        items.append(labelled(messages.say("First digest: "), _first(first, messages)))
    samples = (
        [sample(story.lead.title, story.lead.url, story.lead.source) for story in first.stories[:SAMPLES]]
        if first
        else []
    )
    change = messages.say("To change: {command} subscribe {topic} at 18:00 weekdays", command=command, topic=name)
    stop = messages.say("to stop: {command} unsubscribe {topic}", command=command, topic=name)
    return reply(
        messages,
        Heading(heading),
        Listing(tuple(items)),
        Paragraph(lines(messages.say("So far:"))) if samples else None,
        Listing(tuple(samples)) if samples else None,
        Footer((Span(f"{change} · {stop}"),)),
    )


# What a channel has to know whose history the bot cannot read, by the setting `policy`.
_UNREAD = {
    "prefer_delivery": t("I cannot look for what I posted; where a connection breaks, a digest may come twice"),
    "prefer_silence": t("I cannot look for what I posted; where a connection breaks, a digest may not come"),
}


def schedule(subscription: SubscriptionLike, messages: Messages) -> str:
    """Say when a subscription is told: "09:00 (Europe/Paris), every day"."""
    return scheduled(Schedule.read(subscription.schedule, subscription.zone), messages)


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
    return reply(messages, Heading(heading), Listing(tuple(items)))


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
