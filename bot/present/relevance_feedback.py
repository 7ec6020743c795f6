"""What readers want more and less of → Reply."""

from collections.abc import Collection, Sequence

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Footer, Heading, Paragraph, Reply, Row, Span
from bot.present.parts import note, page, reply, with_buttons
from bot.present.stories import shortened
from briefs.store.relevance_feedback import StoredWish

TITLE = 80

_SAID = {
    "more": t("more like “{title}”"),
    "less": t("less like “{title}”"),
    "source": t("less from {source}"),
}
_RULE = t(
    "Stories like those under “more” rise and like those under “less” sink, by half of their score at the most; each "
    "“less from” takes three tenths from its source, three times at the most."
)

_HOW = t("“More like this”, “Less like this” and “Less from …” are in the menu of each story of a digest.")


def _said(kept: StoredWish, messages: Messages) -> str:
    template = _SAID[kept.wish.kind]
    return messages.say(template, title=shortened(kept.title, TITLE), source=kept.wish.source or "?")


def wished(kept: StoredWish, messages: Messages, *, place: str) -> Reply:
    """Say that a wish is kept, with a button to take it back."""
    line = messages.say("Noted for {place}: {wish}.", place=place, wish=_said(kept, messages))
    return with_buttons(note(line, messages), Button("undo", messages.say("Undo"), str(kept.id)))


def taken_back(kept: StoredWish, messages: Messages) -> str:
    """Say that a wish is taken back."""
    return messages.say("Taken back: {wish}.", wish=_said(kept, messages))


def wishes(listed: Sequence[StoredWish], messages: Messages, place: str, *, mine: Collection[int], start: int) -> Reply:
    """Show a channel's wishes, newest first and ten from a start on, and the rule by which they count.

    mine: the numbers of those that the asker may take back.
    """
    if not listed:
        none = Heading(messages.say("No wish in {place} yet", place=place))
        return reply(messages, none, Paragraph(((Span(messages.say(_HOW)),),)))
    heading = messages.count("{n} wish in {place}", "{n} wishes in {place}", len(listed), place=place)
    shown, turn = page(listed[::-1], start, "wishes", messages)
    numbers = {one.id: number for number, one in enumerate(listed, 1)}  # as they are typed
    rows = (
        Row(f"{numbers[one.id]} · {_said(one, messages)}", "", _back(one, messages) if one.id in mine else ())
        for one in shown
    )
    return reply(messages, Heading(heading), *rows, turn, Footer((Span(messages.say(_RULE)),)))


def _back(one: StoredWish, messages: Messages) -> tuple[Button]:
    return (Button("undo", messages.say("Take back"), f"{one.id}:list"),)
