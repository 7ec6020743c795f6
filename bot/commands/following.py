"""A workspace's own sources: follow, unfollow, source show/rename/mute/unmute.

    an address → "Looking …" → what was found, kept under an unguessable id → a press → followed, and read at once

A source belongs to all channels of the workspace, as topics do, and who may change it is who may change those.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot import present
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands.session import NotThere, Session, to_all
from bot.grammar import nearest_name
from briefs.errors import NoAnswer, SourceError, Unasked, UsageError
from briefs.ingest.source_health import offered
from briefs.masking import masked
from briefs.models import Source
from briefs.store.brought import brought
from briefs.store.follows import Followed
from briefs.text.terms import fold

if TYPE_CHECKING:
    from briefs.discovery.looking import Looked

LONGEST_NAME = 80
_DAYS, _NEWEST = 30, 5  # of what is shown of a source; articles of it
_LINKS = 4  # of one message, that are offered
_QUOTES = '"“”«»「」 '


def check_may_follow(session: Session) -> None:
    """Refuse, as a UsageError that says who may, whoever may not change what the workspace follows."""
    if session.services.config.settings.follow == "admins" and not session.asked.manages_workspace:
        managers = session.messages.say(session.asked.managers)
        raise UsageError("Here only {managers} may follow sites; ask one of them.", managers=managers)
    session.check_manages()


def follow(session: Session, address: str) -> Reply:
    """Say that an address is looked at; who carries the command out says what came of it."""
    check_may_follow(session)
    return session.note("Looking at {address} …", address=masked(address))


def only_one(session: Session, addresses: Sequence[str]) -> str | Reply:
    """Return the address that a message names; of several, ask which, and of none, say so as a UsageError."""
    apart = list(dict.fromkeys(addresses))
    check_may_follow(session)
    if not apart:
        raise UsageError("There is no link in that message.", hints=("follow",))
    if len(apart) == 1:
        return apart[0]
    offered = apart[:_LINKS]
    return present.which_link(offered, session.messages, session.keep({"found": offered}, for_all=True))


def chosen(session: Session, value: str) -> str:
    """Return the address that was chosen of a message's."""
    everything, _, at = _kept(session, value)
    if not isinstance(address := everything[at], str):
        raise UsageError("This button no longer works.", hints=("help",))
    return address


def found(session: Session, looked: Looked) -> Reply:
    """Show what there is at an address, with buttons to follow it; what was found is kept for them."""
    if looked.refused is not None or not looked.found:
        raise _as_told(looked.refused)
    content = {"found": [dict(one) for one in looked.found]}
    return _shown(session, content["found"], session.keep(content, for_all=True), 0)


def another(session: Session, value: str) -> Reply:
    """Show the next of what was found, in the place of the one before."""
    everything, key, at = _kept(session, value)
    return replace(_shown(session, everything, key, at), in_place=True)


def cancelled(session: Session) -> Reply:
    """Say that nothing is followed, in the place of what was found."""
    return replace(session.note("Nothing was changed."), in_place=True)


def followed(session: Session, value: str) -> Reply:
    """Let the workspace follow what was found, have it read now, and tell the channel."""
    check_may_follow(session)
    everything, _, at = _kept(session, value)
    one, services = everything[at], session.services
    if one["address"] in {source.address for source in session.sources}:
        return _in_place(
            session, t("Everybody reads {source} already: it is in the configuration."), source=one["title"]
        )
    wanted = Source(one["address"], one["kind"], name=_named(one["title"]))
    most = services.config.settings.sources
    is_new = session.follows.follow(session.channel, wanted, session.asked.user, session.now, most=most)
    stands = next(one for one in session.follows.of(session.channel) if one.health.address == wanted.address)
    if not is_new:
        return _in_place(session, t("This workspace follows {source} already."), source=called(stands))
    if stands.health.answered_at is None:  # else what it has brought is there
        services.sources.again([wanted.address], session.now)
        services.wake()
    told = to_all(session)
    reply = present.now_followed(called(stands), told.messages, who=session.who, number=stands.health.id)
    done = _in_place(session, t("{source} is followed; its articles are read now."), source=called(stands))
    return session.to_channel(replace(reply, after=done))


def unfollow(session: Session, source: str) -> Reply:
    """Let the workspace follow a source no more, and tell the channel."""
    return _given_up(session, named(session, source))


def unfollowed(session: Session, number: str) -> Reply:
    """Do so by a button. number: of the source."""
    return _given_up(session, numbered(session, number))


def _given_up(session: Session, stands: Followed) -> Reply:
    _check_change(session, stands)
    address, kind = stands.health.address, stands.health.kind
    again = {"found": [{"address": address, "kind": kind, "title": called(stands)}]}
    key = session.keep(again, for_all=True)
    session.follows.unfollow(session.channel, address)
    reply = present.no_longer_followed(called(stands), to_all(session).messages, who=session.who, value=f"{key}:0")
    return session.to_channel(reply)


def rename(session: Session, source: str, name: str) -> Reply:
    """Call a source otherwise, here."""
    stands, new = named(session, source), _named(name.strip(_QUOTES))
    _check_change(session, stands)
    if not any(map(str.isalnum, new)):
        raise UsageError("A source's name needs a letter or a digit.")
    others = [one for one in session.follows.of(session.channel) if one.health.id != stands.health.id]
    if fold(new) in [fold(called(one)) for one in others]:
        raise UsageError("There is a source “{source}” already: give it another name.", source=new)
    session.follows.change(session.channel, stands.health.address, name=new)
    return session.note("“{name}” is now called “{new}”.", name=called(stands), new=new)


def mute(session: Session, source: str) -> Reply:
    """Show nothing of a source here, though it is read."""
    return _turned(session, named(session, source), muted=True)


def unmute(session: Session, source: str) -> Reply:
    """Show a source again."""
    return _turned(session, named(session, source), muted=False)


def muted(session: Session, number: str, muted: bool) -> Reply:
    """Do either by a button. number: of the source."""
    return _turned(session, numbered(session, number), muted)


def _turned(session: Session, stands: Followed, muted: bool) -> Reply:
    _check_change(session, stands)
    session.follows.change(session.channel, stands.health.address, muted=muted)
    return present.now_muted(called(stands), session.messages, muted=muted, number=stands.health.id)


def use_new_address(session: Session, stands: Followed) -> Reply:
    """Read a source at the address that was offered for it, which is of its publisher's own saying."""
    _check_change(session, stands)
    source, address = stands.health, offered(stands.health)
    if address is None:
        raise no_other_address()
    session.services.sources.use(source.address, address, session.now, session.actor())
    session.services.wake()
    return present.moved(source, address, session.messages, own=called(stands))


def no_other_address() -> UsageError:
    """Return what is said where none is offered any more."""
    return UsageError("That source has no other address by now.", hints=("sources",))


def show(session: Session, source: str) -> Reply:
    """Show a source: how it is doing, what it brought lately, and what became of that here."""
    return _figures(session, named(session, source))


def shown(session: Session, number: str) -> Reply:
    """Show it by a button. number: of the source."""
    return _figures(session, numbered(session, number))


def _figures(session: Session, stands: Followed) -> Reply:
    since = session.now - timedelta(days=_DAYS)
    seen = brought(session.services.archive.database, session.channel, stands.health.id, since, _NEWEST)
    return present.source(own(session, stands), seen, session.messages, zone=session.zone, now=session.now, days=_DAYS)


def own(session: Session, stands: Followed) -> present.Own:
    """Return a source as it is shown, with whether the asker may change it."""
    may = session.asked.may_manage and session.may_change(stands.by)
    return present.Own(called(stands), stands.health, stands.muted, may)


# ---------------------------------------------------------------- which


def called(stands: Followed) -> str:
    """Return what a source is called here."""
    return stands.name or present.called(stands.health)


def named(session: Session, text: str) -> Followed:
    """Find a source of this workspace by its name or its address. Raises UsageError that names the nearest."""
    known = session.follows.of(session.channel)
    wanted = _bare(text)
    for one in known:
        if fold(called(one)) == fold(text) or _bare(one.health.address) == wanted:
            return one
    near = nearest_name(text, [called(one) for one in known])
    if near is not None:
        raise UsageError(
            "This workspace follows no source “{source}”; the nearest is “{nearest}”.",
            source=text,
            nearest=near,
            hints=("sources",),
        )
    raise NotThere("This workspace follows no source “{source}”.", source=text, hints=("sources",))


def numbered(session: Session, number: str) -> Followed:
    """Find a source that this workspace follows by its number. Raises UsageError where it follows none of that."""
    known = session.follows.of(session.channel)
    found = next((one for one in known if str(one.health.id) == number), None)
    if found is None:
        raise UsageError("This workspace does not follow that source.", hints=("sources",))
    return found


def _bare(address: str) -> str:
    return address.partition("://")[2].rstrip("/") if "://" in address else address.rstrip("/")


def _check_change(session: Session, stands: Followed) -> None:
    check_may_follow(session)
    session.check_change(called(stands), stands.by)


def _kept(session: Session, value: str) -> tuple[Sequence[Any], str, int]:
    """Return what was found, its key, and which of it a button means."""
    key, _, at = value.rpartition(":")
    everything = session.kept(key, for_all=True).get("found", [])  # whichever of its channels asks
    if not at.isdecimal() or int(at[:3]) >= len(everything):
        raise UsageError("That was long ago, and may have changed; have me look again.", hints=("follow",))
    return everything, key, int(at)


def _shown(session: Session, everything: Sequence[Mapping[str, Any]], key: str, at: int) -> Reply:
    return present.found(
        everything[at], session.messages, zone=session.zone, now=session.now, key=key, at=at, of=len(everything)
    )


def _in_place(session: Session, template: str, **values: object) -> Reply:
    return replace(session.note(template, **values), in_place=True)


def _named(title: str) -> str:
    return " ".join(title.split())[:LONGEST_NAME].strip()


def _as_told(refused: Exception | None) -> Exception:
    """Return a refusal as people hear it: which hosts the operator's network has is told to nobody here."""
    hidden = isinstance(refused, Unasked | NoAnswer) and {"ip", "host"} & refused.values.keys()
    if isinstance(refused, SourceError) and hidden:
        return UsageError(
            "{address}: there is no such public site; check the spelling. One in a network of your own is added by my "
            "operators, in sources.yaml.",
            address=refused.values["address"],
        )
    return refused or UsageError("There is nothing there that can be followed; look for the site's feed.")
