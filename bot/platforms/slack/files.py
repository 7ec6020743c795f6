"""Files in Slack: what people drop, and what the bot gives to one of them.

dropped   url_private, at Slack's own host alone → bytes, up to so many
given     a line in the conversation that they have with the bot, and the file with it
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from bot.base.i18n import t
from bot.base.reply import Attached
from bot.commands import Dropped
from bot.platforms.slack.api import API_URL, DEADLINE, ERRORS, NETWORK_ERRORS, error_code
from briefs.errors import UsageError

_log = logging.getLogger(__name__)

_HOST = "files.slack.com"
_CHUNK = 65536
_NO_FILE = t("I cannot get that file from Slack; drop it again, here.")


class Files:
    """The files of one workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        own = urlsplit(client.base_url)
        self._places = {("https", _HOST)} if client.base_url == API_URL else {(own.scheme, own.netloc)}

    def dropped(self, files: Sequence[Mapping[str, Any]]) -> Dropped | None:
        """Return the first of the files that came with a message."""
        if not files:
            return None
        name, size = str(files[0].get("name") or "?"), int(files[0].get("size") or 0)
        address = str(files[0].get("url_private") or "")
        return Dropped(name, size, lambda: self._read(address, size))

    async def _read(self, address: str, size: int) -> bytes:
        """Get a file, which may not be larger than Slack said. The token goes to Slack's host alone."""
        place = urlsplit(address)
        if (place.scheme, place.netloc) not in self._places:
            _log.warning("a file stands at %s, which is no host of Slack's", place.netloc)
            raise UsageError(_NO_FILE)
        headers = {"Authorization": f"Bearer {self._client.token}"}
        timeout = aiohttp.ClientTimeout(total=DEADLINE)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as session,
                session.get(address, allow_redirects=False) as answer,
            ):
                # Without the right to read files, Slack leads to a page to sign in at.
                if answer.status != 200:
                    _log.warning(
                        "Slack does not give a file: HTTP %s; has the app the scope files:read?", answer.status
                    )
                    raise UsageError(_NO_FILE)
                body = b""
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    body += chunk
                    if len(body) > size:
                        raise UsageError(_NO_FILE)
                return body
        except NETWORK_ERRORS as error:
            _log.warning("Slack does not give a file: %s", type(error).__name__)
            raise UsageError(_NO_FILE) from error

    async def give(self, channel: str, user: str, file: Attached, line: str) -> bool:
        """Give a file to a person in their conversation with the bot; False where Slack did not take it."""
        try:
            if not channel.startswith("D"):
                # What is posted to a person stands in that conversation, and says which it is.
                posted = await self._client.chat_postMessage(channel=user, text=line)
                channel, line = posted["channel"], ""
            await self._client.files_upload_v2(
                channel=channel, filename=file.name, content=file.content, initial_comment=line or None
            )
        except (*ERRORS, SlackRequestError) as error:
            _log.warning("Slack did not take a file: %s", error_code(error))
            return False
        return True
