"""Form → Discord's modal, and what was filled in → the form's values.

A modal has five places: fields in order of weight, and above them what is wrong. It cannot be drawn anew, so there is
no button for that, and none to search: a choice shows what it carries, as far as there is room, and says so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.base.form import ChannelField, ChoiceField, DateField, Field, Form, Option, TextField
from bot.base.i18n import Messages, t
from bot.base.reply import Button, Buttons, Heading, Listing, Reply, Span
from bot.base.safe_text import one_line
from bot.platforms.discord.components import Component
from bot.platforms.discord.markdown import folded, marked, within
from bot.platforms.discord.tree import POSTABLE

PREFIX = "form:"

# Documented limits.
_PLACES = 5
_TITLE, _LABEL, _DESCRIPTION = 45, 45, 100
_OPTIONS, _OPTION = 25, 100
_CUSTOM_ID = 100
_DATE = 40  # characters of a date that is typed

_SELECT, _TEXT, _CHANNELS, _DISPLAY, _LABELLED = 3, 4, 8, 10, 18
_ONE_LINE, _LINES = 1, 2

_MORE = t("The first {shown} of {n}; in a channel, the command takes any.")


def modal(form: Form) -> dict[str, Any]:
    """Return the data of a modal that shows a form."""
    custom_id = PREFIX + named(form)
    if len(custom_id) > _CUSTOM_ID:
        raise ValueError(f"too long for a Discord modal: {custom_id!r}")
    wrong = folded(marked(Span(form.errors.get("", ""))))
    said = [{"type": _DISPLAY, "content": "\n".join(wrong)}] if wrong else []
    say = Messages(form.language).say
    fields = [_labelled(field, form.errors, say) for field in form.fields if not _is_empty(field)]
    return {
        "custom_id": custom_id,
        "title": within(one_line(form.title), _TITLE, str),
        "components": [*said, *fields][:_PLACES],
    }


def named(form: Form) -> str:
    """Name a form, and what it is about."""
    return f"{form.name} {form.subject}".rstrip()


def instead(form: Form, messages: Messages) -> Reply:
    """Say what is wrong in a form that cannot be shown just now, with a button that opens it again."""
    labels = {field.name: field.label for field in form.fields}
    wrong = [
        (*((Span(labels[name], strong=True), Span(" · ")) if name in labels else ()), Span(text))
        for name, text in form.errors.items()
    ]
    again = Button("form", messages.say("Open the form"), named(form))
    said = (Listing(tuple(wrong)),) if wrong else ()
    return Reply(form.language, form.title, (Heading(form.title), *said, Buttons((again,))))


def values(components: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return what stands in the fields of a modal that was sent."""
    inside = [one["component"] for one in components if one.get("type") == _LABELLED and "component" in one]
    return {str(one["custom_id"]): _value(one) for one in inside}


def _value(component: Mapping[str, Any]) -> tuple[str, ...]:
    if component["type"] == _TEXT:
        return (str(component["value"]),) if component.get("value") else ()
    return tuple(map(str, component.get("values") or ()))


def _is_empty(field: Field) -> bool:
    """Whether there is nothing to choose from: Discord has no such menu."""
    return isinstance(field, ChoiceField) and not _offered(field)


def _labelled(field: Field, errors: Mapping[str, str], say: Callable[..., str]) -> Component:
    """Return a field with its label; what is wrong with it stands where its hint does otherwise."""
    hint = field.hint
    if isinstance(field, ChoiceField) and len(field.options) > _OPTIONS:
        hint = say(_MORE, shown=_OPTIONS, n=len(field.options))
    described = one_line(errors.get(field.name, "") or hint)
    label = {"type": _LABELLED, "label": within(one_line(field.label), _LABEL, str), "component": _field(field)}
    return label | ({"description": within(described, _DESCRIPTION, str)} if described else {})


def _field(field: Field) -> Component:
    match field:
        case TextField():
            style = _LINES if field.several else _ONE_LINE
            # Discord counts UTF-16 units, of which an emoji is two.
            value = field.value.encode("utf-16-le", "ignore")[: 2 * field.most].decode("utf-16-le", "ignore")
            given = {"value": value} if value.strip() else {}
            text = {"type": _TEXT, "custom_id": field.name, "style": style, "required": field.required}
            return text | {"max_length": field.most} | given
        case ChoiceField():
            return _select(field)
        case ChannelField():
            kinds = [kind.value for kind in POSTABLE]
            chosen = [{"id": field.chosen, "type": "channel"}] if field.chosen else []
            select = {"type": _CHANNELS, "custom_id": field.name, "channel_types": kinds}
            return select | _needed(field.required) | ({"default_values": chosen} if chosen else {})
        case DateField():
            return _field(TextField(field.name, field.label, field.value, required=field.required, most=_DATE))


def _select(field: ChoiceField) -> Component:
    offered = _offered(field)
    chosen = {option.value for option in (field.chosen if field.many else field.chosen[:1])}
    options = [
        {"value": option.value, "label": within(one_line(option.label), _OPTION, str) or "…"}
        | ({"default": True} if option.value in chosen else {})
        for option in offered
    ]
    select = {"type": _SELECT, "custom_id": field.name, "options": options, "max_values": len(options)}
    return (select if field.many else select | {"max_values": 1}) | _needed(field.required)


def _offered(field: ChoiceField) -> Sequence[Option]:
    """Return the options that there is room for: those that are chosen are among them."""
    apart = {option.value: option for option in (*field.chosen, *field.options)}
    kept = set(list(apart)[:_OPTIONS])
    # In their own order, where they are options.
    ordered = {option.value: option for option in (*field.options, *field.chosen)}
    return [option for value, option in ordered.items() if value in kept]


def _needed(required: bool) -> dict[str, Any]:
    return {"required": required, "min_values": 1 if required else 0}
