"""Two workspaces with sources of their own: neither sees a word of what only the other has, whatever is asked.

One story is told by a source that is everybody's, by one of each workspace, and by one that both follow. Whatever
stands only in what one of them reads has a canary: a word that must be in nothing that the other is shown.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import timedelta
from itertools import count, product

import pytest
from sqlalchemy import select, update

from bot.base.reply import Button
from bot.commands import COMMANDS, Dispatcher
from bot.commands.fair_shares import Fair
from bot.commands.hands import KINDS
from bot.delivery import planning
from bot.delivery.editions import Editor
from bot.platforms.console.terminal import render
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article, Channel, Source, Told
from briefs.store import schema
from briefs.store.channels import Channels
from briefs.store.follows import Follows
from briefs.store.outbox import Part, Written
from briefs.store.runs import Runs
from briefs.topics import Topic, parse_topic
from tests.clock import Clock
from tests.dispatcher import MONDAY, Person

HERONS, OTTERS = Channel("chat", "herons", "C1"), Channel("chat", "otters", "C1")
STRANGERS = Channel("chat", "strangers", "C1")
COMMON, SHARED, OF_HERONS, OF_OTTERS = (
    Source(f"https://{name}.example/feed", "feed") for name in ("common", "shared", "zorbwick", "klimpod")
)
EVENT = (
    "The harbour of Dunkirk opens its new lock on Tuesday, the port authority said on Monday. It cost 90 million euros "
    "and took six years. Ferries to Ramsgate use the lock from 12 December."
)
# What only one of them has: in titles, texts, names, authors and addresses; and the name that it gave to a source.
CANARIES = {
    HERONS: ("zorbwick", "quadlik", "vexmoor", "tarnip", "fribbel"),
    OTTERS: ("klimpod", "brizomel", "yurgast", "plinket", "dozzle"),
}
PROBED = {HERONS: "wubfish", OTTERS: "gropsel"}  # words of their articles that the other comes to know, and looks up


def article(name, source, title, text, days=1, author=None):
    return Article(
        name,
        title,
        text,
        "en",
        f"https://{source}.example/{name}",
        f"The {source.title()}",
        MONDAY - timedelta(days=days),
        author,
    )


IN_OTHER_WORDS = {
    "shared": "Dunkirk's port authority opens its new lock on Tuesday after six years of works, it said. Crews of the "
    "ferries to Ramsgate have trained in the harbour for months. The works were paid for by the region.",
    "h": "Dunkirk's harbour has its new lock from Tuesday, after works of six years, the port authority said on "
    "Monday. Builders had promised it for 2024. It cost 90 million euros, of which the quadlik pays half.",
    "o": "The new lock of Dunkirk's harbour opens to ferries on Tuesday, the port authority said. An hour is won on "
    "the way to Ramsgate, says the brizomel. The lock took six years and 90 million euros.",
}


def own(name, words, probe):
    """What one workspace's source tells: the event in its words, a copy of what all read, and something of its own."""
    source, secret, other, author, _ = words
    seen = f"The {other} of Calais bay was seen by 40 people at low tide, swimmers told the {secret}. It eats {probe}."
    return [
        article(f"{name}1", source, f"Dunkirk harbour opens its new lock, {secret} says", IN_OTHER_WORDS[name], 1.5),
        article(f"{name}2", source, "Dunkirk harbour opens its new lock", EVENT, 0.5, author.title()),
        article(f"{name}3", source, f"A {other} is seen in Calais bay", seen, author=author.title()),
    ]


PAID = " The quadlik of Dunkirk now pays a third of it only, its head said on Tuesday in the harbour."
WON = " With the brizomel on board, the first ferry won two hours at the lock of Dunkirk on Tuesday morning."
STORY = {
    COMMON: [article("c1", "common", "Dunkirk harbour opens its new lock", EVENT)],
    SHARED: [article("s1", "shared", "Dunkirk harbour opens new lock on Tuesday", IN_OTHER_WORDS["shared"], 0.8)],
    OF_HERONS: own("h", CANARIES[HERONS], PROBED[HERONS]),
    OF_OTTERS: own("o", CANARIES[OTTERS], PROBED[OTTERS]),
}


# The story goes on for each of them; and each has an article that was told, and says something else by now.
NEXT_DAY = {
    COMMON: [article("c2", "common", "Ferry passes Dunkirk harbour's new lock", f"{EVENT} A ferry passed.", 0)],
    OF_HERONS: [
        article("h4", "zorbwick", "Dunkirk harbour's new lock: the quadlik pays less", IN_OTHER_WORDS["h"] + PAID, 0),
        article("h1", "zorbwick", "Dunkirk opens its lock, quadlik says", IN_OTHER_WORDS["h"].replace("90", "95")),
    ],
    OF_OTTERS: [
        article("o4", "klimpod", "Dunkirk harbour's new lock: two hours are won", IN_OTHER_WORDS["o"] + WON, 0),
        article("o1", "klimpod", "Dunkirk opens its lock, brizomel says", IN_OTHER_WORDS["o"].replace("90", "95")),
    ],
}


class Office:
    """A bot in both workspaces."""

    def __init__(self, url, folder):
        self.clock = Clock(MONDAY - timedelta(days=2))
        (folder / "sources.yaml").write_text(
            "sources:\n"
            f"- {{feed: '{COMMON.address}', name: The Common}}\n"
            f"- {{feed: 'https://vexmoor.example/feed', name: Fribbel, workspace: chat/herons}}\n"
            f"- {{feed: 'https://yurgast.example/feed', name: Dozzle, workspace: chat/otters}}\n"
        )
        (folder / "topics.yaml").write_text("topics:\n- {name: Lock, expression: Dunkirk}\n")
        self.config = Config.load(folder)
        self.archive = Archive.open(url, clock=self.clock)
        self.channels = Channels(self.archive.database)
        topics = [(topic.name, str(topic), topic.languages) for topic in self.config.topics]
        self.channels.sync_topics(topics, self.clock.now)
        self.follows = Follows(self.archive.database)
        self.follows.assign([one for one in self.config.sources if one.workspace], self.clock.now)
        self.follows.open([COMMON])
        for here, sources in ((HERONS, (SHARED, OF_HERONS)), (OTTERS, (SHARED, OF_OTTERS))):
            for source in sources:
                named = Source(source.address, "feed", name=CANARIES[here][-1].title())
                self.follows.follow(here, named if source != SHARED else source, "ann", self.clock.now)
        patient = Fair(count(step=60).__next__)  # nobody is told to come back later: all is answered
        self.dispatcher = Dispatcher(self.archive, self.channels, self.config, clock=self.clock, fair=patient)
        self.editor = Editor(self.archive, self.config)
        self.people = {here: Person(self.dispatcher, channel=here, manages_workspace=True) for here in CANARIES}

    def tell(self, story):
        """File articles as gathering does: the sources take turns, so that the story goes to and fro."""
        for source, articles in story.items():
            for one in articles:
                self.archive.file([one], {one.id: [source.address]})

    def digests(self):
        """Bring what is due, and give it by channel."""
        runs, brought = Runs(self.archive.database), []
        runs.plan(self.clock.now, lambda waiting: planning.plan(waiting, self.clock.now, "newest"))
        while due := runs.claim(["chat"], self.clock.now, self.clock.now):
            for run in due:
                made = self.editor.edition(run)
                parts = [Part({"text": made.reply.summary})] if made.reply else []
                written = Written(run, parts, made.through, made.until, made.told, made.content)
                runs.freeze_all([written], self.clock.now)
                brought.append((run.channel, made.reply))
        return brought


@pytest.fixture
def office(database_url, tmp_path) -> Iterator[Office]:
    office = Office(database_url, tmp_path)
    office.tell(STORY)
    office.clock.now = MONDAY
    yield office
    office.archive.close()


def no_canary(here, shown):
    """Nothing of the other's is in what a workspace was shown, in words or behind them."""
    other = next(one for one in CANARIES if one != here)
    for said in (render(shown, width=100) if hasattr(shown, "parts") else "", repr(shown)):
        lower = said.lower()
        for word in (*CANARIES[other], PROBED[other]):
            assert word not in lower, (here.workspace, word, said)


def has_some(words, shown):
    said = repr(shown).lower()
    return any(word in said for word in words)


def buttons(thing):
    """Every button of what was shown, wherever it stands in it."""
    if isinstance(thing, Button):
        yield thing
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from buttons(getattr(thing, one.name))
    elif isinstance(thing, tuple | list):
        for one in thing:
            yield from buttons(one)


# What is typed for each kind of parameter; another kind is tried with ANYTHING.
TYPED = {
    "query": (
        "dunkirk lock",
        "source:common dunkirk",
        "harbour -ferry",
        "calais swimmers",
        "dunk*",
        "dunkirc",
        "lang:en harbour",
    ),
    "topic": ("Lock", "Harbour"),
    "expression": ("Dunkirk + lock", "harbour | lock"),
    "words": ("the common", "harbour"),
    "story": ("1", "2", "3", "https://common.example/c1", "https://shared.example/nowhere"),
    "count": ("1", "2", "3"),
    "names": ("Dunkirk = Dunkerque",),
    "time": ("9:00",),
    "days": ("every day",),
    "zone": ("Europe/Paris",),
    "form": ("full",),
    "language": ("fr", "zh", "en"),
    "length": ("2 weeks",),
    "date": ("12 December",),
    "day": ("7d",),
    "age": ("7d",),
    "command": ("why",),
    "channel": ("",),
    "everywhere": ("",),
}
ANYTHING = ("dunkirk", "1", "https://common.example/feed")


def typed(command, here):
    """Ways to type a command: with what it needs, and then with each further parameter alone."""
    needed = [param for param in command.params if param.required]
    sources = (CANARIES[here][-1].title(), SHARED.address, "The Common")
    for values in product(*(sources if one.kind == "source" else TYPED.get(one.kind, ANYTHING) for one in needed)):
        given = {param.name: value for param, value in zip(needed, values, strict=True)}
        yield given
        for param in command.params:
            if not param.required and command.name != "search":
                for value in TYPED.get(param.kind, ANYTHING):
                    yield given | {param.name: value}


# What takes away what the others tell of: said last, in this order.
LAST = ("language", "snooze", "pause", "unsubscribe", "topic remove")


async def ask_everything(office, here):
    """Say each command but those that are said last, and give all that was shown."""
    person, shown = office.people[here], []
    for command in sorted(COMMANDS, key=lambda one: one.effect):
        for arguments in typed(command, here):
            if command.name not in LAST:
                shown.append(await office.dispatcher.call(person._asked(""), command.name, arguments))
    for command in COMMANDS:
        for param in command.params:
            # Of a list, what is typed leaves a part; only these two lists have what people made.
            begun = [word[:3] for words in CANARIES.values() for word in words if param.kind in ("topic", "source")]
            for prefix in ("", *begun):
                shown.append(await office.dispatcher.complete(person._asked(""), command.name, param.name, prefix))
    for name in KINDS:
        shown.append(await office.dispatcher.form(person._asked(""), name, ""))
        for field, prefix in product(("sources", "topic", "languages"), ("", "zor", "kli", "the")):
            shown.append(await _offered(office, person, name, field, prefix))
    for words in ({"name": ("N",), "all": ("dunkirk",)}, {"name": ("N",), "advanced": ("lock | harbour",)}):
        shown.append(await office.dispatcher.form(person._asked(""), "topic", "", words))
    return shown


async def ask_the_last(office, here):
    """Say what is said last, and give all that was shown."""
    person, commands = office.people[here], {command.name: command for command in COMMANDS}
    return [
        await office.dispatcher.call(person._asked(""), name, arguments)
        for name in LAST
        for arguments in typed(commands[name], here)
    ]


async def _offered(office, person, name, field, prefix):
    try:
        return await office.dispatcher.offer(person._asked(""), name, field, prefix)
    except (KeyError, StopIteration, NotImplementedError):
        return ()


async def press_everything(office, here, some, pressed, *, packs=False):
    """Press what was shown, whoever saw it, and what is shown then; give all of it. packs: also what takes these."""
    shown, waiting = [], [button for thing in some for button in buttons(thing)]
    while waiting:
        button = waiting.pop()
        if (button.action, button.value) in pressed or not button.action:
            continue
        if button.action in ("giveback", "take") and not packs:
            continue
        pressed.add((button.action, button.value))
        await office.people[here].press(button.action, button.value)
        shown.append(office.people[here].last)
        waiting += buttons(shown[-1])
    return shown


def subscribe_all(office):
    for here in CANARIES:
        for name, words in (("Lock", None), ("Harbour", "harbour | calais")):
            topic = office.channels.topic(here, name) or office.channels.add_topic(
                here, name, words or "Dunkirk", (), "ann", office.clock.now
            )
            office.channels.subscribe(
                here,
                topic,
                schedule="09:00 daily",
                zone="UTC",
                next_due=office.clock.now,
                next_local="2026-11-16T07:00",
                position=0,
                by="ann",
                now=office.clock.now,
            )


def test_in_whatever_is_asked_pressed_or_brought_there_is_no_word_of_the_others(office, caplog):
    caplog.set_level(logging.INFO)
    subscribe_all(office)
    shown = {here: [] for here in CANARIES}
    for _ in range(2):
        brought = office.digests()
        for here in CANARIES:  # each of them is shown its own
            shown[here] += [reply for channel, reply in brought if channel == here]
            assert has_some(CANARIES[here], [reply for channel, reply in brought if channel == here])
        office.clock.now += timedelta(days=1)
        office.tell(NEXT_DAY)
    for here in CANARIES:
        shown[here] += asyncio.run(ask_everything(office, here))
    pressed = {here: set() for here in CANARIES}
    for here, other in ((HERONS, OTTERS), (OTTERS, HERONS)):
        shown[here] += asyncio.run(press_everything(office, here, shown[here], pressed[here]))
        # The other's buttons, with all that stands behind them.
        shown[here] += asyncio.run(press_everything(office, here, shown[other], set()))
        assert len(pressed[here]) > 20
        assert all(has_some([word], shown[here]) for word in CANARIES[here][:3])
    last = {here: asyncio.run(ask_the_last(office, here)) for here in CANARIES}
    for here in CANARIES:
        assert office.channels.topic(here, "Harbour") is None
        assert office.channels.subscriptions(here) == []
    for here, other in ((HERONS, OTTERS), (OTTERS, HERONS)):
        shown[here] += last[here]
        shown[here] += asyncio.run(press_everything(office, here, shown[here], pressed[here], packs=True))
        packs = len(office.follows.of(other))
        theirs = [one for one in (*last[other], *shown[other]) if has_some(["giveback", "take"], one)]
        shown[here] += asyncio.run(press_everything(office, here, theirs, set(), packs=True))
        assert len(office.follows.of(other)) == packs
        assert {"take", "giveback", "undo"} <= {action for action, _ in pressed[here]}
    for here in CANARIES:  # buttons stay; what stood behind them is seen no more
        office.follows.unfollow(here, SHARED.address)
        shown[here] += asyncio.run(press_everything(office, here, shown[here], set()))
        for one in shown[here]:
            no_canary(here, one)
    assert not has_some([word for words in CANARIES.values() for word in words], caplog.text)


def test_a_look_up_of_the_others_words_is_one_of_words_that_nobody_has(office):
    for here, other in ((HERONS, OTTERS), (OTTERS, HERONS)):
        person, templates = office.people[here], ("{}", "search {} dunkirk", "preview {}", "search dunkirk + {}", "{}*")
        for template in templates:
            theirs, nobodys = (
                asyncio.run(person.say(template.format(word))).replace(word, "·") for word in (PROBED[other], "snorvic")
            )
            assert theirs == nobodys


def test_a_source_of_the_others_is_one_that_nobody_reads(office):
    asked = ("source show {}", "source mute {}", "source rename {} to Mine", "unfollow {}")
    asked += ("source:{} dunkirk", "source:{}x dunkirk", "{}")
    for here, other in ((HERONS, OTTERS), (OTTERS, HERONS)):
        site, _, operators, *_, name = CANARIES[other]
        ways = (
            ("{}", name),
            ("https://{}.example/feed", operators),
            ("https://{}.example/feed", site),
            ("The {}", site),
            ("{}", site),
        )
        for command, (way, word) in product(asked, (*ways, ("{}.example", site))):
            theirs, nobodys = (
                asyncio.run(office.people[here].say(command.format(way.format(one)))).replace(one, "·")
                for one in (word, "snorvic")
            )
            assert theirs == nobodys


def test_an_address_of_the_others_is_one_that_was_never_seen(office):
    herons = office.people[HERONS]
    said = asyncio.run(herons.say("why https://klimpod.example/o3"))
    assert said.replace("klimpod.example", "·") == asyncio.run(herons.say("why https://nowhere.example/o3")).replace(
        "nowhere.example", "·"
    )
    assert "quadlik" not in said
    assert "40 people" not in said


def told(office, here):
    """A story as a workspace is told it: who tells it, who told it first, and how many."""
    made = office.archive.seen_by(here).digest(Topic("Lock", parse_topic("dunkirk"), kept=True), reader="en")
    return next(one for one in (*made.stories, *made.more) if one.of.number == 1)


def test_a_story_over_all_of_them_shows_each_its_own_part(office):
    herons, otters, strangers = (told(office, here) for here in (HERONS, OTTERS, STRANGERS))
    names = [{one.source for one in story.articles} for story in (herons, otters, strangers)]
    assert names == [
        {"The Common", "The Shared", "The Zorbwick"},
        {"The Common", "The Shared", "The Klimpod"},
        {"The Common"},
    ]
    assert [story.of.publishers for story in (herons, otters, strangers)] == [3, 3, 1]
    firsts = [story.of.first.source for story in (herons, otters, strangers)]
    assert firsts == ["The Zorbwick", "The Klimpod", "The Common"]
    assert herons.of.number == otters.of.number  # one story all the same
    for here, own_part in ((HERONS, "h"), (OTTERS, "o"), (STRANGERS, "c")):
        days = office.archive.seen_by(here).timeline("c1", Told())
        assert {one.article.id[0] for one in days} <= {"c", "s", own_part}


def test_the_copy_that_a_workspace_has_of_what_it_does_not_see_is_its_own_news(office):
    topic = Topic("Lock", parse_topic("dunkirk"), kept=True)
    herons, strangers = office.archive.seen_by(HERONS), office.archive.seen_by(STRANGERS)
    assert "h2" in herons.story("c1").copies  # it repeats what is everybody's
    with office.archive.database.write() as connection:  # … which is nobody's any more
        connection.execute(update(schema.source).values(everybody=False))
    assert strangers.digest(topic).stories == ()
    assert strangers.size().articles == 0
    office.follows.follow(STRANGERS, OF_HERONS, "eve", MONDAY)
    (story, *_) = strangers.digest(topic).stories
    assert {one.id for one in story.articles} == {"h1", "h2"}


def test_counts_days_and_languages_are_of_what_is_seen(office):
    sizes = {here: office.archive.seen_by(here).size() for here in (HERONS, OTTERS, STRANGERS)}
    assert [one.articles for one in sizes.values()] == [5, 5, 1]
    assert office.archive.size().articles == 8
    assert sizes[STRANGERS].oldest == sizes[STRANGERS].newest == MONDAY - timedelta(days=1)
    french = Article("fr", "Le port", "Le port de Dunkerque ouvre son écluse mardi matin à tous.", "fr")
    office.archive.file([french], {"fr": [OF_OTTERS.address]})
    languages = [office.archive.seen_by(here).brief("dunkirk").languages for here in (HERONS, OTTERS)]
    assert languages == [("en",), ("en", "fr")]


def test_who_follows_an_old_source_sees_what_it_brought_and_who_leaves_sees_it_no_more(office):
    def found(here):
        return {hit.article.id for hit in office.archive.seen_by(here).search("dunkirk calais", limit=20)}

    assert found(STRANGERS) == {"c1"}
    office.follows.follow(STRANGERS, OF_HERONS, "eve", MONDAY)
    assert found(STRANGERS) == {"c1", "h1", "h2", "h3"}
    office.follows.change(STRANGERS, OF_HERONS.address, muted=True)
    assert found(STRANGERS) == {"c1"}
    office.follows.change(STRANGERS, OF_HERONS.address, muted=False)
    office.follows.unfollow(STRANGERS, OF_HERONS.address)
    assert found(STRANGERS) == {"c1"}
    office.follows.open([OF_HERONS])
    assert found(STRANGERS) == {"c1", "h1", "h2", "h3"}


def test_channels_share_a_digest_only_where_they_may_see_the_same(office):
    lock = office.channels.topic(HERONS, "Lock")
    workspaces = ("herons", "otters", "strangers", "more")
    rooms = [Channel("chat", workspace, channel) for workspace in workspaces for channel in ("C1", "C2")]
    for room in rooms:
        when = {"schedule": "09:00 daily", "zone": "UTC", "next_due": MONDAY, "next_local": "2026-11-16T07:00"}
        office.channels.subscribe(room, lock, **when, position=0, by="ann", now=MONDAY)
    assert len(office.digests()) == len(rooms)
    assert office.editor.composed == 3  # who sees only what is everybody's, and each of the two


def test_nothing_is_asked_of_who_sees_what_where_nothing_is_private(database_url):
    with Archive.open(database_url) as archive:
        archive.add(STORY[COMMON])
        Follows(archive.database).open([COMMON])
        with archive.database.read() as connection:
            assert archive.seen_by(STRANGERS)._seen(connection) is None


def test_what_the_operator_names_for_one_workspace_nobody_else_can_follow(office):
    with pytest.raises(Exception, match="one workspace alone"):
        office.follows.follow(STRANGERS, Source("https://vexmoor.example/feed", "feed"), "eve", MONDAY)
    both = [Source("https://vexmoor.example/feed", "feed"), SHARED]
    assert office.follows.follow_all(STRANGERS, both, "eve", MONDAY, most=5, called="OPML") == [SHARED]
    office.follows.assign([], MONDAY)  # it stands there no more: what came of it is nobody's
    with office.archive.database.read() as connection:
        closed = connection.scalars(select(schema.source.c.address).where(schema.source.c.closed)).all()
    assert closed == []
    assert [one.health.address for one in office.follows.of(HERONS)] == [SHARED.address, OF_HERONS.address]
