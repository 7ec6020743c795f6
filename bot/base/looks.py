"""How a channel wants its stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.base.i18n import t
from briefs.models import Form

FORMS: Mapping[Form, str] = {"compact": t("compact"), "full": t("full"), "headlines": t("headlines")}

_QUOTES_IN_FULL = 2  # at least


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


COMPACT = Looks()
