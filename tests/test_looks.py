"""How a channel wants its stories: chosen in chat, kept, and kept to by what it gets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.base.i18n import Messages
from bot.base.looks import Looks
from bot.base.reply import StoryItem
from bot.base.safe_text import isolated, quoted, spoken
from bot.delivery import planning
from bot.delivery.editions import Editor
from bot.platforms.console.terminal import render
from briefs.archive import Archive
from briefs.config import Config
from briefs.models import Article, Channel
from briefs.store.channels import Channels
from briefs.store.runs import Runs
from tests import sqlite
from tests.dispatcher import NEWS, open_office

NOON = datetime(2026, 9, 14, 12, tzinfo=UTC)
ROOM = Channel("console", "home", "room")
COMMERCE = (
    "China's Ministry of Commerce said on Monday that Tencent, the owner of WeChat, had opened every link to the 9 "
    "million shops of its rival Alibaba in Shenzhen."
)
PONY_MA = (
    "Pony Ma, the chief executive of Tencent, told investors in Hong Kong on Wednesday that the company had spent 40 "
    "million dollars on opening each outside link in WeChat."
)
LINKS = Article("1", "Tencent opens its links", f"{COMMERCE} {PONY_MA}", "en", "https://post.example/links", "Post")


@pytest.fixture
def office(tmp_path):
    office = open_office(tmp_path)
    yield office
    office.archive.close()


@pytest.mark.parametrize(
    ("typed", "said", "shown"),
    [
        ("settings form full", "told in full", "Stories: full, 2 quotes a story"),
        ("settings form headlines", "a line each", "Stories: headlines"),
        ("settings quotes 3", "have 3 quotes at most", "Stories: compact, 3 quotes a story"),
        ("réglages forme complet", "told in full", "Stories: full, 2 quotes a story"),
        ("réglages citations 2", "have 2 quotes at most", "Stories: compact, 2 quotes a story"),
        ("设置 样式 标题", "a line each", "Stories: headlines"),
    ],
)
async def test_a_channel_chooses_how_its_stories_look(office, typed, said, shown):
    ann = office.person()
    assert said in await ann.say(typed)
    assert shown in await ann.say("settings")
    assert shown in await ann.press("form", "settings ")  # where no form can be shown


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("settings form tall", "compact, full or headlines"),
        ("settings quotes 4", "“4” is not a number from 1 to 3."),
    ],
)
async def test_what_cannot_be_chosen_is_named(office, typed, said):
    assert said in await office.person().say(typed)
    assert office.channels.settings(NEWS).form is None


@pytest.mark.parametrize(
    ("headlines", "quotes", "hidden"),
    [
        ("settings form headlines", "settings quotes 1", "1 quote at most. Quotes are hidden as long as"),
        ("réglages forme titres", "réglages citations 1", "Les citations sont masquées tant que"),
        ("设置 样式 标题", "设置 引文 1", "只显示标题时，引文不会显示"),
    ],
)
async def test_who_chooses_quotes_where_stories_are_headlines_hears_that_they_are_hidden(
    office, headlines, quotes, hidden
):
    ann = office.person(locale={"s": "en", "r": "fr", "设": "zh"}[quotes[0]])
    assert hidden not in await ann.say(quotes)
    await ann.say(headlines)
    assert hidden in await ann.say(quotes)


async def test_who_may_not_manage_the_channel_changes_nothing(office):
    assert "Only those who manage" in await office.person(may_manage=False).say("settings form full")


async def test_a_look_up_keeps_to_what_its_channel_chose(office):
    ann = office.person()
    await ann.say("settings form headlines")
    await ann.say("tencent alibaba")
    items = [part for part in ann.last.parts if isinstance(part, StoryItem)]
    assert items
    assert all(item.flat and not item.quotes for item in items)


@pytest.fixture
def archive(tmp_path):
    with Archive.open(sqlite.database(tmp_path / "briefs.db"), clock=lambda: NOON) as archive:
        yield archive


def edition_of(archive, settings=None, language=None):
    channels = Channels(archive.database)
    channels.choose(ROOM, language=language)
    topic = channels.add_topic(ROOM, "Links", "Tencent + link", (), "ann", NOON)
    channels.subscribe(
        ROOM,
        topic,
        schedule="12:00 daily",
        zone="UTC",
        next_due=NOON,
        next_local="2026-09-14T12:00",
        position=archive.position(),
        by="ann",
        now=NOON,
    )
    archive.add([LINKS])
    runs = Runs(archive.database)
    runs.plan(NOON, lambda waiting: planning.plan(waiting, NOON, "newest"))
    (run,) = runs.claim(["console"], NOON, NOON + timedelta(minutes=1))
    return Editor(archive, Config.load(settings)).edition(run)


@pytest.mark.parametrize(("form", "quotes", "shown"), [(None, None, 1), ("full", None, 2), ("compact", 2, 2)])
def test_a_digest_shows_as_many_quotes_as_were_chosen_and_remembers_only_those(archive, form, quotes, shown):
    channels = Channels(archive.database)
    channels.choose(ROOM, form=form)
    channels.choose(ROOM, quotes=quotes)

    edition = edition_of(archive)

    (item,) = [part for part in edition.reply.parts if isinstance(part, StoryItem)]
    assert len(item.quotes) == shown
    assert edition.told["1"] == (LINKS.title, *(quote.text for quote in item.quotes))


def test_a_digest_of_headlines_has_told_nothing_but_those(archive):
    Channels(archive.database).choose(ROOM, form="headlines")
    edition = edition_of(archive)
    assert "1  Tencent opens its links " in render(edition.reply)
    assert edition.told["1"] == (LINKS.title,)


def test_the_settings_say_what_channels_get_that_have_chosen_nothing(archive, tmp_path):
    (tmp_path / "settings.yaml").write_text("digest:\n  form: full\n  quotes: 1\n")
    (item,) = [part for part in edition_of(archive, tmp_path).reply.parts if isinstance(part, StoryItem)]
    assert len(item.quotes) == 2


def test_in_full_two_quotes_are_the_least():
    assert [Looks(form, 1).quotes for form in ("headlines", "compact", "full")] == [0, 1, 2]


# ---------------------------------------------------------------- in place


async def test_what_is_shared_is_shared_once_and_says_so_in_its_place(office):
    ann = office.person()
    await ann.say("tencent alibaba")
    value = ann.button("share").value

    shared = await ann.press("share", value)
    after = ann.last.after

    assert ann.last.public
    assert "Shared by Ann" in shared
    assert (after.public, after.in_place) == (False, True)
    assert "Shared ✓" in render(after)
    assert "[Share to channel]" not in render(after)
    again = await ann.press("share", value)
    assert (ann.last.public, ann.last.in_place, ann.last.after) == (False, True, None)
    assert "Shared ✓" in again


async def test_a_wish_is_one_line_with_undo_which_takes_its_place(office):
    ann = office.person()
    await ann.say("digest open links since:7d")
    noted = await ann.press("up", ann.button("up").value)
    assert noted.splitlines()[-1] == "[Undo]"
    assert "Taken back" in await ann.press("undo", ann.button("undo").value)
    assert ann.last.in_place


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(("language", "called"), [("fr", "Liens"), ("zh", "链接"), ("en", "Links")])
def test_a_topic_is_called_as_the_channels_language_has_it(archive, tmp_path, language, called):
    names = "{ en: Links, fr: Liens, zh: 链接 }"
    (tmp_path / "topics.yaml").write_text(f"topics:\n  - name: {names}\n    expression: Tencent + link\n")
    reply = edition_of(archive, tmp_path, language).reply
    assert render(reply).startswith(f"{called}\n")
    assert reply.summary.startswith(called)


def test_quotation_marks_are_never_doubled():
    assert quoted("“We agreed”, he said.", "en") == "“We agreed”, he said."
    assert quoted("« Nous sommes d’accord »", "fr") == "« Nous sommes d’accord »"
    assert quoted("He agreed.", "en") == "“He agreed.”"
    assert Messages("en").say("“{topic}” added", topic="“Open” links") == "“‘Open’ links” added"


def test_a_notification_names_the_news_and_keeps_right_to_left_names_to_themselves():
    assert spoken("Links, 2 stories", ("One", "Two"), "en", 700) == "Links, 2 stories: One; Two"
    assert spoken("链接", ("一", "二"), "zh", 700) == "链接：一；二"
    assert spoken("Links", ("الجزيرة",), "en", 700) == "Links: \u2068الجزيرة\u2069"
    assert isolated("Al Jazeera 2") == "Al Jazeera 2"
    assert len(spoken("Links", ("word " * 99,) * 3, "en", 300)) <= 300
