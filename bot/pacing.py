"""How fast messages may go out: kept to before a platform has to refuse one.

    begin     a post is about to begin: it counts, or has to wait
    rest      a platform says who is to stay away, and until when
    resting   those who have to wait now

One process keeps count of its own posts. Where several share a platform, they hear of each other by its refusals.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from briefs.models import Channel

Scope = Literal["channel", "workspace", "platform"]
Place: TypeAlias = tuple[str, ...]  # (workspace, channel), (workspace,), or () for the whole platform
EVERYWHERE: Place = ()
SET_BACK = timedelta(seconds=10)  # no slow correction of a clock goes so far


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages in any stretch of so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform lets through: into one channel, into all of one workspace, and altogether."""

    channel: Rate | None = None
    workspace: Rate | None = None
    platform: Rate | None = None


class Pacer:
    """Keeps to the limits of one platform."""

    def __init__(self, limits: Limits) -> None:
        self._limits: tuple[tuple[Scope, Rate | None], ...] = (
            ("platform", limits.platform),
            ("workspace", limits.workspace),
            ("channel", limits.channel),
        )
        self._begun: dict[Place, deque[datetime]] = {}
        self._free_at: dict[Place, datetime] = {}
        self._latest: datetime | None = None

    def begin(self, channel: Channel, now: datetime) -> timedelta:
        """Count a post that begins now, and return zero; or count nothing, and return how long it has to wait."""
        self._note(now)
        free_at = max((self._free_at.get(_place(channel, scope), now) for scope, _ in self._limits), default=now)
        if free_at > now:
            return free_at - now
        for scope, rate in self._limits:
            if rate is not None:
                place = _place(channel, scope)
                begun = self._begun.setdefault(place, deque(maxlen=rate.messages))
                begun.append(now)
                if len(begun) == rate.messages:
                    self._free_at[place] = begun[0] + timedelta(seconds=rate.seconds)
        return timedelta(0)

    def rest(self, channel: Channel, scope: Scope, until: datetime) -> None:
        """Let nothing begin in the channel, or in all that the scope names, until then."""
        place = _place(channel, scope)
        self._free_at[place] = max(until, self._free_at.get(place, until))

    def resting(self, now: datetime) -> dict[Place, datetime]:
        """Give who has to wait now → until when."""
        self._note(now)
        longest = max((rate.seconds for _, rate in self._limits if rate is not None), default=0.0)
        past = now - timedelta(seconds=longest)
        self._begun = {place: begun for place, begun in self._begun.items() if begun[-1] > past}
        self._free_at = {place: free_at for place, free_at in self._free_at.items() if free_at > now}
        return dict(self._free_at)

    def _note(self, now: datetime) -> None:
        """Forget what a clock said that has been set back since: nobody waits until it comes to that time again."""
        if self._latest is not None and now < self._latest - SET_BACK:
            self._begun.clear()
            self._free_at.clear()
        self._latest = now


def _place(channel: Channel, scope: Scope) -> Place:
    if scope == "platform":
        return EVERYWHERE
    return (channel.workspace,) if scope == "workspace" else (channel.workspace, channel.id)
