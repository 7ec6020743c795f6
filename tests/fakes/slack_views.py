"""Views of a fake Slack: what stands in them, and how a person sees and fills them in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack_limits import Json
from tests.fakes.slack_view_limits import view_refusal

TRIGGER_SECONDS = 3.0  # "views.open": expired_trigger_id, three seconds after the person did something
STACKED = 3  # "views.push": push_limit_reached


class ViewError(Exception):
    """The API says `ok: false` with this code."""


class FakeView:
    """A modal or a Home as one person has it before them. filled: (block, action) → what they did there."""

    def __init__(self, name: str, user: str, view: Json) -> None:
        self.id, self.user = name, user
        self.filled: dict[tuple[str, str], Json] = {}
        self.history: list[Json] = []
        self.open = True
        self._hashes = itertools.count(1)
        self.show(view)

    def show(self, view: Json) -> None:
        """Draw it anew; what was filled in stays where its block and action are still there."""
        wrong = view_refusal(view)
        if wrong is not None:
            raise ViewError(f"{wrong[0]}: {wrong[1]}")
        self.view = view
        self.history.append(view)
        self.hash = f"{next(self._hashes)}.{self.id}"
        here = {(block["block_id"], block["element"]["action_id"]) for block in self.inputs}
        self.filled = {place: value for place, value in self.filled.items() if place in here}

    @property
    def inputs(self) -> list[Json]:
        """Its input blocks."""
        return [block for block in self.view["blocks"] if block["type"] == "input"]

    @property
    def title(self) -> str:
        """What stands above it; "" for a Home."""
        return str(self.view.get("title", {}).get("text", ""))

    @property
    def labels(self) -> list[str]:
        """What stands at its fields."""
        return [block["label"]["text"] for block in self.inputs]

    @property
    def buttons(self) -> list[Json]:
        """Its buttons, in order, each with its block."""
        return list(self._buttons())

    def _buttons(self) -> Iterator[Json]:
        for block in self.view["blocks"]:
            for element in block.get("elements", []) if block["type"] == "actions" else ():
                yield {**element, "block_id": block.get("block_id", "b")}

    def field(self, label: str) -> Json:
        """Give the input block with this label, or name."""
        return next(block for block in self.inputs if label in {block["label"]["text"], block["block_id"]})

    def button(self, label: str, nth: int = 1) -> Json:
        """Give the nth of its buttons with this label, or value."""
        return [one for one in self.buttons if label in {one["text"]["text"], one.get("value")}][nth - 1]

    @property
    def payload(self) -> Json:
        """What Slack hands over of it."""
        return {
            **self.view,
            "id": self.id,
            "hash": self.hash,
            "team_id": "T1",
            "state": {"values": self.state},
            "private_metadata": self.view.get("private_metadata", ""),
        }

    @property
    def state(self) -> dict[str, dict[str, Json]]:
        """What stands in its fields."""
        values: dict[str, dict[str, Json]] = {}
        for block in self.inputs:
            element = block["element"]
            place = (block["block_id"], element["action_id"])
            values[place[0]] = {place[1]: {"type": element["type"], **self.filled.get(place, _initial(element))}}
        return values


def filled_in(element: Json, value: Any) -> Json:
    """Give the state of an element into which a person put something; of selects, options by their values."""
    match element["type"]:
        case "plain_text_input":
            return {"value": value}
        case "conversations_select":
            return {"selected_conversation": value}
        case "datepicker":
            return {"selected_date": value}
        case "static_select" | "external_select":
            return {"selected_option": value}
        case _:
            return {"selected_options": value}


def _initial(element: Json) -> Json:
    match element["type"]:
        case "plain_text_input":
            return {"value": element.get("initial_value")}
        case "conversations_select":
            return {"selected_conversation": element.get("initial_conversation")}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "static_select" | "external_select":
            return {"selected_option": element.get("initial_option")}
        case _:
            return {"selected_options": element.get("initial_options", [])}
