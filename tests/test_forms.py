"""Forms without any platform: what they open with, what they save, and who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.base.form import ChannelField, ChoiceField, DateField, Form, Option, TextField
from bot.base.reply import Buttons, Reply, Row
from bot.commands import Place
from bot.commands.topic_form import fields_of, written
from briefs.housekeeping import forget
from briefs.store.answers import Answers
from briefs.store.audit import Audit
from briefs.topics import parse_topic
from tests.dispatcher import ELSEWHERE, NEWS

DAYS = ("mon", "tue", "wed", "thu", "fri")


@pytest.fixture
def hands(office):
    """Somebody at #news, who sees #other too and may change what it gets."""
    return office.person(places={"C2": Place(ELSEWHERE, "#other", True, True), "C1": Place(NEWS, "#news", True, True)})


async def opened(person, name="subscribe", subject="", values=None) -> Form:
    form = await person.dispatcher.form(person._asked(""), name, subject, values)
    assert isinstance(form, Form), form
    return form


async def submit(person, form="subscribe", subject="", /, *, trigger="", **values):
    return await person.dispatcher.submit(person._asked(trigger), form, subject, values)


def field(form, name):
    return next(one for one in form.fields if one.name == name)


def topic_id(office, name="Open links"):
    return str(office.channels.topic(NEWS, name).id)


# ---------------------------------------------------------------- a subscription


async def test_where_the_platform_offers_no_channels_the_form_names_those_that_the_asker_manages(hands):
    rooms = (Place(NEWS, "#news", True, True), Place(ELSEWHERE, "#other", True, False), Place(NEWS, "#no", False, True))
    asked = replace(hands._asked(""), choices=rooms)
    form = await hands.dispatcher.form(asked, "subscribe", "C1:")
    channel = field(form, "channel")
    assert isinstance(channel, ChoiceField)
    assert channel.options == channel.chosen == (Option("C1", "#news"),)


async def test_where_there_is_no_channel_that_the_asker_manages_the_form_says_what_to_do(hands):
    asked = replace(hands._asked(""), choices=(Place(NEWS, "#news", False, True),))

    said = await hands.dispatcher.form(asked, "subscribe", "C1:")

    assert isinstance(said, Reply)
    assert "invite me into one first" in said.summary


@pytest.mark.parametrize(("choices", "leads"), [(None, True), ((), False)], ids=["in a channel", "with the bot alone"])
async def test_an_error_leads_only_to_what_can_be_pressed_where_it_is_said(hands, choices, leads):
    said = await hands.dispatcher.press(replace(hands._asked(""), choices=choices), "stop", "C1:999")

    assert said.summary == "That subscription has ended."
    assert any(isinstance(part, Buttons) for part in said.parts) is leads


async def test_a_new_subscription_begins_with_what_is_likely(office, hands):
    form = await opened(hands)
    assert [one.name for one in form.fields] == [
        "topic",
        "channel",
        "time",
        "days",
        "rhythm",
        "until",
        "zone",
        "language",
        "form",
        "stories",
    ]
    assert isinstance(channel := field(form, "channel"), ChannelField)
    assert channel.chosen == "C1"
    assert isinstance(time := field(form, "time"), TextField)
    assert time.value == "09:00"
    assert isinstance(zone := field(form, "zone"), ChoiceField)
    assert zone.chosen[0].value == "Europe/Paris"
    assert len(field(form, "days").chosen) == 7
    assert form.live == ()


async def test_a_chosen_topic_says_what_it_would_have_brought_and_when_it_comes(office, hands):
    form = await opened(hands, values={"topic": (topic_id(office),), "days": DAYS, "time": ("8:30",)})
    assert [line[0].text for line in form.live] == [
        "It would have brought 2 stories last week.",
        "08:30 (Paris), Monday to Friday",
        "First one: today, 08:30",
    ]


async def test_saving_subscribes_and_tells_all(office, hands):
    told = await submit(hands, topic=(topic_id(office),), time=("8:30",), days=DAYS, zone=("Europe/Paris",))
    assert isinstance(told, Reply)
    assert told.summary == "@Ann: #news gets Open links, Monday to Friday 08:30 · first one today"
    assert (told.public, told.channel) == (True, NEWS)
    (subscription,) = office.channels.subscriptions(NEWS)
    assert subscription.schedule == "08:30 mon,tue,wed,thu,fri"


async def test_another_channel_is_subscribed_under_the_rights_there(office, hands):
    chosen = {"topic": (topic_id(office),), "channel": ("C2",)}
    told = await submit(hands, **chosen)
    assert told.channel == ELSEWHERE
    hands.places = {"C2": Place(ELSEWHERE, "#other", False, True)}
    refused = await submit(hands, **chosen)
    assert refused.errors == {"": "Only those who manage #other may do that; ask one of them."}
    hands.places = {}
    refused = await submit(hands, **chosen)
    assert refused.errors["channel"].startswith("I am not in that channel")


async def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(office, hands):
    form = await submit(hands, topic=(topic_id(office),), time=("25:00",), days=DAYS)
    assert form.errors == {"time": "“25:00” is not a time; write it like 9:00 or 21:15."}
    assert field(form, "time").value == "25:00"
    assert len(field(form, "days").chosen) == 5
    assert (await submit(hands)).errors == {"topic": "Choose a topic."}
    assert (await submit(hands, topic=(topic_id(office),), days=())).errors == {"days": "Choose a day at least."}
    assert office.channels.subscriptions(NEWS) == []


async def test_a_field_that_was_not_shown_stays_as_it_was(office, hands):
    await hands.say("subscribe Open links at 7:15 mon")
    (before,) = office.channels.subscriptions(NEWS)
    told = await submit(hands, "subscribe", f"C1:{before.id}", time=("18:00",))
    assert told.summary == "@Ann: #news gets Open links, Monday 18:00 · next one today"
    (after,) = office.channels.subscriptions(NEWS)
    assert (after.id, after.schedule) == (before.id, "18:00 mon")


async def test_a_subscription_has_a_form_and_stories_of_its_own(office, hands):
    await submit(hands, topic=(topic_id(office),), form=("headlines",), stories=("3",))
    (stands,) = office.channels.subscriptions(NEWS)
    assert (stands.form, stands.stories) == ("headlines", 3)
    form = await opened(hands, subject=f"C1:{stands.id}")
    assert field(form, "form").required  # what stands can be changed, not emptied
    await submit(hands, "subscribe", f"C1:{stands.id}", stories=("7",))
    (stands,) = office.channels.subscriptions(NEWS)
    assert (stands.form, stands.stories) == ("headlines", 7)


async def test_a_rhythm_and_an_end_stand_in_the_form_and_can_be_changed(office, hands):
    await hands.say("subscribe Open links at 7:15 first monday until 12 January 2027")
    (stands,) = office.channels.subscriptions(NEWS)
    subject = f"C1:{stands.id}"
    form = await opened(hands, subject=subject)
    assert form.live[2][0].text == "07:15 (Paris), the first Monday of the month, until 12 January 2027"
    await submit(hands, "subscribe", subject, **{**as_shown(form), "time": ("18:00, 9:00",)})
    assert office.channels.subscriptions(NEWS)[0].schedule == "09:00,18:00 first mon until 2027-01-12"
    await submit(hands, "subscribe", subject, **{**as_shown(form), "days": ("tue",), "rhythm": ("2",), "until": ()})
    assert office.channels.subscriptions(NEWS)[0].schedule == "07:15 tue every 2 weeks from 2026-11-17"
    refused = await submit(
        hands, "subscribe", subject, **{**as_shown(form), "days": (*DAYS, "sat", "sun"), "rhythm": ("last",)}
    )
    assert list(refused.errors) == ["days"]


def as_shown(form):
    """What stands in a form that nobody has changed."""
    values = {}
    for one in form.fields:
        match one:
            case TextField(value=value):
                values[one.name] = (value,)
            case DateField(value=value):
                values[one.name] = (value,) if value else ()
            case ChoiceField(chosen=chosen):
                values[one.name] = tuple(option.value for option in chosen)
    return values


async def test_a_channel_that_something_is_moved_to_by_hand_hears_what_it_gets_in_its_own_language(office, hands):
    office.channels.choose(ELSEWHERE, language="fr")
    await hands.say("subscribe Open links at 8:30 weekdays")
    (stands,) = office.channels.subscriptions(NEWS)

    moved = await submit(hands, "move", f"C1:{stands.id}", to=("C2",))

    assert moved.summary.startswith("“Open links” comes to #other now"), "which who moved it reads in her own"
    told = moved.told
    said = "@Ann : #other reçoit Open links, du lundi au vendredi à 08:30 · prochain envoi aujourd’hui"
    assert told.summary.replace("\u00a0", " ") == said
    assert (told.channel, told.public) == (ELSEWHERE, True)
    assert [stands.id] == [one.id for one in office.channels.subscriptions(ELSEWHERE)]


async def test_a_form_writes_what_its_reader_changed_and_nothing_else(office, hands):
    """Ann and Bob have the settings of #news open at once."""
    bob = office.person(name="bob")
    anns, bobs = await opened(hands, "settings", "C1:"), await opened(bob, "settings", "C1:")

    await submit(hands, "settings", anns.subject, **{**as_shown(anns), "zone": ("Asia/Tokyo",), "quotes": ("3",)})
    told = await submit(bob, "settings", bobs.subject, **{**as_shown(bobs), "form": ("full",), "quotes": ("2",)})

    assert "Asia/Tokyo" in told.summary, "which he left as it was"
    stands = office.channels.settings(NEWS)
    assert (stands.zone, stands.form, stands.quotes) == ("Asia/Tokyo", "full", 2)
    assert await bob.press("revert", undo_of(told))
    stands = office.channels.settings(NEWS)
    assert (stands.zone, stands.form, stands.quotes) == ("Asia/Tokyo", None, 3)


async def test_what_a_field_showed_is_known_when_the_form_is_drawn_anew_and_when_it_comes_back_with_a_mistake(
    office, hands
):
    form = await opened(hands, "settings", "C1:")
    await hands.say("zone Asia/Tokyo")
    form = await opened(hands, "settings", form.subject, as_shown(form))
    wrong = await submit(hands, "settings", form.subject, **{**as_shown(form), "quotes": ("9",)})
    await submit(hands, "settings", wrong.subject, **{**as_shown(wrong), "quotes": ("2",)})
    stands = office.channels.settings(NEWS)
    assert (stands.zone, stands.quotes) == ("Asia/Tokyo", 2)


async def test_days_and_their_rhythm_are_one_wish(office, hands):
    await hands.say("subscribe Open links at 7:15 mon")
    (stands,) = office.channels.subscriptions(NEWS)
    form = await opened(hands, subject=f"C1:{stands.id}")
    await hands.say("subscribe Open links first friday at 8:00")
    await submit(hands, "subscribe", form.subject, **{**as_shown(form), "days": ("tue", "mon")})
    assert office.channels.subscriptions(NEWS)[0].schedule == "08:00 mon,tue"


async def test_a_topic_that_is_renamed_keeps_the_words_that_it_has_by_now_and_its_words_are_one_wish(office, hands):
    await hands.say("topic add interop Tencent + (reed | moss)")
    number = topic_id(office, "interop")
    form = await opened(hands, "topic", number)
    await hands.say("topic edit interop (reed | moss) + (pond | lake)")
    await submit(hands, "topic", form.subject, **{**as_shown(form), "name": ("links",)})
    assert office.channels.topic(NEWS, "links").expression == "(reed | moss) + (pond | lake)"
    await submit(hands, "topic", form.subject, **{**as_shown(form), "any": ("moss",)})
    assert office.channels.topic(NEWS, "links").expression == "Tencent + moss"


async def test_words_to_keep_are_saved_as_the_form_showed_them_though_what_it_came_from_is_forgotten(office, hands):
    await hands.say("preview Tencent + Alibaba")
    form = await opened(hands, *hands.button("form").value.split())
    office.clock.now += timedelta(days=31)
    forget(office.archive.database, office.clock.now)

    await submit(hands, "topic", form.subject, **{**as_shown(form), "name": ("interop",)})

    assert office.channels.topic(NEWS, "interop").expression == "Tencent + Alibaba"


async def test_a_form_is_saved_once(office, hands):
    await submit(hands, topic=(topic_id(office),), trigger="t1")
    await hands.say("unsubscribe Open links")
    await submit(hands, topic=(topic_id(office),), trigger="t1")
    assert office.channels.subscriptions(NEWS) == []


async def test_a_command_of_which_something_is_missing_opens_its_form_with_what_was_typed(office, hands):
    await hands.say("subscribe")
    assert hands.last.form.name == "subscribe"
    await hands.say("topic add interop")
    assert field(hands.last.form, "name").value == "interop"
    await hands.say("topic add interop Tencent + (a | b)")
    await hands.say("topic edit interop")
    assert hands.last.form.subject.startswith(topic_id(office, "interop"))
    assert field(hands.last.form, "any").value == "a, b"


async def test_undo_takes_back_what_was_just_made_for_who_may(office, hands):
    told = await submit(hands, topic=(topic_id(office),))
    change, undo = next(part for part in told.parts if isinstance(part, Buttons)).buttons
    assert (change.label, undo.label) == ("Change", "Undo")
    stranger = office.person(name="bob", may_manage=False)
    assert "Only those who manage" in await stranger.press(undo.action, undo.value)
    assert await hands.press(undo.action, undo.value) == "@Ann: #news does not get Open links after all."
    assert "changed since" in await hands.press(undo.action, undo.value)


async def test_undo_puts_back_what_was_changed_and_only_the_last_change(office, hands):
    await hands.say("subscribe Open links at 7:15 mon")
    (stands,) = office.channels.subscriptions(NEWS)
    first = undo_of(await submit(hands, "subscribe", f"C1:{stands.id}", time=("18:00",)))
    second = undo_of(await submit(hands, "subscribe", f"C1:{stands.id}", time=("19:00",)))
    assert "changed since" in await hands.press("revert", first)
    assert "as before" in await hands.press("revert", second)
    assert office.channels.subscriptions(NEWS)[0].schedule == "18:00 mon"
    await hands.press("revert", first)
    assert office.channels.subscriptions(NEWS)[0].schedule == "07:15 mon"


@pytest.mark.parametrize(("said", "locale"), [("undo", "en"), ("annuler", "en"), ("撤销", "fr"), ("Undo!", "zh")])
async def test_who_types_undo_gets_back_what_they_have_just_changed(office, said, locale):
    ann = office.person(locale=locale)
    await ann.say("subscribe Open links at 7:15 mon")
    await ann.say("subscribe Open links at 18:00")
    told = await ann.say(said)
    assert "7:15" in told
    assert "Ann" in told
    assert office.channels.subscriptions(NEWS)[0].schedule == "07:15 mon"


async def test_undo_typed_twice_or_by_another_or_after_something_else_changes_nothing(office):
    ann, bob = office.person(), office.person(name="bob")
    nothing = "I see no change of yours here to undo."
    await ann.say("subscribe Open links at 7:15 mon")
    await ann.say("subscribe Open links at 18:00")
    assert nothing in await bob.say("undo")
    assert "[What comes here]" in await bob.say("undo")
    assert "as before" in await ann.say("undo")
    assert nothing in await ann.say("undo")
    await ann.say("topic add ferries ferry + boat")
    office.clock.now += timedelta(minutes=1)
    await ann.say("alias add EU = Union européenne")
    assert nothing in await ann.say("undo"), "what was changed last has no such button"
    office.clock.now += timedelta(minutes=1)
    await ann.say("topic add ports harbour")
    office.clock.now += timedelta(hours=2)
    assert nothing in await ann.say("undo"), "that is long ago"
    assert {"ferries", "ports"} <= {one.name for one in office.channels.topics(NEWS)}


def undo_of(told) -> str:
    return next(part for part in told.parts if isinstance(part, Buttons)).buttons[1].value


@pytest.fixture
async def removal(office, hands):
    """A topic that #news and #other got is removed; what its *Undo* names."""
    await hands.say("topic add ferries ferry + boat")
    await hands.say("subscribe ferries")
    await hands.call("subscribe", topic="ferries", channel="C2")
    await hands.say("topic remove ferries")
    (undo,) = next(part for part in hands.last.told.parts if isinstance(part, Buttons)).buttons
    return undo.value


def places_with(office, topic="ferries"):
    stored = office.channels.topic(NEWS, topic)
    return [room.id for room in (NEWS, ELSEWHERE) if office.channels.subscription(room, stored)]


@pytest.mark.parametrize("stop", ["pause", "pause Open links", "snooze 2 weeks", "pause for 3 days"])
async def test_undo_after_pausing_lets_go_on_what_that_stopped_and_ends_nothing(office, ann, stop):
    await ann.say("topic add ferries ferry + boat")
    await ann.say("subscribe ferries")
    await ann.say("pause ferries")
    await ann.say("subscribe Open links at 9:00")
    planned = office.channels.subscriptions(NEWS)
    office.clock.now += timedelta(seconds=1)
    await ann.say(stop)
    assert "Resumed: Open links" in await ann.say("undo")
    assert [(one.paused, one.next_due) for one in office.channels.subscriptions(NEWS)] == [
        (one.paused, one.next_due) for one in planned
    ]
    assert "I see no change of yours here to undo." in await ann.say("undo")


@pytest.mark.parametrize("stop", ["snooze 2 weeks", "pause"])
async def test_undo_after_stopping_what_was_snoozed_puts_the_snooze_back(office, ann, stop):
    await ann.say("topic add ferries ferry + boat")
    await ann.say("subscribe ferries")
    await ann.say("subscribe Open links at 9:00")
    await ann.say("pause ferries")
    await ann.say("snooze Open links 1 week")
    snoozed = [(one.paused, one.next_due) for one in office.channels.subscriptions(NEWS)]
    office.clock.now += timedelta(seconds=1)
    await ann.say(stop)
    assert [(one.paused, one.next_due) for one in office.channels.subscriptions(NEWS)] != snoozed
    assert "Snoozed: Open links" in await ann.say("undo")
    assert [(one.paused, one.next_due) for one in office.channels.subscriptions(NEWS)] == snoozed


async def test_undo_of_a_pause_is_nobody_elses_and_none_once_it_goes_on_or_another_changed_it(office, ann):
    bob = office.person(name="bob")
    await ann.say("subscribe Open links at 9:00")
    office.clock.now += timedelta(seconds=1)
    await ann.say("pause")
    assert "I see no change of yours here to undo." in await bob.say("undo")
    await bob.say("resume")
    assert "I see no change of yours here to undo." in await ann.say("undo")
    assert len(office.channels.subscriptions(NEWS)) == 1


@pytest.mark.parametrize("other", [None, Place(ELSEWHERE, "#other", may_manage=False, reachable=True)])
async def test_undo_of_a_removed_topic_subscribes_no_channel_that_its_presser_may_not(office, removal, other):
    bob = office.person(name="bob", places={"C2": other} if other else {})

    said = await bob.press("revert", removal)

    assert "is there again, with its subscription. 1 subscription was left out: whoever" in said
    assert places_with(office) == ["C1"]


async def test_undo_of_a_removed_topic_subscribes_what_its_presser_may_and_each_is_noted(office, hands, removal):
    bob = office.person(name="bob", places=hands.places)

    assert "is there again, with its 2 subscriptions." in await bob.press("revert", removal)

    assert places_with(office) == ["C1", "C2"]
    noted = Audit(office.archive.database).of(NEWS, 3)
    assert [(one.what, one.person, one.channel.id, one.detail["where"]) for one in reversed(noted)] == [
        ("topic.add", "bob", "C1", "#news"),
        ("subscription.add", "bob", "C1", "#news"),
        ("subscription.add", "bob", "C2", "#other"),
    ]


@pytest.mark.parametrize("who", [{"name": "ann"}, {"name": "bob", "manages_workspace": True}])
async def test_who_removed_a_topic_or_manages_the_workspace_brings_all_of_it_back(office, removal, who):
    assert "with its 2 subscriptions." in await office.person(**who).press("revert", removal)

    assert places_with(office) == ["C1", "C2"]


async def test_undo_of_a_removal_that_an_older_version_told_brings_back_the_topic_alone(office, hands):
    await hands.say("topic add ferries ferry + boat")
    number = office.channels.topic(NEWS, "ferries").id
    await hands.say("topic remove ferries")
    was = {"name": "ferries", "words": "ferry boat"}
    kept = {"kind": "topic", "number": number, "was": was, "now": None}
    key = Answers(office.archive.database).remember(NEWS, "", "", kept, office.clock.now)

    assert "Topic “ferries” is there again." in await hands.press("revert", f"C1:{key}")

    brought = office.channels.topic(NEWS, "ferries")
    assert (brought.expression, brought.languages, brought.created_by) == ("ferry boat", (), "ann")


async def test_a_subscription_of_another_channel_is_none_of_ours(office, hands):
    await hands.say("subscribe Open links")
    (kept,) = office.channels.subscriptions(NEWS)
    stranger = office.person(name="eve", channel=ELSEWHERE)
    for value in (f"C1:{kept.id}", f"C2:{kept.id}", str(kept.id)):
        assert "Open links" not in await stranger.press("pause", value)
    assert not office.channels.subscriptions(NEWS)[0].paused


# ---------------------------------------------------------------- a topic


@pytest.mark.parametrize(
    "expression",
    [
        "Tencent",
        "Tencent + Alibaba",
        'Tencent + ("open links" | 互联互通) - stock - share',
        "(a | b) language:fr language:zh",
        'Tencent source:"Le Monde"',
        "Tencent - (stock | share)",
    ],
)
def test_simple_fields_say_the_same_as_the_expression(expression):
    state = {"languages": (), "sources": (), **fields_of(parse_topic(expression))}
    again = parse_topic(written(state))
    assert fields_of(again) == fields_of(parse_topic(expression))


@pytest.mark.parametrize("expression", ["(a | b) + (c | d)", "a + (b | (c + d))", "a age:7d", "a -source:36kr"])
def test_what_simple_fields_cannot_say_stays_an_expression(expression):
    assert fields_of(parse_topic(expression)) is None


async def test_a_topic_is_made_without_any_grammar(office, hands):
    values = {"name": ("interop",), "all": ("Tencent, Alibaba",), "any": ("open links，互联互通",), "none": ("stock",)}
    form = await opened(hands, "topic", values=values)
    assert form.live[1][0].text == "It would have brought 0 stories last week."
    told = await submit(hands, "topic", **values)
    assert office.channels.topic(NEWS, "interop").expression == (
        'Tencent + Alibaba + ("open links" | 互联互通) - stock'
    )
    assert told.summary.startswith("@Ann: new topic “interop”: “Tencent”, “Alibaba”")


async def test_a_topic_is_changed_and_renamed_by_one_form(office, hands):
    await hands.say("topic add interop Tencent + (a | b)")
    number = topic_id(office, "interop")
    form = await opened(hands, "topic", number)
    assert (field(form, "all").value, field(form, "any").value) == ("Tencent", "a, b")
    await submit(hands, "topic", number, name=("links",), any=("b",), languages=("zh",))
    assert office.channels.topic(NEWS, "links").expression == "Tencent + b language:zh"


async def test_an_expression_may_be_written_and_its_mistake_is_told_at_its_field(hands):
    form = await submit(hands, "topic", name=("x",), advanced=("a + (b",))
    assert list(form.errors) == ["advanced"]
    assert (await submit(hands, "topic", name=("x",))).errors == {
        "all": "Name a word at least: here, or under “any of”."
    }
    assert (await submit(hands, "topic", all=("a",))).errors == {"name": "Give it a name."}


async def test_somebody_elses_topic_has_no_form(office, hands):
    await hands.say("topic add interop Tencent")
    eve = office.person(name="eve")
    refused = await eve.dispatcher.form(eve._asked(""), "topic", topic_id(office, "interop"))
    assert isinstance(refused, Reply)
    assert "whoever added it" in refused.summary


# ---------------------------------------------------------------- settings and Home


async def test_what_a_channel_has_set_is_chosen_in_a_form_and_said_in_its_language(office, hands):
    form = await opened(hands, "settings")
    assert (field(form, "form").chosen[0].value, field(form, "quotes").chosen[0].value) == ("compact", "1")
    chosen = {"language": ("fr",), "zone": ("Asia/Tokyo",), "form": ("full",), "quotes": ("3",)}
    told = await submit(hands, "settings", "C1:", **chosen)
    assert (office.channels.settings(NEWS).form, office.channels.settings(NEWS).quotes) == ("full", 3)
    assert (office.channels.settings(NEWS).language, office.channels.settings(NEWS).zone) == ("fr", "Asia/Tokyo")
    assert told.language == "fr"


async def test_home_shows_what_is_paused_first_and_its_buttons_do_what_they_say(office, hands):
    await hands.say("subscribe Open links")
    await hands.say("topic add interop Tencent")
    await hands.say("subscribe interop")
    rows = lambda: [part for part in hands.last.parts if isinstance(part, Row)]  # noqa: E731
    await hands.say("home")
    assert [row.title for row in rows()] == ["#news · Open links", "#news · interop", "interop", "Open links"]
    pause = rows()[1].buttons[1]
    await hands.press(pause.action, pause.value)
    await hands.say("home")
    assert rows()[0].title == "#news · interop"
    assert rows()[0].line == "paused: by a member"
    await hands.press("resume", rows()[0].buttons[1].value)
    await hands.say("home")
    assert "paused" not in rows()[0].line
