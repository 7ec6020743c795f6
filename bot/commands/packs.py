"""Starter packs in the chat: packs, what is in one, and one press to take it."""

from __future__ import annotations

from dataclasses import replace

from bot import present
from bot.base.reply import Reply
from bot.commands import taking
from bot.commands.session import Session
from bot.exchange.packs import Pack
from bot.exchange.packs import packs as all_packs
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
    new = taking.new_of(session, pack.feeds, pack.topics)
    addresses, topics = {one.address for one in new.sources}, {one.name for one in new.topics}
    return present.pack(name, pack, session.messages, new=addresses | topics)


def taken(session: Session, name: str) -> Reply:
    """Take a pack in."""
    pack = _pack(session, name)
    return taking.take(session, taking.new_of(session, pack.feeds, pack.topics), pack.said(session.messages.language))


def _pack(session: Session, name: str) -> Pack:
    if pack := all_packs().get(name):
        return pack
    raise UsageError("There is no pack “{name}”.", name=name, hints=("packs",))
