"""Undo of what a form saved: as long as nothing else has changed it, and for who may change it.

What stood there is kept beside what people were shown, under an unguessable id; the button has the id alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import present
from bot.base.calendar import Schedule
from bot.base.reply import Reply
from bot.commands.session import Session
from bot.commands.subscriptions import check_rights
from briefs.errors import UsageError
from briefs.store.channels import Subscription

_NOBODY = ""  # as the one who was shown it: nobody asks why of it


def remember(session: Session, before: Subscription | None, after: Subscription) -> str:
    """Keep what stood before a change, and what stands after it; give the id to undo it by."""
    kept = {"topic": after.topic.id, "was": before and _plan(before), "now": _plan(after)}
    return session.answers.remember(session.channel, _NOBODY, "", kept, session.now)


def kept(session: Session, key: str) -> tuple[Mapping[str, Any] | None, str]:
    """Give what stood before a change, None: nothing, and the topic's name.

    Raises UsageError where it is not known any more, or something else has changed it since.
    """
    shown = session.answers.answer(session.channel, _NOBODY, key)
    content = shown.content if shown else {}
    listed = session.channels.subscriptions(session.channel)
    stands = next((one for one in listed if one.topic.id == content.get("topic")), None)
    if stands is None or _plan(stands) != content["now"]:
        raise UsageError(
            "That has been changed since, or is long ago; {command} list shows what comes here.",
            command=session.command,
        )
    return content["was"], stands.topic.name


def ended(session: Session, topic: str) -> Reply:
    """Say to all that a new subscription is taken back."""
    return _told(session, session.messages.say("{place} does not get {topic} after all.", **_names(session, topic)))


def put_back(session: Session, topic: str, was: Mapping[str, Any]) -> Reply:
    """Put a subscription back as it was, and say so to all."""
    check_rights(session.here)
    schedule = Schedule.read(was["schedule"], was["zone"])
    due = schedule.next(session.now)
    made = session.channels.subscribe(
        session.channel,
        session.topic(topic),
        **was,
        next_due=due.at if due else None,
        next_local=due.local if due else None,
        position=0,  # it stands, and keeps its own
        by=session.asked.user,
        now=session.now,
    )
    when = present.scheduled(Schedule.read(made.schedule, made.zone), session.messages)
    line = session.messages.say("{place} gets {topic} as before: {when}", when=when, **_names(session, topic))
    return _told(session, line)


def _plan(one: Subscription) -> dict[str, Any]:
    return {"schedule": one.schedule, "zone": one.zone, "stories": one.stories, "form": one.form}


def _names(session: Session, topic: str) -> dict[str, str]:
    return {"place": session.here.name, "topic": topic}


def _told(session: Session, line: str) -> Reply:
    said = session.messages.say("@{who}: {line}", who=session.asked.user_name or session.asked.user, line=line)
    reply = present.note(said, session.messages, public=session.asked.reachable)
    return replace(reply, channel=session.channel)
