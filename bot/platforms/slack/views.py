"""Forms, Home and answers → Slack's views: modals and the App Home; and what stands in a modal → values. Pure.

A view carries nothing but ids: the form's name, its subject and the channel that it was opened in, or Home's page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.base.form import ChannelField, ChoiceField, DateField, Field, Form, Option, TextField, Values
from bot.base.i18n import Messages
from bot.base.reply import Buttons, Heading, Line, Paragraph, Part, Reply, Row, Span, StoryItem
from bot.base.safe_text import cut, one_line
from bot.platforms.slack.blocks import blocks_of
from bot.platforms.slack.elements import Block, Element

View = dict[str, Any]

FORM, PAGE = "form", "page"  # callback ids of modals: what is filled in, and what is read
FIELD, REDRAW, LOOK = "field", "redraw", "look"  # what action ids begin with

# Documented limits: "Views", "Input block", "Option object", "Select menu element".
_BLOCKS = 100
_TITLE = 24
_LABEL = 2000
_OPTION, _OPTIONS = 75, 100
_TEXT = 3000
_PLACEHOLDER = 150


@dataclass(frozen=True, slots=True)
class Kept:
    """What a modal carries. channel: where it was opened; of Home, the one who opened it."""

    name: str
    subject: str
    channel: str

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Kept:
        """Read it back."""
        return cls(*json.loads(view["private_metadata"]))

    def __str__(self) -> str:
        return json.dumps([self.name, self.subject, self.channel])


def form_view(form: Form, channel: str) -> View:
    """Draw a form that was opened in a channel, with its errors."""
    blocks: list[Block] = []
    if form.errors.get(""):
        blocks += blocks_of([Paragraph(((Span(f"⚠ {form.errors['']}", strong=True),),))])
    changing = [number for number, field in enumerate(form.fields) if _redraws(field)]
    below = changing[-1] if changing else len(form.fields) - 1  # else far below what it changes with, on a phone
    for number, field in enumerate(form.fields):
        blocks += _field(field, form.errors.get(field.name, ""))
        if number == below and form.live:
            blocks += blocks_of([Paragraph(form.live)])
    if form.redraw:
        button = {"type": "button", "action_id": f"{REDRAW}.0", "text": _plain(cut(form.redraw, _OPTION))}
        blocks.append({"type": "actions", "block_id": REDRAW, "elements": [button]})
    return {
        **_modal(form.title, form.cancel, blocks),
        "callback_id": FORM,
        "submit": _plain(cut(form.submit, _TITLE)),
        "private_metadata": str(Kept(form.name, form.subject, channel)),
    }


def page_view(reply: Reply) -> View:
    """Draw an answer where there is no channel for it: to be read, without its buttons, which belong to a channel."""
    messages = Messages(reply.language)
    heading = next((part.text for part in reply.parts if isinstance(part, Heading)), "")
    parts = [part for part in map(_still, (*reply.parts, *reply.foot)) if part is not None]
    return {
        **_modal(heading or "Briefbot", messages.say("Close"), blocks_of(parts)),
        "callback_id": PAGE,
    }


def loading_view() -> View:
    """Draw what stands there while an answer is being made, in no language."""
    return {**_modal("Briefbot", "✕", blocks_of([Paragraph(((Span("…"),),))])), "callback_id": PAGE}


def home_view(reply: Reply, page: str, note: str = "") -> View:
    """Draw Home. note: what has just been done."""
    messages = Messages(reply.language)
    first, *rest = reply.parts
    words: Element = {
        "type": "plain_text_input",
        "action_id": f"{LOOK}.0",
        "placeholder": _plain(cut(messages.say("Words, a name, a question"), _PLACEHOLDER)),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    look: Block = {
        "type": "input",
        "block_id": LOOK,
        "label": _plain(messages.say("Look something up")),
        "element": words,
        "dispatch_action": True,
        "optional": True,
    }
    said: list[Part] = [Paragraph((_note(note),))] if note else []
    blocks = [*blocks_of([first, *said]), look, *blocks_of(rest)]
    return {"type": "home", "blocks": blocks[:_BLOCKS], "private_metadata": page}


def values_of(view: Mapping[str, Any]) -> Values:
    """Return what stands in the fields of a modal, by their names."""
    return {
        block: _value(element)
        for block, elements in view["state"]["values"].items()
        for action, element in elements.items()
        if action == f"{FIELD}.{block}"
    }


def options_of(options: Sequence[Option]) -> list[Element]:
    """Return options as Slack takes them."""
    return [_option(option) for option in options][:_OPTIONS]


def errors_of(form: Form) -> dict[str, str]:
    """Return a form's errors by the blocks that they stand at; what is wrong with the whole stands at the first."""
    named = {field.name for field in form.fields}
    at = {name if name in named else form.fields[0].name: error for name, error in form.errors.items()}
    return {name: cut(error, _LABEL) for name, error in at.items()}


def _note(text: str) -> Line:
    return (Span(f"✓ {text}", strong=True),)


def _still(part: Part) -> Part | None:
    """Return a part without its buttons."""
    match part:
        case Buttons():
            return None
        case Row(title=title, line=line):
            return Row(title, line)
        case StoryItem():
            return replace(part, menu=())
    return part


def _modal(title: str, close: str, blocks: Sequence[Block]) -> View:
    return {
        "type": "modal",
        "title": _plain(cut(one_line(title), _TITLE)),
        "close": _plain(cut(close, _TITLE)),
        "blocks": list(blocks)[:_BLOCKS],
    }


# ---------------------------------------------------------------- fields


def _field(field: Field, error: str) -> Iterator[Block]:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(cut(field.label, _LABEL)),
        "element": {**_element(field), "action_id": f"{FIELD}.{field.name}"},
        "optional": not field.required,
    }
    if field.hint:
        block["hint"] = _plain(cut(field.hint, _LABEL))
    if _redraws(field):
        block["dispatch_action"] = True
    yield block
    if error:
        yield {"type": "context", "elements": [_plain(cut(f"⚠ {error}", _TEXT))]}


def _redraws(field: Field) -> bool:
    return isinstance(field, TextField | ChoiceField) and field.redraws


def _element(field: Field) -> Element:
    match field:
        case TextField():
            most = min(field.most, _TEXT)
            text = {"type": "plain_text_input", "multiline": field.several, "max_length": most}
            on_enter = {"dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]}} if field.redraws else {}
            return {**text, **on_enter, **({"initial_value": cut(field.value, most)} if field.value else {})}
        case ChoiceField():
            return _choice(field)
        case ChannelField(chosen=chosen):
            kinds = {"include": ["public", "private"], "exclude_bot_users": True}
            initial = {"initial_conversation": chosen} if chosen else {}
            return {"type": "conversations_select", "filter": kinds, **initial}
        case DateField(value=value):
            return {"type": "datepicker", **({"initial_date": value} if value else {})}


def _choice(field: ChoiceField) -> Element:
    chosen = options_of(field.chosen)
    element: Element = {"type": f"{'multi_' if field.many else ''}{'external' if field.searched else 'static'}_select"}
    if field.searched:
        element["min_query_length"] = 0
    else:
        element["options"] = options_of(field.options)
    if chosen:
        element |= {"initial_options": chosen} if field.many else {"initial_option": chosen[0]}
    return element


def _option(option: Option) -> Element:
    return {"text": _plain(cut(one_line(option.label), _OPTION) or "…"), "value": option.value}


def _value(element: Mapping[str, Any]) -> tuple[str, ...]:
    match element["type"]:
        case "plain_text_input":
            given = [element.get("value")]
        case "conversations_select":
            given = [element.get("selected_conversation")]
        case "datepicker":
            given = [element.get("selected_date")]
        case "static_select" | "external_select":
            given = [(element.get("selected_option") or {}).get("value")]
        case _:
            given = [option["value"] for option in element.get("selected_options") or ()]
    return tuple(value for value in given if value)


def _plain(text: str) -> Element:
    return {"type": "plain_text", "text": text or "…", "emoji": False}
