"""A clock that several places go by is asked back: which of their cities, one button each.

What was typed is kept under an unguessable id, and carried out with the chosen city under the presser's own rights.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import present
from bot.base.reply import Reply
from bot.commands.session import Session
from bot.grammar import WhichZoneError
from briefs.errors import UsageError


def ask(session: Session, command: str, arguments: Mapping[str, str], error: WhichZoneError) -> Reply:
    """Ask which city is meant."""
    kept = {"command": command, "arguments": dict(arguments), "zones": list(error.zones)}
    return present.which_zone(error, error.zones, session.messages, key=session.keep(kept))


def chosen(session: Session, value: str) -> tuple[str, dict[str, str]]:
    """Give the command that was typed, with the city that a button names."""
    key, _, number = value.partition(":")
    kept = session.kept(key)
    zones = kept.get("zones", [])
    if not number.isdecimal() or int(number) >= len(zones):
        raise UsageError("This button no longer works.", hints=("help",))
    return kept["command"], {**kept["arguments"], "zone": zones[int(number)]}
