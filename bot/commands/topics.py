"""Topics of a workspace: topics, topic show/add/edit/rename/remove, preview, digest."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import present
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import saved, undo
from bot.commands.session import FIRST_LOOKS_BACK, Session, to_all
from bot.commands.subscriptions import subscribed_names
from bot.grammar import nearest_name
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic
from briefs.store.memory import MEMORY
from briefs.topics import parse_topic
from briefs.topics.percolator import names_of

LONGEST_NAME = 80
_QUOTES = '"“”«»「」 '


MOST = 300  # topics of one workspace


def topics(session: Session, start: int = 0) -> Reply:
    """List the topics of this workspace, ten from a start on."""
    listed = session.channels.topics(session.channel)
    names = {topic.name: session.called(topic.name) for topic in listed}
    return present.topics(listed, names, subscribed_names(session), session.messages, start)


def show(session: Session, topic: str) -> Reply:
    """Show one topic."""
    stored = session.topic(topic)
    subscribers = session.channels.subscribers(session.channel, stored)
    said = present.in_words(parse_topic(stored.expression), session.messages)
    names = list(dict.fromkeys(names_of(session.wanted(stored), session.archive.aliases)))  # words may share them
    return present.topic(stored, said, names, subscribers, session.messages, session.called(stored.name))


def add(session: Session, topic: str, words: str) -> Reply:
    """Add a topic of this workspace, and say what it brings."""
    name = _name(session, topic)
    stored = add_as(session, name, str(parse_topic(words)))
    return _told(session, _preview(session, stored, session.messages.say("Topic “{topic}” added", topic=name)), stored)


def add_as(session: Session, name: str, expression: str) -> StoredTopic:
    """Add a topic of this workspace. Raises UsageError where it has one of that name, or too many."""
    check_room(session, 1)
    return session.channels.add_topic(session.channel, name, expression, (), session.asked.user, session.now)


def check_room(session: Session, more: int) -> None:
    """Refuse, as a UsageError, to have more topics than a workspace may. more: how many would come."""
    if sum(not one.configured for one in session.channels.topics(session.channel)) + more > MOST:
        raise UsageError("This workspace has {most} topics, as many as it may: remove one first.", most=MOST)


def edit(session: Session, topic: str, words: str) -> Reply:
    """Give a topic of this workspace other words, and say what it brings now."""
    stored = own(session, topic)
    expression = str(parse_topic(words))
    session.channels.edit_topic(session.channel, stored, expression)
    changed = session.topic(stored.name)
    preview = _preview(session, changed, session.messages.say("Topic “{topic}” changed", topic=stored.name))
    return _told(session, preview, changed, stored)


def rename(session: Session, topic: str, name: str) -> Reply:
    """Give a topic of this workspace another name; its subscriptions go on."""
    stored, name = own(session, topic), _name(session, name.strip(_QUOTES))
    session.channels.rename_topic(session.channel, stored, name)
    said = t("“{topic}” is now called “{name}”; subscriptions to it go on.")
    return _told(session, session.note(said, topic=stored.name, name=name), session.topic(name), stored)


def _told(session: Session, reply: Reply, stands: StoredTopic, before: StoredTopic | None = None) -> Reply:
    """Have all hear of a topic that was changed."""
    if not session.tells:
        return reply
    was = {"name": before.name, "words": before.expression} if before else None
    return saved.with_told(session, reply, saved.topic(session, stands, was))


def _name(session: Session, text: str) -> str:
    """Return a topic's name as it is kept. Raises UsageError where it cannot be one."""
    name = " ".join(text.split())
    if not any(map(str.isalnum, name)):
        raise UsageError("A topic's name needs a letter or a digit.", hints=("new topic",))
    if len(name) > LONGEST_NAME:
        raise UsageError(
            "A topic's name may have {limit} characters; this one has {count}.", limit=LONGEST_NAME, count=len(name)
        )
    return name


def remove(session: Session, topic: str) -> Reply:
    """Remove a topic of this workspace, with the subscriptions to it."""
    stored = own(session, topic)
    was = undo.whole(session, stored)
    subscribers = len(was["subscribed"])
    session.channels.remove_topic(session.channel, stored, session.asked.user)
    say = session.messages.say
    ended = session.messages.count("{n} subscription ended.", "{n} subscriptions ended.", subscribers)
    sentences = [
        say("Topic “{topic}” removed.", topic=stored.name),
        ended if subscribers else "",
    ]
    reply = present.note(" ".join(filter(None, sentences)), session.messages)
    if not session.tells:
        return reply
    return saved.with_told(session, reply, saved.topic_gone(session, stored, was))


def preview(session: Session, topic: str) -> Reply:
    """Say how many stories a topic would have brought over the last days; takes a topic's name, or its words."""
    stored = session.known_topic(topic)
    if stored is not None:
        return _preview(session, stored)
    words = StoredTopic(0, topic, str(parse_topic(topic)))
    known = (
        [] if _is_expression(topic) else [session.called(one.name) for one in session.channels.topics(session.channel)]
    )
    return _preview(session, words, near=nearest_name(topic, known))


def digest(session: Session, topic: str, since: timedelta | None = None) -> Reply:
    """Show what would be posted now: what is new to the channel, or what came within `since`."""
    session = to_all(session) if session.asked.reachable else session
    stored = session.topic(topic)
    wanted, limit = session.wanted(stored), session.looks.stories(session.services.config.settings.digest.stories)
    subscription = session.channels.subscription(session.channel, stored)
    wishes = [kept.wish for kept in session.wishes.of(session.channel)]
    reader, looks = session.messages.language, session.looks
    shown: dict[str, Any] = {"limit": limit, "wishes": wishes, "reader": reader, "quotes": max(looks.quotes, 1)}
    if since is None:
        start = session.now - FIRST_LOOKS_BACK
        after = subscription.position if subscription else session.channels.position_at(start)
        told = session.memory.told(session.channel, session.now - MEMORY)
        made = session.archive.digest(wanted, after=after, told=told, **shown)
        made = replace(made, since=(subscription and subscription.served_at) or start)
    else:
        made = session.archive.digest(wanted, since=session.now - since, **shown)
    content = present.digest_content(
        made, session.messages, channel=session.channel, permalink=session.services.permalink
    )
    content = replace(content, reader=session.messages.language)
    content = present.with_quotes(content, 0) if looks.form == "headlines" else content
    if session.asked.reachable:  # the channel sees it: its next digests go on from here
        session.memory.tell(session.channel, present.told_in(content), session.now)
    public, user = session.asked.reachable, session.asked.user
    answer = session.answers.remember(
        session.channel, user, stored.name, present.to_keep(content), session.now, public=public
    )
    return present.shown_digest(
        content,
        session.messages,
        zone=subscription.zone if subscription else session.zone,
        due=session.now,
        reference=answer,
        public=public,
        looks=looks,
        called=session.called(stored.name),
    )


def own(session: Session, name: str) -> StoredTopic:
    """Return a topic that the asker may change. Raises UsageError that says who may."""
    stored = session.topic(name)
    if stored.configured:
        raise UsageError(
            "“{topic}” is set in the configuration for everyone; add one of your own.",
            topic=stored.name,
            hints=("new topic",),
        )
    session.check_change(stored.name, stored.created_by)
    return stored


def _is_expression(text: str) -> bool:
    return any(sign in text for sign in '+|()"“«「') or " -" in text


def _preview(session: Session, stored: StoredTopic, headline: str = "", near: str | None = None) -> Reply:
    zone = ZoneInfo(session.zone)
    today = datetime.combine(session.now.astimezone(zone).date(), time(), zone)
    days = [today - timedelta(days=n) for n in range(present.PREVIEWED - 1, -1, -1)]  # wall time: midnight each
    outlook = session.archive.outlook(session.wanted(stored), days[0], reader=session.messages.language)
    stories = Counter(moment.astimezone(zone).date() for moment in outlook.first_seen)
    forecast = present.Forecast(tuple((day, stories[day.date()]) for day in days), outlook.samples, outlook.excluded)
    return present.preview(
        stored,
        forecast,
        session.messages,
        session.now,
        called=session.called(stored.name),
        headline=headline,
        near=near,
        keep="" if stored.id else f"topic {session.channel.id}:w{session.keep({'words': stored.expression})}",
    )
