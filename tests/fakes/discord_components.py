"""What Discord refuses of Components V2: the layout of a message, as pure checks.

Numbers are those of the Component Reference (docs.discord.com, "Component Reference"), unless a comment names another
source. Complaints are as in `discord_limits`; media of every kind is a complaint too, for this house sends none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.discord_texts import size, text_complaints, url_complaints

Json = dict[str, Any]

IS_COMPONENTS_V2 = 1 << 15  # Message Resource, "Message Flags"
COMPONENTS = 40  # the introduction: "Messages allow up to 40 total components"; nested ones count
TEXT = 4000  # of all text displays together; discord-api-docs pull request 8562, "Text Display"
# discord-api-docs issue 8554: above this, counted in UTF-8 with twelve for each text display, the answer is HTTP 500.
BYTES, BYTES_OF_A_DISPLAY = 10_170, 12
ROWS, BUTTONS = 5, 5  # "Legacy Message Component Behavior"; "Action Row"
LABEL, CUSTOM_ID = 80, 100  # "Button Structure"; "Custom ID"
OPTIONS, OPTION, PLACEHOLDER = 25, 100, 150  # "String Select Structure", "Select Option Structure"
SECTION_TEXTS = 3  # "Section Structure"

ROW, BUTTON, SELECT, SECTION, DISPLAY, SEPARATOR, CONTAINER = 1, 2, 3, 9, 10, 14, 17
_IN_CONTAINER = {ROW, SECTION, DISPLAY, SEPARATOR}  # "Container Child Components", less what holds media
_KEYS = {
    ROW: {"components"},
    BUTTON: {"style", "label", "custom_id", "url", "disabled", "emoji"},
    SELECT: {"custom_id", "options", "placeholder", "min_values", "max_values", "disabled"},
    SECTION: {"components", "accessory"},
    DISPLAY: {"content"},
    SEPARATOR: {"divider", "spacing"},
    CONTAINER: {"components", "accent_color", "spoiler"},
}


def walk(components: list[Json]) -> Iterator[Json]:
    """Give all components, nested ones too, from top to bottom."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        yield from walk([component["accessory"]] if "accessory" in component else [])


def layout_complaints(body: Json) -> Iterator[str]:
    """Check a message whose flag says that it is all components.

    Message Resource, "Create Message": content or embeds beside the flag are answered with 400.
    """
    yield from (f"{key}: not together with IS_COMPONENTS_V2" for key in ("content", "embeds") if body.get(key))
    components = body.get("components") or []
    if not components:
        yield "components: an empty message"
    for place, component in enumerate(components):
        yield from _placed(component, _IN_CONTAINER | {CONTAINER}, f"components.{place}")
    every = list(walk(components))
    if len(every) > COMPONENTS:
        yield f"components: {len(every)} in all, of at most {COMPONENTS}"
    texts = [str(one.get("content", "")) for one in every if one.get("type") == DISPLAY]
    if (total := sum(map(size, texts))) > TEXT:
        yield f"components: {total} characters of text in all, of at most {TEXT}"
    if (total := sum(len(text.encode()) + BYTES_OF_A_DISPLAY for text in texts)) > BYTES:
        yield f"components: {total} bytes of text in all, of at most {BYTES}"
    yield from _unique(every)


def row_complaints(rows: list[Json]) -> Iterator[str]:
    """Check the rows under a message of content and embeds."""
    if len(rows) > ROWS:
        yield f"components: {len(rows)} rows of at most {ROWS}"
    for place, row in enumerate(rows):
        yield from _placed(row, {ROW}, f"components.{place}")
    yield from _unique(walk(rows))


def _unique(every: Any) -> Iterator[str]:
    """An interactive component's id is its own: "Custom ID"."""
    ids = [one["custom_id"] for one in every if "custom_id" in one]
    yield from (f"custom_id: {one!r} is used twice" for one in sorted({one for one in ids if ids.count(one) > 1}))


def _placed(component: Json, kinds: set[int], path: str) -> Iterator[str]:
    kind = component.get("type")
    if kind not in kinds:
        yield f"{path}: {kind} cannot stand here"
        return
    yield from (f"{path}.{key}: unknown" for key in sorted(set(component) - _KEYS[kind] - {"type", "id"}))
    yield from (f"{path}.{complaint}" for complaint in _CHECKS[kind](component))


def _row(row: Json) -> Iterator[str]:
    inside = row.get("components") or []
    if len(inside) == 1 and inside[0].get("type") == SELECT:
        yield from _placed(inside[0], {SELECT}, "components.0")
        return
    if not 1 <= len(inside) <= BUTTONS:
        yield f"{len(inside)} buttons, of 1 to {BUTTONS}"
    for place, button in enumerate(inside):
        yield from _placed(button, {BUTTON}, f"components.{place}")


def _button(button: Json) -> Iterator[str]:
    if button.get("style") not in {1, 2, 3, 4, 5}:
        yield "style: no style of a button"
    yield from text_complaints(button, "label", LABEL, needed="emoji" not in button)
    if button.get("style") == 5:
        yield from url_complaints(button, "url", needed=True)
    else:
        yield from text_complaints(button, "custom_id", CUSTOM_ID, needed=True)


def _select(select: Json) -> Iterator[str]:
    yield from text_complaints(select, "custom_id", CUSTOM_ID, needed=True)
    yield from text_complaints(select, "placeholder", PLACEHOLDER)
    options = select.get("options") or []
    if not 1 <= len(options) <= OPTIONS:
        yield f"options: {len(options)}, of 1 to {OPTIONS}"
    values = [option.get("value") for option in options]
    if len(set(values)) < len(values):
        yield "options: a value is used twice"
    for place, option in enumerate(options):
        yield from (f"options.{place}.{key}: unknown" for key in set(option) - {"label", "value", "description"})
        for key in ("label", "value", "description"):
            yield from text_complaints(option, key, OPTION, f"options.{place}.", needed=key != "description")


def _section(section: Json) -> Iterator[str]:
    inside = section.get("components") or []
    if not 1 <= len(inside) <= SECTION_TEXTS:
        yield f"components: {len(inside)} texts, of 1 to {SECTION_TEXTS}"
    for place, text in enumerate(inside):
        yield from _placed(text, {DISPLAY}, f"components.{place}")
    yield from _placed(section.get("accessory") or {}, {BUTTON}, "accessory")


def _display(display: Json) -> Iterator[str]:
    yield from text_complaints(display, "content", TEXT, needed=True)


def _separator(separator: Json) -> Iterator[str]:
    if separator.get("spacing", 1) not in {1, 2}:
        yield "spacing: 1 or 2"


def _container(container: Json) -> Iterator[str]:
    inside = container.get("components") or []
    if not inside:
        yield "components: an empty container"
    if not 0 <= container.get("accent_color", 0) <= 0xFFFFFF:
        yield "accent_color: not a colour"
    for place, component in enumerate(inside):
        yield from _placed(component, _IN_CONTAINER, f"components.{place}")


_CHECKS = {
    ROW: _row,
    BUTTON: _button,
    SELECT: _select,
    SECTION: _section,
    DISPLAY: _display,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
