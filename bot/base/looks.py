"""How a channel wants its stories."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.base.i18n import Messages, t
from briefs.models import Form

FORMS: Mapping[Form, str] = {"compact": t("compact"), "full": t("full"), "headlines": t("headlines")}

_QUOTES_IN_FULL = 2  # at least

# Stories of usual length that one message shows on every platform; a digest's others are listed in its thread.
ROOM: Mapping[Form, int] = {"compact": 7, "full": 5, "headlines": 15}


def shown_at_most(messages: Messages) -> str:
    """Say how many stories a digest shows in the channel, however many are wanted."""
    numbers = {form: messages.number(most) for form, most in ROOM.items()}
    return messages.say(
        "At most {compact} stories a digest ({full} in full, {headlines} as headlines); the rest goes into the thread.",
        **numbers,
    )


@dataclass(frozen=True, slots=True)
class Looks:
    """How a channel wants its stories.

    form: "compact", quotes and one small line; "full", with who was first and links to the others; "headlines", a line
    each, without quotes. wanted: how many quotes a story has.
    """

    form: Form = "compact"
    wanted: int = 1

    @property
    def quotes(self) -> int:
        """How many quotes of a story are shown, at most."""
        return {"headlines": 0, "compact": self.wanted, "full": max(self.wanted, _QUOTES_IN_FULL)}[self.form]

    def stories(self, wanted: int) -> int:
        """Return how many stories a digest shows in the channel where so many are wanted."""
        return min(wanted, ROOM[self.form])


COMPACT = Looks()


def said_looks(looks: Looks, messages: Messages) -> str:
    """Say how stories look: "compact, 1 quote a story"."""
    form = messages.say(FORMS[looks.form])
    quotes = messages.count("{n} quote a story", "{n} quotes a story", looks.quotes)
    return messages.clauses((form, quotes)) if looks.quotes else form
