"""What stood before a change is kept beside what all are told of it, so that *Undo* can put it back.

It is kept under an unguessable id; the button has the id alone. It counts only while nothing else has changed the same.
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
    """What was changed: the subscription to the topic of a number, a topic, or (0) something of a channel.

    kind: of a channel, what it has set, or which of its subscriptions are paused, or snoozed till when ("stopped").
    was: what stood before, of what a channel has set only what has changed; None: nothing. spoken: the channel's
    language, where another was chosen beside it, as it "was", whether "given" or chosen, and is "now".
    """

    kind: Kind
    number: int
    was: State | None
    spoken: State | None = None


def stands(session: Session, kind: Kind, number: int = 0) -> State | None:
    """Give what stands now, None where there is nothing of it; a topic of the configuration is nothing of ours."""
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
    """Give what is paused or snoozed in this channel."""
    listed = session.channels.subscriptions(session.channel)
    return [one for one in listed if one.paused or present.is_snoozed(one, session.now)]


def whole(session: Session, topic: StoredTopic) -> dict[str, Any]:
    """Give all there is of a topic that is removed, with the subscriptions to it, wherever they go, and by whom."""
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
    """Keep what stood before a change beside what stands after it; give what the button names."""
    was, now = change.was, stands(session, change.kind, change.number)
    if change.kind == "settings" and was and now:
        changed = {name for name in now if now[name] != was[name]}
        changed |= _SPOKEN if changed & _SPOKEN else set()
        was, now = ({name: one[name] for name in changed} for one in (was, now))
    kept = {"kind": change.kind, "number": change.number, "was": was, "now": now, "spoken": change.spoken}
    return f"{session.channel.id}:{session.keep(kept, about=_by(session))}"


def kept(session: Session, key: str) -> Change:
    """Give a change. Raises UsageError where it is not known any more, or something else has changed the same since."""
    content = session.kept(key)
    if not _counts(session, content):
        raise UsageError("That has been changed since, or is long ago.", hints=("list",))
    return Change(content["kind"], content["number"], content["was"], content.get("spoken"))


def last(session: Session) -> str | None:
    """Name what the asker changed here in the last hour, where that is the last that they did and still counts."""
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
    """Whether a change is known, and nothing else has changed the same since."""
    if "kind" not in content:
        return False
    now = stands(session, content["kind"], content["number"])
    if now and content["kind"] == "settings":
        now = {name: now[name] for name in content["now"]}
    return bool(now == content["now"])
