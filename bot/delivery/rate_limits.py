"""How fast messages may go out: kept to before a platform has to refuse one.

    begin     a post is about to begin: it counts, or has to wait
    over      it is over: it counts for so much longer
    rest      a platform says who is to stay away, and until when
    resting   those who have to wait now

One process keeps count of its own posts. Where several share a platform, they hear of each other by its refusals.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from briefs.models import Channel

Scope = Literal["channel", "workspace", "platform"]
Place: TypeAlias = tuple[str, ...]  # (workspace, channel), (workspace,), or () for the whole platform
EVERYWHERE: Place = ()
SET_BACK = timedelta(seconds=10)  # no slow correction of a clock goes so far
BRIEFLY = timedelta(milliseconds=100)  # so long a post may wait in somebody's hands


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages, or requests, in any stretch of so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform lets through: messages into one channel and all of one workspace, and requests altogether."""

    channel: Rate | None = None
    workspace: Rate | None = None
    platform: Rate | None = None


class Pacer:
    """Keeps to the limits of one platform.

    A post counts from its beginning until so long after its answer: somewhere between, the platform counted it too.
    So whatever the ways there and back take, it is never asked for more than it lets through.
    """

    def __init__(self, limits: Limits, together: int = 1) -> None:
        """Keep to these limits. together: posts that are begun at once, in different channels, where so many may be."""
        self._together = together
        self._limits: tuple[tuple[Scope, Rate | None], ...] = (
            ("platform", limits.platform),
            ("workspace", limits.workspace),
            ("channel", limits.channel),
        )
        self._posts: dict[Place, _Posts] = {}
        self._told: dict[Place, datetime] = {}  # by the platform: until when it wants to hear nothing
        self._latest: datetime | None = None

    def begin(self, channel: Channel, now: datetime, requests: int = 1) -> timedelta:
        """Count a post, and return how long it has to wait: no time, or no longer than BRIEFLY.

        Where that would not do, it counts for nothing, and returns how long it would have to wait. Tell `over` when a
        post that counts is over. requests: so many it may need; the platform as a whole counts these.
        """
        self._note(now)
        free_at = [self._told.get(_place(channel, scope), now) for scope, _ in self._limits]
        counted = [
            (self._posts.setdefault(_place(channel, scope), _Posts(rate, together)), number)
            for scope, rate, together, number in self._counted(requests)
        ]
        wait = max([*free_at, *(posts.free_at(number, now) for posts, number in counted)]) - now
        if wait <= BRIEFLY:
            for posts, number in counted:
                posts.begin(number, now)
        elif requests > 1:
            # Else those that need one would take each that comes free, and its turn would never come.
            self.rest(channel, "platform", now + wait - BRIEFLY)
        return wait

    def over(self, channel: Channel, now: datetime, requests: int = 1) -> None:
        """Note that a post which began has been answered, or has been given up."""
        for scope, _, _, number in self._counted(requests):
            if posts := self._posts.get(_place(channel, scope)):
                posts.over(number, now)

    def _counted(self, requests: int) -> Iterator[tuple[Scope, Rate, int, int]]:
        """Give each limit, how many posts are begun together there, and how many of it a post uses."""
        for scope, rate in self._limits:
            if rate is not None:
                yield (
                    scope,
                    rate,
                    self._together if scope == "workspace" else 1,
                    min(requests, rate.messages) if scope == "platform" else 1,
                )

    def rest(self, channel: Channel, scope: Scope, until: datetime) -> None:
        """Let nothing begin in the channel, or in all that the scope names, until then."""
        place = _place(channel, scope)
        self._told[place] = max(until, self._told.get(place, until))

    def room(self, now: datetime) -> int:
        """Say how many requests to the whole platform may begin in a moment."""
        everywhere = self._posts.get(EVERYWHERE)
        return everywhere.room(now + BRIEFLY) if everywhere else self._together

    def resting(self, now: datetime) -> dict[Place, datetime]:
        """Give who has to wait now, for longer than BRIEFLY → until when to leave them alone.

        Where a workspace has used up all it may, that is until several may begin: they are claimed together.
        """
        self._note(now)
        self._posts = {place: posts for place, posts in self._posts.items() if posts.count(now)}
        self._told = {place: until for place, until in self._told.items() if until > now}
        resting = dict(self._told)
        for place, posts in self._posts.items():
            if (until := posts.several_free_at(now) - BRIEFLY) > now:
                resting[place] = max(until, resting.get(place, until))
        return resting

    def _note(self, now: datetime) -> None:
        """Forget what a clock said that has been set back since: nobody waits until it comes to that time again."""
        if self._latest is not None and now < self._latest - SET_BACK:
            self._posts.clear()
            self._told.clear()
        self._latest = now


class _Posts:
    """The posts of one place that count at present."""

    def __init__(self, rate: Rate, together: int) -> None:
        self._most = rate.messages
        self._together = min(together, rate.messages)
        self._stretch = timedelta(seconds=rate.seconds)
        self._under_way = 0
        self._answered: deque[datetime] = deque()
        self._used_up = False

    def begin(self, number: int, now: datetime) -> None:
        self._under_way += number
        self._used_up = self.count(now) >= self._most

    def over(self, number: int, now: datetime) -> None:
        self._under_way = max(0, self._under_way - number)  # it may have begun before the clock was set back
        self._answered.extend([now] * number)

    def count(self, now: datetime) -> int:
        while self._answered and self._answered[0] <= now - self._stretch:
            self._answered.popleft()
        return self._under_way + len(self._answered)

    def room(self, at: datetime) -> int:
        return self._most - self._under_way - sum(answered > at - self._stretch for answered in self._answered)

    def several_free_at(self, now: datetime) -> datetime:
        at = self.free_at(self._together, now) if self._used_up else now
        self._used_up = at > now
        return at

    def free_at(self, number: int, now: datetime) -> datetime:
        """Say when so many may begin; those under way are taken to be answered now."""
        behind = self.count(now) - (self._most - number)  # so many have to be forgotten first
        if behind <= 0:
            return now
        return (self._answered[behind - 1] if behind <= len(self._answered) else now) + self._stretch


def _place(channel: Channel, scope: Scope) -> Place:
    if scope == "platform":
        return EVERYWHERE
    return (channel.workspace,) if scope == "workspace" else (channel.workspace, channel.id)
