"""Announcements of changes: what a channel is told once, with *Change* and *Undo*, after typed commands and forms."""

from collections.abc import Sequence
from dataclasses import replace

from bot import present
from bot.base.reply import Button, Buttons, Reply
from bot.commands import undo
from bot.commands.session import Session, to_all
from bot.commands.undo import Change
from briefs.store.channel_rows import StoredTopic, Subscription
from briefs.topics import parse_topic


def subscription(session: Session, made: Subscription, was: undo.State | None, given: str | None) -> Reply:
    """Tell the channel of this session what it gets now, and when it comes first.

    The session is as it began. given: the language that the channel has by this, given or chosen, or None.
    """
    stood, is_given = session.settings, session.channels.settings(session.channel).language_given
    is_chosen = given is not None and not is_given  # what was given goes with the last subscription, whichever that is
    spoken = {"was": stood.language, "given": stood.language_given, "now": given} if is_chosen else None
    change = Change("subscription", made.topic.id, was, spoken)
    return _gets(session, made, given, undo.remember(session, change), is_new=was is None)


def moved(session: Session, made: Subscription, given: str | None) -> Reply:
    """Tell the channel of this session what has moved to it; that has no *Undo*."""
    return _gets(session, made, given, "", is_new=False)


def _gets(before: Session, made: Subscription, given: str | None, key: str, *, is_new: bool) -> Reply:
    session = to_all(before)
    return session.to_channel(
        present.subscription_saved(
            session.comes(made),
            session.messages,
            who=session.who,
            place=session.here.name,
            topic=session.called(made.topic.name),
            now=session.now,
            change=f"{session.channel.id}:{made.id}",
            undo=key,
            is_new=is_new,
            changes_language=given not in (None, before.channel_language),
        ),
    )


def ended(session: Session, chosen: Sequence[Subscription]) -> Reply:
    """Tell the channel of this session what it no longer gets; *Undo* only if that is one subscription."""
    session = to_all(session)
    topics = named(session, chosen)
    line = session.messages.say("{place} no longer gets {topics}.", place=session.here.name, topics=topics)
    if len(chosen) > 1:
        return _said(session, line, "")
    was = {name: getattr(chosen[0], name) for name in undo.PLAN}
    return _said(session, line, undo.remember(session, Change("subscription", chosen[0].topic.id, was)))


def named(session: Session, chosen: Sequence[Subscription]) -> str:
    """Name the topics of subscriptions, each in quotation marks."""
    names = (session.called(one.topic.name) for one in chosen)
    return session.messages.listing(session.messages.say("“{word}”", word=name) for name in names)


def topic(session: Session, stored: StoredTopic, was: undo.State | None) -> Reply:
    """Tell all what a topic looks for now."""
    session = to_all(session)
    return session.to_channel(
        present.topic_saved(
            stored.name,
            present.in_words(parse_topic(stored.expression), session.messages),
            session.messages,
            who=session.who,
            number=stored.id,
            undo=undo.remember(session, Change("topic", stored.id, was)),
            is_new=was is None,
        ),
    )


def topic_gone(session: Session, stored: StoredTopic, was: undo.State | None) -> Reply:
    """Tell all that a topic is gone."""
    session = to_all(session)
    line = session.messages.say("Topic “{topic}” removed.", topic=stored.name)
    return _said(session, line, undo.remember(session, Change("topic", stored.id, was)))


def settings(session: Session, was: undo.State | None) -> Reply:
    """Tell the channel what it has set now. was: what stood before, None where that is put back."""
    session = to_all(session)
    is_other = was not in (None, undo.stands(session, "settings"))
    return session.to_channel(
        present.settings_saved(
            session.messages,
            who=session.who,
            place=session.here.name,
            speaks=session.channel_language,
            zone=session.zone,
            looks=session.looks,
            value=f"{session.channel.id}:",
            undo=undo.remember(session, Change("settings", 0, was)) if is_other else "",
        ),
    )


def note(session: Session, line: str) -> Reply:
    """Tell all one line."""
    session = to_all(session)
    return _said(session, line, "")


def with_told(session: Session, reply: Reply, told: Reply) -> Reply:
    """Return a private reply with the announcement for all; where nobody else reads, with *Undo* instead."""
    is_here = told.channel == session.channel
    if is_here and session.asked.alone:
        return present.with_buttons(reply, *(button for button in _buttons(told) if button.action == "revert"))
    has_others = bool(session.asked.channel_name) or not is_here
    return replace(reply, told=told) if told.public and has_others else reply


def _buttons(reply: Reply) -> list[Button]:
    return [button for part in reply.parts if isinstance(part, Buttons) for button in part.buttons]


def _said(session: Session, line: str, key: str) -> Reply:
    said = session.messages.say("@{who}: {line}", who=session.who, line=line)
    return session.to_channel(present.saved(said, session.messages, undo=key))
