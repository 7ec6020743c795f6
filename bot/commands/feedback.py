"""What readers want more and less of: the buttons of a story, feedback list/undo.

The rule is one that a reader can follow: stories like those under "more" rise, and like those under "less" sink, by
half of their score at the most; each "less from this source" takes three tenths from its stories, three times at the
most. Whatever was wished can be taken back, and then never was.
"""

from dataclasses import replace

from bot import present
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands.session import Session
from bot.commands.shown import gone, shown_as
from briefs.errors import UsageError
from briefs.models import Wish, WishKind
from briefs.store.relevance_feedback import StoredWish
from briefs.wishes import about


def wished(session: Session, value: str, kind: WishKind) -> Reply:
    """Keep what somebody wishes by a button under a story, and say how to take it back."""
    reference, _, number = value.rpartition(":")
    shown = shown_as(session, reference)
    story = present.story_of(shown.content, int(number)) if shown and number.isdecimal() else None
    if shown is None or story is None:
        raise gone(session)
    if not session.asked.may_manage:
        return session.note(
            "Thank you! Only those who manage {place} change what it gets, so your vote is not counted; “Why this?” "
            "is for everybody.",
            place=session.here.name,
        )
    title, source = story.title, story.source
    subject = about((title, story.language), *((quote.text, quote.language) for quote in story.quotes))
    topic = shown.content.topic if isinstance(shown.content, present.ShownDigest) else ""
    of_topic = about((topic, story.language))  # all its stories have these
    wish = Wish(kind, subject - of_topic, source if kind == "source" else None)
    kept = session.wishes.keep(session.channel, session.asked.user, wish, story.url or title, title, session.now)
    return present.wished(kept, session.messages, place=session.here.name)


def listed(session: Session, start: int = 0) -> Reply:
    """Show what this channel's readers wish, ten from a start on, and by what rule it counts."""
    kept = session.wishes.of(session.channel)
    mine = {one.id for one in kept if _may_take_back(session, one)}
    return present.wishes(kept, session.messages, session.here.name, mine=mine, start=start)


def _may_take_back(session: Session, kept: StoredWish) -> bool:
    return kept.user == session.asked.user or session.asked.may_manage


def undo(session: Session, number: int | None = None) -> Reply:
    """Take back one wish of this channel's, by its number in the list, or all."""
    kept = session.wishes.of(session.channel)
    if not kept:
        return session.note("Nobody has wished anything here yet.")
    if number is not None and number > len(kept):
        raise UsageError("There is no wish {number}; the last is {last}.", number=number, last=len(kept))
    session.wishes.take_back(session.channel, kept if number is None else [kept[number - 1]])
    if number is None:
        return session.note(ALL_BACK)
    return present.note(present.taken_back(kept[number - 1], session.messages), session.messages)


ALL_BACK = t("All wishes are taken back; digests are as if nobody had pressed anything.")


def undone(session: Session, value: str) -> Reply:
    """Take back a wish by the button under it, or in the list of all: one's own, or any by who manages the channel."""
    number, _, place = value.partition(":")
    kept = next((one for one in session.wishes.of(session.channel) if str(one.id) == number), None)
    if kept is None or not _may_take_back(session, kept):
        raise UsageError("That wish is taken back already.", hints=("wishes",))
    session.wishes.take_back(session.channel, [kept])
    if place == "list":
        return replace(listed(session), in_place=True)
    return replace(present.note(present.taken_back(kept, session.messages), session.messages), in_place=True)
