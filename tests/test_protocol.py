"""The protocol, exhaustively: every order of events of one delivery, two workers and three faults.

The world is a value: the row, two workers, and what stands in the channel. `steps` gives every world that may come
next; the decisions in it are those of `protocol`. A search through all worlds that can be reached shows what can
happen and what cannot. Time goes in steps of 15 seconds, the deadline of a post, and is counted from now, so that
waiting leads back to worlds already seen, and their number is finite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from bot.delivery import protocol
from bot.delivery.transport import Begun, Found, Missing, Sent, Unknown, Unseen
from briefs.models import Channel
from briefs.store.deliveries import Claim, Settlement, Uncertain

STEP = timedelta(seconds=15)
PACE = protocol.Pace()
NOW = datetime(2026, 9, 14, 7, tzinfo=UTC)
ROOM = Channel("chat", "team", "general")
FAULTS = 3
LONG_AGO = -9  # steps: no decision asks how long


class Row(NamedTuple):  # tuples, for a million of them are compared
    """The columns of the delivery; times in steps from now. epoch: of a worker's copy, -1 when it is an older one."""

    state: str = "PENDING"
    epoch: int = 0
    lease: int = LONG_AGO
    wakes: int = LONG_AGO  # when it is taken up again
    started: int = LONG_AGO
    in_doubt: bool = False
    doubt: int = LONG_AGO
    misses: int = 0
    begun: bool = False

    def later(self) -> Row:
        """The same, a step later."""
        times = {name: max(getattr(self, name) - 1, LONG_AGO) for name in ("lease", "wakes", "started", "doubt")}
        return self._replace(**times)


class Worker(NamedTuple):
    """at: idle; claimed: has the row and has not posted; answered: the post is over, and `heard` or not."""

    at: str = "idle"
    claim: Row = Row()
    heard: bool = False


class World(NamedTuple):
    """copies: in the channel; bare: those that are only begun. flying: by when posts on their way arrive.

    remembered: until when the nonce is.
    """

    row: Row = Row()
    workers: tuple[Worker, ...] = (Worker(), Worker())
    copies: int = 0
    bare: int = 0
    flying: tuple[int, ...] = ()
    remembered: int = LONG_AGO
    faults: int = FAULTS


@dataclass(frozen=True)
class Rules:
    """policy; memory: of nonces, in steps; readable: whether the channel's history can be read.

    in_two: whether a message is begun first, and then finished.
    """

    policy: protocol.Policy = "prefer_delivery"
    memory: int = 0
    readable: bool = True
    in_two: bool = False

    @property
    def remembers(self) -> timedelta:
        return self.memory * STEP


def at(step: int) -> datetime:
    return NOW + step * STEP


def step_of(moment: datetime | None) -> int:
    return LONG_AGO if moment is None else max(-((NOW - moment) // STEP), LONG_AGO)  # rounded up


def settled(row: Row, settlement: Settlement) -> Row:
    return Row(
        state=settlement.state,
        wakes=step_of(settlement.not_before or settlement.settle_until),
        in_doubt=settlement.doubt is not None,
        doubt=step_of(settlement.doubt),
        misses=settlement.misses,
        begun=settlement.state != "SENT" and settlement.reference is not None,
    )


def claim_of(row: Row) -> Claim:
    doubt = at(row.doubt) if row.in_doubt else None
    times = at(row.started), at(row.lease), doubt
    return Claim(1, row.epoch, ROOM, {}, "uuid", "nonce", None, 1, *times, begun="1" if row.begun else None)


def steps(world: World, rules: Rules) -> Iterator[World]:
    """Give every world that may come next."""
    yield from later(world)
    for number, worker in enumerate(world.workers):
        others = world.workers[:number] + world.workers[number + 1 :]
        for changed, acted in acts(world, worker, rules):
            if changed.row.state == "SENDING" != world.row.state:  # a claim: what the others hold is older
                others = tuple(one._replace(claim=one.claim._replace(epoch=-1)) for one in others)
            yield changed._replace(workers=tuple(sorted((acted, *others))))
    for place in range(len(world.flying)):
        rest = world.flying[:place] + world.flying[place + 1 :]
        yield arrived(world._replace(flying=rest), rules)
    yield from looks(world, rules)


def later(world: World) -> Iterator[World]:
    """Time goes on, unless a post on its way must arrive first; a lease that is over makes the row uncertain.

    That a living worker sleeps through its lease is a fault.
    """
    if any(deadline <= 0 for deadline in world.flying):
        return
    row, faults = world.row.later(), world.faults
    if row.state == "SENDING" and row.lease < 0:
        faults -= any(worker.at != "idle" and worker.claim.epoch == 0 for worker in world.workers)
        if faults < 0:
            return
        doubt = row.doubt if row.in_doubt else row.started
        row = Row("UNCERTAIN", wakes=0, in_doubt=True, doubt=doubt, begun=row.begun)
    workers = tuple(
        worker if worker.at == "idle" else worker._replace(claim=worker.claim.later()) for worker in world.workers
    )
    flying = tuple(deadline - 1 for deadline in world.flying)
    yield world._replace(
        row=row, workers=workers, flying=flying, faults=faults, remembered=max(world.remembered - 1, LONG_AGO)
    )


def acts(world: World, worker: Worker, rules: Rules) -> Iterator[tuple[World, Worker]]:
    """Give what a worker can do next, and what can happen to it."""
    row = world.row
    if worker.at == "idle":
        if row.state == "PENDING" or (row.state == "RETRY" and row.wakes <= 0):
            row = row._replace(state="SENDING", started=0, lease=step_of(NOW + PACE.lease), wakes=LONG_AGO)
            yield world._replace(row=row), Worker("claimed", row)
        return
    if world.faults:
        yield world._replace(faults=world.faults - 1), Worker()  # killed
    held = row.state == "SENDING" and worker.claim.epoch == 0
    if worker.at == "claimed":
        instead = protocol.before_post(claim_of(worker.claim), rules.remembers, NOW, PACE)
        if instead is not None:
            yield world._replace(row=settled(row, instead) if held else row), Worker()
        elif held and row.lease > 0:
            yield from posts(world, worker, rules)
        else:
            yield world, Worker()  # it was taken over
        return
    well = Begun("1", STEP.total_seconds()) if rules.in_two and not worker.claim.begun else Sent("1")
    outcome = well if worker.heard else Unknown("no answer")
    settlement = protocol.after_attempt(claim_of(worker.claim), outcome, NOW)
    yield world._replace(row=settled(row, settlement) if held else row), Worker()


def posts(world: World, worker: Worker, rules: Rules) -> Iterator[tuple[World, Worker]]:
    """The post arrives and is answered; or its answer, or all of it, is lost; or it arrives behind that."""
    if worker.claim.begun:
        yield finished(world), worker._replace(at="answered", heard=True)
        if world.faults:
            fewer = world._replace(faults=world.faults - 1)
            yield finished(fewer), worker._replace(at="answered")
            yield fewer, worker._replace(at="answered")
        return
    yield arrived(world, rules), worker._replace(at="answered", heard=True)
    if world.faults:
        fewer = world._replace(faults=world.faults - 1)
        unheard = worker._replace(at="answered")
        yield arrived(fewer, rules), unheard
        yield fewer, unheard
        yield fewer._replace(flying=tuple(sorted((*fewer.flying, 1)))), unheard


def arrived(world: World, rules: Rules) -> World:
    if world.remembered > 0:
        return world  # the same nonce: it stands there already
    bare = world.bare + rules.in_two
    return world._replace(copies=world.copies + 1, bare=bare, remembered=max(rules.memory, LONG_AGO))


def finished(world: World) -> World:
    return world._replace(bare=max(world.bare - 1, 0))


def looks(world: World, rules: Rules) -> Iterator[World]:
    """Whoever ticks resolves what is uncertain."""
    row = world.row
    if row.state != "UNCERTAIN" or row.wakes > 0:
        return
    begun = "1" if row.begun else None
    uncertain = Uncertain(1, 0, ROOM, "uuid", "nonce", 1, at(row.doubt), row.misses, None, begun=begun)
    settlement = protocol.repeat(uncertain, rules.remembers, NOW, PACE)
    if settlement is None:
        found = Found("1", whole=not world.bare) if world.copies else Missing()
        sight = found if rules.readable else Unseen("no permission")
        settlement = protocol.after_look(uncertain, sight, rules.policy, NOW, PACE)
    yield world._replace(row=settled(row, settlement))


def reachable(rules: Rules) -> dict[World, set[World]]:
    """Give every world that can come about → those that may come next."""
    seen: dict[World, set[World]] = {}
    coming = [World()]
    while coming:
        world = coming.pop()
        if world not in seen:
            seen[world] = set() if world.row.state in {"SENT", "PARKED"} else set(steps(world, rules))
            coming += seen[world]
    return seen


def without_a_way_to(state: str, worlds: dict[World, set[World]]) -> set[World]:
    """Give the worlds from which no world in this state can be reached."""
    before: dict[World, list[World]] = {}
    for world, following in worlds.items():
        for one in following:
            before.setdefault(one, []).append(world)
    there = {world for world in worlds if world.row.state == state}
    coming = list(there)
    while coming:
        for world in before.get(coming.pop(), ()):
            if world not in there:
                there.add(world)
                coming.append(world)
    return set(worlds) - there


@pytest.mark.parametrize("in_two", [False, True], ids=["in one", "begun first"])
@pytest.mark.parametrize("rules", [Rules(), Rules(memory=8)], ids=["history", "nonces"])
def test_where_the_channel_can_be_read_it_arrives_always_and_once(rules, in_two):
    worlds = reachable(replace(rules, in_two=in_two))

    assert max(world.copies for world in worlds) == 1
    assert all((world.copies, world.bare) == (1, 0) for world in worlds if world.row.state == "SENT")
    assert without_a_way_to("SENT", worlds) == set()


def test_where_it_cannot_be_read_it_arrives_always_and_there_are_no_more_copies_than_faults():
    worlds = reachable(Rules(readable=False))

    assert max(world.copies for world in worlds) == 1 + FAULTS
    assert all(world.copies + len(world.flying) for world in worlds if world.row.state == "SENT")
    assert without_a_way_to("SENT", worlds) == set()


@pytest.mark.parametrize("in_two", [False, True], ids=["in one", "begun first"])
@pytest.mark.parametrize("readable", [True, False])
def test_where_silence_is_preferred_nothing_stands_there_twice(readable, in_two):
    worlds = reachable(Rules(policy="prefer_silence", readable=readable, in_two=in_two))

    assert max(world.copies for world in worlds) == 1
    assert without_a_way_to("SENT", worlds) & without_a_way_to("PARKED", worlds) == set()
