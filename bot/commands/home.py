"""Home: one place for what the asker's channels get; and the buttons that stand there."""

from collections.abc import Sequence

from bot import present
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import subscriptions, topics
from bot.commands.about import health
from bot.commands.model import Place
from bot.commands.session import Session
from briefs.errors import UsageError
from briefs.store.channel_rows import StoredTopic


def home(session: Session, rooms: Sequence[Place] = (), page: str = "") -> Reply:
    """Show what the asker's channels get, and what there is. rooms: their other channels."""
    places = {place.channel: place for place in (session.here, *rooms)}
    kept = session.channels.workspace_subscriptions(session.channel)
    held = [
        present.Held(
            session.comes(one),
            place.name,
            f"{one.channel.id}:{one.id}",
            place.may_manage,
        )
        for one in kept
        if (place := places.get(one.channel)) is not None
    ]
    return present.home(
        held,
        session.channels.topics(session.channel),
        health(session),
        session.messages,
        page=present.HomePage.read(page),
        zone=session.asked.zone or session.zone,
        now=session.now,
        name=session.called,
        admin=_limits(session, len(kept)) if session.asked.manages_workspace else None,
    )


def _limits(session: Session, kept: int) -> str:
    listed = session.channels.topics(session.channel)
    counted = session.messages.count("{n} subscription", "{n} subscriptions", kept)
    own = session.messages.count("{n} topic", "{n} topics", sum(not one.configured for one in listed))
    template = t(
        "This workspace has {subscriptions} (at most {most} a channel) and {topics} of its own (at most {limit})."
    )
    return session.messages.say(template, subscriptions=counted, most=subscriptions.MOST, topics=own, limit=topics.MOST)


def topic_of(session: Session, number: str) -> StoredTopic:
    """Return a topic by its number. Raises UsageError where the workspace has none of that number."""
    found = next((topic for topic in session.channels.topics(session.channel) if str(topic.id) == number), None)
    if found is None:
        raise UsageError("That topic is gone.", hints=("topics",))
    return found
