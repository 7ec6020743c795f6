"""How a source is doing, in one word: pure, from what is remembered of it."""

from datetime import datetime, timedelta
from typing import Literal, get_args

from briefs.ingest.polling import DAY, MOVED
from briefs.masking import MASK
from briefs.store.sources import Health

# Worst first. gone: it is no more. locked: it wants a password. blocked: it is not shown to us. failing: it cannot be
# had or read. refused: every entry of it is. garbled: letters of it are lost. empty: it has no entry. silent: it has
# nothing new, for longer than that should take. moved: it has another address. repaired: it is read, with repairs.
Condition = Literal[
    "gone", "locked", "blocked", "failing", "refused", "garbled",
    "empty", "silent", "moved", "repaired", "unread", "well",
]  # fmt: skip
ORDER: tuple[Condition, ...] = get_args(Condition)
FINE: frozenset[Condition] = frozenset({"repaired", "unread", "well"})  # nobody has to do anything

_SILENCE = 10  # times its own rhythm without anything new
_AT_LEAST = timedelta(days=3)  # of silence: many rest at weekends
_KNOWN = 3  # arrivals that make a rhythm


def condition(health: Health, now: datetime) -> Condition:
    """Return how a source is doing."""
    if health.tried_at is None:
        return "unread"
    if health.failures:
        return _FAILURES.get(health.trouble or "", "failing")
    if health.state in ("refused", "garbled", "empty"):
        return health.state
    if silent(health, now):
        return "silent"
    if health.moves >= MOVED:
        return "moved"
    return "repaired" if health.state == "repaired" else "well"


_FAILURES: dict[str, Condition] = {"gone": "gone", "locked": "locked", "blocked": "blocked"}


def rhythm(health: Health) -> timedelta | None:
    """Return the time from one arrival to the next, while there were some; None: too few are known."""
    if len(health.arrivals) < _KNOWN:
        return None
    newest, oldest = max(health.arrivals), min(health.arrivals)
    return (newest - oldest) / (len(health.arrivals) - 1)


def silent(health: Health, now: datetime) -> bool:
    """Whether nothing has come for longer than its own rhythm explains."""
    own = rhythm(health)
    return own is not None and now - max(health.arrivals) > max(_SILENCE * own, _AT_LEAST)


def offered(health: Health) -> str | None:
    """Return the address that a source could be read at instead.

    Where it moved, also if it is no more since; or the feed that its page names; its own, where the one that a person
    chose does not serve.
    """
    if health.moves >= MOVED:
        return health.moved_to
    if health.uses and health.failures:
        return health.address
    if health.trouble == "gone" and health.moved_to:
        return health.moved_to
    named = health.said.get("values", {}).get("feed") if health.failures else None
    return named if named and MASK not in named and named != health.uses else None


def lasting(health: Health, now: datetime) -> bool:
    """Whether a person should hear of it: what fails may come back by itself, within a day."""
    known = condition(health, now)
    if known == "failing":
        return health.answered_at is None or now - health.answered_at > DAY
    return known not in FINE
