"""Subscriptions: subscribe, unsubscribe, list, pause, resume."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import present
from bot.base.calendar import Days, Schedule
from bot.base.reply import Reply
from bot.commands.model import Place
from bot.commands.session import FIRST_LOOKS_BACK, Session
from briefs.errors import UsageError
from briefs.store.channels import StoredTopic, Subscription
from briefs.store.memory import MEMORY

AT = "09:00"  # where nobody says when

MOST = 100  # subscriptions of one channel


def subscribe(
    session: Session,
    topic: str,
    time: str | None = None,
    days: int | None = None,
    zone: str | None = None,
    channel: Place | None = None,
) -> Reply:
    """Subscribe a channel to a topic, or change when it is told; say the whole state that results."""
    return subscribe_to(session, session.topic(topic), channel or session.here, at=time, days=days, zone=zone)


def subscribe_to(
    session: Session,
    topic: StoredTopic,
    place: Place,
    *,
    at: str | None = None,
    days: int | None = None,
    zone: str | None = None,
) -> Reply:
    """Subscribe a place to a topic that is known. What is not said stays as it was, or takes its default."""
    check_rights(place)
    channels = session.channels
    before = channels.subscription(place.channel, topic)
    if before:
        stands = Schedule.read(before.schedule, before.zone)
    else:
        stands = Schedule((AT,), channels.settings(place.channel).zone or session.zone)
    schedule = replace(
        stands,
        times=(at,) if at else stands.times,
        days=Days(days) if days else stands.days,
        zone=zone or stands.zone,
    )
    due = schedule.next(session.now)
    if before is None and len(channels.subscriptions(place.channel)) >= MOST:
        raise UsageError("This channel has {most} subscriptions, as many as it may: end one first.", most=MOST)
    made = channels.subscribe(
        place.channel,
        topic,
        schedule=str(schedule),
        zone=schedule.zone,
        next_due=due.at if due else None,
        next_local=due.local if due else None,
        position=channels.position_at(session.now - FIRST_LOOKS_BACK),
        by=session.asked.user,
        now=session.now,
    )
    return _state(session, made, place)


def _state(session: Session, subscription: Subscription, place: Place, headline: str = "") -> Reply:
    first = None
    if subscription.served_at is None:
        limit = session.services.config.settings.digest.stories
        wanted, reader = session.wanted(subscription.topic), session.messages.language
        told = session.memory.told(place.channel, session.now - MEMORY)
        first = session.archive.digest(wanted, after=subscription.position, told=told, limit=limit, reader=reader)
    dues = Schedule.read(subscription.schedule, subscription.zone).upcoming(session.now)
    runs = [replace(due, at=session.comes_at(due.at, subscription.zone)) for due in dues]
    return present.subscribed(
        subscription,
        runs,
        session.messages,
        place=place.name,
        now=session.now,
        command=session.command,
        first=first,
        headline=headline,
        quiet=session.services.config.settings.quiet_hours if runs != dues else None,
        unread=None if place.readable else session.services.config.settings.policy,
    )


def check_rights(place: Place) -> None:
    """Refuse, as a UsageError, a place that the asker may not subscribe or that the bot cannot post in."""
    if not place.may_manage:
        raise UsageError("Only those who manage {place} may change what it gets; ask one of them.", place=place.name)
    if not place.reachable:
        raise UsageError("I am not in {place}; invite me there, then subscribe again.", place=place.name)


def unsubscribe(session: Session, topic: str) -> Reply:
    """End a subscription of this channel."""
    subscription = _subscription(session, topic)
    session.channels.unsubscribe(subscription)
    return session.note(
        "{place} no longer gets “{topic}”. To have it again: {command} subscribe {topic}",
        place=session.here.name,
        topic=subscription.topic.name,
        command=session.command,
    )


def list_subscriptions(session: Session) -> Reply:
    """Say what this channel gets."""
    listed = [session.comes(one) for one in session.channels.subscriptions(session.channel)]
    return present.subscriptions(
        listed, session.messages, place=session.here.name, now=session.now, command=session.command
    )


def pause(session: Session, topic: str | None = None) -> Reply:
    """Stop one subscription of this channel, or all, until they are resumed."""
    chosen = [one for one in _chosen(session, topic) if not one.paused]
    for subscription in chosen:
        session.channels.pause(subscription)
    if not chosen:
        return session.note("Nothing runs here that could be paused.")
    return session.note(
        "Paused: {topics}. To go on: {command} resume",
        topics=session.messages.listing(one.topic.name for one in chosen),
        command=session.command,
    )


def resume(session: Session, topic: str | None = None) -> Reply:
    """Let one paused subscription of this channel, or all, run again."""
    chosen = [one for one in _chosen(session, topic) if one.paused]
    for subscription in chosen:
        session.channels.resume(subscription, *coming(subscription, session.now))
    if not chosen:
        return session.note("Nothing is paused here.")
    if len(chosen) == 1:
        headline = session.messages.say("Resumed: {topics}", topics=chosen[0].topic.name)
        return _state(session, _subscription(session, chosen[0].topic.name), session.here, headline)
    return list_subscriptions(session)


def coming(subscription: Subscription, now: datetime) -> tuple[datetime | None, str | None]:
    """Give the next due time of a subscription, as the store takes it; None where there is none any more."""
    due = Schedule.read(subscription.schedule, subscription.zone).next(now)
    return (due.at, due.local) if due else (None, None)


def _chosen(session: Session, topic: str | None) -> list[Subscription]:
    return [_subscription(session, topic)] if topic else session.channels.subscriptions(session.channel)


def _subscription(session: Session, topic: str) -> Subscription:
    """Find what this channel gets by its topic's name. Raises UsageError that names the nearest."""
    listed = session.channels.subscriptions(session.channel)
    stored = session.topic(topic, [one.topic for one in listed])
    found = next((one for one in listed if one.topic.id == stored.id), None)
    if found is None:
        raise UsageError(
            "{place} does not get “{topic}”; {command} list shows what it gets.",
            place=session.here.name,
            topic=stored.name,
            command=session.command,
        )
    return found


def subscribed_names(session: Session) -> set[str]:
    """Name the topics that this channel gets."""
    return {subscription.topic.name for subscription in session.channels.subscriptions(session.channel)}
