"""Digests into Discord's channels, threads and forums: one attempt, what is known of it, and a look whether it arrived.

A message has a short reference in the id of its menu, or in small print: by it a digest is recognised once its nonce
is forgotten.

Discord's notifications say nothing of a message that is all components. So one whose news is to be told is begun as a
line of text, and a moment later becomes all components by an edit.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.base.reply import Reply
from bot.delivery.rate_limits import Limits, Rate
from bot.delivery.transport import (
    Begun,
    Envelope,
    Found,
    Message,
    Missing,
    NotSent,
    Outcome,
    Payload,
    Rejected,
    Sent,
    Sight,
    Sought,
    Unknown,
    Unseen,
)
from bot.platforms.discord import components
from bot.platforms.discord.rest import NoResponse, NotReached, Response, Rest
from briefs.models import Channel

NOBODY: Payload = {"parse": []}  # who may be mentioned by what we write

_UNKNOWN_CHANNEL, _UNKNOWN_MESSAGE, _NO_TEXT_CHANNEL, _HAS_THREAD = 10003, 10008, 50008, 160004
_BLOCKED = 40333  # "internal network error": what stands before Discord turns our whole machine away
_WAIT = 60.0  # seconds, where something refuses us that is not Discord and does not say for how long
_REFUSED_WAIT = 300.0  # where the token is not taken; once it is valid again, all goes on
_MEMORY = timedelta(minutes=2)  # Discord promises "a few minutes"
_REFERENCE = 8  # characters of the uuid
_HEARD = 1.0  # seconds; an edit that comes at once can be faster than the notification, which then says nothing
_PAGES, _PAGE = 10, 100  # of a history
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # of ids; see Discord's "Snowflakes"


class DiscordTransport:
    """A way into the channels of one bot; see `bot.delivery.transport` for what it promises.

    A repeat of the same nonce within a few minutes gives the message that stands there already. Forum posts take no
    nonce: a repeat of one is a second post.
    """

    platform = "discord"
    # 50 requests a second altogether, 5 messages in 5 seconds into a channel.
    limits = Limits(channel=Rate(5, 5.0), platform=Rate(50, 1.0))

    def __init__(
        self, rest: Rest, is_forum: Callable[[str], bool | None] = lambda channel: False, *, memory: timedelta = _MEMORY
    ) -> None:
        """Post through a client.

        is_forum: whether a channel, by its id, is a forum; None: who has no gateway does not know. memory: for how long
        a nonce is remembered.
        """
        self._rest = rest
        self._is_forum = is_forum
        self._memory = memory
        self._own_id: str | None = None
        self.commands: components.Commands = {}  # known once there is a connection

    def render(self, reply: Reply) -> Sequence[Message]:
        """Return the messages that show this reply; threads last."""
        return components.messages(reply, self.commands)

    def permalink(self, channel: Channel, reference: str) -> str:
        """Return the address of a message; a forum's post is a thread of the same id."""
        room = reference if self._is_forum(channel.id) else channel.id
        return f"https://discord.com/channels/{channel.workspace}/{room}/{reference}"

    async def send(self, envelope: Envelope) -> Outcome:
        """Post one message, once; or finish one that was begun."""
        try:
            if envelope.begun is not None:
                return await self._finish(envelope, envelope.begun)
            if envelope.thread is None:
                return await self._post(envelope)
            return await self._reply(envelope, envelope.thread)
        except NotReached as error:
            return NotSent(str(error))
        except NoResponse as error:
            return Unknown(str(error))

    async def _post(self, envelope: Envelope) -> Outcome:
        channel = envelope.channel.id
        begins = envelope.news and "news" in envelope.payload
        body = _news(envelope) if begins else _referred(envelope)
        answer = None if self._is_forum(channel) else await self._message(channel, envelope, body)
        if answer is None or answer.code == _NO_TEXT_CHANNEL:
            post = {"name": envelope.payload["thread_name"], "message": body}
            answer = await self._rest.call("POST", f"/channels/{channel}/threads", post)
        outcome = _outcome(answer)
        return Begun(outcome.reference, _HEARD) if begins and isinstance(outcome, Sent) else outcome

    async def _finish(self, envelope: Envelope, begun: str) -> Outcome:
        """Make a message that was begun what it is to be. Who has taken it away meanwhile does not get it again."""
        is_forum = self._is_forum(envelope.channel.id)
        places = [*([] if is_forum else [envelope.channel.id]), *([] if is_forum is False else [begun])]
        body = _referred(envelope) | {"content": None}
        for place in places:  # the post of a forum stands in the thread of its id
            answer = await self._rest.call("PATCH", f"/channels/{place}/messages/{begun}", body)
            is_gone = answer.code == _UNKNOWN_MESSAGE or (answer.code == _UNKNOWN_CHANNEL and place == begun)
            if not is_gone:
                return _outcome(answer)
        return Sent(begun)

    async def _reply(self, envelope: Envelope, first: str) -> Outcome:
        """Post into the thread under a message.

        Such a thread has the id of its message, so that no second id need be kept; Discord knows no channel of that id
        until it is made. A forum's post is a thread already. Where no thread can be (inside of one, or for want of
        permission), a plain reply stands under the message.
        """
        body = _referred(envelope)
        answer = await self._message(first, envelope, body)
        if answer.code != _UNKNOWN_CHANNEL:
            return _outcome(answer)
        try:
            path = f"/channels/{envelope.channel.id}/messages/{first}/threads"
            made = await self._rest.call("POST", path, {"name": envelope.payload["thread_name"]})
        except NoResponse as error:
            return NotSent(str(error))
        if made.done or made.code == _HAS_THREAD:
            return _outcome(await self._message(first, envelope, body))
        if made.code is None or made.status not in (400, 403, 404):
            # Whatever became of the thread, nothing was posted into it.
            outcome = _outcome(made)
            return NotSent(outcome.reason, _WAIT) if isinstance(outcome, Unknown) else outcome
        reference = {"message_reference": {"message_id": first, "fail_if_not_exists": False}}
        return _outcome(await self._message(envelope.channel.id, envelope, body | reference))

    async def _message(self, channel: str, envelope: Envelope, body: Payload) -> Response:
        once = {"nonce": envelope.nonce, "enforce_nonce": True}
        return await self._rest.call("POST", f"/channels/{channel}/messages", body | once)

    async def private(self, workspace: str, person: str) -> Channel | None:
        """Return the conversation with somebody; it is made where there is none yet."""
        made = await self._asked("POST", "/users/@me/channels", {"recipient_id": person})
        return Channel(self.platform, workspace, str(made["id"])) if made and "id" in made else None

    async def called(self, channel: Channel) -> str | None:
        """Return a channel's name as people write it."""
        found = await self._asked("GET", f"/channels/{channel.id}")
        return f"#{found['name']}" if found and found.get("name") else None

    async def _asked(self, method: str, path: str, body: Payload | None = None) -> Payload | None:
        """Ask for something; None where it is not to be had."""
        try:
            answer = await self._rest.call(method, path, body)
        except (NotReached, NoResponse):
            return None
        return answer.body if answer.done and isinstance(answer.body, dict) else None

    def requests(self, channel: Channel, thread: str | None) -> int:
        """One; two where the channel may be a forum; three where a thread may have to be made, after a try in vain."""
        if thread is not None:
            return 3
        return 2 if self._is_forum(channel.id) is None else 1

    def remembers(self, channel: Channel, thread: str | None) -> timedelta:
        """Discord remembers nonces for a few minutes, but not those of forum posts."""
        return self._memory if thread is not None or self._is_forum(channel.id) is False else timedelta(0)

    async def look(self, sought: Sought) -> Sight:
        """Look for the reference among our own messages: in the thread, if there is one, and in the channel."""
        if sought.thread is None and self._is_forum(sought.channel.id):
            return Unseen("posts of a forum cannot be looked through")
        try:
            if self._own_id is None:
                said = await self._rest.call("GET", "/users/@me")
                if not said.done:
                    return _unseen(said)
                self._own_id = str(said.body["id"])
            sight: Sight = Missing()
            if sought.thread is not None:
                sight = await self._search(sought.thread, sought, self._own_id)
            if not isinstance(sight, Missing):
                return sight
            return await self._search(sought.channel.id, sought, self._own_id)
        except (NotReached, NoResponse) as error:
            return Unseen(str(error), _WAIT)

    async def _search(self, place: str, sought: Sought, own_id: str) -> Sight:
        after = ((sought.since - _EPOCH) // timedelta(milliseconds=1)) << 22
        for page in range(_PAGES):
            answer = await self._rest.call("GET", f"/channels/{place}/messages?after={after}&limit={_PAGE}")
            if answer.code == _UNKNOWN_CHANNEL and place == sought.thread:
                return Missing()  # a thread is made for its first message
            if not answer.done or not isinstance(answer.body, list):
                return _unseen(answer)
            for message in answer.body:
                shown = message.get("components") or []
                if message["author"]["id"] == own_id and components.bears(shown, sought.uuid[:_REFERENCE]):
                    return Found(str(message["id"]), whole=not components.begun(shown))
            if len(answer.body) < _PAGE:
                return Missing() if page or answer.body else await self._empty(place)
            after = max(int(message["id"]) for message in answer.body)
        return Unseen("too much was written since")

    async def _empty(self, place: str) -> Sight:
        """Discord shows nothing at all, and says so no further, to who may not read the history."""
        answer = await self._rest.call("GET", f"/channels/{place}/messages?limit=1")
        if not answer.done:
            return _unseen(answer)
        return Missing() if answer.body else Unseen("it shows no message at all")


def sendable(payload: Payload) -> Payload:
    """Return a rendered payload as the body of a message."""
    apart = ("thread_name", "news")
    return {key: value for key, value in payload.items() if key not in apart} | {"allowed_mentions": NOBODY}


def _news(envelope: Envelope) -> Payload:
    """Return the body of a delivery's message that is begun: a line of text, with its reference."""
    reference = components.waiting(envelope.uuid[:_REFERENCE])
    return {"content": envelope.payload["news"], "components": reference, "allowed_mentions": NOBODY}


def _referred(envelope: Envelope) -> Payload:
    """Return the body of a delivery's message, with its reference."""
    body, reference = sendable(envelope.payload), envelope.uuid[:_REFERENCE]
    return body | {"components": components.signed(body["components"], reference)}


def _unseen(answer: Response) -> Unseen:
    passing = answer.status in (401, 429) or answer.status >= 500 or answer.code in (None, _BLOCKED)
    return Unseen(str(answer), (answer.retry_after or _WAIT) if passing else None)


def _outcome(answer: Response) -> Outcome:
    if answer.done:
        is_message = isinstance(answer.body, dict) and "id" in answer.body
        return Sent(str(answer.body["id"])) if is_message else Unknown(f"{answer} without a message")
    if answer.status == 429:
        return NotSent(str(answer), answer.retry_after or _WAIT, "platform" if _of_all(answer) else "channel")
    if answer.status >= 500 or answer.status == 408:
        return Unknown(str(answer))
    if answer.status == 401:
        return NotSent(str(answer), _REFUSED_WAIT, "platform")
    if answer.code is None or answer.code == _BLOCKED:
        # A proxy's answer: it did not reach Discord, and nothing else would.
        return NotSent(str(answer), answer.retry_after or _WAIT, "platform")
    return Rejected(str(answer))


def _of_all(answer: Response) -> bool:
    """Whether a rate limit is that of the whole bot: Discord's global one, or that of the proxy before it."""
    return not isinstance(answer.body, dict) or bool(answer.body.get("global"))
