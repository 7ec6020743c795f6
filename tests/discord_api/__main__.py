"""`make discord-api`: every kind of body that goes out to Discord, held to Discord's public OpenAPI document.

The document comes from the npm registry as schemas, pinned in package.json; needs node with npm. Bodies are those that
the real transport, conversation and command tree send, of one of every kind of message and form in three languages.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.base.form import Form
from bot.base.reply import Reply
from bot.delivery.transport import Begun, Envelope, Sent
from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.conversation import Conversation
from bot.platforms.discord.rest import Response, Rest
from bot.platforms.discord.transport import DiscordTransport
from briefs.models import Channel
from tests.dispatcher import open_office
from tests.fakes.discord import FakeDiscord
from tests.pictures.samples import LANGUAGES, said_in

HERE = Path(__file__).parent
BUILD = HERE.parents[1] / "build" / "discord-api"
TEXT, FORUM = Channel("discord", "1", "2"), Channel("discord", "1", "3")

# What is asked → the schema of its body; "Interaction Callback Type" tells callbacks apart.
SCHEMAS = {
    r"POST /channels/[^/]+/messages": "MessageCreateRequest",
    r"PATCH /channels/[^/]+/messages/\d+": "MessageEditRequestPartial",
    r"POST /channels/3/threads": "CreateForumThreadRequest",
    r"POST /channels/[^/]+/messages/\d+/threads": "CreateTextThreadWithMessageRequest",
    r"POST /webhooks/.*": "IncomingWebhookRequestPartial",
    r"PATCH /webhooks/.*": "IncomingWebhookUpdateRequestPartial",
    r"POST /interactions/.* [45]": "CreateMessageInteractionCallbackRequest",
    r"POST /interactions/.* 7": "UpdateMessageInteractionCallbackRequest",
    r"POST /interactions/.* 9": "ModalInteractionCallbackRequest",
}


_GIVEN = ("id", "application_id", "version")  # to a command, by Discord


class Recorder(Rest):
    """Keeps what is asked, and says that it is done."""

    def __init__(self) -> None:
        super().__init__("token", "http://127.0.0.1", "test")
        self.asked: list[tuple[str, Any]] = []

    async def call(
        self, method: str, path: str, body: object = None, *, file: tuple[str, bytes] | None = None
    ) -> Response:
        kind = f" {body['type']}" if path.startswith("/interactions") and isinstance(body, dict) else ""
        if body is not None:
            self.asked.append((f"{method} {path}{kind}", body))
        return Response(200, {"id": "4", "flags": 0})


def main() -> int:
    """Check all there is."""
    if not shutil.which("npm"):
        print("make discord-api needs node with npm.", file=sys.stderr)
        return 1
    BUILD.mkdir(parents=True, exist_ok=True)
    for source in ("package.json", "check.js"):
        shutil.copy(HERE / source, BUILD)
    subprocess.run(
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock"], cwd=BUILD, check=True
    )
    lines = "\n".join(json.dumps(one) for one in asyncio.run(_bodies()))
    return subprocess.run(["node", "check.js"], cwd=BUILD, input=lines, text=True).returncode


async def _bodies() -> list[dict[str, Any]]:
    found = [one async for one in _commands()]
    for language in LANGUAGES:
        with tempfile.TemporaryDirectory() as folder:
            said = await said_in(language, Path(folder))
        for name, one in said.items():
            recorder = Recorder()
            await (_opened(recorder, one) if isinstance(one, Form) else _sent(recorder, one))
            found += _named(f"{name}.{language}", recorder)
    return found


def _named(name: str, recorder: Recorder) -> Iterator[dict[str, Any]]:
    for asked, body in recorder.asked:
        (schema,) = [schema for pattern, schema in SCHEMAS.items() if re.fullmatch(pattern, asked)] or [asked]
        # The samples are of no platform: their channel has a name where Discord has a number.
        yield {"name": f"{name} {asked}", "schema": schema, "body": json.loads(json.dumps(body).replace('"C1"', '"1"'))}


async def _sent(recorder: Recorder, reply: Reply) -> None:
    """Send a reply every way there is: as a digest, whole, into a forum; as an answer, at once, later and in place."""
    for channel in (TEXT, FORUM):
        transport = DiscordTransport(recorder, is_forum=lambda channel: channel == FORUM.id)
        first = None
        for message in transport.render(reply):
            envelope = Envelope(channel, message.payload, "a1b2c3d4-5", "nonce", first, news=True)
            outcome = await transport.send(envelope)
            if isinstance(outcome, Begun):
                await transport.send(replace(envelope, news=False))
                outcome = await transport.send(replace(envelope, begun=outcome.reference))
            assert isinstance(outcome, Sent)
            first = first or outcome.reference
    alone = replace(reply, file=None, then=None, told=None)
    for thinks, pressed in ((False, None), (True, None), (False, 1 << 6), (False, (1 << 6) | (1 << 15))):
        conversation = _conversation(recorder, transport, pressed)
        if thinks:
            await conversation.think()
        await conversation.say(replace(alone, in_place=pressed is not None))
        await conversation.amend(alone)


async def _opened(recorder: Recorder, form: Form) -> None:
    await _conversation(recorder, DiscordTransport(recorder), None).open(form)


def _conversation(recorder: Recorder, transport: DiscordTransport, pressed: int | None) -> Conversation:
    return Conversation(recorder, transport, TEXT, application=5, number=6, token="t", pressed=pressed)


async def _commands() -> AsyncIterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        office = open_office(Path(folder))
        async with FakeDiscord() as fake:
            bot = DiscordAdapter(
                office.dispatcher, token=fake.token, api_url=fake.api_url, gateway_url=fake.gateway_url
            )
            await bot.start()
            await fake.registered()
            await bot.stop()
        office.archive.close()
    for command in fake.commands:
        # "nsfw" is in Discord's written documentation ("Create Global Application Command"), and missing in this one.
        body = {key: value for key, value in command.items() if key not in {*_GIVEN, "nsfw"}}
        yield {"name": f"command {command['name']}", "schema": "ApplicationCommandUpdateRequest", "body": body}


if __name__ == "__main__":
    sys.exit(main())
