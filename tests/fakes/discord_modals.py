"""What Discord refuses of modals, as pure checks.

Numbers are those of "Receiving and Responding", "Modal", and of the Component Reference's "Label Structure" and
"… Structure" of each field (docs.discord.com).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.discord_texts import text_complaints

Json = dict[str, Any]

PLACES, TITLE, CUSTOM_ID = 5, 45, 100
LABEL, DESCRIPTION = 45, 100
OPTIONS, OPTION, VALUE = 25, 100, 4000

SELECT, INPUT, CHANNELS, DISPLAY, LABELLED, CHECKBOX = 3, 4, 8, 10, 18, 23


def modal_complaints(data: Json) -> Iterator[str]:
    """Check the data of an answer that opens a modal."""
    yield from text_complaints(data, "custom_id", CUSTOM_ID, needed=True)
    yield from text_complaints(data, "title", TITLE, needed=True)
    components = data.get("components") or []
    if not 1 <= len(components) <= PLACES:
        yield f"components: {len(components)}, of 1 to {PLACES}"
    ids = [field["custom_id"] for field in fields(data)]
    if len(set(ids)) < len(ids):
        yield "custom_id: used twice"
    for place, component in enumerate(components):
        path = f"components.{place}"
        if component.get("type") == DISPLAY:
            yield from text_complaints(component, "content", VALUE, f"{path}.", needed=True)
        elif component.get("type") == LABELLED:
            yield from text_complaints(component, "label", LABEL, f"{path}.", needed=True)
            yield from text_complaints(component, "description", DESCRIPTION, f"{path}.")
            yield from (f"{path}.component.{complaint}" for complaint in _field(component["component"]))
        else:
            yield f"{path}: {component.get('type')} cannot stand in a modal"


def fields(data: Json) -> list[Json]:
    """Give the fields of a modal."""
    return [component["component"] for component in data["components"] if component.get("type") == LABELLED]


def _field(field: Json) -> Iterator[str]:
    yield from text_complaints(field, "custom_id", CUSTOM_ID, needed=True)
    kind = field.get("type")
    if kind == INPUT:
        if field.get("style") not in {1, 2}:
            yield "style: no style of a text input"
        if not 1 <= field.get("max_length", VALUE) <= VALUE:
            yield f"max_length: 1 to {VALUE}"
        yield from text_complaints(field, "value", field.get("max_length", VALUE))
    elif kind == SELECT:
        yield from _select(field)
    elif kind == CHANNELS:
        if any(default.get("type") != "channel" for default in field.get("default_values") or []):
            yield "default_values: not a channel"
        yield from _counted(field, len(field.get("default_values") or []), OPTIONS)
    elif kind != CHECKBOX:
        yield f"type: {kind} is no field"


def _select(field: Json) -> Iterator[str]:
    options = field.get("options") or []
    if not 1 <= len(options) <= OPTIONS:
        yield f"options: {len(options)}, of 1 to {OPTIONS}"
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        yield "options: a value is used twice"
    for place, option in enumerate(options):
        for key in ("label", "value"):
            yield from text_complaints(option, key, OPTION, f"options.{place}.", needed=True)
    yield from _counted(field, sum(bool(option.get("default")) for option in options), len(options))


def _counted(field: Json, chosen: int, there: int) -> Iterator[str]:
    least, most = field.get("min_values", 1), field.get("max_values", 1)
    if field.get("required", True) and least < 1:
        yield "min_values: at least 1 where something is required"
    if not 1 <= most <= there or chosen > most:
        yield f"max_values: {most}, with {chosen} chosen of {there}"


# ---------------------------------------------------------------- what comes back


def sent(data: Json, values: Mapping[str, Any]) -> list[Json]:
    """Give the components of a modal as they come back: with these values, and else what stood in it."""
    there = fields(data)
    assert set(values) <= {field["custom_id"] for field in there}, "no such field"
    return [
        {"type": LABELLED, "id": place, "component": _filled(field, values.get(field["custom_id"], _standing(field)))}
        for place, field in enumerate(there)
    ]


def channels(components: list[Json]) -> list[str]:
    """Give the channels that were chosen in it."""
    inside = [component["component"] for component in components]
    return [str(value) for field in inside if field["type"] == CHANNELS for value in field["values"]]


def _filled(field: Json, value: Any) -> Json:
    key = "value" if field["type"] in {INPUT, CHECKBOX} else "values"
    return {"type": field["type"], "id": 0, "custom_id": field["custom_id"], key: value}


def _standing(field: Json) -> Any:
    """Give what stands in a field that nobody touched."""
    if field["type"] == INPUT:
        return field.get("value", "")
    if field["type"] == CHECKBOX:
        return bool(field.get("default"))
    if field["type"] == CHANNELS:
        return [default["id"] for default in field.get("default_values") or []]
    return [option["value"] for option in field["options"] if option.get("default")]
