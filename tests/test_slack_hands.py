"""What people do in Slack without typing, over sockets, through Slack's own SDK: Home, modals, shortcuts."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from slack_sdk.models.views import View

from bot.base.form import ChoiceField, Form, TextField
from bot.base.reply import Paragraph, Reply, Span
from bot.commands import Asked
from bot.platforms.slack.adapter import SlackAdapter
from briefs.models import Channel
from tests.fakes import ledger
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_hands import Hand
from tests.fakes.slack_workspace import FakeChannel, Shown, readable

NEWS, BOARD = "C0000NEWS", "C000BOARD"
LANGUAGES = [("en-US", "en"), ("fr-FR", "fr"), ("zh-CN", "zh")]


@pytest.fixture
async def fake():
    async with FakeSlack() as running:
        running.channels[NEWS] = FakeChannel("news", {"U1", "U2"})
        running.channels[BOARD] = FakeChannel("board", {"U2"}, private=True)
        yield running
        for view in (*running.modals, *running.homes.values()):
            for drawn in view.history:
                View(**drawn).to_dict()  # raises where Slack's own models find something


@asynccontextmanager
async def running(fake, dispatcher):
    adapter = SlackAdapter(dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
    await adapter.start()
    try:
        yield adapter
    finally:
        await adapter.stop()


@pytest.fixture
async def bot(fake, office):
    async with running(fake, office.dispatcher) as started:
        yield started


@pytest.fixture
def ann(fake):
    return Hand(fake)


@pytest.fixture
def bob(fake):
    return Hand(fake, "U2")


def words(view) -> str:
    """All that can be read in a view, but for its fields."""
    return "\n".join(readable(block) for block in view.view["blocks"] if block["type"] != "input")


def kept(office, channel=NEWS):
    return office.channels.subscriptions(Channel("slack", "T1", channel))


async def told(fake, count=1):
    await fake.until(lambda: len(fake.shown) >= count, "what all are told")
    return fake.shown[-1]


async def subscribed(office, channel=NEWS, topic="Open links"):
    """Subscribe a channel as somebody who typed it."""
    asked = Asked(Channel("slack", "T1", channel), "U1", may_manage=True, locale="en")
    await office.dispatcher.text(asked, f"subscribe {topic}")
    return kept(office, channel)[0]


# ---------------------------------------------------------------- journeys, in three languages


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
async def test_a_channel_is_subscribed_from_home_by_a_form(fake, office, bot, ann, locale, language, golden):
    fake.users["U1"].locale = locale
    home = await ann.home()
    form = await ann.press(home, "subscribe")
    assert form.field("zone")["element"]["initial_option"]["value"] == "Europe/Paris"
    await ann.choose(form, "topic", "Open links")
    await ann.fill(form, "channel", NEWS)
    await ann.choose(form, "days", "mon", "tue")
    await ann.fill(form, "time", "8:30")
    golden(f"slack/form-subscribe.{language}.json", pretty(form.view))
    drawn = len(home.history)
    assert await ann.submit(form) == {}
    await fake.until(lambda: len(home.history) > drawn, "Home drawn anew")
    (subscription,) = kept(office)
    assert subscription.schedule == "08:30 mon,tue"
    said = await told(fake)
    assert (said.channel, said.only_to) == (NEWS, None)
    expected = {
        "en": "@ann: #news gets Open links, Monday and Tuesday 08:30 · first one today",
        "fr": "@ann\u00a0: #news reçoit Open links, lundi et mardi à 08:30 · premier envoi aujourd’hui · "
        "je parle français ici",
        "zh": "@ann：#news 接收 Open links，周一和周二 08:30 · 首次：今天 · 这里使用中文",
    }
    assert said.text.splitlines()[0] == expected[language]
    assert "#news · Open links" in words(home)


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
async def test_home_is_drawn_anew_after_each_change(fake, office, bot, ann, locale, language, golden):
    fake.users["U1"].locale = locale
    stands = await subscribed(office)
    value = f"{NEWS}:{stands.id}"
    home = await ann.home()
    golden(f"slack/home.{language}.json", pretty(home.view))
    pause = next(one for one in home.buttons if one["action_id"] == "pause.1")
    await ann.act(home, pause, opens=False)
    assert kept(office)[0].paused
    assert home.view["blocks"][1]["elements"][0]["elements"][0]["text"].startswith("✓ ")
    resume = next(one for one in home.buttons if one["action_id"] == "resume.1")
    assert resume["value"] == value
    await ann.act(home, resume, opens=False)
    assert not kept(office)[0].paused
    form = await ann.press(home, f"subscribe {value}")
    await ann.fill(form, "time", "18:00")
    await ann.submit(form)
    await told(fake)
    await fake.until(lambda: "18:00" in words(home), "Home with the new time")


@pytest.mark.parametrize(("locale", "language"), LANGUAGES)
async def test_a_topic_is_edited_by_a_form_without_any_grammar(fake, office, bot, ann, locale, language, golden):
    fake.users["U1"].locale = locale
    asked = Asked(Channel("slack", "T1", NEWS), "U1", may_manage=True, locale="en")
    await office.dispatcher.text(asked, "topic add interop Tencent + (links | open)")
    home = await ann.home()
    number = office.channels.topic(asked.channel, "interop").id
    form = await ann.press(home, f"topic {number}")
    await ann.fill(form, "none", "stock, share price")
    await ann.act(form, form.buttons[0], opens=False)
    golden(f"slack/form-topic.{language}.json", pretty(form.view))
    assert form.state["none"]["field.none"]["value"] == "stock, share price"
    assert await ann.submit(form) == {}
    assert office.channels.topic(asked.channel, "interop").expression == (
        'Tencent + (links | open) - stock - "share price"'
    )


@pytest.mark.parametrize(("locale", "label"), [("en-US", "Share in thread"), ("fr-FR", None), ("zh-CN", None)])
async def test_related_news_are_shared_in_the_thread_of_a_message(fake, bot, ann, locale, label):
    fake.users["U1"].locale = locale
    message = fake._stored("C1", {"text": "Tencent opens its links: <https://example.org/links>"}, user="U2")
    (private,) = await ann.shortcut(Shown("C1", message, None))
    assert private.only_to == "U1"
    assert "Tencent opens its links to Alibaba" in private.text
    share = private.button("share")
    assert label in (None, share["text"]["text"])
    shared, own = await fake.press(private, "share", answers=2)
    assert (shared.only_to, shared.thread) == (None, message["ts"])
    assert (own.only_to, own.thread) == ("U1", None)  # it stands where the private answer stood


# ---------------------------------------------------------------- forms


async def test_a_form_opens_with_what_was_typed(fake, bot, ann):
    await fake.slash("/brief", "topic add interop", answers=0)
    await fake.until(lambda: bool(fake.modals), "a form")
    (form,) = fake.modals
    assert (form.title, form.state["name"]["field.name"]["value"]) == ("New topic", "interop")
    assert fake.shown == []


async def test_where_no_form_can_open_what_is_missing_is_said(fake, bot, ann):
    (said,) = await fake.mention("topic add interop")
    assert "Something is missing" in said.text
    fake.fail_next("views.open", ledger.error("expired_trigger_id"))
    (said,) = await fake.slash("/brief", "subscribe")
    assert "Something is missing" in said.text


@pytest.mark.parametrize(
    ("locale", "button", "menu"), [("en-US", "Look up", "Why this?"), ("fr-FR", "Chercher", "Pourquoi\u202f?")]
)
async def test_words_are_looked_up_by_a_form_and_what_is_found_can_be_pressed(fake, bot, ann, locale, button, menu):
    fake.users["U1"].locale = locale
    (helped,) = await fake.slash("/brief", "help", channel=NEWS)
    await fake.press(helped, button, answers=0)
    await fake.until(lambda: bool(fake.modals), "a form")
    (form,) = fake.modals
    await ann.fill(form, "query", "tencent alibaba")
    before = len(fake.shown)
    await ann.submit(form)
    await fake.until(lambda: len(fake.shown) > before, "what was found")
    found = fake.shown[-1]
    assert (found.channel, found.only_to) == (NEWS, "U1")
    assert "Tencent opens its links to Alibaba" in found.text
    assert menu in found.labels


async def test_what_is_not_found_by_the_form_is_said_in_it(fake, bot, ann):
    await fake.slash("/brief", "search", answers=0, channel=NEWS)
    await fake.until(lambda: bool(fake.modals), "a form")
    (form,) = fake.modals
    await ann.fill(form, "query", "zeppelin")
    await ann.submit(form)
    await fake.until(lambda: "Nothing on “zeppelin”" in str(form.view), "what was said")


async def test_what_is_wrong_is_said_at_its_field(fake, office, bot, ann):
    await fake.slash("/brief", "subscribe", answers=0, channel=NEWS)
    await fake.until(lambda: bool(fake.modals), "a form")
    (form,) = fake.modals
    assert form.state["channel"]["field.channel"]["selected_conversation"] == NEWS
    await ann.choose(form, "topic", "Open links")
    await ann.fill(form, "time", "25:00")
    answer = await ann.submit(form)
    assert answer == {
        "response_action": "errors",
        "errors": {"time": "“25:00” is not a time; write it like 9:00 or 21:15."},
    }
    await ann.fill(form, "time", "9:00")
    assert await ann.submit(form) == {}
    assert len(kept(office)) == 1


async def test_a_form_is_saved_once_however_often_slack_hands_it_over(fake, office, bot, ann):
    form = await opened(fake, ann)
    await ann.choose(form, "topic", "Open links")
    await ann.submit(form, times=3)
    await fake.mention("hello")
    assert len([one for one in fake.shown if "gets Open links" in one.text]) == 1


async def test_rights_are_looked_at_again_when_a_form_is_saved(fake, office, bot, ann):
    form = await opened(fake, ann)
    await ann.choose(form, "topic", "Open links")
    await ann.fill(form, "channel", BOARD)  # a private one that ann is not in
    answer = await ann.submit(form)
    assert answer["errors"]["channel"].startswith("I am not in that channel")
    assert kept(office, BOARD) == []


async def test_what_all_are_told_can_be_changed_and_undone_by_who_may(fake, office, bot, ann, bob):
    form = await opened(fake, ann)
    await ann.choose(form, "topic", "Open links")
    await ann.submit(form)
    said = await told(fake)
    again = await bob.opens(said, "Change")
    assert "topic" not in {block["block_id"] for block in again.inputs}
    await fake.press(said, "Undo")
    assert kept(office) == []


@pytest.mark.parametrize("at_home", [True, False], ids=["at Home", "in a message"])
async def test_who_moves_something_reads_in_their_own_language_what_the_other_channel_hears_in_its(
    fake, office, bot, bob, at_home
):
    office.channels.choose(Channel("slack", "T1", BOARD), language="zh")
    stands = await subscribed(office)
    opens = {"action_id": "form.0", "value": f"move {NEWS}:{stands.id}"}
    home = await bob.home()
    if at_home:
        form = await bob.act(home, {**home.button("subscribe"), **opens}, opens=True)
    else:
        row = {"type": "actions", "elements": [{**ROW["elements"][0], **opens}]}
        message = fake._stored(NEWS, {"text": "x", "blocks": [row]}, user=fake.bot_user, bot=True)
        form = await bob.opens(Shown(NEWS, message, None), "Open")
    await bob.fill(form, "to", BOARD)
    drawn = len(home.history)
    await bob.submit(form)
    said = await told(fake)
    assert (said.channel, said.only_to) == (BOARD, None)
    assert "#board 接收 Open links" in said.text
    if at_home:
        await fake.until(lambda: len(home.history) > drawn, "Home drawn anew")
    assert "“Open links” comes to #board now" in words(home if at_home else form)
    assert len(fake.shown) == 1


async def test_forged_ids_open_nothing_of_others(fake, office, bot, ann):
    stands = await subscribed(office, BOARD)
    home = await ann.home()
    for value in (
        f"subscribe {BOARD}:{stands.id}",
        f"subscribe {NEWS}:{stands.id}",
        "topic 99",
        "settings T2:1",
        "x y",
    ):
        page = await ann.act(home, {**home.button("subscribe"), "value": value}, opens=True)
        assert page.inputs == [], value
        page.open = False
    pause = {**home.button("subscribe"), "action_id": "pause.0", "value": f"{BOARD}:{stands.id}"}
    await ann.act(home, pause, opens=False)
    assert not kept(office, BOARD)[0].paused
    assert "board" not in json.dumps(home.view)


async def test_views_carry_only_ids_and_marks_of_what_they_show(fake, office, bot, ann):
    form = await opened(fake, ann)
    name, subject, channel = json.loads(form.view["private_metadata"])
    assert (name, channel) == ("subscribe", NEWS)
    assert re.fullmatch("~(?:[-_A-Za-z0-9]{4})+", subject)


async def opened(fake, hand, channel=NEWS):
    known = len(fake.modals)
    await fake.slash("/brief", "subscribe", answers=0, channel=channel, user=hand.user)
    await fake.until(lambda: len(fake.modals) > known, "a form")
    return fake.modals[-1]


# ---------------------------------------------------------------- Home


async def test_home_shows_only_channels_that_one_is_in(fake, office, bot, ann, bob):
    await subscribed(office, BOARD)
    assert "#board" not in words(await ann.home())
    assert "#board · Open links" in words(await bob.home())


async def test_home_shows_what_one_gets_alone_and_nobody_elses(fake, office, bot, ann, bob):
    fake.channels["D0000ANN1"] = FakeChannel("", {"U1"})
    await subscribed(office, "D0000ANN1")
    assert "Open links" not in words(await bob.home()).split("Topics")[0]
    home = await ann.home()
    assert "Between us · Open links" in words(home)
    pause = next(one for one in home.buttons if one["action_id"] == "pause.1")
    await bob.act(await bob.home(), pause, opens=False)
    assert not kept(office, "D0000ANN1")[0].paused
    await ann.act(home, pause, opens=False)
    assert kept(office, "D0000ANN1")[0].paused


async def test_home_fits_however_much_there_is(fake, office, bot, ann):
    room = Channel("slack", "T1", NEWS)
    for number in range(35):
        office.channels.add_topic(room, f"topic {number:02}", "Tencent", (), "U1", office.clock.now)
        await subscribed(office, NEWS, f"topic {number:02}")
    home = await ann.home()
    assert len(home.view["blocks"]) <= 100
    assert home.view["blocks"][-1]["type"] == "actions"  # nothing is cut off: there is a next page
    await ann.press(home, "Later", nth=2, opens=False)
    assert "topic 12" in words(home)
    pause = next(one for one in home.buttons if one["action_id"] == "pause.1")
    await ann.act(home, pause, opens=False)
    assert home.view["private_metadata"] == "0.1"  # the page stays


async def test_words_are_looked_up_at_home(fake, bot, ann):
    home = await ann.home()
    await ann.fill(home, "look", "tencent")
    page = fake.modals[-1]
    assert "Tencent opens its links to Alibaba" in words(page)
    assert page.buttons == []


async def test_a_topic_is_previewed_at_home(fake, bot, ann):
    home = await ann.home()
    page = await ann.press(home, "Preview")
    assert "2 stories in the last 7 days" in words(page)


async def test_the_messages_tab_is_none_of_homes_business(fake, bot, ann):
    await fake.send("events_api", fake.event({"type": "app_home_opened", "user": "U1", "tab": "messages"}))
    await fake.mention("hello")
    assert fake.homes == {}


# ---------------------------------------------------------------- in time: Slack waits three seconds

in_time = pytest.mark.usefixtures("as_impatient_as_usual")

FORM = Form(
    "subscribe",
    "",
    "en",
    "Subscribe",
    "Subscribe",
    "Cancel",
    (ChoiceField("topic", "Topic", (), searched=True), TextField("time", "Time")),
)


async def hello(fake):
    """Give a message with a button that opens a form."""
    message = fake._stored("C1", {"text": "x", "blocks": [ROW]}, user=fake.bot_user, bot=True)
    return (Shown("C1", message, None),)


ROW = {
    "type": "actions",
    "elements": [
        {
            "type": "button",
            "action_id": "form.0",
            "text": {"type": "plain_text", "text": "Open"},
            "value": "subscribe",
        }
    ],
}


class Slow:
    """A dispatcher whose answers are waited for."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.gates: list[asyncio.Event] = []
        self.drawn = 0
        self.saved: Form | Reply = Reply("en", "saved", (Paragraph(((Span("saved"),),)),), public=True)

    async def press(self, asked, action, value):
        if action == "home":
            return Reply("en", "Home", (Paragraph(((Span("Home"),),)),))
        await self.gate.wait()
        return Reply("en", "x", (Paragraph(((Span("done"),),)),), form=FORM)

    async def text(self, asked, text):
        return Reply("en", "x", (Paragraph(((Span("help"),),)),), form=FORM)

    async def form(self, asked, name, subject, values):
        self.drawn += 1
        number = self.drawn
        await self.gates[number - 1].wait()
        return replace(FORM, title=str(number))

    async def submit(self, asked, name, subject, values):
        await self.gate.wait()
        return self.saved

    async def offer(self, asked, name, field, typed):
        await self.gate.wait()
        return []


@in_time
async def test_a_form_opens_in_time_however_long_it_takes_to_make(fake, ann):
    slow = Slow()
    async with running(fake, slow):
        (said,) = await hello(fake)
        modal = await ann.opens(said, "Open")
        assert words(modal) == "…"
        slow.gate.set()
        await fake.until(lambda: modal.title == "Subscribe", "the form")
        assert all(ack.seconds < 3 for ack in fake.acks)


async def test_of_two_changes_the_last_is_drawn_whichever_is_made_first(fake, ann):
    slow = Slow()
    async with running(fake, slow):
        form = await opened(fake, ann)
        first, second = asyncio.Event(), asyncio.Event()
        slow.gates = [first, second]
        action = {"action_id": "field.topic", "block_id": "topic"}
        for _ in range(2):
            await fake.send("interactive", ann._of(form, "block_actions", actions=[action]))
        second.set()
        await fake.until(lambda: form.title == "2", "the second drawing")
        first.set()
        await fake.mention("hello")
        assert form.title == "2"


@in_time
async def test_saving_is_acknowledged_in_time_however_long_it_takes(fake, ann):
    slow = Slow()
    async with running(fake, slow):
        form = await opened(fake, ann)
        assert (await ann.submit(form))["response_action"] == "update"
        assert words(form) == "…"
        slow.gate.set()
        await fake.until(lambda: words(form) == "saved", "the answer")
        assert (await told(fake)).text == "saved"
        assert all(ack.seconds < 3 for ack in fake.acks)


@in_time
async def test_a_search_is_answered_in_time_however_long_it_takes(fake, ann):
    async with running(fake, Slow()):
        form = await opened(fake, ann)
        assert await ann.search(form, "topic", "x") == []
        assert all(ack.seconds < 3 for ack in fake.acks)


def pretty(view) -> str:
    return json.dumps(view, ensure_ascii=False, indent=1) + "\n"
