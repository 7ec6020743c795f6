"""Channels other than the one in which something was asked."""

from collections.abc import Iterable

from bot.commands.model import Place
from bot.commands.session import Session
from briefs.errors import UsageError


async def named(session: Session, text: str) -> Place:
    """Find a channel by what was typed. Raises UsageError where the asker must not see it."""
    place = await session.asked.find(text) if session.asked.find else None
    if place is None or place.channel.workspace != session.channel.workspace:
        raise UsageError("I cannot see the channel {channel}; invite me there, or check its name.", channel=text)
    return place


async def seen(session: Session, channels: Iterable[str]) -> list[Place]:
    """Return those of some channels, by their platform's ids, that the asker sees."""
    found = [await session.asked.find(one) for one in channels] if session.asked.find else []
    return [place for place in found if place and place.channel.workspace == session.channel.workspace]


async def changeable(session: Session) -> list[Place]:
    """Return the channels whose subscriptions the asker may change."""
    rooms = await session.asked.rooms() if session.asked.rooms else [session.here]
    return [place for place in rooms if place.may_manage]
