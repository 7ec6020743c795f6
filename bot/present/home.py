"""Home: what the asker's channels get, what there is to subscribe to, and what is in trouble → Reply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Footer, Heading, Listing, Part, Reply, Row, Span
from bot.present.schedules import near
from bot.present.sources import in_trouble
from bot.present.subscriptions import is_snoozed, refusal, schedule, to_change
from bot.present.topics import to_do
from bot.present.understood import looked_for
from briefs.ingest.source_health import FINE, condition
from briefs.store.channel_rows import StoredTopic, Subscription
from briefs.store.sources import Health

TEN = 10
TROUBLED = 5


@dataclass(frozen=True, slots=True)
class Held:
    """A subscription of one of the asker's channels. value: its ids. may_change: whether the asker may."""

    subscription: Subscription
    place: str
    value: str
    may_change: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """Which ten are shown, of subscriptions and of topics; counted from 0."""

    held: int = 0
    topics: int = 0

    @classmethod
    def read(cls, text: str) -> HomePage:
        """Read what `str` has written; the first page where it is anything else."""
        held, _, topics = text.partition(".")
        return cls(*(int(part) if part.isdecimal() and len(part) < 5 else 0 for part in (held, topics)))

    def __str__(self) -> str:
        return f"{self.held}.{self.topics}"


def home(
    held: Sequence[Held],
    topics: Sequence[StoredTopic],
    troubled: Sequence[Health],
    messages: Messages,
    *,
    page: HomePage,
    zone: str,
    now: datetime,
    name: Callable[[str], str] = str,
    admin: str | None = None,
) -> Reply:
    """Show a page of each; what is paused comes first.

    name: gives what a topic is called in the reader's language. admin: the workspace's limits, for who may change all
    of it.
    """
    say = messages.say
    ordered = sorted(held, key=lambda one: not one.subscription.paused)
    at, on = min(page.held, _last(ordered)), min(page.topics, _last(topics))
    troubles = [one for one in troubled if condition(one, now) not in FINE]
    parts: list[Part] = [
        Heading(say("Home")),
        Buttons(
            (
                Button("form", say("Subscribe a channel"), "subscribe"),
                Button("form", say("New topic"), "topic"),
            )
        ),
        Heading(say("My channels"), "" if held else say("None of them gets anything yet.")),
        *(_held(one, messages, now, name(one.subscription.topic.name)) for one in ordered[at * TEN : (at + 1) * TEN]),
        *_pages(at, _last(ordered), messages, lambda to: HomePage(to, on)),
        Heading(say("Topics"), "" if topics else say("There is none yet.")),
        *(_topic(one, messages, name(one.name)) for one in topics[on * TEN : (on + 1) * TEN]),
        *_pages(on, _last(topics), messages, lambda to: HomePage(at, to)),
        *_sources(troubles, messages, zone, now),
    ]
    if admin:
        parts += [Buttons((Button("open", say("Who changed what"), "audit"),)), Footer((Span(admin),))]
    return Reply(messages.language, say("Home"), tuple(parts))


def _last(listed: Sequence[object]) -> int:
    """Return the number of the last page."""
    return max(0, len(listed) - 1) // TEN


def _pages(at: int, last: int, messages: Messages, to: Callable[[int], HomePage]) -> list[Part]:
    earlier = [Button("home", messages.say("Earlier"), str(to(at - 1)))] if at else []
    later = [Button("home", messages.say("Later"), str(to(at + 1)))] if at < last else []
    return [Buttons((*earlier, *later))] if earlier or later else []


def _held(held: Held, messages: Messages, now: datetime, name: str) -> Row:
    one = held.subscription
    if one.paused:
        because = refusal(one.paused_because, messages) if one.paused_because else messages.say("by a member")
        state = messages.say("paused: {reason}", reason=because)
    else:
        state = schedule(one, messages)
        if is_snoozed(one, now):
            state += " · " + messages.say("snoozed")
        if one.next_due:
            state += " · " + messages.say("next: {when}", when=near(one.next_due, one.zone, now, messages))
    return Row(f"{held.place} · {name}", state, to_change(one, messages, held.value, now) if held.may_change else ())


def _topic(topic: StoredTopic, messages: Messages, name: str) -> Row:
    return Row(name, looked_for(topic.expression, messages), to_do(topic, messages))


def _sources(troubles: Sequence[Health], messages: Messages, zone: str, now: datetime) -> list[Part]:
    if not troubles:
        return []
    items = in_trouble(troubles[:TROUBLED], messages, zone, now)
    heading = messages.count("{n} source in trouble", "{n} sources in trouble", len(troubles))
    return [Heading(heading), Listing(tuple(items))]
