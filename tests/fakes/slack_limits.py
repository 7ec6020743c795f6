"""What Slack refuses in a message, by its documented limits: the error code it would answer with, and why.

Stricter than Slack where Slack is vague: an unknown key or block type is refused, so that a misspelt one is found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
Check = Callable[[Json], Iterator[str]]

BLOCKS = 50
SIZE = 13_000  # of the blocks' JSON; refused by experience, not by documentation
TEXT = 40_000
OBJECT_TEXT = 3000
RICH_TEXT = 3000
HEADER = 150
BUTTON = 75
OPTION = 75
OPTION_VALUE = 150
VALUE = 2000
NAME = 255  # action_id and block_id
URL = 3000
METADATA = 8_000

_STYLES = {"bold", "italic", "strike", "code"}
_CONTAINERS = {"rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list"}


def refusal(body: Json) -> tuple[str, str] | None:
    """Give the error code for a message that Slack would not take, and what is wrong with it; None: it is taken."""
    text, blocks = body.get("text"), body.get("blocks")
    if not text and not blocks:
        return "no_text", "neither text nor blocks"
    if text is not None and not isinstance(text, str):
        return "invalid_arguments", "text is no string"
    if text and len(text) > TEXT:
        return "msg_too_long", f"{len(text)} characters of text"
    if (wrong := _metadata(body.get("metadata"))) is not None:
        return wrong
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        return "invalid_blocks_format", "blocks are no list"
    for problem in problems(blocks, BLOCKS, MESSAGE_BLOCKS):
        return "invalid_blocks", problem
    size = len(json.dumps(blocks, ensure_ascii=False))
    return ("msg_blocks_too_long", f"{size} characters of blocks") if size > SIZE else None


def _metadata(metadata: Any) -> tuple[str, str] | None:
    if metadata is None:
        return None
    if (
        not isinstance(metadata, dict)
        or not isinstance(metadata.get("event_type"), str)
        or not isinstance(metadata.get("event_payload"), dict)
    ):
        return "invalid_metadata_format", "metadata wants event_type and event_payload"
    return ("metadata_too_large", "metadata") if len(json.dumps(metadata)) > METADATA else None


def problems(blocks: list[Any], most: int, kinds: Mapping[str, Check]) -> Iterator[str]:
    """Say what is wrong with blocks, of which there may be so many, of these kinds."""
    if len(blocks) > most:
        yield f"{len(blocks)} blocks"
    seen = set()
    for number, block in enumerate(blocks):
        if not isinstance(block, dict):
            yield f"block {number} is no object"
            continue
        name = block.get("block_id")
        if name is not None:
            if name in seen or not 0 < len(name) <= NAME:
                yield f"block_id {name!r}"
            seen.add(name)
        check = kinds.get(str(block.get("type")))
        if check is None:
            yield f"block {number} of unknown type {block.get('type')!r}"
        else:
            yield from (f"block {number}: {problem}" for problem in check(block))


def unknown_keys(thing: Json, *known: str) -> Iterator[str]:
    for key in thing.keys() - {"type", "block_id", *known}:
        yield f"unknown key {key!r}"


def _divider(block: Json) -> Iterator[str]:
    yield from unknown_keys(block)


def _header(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "text")
    yield from text_object(block.get("text"), HEADER, {"plain_text"})


def _section(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "text", "fields", "accessory", "expand")
    if "text" in block:
        yield from text_object(block["text"], OBJECT_TEXT, {"plain_text", "mrkdwn"})
    fields = block.get("fields", [])
    if len(fields) > 10 or not ("text" in block or fields):
        yield "a section wants text or at most 10 fields"
    for field in fields:
        yield from text_object(field, 2000, {"plain_text", "mrkdwn"})
    if "accessory" in block:
        yield from _pressable(block["accessory"])


def _context(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "elements")
    elements = block.get("elements", [])
    if not 0 < len(elements) <= 10:
        yield f"{len(elements)} elements in a context"
    for element in elements:
        yield from text_object(element, OBJECT_TEXT, {"plain_text", "mrkdwn"})


def _actions(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "elements")
    elements = block.get("elements", [])
    if not 0 < len(elements) <= 25:
        yield f"{len(elements)} elements in an actions block"
    names = [element.get("action_id") for element in elements]
    if len(set(names)) != len(names):
        yield "an action_id stands twice"
    for element in elements:
        yield from _pressable(element)


def _pressable(element: Json) -> Iterator[str]:
    return _overflow(element) if element.get("type") == "overflow" else _button(element)


def _overflow(menu: Json) -> Iterator[str]:
    # docs.slack.dev/reference/block-kit/block-elements/overflow-menu-element, …/composition-objects/option-object
    yield from unknown_keys(menu, "action_id", "options", "confirm")
    if not 0 < len(menu.get("action_id", "")) <= NAME:
        yield f"action_id {menu.get('action_id')!r}"
    if not 1 <= len(menu.get("options", [])) <= 5:
        yield f"{len(menu.get('options', []))} options in an overflow menu"
    for option in menu.get("options", []):
        yield from unknown_keys(option, "text", "value", "description", "url")
        yield from text_object(option.get("text"), OPTION, {"plain_text"})
        if not 0 < len(option.get("value", "")) <= OPTION_VALUE:
            yield "an option's value is too long"


def _button(button: Json) -> Iterator[str]:
    yield from unknown_keys(button, "text", "action_id", "url", "value", "style", "confirm", "accessibility_label")
    if button.get("type") != "button":
        yield f"{button.get('type')!r} where a button should be"
    yield from text_object(button.get("text"), BUTTON, {"plain_text"})
    if not 0 < len(button.get("action_id", "")) <= NAME:
        yield f"action_id {button.get('action_id')!r}"
    if len(button.get("value", "")) > VALUE:
        yield "a button's value is too long"
    if len(button.get("accessibility_label", "")) > BUTTON:
        yield "a button's accessibility_label is too long"
    if button.get("style", "primary") not in {"primary", "danger"}:
        yield "a button's style"


def text_object(thing: Any, limit: int, kinds: set[str]) -> Iterator[str]:
    if not isinstance(thing, dict) or thing.get("type") not in kinds:
        yield f"{thing!r} is no text object"
        return
    yield from unknown_keys(thing, "text", "emoji" if thing["type"] == "plain_text" else "verbatim")
    text = thing.get("text")
    if not isinstance(text, str) or not 0 < len(text) <= limit:
        yield f"a text of {len(text) if isinstance(text, str) else text!r} where 1 to {limit} characters may stand"


def _rich_text(block: Json) -> Iterator[str]:
    yield from unknown_keys(block, "elements")
    if not block.get("elements"):
        yield "an empty rich_text"
    for element in block.get("elements", []):
        yield from _container(element)


def _container(container: Json) -> Iterator[str]:
    kind = container.get("type")
    if kind not in _CONTAINERS:
        yield f"{kind!r} in a rich_text"
        return
    yield from unknown_keys(container, "elements", "style", "indent", "offset", "border")
    if not container.get("elements"):
        yield f"an empty {kind}"
    for element in container.get("elements", []):
        if kind == "rich_text_list":
            if element.get("type") != "rich_text_section":
                yield "only sections may stand in a list"
            yield from _container(element)
        else:
            yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    kind = element.get("type")
    if kind not in {"text", "link"}:
        yield f"{kind!r} in a rich text"
        return
    yield from unknown_keys(element, "text", "style", *(["url"] if kind == "link" else []))
    if not set(element.get("style", {})) <= _STYLES:
        yield f"style {element['style']!r}"
    if not 0 < len(element.get("text", "")) <= RICH_TEXT:
        yield f"a rich text of {len(element.get('text', ''))} characters"
    if kind == "link":
        url = element.get("url", "")
        if urlsplit(url).scheme not in {"http", "https"} or len(url) > URL:
            yield f"the address {url!r}"


MESSAGE_BLOCKS: Mapping[str, Check] = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "rich_text": _rich_text,
    "section": _section,
}
