"""What is done in Discord without typing: forms, Home, and what is asked of a message."""

from __future__ import annotations

import json

import pytest

from bot.base.form import ChannelField, ChoiceField, DateField, Form, Option, TextField
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.modal import modal, values
from briefs.models import Channel
from tests.dispatcher import open_office
from tests.fakes import discord_modals as modals
from tests.fakes.discord import GENERAL, GUILD, MANAGER, FakeDiscord, options, readable

HERE = Channel("discord", GUILD, GENERAL)
TOPIC = {"topic": "interop", "words": "Tencent + Alibaba"}


@pytest.fixture
def office(tmp_path):
    office = open_office(tmp_path)
    yield office
    office.archive.close()


@pytest.fixture
async def fake():
    async with FakeDiscord() as running:
        running.news = running.add_channel("news", id="500000000000000002")
        yield running


@pytest.fixture
async def bot(fake, office):
    adapter = DiscordAdapter(office.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
    await adapter.start()
    await fake.slash("brief topic add", TOPIC, permissions=MANAGER)
    yield adapter
    await adapter.stop()


def named(seen):
    return {field["custom_id"]: field for field in modals.fields(seen.modal)}


def pretty(shown):
    return json.dumps(shown, ensure_ascii=False, indent=1) + "\n"


def topic(office):
    return str(office.channels.topic(HERE, "interop").id)


# ---------------------------------------------------------------- forms


@pytest.mark.parametrize(
    ("locale", "told"), [("en-US", "gets interop"), ("fr", "reçoit interop"), ("zh-CN", "#general 接收 interop")]
)
async def test_a_channel_is_subscribed_by_a_form_and_all_are_told(fake, bot, office, locale, told, golden):
    await fake.slash("brief settings language", {"language": locale[:2]}, permissions=MANAGER)
    opened = await fake.slash("brief subscribe", permissions=MANAGER, locale=locale)
    golden(f"discord/form-subscribe.{locale[:2]}.json", pretty(opened.modal))
    assert list(named(opened)) == ["topic", "channel", "time", "days", "rhythm"]
    saved = await fake.submit(opened, {"topic": [topic(office)], "time": "8:30"}, permissions=MANAGER, locale=locale)
    await saved.until(lambda seen: bool(seen.public))
    assert told in saved.text
    (subscription,) = office.channels.subscriptions(HERE)
    assert subscription.schedule.startswith("08:30")


async def test_a_form_opens_with_what_was_typed(fake, bot, office):
    opened = await fake.slash("brief subscribe", {"time": "7:15"}, permissions=MANAGER)
    assert named(opened)["time"]["value"] == "7:15"


async def test_words_are_looked_up_by_a_form(fake, bot):
    helped = await fake.slash("brief help")
    opened = await fake.choose(helped.messages[0], "form:search ")
    found = await fake.submit(opened, {"query": "tencent alibaba"})
    assert found.private
    assert "Tencent opens its links to Alibaba" in found.text


async def test_what_is_wrong_is_said_and_what_was_typed_stands_in_the_form_when_it_is_opened_again(fake, bot, office):
    opened = await fake.slash("brief subscribe", permissions=MANAGER)
    wrong = await fake.submit(opened, {"topic": [topic(office)], "time": "25:00"}, permissions=MANAGER)
    assert wrong.private
    assert "“25:00” is not a time" in wrong.text
    assert office.channels.subscriptions(HERE) == []
    again = await fake.press(wrong.messages[0], wrong.buttons[0], permissions=MANAGER)
    assert named(again)["time"]["value"] == "25:00"
    await fake.submit(again, {"time": "8:00"}, permissions=MANAGER)
    assert len(office.channels.subscriptions(HERE)) == 1


async def test_another_channel_is_subscribed_under_the_rights_there_and_told_there(fake, bot, office):
    opened = await fake.slash("brief subscribe", permissions=MANAGER)
    given = {"topic": [topic(office)], "channel": [fake.news]}
    refused = await fake.submit(opened, given, permissions=MANAGER)
    assert "Only those who manage" in refused.text
    saved = await fake.submit(opened, given, permissions=MANAGER, permissions_in={fake.news: MANAGER})
    assert saved.private
    await fake.until(lambda: fake.messages(fake.news))
    (told,) = fake.messages(fake.news)
    assert "#news gets interop" in readable(told)
    assert not any("#news gets interop" in readable(one) for one in fake.messages())


async def test_who_moves_something_by_a_form_reads_so_and_the_other_channel_hears_it_in_its_language(fake, bot, office):
    there = Channel("discord", GUILD, fake.news)
    office.channels.choose(there, language="zh")
    await fake.slash("brief subscribe", {"topic": "interop", "time": "9:00"}, permissions=MANAGER)
    (held,) = office.channels.subscriptions(HERE)
    rights = {"permissions": MANAGER, "permissions_in": {fake.news: MANAGER}}
    helped = await fake.slash("brief help")
    form = f"form:move {GENERAL}:{held.id}"  # as a notice has it
    opened = await fake.press(helped.messages[0], form, permissions=MANAGER, forged=True)
    moved = await fake.submit(opened, {"to": [fake.news]}, **rights)
    assert moved.private
    assert "“interop” comes to #news now" in moved.text
    await fake.until(lambda: fake.messages(fake.news))
    (told,) = fake.messages(fake.news)
    assert "#news 接收 interop" in readable(told)


async def test_a_topic_is_made_and_edited_by_a_form(fake, bot, office):
    opened = await fake.slash("brief topic add", {"topic": "links"}, permissions=MANAGER)
    await fake.submit(opened, {"all": "Tencent"}, permissions=MANAGER)
    assert office.channels.topic(HERE, "links").expression == "Tencent"


async def test_a_form_that_comes_too_late_is_offered_by_a_button(fake, bot, office, monkeypatch):
    monkeypatch.setattr("bot.platforms.discord.adapter._FORM_PATIENCE", 0)
    late = await fake.slash("brief subscribe", permissions=MANAGER)
    assert late.deferred
    monkeypatch.setattr("bot.platforms.discord.adapter._FORM_PATIENCE", 2)
    assert (await fake.press(late.messages[0], late.buttons[0], permissions=MANAGER)).modal


# ---------------------------------------------------------------- Home


@pytest.mark.parametrize("locale", ["en-US", "fr", "zh-CN"])
async def test_home_is_one_private_message(fake, bot, office, locale, golden):
    options_of = {"topic": "interop", "time": "9:00", "channel": fake.news}
    await fake.slash("brief subscribe", options_of, permissions=MANAGER, permissions_in={fake.news: MANAGER})
    home = await fake.slash("brief home", permissions=MANAGER, locale=locale)
    (message,) = home.messages
    assert home.private
    golden(f"discord/home.{locale[:2]}.json", pretty(message["components"]))


async def test_home_shows_what_channels_get_and_its_menu_does_what_can_be_done(fake, bot, office):
    options_of = {"topic": "interop", "time": "9:00", "channel": fake.news}
    await fake.slash("brief subscribe", options_of, permissions=MANAGER, permissions_in={fake.news: MANAGER})
    home = await fake.slash("brief home", permissions=MANAGER)
    assert "#news · interop" in home.text
    (message,) = home.messages
    do = {option["label"]: option["value"] for option in options(message)}
    await fake.choose(message, do["Pause · #news · interop"], permissions=MANAGER)
    (held,) = office.channels.subscriptions(Channel("discord", GUILD, fake.news))
    assert held.paused
    edited = await fake.choose(message, do["Edit · #news · interop"], permissions=MANAGER)
    assert named(edited)["time"]["value"] == "09:00"


async def test_a_page_of_home_stands_in_the_place_of_the_other(fake, bot, office):
    for number in range(12):
        await fake.slash("brief topic add", {"topic": f"topic {number}", "words": f"word{number}"}, permissions=MANAGER)
    home = await fake.slash("brief home", permissions=MANAGER)
    (first,) = home.messages
    later = next(one for one in home.buttons if one.startswith("home:"))
    turned = await fake.press(first, later, permissions=MANAGER)
    assert [message["id"] for message in turned.messages] == [first["id"]]
    assert "topic 9" in turned.text
    assert turned.private


# ---------------------------------------------------------------- a message


@pytest.mark.parametrize("content", ["Did you see that Tencent opens its links to Alibaba?", ""])
async def test_related_news_of_a_message_are_private_and_can_be_shared_under_it(fake, bot, content):
    text = {"type": 10, "content": "Tencent opens its links to Alibaba"}
    body = {"content": content} if content else {"flags": 1 << 15, "components": [text]}
    message = fake.post_before(body)
    seen = await fake.on_message("Related news", message)
    assert seen.private
    assert "Tencent opens its links to Alibaba" in seen.text
    share = next(one for one in seen.buttons if one.startswith("share:"))
    shared = await fake.press(seen.messages[0], share)
    assert shared.private
    await fake.until(lambda: message["id"] in fake.channels and fake.messages(message["id"]))
    (posted,) = fake.messages(message["id"])
    assert "Tencent opens its links to Alibaba" in readable(posted)


# ---------------------------------------------------------------- any form


def test_every_kind_of_field_keeps_within_the_limits_and_comes_back():
    many = tuple(Option(f"v{n}", "L" * 120) for n in range(40))
    form = Form(
        name="topic",
        subject="500000000000000001:45",
        language="en",
        title="T" * 60,
        submit="Save",
        cancel="Cancel",
        fields=(
            TextField("text", "L" * 60, "typed", hint="H" * 150, several=True),
            ChoiceField("none", "Nothing to choose", ()),
            ChoiceField("one", "One", many, (Option("gone", "Gone"),)),
            ChoiceField("some", "Some", many[:7], many[:2], many=True),
            ChannelField("channel", "Channel", GENERAL, required=True),
            DateField("until", "Until", "2027-01-12"),
            TextField("sixth", "Is not shown"),
        ),
        errors={"text": "wrong"},
    )
    data = modal(form)
    assert list(modals.modal_complaints(data)) == []
    assert data["components"][0]["description"] == "wrong"
    assert values(modals.sent(data, {"some": ["v3"]})) == {
        "text": ("typed",),
        "one": ("gone",),
        "some": ("v3",),
        "channel": (GENERAL,),
        "until": ("2027-01-12",),
    }


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The first 25 of 40; in a channel, the command takes any."),
        ("fr", "Les 25 premiers sur 40\u202f; dans un canal, la commande les accepte tous."),
        ("zh", "仅列出 40 个中的前 25 个；在频道中用命令可指定任何一个。"),
    ],
)
def test_a_choice_that_has_no_room_for_all_says_so_and_what_takes_the_others(language, said):
    channels = tuple(Option(str(n), f"#room-{n}") for n in range(40))

    def described(options):
        form = Form("move", "45", language, "Move", "Move", "Cancel", (ChoiceField("to", "Channel", options),))
        return modal(form)["components"][0].get("description")

    assert described(channels) == said
    assert described(channels[:25]) is None


def test_what_is_wrong_with_the_whole_form_stands_above_its_fields():
    form = Form(
        "topic", "", "en", "Topic", "Save", "Cancel", (TextField("text", "Text"),), errors={"": "Only *they* may."}
    )
    said, field = modal(form)["components"]
    assert said == {"type": 10, "content": "Only \\*they\\* may."}
    assert field["component"]["custom_id"] == "text"
