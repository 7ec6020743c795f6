"""Sources and topics of a pack or a file: added together by one press, and removed by another.

sources, topics → what of them is new → followed and added, the channel told once → Undo, under an unguessable id
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import present
from bot.base.reply import Reply
from bot.commands import topics
from bot.commands.following import check_may_follow
from bot.commands.session import Session, to_all
from bot.exchange.records import TopicRecord
from briefs.errors import UsageError
from briefs.ingest.addresses import canonical
from briefs.models import Source
from briefs.store.channel_rows import StoredTopic, topic_key


@dataclass(frozen=True, slots=True)
class New:
    """The sources and topics that a workspace does not have yet."""

    sources: tuple[Source, ...]
    topics: tuple[TopicRecord, ...]

    def __bool__(self) -> bool:
        return bool(self.sources or self.topics)


def new_of(session: Session, sources: Iterable[Source], topics: Iterable[TopicRecord] = ()) -> New:
    """Return what is new to the workspace: sources by address, whether followed or configured, and topics by name."""
    known = {canonical(source.address) for source in session.sources}
    known |= {canonical(one.health.address) for one in session.follows.of(session.channel)}
    named = {topic_key(topic.name) for topic in session.channels.topics(session.channel)}
    return New(
        tuple(source for source in sources if canonical(source.address) not in known),
        tuple(topic for topic in topics if topic_key(topic.name) not in named),
    )


def take(session: Session, new: New, called: str) -> Reply:
    """Add what is new, and tell the channel once. called: the name of the pack or file."""
    check_may_follow(session)
    if not new:
        return replace(session.note("All of it is here already: {name}.", name=called), in_place=True)
    topics.check_room(session, len(new.topics))
    services, by = session.services, session.asked.user
    most = services.config.settings.sources
    came = session.follows.follow_all(session.channel, new.sources, by, session.now, most=most, called=called)
    for topic in new.topics:
        languages = tuple(topic.languages)
        session.channels.add_topic(session.channel, topic.name, topic.expression, languages, by, session.now)
    services.sources.again([source.address for source in came], session.now)
    services.wake()
    kept: dict[str, Any] = {"sources": [source.address for source in came], "called": called}
    kept["topics"] = [(topic.name, topic.expression) for topic in new.topics]
    key = session.keep(kept)
    told, names = to_all(session), [topic.name for topic in new.topics]
    reply = present.taken(called, len(came), names, told.messages, who=session.who, undo=key)
    done = session.note("Done: {name}. The articles are read now.", name=called)
    return session.to_channel(replace(reply, after=replace(done, in_place=True)))


def give_back(session: Session, key: str) -> Reply:
    """Undo `take`, except for topics that were changed or subscribed to since."""
    check_may_follow(session)
    kept = session.kept(key)
    if "called" not in kept:
        raise UsageError("That was long ago.", hints=("sources",))
    gone = session.follows.unfollow_all(session.channel, kept["sources"], called=kept["called"])
    removed, left = _remove(session, kept["topics"])
    if not gone and not removed:
        return session.note("That has been undone already.")
    told = to_all(session)
    return session.to_channel(present.given_back(kept["called"], gone, left, told.messages, who=session.who))


def _remove(session: Session, added: Sequence[Sequence[str]]) -> tuple[int, list[str]]:
    """Remove the topics that are as they were added; return how many, and the names of those that stay."""
    found = [(session.channels.topic(session.channel, name), expression) for name, expression in added]
    there = [(topic, expression) for topic, expression in found if topic is not None and not topic.configured]
    stay = [topic.name for topic, expression in there if not _is_ours(session, topic, expression)]
    for topic, _ in there:
        if topic.name not in stay:
            session.channels.remove_topic(session.channel, topic, session.asked.user)
    return len(there) - len(stay), stay


def _is_ours(session: Session, topic: StoredTopic, expression: str) -> bool:
    """Whether the asker may remove a topic, and nobody has changed it or subscribed to it."""
    is_same = topic.expression == expression and session.may_change(topic.created_by)
    return is_same and not session.channels.subscribers(session.channel, topic)
