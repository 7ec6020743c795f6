"""What a fake Slack workspace holds, and how its Web API answers: no sockets, no envelopes."""

from __future__ import annotations

import html
import itertools
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.ledger import Ledger
from tests.fakes.slack_limits import refusal
from tests.fakes.slack_views import STACKED, TRIGGER_SECONDS, FakeView, ViewError

Json = dict[str, Any]

SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,groups:read,im:history,im:read,"
    "users:read"
)


@dataclass
class FakeUser:
    """A person in the workspace."""

    name: str
    locale: str = "en-US"
    is_admin: bool = False
    team: str = ""  # another workspace than this one: somebody in a shared channel
    is_guest: bool = False
    zone: str = "Europe/Paris"


@dataclass
class FakeChannel:
    """A conversation: "C…" is a channel, "D…" a direct conversation with the bot."""

    name: str
    members: set[str] = field(default_factory=set)
    bot: bool = True
    private: bool = False
    archived: bool = False
    messages: list[Json] = field(default_factory=list)


@dataclass(frozen=True)
class Shown:
    """A message as somebody sees it. only_to: who alone sees it, or None for the whole channel."""

    channel: str
    message: Json
    only_to: str | None

    @property
    def text(self) -> str:
        """All that can be read in it, a line for each block."""
        blocks = self.message.get("blocks")
        return "\n".join(map(readable, blocks)) if blocks else html.unescape(self.message.get("text", ""))

    @property
    def ts(self) -> str:
        return str(self.message["ts"])

    @property
    def thread(self) -> str | None:
        return self.message.get("thread_ts")

    @property
    def undoes(self) -> bool:
        """Whether all can take something back by it."""
        return self.only_to is None and any(one["action_id"].startswith("revert") for one in self._buttons)

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons."""
        return [button["text"]["text"] for button in self._buttons]

    def button(self, label: str, nth: int = 1) -> Json:
        """Give the nth of its buttons with this label, action id ("why.0") or action ("why")."""
        return [button for button in self._buttons if label in _names(button)][nth - 1]

    @property
    def _buttons(self) -> list[Json]:
        """What can be pressed; each option of a menu is one, as Slack hands it over once it is chosen."""
        elements = [
            element
            for block in self.message.get("blocks", [])
            for element in (*block.get("elements", []), block.get("accessory", {}))
        ]
        menus = [element for element in elements if element.get("type") == "overflow"]
        return [element for element in elements if element.get("type") == "button"] + [
            {"type": "overflow", "action_id": menu["action_id"], "text": option["text"], "selected_option": option}
            for menu in menus
            for option in menu["options"]
        ]


class RefusedError(Exception):
    """The API says `ok: false` with this code."""


class FakeWorkspace:
    """Channel C1 "general" with the bot in it, C2 "elsewhere" without, D1 with U1 alone; people U1 and U2."""

    bot_token = "xoxb-fake-bot-token"
    app_token = "xapp-fake-app-token"
    team = "T1"
    bot_user = "UBOT"
    bot_id = "B1"

    def __init__(self) -> None:
        self.ledger = Ledger("slack")
        self.scopes = SCOPES
        self.users = {"U1": FakeUser("ann"), "U2": FakeUser("bob")}
        self.channels = {
            "C1": FakeChannel("general", {"U1", "U2"}),
            "C2": FakeChannel("elsewhere", {"U1"}, bot=False),
            "D1": FakeChannel("", {"U1"}),
        }
        self.shown: list[Shown] = []
        self.modals: list[FakeView] = []  # in the order that they were opened
        self.homes: dict[str, FakeView] = {}  # by who has it before them
        self.trigger_seconds = TRIGGER_SECONDS
        self.files: dict[str, tuple[str, bytes]] = {}
        self.uploads: dict[str, tuple[str, int]] = {}
        self.files_at = ""  # where files stand
        self._triggers: dict[str, tuple[str, float]] = {}
        self._exchanged: set[str] = set()
        self._numbers = itertools.count(1)
        self._methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": self._conversation,
            "conversations.list": self._conversations,
            "conversations.members": self._members,
            "users.conversations": self._conversations_of,
            "files.completeUploadExternal": self._complete_upload,
            "files.getUploadURLExternal": self._upload_address,
            "users.info": self._user,
            "views.open": self._open_view,
            "views.publish": self._publish_view,
            "views.update": self._update_view,
        }

    def visible_to(self, user: str, channel: str) -> list[Shown]:
        """Give everything that this person sees in a channel, in order."""
        return [s for s in self.shown if s.channel == channel and s.only_to in {None, user}]

    def call(self, method: str, body: Json) -> Json:
        """Do what a method does; raise `RefusedError` with Slack's code where Slack would not."""
        if method not in self._methods:
            raise RefusedError("unknown_method")
        return self._methods[method](body)

    def respond(self, method: str, channel: str, user: str, body: Json) -> None:
        """Show what came by a command's own address: to the channel, or to who gave the command."""
        _check(body)
        if body.get("response_type") == "in_channel":
            message = self._stored(channel, body, user=self.bot_user, bot=True)
            self.ledger.append(method, channel, body, message)
            self.shown.append(Shown(channel, message, None))
        else:
            self._ephemeral(method, channel, user, body)

    # ------------------------------------------------------------ methods

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": "https://fake.slack.com/",
            "team": "Fake",
            "user": "briefbot",
            "team_id": self.team,
            "user_id": self.bot_user,
            "bot_id": self.bot_id,
            "is_enterprise_install": False,
        }

    def _post_message(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        thread = body.get("thread_ts")
        if thread is not None and thread not in {m["ts"] for m in self.channels[channel].messages}:
            raise RefusedError("invalid_thread_ts")
        message = self._stored(channel, body, user=self.bot_user, bot=True)
        self.ledger.append("chat.postMessage", channel, body, message)
        self.shown.append(Shown(channel, message, None))
        return {"channel": channel, "ts": message["ts"], "message": message}

    # Files: docs.slack.dev/messaging/working-with-files. An upload has three steps, the second outside of the API;
    # whoever gets a file by its `url_private` shows the token of an app with files:read.

    def has_file(self, name: str, content: bytes, **told: Any) -> Json:
        """Let a person have a file; give it as messages tell of it."""
        number = f"F{next(self._numbers)}"
        self.files[number] = (name, content)
        address = f"{self.files_at}/files-pri/{self.team}-{number}/{name}"
        return {"id": number, "name": name, "size": len(content), "url_private": address, "mode": "hosted"} | told

    def _upload_address(self, body: Json) -> Json:
        if "files:write" not in self.scopes:
            raise RefusedError("missing_scope")
        if not body.get("filename") or int(body.get("length") or 0) < 1:
            raise RefusedError("invalid_arguments")
        number = f"F{next(self._numbers)}"
        self.uploads[number] = (body["filename"], int(body["length"]))
        return {"upload_url": f"{self.files_at}/upload/v1/{self.team}-{number}", "file_id": number}

    def take_upload(self, number: str, content: bytes) -> None:
        """Take the bytes of a file whose upload was begun."""
        name, length = self.uploads[number]
        if len(content) == length:
            self.files[number] = (name, content)

    def _complete_upload(self, body: Json) -> Json:
        told = body["files"] if isinstance(body["files"], list) else json.loads(body["files"])
        if any(one["id"] not in self.files for one in told):
            raise RefusedError("file_not_found")
        if body.get("channel_id") not in self.channels:  # a person's id is none
            raise RefusedError("channel_not_found")
        message = self._stored(body["channel_id"], {"text": body.get("initial_comment")}, user=self.bot_user, bot=True)
        message["files"] = [{"id": one["id"], "name": self.files[one["id"]][0]} for one in told]
        self.ledger.append("files.completeUploadExternal", body["channel_id"], body, message)
        self.shown.append(Shown(body["channel_id"], message, None))
        return {"files": [{"id": one["id"], "title": one.get("title")} for one in told]}

    def _post_ephemeral(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        user = body.get("user", "")
        if user not in self.channels[channel].members:
            raise RefusedError("user_not_in_channel")
        self._ephemeral("chat.postEphemeral", channel, user, body)
        return {"message_ts": self._ts()}

    def _update(self, body: Json) -> Json:
        channel = self._postable(body)
        _check(body)
        for message in self.channels[channel].messages:
            if message["ts"] == body.get("ts") and message.get("bot_id") == self.bot_id:
                message.update({key: body[key] for key in ("text", "blocks", "metadata") if key in body})
                self.ledger.append("chat.update", channel, body, message)
                return {"channel": channel, "ts": message["ts"], "message": message}
        raise RefusedError("message_not_found")

    def _history(self, body: Json) -> Json:
        messages = [message for message in reversed(self._readable(body)) if not message.get("thread_ts")]
        return self._page(messages, body)

    def _replies(self, body: Json) -> Json:
        thread = body.get("ts")
        messages = self._readable(body)
        if thread not in {message["ts"] for message in messages}:
            raise RefusedError("thread_not_found")
        return self._page([message for message in messages if message.get("thread_ts") == thread], body)

    def _readable(self, body: Json) -> list[Json]:
        channel = self._seen(body)
        if not channel.bot:
            raise RefusedError("not_in_channel")
        return channel.messages

    def _page(self, messages: list[Json], body: Json) -> Json:
        oldest, latest = float(body.get("oldest") or 0), float(body.get("latest") or "inf")
        inclusive = _true(body.get("inclusive"))
        found = [
            message
            for message in messages
            if oldest < float(message["ts"]) < latest or (inclusive and float(message["ts"]) in {oldest, latest})
        ]
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 100)
        page = found[start : start + limit]
        if not _true(body.get("include_all_metadata")):
            page = [{key: value for key, value in message.items() if key != "metadata"} for message in page]
        more = start + limit < len(found)
        cursor = {"response_metadata": {"next_cursor": str(start + limit)}} if more else {}
        return {"messages": page, "has_more": more, **cursor}

    def _conversation(self, body: Json) -> Json:
        return {"channel": self._described(body["channel"], self._seen(body))}

    def _conversations(self, body: Json) -> Json:
        kinds = str(body.get("types", "public_channel")).split(",")
        described = [
            self._described(name, channel)
            for name, channel in self.channels.items()
            if name.startswith("C")
            and (channel.bot or not channel.private)
            and ("private_channel" if channel.private else "public_channel") in kinds
            and not (channel.archived and _true(body.get("exclude_archived")))
        ]
        return {"channels": described, "response_metadata": {"next_cursor": ""}}

    def _conversations_of(self, body: Json) -> Json:
        """The conversations that a person is in, of those that the bot may know of; archived ones too."""
        kinds = str(body.get("types", "public_channel")).split(",")
        described = [
            {key: value for key, value in self._described(name, channel).items() if key != "is_member"}
            for name, channel in self.channels.items()
            if body.get("user") in channel.members and _kind(name, channel) in kinds
            if channel.bot or not channel.private
        ]
        return {"channels": described, "response_metadata": {"next_cursor": ""}}

    # ------------------------------------------------------------ views

    def trigger(self, user: str) -> str:
        """Give what lets a modal open before a person, once, for a moment."""
        name = f"trigger-{self.team}-{next(self._numbers)}"
        self._triggers[name] = (user, time.monotonic())
        return name

    def _open_view(self, body: Json) -> Json:
        user, since = self._triggers.get(body.get("trigger_id", ""), ("", 0.0))
        if not user:
            raise RefusedError(_trigger_error(body.get("trigger_id", "") in self._exchanged))
        if time.monotonic() - since > self.trigger_seconds:
            raise RefusedError("expired_trigger_id")
        del self._triggers[body["trigger_id"]]
        self._exchanged.add(body["trigger_id"])
        if sum(one.open and one.user == user for one in self.modals) >= STACKED:
            raise RefusedError("push_limit_reached")
        if (body.get("view") or {}).get("type") != "modal":
            raise RefusedError("invalid_arguments")
        made = _drawn(lambda: FakeView(f"V{next(self._numbers)}", user, body["view"]))
        self.modals.append(made)
        return {"view": made.payload}

    def _publish_view(self, body: Json) -> Json:
        if body.get("user_id") not in self.users or (body.get("view") or {}).get("type") != "home":
            raise RefusedError("invalid_arguments")
        home = self.homes.get(body["user_id"])
        if home is None:
            home = _drawn(lambda: FakeView(f"V{next(self._numbers)}", body["user_id"], body["view"]))
            self.homes[body["user_id"]] = home
        else:
            self._drawn_anew(home, body)
        return {"view": home.payload}

    def _update_view(self, body: Json) -> Json:
        view = next((one for one in self.modals if one.id == body.get("view_id") and one.open), None)
        if view is None:
            raise RefusedError("not_found")
        self._drawn_anew(view, body)
        return {"view": view.payload}

    def _drawn_anew(self, view: FakeView, body: Json) -> None:
        if body.get("hash") and body["hash"] != view.hash:
            raise RefusedError("hash_conflict")
        _drawn(lambda: view.show(body.get("view")))

    def _members(self, body: Json) -> Json:
        members = sorted(self._seen(body).members)
        start, limit = int(body.get("cursor") or 0), int(body.get("limit") or 100)
        after = str(start + limit) if start + limit < len(members) else ""
        return {"members": members[start : start + limit], "response_metadata": {"next_cursor": after}}

    def _user(self, body: Json) -> Json:
        user = self.users.get(body.get("user", ""))
        if user is None:
            raise RefusedError("user_not_found")
        described: Json = {
            "id": body["user"],
            "team_id": user.team or self.team,
            "name": user.name,
            "profile": {"display_name": user.name, "real_name": user.name.title()},
            "is_admin": user.is_admin,
            "is_owner": False,
            "is_restricted": user.is_guest,
            "is_ultra_restricted": False,
            "is_bot": False,
            "tz": user.zone,
        }
        if _true(body.get("include_locale")):
            described["locale"] = user.locale
        return {"user": described}

    # ------------------------------------------------------------ what they work on

    def _seen(self, body: Json) -> FakeChannel:
        """The channel that a body names, if the bot may know of it."""
        channel = self.channels.get(body.get("channel", ""))
        if channel is None or (channel.private and not channel.bot):
            raise RefusedError("channel_not_found")
        return channel

    def _postable(self, body: Json) -> str:
        if body.get("channel", "") in self.users:  # docs.slack.dev/reference/methods/chat.postMessage, "Post to a DM"
            user, body["channel"] = body["channel"], f"D{body['channel']}"
            self.channels.setdefault(body["channel"], FakeChannel(body["channel"], {user}))
        channel = self._seen(body)
        if not channel.bot:
            raise RefusedError("not_in_channel")
        if channel.archived:
            raise RefusedError("is_archived")
        return str(body["channel"])

    def _described(self, name: str, channel: FakeChannel) -> Json:
        if name.startswith("D"):
            return {"id": name, "is_im": True, "user": next(iter(channel.members))}
        return {
            "id": name,
            "name": channel.name,
            "is_member": channel.bot,
            "is_private": channel.private,
            "is_archived": channel.archived,
        }

    def _slash_name(self, channel: str) -> str:
        if channel.startswith("D"):
            return "directmessage"
        return "privategroup" if self.channels[channel].private else self.channels[channel].name

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def _stored(self, channel: str, body: Mapping[str, Any], *, user: str, bot: bool = False) -> Json:
        kept = {key: body[key] for key in ("text", "blocks", "metadata", "thread_ts") if body.get(key)}
        message: Json = {"type": "message", "ts": self._ts(), "user": user, **kept}
        if bot:
            message["bot_id"] = self.bot_id
        self.channels[channel].messages.append(message)
        return message

    def _ephemeral(self, method: str, channel: str, user: str, body: Json) -> None:
        message = {**body, "ts": self._ts()}
        self.ledger.append(method, channel, body, message)
        self.shown.append(Shown(channel, message, user))


def _kind(name: str, channel: FakeChannel) -> str:
    return "im" if name.startswith("D") else "private_channel" if channel.private else "public_channel"


def _trigger_error(was_used: bool) -> str:
    return "exchanged_trigger_id" if was_used else "invalid_trigger_id"


def _drawn(draw: Callable[[], Any]) -> Any:
    try:
        return draw()
    except ViewError as error:
        raise RefusedError(str(error)) from error


def _check(body: Json) -> None:
    wrong = refusal(body)
    if wrong is not None:
        raise RefusedError(wrong[0])


def _true(value: Any) -> bool:
    return value in {True, "1", "true", "True"}


def _names(button: Json) -> set[str]:
    chosen = button.get("selected_option", {}).get("value", button["action_id"]).partition(":")[0]
    return {button["text"]["text"], chosen, chosen.partition(".")[0]}


def readable(block: Json) -> str:
    """The words of a block, links as "text <address>"."""
    if isinstance(block.get("text"), dict):
        return readable(block["text"])
    between = "\n" if block["type"] in {"rich_text", "rich_text_list"} else " " if block["type"] == "actions" else ""
    text = block.get("text") or between.join(map(readable, block.get("elements", [])))
    text = html.unescape(re.sub(r"<[^|>]*\|([^>]*)>", r"\1", text)) if block["type"] == "mrkdwn" else text
    return f"{text} <{block['url']}>" if "url" in block else text
