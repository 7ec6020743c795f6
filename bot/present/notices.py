"""What somebody has to hear of what they subscribed → Reply."""

from __future__ import annotations

from bot.base.i18n import Messages
from bot.base.reply import Button, Buttons, Heading, Paragraph, Reply
from bot.present.parts import lines, reply
from bot.present.subscriptions import refusal
from briefs.store.notices import Notice


def notice(one: Notice, messages: Messages, *, place: str) -> Reply:
    """Tell whoever subscribed a channel that this is paused and why, or that the topic is gone."""
    say = messages.say
    if one.subscription is None:
        heading = say("“{topic}” was removed: {place} does not get it any more", topic=one.topic, place=place)
        another = Button("form", say("Another topic"), f"subscribe {one.channel.id}:")
        return reply(messages, Heading(heading), Buttons((another,)))
    heading = say("“{topic}” is paused in {place}", topic=one.topic, place=place)
    because = refusal(one.because, messages)
    why = Paragraph(lines(because[:1].upper() + because[1:]))
    value = f"{one.channel.id}:{one.subscription}"
    row = (
        Button("form", say("Move to …"), f"move {value}"),
        Button("resume", say("Resume"), value),
        Button("stop", say("Stop"), value),
    )
    return reply(messages, Heading(heading), why, Buttons(row))
