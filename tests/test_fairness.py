"""Who floods waits for themselves; a workspace has so much, and no more."""

from __future__ import annotations

import asyncio

import pytest

from bot.commands import aliases, subscriptions, topics
from bot.commands.fair_shares import BURST, Fair
from briefs.store.aliases import WorkspaceAliases
from tests.dispatcher import MONDAY, NEWS


class Seconds:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def fair(clock) -> Fair:
    return Fair(clock)


def test_a_person_has_a_minute_of_commands_and_then_one_a_second(fair, clock) -> None:
    assert [fair.wait("ann") for _ in range(int(BURST))] == [0.0] * int(BURST)
    assert fair.wait("ann") == 1.0
    assert fair.wait("ann") == 1.0  # what is not carried out costs nothing
    assert fair.wait("bob") == 0.0
    clock.now += 1
    assert [fair.wait("ann"), fair.wait("ann")] == [0.0, 1.0]
    clock.now += 1_000
    assert [fair.wait("ann") for _ in range(int(BURST) + 1)] == [0.0] * int(BURST) + [1.0]


def test_a_clock_that_stands_lets_nobody_wait_for_ever(fair) -> None:
    for _ in range(1_000):
        wait = fair.wait("ann")
    assert wait == 1.0


class Office:
    """People who each have a command, and a clerk who says which of them are under way, and lets them end."""

    def __init__(self, fair: Fair) -> None:
        self._fair = fair
        self.under_way: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, asyncio.Event] = {}

    async def ask(self, *commands: str) -> list[str]:
        """Ask, "workspace person number", and give what is under way then."""
        for command in commands:
            self._done[command] = asyncio.Event()
            self._tasks[command] = asyncio.create_task(self._carry_out(command))
        return await self._now()

    async def end(self, command: str) -> list[str]:
        self._done[command].set()
        return await self._now()

    async def go_away(self, command: str) -> list[str]:
        self._tasks[command].cancel()
        return await self._now()

    async def _now(self) -> list[str]:
        for _ in range(5):
            await asyncio.sleep(0)
        return sorted(self.under_way)

    async def _carry_out(self, command: str) -> None:
        workspace, person, _ = command.split()
        async with self._fair.turn(workspace, f"{workspace} {person}"):
            self.under_way.append(command)
            try:
                await self._done[command].wait()
            finally:
                self.under_way.remove(command)


async def test_a_workspace_has_two_under_way_and_one_beside_others_and_a_person_one(fair) -> None:
    office = Office(fair)
    assert await office.ask("w1 ann 1", "w1 ann 2", "w1 bob 1", "w1 cid 1") == ["w1 ann 1", "w1 bob 1"]
    assert await office.ask("w2 dan 1", "w2 eve 1") == ["w1 ann 1", "w1 bob 1", "w2 dan 1"]
    assert await office.end("w1 ann 1") == ["w1 bob 1", "w2 dan 1"]
    assert await office.end("w1 bob 1") == ["w1 ann 2", "w2 dan 1"]
    assert await office.end("w2 dan 1") == ["w1 ann 2", "w2 eve 1"]
    assert await office.end("w2 eve 1") == ["w1 ann 2", "w1 cid 1"]


async def test_who_goes_away_waiting_or_under_way_keeps_nobody(fair) -> None:
    office = Office(fair)
    assert await office.ask("w1 ann 1", "w1 ann 2", "w1 ann 3") == ["w1 ann 1"]
    assert await office.go_away("w1 ann 2") == ["w1 ann 1"]
    assert await office.go_away("w1 ann 1") == ["w1 ann 3"]
    assert await office.end("w1 ann 3") == []
    assert (fair._waiting, fair._under_way, fair._all_under_way) == ({}, {}, 0)  # nothing is remembered of them


# ---------------------------------------------------------------- in chat


async def test_who_asks_too_much_is_told_when_to_come_back_and_others_are_answered(office) -> None:
    ann, bob = office.person(), office.person(name="bob")
    said = [await ann.say("hello") for _ in range(int(BURST) + 5)]
    assert "That is a lot at once. Ask me again in" in said[-1]
    assert "a lot at once" not in await bob.say("tencent")


async def test_a_workspace_has_so_many_topics(office) -> None:
    for number in range(topics.MOST):
        office.channels.add_topic(NEWS, f"topic {number}", "word", (), "ann", MONDAY)
    assert "has 300 topics, as many as it may" in await office.person().say("topic add another tencent")
    await office.person().say("topic remove topic 1")
    assert "added" in await office.person().say("topic add another tencent")


async def test_names_of_one_thing_are_counted_also_when_groups_are_joined(office) -> None:
    ann = office.person()
    for group in "ab":
        await ann.say("alias add " + " = ".join(f"{group}{n}" for n in range(aliases.MOST - 2)))
    assert "more than 20 names of one thing" in await ann.say("alias add a1 = b1")
    assert len(WorkspaceAliases(office.archive.database).of(NEWS)) == 2


async def test_a_channel_has_so_many_subscriptions(office, monkeypatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST", 1)
    ann = office.person()
    await ann.say("topic add another tencent")
    await ann.say("subscribe Open links at 9:00")
    assert "has 1 subscriptions, as many as it may" in await ann.say("subscribe another at 9:00")
    assert "as many as it may" not in await ann.say("subscribe Open links at 10:00")
