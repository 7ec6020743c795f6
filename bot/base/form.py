"""Forms, before any platform's kind of one: what can be chosen without typing any grammar.

    open      a form's name and subject, what was typed → Form
    redraw    the same with what stands in the fields now → Form, its `live` lines worked out anew
    submit    values → the command that typed text would have been → Reply, or the Form with its errors

What each renderer promises:

- Fields stand in order of weight. One that can show only so many shows the first of them: a field that was not shown
  is not in the values, and what it is about stays as it was. A field that was emptied is in them, with no value.
- Values come back by the fields' names, each as a tuple: the text; the values of what is chosen; the platform's id of
  the channel. Empty: nothing is typed or chosen.
- `name` and `subject` come back as they were given; nothing else is kept between opening and submitting. Both are
  names and ids, and are looked up again under the rights of whoever submits: a renderer may hand them to the platform.
- `errors` are shown at their fields, and what was typed stays. One under "" is shown above all fields.
- A title is cut at what the platform takes; text is plain, nothing in it is markup.
- Who can redraw does so when a field with `redraws` changes, and when the button `redraw` is pressed; who cannot
  leaves out that button, and shows `live` as it was at opening, or not at all.
- A choice that is `searched` has more options than it carries: who can ask while people type asks for them
  (`Dispatcher.offer`); who cannot shows those that it carries.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.base.reply import Line

# The forms there are. "subscribe": a subscription, new or not; "topic": a topic, new or not; "settings": a channel's;
# "move": where a subscription goes; "follow": an address; "search": words.
FormName = Literal["subscribe", "topic", "settings", "move", "follow", "search"]

# What stands in the fields of a form, by their names; see above.
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: `value` comes back, at most 75 characters."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class TextField:
    """Words to type. hint: the small print under it. several: whether they may take several lines."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False
    several: bool = False
    most: int = 200
    redraws: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceField:
    """One of some options, or several. chosen: those that are, whether among the options or not."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: tuple[Option, ...] = ()
    hint: str = ""
    required: bool = False
    many: bool = False
    searched: bool = False
    redraws: bool = False


@dataclass(frozen=True, slots=True)
class ChannelField:
    """A channel to post in: no category, no direct conversation. chosen: its platform's id, or ""."""

    name: str
    label: str
    chosen: str = ""
    hint: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class DateField:
    """A day: "2027-01-12". Who has no calendar to choose from takes it as text, as people write dates."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    required: bool = False


Field = TextField | ChoiceField | ChannelField | DateField


@dataclass(frozen=True, slots=True)
class Form:
    """A form in one language, already worded.

    subject: what it is about, as ids, and marks of what its fields showed; "": something new. submit: on the button
    that saves; redraw: on the one that works `live` out anew, "" where there is none. live: lines on what would come of
    it, under the fields.
    """

    name: FormName
    subject: str
    language: str
    title: str
    submit: str
    cancel: str
    fields: tuple[Field, ...]
    live: tuple[Line, ...] = ()
    redraw: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
