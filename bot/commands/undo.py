"""The state before a change, stored so that *Undo* can restore it.

It is stored under an unguessable id, and the button has only the id. It holds while nothing else has changed the same
thing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal

from bot import present
from bot.commands.session import Session
from briefs.errors import UsageError
from briefs.store.audit import Audit
from briefs.store.channel_rows import StoredTopic, Subscription
from briefs.store.database import to_ms

Kind = Literal["subscription", "stopped", "topic", "settings"]
State = Mapping[str, Any]
_RECENT = timedelta(hours=1)  # who types "undo" means what they have just done
_SPOKEN = frozenset(("language", "language_given"))  # of what a channel has set: one thing
PLAN = ("schedule", "zone", "stories", "form")  # of a subscription


@dataclass(frozen=True, slots=True)
class Change:
    """A change.

    kind: "stopped" is which of a channel's subscriptions are paused or snoozed, and until when. number: of the topic,
    also for a subscription; 0 for a channel. was: the state before; of settings only those that changed; None: it was
    new. spoken: if the channel's language changed as well: what it "was", whether that was "given", and is "now".
    """

    kind: Kind
    number: int
    was: State | None
    spoken: State | None = None


def stands(session: Session, kind: Kind, number: int = 0) -> State | None:
    """Return the present state; None where there is none. Topics of the configuration have none here."""
    match kind:
        case "subscription":
            listed = session.channels.subscriptions(session.channel)
            held = next((one for one in listed if one.topic.id == number), None)
            return {name: getattr(held, name) for name in PLAN} if held else None
        case "stopped":
            return {str(one.topic.id): [one.paused, to_ms(one.next_due), one.next_local] for one in stopped(session)}
        case "topic":
            own = (one for one in session.channels.topics(session.channel) if not one.configured)
            topic = next((one for one in own if one.id == number), None)
            return {"name": topic.name, "words": topic.expression} if topic else None
        case "settings":
            return asdict(session.channels.settings(session.channel))


def stopped(session: Session) -> list[Subscription]:
    """Return the subscriptions of this channel that are paused or snoozed."""
    listed = session.channels.subscriptions(session.channel)
    return [one for one in listed if one.paused or present.is_snoozed(one, session.now)]


def whole(session: Session, topic: StoredTopic) -> dict[str, Any]:
    """Return the whole state of a topic that is being removed, with all subscriptions to it, and who removes it."""
    held = (one for one in session.channels.workspace_subscriptions(session.channel) if one.topic.id == topic.id)
    kept = (*PLAN, "paused", "paused_because", "created_by", "position")
    return {
        "name": topic.name,
        "words": topic.expression,
        "languages": list(topic.languages),
        "created_by": topic.created_by,
        "removed_by": session.asked.user,
        "subscribed": [
            {"channel": one.channel.id, **{name: getattr(one, name) for name in kept}}
            | {"created_at": to_ms(one.created_at), "served_at": to_ms(one.served_at)}
            for one in held
        ],
    }


def remember(session: Session, change: Change) -> str:
    """Store the states before and after a change; return what the button has to name."""
    was, now = change.was, stands(session, change.kind, change.number)
    if change.kind == "settings" and was and now:
        changed = {name for name in now if now[name] != was[name]}
        changed |= _SPOKEN if changed & _SPOKEN else set()
        was, now = ({name: one[name] for name in changed} for one in (was, now))
    kept = {"kind": change.kind, "number": change.number, "was": was, "now": now, "spoken": change.spoken}
    return f"{session.channel.id}:{session.keep(kept, about=_by(session))}"


def kept(session: Session, key: str) -> Change:
    """Return a stored change. Raises UsageError if it was deleted, or the same thing has changed again since."""
    content = session.kept(key)
    if not _counts(session, content):
        raise UsageError("That has been changed since, or is long ago.", hints=("list",))
    return Change(content["kind"], content["number"], content["was"], content.get("spoken"))


def last(session: Session) -> str | None:
    """Return the key of the asker's last change here, if it was within an hour, their last action, and still holds."""
    kept = session.answers.latest(session.channel, "", _by(session))
    if kept is None or kept.shown_at < session.now - _RECENT or not _counts(session, kept.content):
        return None
    user, audit = session.asked.user, Audit(session.services.archive.database)
    done = [one.at for one in audit.of(session.channel, 1, person=user)]
    done += [one.given_at for one in session.wishes.of(session.channel) if one.user == user]
    return None if any(at > kept.shown_at for at in done) else f"{session.channel.id}:{kept.id}"


def _by(session: Session) -> str:
    return f"changed by {session.asked.user}"


def _counts(session: Session, content: Mapping[str, Any]) -> bool:
    """Whether a change is stored, and the same thing has not changed again since."""
    if "kind" not in content:
        return False
    now = stands(session, content["kind"], content["number"])
    if now and content["kind"] == "settings":
        now = {name: now[name] for name in content["now"]}
    return bool(now == content["now"])
