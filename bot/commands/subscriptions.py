"""Subscriptions: subscribe, unsubscribe, move, list, pause, snooze, resume."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import present
from bot.base.calendar import Days, Due, Schedule
from bot.base.reply import Reply
from bot.commands import saved, undo
from bot.commands.model import Place
from bot.commands.session import FIRST_LOOKS_BACK, Session, to_all
from bot.grammar import NO_END, changed, is_all
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic, Subscription
from briefs.store.memory import MEMORY

AT = "09:00"  # where nobody says when
SNOOZED = timedelta(days=7)  # where nobody says for how long

MOST = 100  # subscriptions of one channel


def subscribe(
    session: Session,
    topic: str,
    time: tuple[str, ...] | None = None,
    days: Days | None = None,
    zone: str | None = None,
    channel: Place | None = None,
    start: date | None = None,
    until: date | None = None,
    form: str | None = None,
    stories: int | None = None,
) -> Reply:
    """Subscribe a channel to a topic, or change when and how it is told; say the whole state that results."""
    place = channel or session.here
    check_rights(place)
    stored = session.topic(topic)
    before = session.channels.subscription(place.channel, stored)
    stands = schedule_of(before) if before else _usual(session, place)
    schedule = changed(stands, session.now, times=time, days=days, zone=zone, start=start, until=until)
    return _subscribe(session, stored, place, before, schedule, form=form, stories=stories)


def subscribe_to(session: Session, topic: StoredTopic, place: Place) -> Reply:
    """Subscribe a place to a topic that is known, as it stands or with what is usual."""
    check_rights(place)
    before = session.channels.subscription(place.channel, topic)
    return _subscribe(session, topic, place, before, schedule_of(before) if before else _usual(session, place))


def _subscribe(
    session: Session,
    topic: StoredTopic,
    place: Place,
    before: Subscription | None,
    schedule: Schedule,
    *,
    form: str | None = None,
    stories: int | None = None,
) -> Reply:
    due = schedule.next(session.now)
    if due is None:
        when = present.scheduled(schedule, session.messages)
        raise UsageError("“{when}” never comes; name another day or another end.", when=when)
    is_first = before is None and not _check_room(session, place)
    if before and _is_so(before, schedule, due, form, stories):
        name = session.called(topic.name)
        headline = session.messages.say("{place} gets “{topic}” already", place=place.name, topic=name)
        return _state(session, before, place, headline)
    there = session.at(place)
    made = session.channels_of(place).subscribe(
        place.channel,
        topic,
        schedule=str(schedule),
        zone=schedule.zone,
        next_due=due.at,
        next_local=due.local,
        position=session.channels.position_at(session.now - FIRST_LOOKS_BACK),
        by=session.asked.user,
        now=session.now,
        stories=stories or (before.stories if before else None),
        form=form or (before.form if before else None),
    )
    if not session.tells:  # a form gives the language that it shows
        return _state(session, made, place, before=before)
    given = give_language(there, session.messages.language) if is_first else None
    is_other = given not in (None, there.channel_language)
    reply = _state(session, made, place, before=before, changes_language=is_other)
    was = {name: getattr(before, name) for name in undo.PLAN} if before else None
    return saved.with_told(session, reply, saved.subscription(there, made, was, given))


def give_language(there: Session, language: str) -> str | None:
    """Have a channel that has its first subscription spoken to in a language; None where one has been chosen for it."""
    is_free = there.chosen_language is None and there.channels.offer_language(there.channel, language)
    return language if is_free else None


def _is_so(before: Subscription, schedule: Schedule, due: Due, form: str | None, stories: int | None) -> bool:
    """Whether a subscription is what somebody wants it to be: nobody need hear of it."""
    wanted = (str(schedule), schedule.zone, due.at, form or before.form, stories or before.stories)
    return (before.schedule, before.zone, before.next_due, before.form, before.stories) == wanted


def _usual(session: Session, place: Place) -> Schedule:
    return Schedule((AT,), session.channels.settings(place.channel).zone or session.zone)


def _check_room(session: Session, place: Place) -> int:
    """Count what a place gets. Raises UsageError where that is as much as it may."""
    count = len(session.channels.subscriptions(place.channel))
    if count >= MOST:
        raise UsageError("This channel has {most} subscriptions, as many as it may: end one first.", most=MOST)
    return count


def _state(
    session: Session,
    subscription: Subscription,
    place: Place,
    headline: str = "",
    before: Subscription | None = None,
    changes_language: bool = False,
) -> Reply:
    first = None
    if subscription.served_at is None:
        limit = subscription.stories or session.services.config.settings.digest.stories
        wanted, reader = session.wanted(subscription.topic), session.messages.language
        told = session.memory.told(place.channel, session.now - MEMORY)
        first = session.archive.digest(wanted, after=subscription.position, told=told, limit=limit, reader=reader)
    begin = subscription.next_due - timedelta(seconds=1) if subscription.next_due else session.now
    dues = schedule_of(subscription).upcoming(begin)
    runs = [replace(due, at=session.comes_at(due.at, subscription.zone)) for due in dues]
    return present.subscribed(
        subscription,
        runs,
        session.messages,
        place=place.name,
        now=session.now,
        value=f"{place.channel.id}:{subscription.id}",
        called=session.called(subscription.topic.name),
        first=first,
        headline=headline,
        quiet=session.services.config.settings.quiet_hours if runs != dues else None,
        unread=None if place.readable else session.services.config.settings.policy,
        before=before,
        speaks=session.at(place).channel_language,
        changes_language=changes_language,
    )


def check_rights(place: Place) -> None:
    """Refuse, as a UsageError, a place that the asker may not subscribe or that the bot cannot post in."""
    _check_may(place)
    if not place.reachable:
        raise UsageError("I am not in {place}; invite me there, then subscribe again.", place=place.name)


def _check_may(place: Place) -> None:
    if not place.may_manage:
        raise UsageError("Only those who manage {place} may change what it gets; ask one of them.", place=place.name)


def unsubscribe(session: Session, topic: str, channel: Place | None = None) -> Reply:
    """End a subscription of a channel, or all."""
    place = _changed_place(session, channel)
    chosen = _chosen(session, place, topic)
    for subscription in chosen:
        session.channels_of(place).unsubscribe(subscription)
    if not chosen:
        return session.note("{place} gets nothing that could be ended.", place=place.name)
    line = session.note("{place} no longer gets {topics}.", place=place.name, topics=saved.named(session, chosen))
    return saved.with_told(session, line, saved.ended(session.at(place), chosen)) if session.tells else line


def move(session: Session, topic: str, channel: Place) -> Reply:
    """Have a subscription of this channel told in another; say the whole state that results."""
    subscription = _subscription(session, _changed_place(session, None), topic)
    check_rights(channel)
    if session.channels.subscription(channel.channel, subscription.topic):
        called = session.called(subscription.topic.name)
        raise UsageError("{place} gets “{topic}” already.", place=channel.name, topic=called)
    is_first = not _check_room(session, channel)
    due, local = coming(subscription, session.now)
    if present.is_snoozed(subscription, session.now):
        due, local = subscription.next_due, subscription.next_local
    session.channels.move(subscription, channel.channel, due, local, session.now, channel.name)
    there = session.at(channel)
    given = give_language(there, session.channel_language) if is_first else None  # it goes on as it was
    moved = session.channels.subscription(channel.channel, subscription.topic)
    if moved is None:  # it was ended in this very moment
        raise UsageError("That subscription has ended.", hints=("list",))
    headline = session.messages.say(
        "“{topic}” comes to {place} now, and no more to {before}",
        topic=session.called(moved.topic.name),
        place=channel.name,
        before=session.here.name,
    )
    reply = _state(session, moved, channel, headline)
    return saved.with_told(session, reply, saved.moved(there, moved, given))


def list_subscriptions(
    session: Session, channel: Place | None = None, everywhere: Sequence[Place] | None = None
) -> Reply:
    """Say what a channel gets, or all that the asker may change."""
    if everywhere is None:
        return _listed(session, channel or session.here)
    places = {place.channel: place for place in everywhere}
    by_place: dict[str, list[Subscription]] = {}
    for one in session.channels.workspace_subscriptions(session.channel):
        if place := places.get(one.channel):
            by_place.setdefault(place.name, []).append(session.comes(one))
    return present.subscriptions_everywhere(by_place, session.messages, now=session.now, called=session.called)


def page_of_list(session: Session, start: int) -> Reply:
    """Say what this channel gets, ten from a start on."""
    return _listed(session, session.here, start)


def _listed(session: Session, place: Place, start: int = 0) -> Reply:
    listed = [session.comes(one) for one in session.channels.subscriptions(place.channel)]
    return present.subscriptions(
        listed,
        session.messages,
        place=place.name,
        now=session.now,
        called=session.called,
        value=(lambda one: f"{place.channel.id}:{one.id}") if place.may_manage else None,
        start=start,
    )


def pause(
    session: Session,
    topic: str | None = None,
    channel: Place | None = None,
    length: timedelta | None = None,
    until: date | None = None,
) -> Reply:
    """Stop one subscription of a channel, or all, until they are resumed, or for a while."""
    if length or (until and until != NO_END):
        return snooze(session, topic, length, until, channel)
    place = _changed_place(session, channel)
    chosen = [one for one in _chosen(session, place, topic) if not one.paused]
    was = undo.stands(session.at(place), "stopped")
    for subscription in chosen:
        session.channels_of(place).pause(subscription)
    if not chosen:
        return session.note("Nothing runs here that could be paused.")
    _remember_stopped(session.at(place), was)
    return present.paused(
        [(session.called(one.topic.name), f"{place.channel.id}:{one.id}") for one in chosen], session.messages
    )


def snooze(
    session: Session,
    topic: str | None = None,
    length: timedelta | None = None,
    until: date | None = None,
    channel: Place | None = None,
) -> Reply:
    """Stop one subscription of a channel, or all, for a while: the next comes once that is over."""
    if until == NO_END:
        return pause(session, topic, channel)
    place = _changed_place(session, channel)
    chosen = [one for one in _chosen(session, place, topic) if not one.paused and one.next_due]
    if not chosen:
        return session.note("Nothing runs here that could be paused.")
    was = undo.stands(session.at(place), "stopped")
    for one in chosen:
        over = datetime.combine(until, time(), ZoneInfo(one.zone)) if until else session.now + (length or SNOOZED)
        due = schedule_of(one).next(over - timedelta(seconds=1))
        session.channels_of(place).put_off(one, due.at if due else None, due.local if due else None, session.now)
    _remember_stopped(session.at(place), was)
    headline = session.messages.say("Snoozed: {topics}", topics=_names(session, chosen))
    return _outcome(session, place, chosen, headline)


def _remember_stopped(there: Session, was: undo.State | None) -> None:
    """Keep what was paused or snoozed before, for who types "undo"; the buttons under the answer say *Resume*."""
    if undo.stands(there, "stopped") != was:
        undo.remember(there, undo.Change("stopped", 0, was))


def resume(session: Session, topic: str | None = None, channel: Place | None = None) -> Reply:
    """Let one subscription of a channel that is paused or snoozed, or all, run again."""
    place = _changed_place(session, channel)
    chosen = _chosen(session, place, topic)
    return go_on(session, place, [one for one in undo.stopped(session.at(place)) if one in chosen])


def says_summary(session: Session, arguments: Mapping[str, str]) -> bool:
    """Whether "resume" is French without its accents: a topic is named in a French channel that has not paused it."""
    if to_all(session).messages.language != "fr" or arguments.keys() != {"topic"}:
        return False
    named = session.known_topic(arguments["topic"])
    return all(one.topic != named for one in undo.stopped(session))


def go_on(
    session: Session,
    place: Place,
    chosen: Sequence[Subscription],
    snoozed: Mapping[int, tuple[datetime | None, str | None]] | None = None,
) -> Reply:
    """Let these subscriptions of a place run again. snoozed: the topics of those that are due only then, as before."""
    _check_may(place)
    snoozed = snoozed or {}
    for one in chosen:
        session.channels_of(place).resume(one, *(snoozed.get(one.topic.id) or coming(one, session.now)))
    if not chosen:
        return session.note("Nothing is paused here.")
    say, topics = session.messages.say, _names(session, chosen)
    again = say("Snoozed: {topics}", topics=topics) if chosen[0].topic.id in snoozed else None
    return _outcome(session, place, chosen, again or say("Resumed: {topics}", topics=topics))


def _outcome(session: Session, place: Place, chosen: Sequence[Subscription], headline: str) -> Reply:
    """Say the whole state of one subscription, or what the channel gets, now that some have changed."""
    if len(chosen) == 1:
        return _state(session, _subscription(session, place, chosen[0].topic.name), place, headline)
    return _listed(session, place)


def coming(subscription: Subscription, now: datetime) -> tuple[datetime | None, str | None]:
    """Return the next due time of a subscription, as the store takes it; None where there is none any more."""
    due = schedule_of(subscription).next(now)
    return (due.at, due.local) if due else (None, None)


def schedule_of(subscription: Subscription) -> Schedule:
    """Return when a subscription is due."""
    return Schedule.read(subscription.schedule, subscription.zone)


def _changed_place(session: Session, channel: Place | None) -> Place:
    """Return the place that is meant. Raises UsageError where the asker may not change what it gets."""
    place = channel or session.here
    _check_may(place)
    return place


def _chosen(session: Session, place: Place, topic: str | None) -> list[Subscription]:
    """Return the subscription of a place that is named; all where none is, or "all" and no topic has that name."""
    listed = session.channels.subscriptions(place.channel)
    if topic is None or (is_all(topic) and session.channels.topic(session.channel, topic) is None):
        return listed
    return [_subscription(session, place, topic)]


def _names(session: Session, chosen: Sequence[Subscription]) -> str:
    return session.messages.listing(session.called(one.topic.name) for one in chosen)


def _subscription(session: Session, place: Place, topic: str) -> Subscription:
    """Find what a place gets by its topic's name. Raises UsageError that names the nearest."""
    listed = session.channels.subscriptions(place.channel)
    stored = session.topic(topic, [one.topic for one in listed])
    found = next((one for one in listed if one.topic.id == stored.id), None)
    if found is None:
        raise UsageError(
            "{place} does not get “{topic}”.", place=place.name, topic=session.called(stored.name), hints=("list",)
        )
    return found


def subscribed_names(session: Session) -> set[str]:
    """Name the topics that this channel gets."""
    return {subscription.topic.name for subscription in session.channels.subscriptions(session.channel)}
