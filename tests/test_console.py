"""The bot in a terminal, from the first line to the end of the input."""

import json

import pytest

from bot.base.i18n import locale_of
from bot.base.reply import Button, Reply, StoryItem
from bot.delivery.transport import Envelope, Sent
from bot.platforms.console.adapter import HERE, Console, ConsoleTransport


async def talk(office, *lines, **traits):
    """Type some lines, then end the input; give what was shown."""
    left = iter(lines)
    shown: list[str] = []
    console = Console(office.dispatcher, read=lambda _prompt: next(left, None), show=shown.append, **traits)
    await console.run()
    return [text.replace("\u00a0", " ") for text in shown]


async def test_commands_are_typed_with_or_without_the_root_command(office):
    bare, rooted = await talk(office, "topics", "/brief topics")
    assert bare == rooted
    assert bare.startswith("1 topic")


async def test_the_end_of_the_input_and_exit_end_the_conversation(office):
    assert await talk(office) == []
    assert len(await talk(office, "topics", "exit", "topics")) == 1


async def test_empty_lines_say_nothing(office):
    assert await talk(office, "", "   ", "\n") == []


async def test_buttons_are_pressed_by_what_they_say(office):
    seen, shared, made = await talk(office, "wechat taobao", "share", "topics")
    assert "[Share to channel]  [Subscribe to this]" in seen
    assert "Shared by" in shared
    _, made, listed = await talk(office, "wechat taobao", "Subscribe to this", "list")
    assert "#console gets “wechat taobao”" in made
    assert "#console gets 1 topic" in listed
    assert [one.topic.name for one in office.channels.subscriptions(HERE)] == ["wechat taobao"]


async def test_a_button_that_would_open_a_form_explains_its_command_and_takes_no_command_of_that_name(office):
    _, opened, command = await talk(office, "subscribe open links", "change", "form")
    assert opened.startswith("/brief subscribe TOPIC [TIME]")
    assert command.startswith("/brief form FORM"), "what is typed is the command"
    (missing,) = await talk(office, "import nowhere.opml")
    assert missing == "There is no file “nowhere.opml”."


@pytest.mark.parametrize("word", ["undo", "annuler", "撤销"])
async def test_undo_is_pressed_by_any_languages_word_for_it(office, word):
    *_, undone = await talk(office, "digest open links", "more like this 1", word)
    assert undone.startswith("Taken back")


async def test_a_button_is_pressed_by_what_it_says_whatever_space_stands_in_it(office):
    _, why = await talk(office, "bulletin open links", "pourquoi ? 1", locale="fr_FR.UTF-8")
    assert why.startswith("Pourquoi le sujet 1")


async def test_undo_typed_after_pausing_is_not_the_button_of_an_earlier_answer(office):
    *_, undone = await talk(office, "subscribe open links", "pause", "undo")
    assert "Resumed: Open links" in undone
    assert [one.paused for one in office.channels.subscriptions(HERE)] == [False]


async def test_the_buttons_of_a_story_have_its_number_and_stay(office):
    lines = (
        "digest open links",
        "more like this 1",
        "less from daily example 2",
        "why this? 2",
        "feedback",
        "undo",
        "feedback",
    )
    seen, up, less, why, both, back, left = await talk(office, *lines)
    assert "[Why this? 2]  [Timeline 2]  [More like this 2]  [Less like this 2]" in seen
    assert "Noted for #console: more like “" in up
    assert "Noted for #console: less from " in less
    assert "Why story 2 of “Open links”" in why
    assert "2 wishes in #console" in both
    assert "1 wish in #console" in back  # the list stands there again
    assert "less from " in back
    assert "1 wish in #console" in left


async def test_a_digest_that_arrived_by_itself_has_buttons_too(office):
    pressed = []
    transport = ConsoleTransport(lambda text: None, offer=pressed.append)
    item = StoryItem(2, "Links", None, menu=(Button("up", "More like this", "run:2"),))
    (message,) = transport.render(Reply("en", "Links", (item,), public=True))
    frozen = json.loads(json.dumps(message.payload))
    await transport.send(Envelope(HERE, frozen, "uuid", "nonce"))
    assert pressed == [{"up 2": item.menu[0], "more like this 2": item.menu[0]}]


async def test_a_digest_that_is_tried_again_is_not_shown_again():
    shown = []
    transport = ConsoleTransport(shown.append)
    outcomes = [await transport.send(Envelope(HERE, {"text": "Links"}, "uuid", "nonce")) for _ in range(2)]
    assert (shown, outcomes) == (["Links"], [Sent("1")] * 2)


async def test_the_words_of_the_bot_follow_the_locale(office):
    (seen,) = await talk(office, "tencent", locale="fr_FR.UTF-8")
    assert "Partager dans le canal" in seen


def test_the_locale_is_that_of_the_terminals_messages():
    assert locale_of({"LANG": "en_GB.UTF-8"}) == "en_GB.UTF-8"
    assert locale_of({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8"}) == "fr_FR.UTF-8"
    assert locale_of({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "fr_FR.UTF-8", "LC_ALL": "zh_CN"}) == "zh_CN"
    assert locale_of({"LC_ALL": ""}) is None


async def test_slips_are_answered_as_in_the_chat_in_the_language_of_who_types(office):
    name, time = await talk(office, "abonner Open lnks", "abonner xyz à 25h", locale="fr_FR.UTF-8")
    assert "le plus proche est «\u202fOpen links\u202f»" in name
    assert "«\u202f25h\u202f» n’est pas une heure" in time


async def test_a_slip_in_a_name_of_two_characters_is_answered_with_the_nearest(office):
    _, near = await talk(office, "主题 添加 鸟类 = heron", "订阅 鸟累 9点", locale="zh_CN.UTF-8")
    assert "没有主题“鸟累”；最接近的是“鸟类”" in near


async def test_what_was_typed_is_taken_back_by_a_word_where_nobody_else_reads(office):
    *_, listed = await talk(office, "abonner Open links à 9h", "annuler", "liste", locale="fr_FR.UTF-8")
    assert "#console ne reçoit rien pour l’instant" in listed
    typed = ("abonner Open links à 9h", "désabonner Open links", "annuler", "liste")
    _, ended, back, listed = await talk(office, *typed, locale="fr_FR.UTF-8")
    assert ended.endswith("[Annuler]")
    assert "comme avant" in back
    assert "#console reçoit 1 thème" in listed


async def test_a_command_of_another_name_may_be_the_root(office):
    (seen,) = await talk(office, "/veille topics", command="veille")
    assert seen.startswith("1 topic")
