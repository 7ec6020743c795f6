"""Feeds of another reader come in by a file, on every platform: shown first, asked whether they answer, then taken."""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import partial

import pytest

from bot.base.reply import Reply
from bot.commands import Asked, Dispatcher, Dropped
from bot.commands.importing import Imports, read
from bot.exchange import opml
from bot.platforms.console.adapter import Console
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.slack.adapter import SlackAdapter
from briefs.discovery.answering import tried
from briefs.ingest.fetch import Fetcher
from briefs.models import Channel, Source
from briefs.store.follows import Follows
from tests.dispatcher import NEWS
from tests.fakes.discord import ADMINISTRATOR, EPHEMERAL, GUILD, MANAGER, FakeDiscord, buttons
from tests.fakes.slack import FakeSlack
from tests.fakes.web import Page, serve

FEED = b"""<rss version="2.0"><channel><title>Daily</title><item><title>One</title><link>https://a.example/1</link>
<guid>1</guid></item></channel></rss>"""


@pytest.fixture
def site():
    """Two feeds that answer, one that is no feed, and one that is gone."""
    with serve() as web:
        web.pages |= {path: Page(FEED, "application/rss+xml") for path in ("/daily", "/weekly")}
        web.pages["/page"] = Page(b"<html>no feed</html>")
        yield web.address


@pytest.fixture
def dispatcher(office):
    fetcher = Fetcher(allow_private=True, seconds=60)
    return Dispatcher(
        office.archive,
        office.channels,
        office.dispatcher._services.config,
        clock=office.clock,
        imports=Imports(lambda body, name: read((body, name)), partial(tried, fetcher=fetcher)),
    )


def listed(site):
    lines = [f'<outline text="{name}" xmlUrl="{site}/{name}"/>' for name in ("daily", "weekly", "page", "gone")]
    lines.append('<outline text="broken" type="rss"/>')
    return ('<opml version="2.0"><body>' + "".join(lines) + "</body></opml>").encode()


# ---------------------------------------------------------------- what is said


async def played(dispatcher, body, name="feeds.opml", size=None, **who):
    """Hand a file over; give all that is said, one after the other."""

    async def read():
        return body

    async def handed(typed):
        return Dropped(name, len(body) if size is None else size, read)

    asked = Asked(NEWS, "ann", locale="en", **({"may_manage": True} | who), handed=handed)
    said: list[Reply] = [await dispatcher.text(asked, "import")]
    while said[-1].then:
        said.append(await said[-1].then())
    return said


def text_of(reply):
    from bot.platforms.console.terminal import render

    return " ".join(render(reply, width=100).split())


async def test_a_file_is_shown_before_anything_is_taken_and_its_feeds_are_asked(office, dispatcher, site):
    follows = Follows(office.archive.database)
    follows.follow(NEWS, Source(f"{site}/weekly", "feed", name="Weekly"), "ann", office.clock.now)
    reading, first, last = await played(dispatcher, listed(site))
    assert text_of(reading) == "Reading feeds.opml …"
    assert "3 new feeds · 1 is here already · 1 cannot be read" in text_of(first)
    assert "Line 1: “broken”: it has no address (xmlUrl)" in text_of(first)
    assert "I am asking them whether they answer" in text_of(first)
    assert "2 of them do not answer." in text_of(last)
    assert f"These do not answer, or are not feeds: • page {site}/page • gone {site}/gone" in text_of(last)
    assert len(follows.of(NEWS)) == 1
    buttons = [button for part in last.parts for button in getattr(part, "buttons", ())]
    assert [button.label for button in buttons] == ["Import those that answer (1)", "Import all (3)"]
    asked = Asked(NEWS, "ann", locale="en", may_manage=True, user_name="Ann")
    told = await dispatcher.press(asked, "import", buttons[0].value)
    assert told.public
    assert "@Ann: this workspace has 1 more source: feeds.opml" in text_of(told)
    assert [one.health.address for one in follows.of(NEWS)] == [f"{site}/weekly", f"{site}/daily"]
    assert "2 more sources" in text_of(await dispatcher.press(asked, "import", buttons[1].value))
    guest = Asked(NEWS, "guest", locale="en")
    assert "Only those who manage" in text_of(await dispatcher.press(guest, "import", buttons[1].value))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html></html>", "this is not OPML: it begins with <html>"),
        (b"\x00\x01", "this is not XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "it defines entities"),
    ],
)
async def test_what_is_no_list_of_feeds_is_said_to_be_none_by_a_process_of_its_own(office, body, said):
    assert said in text_of((await played(office.dispatcher, body))[-1])


async def test_a_file_that_is_too_large_is_not_even_read_and_nor_is_one_of_a_guest(dispatcher):
    assert "feeds.opml is too large" in text_of((await played(dispatcher, b"", size=2_000_000))[-1])
    assert "Only those who manage" in text_of((await played(dispatcher, b"x", may_manage=False))[-1])


# ---------------------------------------------------------------- on each platform


@asynccontextmanager
async def slack(dispatcher):
    async with FakeSlack() as fake:
        bot = SlackAdapter(dispatcher, bot_token=fake.bot_token, app_token=fake.app_token, api_url=fake.api_url)
        await bot.start()
        yield fake
        await bot.stop()


async def test_in_slack_a_file_is_dropped_into_a_conversation_or_a_mention_and_comes_back(office, dispatcher, site):
    async with slack(dispatcher) as fake:
        file = fake.has_file("feeds.opml", listed(site))
        (shown,) = await fake.mention("", channel="D1", files=[file])
        await fake.until(lambda: "2 of them do not answer." in shown.text, "feeds to be asked")
        assert "4 new feeds" in shown.text
        assert shown.labels == ["Import those that answer (2)", "Import all (4)"]
        seen = await fake.mention("import", files=[file], answers=3)
        assert [one.only_to for one in seen] == ["U1"] * 3
        (told, *_) = await fake.press(seen[-1], "Import those that answer (2)", answers=2)
        assert "2 more sources" in told.text

        *_, here = await fake.slash("/brief", "export", answers=3)
        assert here.only_to == "U1"
        assert "2 feeds, as OPML" in here.text
        assert "The file is in our own conversation." in here.text
        message = fake.channels["DU1"].messages[-1]
        ((name, content),) = [fake.files[one["id"]] for one in message["files"]]
        assert name == "briefbot.opml"
        assert [one.address for one in opml.read(content, name).entries] == [f"{site}/daily", f"{site}/weekly"]
        (shown,) = await fake.mention("export", channel="D1")
        assert "2 feeds, as OPML" in shown.text
        assert shown.message["files"]


async def test_slacks_token_goes_to_slacks_host_alone_and_no_more_is_read_than_was_said(dispatcher, site, caplog):
    async with slack(dispatcher) as fake:
        for told in ({"url_private": f"{site}/daily"}, {"size": 10}):
            (shown,) = await fake.mention("", channel="D1", files=[fake.has_file("feeds.opml", listed(site), **told)])
            await fake.until(lambda shown=shown: "I cannot get that file from Slack" in shown.text, "a refusal")
        fake.scopes = fake.scopes.replace("files:read,", "")
        (shown,) = await fake.mention("", channel="D1", files=[fake.has_file("feeds.opml", listed(site))])
        await fake.until(lambda: "I cannot get that file from Slack" in shown.text, "a refusal")
        assert "has the app the scope files:read?" in caplog.text
        assert fake.bot_token not in caplog.text


async def test_in_discord_a_file_is_an_option_of_the_command_and_comes_back_as_an_attachment(
    office, dispatcher, site, caplog
):
    async with FakeDiscord() as fake:
        bot = DiscordAdapter(dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url)
        await bot.start()
        may = MANAGER | ADMINISTRATOR
        file = fake.has_file("feeds.opml", listed(site))
        seen = await fake.slash("brief source import", {"file": file}, permissions=may)
        await seen.until(lambda seen: "2 of them do not answer" in seen.text)
        assert seen.private
        button, _ = buttons(seen.messages[-1])
        await fake.press(seen.messages[-1], button["custom_id"], permissions=may)
        await fake.until(lambda: "2 more sources" in str(fake.messages()))
        assert len(Follows(office.archive.database).of(Channel("discord", GUILD, ""))) == 2
        seen = await fake.slash("brief source export")
        await seen.until(lambda seen: len(seen.messages) == 2)
        (attached,) = seen.messages[-1]["attachments"]
        assert seen.messages[-1]["flags"] & EPHEMERAL
        assert attached["filename"] == "briefbot.opml"
        assert [one.address for one in opml.read(attached["content"], "x").entries] == [
            f"{site}/daily",
            f"{site}/weekly",
        ]
        elsewhere = fake.has_file("feeds.opml", listed(site), url=f"{site}/daily")
        seen = await fake.slash("brief source import", {"file": elsewhere}, permissions=may)
        await seen.until(lambda seen: "I cannot get that file from Discord" in seen.text)
        await bot.stop()
        assert "did not take a file" not in caplog.text


async def test_in_a_terminal_it_is_a_path_and_comes_back_as_a_new_file(dispatcher, site, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my feeds.opml").write_bytes(listed(site))
    lines = iter(["import nothing.opml", 'import "my feeds.opml"', "import all (4)", "export", "export"])
    shown: list[str] = []
    await Console(dispatcher, read=lambda prompt: next(lines, None), show=shown.append).run()
    said = " ".join(" ".join(shown).split())
    assert "There is no file “nothing.opml”." in said
    assert "4 new feeds" in said
    assert "2 of them do not answer." in said
    assert "this workspace has 4 more sources: my feeds.opml" in said
    written = [(tmp_path / name).read_bytes() for name in ("briefbot.opml", "briefbot-2.opml")]
    assert [len(opml.read(one, "x").entries) for one in written] == [4, 4]
