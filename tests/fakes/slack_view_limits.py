"""What Slack refuses in a view, by its documented limits: the error code it would answer with, and why.

The page of Slack's documentation that names a limit stands beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.slack_limits import MESSAGE_BLOCKS, NAME, Check, Json, problems, text_object, unknown_keys

BLOCKS = 100  # "Blocks": up to 50 in each message, and 100 in modals or Home tabs
TITLE = 24  # "Views": title, close and submit
METADATA = 3000  # "Views": private_metadata
SIZE = 250_000  # "views.open": view_too_large, "greater than the max allowed size of 250kb"
LABEL = 2000  # "Input block": label and hint
PLACEHOLDER = 150  # "Plain-text input", "Select menu element"
TYPED = 3000  # "Plain-text input": max_length, initial_value
OPTIONS = 100  # "Select menu element"
BOXES = 10  # "Checkboxes"
OPTION, OPTION_VALUE = 75, 150  # "Option object": text and value

_MODAL = ("title", "blocks", "close", "submit", "private_metadata", "callback_id", "clear_on_close", "notify_on_close")
_HOME = ("blocks", "private_metadata", "callback_id")
_INCLUDED = {"im", "mpim", "private", "public"}  # "Conversation lists filter"


def view_refusal(view: Any) -> tuple[str, str] | None:
    """Give the error code for a view that Slack would not take, and what is wrong with it; None: it is taken."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return "invalid_arguments", "no modal and no home"
    for problem in _view(view):
        return "invalid_arguments", problem
    size = len(json.dumps(view).encode())
    return ("view_too_large", f"{size} bytes") if size > SIZE else None


def _view(view: Json) -> Iterator[str]:
    yield from unknown_keys(view, *(_MODAL if view["type"] == "modal" else _HOME), "external_id")
    if view["type"] == "modal":
        yield from text_object(view.get("title"), TITLE, {"plain_text"})
        for name in ("close", "submit"):
            if name in view:
                yield from text_object(view[name], TITLE, {"plain_text"})
        if "submit" not in view and any(block.get("type") == "input" for block in view.get("blocks", [])):
            yield "a modal with inputs wants submit"  # "Views": required when an input block is within it
    if len(view.get("private_metadata", "")) > METADATA:
        yield "private_metadata"
    if len(view.get("callback_id", "")) > NAME:
        yield "callback_id"
    if not view.get("blocks"):
        yield "no blocks"
    yield from problems(view.get("blocks", []), BLOCKS, VIEW_BLOCKS)


def _input(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "label", "element", "hint", "optional", "dispatch_action")
    yield from text_object(block.get("label"), LABEL, {"plain_text"})
    if "hint" in block:
        yield from text_object(block["hint"], LABEL, {"plain_text"})
    element = block.get("element", {})
    check = _ELEMENTS.get(element.get("type"))
    if check is None:
        yield f"{element.get('type')!r} in an input"
        return
    if not 0 < len(element.get("action_id", "")) <= NAME:
        yield f"action_id {element.get('action_id')!r}"
    if "placeholder" in element:
        yield from text_object(element["placeholder"], PLACEHOLDER, {"plain_text"})
    yield from check(element)


def _typed(element: Json) -> Iterator[str]:
    known = ("initial_value", "multiline", "min_length", "max_length", "dispatch_action_config", "focus_on_load")
    yield from unknown_keys(element, "action_id", "placeholder", *known)
    longest = element.get("max_length", TYPED)
    if not 1 <= longest <= TYPED:
        yield f"max_length {longest}"
    if len(element.get("initial_value", "")) > longest:
        yield "an initial_value that is longer than may be typed"


def _select(element: Json) -> Iterator[str]:
    many = element["type"].startswith("multi_")
    initial = "initial_options" if many else "initial_option"
    searched = element["type"].endswith("external_select")
    known = ["min_query_length"] if searched else ["options"]
    yield from unknown_keys(element, "action_id", "placeholder", "focus_on_load", initial, *known)
    options = element.get("options", [])
    if not searched and not 0 < len(options) <= OPTIONS:
        yield f"{len(options)} options"
    chosen = element.get(initial, [] if many else None)
    if many and initial in element and not chosen:
        yield "initial_options that are none"
    chosen = chosen if many else [chosen] if chosen else []
    for option in (*options, *chosen):
        yield from option_problems(option)
    # "Select menu element": must exactly match one of the options.
    if not searched and any(option not in options for option in chosen):
        yield "an initial option that is none of the options"


def _conversations(element: Json) -> Iterator[str]:
    yield from unknown_keys(
        element, "action_id", "placeholder", "initial_conversation", "default_to_current_conversation", "filter"
    )
    kinds = element.get("filter", {"include": ["public"]})
    if not kinds or not set(kinds.get("include", ["public"])) <= _INCLUDED:
        yield f"filter {kinds}"


def _calendar(element: Json) -> Iterator[str]:
    yield from unknown_keys(element, "action_id", "placeholder", "initial_date", "focus_on_load")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", element.get("initial_date", "2026-11-16")):
        yield f"initial_date {element['initial_date']!r}"  # "Date picker element": YYYY-MM-DD


def _boxes(element: Json) -> Iterator[str]:
    yield from unknown_keys(element, "action_id", "options", "initial_options", "focus_on_load")
    if not 0 < len(element.get("options", [])) <= BOXES:
        yield "boxes"
    for option in element.get("options", []):
        yield from option_problems(option)


def option_problems(option: Json) -> Iterator[str]:
    """Say what is wrong with something to choose."""
    yield from unknown_keys(option, "text", "value", "description", "url")
    yield from text_object(option.get("text"), OPTION, {"plain_text"})
    if not 0 < len(option.get("value", "")) <= OPTION_VALUE:
        yield f"the value {option.get('value')!r}"


_ELEMENTS: dict[Any, Check] = {
    "plain_text_input": _typed,
    "static_select": _select,
    "multi_static_select": _select,
    "external_select": _select,
    "multi_external_select": _select,
    "conversations_select": _conversations,
    "datepicker": _calendar,
    "checkboxes": _boxes,
}
VIEW_BLOCKS = {**MESSAGE_BLOCKS, "input": _input}
