"""What stands in a message that somebody presses or asks about: the menu under its stories, and its text.

What is chosen in the menu is an action, or a story, of which the answer offers all actions.

Nothing about a message is remembered: what can be done stands in what is chosen, and the story's headline and source in
the menu.
"""

import re
from collections.abc import Iterable, Iterator

import discord

from bot.base.i18n import Messages, t
from bot.base.reply import Action, Button, Buttons, Heading, Reply

_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")
_LABELS: dict[Action, str] = {
    "why": t("Why this?"),
    "story": t("Timeline"),
    "up": t("More like this"),
    "down": t("Less like this"),
    "less": t("Less from {source}"),
}


def card(messages: Messages, message: discord.Message | None, chosen: str) -> Reply:
    """Offer what can be done with one story, to whoever chose it in a message."""
    option = next((one for one in _options(message.components if message else ()) if one.value == chosen), None)
    headline, source = (option.label, option.description or "…") if option else ("…", "…")
    names, _, value = chosen.partition(":")
    can = [action for action in _LABELS if action in names.split(",")]
    buttons = tuple(Button(action, messages.say(_LABELS[action], source=source), value) for action in can)
    return Reply(messages.language, headline, (Heading(headline), Buttons(buttons)))


def said_in(message: discord.Message) -> str:
    """Return what a message says, as far as it can be looked up."""
    embeds = [text for embed in message.embeds for text in (embed.title, embed.description) if text]
    return "\n".join([message.content, *embeds, *_texts(message.components)])


def links_in(message: discord.Message) -> list[str]:
    """Return the addresses that a message names."""
    embeds = [embed.url for embed in message.embeds if embed.url]
    return [*(link.rstrip(".,;:!?…") for link in _LINK.findall(said_in(message))), *embeds]


def _texts(components: Iterable[object]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _texts(getattr(component, "children", ()))


def _options(components: Iterable[object]) -> Iterator[discord.SelectOption]:
    for component in components:
        if isinstance(component, discord.SelectMenu):
            yield from component.options
        yield from _options(getattr(component, "children", ()))
