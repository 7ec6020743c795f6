"""Starter packs in the chat: packs, what is in one, and one press to take it."""

from dataclasses import replace

from bot import present
from bot.base.reply import Reply
from bot.commands import taking
from bot.commands.session import Session, to_all
from bot.exchange.packs import Pack
from bot.exchange.packs import packs as all_packs
from bot.exchange.records import TopicRecord
from briefs.errors import UsageError


def packs(session: Session, pack: str | None = None) -> Reply:
    """List the packs, or show what is in one: by its name, or by a word of what it is."""
    if pack is None:
        return present.packs(all_packs(), session.messages)
    word = pack.casefold()
    named = [name for name, one in all_packs().items() if any(word in said.casefold() for said in one.about.values())]
    return _in(session, pack if pack in all_packs() or not named else named[0])


def shown(session: Session, name: str) -> Reply:
    """Show what is in a pack, in the place of the list."""
    return replace(_in(session, name), in_place=True)


def _in(session: Session, name: str) -> Reply:
    pack = _pack(session, name)
    topics = _topics(session, pack)
    new = taking.new_of(session, pack.feeds, topics)
    addresses, names = {one.address for one in new.sources}, {one.name for one in new.topics}
    return present.pack(name, pack, topics, session.messages, new=addresses | names)


def taken(session: Session, name: str) -> Reply:
    """Take a pack in."""
    pack = _pack(session, name)
    new = taking.new_of(session, pack.feeds, _topics(session, pack))
    return taking.take(session, new, pack.said(to_all(session).messages.language))


def _topics(session: Session, pack: Pack) -> list[TopicRecord]:
    """Return the topics of a pack, called as the channel's language has them: digests are headed so."""
    known = (topic.name for topic in session.channels.topics(session.channel))
    return pack.topics_in(to_all(session).messages.language, known)


def _pack(session: Session, name: str) -> Pack:
    if pack := all_packs().get(name):
        return pack
    raise UsageError("There is no pack “{name}”.", name=name, hints=("packs",))
