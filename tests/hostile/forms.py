"""A hundred and fifty people press a button that opens a form, at once: when Slack hears, and when they see something.

A trigger is good for three seconds. Seconds are those that the program works; see `floods`.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from pathlib import Path

from tests.fakes.slack_limits import Json
from tests.fakes.slack_views import TRIGGER_SECONDS, FakeView
from tests.fakes.slack_workspace import FakeUser
from tests.faults.world import world
from tests.hostile.floods import ACKNOWLEDGED, FLOODER, OTHERS, PATIENCE, Crowd, Measured, filed, installed

FORMS = 150
_WITHOUT_END = 1_000.0  # seconds that a trigger is good for here, where others' work on the machine would use it up
_Times = tuple[float, float, float]  # acknowledged, something is open, the form is there


def forms_open_in_time(teams: int, typed: bool) -> Measured:
    """Open so many; AssertionError where Slack waits for a second, or somebody until the trigger is over.

    teams: how many workspaces the people are in. typed: by a command, and not by a button.
    """
    times = asyncio.run(_measured([FLOODER, *OTHERS][:teams], typed))
    acknowledged, opened, there = (max(one) for one in zip(*times, strict=True))
    said = (
        f"{FORMS} forms {'typed' if typed else 'pressed'} at once in {teams} workspaces: acknowledged within "
        f"{1000 * acknowledged:.0f} ms, open within {1000 * opened:.0f} ms, filled in within {1000 * there:.0f} ms"
    )
    assert acknowledged <= ACKNOWLEDGED, said
    assert opened <= TRIGGER_SECONDS, said
    return Measured(said)


async def _measured(teams: list[str], typed: bool) -> list[_Times]:
    with tempfile.TemporaryDirectory() as folder:
        chance = random.Random(1)
        url = f"sqlite:///{folder}/briefs.db"
        filed(url, 200, chance)
        async with world(url, Path(folder)) as scene, installed(scene, chance) as crowd:
            for team in teams:
                there = crowd.fake.workspaces[team]
                there.trigger_seconds = _WITHOUT_END
                there.users |= {f"P{number}": FakeUser(f"p{number}", is_admin=True) for number in range(FORMS)}
                there.channels["C1"].members |= {f"P{number}" for number in range(FORMS)}
            people = [(teams[number % len(teams)], f"P{number}") for number in range(FORMS)]
            await _opens(crowd, FLOODER, "U1", typed)  # what is read when it is first needed
            return await asyncio.gather(*(_opens(crowd, team, user, typed) for team, user in people))


async def _opens(crowd: Crowd, team: str, user: str, typed: bool) -> _Times:
    fake, began = crowd.fake, crowd.now()

    def mine() -> list[FakeView]:
        return [one for one in fake.workspaces[team].modals if one.user == user]

    kind, payload = _asked(team, user, typed)
    await fake.send(kind, payload | fake._handed_out(fake.workspaces[team], "C1", user))
    acknowledged = crowd.now() - began
    await fake.until(lambda: bool(mine()), "something open", PATIENCE)
    opened = crowd.now() - began
    await fake.until(lambda: bool(mine()[0].inputs), "the form", PATIENCE)
    return acknowledged, opened, crowd.now() - began


def _asked(team: str, user: str, typed: bool) -> tuple[str, Json]:
    if typed:
        place = {"user_id": user, "channel_id": "C1", "channel_name": "general"}
        return "slash_commands", {"command": "/brief", "text": "subscribe", **place}
    button = {"type": "button", "action_id": "form.0", "value": "subscribe ", "block_id": "b", "action_ts": "1.1"}
    return "interactive", {
        "type": "block_actions",
        "user": {"id": user, "team_id": team},
        "team": {"id": team},
        "channel": {"id": "C1", "name": "general"},
        "container": {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": False},
        "message": {"ts": "1.1", "blocks": []},
        "actions": [button],
    }
