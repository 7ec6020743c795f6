"""Forms in words, and what all are told once one was saved."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from bot.base.calendar import Schedule
from bot.base.form import ChannelField, ChoiceField, DateField, Field, Form, FormName, Option, TextField, Values
from bot.base.i18n import SERVED, Messages, t
from bot.base.looks import FORMS, Looks, said_looks, shown_at_most
from bot.base.reply import Button, Reply
from bot.present.parts import lines, note, other_languages, with_buttons
from bot.present.schedules import near_day, on_days, said_rhythm
from briefs.store.channel_rows import Subscription

MOST_STORIES, MOST_QUOTES = 10, 3
NAME, WORDS = 80, 2000  # characters: as many as an expression may have


def subscription_form(
    messages: Messages,
    state: Values,
    *,
    topics: Sequence[Option],
    chosen: Option | None,
    zones: Sequence[str],
    days: Sequence[str],
    rhythms: Sequence[str],
    changes: bool,
    typed: Collection[str],
    live: Sequence[str],
    choices: Sequence[Option] | None = None,
) -> Form:
    """Word the form of a subscription.

    choices: the channels that it may be of, where the platform offers none by itself. changes: of one that stands,
    whose topic and channel stay. typed: the fields that hold another thing than is usual; they come before those of
    their weight, so that they are shown.
    """
    say = messages.say
    where = _where(messages, "channel", state, choices)
    besides = sorted(_besides(messages, state, rhythms, zones), key=lambda field: field.name not in typed)
    when = (*_when(messages, state, days), *besides)
    if not changes:
        fields = (_topic(messages, topics, chosen), where, *when)
        return _form_of(messages, "subscribe", say("Subscribe"), say("Subscribe"), fields, *live)
    about = [chosen.label, *live] if chosen else live
    return _form_of(messages, "subscribe", say("Change subscription"), say("Save"), when, *about)


def _form_of(
    messages: Messages, name: FormName, title: str, submit: str, fields: Sequence[Field], *live: str, redraw: str = ""
) -> Form:
    """Put a form together; who opens it says what it is about."""
    cancel = messages.say("Cancel")
    return Form(name, "", messages.language, title, submit, cancel, tuple(fields), lines(*live), redraw)


def _where(messages: Messages, name: str, state: Values, choices: Sequence[Option] | None) -> Field:
    """Let people choose a channel. choices: those that it may be, where the platform offers none by itself."""
    label, chosen = messages.say("Channel"), _one(state, name)
    if choices is None:
        return ChannelField(name, label, chosen, messages.say("I have to be in it."), required=True)
    return ChoiceField(name, label, tuple(choices), _chosen(choices, (chosen,)), required=True)


def _topic(messages: Messages, topics: Sequence[Option], chosen: Option | None) -> Field:
    label, now = messages.say("Topic"), (chosen,) if chosen else ()
    return ChoiceField("topic", label, tuple(topics), now, required=True, searched=True, redraws=True)


def _when(messages: Messages, state: Values, days: Sequence[str]) -> tuple[Field, Field]:
    """Let people choose at what times and on which days."""
    label, hint = messages.say("Time"), messages.say("Like 9:00, or 9:00 and 17:00.")
    names = [Option(day, messages.days(1 << number)) for number, day in enumerate(days)]
    chosen = _chosen(names, state["days"])
    return (
        TextField("time", label, _one(state, "time"), hint, required=True, redraws=True),
        ChoiceField("days", messages.say("Days"), tuple(names), chosen, required=True, many=True, redraws=True),
    )


def _besides(messages: Messages, state: Values, rhythms: Sequence[str], zones: Sequence[str]) -> list[Field]:
    """Return what few change of a subscription, in order of weight."""
    say = messages.say
    return [
        _rhythm(messages, state, rhythms),
        DateField("until", say("Until"), _one(state, "until"), say("Like 12 January; leave it empty for no end.")),
        _zone(messages, state, zones),
        _language(messages, state),
        _form(messages, state, say("Leave it empty for what the channel has.")),
        _count("stories", say("Stories per digest"), state, MOST_STORIES, shown_at_most(messages)),
    ]


def topic_form(
    messages: Messages,
    state: Values,
    *,
    languages: Sequence[Option],
    sources: Sequence[Option],
    changes: bool,
    live: Sequence[str],
) -> Form:
    """Word the form of a topic; where only its expression can say what it looks for, that comes first."""
    say = messages.say
    spoken = [option for option in languages if option.value in state["languages"]]
    named = [Option(name, name) for name in state["sources"]]
    simple: list[Field] = [
        *_words(messages, state),
        ChoiceField("languages", say("Only in these languages"), tuple(languages), tuple(spoken), many=True),
    ]
    if sources or named:
        simple.append(ChoiceField("sources", say("Only from"), tuple(sources), tuple(named), many=True, searched=True))
    name = TextField("name", say("Name"), _one(state, "name"), required=True, most=NAME)
    advanced = _advanced(messages, state)
    fields = [name, advanced, *simple] if advanced.value else [name, *simple, advanced]
    title = say("Edit topic") if changes else say("New topic")
    return _form_of(messages, "topic", title, say("Save"), fields, *live, redraw=say("Preview"))


def _words(messages: Messages, state: Values) -> tuple[TextField, ...]:
    """Let people say which words they look for, without any grammar."""
    say = messages.say
    comma = say("Words or phrases, with commas between them.")
    return (
        TextField("all", say("All of"), _one(state, "all"), comma, most=WORDS),
        TextField("any", say("Any of"), _one(state, "any"), say("At least one of these."), most=WORDS),
        TextField("none", say("None of"), _one(state, "none"), say("What has one of these is left out."), most=WORDS),
    )


def _advanced(messages: Messages, state: Values) -> TextField:
    label = messages.say("Advanced: as an expression")
    hint = messages.say("In place of all the fields of words: a + (b | c) - d")
    return TextField("advanced", label, _one(state, "advanced"), hint, several=True, most=WORDS)


def move_form(
    messages: Messages, state: Values, *, topic: str, place: str, choices: Sequence[Option] | None = None
) -> Form:
    """Word the form that moves a subscription to another channel. choices: the channels that it may name."""
    say, where = messages.say, _where(messages, "to", state, choices)
    live = say("“{topic}”, from {place}", topic=topic, place=place)
    return _form_of(messages, "move", say("Move subscription"), say("Move"), [where], live)


def search_form(messages: Messages, state: Values) -> Form:
    """Word the form that looks words up."""
    say = messages.say
    hint = say("A name, some words, a question; only you see the answer.")
    query = TextField("query", say("What to look for"), _one(state, "query"), hint, required=True, most=WORDS)
    return _form_of(messages, "search", say("Look something up"), say("Look up"), [query])


def follow_form(messages: Messages, state: Values) -> Form:
    """Word the form that follows a site."""
    say = messages.say
    hint = say("The address of a site, feed, channel or project, as your browser shows it.")
    address = TextField("address", say("Address"), _one(state, "address"), hint, required=True, most=2000)
    return _form_of(messages, "follow", say("Follow a site"), say("Look at it"), [address])


def settings_form(messages: Messages, state: Values, *, place: str, zones: Sequence[str]) -> Form:
    """Word the form of what a channel has set."""
    say = messages.say
    fields = (
        _language(messages, state),
        _zone(messages, state, zones),
        _form(messages, state),
        _count("quotes", say("Quotes per story"), state, MOST_QUOTES),
    )
    live = say("Settings of {place}; existing subscriptions keep their own time zone.", place=place)
    return _form_of(messages, "settings", say("Settings"), say("Save"), fields, live)


def _language(messages: Messages, state: Values) -> Field:
    options = [Option(code, messages.language_name(code)) for code in SERVED]
    label = messages.say("Language I speak in the channel")
    return ChoiceField("language", label, tuple(options), _chosen(options, state["language"]), required=True)


def _form(messages: Messages, state: Values, hint: str = "") -> Field:
    """Let people choose how stories look; what was chosen can be changed, not taken back."""
    options = [Option(form, messages.say(name)) for form, name in FORMS.items()]
    chosen = _chosen(options, state["form"])
    label = messages.say("How stories look")
    return ChoiceField("form", label, tuple(options), chosen, hint, required=bool(chosen))


def _count(name: str, label: str, state: Values, most: int, hint: str = "") -> Field:
    options = [Option(str(number), str(number)) for number in range(1, most + 1)]
    chosen = _chosen(options, state[name])
    return ChoiceField(name, label, tuple(options), chosen, hint, required=bool(chosen))


def _rhythm(messages: Messages, state: Values, rhythms: Sequence[str]) -> Field:
    """Let people choose of which weeks, or which of a month, the days are; see `said_rhythm`."""
    options = [Option(one, said_rhythm(one, messages)) for one in dict.fromkeys((*rhythms, *state["rhythm"]))]
    chosen = _chosen(options, state["rhythm"])
    return ChoiceField("rhythm", messages.say("How often"), tuple(options), chosen, required=True, redraws=True)


def _zone(messages: Messages, state: Values, zones: Sequence[str]) -> Field:
    options = [Option(zone, zone) for zone in zones]
    chosen = tuple(Option(zone, zone) for zone in state["zone"])
    return ChoiceField(
        "zone", messages.say("Time zone"), tuple(options), chosen, required=True, searched=True, redraws=True
    )


def _chosen(options: Sequence[Option], values: Sequence[str]) -> tuple[Option, ...]:
    return tuple(option for option in options if option.value in values)


def _one(state: Mapping[str, tuple[str, ...]], field: str) -> str:
    return next(iter(state.get(field, ())), "")


# ---------------------------------------------------------------- live lines


def outlook_lines(stories: int, titles: Sequence[str], messages: Messages) -> tuple[str, ...]:
    """Say how many stories a topic would have brought last week, and name some."""
    brought = messages.count(
        "It would have brought {n} story last week.", "It would have brought {n} stories last week.", stories
    )
    return (brought, *(f"• {title}" for title in titles))


def first_line(due: datetime, zone: str, now: datetime, messages: Messages) -> str:
    """Say when a digest comes first."""
    return messages.say(
        "First one: {when}",
        when=messages.say("{day}, {time}", day=near_day(due, zone, now, messages), time=messages.time(due, zone)),
    )


# ---------------------------------------------------------------- saved


def subscription_saved(
    subscription: Subscription,
    messages: Messages,
    *,
    who: str,
    place: str,
    topic: str,
    now: datetime,
    change: str,
    undo: str,
    is_new: bool,
    changes_language: bool,
) -> Reply:
    """Tell all what a channel gets now, when it comes first, and who did it; and where that changes its language.

    topic: its name in their language. change, undo: what the buttons name; "" where nothing takes it back.
    """
    say, schedule = messages.say, Schedule.read(subscription.schedule, subscription.zone)
    line = say(
        "@{who}: {place} gets {topic}, {days} {time}",
        who=who,
        place=place,
        topic=topic,
        days=on_days(schedule.days, messages),
        time=messages.listing(map(messages.wall, schedule.times)),
    )
    if subscription.next_due:
        day = near_day(subscription.next_due, subscription.zone, now, messages)
        line += " · " + (say("first one {day}", day=day) if is_new else say("next one {day}", day=day))
    buttons = [Button("form", say("Change"), f"subscribe {change}")]
    if undo:
        buttons.append(Button("revert", say("Undo"), undo))
    if changes_language:
        line += " · " + say("I speak {language} here", language=messages.language_name(messages.language))
        buttons += other_languages(messages.language, change)
    return with_buttons(note(line, messages, public=True), *buttons)


def topic_saved(name: str, words: str, messages: Messages, *, who: str, number: int, undo: str, is_new: bool) -> Reply:
    """Tell all what a topic looks for now, and who did it."""
    line = t("@{who}: new topic “{topic}”: {words}") if is_new else t("@{who}: topic “{topic}” now: {words}")
    said = messages.say(line, who=who, topic=name, words=words)
    buttons = (
        Button("form", messages.say("Change"), f"topic {number}"),
        Button("form", messages.say("Subscribe"), f"subscribe t{number}"),
        Button("revert", messages.say("Undo"), undo),
    )
    return with_buttons(note(said, messages, public=True), *buttons)


def settings_saved(
    messages: Messages, *, who: str, place: str, speaks: str, zone: str, looks: Looks, value: str, undo: str
) -> Reply:
    """Tell all what a channel has set now, and who did it.

    speaks: the language of what it gets. undo: what that button names, "" where there is none.
    """
    said = messages.say(
        "@{who}: in {place} I speak {language}, on the clock of {zone}; stories: {looks}",
        who=who,
        place=place,
        language=messages.language_name(speaks),
        zone=zone,
        looks=said_looks(looks, messages),
    )
    back = (Button("revert", messages.say("Undo"), undo),) if undo else ()
    change = Button("form", messages.say("Change"), f"settings {value}")
    return with_buttons(note(said, messages, public=True), change, *back)


def saved(line: str, messages: Messages, *, undo: str) -> Reply:
    """Tell all a line. undo: what the button names that takes it back, "" where there is none."""
    back = (Button("revert", messages.say("Undo"), undo),) if undo else ()
    return with_buttons(note(line, messages, public=True), *back)
