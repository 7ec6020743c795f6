"""Rate limits, kept to before a platform has to refuse a message (sliding windows).

    begin     a post is about to begin: it is counted, or has to wait
    over      it has been answered: it counts for the length of the window from now on
    rest      the platform has refused, and says who has to wait until when
    resting   who has to wait now

A process counts its own posts. Where several share a platform, they learn of each other by its refusals.
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
    """At most so many messages, or requests, in any window of so many seconds."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """A platform's limits: messages into one channel, messages into one workspace, and requests in all."""

    channel: Rate | None = None
    workspace: Rate | None = None
    platform: Rate | None = None


class Pacer:
    """Keeps to the limits of one platform.

    A post counts from its beginning until one window after its answer. The platform counts it somewhere in between, so
    its limits are kept however long requests take on the way.
    """

    def __init__(self, limits: Limits, together: int = 1) -> None:
        """Keep to these limits. together: posts that begin at once, in different channels, if the limits allow it."""
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
        """Return how long a post has to wait; if at most BRIEFLY, it has been counted, and `over` is to be called.

        If longer, it has not been counted. requests: how many it may need, for the limit of the whole platform.
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
            # Else posts that need one request would take each that comes free, and this one's turn would never come.
            self.rest(channel, "platform", now + wait - BRIEFLY)
        return wait

    def over(self, channel: Channel, now: datetime, requests: int = 1) -> None:
        """Note that a post which began has been answered, or has been given up."""
        for scope, _, _, number in self._counted(requests):
            if posts := self._posts.get(_place(channel, scope)):
                posts.over(number, now)

    def _counted(self, requests: int) -> Iterator[tuple[Scope, Rate, int, int]]:
        """Yield each limit with its scope, how many posts begin together there, and how many units a post uses."""
        for scope, rate in self._limits:
            if rate is not None:
                yield (
                    scope,
                    rate,
                    self._together if scope == "workspace" else 1,
                    min(requests, rate.messages) if scope == "platform" else 1,
                )

    def rest(self, channel: Channel, scope: Scope, until: datetime) -> None:
        """Let no post begin before `until` in the channel, its workspace or the whole platform, as the scope says."""
        place = _place(channel, scope)
        self._told[place] = max(until, self._told.get(place, until))

    def room(self, now: datetime) -> int:
        """Return how many requests to the whole platform may begin within BRIEFLY."""
        everywhere = self._posts.get(EVERYWHERE)
        return everywhere.room(now + BRIEFLY) if everywhere else self._together

    def resting(self, now: datetime) -> dict[Place, datetime]:
        """Return who has to wait for longer than BRIEFLY → until when.

        A workspace that has used up its limit waits until several posts may begin, since they are claimed together.
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
        """Forget all counts when the clock has been set back: else posts would wait until it catches up."""
        if self._latest is not None and now < self._latest - SET_BACK:
            self._posts.clear()
            self._told.clear()
        self._latest = now


class _Posts:
    """The posts that count at present for one limit in one place."""

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
        """Return when so many may begin, if those under way are answered now."""
        behind = self.count(now) - (self._most - number)  # so many have to leave the window first
        if behind <= 0:
            return now
        return (self._answered[behind - 1] if behind <= len(self._answered) else now) + self._stretch


def _place(channel: Channel, scope: Scope) -> Place:
    if scope == "platform":
        return EVERYWHERE
    return (channel.workspace,) if scope == "workspace" else (channel.workspace, channel.id)
