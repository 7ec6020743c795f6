"""What a channel has set, and how its stories look: settings, form, quotes."""

from bot import present
from bot.base.i18n import t
from bot.base.reply import Reply
from bot.commands import saved, undo
from bot.commands.session import Session
from briefs.models import Form

_CHOSEN: dict[Form, str] = {
    "compact": t("From now on stories in {place} have a headline, quotes and one small line."),
    "full": t("From now on stories in {place} are told in full: with who was first, and links to all others."),
    "headlines": t("From now on stories in {place} are headlines, a line each."),
}


def settings(session: Session) -> Reply:
    """Say what this channel has set, and how to change it."""
    return present.settings(
        session.looks,
        session.messages,
        place=session.here.name,
        speaks=session.channel_language,
        zone=session.zone,
        change=f"settings {session.channel.id}:" if session.asked.may_manage else None,
    )


def form(session: Session, form: Form) -> Reply:
    """Choose how the stories of this channel look."""
    was = undo.stands(session, "settings")
    session.channels.choose(session.channel, form=form)
    return told(session, session.note(_CHOSEN[form], place=session.here.name), was)


def quotes(session: Session, number: int) -> Reply:
    """Choose how many quotes the stories of this channel have; say so where its form shows none."""
    was = undo.stands(session, "settings")
    session.channels.choose(session.channel, quotes=number)
    said = session.messages.count(
        "From now on stories in {place} have {n} quote at most.",
        "From now on stories in {place} have {n} quotes at most.",
        number,
        place=session.here.name,
    )
    if session.looks.form == "headlines":
        said = session.messages.say("{sentence} Quotes are hidden as long as stories are headlines.", sentence=said)
    return told(session, present.note(said, session.messages), was)


def told(session: Session, reply: Reply, was: undo.State | None) -> Reply:
    """Have all hear what the channel has set now."""
    return saved.with_told(session, reply, saved.settings(session, was)) if session.tells else reply
