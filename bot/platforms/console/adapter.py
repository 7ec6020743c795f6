"""The bot in a terminal: the same commands, typed with or without the root command; digests appear as they fall due.

    lines ──> dispatcher ──> Reply ──> text       (buttons are pressed by typing what they say: "share", "why this? 2")
    delivery worker ──> ConsoleTransport ──> text

Ends at the end of the input (Ctrl-D), at "exit", and at Ctrl-C. Lines may be piped in.
"""

import asyncio
import itertools
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.base.i18n import locale_of
from bot.base.reply import Attached, Button, Buttons, Reply, Row, StoryItem
from bot.commands import Asked, Dispatcher, Dropped
from bot.delivery.rate_limits import Limits
from bot.delivery.transport import Envelope, Found, Message, Outcome, Sent, Sight, Sought, Unseen
from bot.grammar import small_talk
from bot.platforms.console.terminal import render
from briefs.errors import UsageError
from briefs.models import Channel

PLATFORM = "console"
HERE = Channel(PLATFORM, "local", "console")
_ENDS = ("exit", "quit", ":q")
_LEADS = ("form", "open", "page")  # actions whose name says nothing of where: their buttons are pressed by their labels

Show = Callable[[str], None]
Offer = Callable[[Mapping[str, Button]], None]


class ConsoleTransport:
    """Posts by showing; see `bot.delivery.transport` for what it promises.

    show: what takes a finished text. offer: what takes its buttons, by what is typed to press them. width: columns.
    """

    platform = PLATFORM
    limits = Limits()

    def __init__(
        self,
        show: Show,
        *,
        offer: Offer = lambda buttons: None,
        width: int = 80,
        links: bool = False,
        style: bool = False,
    ) -> None:
        self._show, self._offer = show, offer
        self._width, self._links, self._style = width, links, style
        self._shown: dict[str, str] = {}  # what this process has shown: uuid → reference

    def render(self, reply: Reply) -> Sequence[Message]:
        """Return one message: a terminal has no limits, and no threads."""
        text = render(reply, width=self._width, links=self._links, style=self._style)
        return [Message({"text": text, "buttons": {typed: astuple(button) for typed, button in _pressable(reply)}})]

    async def send(self, envelope: Envelope) -> Outcome:
        """Show it, once, whichever console it is for: there is one."""
        if envelope.uuid in self._shown:
            return Sent(self._shown[envelope.uuid])
        self._show(str(envelope.payload["text"]))
        self._offer({typed: Button(*button) for typed, button in envelope.payload.get("buttons", {}).items()})
        reference = self._shown[envelope.uuid] = str(len(self._shown) + 1)
        return Sent(reference)

    def requests(self, channel: Channel, thread: str | None) -> int:
        """Need one, always."""
        return 1

    def remembers(self, channel: Channel, thread: str | None) -> timedelta:
        """Promise nothing: what was shown is forgotten when the program ends."""
        return timedelta(0)

    async def look(self, sought: Sought) -> Sight:
        """Return whether this process has shown it; what another showed on a screen cannot be read back."""
        reference = self._shown.get(sought.uuid)
        return Found(reference) if reference else Unseen("a terminal keeps no history")


class Console:
    """A conversation with the bot, line by line.

    command: the root command, which may stand before each line. read: gives the next line, None at the end; called in
    a thread. show: takes a finished text. prompt: shown before each line, "" for none. locale: of the person. ended:
    called when the conversation is over.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        *,
        command: str = "brief",
        read: Callable[[str], str | None],
        show: Show,
        prompt: str = "",
        locale: str | None = None,
        width: int = 80,
        links: bool = False,
        style: bool = False,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._dispatcher = dispatcher
        self._ended = ended
        self._root = f"/{command}"
        self._read = read
        self._out = show
        self._prompt = prompt
        self._locale = locale
        self._render = partial(render, width=width, links=links, style=style)
        self._buttons: dict[str, Button] = {}
        self._asking = False
        self._talk: asyncio.Task[None] | None = None
        self.transport = ConsoleTransport(self._interject, offer=self._offer, width=width, links=links, style=style)

    async def start(self) -> None:
        """Begin to talk; see `run`."""
        self._talk = asyncio.create_task(self.run(), name="console")
        self._talk.add_done_callback(lambda _: self._ended())

    async def stop(self) -> None:
        """End it."""
        if self._talk is not None:
            self._talk.cancel()
            await asyncio.wait([self._talk])

    async def run(self) -> None:
        """Talk until the input ends, somebody says "exit", or Ctrl-C."""
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        turn = threading.Semaphore(0)
        loop = asyncio.get_running_loop()

        def listen() -> None:
            line: str | None = ""
            while line is not None:
                turn.acquire()
                line = self._read(self._prompt)
                loop.call_soon_threadsafe(lines.put_nowait, line)

        # A daemon: one that waits for a key must not keep the program from ending.
        threading.Thread(target=listen, name="console-input", daemon=True).start()
        with _interrupt_is(lambda: lines.put_nowait(None)):
            while True:
                self._asking = True
                turn.release()
                line = await lines.get()
                self._asking = False
                if line is None or line.strip().casefold() in _ENDS:
                    break
                if line.strip():
                    reply = await self._answer(line.strip())
                    self._show(reply)
                    while reply.then:
                        reply = await reply.then()
                        self._show(reply)
        if self._prompt:
            self._out("")  # what comes next begins on a line of its own

    async def _answer(self, line: str) -> Reply:
        asked = Asked(
            HERE,
            _user(),
            locale=self._locale,
            may_manage=True,
            manages_workspace=True,  # who sits at the bot's own terminal is its operator
            user_name=_user(),
            channel_name="#console",
            handed=_opened,
            alone=True,
        )
        button = self._buttons.get(_typed(line))
        if button is not None:
            return await self._dispatcher.press(asked, button.action, button.value)
        words = line.removeprefix(self._root) if line.split()[0] == self._root else line
        return await self._dispatcher.text(asked, words)

    def _show(self, reply: Reply) -> None:
        self._offer(dict(_pressable(reply)))
        self._out(self._render(reply))
        if reply.file:
            self._out(str(_written(reply.file)))

    def _offer(self, buttons: Mapping[str, Button]) -> None:
        """Have buttons pressed by what is typed; those of stories stay until there are other stories.

        *Undo* is of the last answer alone: once something else was done, that is what it would undo.
        """
        anew = any(typed.rpartition(" ")[2].isdecimal() for typed in buttons)
        kept = {} if anew else {typed: button for typed, button in self._buttons.items() if typed != "undo"}
        self._buttons = kept | dict(buttons)

    def _interject(self, text: str) -> None:
        """Show a digest, perhaps while a line is being typed, and ask again."""
        self._out(f"\n{text}" if self._asking and self._prompt else text)
        if self._asking and self._prompt:
            sys.stdout.write(self._prompt)
            sys.stdout.flush()


def _pressable(reply: Reply) -> Iterator[tuple[str, Button]]:
    """Yield what to type for each button: what it does or says; under a story with its number, "up 2"."""
    for part in (*reply.parts, *reply.foot):
        number = f" {part.number}" if isinstance(part, StoryItem) else ""
        buttons = part.buttons if isinstance(part, Buttons | Row) else ()
        for button in part.menu if isinstance(part, StoryItem) else buttons:
            if button.action not in _LEADS:
                yield f"{button.action}{number}", button
            yield f"{_typed(button.label)}{number}", button


def _typed(text: str) -> str:
    """Return what presses a button: what it says, or any language's word for *Undo*."""
    return "undo" if small_talk(text) == "undo" else " ".join(text.casefold().split())  # "Pourquoi ?" has another space


def on_this_terminal(dispatcher: Dispatcher, *, command: str, history: Path, ended: Callable[[], None]) -> Console:
    """Make a console on standard input and output; with prompt, history and links where they are a terminal's."""
    talking = sys.stdin.isatty() and sys.stdout.isatty()
    prompt = "\n❯ " if talking else ""
    return Console(
        dispatcher,
        command=command,
        read=_typed_line(history) if talking else _piped_line,
        show=_write,
        prompt=prompt,
        locale=locale_of(os.environ),
        width=min(shutil.get_terminal_size().columns, 110) if talking else 100,
        links=talking,
        style=talking,
        ended=ended,
    )


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _piped_line(_prompt: str) -> str | None:
    return sys.stdin.readline() or None


def _typed_line(history: Path) -> Callable[[str], str | None]:
    """Return a reader with the line editing and the history of readline, where the platform has it."""
    try:
        import readline
    except ImportError:  # Windows: its terminal edits lines by itself
        return _asked_line
    if history.is_file():
        readline.read_history_file(history)

    def read(prompt: str) -> str | None:
        line = _asked_line(prompt)
        history.parent.mkdir(parents=True, exist_ok=True)
        readline.write_history_file(history)
        return line

    return read


def _asked_line(prompt: str) -> str | None:
    try:
        return input(prompt)
    except EOFError:
        return None


@contextmanager
def _interrupt_is(end: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C end the conversation as Ctrl-D does, and leave the terminal as it was found."""
    found = _terminal_state()
    loop = asyncio.get_running_loop()
    try:
        loop.add_signal_handler(signal.SIGINT, end)
    except (
        NotImplementedError,
        RuntimeError,
        ValueError,
    ):  # Windows, or not the main thread: Ctrl-C stays an exception
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
        if found is not None:
            _set_terminal_state(found)


def _terminal_state() -> list[Any] | None:
    """Return what readline, interrupted in its thread, would leave changed; None where there is no such terminal."""
    if os.name != "posix" or not sys.stdin.isatty():
        return None
    import termios

    return termios.tcgetattr(sys.stdin.fileno())


def _set_terminal_state(state: list[Any]) -> None:
    import termios

    termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, state)


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "you"


async def _opened(typed: str) -> Dropped:
    """Return the file at a path of this machine: who sits here is its operator."""

    async def read() -> bytes:
        return await asyncio.to_thread(path.read_bytes)

    try:
        path = await asyncio.to_thread(Path(typed.strip('"')).expanduser)
        return Dropped(path.name, (await asyncio.to_thread(path.stat)).st_size, read)
    except FileNotFoundError as error:
        raise UsageError("There is no file “{file}”.", file=typed) from error
    except OSError as error:
        raise UsageError("{file} cannot be read: {reason}", file=typed, reason=error.strerror) from error


def _written(file: Attached) -> Path:
    """Write a file where the program stands, under a name that is free; for its owner alone."""
    for number in itertools.count(1):
        path = Path(file.name if number == 1 else f"{Path(file.name).stem}-{number}{Path(file.name).suffix}")
        try:
            with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as out:
                out.write(file.content)
        except FileExistsError:
            continue
        return path
    raise AssertionError  # it counts for ever
