"""`briefbot demo`: the main job from end to end, on the starter articles, in a throw-away database.

    gather the articles → look things up in three languages → subscribe a channel → let its hour come → what now?

Everything is the real program; only the clock is moved by hand, and the channel is this terminal.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.rule import Rule

from bot.app import App, now
from bot.base.i18n import Messages
from bot.base.resources import starter
from bot.commands import Asked
from bot.platforms.console.adapter import ConsoleTransport
from bot.platforms.console.terminal import layout, shown
from briefs.models import Channel, Source

ROOM = Channel("console", "demo", "general")
LOOKUPS = (
    ("fr", "internet moins américain limit:1"),
    ("en", "tencent alibaba links limit:1"),
    ("zh", "烟草行业 互联网 limit:1"),
)
SUBSCRIPTION = "subscribe Tencent–Alibaba interoperability at 9:00 weekdays Europe/Paris"


class _Clock:
    """The time it is in the demo."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now


def play(environment: Mapping[str, str]) -> None:
    """Play the demo on standard output."""
    with tempfile.TemporaryDirectory(prefix="briefbot-demo-") as folder:
        clock = _Clock(now())
        with App.open(starter("config"), f"{folder}/demo.db", environment=environment, clock=clock) as app:
            asyncio.run(_Play(app, clock, Console(highlight=False)).run())


class _Play:
    """The scenes, in order."""

    def __init__(self, app: App, clock: _Clock, console: Console) -> None:
        self._app = app
        self._clock = clock
        self._console = console

    async def run(self) -> None:
        """Play them all."""
        self._gather()
        await self._look_up()
        await self._subscribe()
        await self._let_the_hour_come()
        self._say_what_now()

    def _gather(self) -> None:
        self._scene("1", "Gather", "what your team reads: here the starter articles, in three languages")
        folder = starter("seeds") / "articles"
        report = self._app.gather([Source(str(folder), "folder")], trusted=True)
        languages = Messages("en").listing(self._languages(folder))
        self._line(f"{report.new} articles in {languages}, filed and searchable after {report.seconds:.1f} s")

    async def _look_up(self) -> None:
        self._scene("2", "Look things up", "each in its language; the answers are quotes, to the letter, with links")
        for locale, words in LOOKUPS:
            await self._type(words, locale)

    async def _subscribe(self) -> None:
        self._scene("3", "Subscribe a channel", "to a topic, at an hour of its own time zone")
        await self._type(SUBSCRIPTION, "en")

    async def _let_the_hour_come(self) -> None:
        (subscription,) = self._app.channels.subscriptions(ROOM)
        due = subscription.next_due or self._clock.now
        when = Messages("en").when(due, subscription.zone)
        self._scene("4", "Let its hour come", f"the demo’s clock moves to {when}; this is what #general sees")
        self._console.print()
        self._clock.now = due + timedelta(seconds=1)
        self._app.delivery_worker.serve(ConsoleTransport(self._print, **layout()))
        await self._app.delivery_worker.tick()
        await self._app.delivery_worker.drain()

    def _say_what_now(self) -> None:
        self._scene("5", "Now with your team", "two ways in, five minutes each; the README leads you through")
        self._line("Slack     SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment, then: briefbot run")
        self._line("Discord   DISCORD_TOKEN in the environment, then: briefbot run")
        self._line("Terminal  briefbot console")
        self._line("Your sources go into sources.yaml, or try one now: briefbot gather FOLDER_OR_ADDRESS")
        self._console.print()

    async def _type(self, text: str, locale: str) -> None:
        self._console.print(f"\n[bold cyan]❯ /{self._app.config.settings.command} {escape(text)}[/]\n")
        asked = Asked(ROOM, user="you", locale=locale, may_manage=True, channel_name="#general")
        self._print(shown(await self._app.dispatcher.text(asked, text)))

    def _print(self, text: str) -> None:
        self._console.out(text, highlight=False)

    def _scene(self, number: str, title: str, line: str) -> None:
        self._console.print()
        self._console.print(Rule(f"[bold]{number}  {title}[/]", align="left", style="dim"))
        self._console.print(f"[dim]{line}[/]")

    def _line(self, text: str) -> None:
        self._console.print(f"   {text}", soft_wrap=True)

    def _languages(self, folder: Path) -> list[str]:
        found = {self._app.archive.article(path.as_uri()) for path in sorted(folder.iterdir())}
        codes = sorted({article.language for article in found if article and article.language})
        return [Messages("en").language_name(code) for code in codes]
