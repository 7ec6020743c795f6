"""The first minute: what a channel is told that the bot comes to, and where answers lead while nothing is read."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import yaml

from bot import present
from bot.base.reply import Buttons, Reply, Row
from bot.base.resources import starter
from bot.commands.session import Session, to_all
from briefs.store.idempotency import IdempotencyKeys

_WELCOME = "welcome"  # among what counts once
_WELCOMED = timedelta(days=3650)  # as good as for ever: nobody is told twice what the bot is


def welcome(session: Session, place: str) -> Reply | None:
    """Return what a channel is told that the bot comes to; None where it has been told. place: what is told once."""
    once = IdempotencyKeys(session.services.archive.database)
    told = f"{session.channel.platform}:{session.channel.workspace}:{place}"
    if not once.note(_WELCOME, told, session.now + _WELCOMED):
        return None
    return replace(present.welcome(to_all(session).messages), public=session.asked.reachable)


def is_empty(session: Session) -> bool:
    """Whether there is neither a source nor a topic that this workspace sees."""
    if session.sources or session.follows.of(session.channel):
        return False
    return not session.channels.topics(session.channel)


def led(session: Session, reply: Reply) -> Reply:
    """Let an answer lead to the beginning, where there is nothing yet; but one that is of the beginning."""
    if reply.form or reply.then or reply.public or _BEGIN & _pressable(reply) or not is_empty(session):
        return reply
    return present.led(reply, session.messages)


_BEGIN = {"pack", "take", "follow", "cancel"}


def _pressable(reply: Reply) -> set[str]:
    rows = (part.buttons for part in reply.parts if isinstance(part, Buttons | Row))
    return {button.action for row in rows for button in row}


def sample(session: Session) -> Reply:
    """Show a digest of the starter articles."""
    topic, stories = samples(session.messages.language)
    return present.sample(topic, stories, session.messages, session.zone, session.now)


@cache
def samples(language: str) -> tuple[str, tuple[present.Sample, ...]]:
    """Return what a sample is about, and its stories, in a language that is served."""
    seeds = starter("seeds")
    wanted = yaml.safe_load((seeds / "sample.yaml").read_text(encoding="utf-8"))[language]
    stories = []
    for one in wanted["stories"]:
        _, head, _ = (seeds / "articles" / one["article"]).read_text(encoding="utf-8").split("---", 2)
        told = yaml.safe_load(head)
        stories.append(present.Sample(told["title"], told["source"], one["quote"]))
    return wanted["topic"], tuple(stories)
