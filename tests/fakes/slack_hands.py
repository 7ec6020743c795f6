"""A person in a fake Slack who fills in modals, opens Home and uses message shortcuts.

ann = Hand(fake)
home = await ann.home()
form = await ann.press(home, "Subscribe a channel")
await ann.choose(form, "Topic", "Battery supply")
await ann.submit(form)                       # {} where the modal closes, else what Slack is told to do
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_limits import Json
from tests.fakes.slack_view_limits import option_problems
from tests.fakes.slack_views import FakeView, filled_in
from tests.fakes.slack_workspace import Shown


@dataclass
class Hand:
    """Somebody in a workspace."""

    fake: FakeSlack
    user: str = "U1"
    team: str = "T1"

    async def home(self) -> FakeView:
        """Open the Home tab; give what stands there then."""
        homes = self.fake.workspaces[self.team].homes
        drawn = len(homes[self.user].history) if self.user in homes else 0
        event = {"type": "app_home_opened", "user": self.user, "channel": "D1", "tab": "home", "event_ts": "1.1"}
        await self.fake.send("events_api", self.fake.event(event, self.team))
        await self.fake.until(lambda: self.user in homes and len(homes[self.user].history) > drawn, "Home")
        return homes[self.user]

    async def press(self, view: FakeView, label: str, nth: int = 1, *, opens: bool = True) -> FakeView:
        """Press the nth button of that label; give the modal that opens, or the view once it is drawn anew."""
        return await self.act(view, {**view.button(label, nth), "action_ts": "1.1"}, opens=opens)

    async def opens(self, shown: Shown, label: str) -> FakeView:
        """Press a button of a message that opens a modal; give that."""
        modals = self.fake.workspaces[self.team].modals
        known = len(modals)
        await self.fake.press(shown, label, user=self.user, team=self.team, answers=0)
        await self.fake.until(lambda: len(modals) > known, "a modal")
        return modals[-1]

    async def act(self, view: FakeView, action: Json, *, opens: bool) -> FakeView:
        """Do something in a view; give the modal that opens, or the view once it is drawn anew."""
        modals, drawn = self.fake.workspaces[self.team].modals, len(view.history)
        known = len(modals)
        await self.fake.send("interactive", self._of(view, "block_actions", actions=[action]))
        done: Callable[[], bool] = (lambda: len(modals) > known) if opens else (lambda: len(view.history) > drawn)
        await self.fake.until(done, f"what comes of {action.get('action_id')}")
        return modals[-1] if opens else view

    async def fill(self, view: FakeView, label: str, value: Any) -> None:
        """Put something into a field: text; the id of a channel."""
        await self._put(view, view.field(label), value)

    async def choose(self, view: FakeView, label: str, *names: str) -> None:
        """Choose options by what stands on them, or their values; where they are searched, they are searched for."""
        block = view.field(label)
        element = block["element"]
        if element["type"].endswith("external_select"):
            options = [one for name in names for one in await self.search(view, label, name)]
        else:
            options = element["options"]
        chosen = [next(one for one in options if name in {one["text"]["text"], one["value"]}) for name in names]
        await self._put(view, block, chosen if element["type"].startswith("multi_") else chosen[0])

    async def search(self, view: FakeView, label: str, typed: str) -> list[Json]:
        """Type into a searched choice; give what is offered."""
        block = view.field(label)
        where = {"block_id": block["block_id"], "action_id": block["element"]["action_id"], "value": typed}
        answer = await self._acknowledged("interactive", self._of(view, "block_suggestion", **where))
        for option in answer["options"]:
            assert list(option_problems(option)) == []
        return list(answer["options"])

    async def submit(self, view: FakeView, times: int = 1) -> Json:
        """Press the button that saves; give what Slack is told to do then, which it does."""
        answer = await self._acknowledged("interactive", self._of(view, "view_submission"), times)
        match answer.get("response_action"):
            case "errors":
                assert set(answer["errors"]) <= {block["block_id"] for block in view.inputs}
            case "update":
                view.show(answer["view"])
            case None:
                view.open = False
        return answer

    async def shortcut(self, shown: Shown, callback: str = "related", answers: int = 1) -> list[Shown]:
        """Use a message shortcut; give what appears."""
        payload = {
            "type": "message_action",
            "callback_id": callback,
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team},
            "channel": {"id": shown.channel, "name": "general"},
            "message": shown.message,
            "message_ts": shown.ts,
            **self.fake._handed_out(self.fake.workspaces[self.team], shown.channel, self.user),
        }
        return await self.fake._play("interactive", payload, answers, 1, self.team)

    async def _put(self, view: FakeView, block: Json, value: Any) -> None:
        element = block["element"]
        place = (block["block_id"], element["action_id"])
        view.filled[place] = filled_in(element, value)
        if block.get("dispatch_action"):
            action = {"block_id": place[0], "action_id": place[1], "type": element["type"], **view.filled[place]}
            await self.act(view, action, opens=block["block_id"] == "look")

    def _of(self, view: FakeView, kind: str, **more: Any) -> Json:
        return {
            "type": kind,
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team},
            "api_app_id": "A1",
            "is_enterprise_install": False,
            "trigger_id": self.fake.workspaces[self.team].trigger(self.user),
            "container": {"type": "view", "view_id": view.id},
            "view": view.payload,
            **more,
        }

    async def _acknowledged(self, kind: str, payload: Json, times: int = 1) -> Json:
        known = len(self.fake.acks)
        envelope = await self.fake.send(kind, payload, times)

        def answers() -> list[Any]:
            return [ack.payload for ack in self.fake.acks[known:] if envelope in ("", ack.envelope)]

        await self.fake.until(lambda: len(answers()) >= times, "an acknowledgement")
        read = [json.loads(one) if isinstance(one, str) and one else one or {} for one in answers()]
        return next((one for one in read if one), {})
