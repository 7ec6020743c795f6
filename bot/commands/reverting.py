"""*Undo*: the state before a change is restored, with the rights of whoever presses; the channel is told."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import present
from bot.base.calendar import Schedule
from bot.base.i18n import tn
from bot.base.reply import Reply
from bot.commands import saved, subscriptions, topics, undo
from bot.commands.home import topic_of
from bot.commands.model import Place
from bot.commands.session import Session, to_all
from bot.commands.undo import State
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic
from briefs.store.database import from_ms, to_ms


def reaches(session: Session, key: str) -> list[str]:
    """Return the platform's ids of the other channels that *Undo* of a change affects."""
    change = undo.kept(session, key)
    subscribed = (change.was or {}).get("subscribed", []) if change.kind == "topic" else []
    return sorted({one["channel"] for one in subscribed} - {session.channel.id})


def revert(session: Session, key: str, others: Sequence[Place] = ()) -> Reply:
    """Restore the state before a change of the session's channel, and tell the channel.

    others: the other channels that it affects, as far as the asker sees them, with their rights there.
    """
    change = undo.kept(session, key)
    if change.kind == "stopped":  # told to who asks, as pausing is
        before, now = change.was or {}, undo.stands(session, "stopped") or {}
        changed = {number for number in now if now[number] != before.get(number)}
        since = [one for one in undo.stopped(session) if str(one.topic.id) in changed]
        due = {int(number): (from_ms(until), local) for number, (_, until, local) in before.items()}
        return subscriptions.go_on(session, session.here, since, due)
    session = to_all(replace(session, tells=False))
    match change.kind:
        case "subscription":
            reply = _subscription(session, change.number, change.was)
            spoken, stands = change.spoken, session.channels.settings(session.channel)
            if spoken and (stands.language, stands.language_given) == (spoken["now"], False):
                _speak_as_before(session, spoken["was"], given=spoken["given"])
            return reply
        case "topic":
            return _topic(session, change.number, change.was, others)
        case "settings":
            return _settings(session, change.was or {})


def _subscription(session: Session, number: int, was: State | None) -> Reply:
    topic = topic_of(session, str(number))
    names: dict[str, Any] = {"place": session.here.name, "topic": session.called(topic.name)}
    if was is None:
        subscriptions.unsubscribe(session, topic.name)
        is_given = session.channels.settings(session.channel).language_given
        if is_given and not session.channels.subscriptions(session.channel):
            session.channels.choose(session.channel, language=None)  # whoever subscribes next is the first
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


def _speak_as_before(session: Session, was: str | None, *, given: bool) -> None:
    """Restore the channel's language, unless its digests would then have none. given: it had not been chosen before."""
    otherwise = was or session.services.config.settings.language
    if otherwise or not session.channels.subscriptions(session.channel):
        session.channels.choose(session.channel, language=was, language_given=given)


def _topic(session: Session, number: int, was: State | None, others: Sequence[Place]) -> Reply:
    stands = undo.stands(session, "topic", number)
    if was is None and stands:
        topics.remove(session, stands["name"])
        return saved.note(session, session.messages.say("There is no topic “{topic}” after all.", topic=stands["name"]))
    if was is None:
        raise UsageError("That topic is gone.", hints=("topics",))
    if not stands:
        return _bring_back(session, was, others)
    if stands["words"] != was["words"]:
        topics.edit(session, stands["name"], was["words"])
    if stands["name"] != was["name"]:
        topics.rename(session, stands["name"], was["name"])
    return saved.note(session, session.messages.say("Topic “{topic}” is as before.", topic=was["name"]))


def _bring_back(session: Session, was: State, others: Sequence[Place]) -> Reply:
    """Restore a removed topic with its subscriptions in channels where the asker may subscribe."""
    session.check_manages()
    topics.check_room(session, 1)
    held = was.get("subscribed", [])  # none of this where an older version kept it
    places = {place.channel.id: place for place in (*others, session.here)}
    everywhere = session.asked.manages_workspace or was.get("removed_by") == session.asked.user
    may = {name for name, place in places.items() if place.may_manage}
    subscribed = [{**one, **_next(session, one)} for one in held if everywhere or one["channel"] in may]
    languages, by = tuple(was.get("languages", ())), was.get("created_by", session.asked.user)
    names = {name: place.name for name, place in places.items()}
    topic = StoredTopic(0, was["name"], was["words"], languages, created_by=by)
    session.channels.bring_back(session.channel, topic, subscribed, names, session.now)
    return saved.note(session, _brought_back(session, was["name"], len(subscribed), len(held) - len(subscribed)))


def _brought_back(session: Session, topic: str, brought: int, left: int) -> str:
    """Say that a topic is there again. brought, left: how many subscriptions came with it, and how many did not."""
    one, many = tn(
        "Topic “{topic}” is there again, with its subscription.",
        "Topic “{topic}” is there again, with its {n} subscriptions.",
    )
    said = session.messages.say("Topic “{topic}” is there again.", topic=topic)
    if brought:
        said = session.messages.count(one, many, brought, topic=topic)
    if left:
        said += " " + session.messages.count(
            "{n} subscription was left out: whoever manages its channel can subscribe it again.",
            "{n} subscriptions were left out: whoever manages their channels can subscribe them again.",
            left,
        )
    return said


def _next(session: Session, one: State) -> dict[str, int | str | None]:
    """Return the columns with the next due time of a subscription that is restored."""
    due = None if one["paused"] else Schedule.read(one["schedule"], one["zone"]).next(session.now)
    told = {"next_due": to_ms(due.at), "next_local": due.local} if due else {"next_due": None, "next_local": None}
    return {**told, "planned_at": to_ms(session.now)}


def _settings(session: Session, was: State) -> Reply:
    session.check_manages()
    if "language" in was:
        _speak_as_before(session, was["language"], given=was["language_given"])
    for name in ("zone", "form", "quotes"):
        if name in was:
            session.channels.choose(session.channel, **{name: was[name]})
    return saved.settings(session, None)
