"""What people do in Slack without typing: App Home, modals and message shortcuts → the dispatcher → views.

press, shortcut ── acknowledged at once ──→ a modal within the trigger's three seconds, "…" if composing takes longer
submission ──→ saved ──┬── said in the channel, the modal closes ── Home is drawn anew, where it was opened there
                       ├── said in the modal, where it is for who saves; what all are told beside it, in their channel
                       └── its errors, in the modal, which stays
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import replace
from html import unescape
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp, AsyncBoltContext

from bot.base.form import Form
from bot.base.reply import Reply, StoryItem
from bot.commands import Asked, Dispatcher
from bot.platforms.slack import views
from bot.platforms.slack.answers import Where
from bot.platforms.slack.api import ERRORS, error_code
from bot.platforms.slack.team import Team
from bot.platforms.slack.views import View

_log = logging.getLogger(__name__)

T = TypeVar("T")
Ack = Callable[..., Awaitable[Any]]
Asking = Callable[[], Awaitable[Asked]]  # finds out who asks, and where: Slack may take its time to say
# Does something in the name of who asked, once, in the bot of their workspace.
Serve = Callable[[Where, Callable[[Team, Asking], Awaitable[None]]], Coroutine[Any, Any, None]]

_Shown = dict[str, Any]  # what an acknowledgement of a submission carries

RELATED, FOLLOW = "related", "follow"  # callback ids of the message shortcuts
_AT_ONCE = 0.5  # seconds: a trigger is good for 3, an acknowledgement has to come within 3, and a network lies between
_LINK = re.compile(r"<(https?://[^|>\s]+)")
_IN_A_LINE = frozenset({"pause", "resume"})  # what is said in a line at Home; all else opens beside it


class Hands:
    """Hears of views, and draws them.

    serve: finds the asker and the bot in their workspace.
    """

    def __init__(self, dispatcher: Dispatcher, serve: Serve) -> None:
        self._dispatcher = dispatcher
        self._serve = serve
        self._last_change: dict[str, Any] = {}  # by view: what somebody did there last, while it is being drawn

    def listen(self, app: AsyncApp) -> None:
        """Hear what this app receives."""
        app.event("app_home_opened")(self._on_home)
        app.view(views.FORM)(self._on_submission)
        app.view(views.PAGE)(_on_read)
        app.action(re.compile(rf"^(?:{views.FIELD}\.\w+|{views.REDRAW}\.0)$"))(self._on_change)
        app.options(re.compile(rf"^{views.FIELD}\.\w+$"))(self._on_search)
        app.action(f"{views.LOOK}.0")(self._on_look_up)
        app.shortcut({"callback_id": RELATED, "type": "message_action"})(self._on_related)
        app.shortcut({"callback_id": FOLLOW, "type": "message_action"})(self._on_follow)

    # ------------------------------------------------------------ Home

    async def _on_home(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        if event.get("tab") != "home":
            return
        where = Where(event["user"], event["user"], context.team_id or "", body["event_id"])
        await self._serve(where, lambda team, asking: self._publish(team, asking, ""))

    async def pressed_at_home(self, where: Where, action: str, value: str, page: str) -> None:
        """Do what a button of Home says, and draw Home anew; what is more than a line opens beside it."""

        async def work(team: Team, asking: Asking) -> None:
            if action == "home":
                await self._publish(team, asking, value)
            elif action in _IN_A_LINE:
                reply = await self._dispatcher.press(await asking(), action, value)
                await self._publish(team, asking, page, reply.summary)
            else:
                await self.open(team, where, asking, lambda asked: self._dispatcher.press(asked, action, value))

        await self._serve(where, work)

    async def _on_look_up(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        words = body["actions"][0].get("value") or ""
        where = _of_view(body, context, body["user"]["id"])

        def look_up(asked: Asked) -> Awaitable[Reply]:
            return self._dispatcher.call(asked, "search", {"query": words})

        await self._serve(where, lambda team, asking: self.open(team, where, asking, look_up))

    async def _publish(self, team: Team, asking: Asking, page: str, note: str = "") -> None:
        asked = await asking()
        reply = await self._dispatcher.press(asked, "home", page)
        await _called(team, "views.publish", user_id=asked.user, view=views.home_view(reply, page, note))

    # ------------------------------------------------------------ modals

    async def open(
        self, team: Team, where: Where, asking: Asking, compose: Callable[[Asked], Awaitable[Reply]]
    ) -> None:
        """Open what is composed for who asks, or at first "…", while the trigger is good."""

        async def composed() -> Reply:
            return await compose(await asking())

        task = asyncio.create_task(composed())
        if await _soon(task):
            await self.show(team, where, await task)
            return
        opened = await _called(team, "views.open", trigger_id=where.trigger, view=views.loading_view())
        view = _drawn(await task, where)
        if opened is not None:
            await _called(team, "views.update", view_id=opened["id"], view=view)

    async def show(self, team: Team, where: Where, reply: Reply) -> bool:
        """Open a reply as a modal; False: Slack did not take it, most often because it was too late."""
        return await _called(team, "views.open", trigger_id=where.trigger, view=_drawn(reply, where)) is not None

    async def _on_change(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        view, kept = body["view"], views.Kept.of(body["view"])

        async def work(team: Team, asking: Asking) -> None:
            form = await self._dispatcher.form(await asking(), kept.name, kept.subject, views.values_of(view))
            is_last = self._last_change.get(view["id"]) is body
            if isinstance(form, Form) and is_last:  # else what is wrong is said when it is saved
                # By no hash: whoever changes two fields at once has drawn the first by then, and means the second.
                await _called(team, "views.update", view_id=view["id"], view=views.form_view(form, kept.channel))

        self._last_change[view["id"]] = body
        try:
            await self._serve(_of_view(body, context, kept.channel), work)
        finally:
            if self._last_change.get(view["id"]) is body:
                del self._last_change[view["id"]]

    async def _on_search(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        kept, field = views.Kept.of(body["view"]), body["block_id"]
        offers: list[Any] = []

        async def work(team: Team, asking: Asking) -> None:
            offers.extend(await self._dispatcher.offer(await asking(), kept.name, field, body.get("value") or ""))

        # Without a trigger, as nothing is done; what cannot be found in time is offered at the next letter.
        where = replace(_of_view(body, context, kept.channel), trigger="")
        try:
            async with asyncio.timeout(_AT_ONCE):
                await self._serve(where, work)
        except TimeoutError:
            _log.warning("what may be chosen was not found in time")
        await ack(options=views.options_of(offers))

    async def _on_submission(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        where = _of_view(body, context, views.Kept.of(body["view"]).channel)
        answer: asyncio.Future[_Shown] = asyncio.get_running_loop().create_future()
        saving = asyncio.create_task(
            self._serve(where, lambda team, asking: self._save(team, asking, where, body["view"], answer))
        )
        first: set[asyncio.Future[Any]] = {answer, saving}
        await asyncio.wait(first, timeout=_AT_ONCE, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            await ack(**answer.result())
        elif saving.done():  # it came twice, or the bot is not there any more
            await ack()
        else:
            answer.cancel()  # what comes of it is drawn when it is known
            await ack(response_action="update", view=views.loading_view())
        await saving

    async def _save(self, team: Team, asking: Asking, where: Where, view: View, answer: asyncio.Future[_Shown]) -> None:
        kept, asked = views.Kept.of(view), await asking()
        saved = await self._dispatcher.submit(asked, kept.name, kept.subject, views.values_of(view))
        at_home, beside, shown = kept.channel == asked.user, False, _Shown()  # the modal closes
        if isinstance(saved, Form):
            drawn = views.form_view(saved, kept.channel)
            shown = {"response_action": "errors", "errors": views.errors_of(saved)}
        else:
            drawn = views.page_view(saved)
            beside = asked.reachable and not at_home and _has_menus(saved)
            at_home = at_home and (saved.channel or saved.told) is not None
            is_told = saved.then or beside or at_home or (saved.channel is not None and saved.public)
            if not is_told:  # to nobody else: it is told here
                shown = {"response_action": "update", "view": drawn}
        if answer.cancelled():
            await _called(team, "views.update", view_id=view["id"], view=drawn)
        else:
            answer.set_result(shown)
        if isinstance(saved, Reply):
            if saved.public or saved.then or beside:
                await team.answers.give(where, saved)
            elif saved.told:
                await team.answers.give(where, saved.told)
            if at_home:
                await self._publish(team, asking, "", saved.summary)

    # ------------------------------------------------------------ shortcuts

    async def _on_related(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        message = body["message"]
        under = message.get("thread_ts") or message["ts"]
        text = message.get("text") or ""
        await self._of_message(body, context, lambda asked: self._dispatcher.related(asked, text, under))

    async def _on_follow(self, ack: Ack, body: dict[str, Any], context: AsyncBoltContext) -> None:
        await ack()
        links = list(_links(body["message"]))
        await self._of_message(body, context, lambda asked: self._dispatcher.links(asked, links))

    async def _of_message(
        self, body: dict[str, Any], context: AsyncBoltContext, compose: Callable[[Asked], Awaitable[Reply]]
    ) -> None:
        where = Where(
            body["channel"]["id"],
            body["user"]["id"],
            context.team_id or "",
            body["trigger_id"],
            body.get("response_url"),
        )

        async def work(team: Team, asking: Asking) -> None:
            await team.answers.give(where, await compose(await asking()))

        await self._serve(where, work)


def _links(told: Any) -> Iterator[str]:
    """Yield the addresses that a message links to: those of its blocks and attachments, and those of its text."""
    if isinstance(told, list):
        for one in told:
            yield from _links(one)
    elif isinstance(told, dict):
        yield from (
            told[name] for name in ("url", "title_link", "from_url") if str(told.get(name, "")).startswith("http")
        )
        yield from (unescape(link) for link in _LINK.findall(str(told.get("text", ""))))
        yield from _links([told[name] for name in ("blocks", "elements", "text", "attachments") if name in told])


def _has_menus(reply: Reply) -> bool:
    """Whether there are stories in a reply with which something can be done: in a channel, not in a modal."""
    return any(isinstance(part, StoryItem) and part.menu for part in reply.parts)


async def _on_read(ack: Ack) -> None:
    await ack()


async def _soon(task: asyncio.Future[T]) -> bool:
    """Wait a moment for something; False: it takes longer."""
    return bool((await asyncio.wait({task}, timeout=_AT_ONCE))[0])


def _of_view(body: dict[str, Any], context: AsyncBoltContext, channel: str) -> Where:
    return Where(channel, body["user"]["id"], context.team_id or "", body.get("trigger_id") or "")


def _drawn(reply: Reply, where: Where) -> View:
    return views.form_view(reply.form, where.channel) if reply.form else views.page_view(reply)


async def _called(team: Team, method: str, **body: Any) -> dict[str, Any] | None:
    """Call a method of views; give the view that stands now, None where Slack did not take it."""
    try:
        answer = await team.client.api_call(method, json=body)
        return dict(answer["view"])
    except ERRORS as error:
        code = error_code(error)
    if code != "not_found":  # else it was closed meanwhile
        _log.warning("Slack did not take %s: %s", method, code)
    return None
