"""Which language is spoken: what a channel reads is in the channel's, what one person reads is in their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.base.form import Form
from bot.base.reply import Button, Buttons
from bot.commands import Dispatcher, Place
from bot.delivery import planning
from bot.delivery.editions import Editor
from bot.platforms.console.terminal import render
from bot.present.parts import other_languages
from briefs.store.runs import Runs
from tests.dispatcher import ELSEWHERE, NEWS, open_office

OTHER, HERE = Place(ELSEWHERE, "#other", True, True), Place(NEWS, "#news", True, True)
PLACES = {"C2": OTHER, "#other": OTHER, "C1": HERE}


@pytest.fixture
def luc(office):
    return office.person(name="luc", locale="fr-FR", places=PLACES)


@pytest.fixture
def zoe(office):
    return office.person(name="zoe", locale="zh-CN", places=PLACES)


def told(person):
    """What all are told beside the answer, as a text."""
    return render(person.last.told, width=200).replace("\u00a0", " ")


def buttons(reply):
    return [one for part in reply.parts if isinstance(part, Buttons) for one in part.buttons]


def undo_of(person):
    """What the *Undo* names that all are offered beside the answer."""
    return next(one.value for one in buttons(person.last.told) if one.action == "revert")


def digest(office, channel=NEWS):
    """What a channel's first digest says when its hour has come."""
    (held,) = office.channels.subscriptions(channel)
    runs, now = Runs(office.archive.database), held.next_due
    runs.plan(now, lambda waiting: planning.plan(waiting, now, "newest"))
    run = next(one for one in runs.claim([channel.platform], now, now) if one.channel == channel)
    reply = Editor(office.archive, office.dispatcher._services.config).edition(run).reply
    return render(reply, width=100).replace("\u00a0", " ")


async def opened(person, name="subscribe", subject="C1:"):
    form = await person.dispatcher.form(person._asked(""), name, subject)
    assert isinstance(form, Form)
    return form


async def saved(person, name="subscribe", subject="C1:", /, **values):
    return await person.dispatcher.submit(person._asked(""), name, subject, values)


def shown_language(form):
    (chosen,) = next(one for one in form.fields if one.name == "language").chosen
    return chosen.value


# ---------------------------------------------------------------- who subscribes first


async def test_who_first_subscribes_a_channel_gives_it_their_language_and_its_digests_speak_that(office, luc):
    assert "Langue : français" in await luc.say("abonner Open links à 9h")
    assert "premier envoi aujourd’hui · je parle français ici" in told(luc)
    assert "sujets" in digest(office)


async def test_a_later_subscriber_of_another_language_does_not_change_it(office, luc, zoe):
    await luc.say("abonner Open links à 9h")
    await zoe.say("主题 添加 互通 腾讯")
    said = await zoe.say("订阅 互通 早上九点")
    assert "语言：法语" in said, "she reads in her own language that the digest is in French"
    assert "@Zoe : #news reçoit 互通" in told(zoe)
    assert "je parle" not in told(zoe)
    assert office.channels.settings(NEWS).language == "fr"


async def test_nobody_is_told_of_english_which_is_spoken_anyway(office):
    ann = office.person()
    assert "Language: English" in await ann.say("subscribe Open links")
    assert "I speak" not in told(ann)
    assert [one.label for one in buttons(ann.last)] == ["Change", "Stop"]
    assert office.channels.settings(NEWS).language == "en", "nor does the next subscriber change it"


@pytest.mark.parametrize("read", ["what all are told", "the answer"])
async def test_one_press_has_it_spoken_to_otherwise_and_another_takes_that_back(office, luc, zoe, read):
    await luc.say("abonner Open links à 9h")
    shown = buttons(luc.last.told if read == "what all are told" else luc.last)
    assert [one.label for one in shown if one.action == "speak"] == ["English", "中文"]
    press = next(one for one in shown if one.label == "中文")

    reader = office.person(name="eve", may_manage=False)
    assert "Only those who manage" in await reader.press(press.action, press.value)

    assert "从现在起，我在 #news 使用中文" in await zoe.press(press.action, press.value)
    assert "中文" in told(zoe)
    assert "则报道" in digest(office)
    undo = next(one for one in buttons(zoe.last.told) if one.action == "revert")
    await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language == "fr"


async def test_undo_of_the_first_subscription_leaves_the_language_to_the_next_subscriber(office, luc, zoe):
    await luc.say("abonner Open links à 9h")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    assert "@Luc : finalement, #news ne reçoit pas" in await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language is None
    await zoe.say("订阅 Open links 早上九点")
    assert office.channels.settings(NEWS).language == "zh"


async def test_undo_leaves_the_language_where_the_channel_gets_something_else_by_now(office, luc):
    await luc.say("abonner Open links à 9h")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    await luc.say("thème ajouter interop Tencent")
    await luc.say("abonner interop à 9h")
    await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language == "fr"


async def test_in_whatever_order_all_is_undone_the_language_is_left_to_the_next_subscriber(office, luc, zoe):
    await luc.say("thème ajouter interop Tencent")
    undone = []
    for typed in ("abonner Open links à 9h", "abonner interop à 9h"):
        await luc.say(typed)
        undone.append(next(one for one in buttons(luc.last.told) if one.action == "revert").value)
    for key in undone:
        assert office.channels.settings(NEWS).language == "fr", "as long as the channel gets something"
        await luc.press("revert", key)
    await zoe.say("订阅 Open links 早上九点")
    assert office.channels.settings(NEWS).language == "zh"


async def test_a_language_that_was_chosen_stays_when_all_is_undone(office, luc):
    await luc.say("langue zh")
    await luc.say("abonner Open links à 9h")
    await luc.press("revert", next(one for one in buttons(luc.last.told) if one.action == "revert").value)
    assert office.channels.settings(NEWS).language == "zh"


async def test_a_language_that_was_given_is_given_still_once_a_choice_is_taken_back(office, luc):
    await luc.say("thème ajouter interop Tencent")
    await luc.say("abonner Open links à 9h")
    await luc.say("désabonner Open links")
    await luc.say("abonner interop à 9h")
    second = next(one for one in buttons(luc.last.told) if one.action == "revert").value
    await luc.say("langue zh")
    await luc.press("revert", next(one for one in buttons(luc.last.told) if one.action == "revert").value)
    assert office.channels.settings(NEWS).language == "fr"
    await luc.press("revert", second)
    assert office.channels.settings(NEWS).language is None


async def test_undo_leaves_a_given_language_to_what_still_comes_whatever_the_operator_sets_since(office, luc, tmp_path):
    await luc.say("abonner Open links à 9h")
    undo = undo_of(luc)
    await luc.say("thème ajouter interop Tencent")
    await luc.say("abonner interop à 9h")
    (tmp_path / "later").mkdir()
    config = open_office(tmp_path / "later", "language: zh\n").dispatcher._services.config
    luc.dispatcher = Dispatcher(office.archive, office.channels, config, clock=office.clock)
    await luc.press("revert", undo)
    assert office.channels.settings(NEWS).language == "fr"
    assert "sujets" in digest(office)


async def test_undo_of_the_first_subscription_leaves_the_same_language_that_was_chosen_since(office, luc):
    await luc.say("abonner Open links à 9h")
    first = undo_of(luc)
    await luc.say("langue fr")
    await luc.press("revert", first)
    assert office.channels.subscriptions(NEWS) == []
    assert office.channels.settings(NEWS).language == "fr"


async def test_undo_of_the_choice_of_a_language_that_was_given_has_it_be_given_again_once(office, luc):
    await luc.say("abonner Open links à 9h")
    first = undo_of(luc)
    await luc.say("langue fr")
    choice = undo_of(luc)
    await luc.press("revert", choice)
    assert "depuis" in await luc.press("revert", choice), "it has been taken back already"
    await luc.press("revert", first)
    assert office.channels.settings(NEWS).language is None


async def test_what_changes_nothing_has_no_undo(office, luc):
    await luc.say("langue fr")
    await luc.say("langue fr")
    assert [one.action for one in buttons(luc.last.told)] == ["form"]


async def test_what_the_operator_has_set_counts_as_chosen(tmp_path):
    office = open_office(tmp_path, "language: zh\n")
    luc = office.person(name="luc", locale="fr")
    assert "Langue : chinois" in await luc.say("abonner Open links à 9h")
    assert office.channels.settings(NEWS).language is None
    assert "则报道" in digest(office)


async def test_a_subscription_that_moves_goes_on_in_its_language(office, luc):
    await luc.say("abonner Open links à 9h")
    eve = office.person(name="eve", places=PLACES)
    assert "Language: French" in await eve.say("move Open links to #other")
    assert "sujets" in digest(office, ELSEWHERE)


async def test_one_that_moves_to_a_channel_with_a_language_speaks_that(office, luc):
    office.channels.choose(ELSEWHERE, language="zh")
    await luc.say("abonner Open links à 9h")
    assert "Langue : chinois" in await luc.say("déplacer Open links vers #other")
    assert "则报道" in digest(office, ELSEWHERE)


async def test_a_topic_of_the_configuration_is_known_by_its_name_in_each_language(tmp_path):
    office = open_office(tmp_path, topic="{en: Open links, fr: Liens ouverts, zh: 开放链接}")
    luc, zoe = office.person(name="luc", locale="fr"), office.person(name="zoe", locale="zh", channel=ELSEWHERE)
    assert "#news reçoit « Liens ouverts »" in (await luc.say("abonner liens ouverts à 9h")).replace("\u202f", " ")
    assert "“开放链接”" in await zoe.say("订阅 开放链接 早上九点")
    assert [len(office.channels.subscriptions(channel)) for channel in (NEWS, ELSEWHERE)] == [1, 1]
    near = await luc.say("désabonner lien ouvert")
    assert "le plus proche est « Liens ouverts »" in near.replace("\u202f", " ")
    assert (await zoe.say("简报 Open links")).startswith("开放链接"), "the name that it goes by is known to all"
    assert digest(office).startswith("Liens ouverts")
    previewed = (await luc.say("aperçu Liens ouverts")).replace("\u202f", " ")
    assert previewed.startswith("Aperçu de « Liens ouverts »\n2 sujets")
    await luc.say("bulletin Liens ouverts depuis:7j")
    assert "« Liens ouverts »" in (await luc.say("pourquoi 1")).replace("\u202f", " ")


async def test_a_button_speaks_in_the_channel_that_was_subscribed_wherever_it_is_pressed(office, luc):
    await luc.say("abonner Open links à 9h dans #other")
    press = next(one for one in buttons(luc.last) if one.label == "English")
    await luc.press(press.action, press.value)
    assert [office.channels.settings(channel).language for channel in (NEWS, ELSEWHERE)] == [None, "en"]

    seen = {**PLACES, "C2": replace(OTHER, may_manage=False)}
    refused = await office.person(name="eve", places=seen).press(press.action, "C2:zh")
    assert "Only those who manage #other" in refused, "her rights in #news are of no use there"


async def test_a_later_subscriber_changes_nothing_though_no_language_was_ever_chosen(office, luc):
    await luc.say("abonner Open links à 9h")
    office.channels.choose(NEWS, language=None)  # as in a database of an older version
    await luc.say("abonner Open links à 17h")
    await luc.say("thème ajouter interop Tencent")
    await luc.say("abonner interop à 9h")
    assert office.channels.settings(NEWS).language is None
    assert shown_language(await opened(luc)) == "en", "which it is spoken to in"


def test_of_two_first_subscribers_one_gives_the_language(office):
    assert office.channels.offer_language(NEWS, "fr")
    assert not office.channels.offer_language(NEWS, "zh")
    assert office.channels.settings(NEWS).language == "fr"


async def test_undo_of_a_choice_leaves_the_language_where_what_comes_since_would_have_none(office, luc):
    await luc.say("langue zh")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    await luc.say("abonner Open links à 9h")
    assert "中文" in await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language == "zh"


async def test_undo_of_the_clock_leaves_the_language_that_was_given_since(office, luc):
    await luc.say("fuseau Asia/Shanghai")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    await luc.say("abonner Open links à 9h")
    await luc.press(undo.action, undo.value)
    stands = office.channels.settings(NEWS)
    assert (stands.zone, stands.language) == (None, "fr")


async def test_undo_of_a_choice_is_refused_once_another_was_made(office, luc):
    await luc.say("langue zh")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    await luc.say("langue en")
    await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language == "en"


async def test_undo_of_a_choice_and_then_of_the_first_subscription_leaves_the_language_to_the_next(office, luc):
    await luc.say("abonner Open links à 9h")
    first = next(one for one in buttons(luc.last.told) if one.action == "revert")
    await luc.say("langue zh")
    await luc.press("revert", next(one for one in buttons(luc.last.told) if one.action == "revert").value)
    await luc.press("revert", first.value)
    assert office.channels.settings(NEWS).language is None


async def test_from_a_conversation_with_the_bot_the_channel_that_is_subscribed_is_told(office, luc):
    alone = replace(luc._asked(""), alone=True, channel=replace(NEWS, id="D1"), channel_name=None)
    said = await luc.dispatcher.text(alone, "abonner Open links à 9h dans #other")
    assert said.told.channel == ELSEWHERE
    assert "je parle français ici" in said.told.summary


async def test_a_channel_that_something_moves_to_is_told_so(office, luc):
    await luc.say("abonner Open links à 9h")
    await luc.say("déplacer Open links vers #other")
    assert luc.last.told.channel == ELSEWHERE
    assert "je parle français ici" in told(luc)
    assert [one.action for one in buttons(luc.last.told)] == ["form", "speak", "speak"]


# ---------------------------------------------------------------- the form


async def test_the_form_shows_the_askers_language_where_nobody_chose_one_and_saves_what_it_shows(office, luc):
    form = await opened(luc)
    assert shown_language(form) == "fr"
    topic = str(office.channels.topic(NEWS, "Open links").id)
    said = await saved(luc, topic=(topic,), channel=("C1",), language=("fr",))
    assert "je parle français ici" in said.summary
    assert "sujets" in digest(office)


async def test_the_form_shows_what_the_channel_has_chosen(office, luc, zoe):
    await luc.say("abonner Open links à 9h")
    assert shown_language(await opened(zoe)) == "fr"
    assert shown_language(await opened(zoe, "settings")) == "fr"


async def test_a_language_that_was_left_as_it_was_shown_is_not_given_to_a_channel_that_has_another(office, luc):
    office.channels.choose(ELSEWHERE, language="zh")
    topic = str(office.channels.topic(NEWS, "Open links").id)
    said = await saved(luc, topic=(topic,), channel=("C2",), language=("fr",))
    assert "@Luc：#other 接收 Open links" in said.summary
    assert office.channels.settings(ELSEWHERE).language == "zh"


async def test_undo_takes_back_a_language_that_was_chosen_in_the_form(office, luc):
    await luc.say("abonner Open links à 9h")
    topic = str(office.channels.topic(NEWS, "Open links").id)
    number = office.channels.subscriptions(NEWS)[0].id
    said = await saved(luc, "subscribe", f"C1:{number}", topic=(topic,), time=("17:00",), language=("en",))
    assert "I speak English here" in said.summary
    undo = next(one for one in buttons(said) if one.action == "revert")
    await luc.press(undo.action, undo.value)
    assert office.channels.settings(NEWS).language == "fr"


@pytest.mark.parametrize("name", ["subscribe", "settings"])
async def test_a_form_that_was_open_while_another_language_was_chosen_leaves_that(office, luc, name):
    form = await opened(luc, name)
    office.channels.choose(NEWS, language="zh")
    topic = str(office.channels.topic(NEWS, "Open links").id)
    chosen = {"topic": (topic,), "channel": ("C1",)} if name == "subscribe" else {"zone": ("Asia/Shanghai",)}
    await saved(luc, name, form.subject, language=("fr",), **chosen)
    assert office.channels.settings(NEWS).language == "zh"


async def test_a_form_that_is_drawn_anew_goes_on_from_the_language_that_it_showed_first(office, luc):
    form = await opened(luc)
    office.channels.choose(NEWS, language="zh")
    assert (await opened(luc, "subscribe", form.subject)).subject == form.subject


async def test_forms_and_refusals_call_a_topic_as_their_reader_does(tmp_path):
    office = open_office(tmp_path, topic="{en: Open links, fr: Liens ouverts}")
    luc = office.person(name="luc", locale="fr", places=PLACES)
    field = next(one for one in (await opened(luc)).fields if one.name == "topic")
    assert [one.label for one in field.options] == ["Liens ouverts"]
    assert "Liens ouverts" in await luc.say("désabonner liens ouverts"), "which #news does not get"
    await luc.say("abonner liens ouverts à 9h dans #other")
    await luc.say("abonner liens ouverts à 9h")
    assert "Liens ouverts" in await luc.say("déplacer liens ouverts vers #other")


async def test_a_clock_that_is_changed_in_the_form_of_the_settings_gives_no_language(office, luc):
    form = await opened(luc, "settings")
    await saved(luc, "settings", form.subject, language=("fr",), zone=("Asia/Shanghai",))
    assert office.channels.settings(NEWS).language is None


# ---------------------------------------------------------------- public and private


async def test_who_asks_reads_in_their_own_language_whatever_the_channel_speaks(office, luc, zoe):
    assert "Ce que vous seul voyez reste en français" in await luc.say("langue zh")
    assert "Partager dans le canal" in await luc.say("tencent")
    assert "分享到频道" in await zoe.say("tencent")
    assert "分享到频道" in await office.person(name="bot", locale=None).say("tencent"), "else in the channel's"


async def test_what_is_posted_for_all_speaks_the_channels_language(office, luc, zoe):
    await luc.say("abonner Open links à 9h")
    assert "sujets" in await zoe.say("简报 Open links")
    undo = next(one for one in buttons(luc.last.told) if one.action == "revert")
    assert "finalement, #news ne reçoit pas" in await zoe.press(undo.action, undo.value)


async def test_with_the_bot_alone_what_was_chosen_there_is_the_askers_own(office):
    luc = office.person(name="luc", locale="fr")
    alone = replace(luc._asked(""), alone=True)
    assert "从现在起" in (await luc.dispatcher.text(alone, "langue zh")).summary
    assert (await luc.dispatcher.text(alone, "liste")).language == "zh"


@pytest.mark.parametrize(
    ("locale", "settings", "gets"),
    [
        ("en", "Settings of this conversation", "This conversation gets “Open links”"),
        ("fr", "Réglages de cette conversation", "Cette conversation reçoit « Open links »"),
        ("zh", "本对话 的设置", "本对话 已订阅“Open links”"),
    ],
)
async def test_where_no_channel_has_a_name_one_speaks_of_this_conversation(office, locale, settings, gets):
    luc = office.person(locale=locale)
    alone = replace(luc._asked(""), channel_name=None)
    assert (await luc.dispatcher.text(alone, "settings")).summary == settings
    said = await luc.dispatcher.text(alone, "subscribe Open links at 9:00")
    assert said.summary.replace("\u202f", " ").startswith(gets)


def test_buttons_name_languages_as_their_readers_do():
    assert other_languages("en", "C1:7") == (Button("speak", "Français", "C1:fr"), Button("speak", "中文", "C1:zh"))
