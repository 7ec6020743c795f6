"""How the sources and the bot are doing → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Protocol

from bot.i18n import Messages, t
from bot.present.parts import labelled, note, reply
from bot.present.subscriptions import SubscriptionLike
from bot.reply import Heading, Line, Listing, Reply, Span
from briefs.masking import masked
from briefs.models import Searched


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
    return reply(messages, Heading(heading), Listing(tuple(items)))


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
        address = masked(health.address)
        link = address if health.name and address == health.address else None
        return masked(health.name or address), link
    return health.name or PurePath(health.address).name, None


def _error(health: HealthLike) -> str:
    if health.address.startswith(("http://", "https://")):
        return masked(health.error or "?")
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
        labelled(messages.say("Articles: "), articles),
        labelled(messages.say("Sources: "), _sources_line(len(health), failing, messages)),
        labelled(messages.say("Last read: "), messages.when(read, zone, now) if read else messages.say("not yet")),
        labelled(messages.say("Subscriptions of this channel: "), messages.number(len(listed))),
        labelled(
            messages.say("Next digest: "), messages.when(due, zone, now) if due else messages.say("none is planned")
        ),
        labelled(messages.say("Language: "), messages.language_name(messages.language)),
        labelled(messages.say("Time zone: "), zone),
    ]
    return reply(messages, Heading(messages.say("Status of {place}", place=place)), Listing(tuple(items)))


def _sources_line(sources: int, failing: int, messages: Messages) -> str:
    if not failing:
        return messages.number(sources)
    return messages.count(
        "{n}, {failing} of them without an answer", "{n}, {failing} of them without an answer", sources, failing=failing
    )
