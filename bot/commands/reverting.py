"""*Undo*: a change is taken back under the rights of who presses, and all hear of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot import present
from bot.base.calendar import Schedule
from bot.base.reply import Reply
from bot.commands import saved, subscriptions, topics, undo
from bot.commands.home import topic_of
from bot.commands.session import Session, to_all
from bot.commands.undo import State
from briefs.errors import UsageError


def revert(session: Session, key: str) -> Reply:
    """Put back what stood before a change of the session's channel; say so to all."""
    change = undo.kept(session, key)
    session = replace(session, tells=False)
    match change.kind:
        case "subscription":
            return _subscription(session, change.number, change.was)
        case "topic":
            return _topic(session, change.number, change.was)
        case "settings":
            return _settings(session, change.was or {})


def _subscription(session: Session, number: int, was: State | None) -> Reply:
    topic = topic_of(session, str(number))
    names: dict[str, Any] = {"place": session.here.name, "topic": to_all(session).called(topic.name)}
    if was is None:
        subscriptions.unsubscribe(session, topic.name)
        return saved.note(session, session.messages.say("{place} does not get {topic} after all.", **names))
    subscriptions.check_rights(session.here)
    schedule = Schedule.read(was["schedule"], was["zone"])
    due = schedule.next(session.now)
    made = session.channels.subscribe(
        session.channel,
        topic,
        **was,
        next_due=due.at if due else None,
        next_local=due.local if due else None,
        position=session.channels.position_at(session.now),  # one that stands keeps its own
        by=session.asked.user,
        now=session.now,
    )
    when = present.scheduled(Schedule.read(made.schedule, made.zone), session.messages)
    return saved.note(session, session.messages.say("{place} gets {topic} as before: {when}", when=when, **names))


def _topic(session: Session, number: int, was: State | None) -> Reply:
    stands = undo.stands(session, "topic", number)
    if was is None and stands:
        topics.remove(session, stands["name"])
        return saved.note(session, session.messages.say("There is no topic “{topic}” after all.", topic=stands["name"]))
    if was is None:
        raise UsageError("That topic is gone; {command} topics lists what there is.", command=session.command)
    if not stands:
        _check_may(session)
        topics.add(session, was["name"], was["words"])
        line = session.messages.say(
            "Topic “{topic}” is there again; who got it has to subscribe anew.", topic=was["name"]
        )
        return saved.note(session, line)
    if stands["words"] != was["words"]:
        topics.edit(session, stands["name"], was["words"])
    if stands["name"] != was["name"]:
        topics.rename(session, stands["name"], was["name"])
    return saved.note(session, session.messages.say("Topic “{topic}” is as before.", topic=was["name"]))


def _settings(session: Session, was: State) -> Reply:
    _check_may(session)
    channel, channels = session.channel, session.channels
    channels.set_language(channel, was["language"])
    channels.set_zone(channel, was["zone"])
    channels.set_form(channel, was["form"])
    channels.set_quotes(channel, was["quotes"])
    return saved.settings(session, None)


def _check_may(session: Session) -> None:
    if not session.asked.may_manage:
        raise UsageError("Only those who manage {place} may do that; ask one of them.", place=session.here.name)
