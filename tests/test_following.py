"""A site followed from the chat: what is said, what is pressed, and what all are told.

Every site is invented and served on loopback. The looks are those that a worker takes, but in this process: there is no
way to loopback from a worker.
"""

from __future__ import annotations

import asyncio
import queue
import socket
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.base.reply import Button
from bot.commands import Dispatcher
from bot.commands.scouting import Scouts, look_at
from bot.platforms.console.adapter import Console
from bot.platforms.console.terminal import render
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.slack.adapter import SlackAdapter
from briefs.config import Config
from briefs.discovery.looking import Looked, Wanted, seen
from briefs.errors import Gone, Unasked
from briefs.ingest.fetch import Fetcher
from briefs.ingest.rounds import Asking
from briefs.ingest.turns import Turns
from briefs.models import Article, Channel, Source
from briefs.store.follows import Follows
from briefs.store.sources import Learnt, Sources
from tests.dispatcher import MONDAY, NEWS, OTHER_TEAM, Person, open_office
from tests.fakes import internet
from tests.fakes.discord import GUILD, MANAGER, FakeDiscord, buttons
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_hands import Hand
from tests.fakes.slack_workspace import FakeUser, Shown
from tests.fakes.web import Page, serve
from tests.test_discovery import ARTICLE, CHALLENGE, LIST, SCRIPT, TEASER, html, names, rss

DAY = timedelta(days=1)


def look(address, topics, aliases):
    """Look as a worker does, at the sites of loopback alone."""
    fetcher = Fetcher(allow_private=True, resolve=lambda host, port: ["127.0.0.1"], turns=Turns(pause=0))
    return Looked(*seen(Wanted(address, tuple(topics), aliases), fetcher))


@pytest.fixture
def web():
    with serve() as running:
        running.pages |= {
            "/": html(names("/news.xml", "/sport.xml")),
            "/news.xml": rss("Heron News"),
            "/sport.xml": rss("Heron Sport"),
            "/press": LIST,
            "/bridge": ARTICLE,
            "/script": SCRIPT,
            "/teaser": TEASER,
            "/test": CHALLENGE,
            "/locked": Page(b"", status=401),
            "/gone": Page(b"", status=410),
            "/hostile.xml": rss("&lt;!channel&gt; *Free* [money](https://evil.example) @everyone `x`"),
        }
        yield running


class Newsroom:
    """A dispatcher that looks at loopback, and what stands behind it."""

    def __init__(self, folder, settings=""):
        self.office = open_office(folder, settings)
        self.office.channels.add_topic(NEWS, "Birds", "heron", (), "ann", self.office.clock())
        self.woken = 0
        self.dispatcher = self.with_look(look, Config.load(folder / "config"))
        self.follows = Follows(self.office.archive.database)

    def with_look(self, look, config=None):
        self.config = config or self.config
        office = self.office
        return Dispatcher(office.archive, office.channels, self.config, clock=office.clock, look=look, wake=self._wake)

    def _wake(self):
        self.woken += 1

    def person(self, **traits):
        return Person(self.dispatcher, **traits)

    def followed(self, here=NEWS):
        return [(one.name, one.health.address, one.muted) for one in self.follows.of(here)]


@pytest.fixture
def newsroom(tmp_path):
    room = Newsroom(tmp_path)
    yield room
    room.office.archive.close()


async def found(person, text):
    """Say something; give what stands in the place of "Looking …" in the end."""
    looking = await person.say(text)
    assert person.last.then, looking
    person.last = await person.last.then()
    return render(person.last, width=300).replace("\u00a0", " ").replace("\u202f", " ")


# ---------------------------------------------------------------- on each platform, in each language

WORDS = {
    "en": ("Looking at", "Another feed of this page", "Follow", "this workspace follows Heron Sport", "Undo"),
    "fr": ("Je regarde", "Un autre flux de cette page", "Suivre", "cet espace suit Heron Sport", "Annuler"),
    "zh": ("正在查看", "此页面的其他订阅源", "关注", "本工作区已关注“Heron Sport”", "撤销"),
}
LOCALES = {"en": "en-US", "fr": "fr-FR", "zh": "zh-CN"}
LOCALES_OF_DISCORD = {"en": "en-US", "fr": "fr", "zh": "zh-CN"}


class InSlack:
    def __init__(self, fake, locale):
        self.fake = fake
        fake.users["U1"] = FakeUser("ann", is_admin=True, locale=LOCALES[locale])

    @classmethod
    @asynccontextmanager
    async def open(cls, dispatcher, language):
        async with FakeSlack() as fake:
            bot = SlackAdapter(dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
            await bot.start()
            chat = cls(fake, language)
            chat.bot = bot
            yield chat
            await bot.stop()

    async def follow(self, address):
        looking, self.last = await self.fake.slash("/brief", f"follow {address}", answers=2)
        return looking.text, self.last.text

    async def press(self, label):
        """Give what the asker sees in the place of what they pressed, and what all see."""
        shown = await self.fake.press(self.last, label)
        self.last = next((one for one in shown if one.only_to is None), shown[0])
        return "".join(one.text for one in shown if one.only_to), "".join(one.text for one in shown if not one.only_to)


class InDiscord:
    def __init__(self, fake, language):
        self.fake, self.options = fake, {"locale": LOCALES_OF_DISCORD[language], "permissions": MANAGER}

    @classmethod
    @asynccontextmanager
    async def open(cls, dispatcher, language):
        async with FakeDiscord() as fake:
            bot = DiscordAdapter(dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
            await bot.start()
            chat = cls(fake, language)
            chat.bot = bot
            yield chat
            await bot.stop()

    async def follow(self, address):
        seen = await self.fake.slash("brief follow", {"address": address}, **self.options)
        looking = seen.text
        await seen.until(lambda seen: bool(seen.buttons))
        assert len(seen.messages) == 1  # it stands in its place
        (self.last,) = seen.messages
        return looking, seen.text

    async def press(self, label):
        button = next(one for one in buttons(self.last) if one["label"] == label)
        before = len(self.fake.ledger)
        seen = await self.fake.press(self.last, button["custom_id"], **self.options)
        if button["custom_id"].startswith("follow:"):
            await self.fake.until(lambda: len(self.fake.ledger) >= before + 2)
        self.last = seen.public[-1] if seen.public else seen.messages[-1]
        return seen.text, seen.text


class InConsole:
    def __init__(self, dispatcher, language):
        self.lines, self.shown = queue.SimpleQueue(), asyncio.Queue()
        self.console = Console(
            dispatcher, read=lambda _: self.lines.get(), show=self.shown.put_nowait, locale=LOCALES[language], width=300
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, dispatcher, language):
        self = cls(dispatcher, language)
        running = asyncio.create_task(self.console.run())
        yield self
        self.lines.put(None)
        await running

    async def follow(self, address):
        self.lines.put(address)
        return await self.shown.get(), await self.shown.get()

    async def press(self, label):
        self.lines.put(label)
        said = await self.shown.get()
        return said, said


PLACES = {InSlack: Channel("slack", "T1", "C1"), InDiscord: Channel("discord", GUILD, "C"), InConsole: None}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("platform", [InSlack, InDiscord, InConsole])
async def test_a_site_is_followed_by_its_address_and_two_presses(newsroom, web, platform, language):
    looking, another, follow, told, undo = WORDS[language]
    async with platform.open(newsroom.dispatcher, language) as chat:
        first, shown = await chat.follow(web.url("/"))
        assert looking in first
        assert "Heron News" in shown
        assert "Battery maker opens its second plant near Leeds" in shown

        in_place, _ = await chat.press(another)
        assert "Heron Sport" in in_place

        _, public = await chat.press(follow)
        assert told in public.replace("\u00a0", " ")
        (source,) = newsroom.follows.all()
        assert source == Source(web.url("/sport.xml"), "feed")
        assert newsroom.woken == 1

        await chat.press(undo)
        assert newsroom.follows.all() == ()


async def test_in_a_conversation_with_the_bot_in_slack_the_answer_stands_where_looking_stood(newsroom, web):
    async with InSlack.open(newsroom.dispatcher, "en") as chat:
        (looking,) = await chat.fake.mention(web.url("/press"), channel="D1")
        await chat.fake.until(lambda: "Follow" in looking.labels, "what was found")
        assert "list of headlines" in looking.text


async def test_the_links_of_a_message_are_followed_from_its_menu_in_slack(newsroom, web):
    async with InSlack.open(newsroom.dispatcher, "en") as chat:
        hand = Hand(chat.fake)
        one = await hand.shortcut(said_in_slack(f"see <{web.url('/news.xml')}|the news>"), "follow", answers=2)
        assert "Heron News" in one[1].text

        (which,) = await hand.shortcut(said_in_slack(f"<{web.url('/press')}> <{web.url('/sport.xml')}>"), "follow")
        assert [label.rpartition("/")[2] for label in which.labels] == ["press", "sport.xml", "Cancel"]
        *_, found = await chat.fake.press(which, which.labels[1], answers=2)
        assert "Heron Sport" in found.text

        (none,) = await hand.shortcut(said_in_slack("no link"), "follow")
        assert "There is no link in that message." in none.text


def said_in_slack(text):
    return Shown("C1", {"ts": "1.0", "text": text}, None)


async def test_the_links_of_a_message_are_followed_from_its_menu_in_discord(newsroom, web):
    async with InDiscord.open(newsroom.dispatcher, "en") as chat:
        message = chat.fake.post_before({"content": f"see {web.url('/news.xml')}, and <{web.url('/press')}>."})
        seen = await chat.fake.on_message("Follow this", message, permissions=MANAGER)
        button = buttons(seen.messages[0])[0]
        assert button["label"].endswith("/news.xml")

        pressed = await chat.fake.press(seen.messages[0], button["custom_id"], permissions=MANAGER)
        await pressed.until(lambda seen: any(one.startswith("follow:") for one in seen.buttons))
        assert pressed.messages[0]["id"] == seen.messages[0]["id"]  # all of it in one place
        assert "Heron News" in pressed.text


async def test_without_an_address_a_form_asks_for_it(newsroom, web):
    async with InSlack.open(newsroom.dispatcher, "en") as chat:
        hand = Hand(chat.fake)
        await chat.fake.slash("/brief", "follow", answers=0)
        await chat.fake.until(lambda: bool(chat.fake.modals), "a form")
        (form,) = chat.fake.modals
        await hand.fill(form, "address", web.url("/news.xml"))
        before = len(chat.fake.shown)
        await hand.submit(form)
        await chat.fake.until(lambda: len(chat.fake.shown) == before + 2, "what was found")
        assert "Heron News" in chat.fake.shown[-1].text


# ---------------------------------------------------------------- what is found


ADDED_TO_IT = "As it stands it is no news; what is added to it from now on comes as a story"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("follow {}/news.xml", ["Heron News", "feed · English · 4 articles now · every day · summaries", "Birds 1"]),
        ("{}/press", ["list of headlines · English · 4 articles now", "Two ferries collide in fog", "Birds 1"]),
        ("follow {}/bridge", ["page that is watched for changes · English", "The bridge closes", ADDED_TO_IT]),
    ],
)
async def test_what_is_found_is_shown_with_what_it_would_bring(newsroom, web, said, shown):
    text = await found(newsroom.person(), said.format(web.address))
    for part in shown:
        assert part in text


@pytest.mark.parametrize(
    ("path", "language", "why", "remedy"),
    [
        ("/script", "en", "empty without JavaScript", "look for a feed of the site"),
        ("/script", "fr", "vide sans JavaScript", "cherchez un flux du site"),
        ("/script", "zh", "JavaScript", "请改找该网站的订阅源"),
        ("/teaser", "en", "to whoever does not pay", "look for its feed"),
        ("/test", "en", "wants to see a browser", "ask its publisher"),
        ("/locked", "en", "401", "auth"),
        ("/gone", "en", "410", ""),
    ],
)
async def test_what_cannot_be_followed_says_why_and_what_helps(newsroom, web, path, language, why, remedy):
    said = await found(newsroom.person(locale=language), f"follow {web.url(path)}")
    assert why in said
    assert remedy in said
    assert newsroom.followed() == []


def test_where_an_address_leads_into_a_private_network_nobody_is_asked():
    refused = look_at("http://127.0.0.1:9/", (), newsroom_aliases()).refused
    assert isinstance(refused, Unasked)


def newsroom_aliases():
    return Config.load(None).aliases


@pytest.mark.parametrize(
    "refused", [("{address}: leads to {ip}", {"ip": "10.0.0.7"}), ("no host {host}", {"host": "wiki"})]
)
async def test_which_hosts_the_operators_network_has_is_told_to_nobody(newsroom, refused):
    template, values = refused
    error = Unasked(template, address="http://wiki.example/", **values)
    person = Person(newsroom.with_look(lambda *asked: Looked((), error)))
    said = await found(person, "follow wiki.example")
    assert "there is no such public site" in said
    assert "10.0.0.7" not in said


async def test_hostile_titles_are_words(newsroom, web):
    async with InSlack.open(newsroom.dispatcher, "en") as chat:
        await chat.follow(web.url("/hostile.xml"))
        await chat.press("Follow")
        (shown,) = [entry.message for entry in chat.fake.ledger if entry.method == "chat.postMessage"]
    assert "<!channel>" not in shown["text"]
    assert [block["type"] for block in shown["blocks"]] == ["rich_text", "actions"]  # nothing in it is parsed


# ---------------------------------------------------------------- which words mean it


@pytest.mark.parametrize("said", ["{}", "<{}>", "follow {}", "suivre {}", "关注 {}"])
async def test_an_address_alone_or_after_the_word_is_looked_at(newsroom, web, said):
    assert "Heron News" in await found(newsroom.person(), said.format(web.url("/news.xml")))


@pytest.mark.parametrize("said", ["follow the money", "node.js", "heron nests", "search https://a.example/x"])
async def test_other_words_are_looked_up(newsroom, said):
    person = newsroom.person()
    await person.say(said)
    assert person.last.then is None


# ---------------------------------------------------------------- rights and limits


async def taken(person, text):
    await found(person, text)
    return await person.press("follow", person.button("follow").value)


@pytest.mark.parametrize(
    ("settings", "traits", "refused"),
    [
        ("", {"may_manage": False}, "Only those who manage #news may do that"),
        ("follow: admins\n", {}, "Here only my operators may follow sites"),
        ("follow: admins\n", {"manages_workspace": True}, ""),
    ],
)
async def test_who_may_follow(tmp_path, web, settings, traits, refused):
    newsroom = Newsroom(tmp_path, settings)
    admin = newsroom.person(manages_workspace=True)
    await found(admin, f"follow {web.url('/news.xml')}")
    key, person = admin.button("follow").value, newsroom.person(**traits)
    if refused:
        assert refused in await person.say(f"follow {web.url('/news.xml')}")
        assert refused in await person.press("follow", key)
        assert newsroom.followed() == []
    else:
        assert "follows Heron News" in await person.press("follow", key)
    newsroom.office.archive.close()


async def test_no_more_than_the_settings_allow(tmp_path, web):
    newsroom = Newsroom(tmp_path, "sources: 1\n")
    ann = newsroom.person()
    await taken(ann, web.url("/news.xml"))
    assert "follows 1 sources, and that is all it may" in await taken(ann, web.url("/sport.xml"))
    newsroom.office.archive.close()


async def test_pressed_twice_it_is_followed_once(newsroom, web):
    ann = newsroom.person()
    await found(ann, web.url("/news.xml"))
    value = ann.button("follow").value
    assert "follows Heron News" in await ann.press("follow", value, trigger="1")
    assert "done already" in await ann.press("follow", value, trigger="1")
    assert "follows Heron News already" in await ann.press("follow", value, trigger="2")
    assert (len(newsroom.followed()), newsroom.woken) == (1, 1)


async def test_three_looks_at_once_and_a_kind_word_for_more(newsroom):
    begun, go_on = [], asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(address, topics, aliases):
        loop.call_soon_threadsafe(begun.append, address)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result()
        return Looked(())

    dispatcher = newsroom.with_look(slow)
    people = [
        Person(dispatcher, name=name, channel=Channel("chat", team, "C1"))
        for name, team in (("ann", "a"), ("ann", "a"), ("bob", "a"), ("cem", "a"), ("dee", "b"), ("eva", "c"))
    ]
    for person in people:
        await person.say("follow a.example")
    answers = [asyncio.create_task(person.last.then()) for person in people]
    await asyncio.wait([answers[1], answers[3], answers[5]])
    assert [answer.done() for answer in answers] == [False, True, False, True, False, True]
    assert "the site that you named before" in answers[1].result().summary
    assert all("other sites just now" in answers[at].result().summary for at in (3, 5))
    go_on.set()
    for at in (0, 2, 4):
        assert "nothing there" in (await answers[at]).summary


async def test_nobody_waits_longer_than_ten_seconds(newsroom):
    go_on = asyncio.Event()
    loop = asyncio.get_running_loop()
    dispatcher = newsroom.with_look(lambda *asked: asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result())
    dispatcher._scouts = Scouts(dispatcher._scouts._look, seconds=0.01)
    said = await found(Person(dispatcher), "follow a.example")
    assert "I have too much to do just now to look at a.example within 0.01 s" in said, "whose fault it is"
    go_on.set()


async def test_a_site_that_is_silent_is_said_to_be(newsroom):
    def hasty(address, topics, aliases):
        return Looked(*seen(Wanted(address, tuple(topics), aliases), Fetcher(seconds=0.3, allow_private=True)))

    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        ann = Person(newsroom.with_look(hasty))
        assert "no answer within 0.3 s" in await found(ann, f"follow {address}")


# ---------------------------------------------------------------- what a workspace follows


async def test_a_source_is_renamed_muted_and_followed_no_more_by_its_name(newsroom, web):
    ann = newsroom.person()
    await taken(ann, web.url("/news.xml"))
    address = web.url("/news.xml")

    assert "now called “Herons”" in await ann.say('source rename "Heron News" Herons')
    assert "nothing of it is shown" in await ann.say("source mute herons")
    assert newsroom.followed() == [("Herons", address, True)]
    assert "is shown in this workspace" in await ann.press("unmute", ann.button("unmute").value)
    assert newsroom.followed() == [("Herons", address, False)]
    assert await newsroom.dispatcher.complete(ann._asked(""), "unfollow", "source", "her") == ["Herons"]
    assert "follows no source “Heron”; the nearest is “Herons”" in await ann.say("unfollow Heron")
    assert "no longer follows Herons" in await ann.say(f"unfollow {address}")
    assert newsroom.followed() == []
    assert "this workspace follows Herons" in await ann.press("follow", ann.button("follow").value)


async def test_sources_shows_what_is_followed_by_tens_and_each_with_its_figures(newsroom, web):
    ann, office = newsroom.person(), newsroom.office
    await taken(ann, web.url("/news.xml"))
    for number in range(10):
        newsroom.follows.follow(NEWS, Source(f"https://{number}.example/f", "feed", name=f"N{number}"), "ann", MONDAY)
    store = Sources(office.archive.database)
    bad = Source("https://9.example/f", "feed")
    store.failed(bad, MONDAY, Gone("{address}: gone (410); take it out", address=bad.address))
    heron = Article("1", "A heron", "A heron has nested.", "en", "https://a.example/1", published=MONDAY - DAY)
    office.archive.file([heron], brought={"1": [web.url("/news.xml")]})

    first = await ann.say("sources")
    assert "This workspace follows 11 sources" in first
    assert first.index("N9") < first.index("Heron News")  # in trouble
    assert "gone (410); take it out" in first
    assert "N8" not in first
    assert "N8" in await ann.press("page", ann.button("page").value)

    await ann.say("digest Birds")
    shown = await ann.say("source show heron news")
    assert "1 article in 30 days · 1 told here (100%)" in shown
    assert "A heron · " in shown
    await ann.press("mute", ann.button("mute").value)
    assert "muted · not read yet" in await ann.say("source show heron news")


async def test_who_did_not_add_it_may_not_change_it_unless_they_manage_the_workspace(newsroom, web):
    await taken(newsroom.person(), web.url("/news.xml"))
    bob = newsroom.person(name="bob")
    for command in ("unfollow Heron News", "source mute Heron News", 'source rename "Heron News" x'):
        assert "whoever added it and my operators may change it" in await bob.say(command)
    assert "no longer" in await newsroom.person(name="eve", manages_workspace=True).say("unfollow heron news")


async def test_what_another_workspace_follows_is_neither_seen_nor_changed(newsroom, web):
    ann, rival = newsroom.person(), newsroom.person(channel=OTHER_TEAM, manages_workspace=True)
    await found(ann, web.url("/news.xml"))
    key = ann.button("follow")
    await ann.press("follow", key.value)
    number = ann.button("unfollow").value

    assert "long ago" in await rival.press("follow", key.value)
    for action in ("unfollow", "mute", "unmute"):
        assert "does not follow that source" in await rival.press(action, number)
    assert "Heron" not in await rival.say("sources")
    assert "does not follow that source" in await rival.press("source", number)
    for command in (
        "unfollow Heron News",
        f"unfollow {web.url('/news.xml')}",
        "source mute Heron News",
        "source show x",
    ):
        said = await rival.say(command)
        assert "follows no source" in said
        assert "nearest" not in said
    assert await newsroom.dispatcher.complete(rival._asked(""), "unfollow", "source", "") == []
    assert len(newsroom.followed()) == 1


async def test_what_everybody_reads_is_not_followed_again(newsroom, web):
    config = newsroom.config
    listed = type(config)(config.settings, config.topics, (Source(web.url("/news.xml"), "feed"),), config.aliases)
    ann = Person(newsroom.with_look(look, listed))
    assert "Everybody reads Heron News already" in await taken(ann, web.url("/news.xml"))
    assert newsroom.followed() == []


async def test_a_new_source_is_due_at_once_and_one_that_was_read_keeps_its_time(newsroom, web):
    ann, sources = newsroom.person(), Sources(newsroom.office.archive.database)
    await taken(ann, web.url("/news.xml"))
    (health,) = sources.health()
    assert health.next_at == newsroom.office.clock()
    sources.learn([Learnt(Source(health.address, "feed"), newsroom.office.clock())])
    await taken(newsroom.person(channel=OTHER_TEAM), web.url("/news.xml"))
    assert newsroom.woken == 1


async def test_cancelled_nothing_is_changed(newsroom, web):
    ann = newsroom.person()
    await found(ann, web.url("/news.xml"))
    assert "Nothing was changed" in await ann.press("cancel", ann.button("cancel").value)
    assert ann.last.in_place
    assert newsroom.followed() == []


async def test_the_channel_is_told_in_its_own_language(newsroom, web):
    newsroom.office.channels.choose(NEWS, language="fr")
    ann = newsroom.person(locale="en")
    assert "cet espace suit Heron News" in await taken(ann, web.url("/news.xml"))
    assert isinstance(ann.button("unfollow"), Button)


# ---------------------------------------------------------------- what becomes of its articles


async def test_what_an_old_feed_held_when_it_was_followed_is_no_news_for_the_next_digest(newsroom, web):
    ann, office, address = newsroom.person(), newsroom.office, web.url("/news.xml")
    await ann.say("subscribe Birds at 9:00")
    await taken(ann, address)
    heron = Article("1", "A heron", "A heron has nested.", "en", "https://a.example/1", published=MONDAY - 30 * DAY)
    otter = Article("2", "A heron today", "A heron has hatched.", "en", "https://a.example/2", published=MONDAY - DAY)
    office.archive.file([heron, otter], brought={"1": [address], "2": [address]})

    text = await ann.say("digest Birds")
    assert "A heron today" in text
    assert "https://a.example/1" not in text
    assert "Published long before they came in:" in await ann.press("more", ann.button("more").value)
    assert "https://a.example/1" in await ann.say("heron")  # it is found all the same


async def test_what_the_operator_gives_is_told_however_old_it_is(newsroom):
    ann = newsroom.person()
    await ann.say("subscribe Birds at 9:00")
    heron = Article("1", "A heron", "A heron has nested.", "en", "https://a.example/1", published=MONDAY - 30 * DAY)
    newsroom.office.archive.add([heron])
    assert "1  A heron" in await ann.say("digest Birds")


async def test_what_was_just_followed_is_read_before_what_is_read_every_day(newsroom, web):
    office, store = newsroom.office, Sources(newsroom.office.archive.database)
    old, new = (Source(web.url(path), "feed") for path in ("/sport.xml", "/news.xml"))
    store.learn([Learnt(old, MONDAY - DAY)])
    asking = Asking(office.archive.database, Fetcher(allow_private=True), office.clock, DAY)
    assert [*asking.in_turn([old, new], only_due=True)] == [[new, old]]


def test_what_is_followed_is_read_by_the_program_itself_and_found_by_who_follows_it(tmp_path):
    """By looks, presses and a gathering process as they run everywhere: no fake has a way that they have not."""
    try:
        seen = internet.alone(tmp_path)
    except LookupError as missing:
        pytest.skip(str(missing))
    assert seen["kinds"] == ["feed", "list", "watch"]
    assert (seen["first"]["refused"], seen["second"]["refused"]) == ([], [])
    assert seen["second"]["new"] == 1
    said = {name: " ".join(text.split()) for name, text in seen.items() if isinstance(text, str)}
    assert internet.SAID in said["looked up"]
    assert internet.SAID in said["first digest"]
    assert internet.STANDS not in said["first digest"]
    assert internet.ADDED in said["second digest"]
    assert "Changed on" in said["second digest"]
    assert internet.TITLE not in said["of strangers"]
