"""What readers want more and less of → Reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Footer, Heading, Listing, Paragraph, Reply, Span
from bot.present.stories import shortened
from briefs.models import Wish

LISTED = 20
TITLE = 80

_SAID = {
    "more": t("👍 more like “{title}”"),
    "less": t("👎 less like “{title}”"),
    "source": t("less from {source}"),
}
_RULE = t(
    "Stories like those of a 👍 rise and like those of a 👎 sink, by half of their score at the most; each “less” "
    "takes three tenths from its source, three times at the most."
)


class WishLike(Protocol):
    """A wish as it is kept."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def wish(self) -> Wish:
        """What is wished."""

    @property
    def title(self) -> str:
        """Of the story it was made under."""


def _said(kept: WishLike, messages: Messages) -> str:
    template = _SAID[kept.wish.kind]
    return messages.say(template, title=shortened(kept.title, TITLE), source=kept.wish.source or "?")


def wished(kept: WishLike, messages: Messages, *, place: str) -> Reply:
    """Say that a wish is kept, with a button to take it back."""
    line = messages.say("Noted for {place}: {wish}.", place=place, wish=_said(kept, messages))
    undo = Buttons((Button("undo", messages.say("Undo"), str(kept.id)),))
    return Reply(messages.language, line, (Paragraph(((Span(line),),)), undo))


def taken_back(kept: WishLike, messages: Messages) -> str:
    """Say that a wish is taken back."""
    return messages.say("Taken back: {wish}.", wish=_said(kept, messages))


def wishes(listed: Sequence[WishLike], messages: Messages, place: str, command: str) -> Reply:
    """Show a channel's wishes, numbered, with the rule by which they count."""
    heading = messages.count("{n} wish in {place}", "{n} wishes in {place}", len(listed), place=place)
    rule = Paragraph(((Span(messages.say(_RULE)),),))
    if not listed:
        return Reply(messages.language, heading, (Heading(heading), rule))
    first = max(0, len(listed) - LISTED)
    items = [(Span(f"{n}  ", strong=True), Span(_said(kept, messages))) for n, kept in enumerate(listed, 1)][first:]
    use = messages.say("{command} feedback undo 1 takes the first one back, without a number all", command=command)
    return Reply(messages.language, heading, (Heading(heading), Listing(tuple(items)), rule, Footer((Span(use),))))
