"""The bot in Slack's workspaces: one, or all that installed it; and digests out into the right one."""

from collections.abc import Awaitable, Callable
from functools import partial

from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.group_commit import GroupCommit
from bot.delivery.transport import Envelope, NotSent, Outcome, Rejected, Sight, Sought, Unseen
from bot.platforms.slack.answers import Answers
from bot.platforms.slack.api import API_URL, web_client
from bot.platforms.slack.files import Files
from bot.platforms.slack.transport import IntoSlack, SlackTransport
from bot.platforms.slack.workspace import Workspace
from briefs.errors import BriefsError
from briefs.models import Channel
from briefs.store.installations import Installation, Installations

PLATFORM = "slack"
UNINSTALLED = "app_uninstalled"

_WAIT = 60.0  # seconds until a token that cannot be read now is asked for again


class Team:
    """The bot in one workspace: its client, what it knows of the people there, and its ways out."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.workspace = Workspace(client)
        self.transport = SlackTransport(client)
        self.files = Files(client)
        self.answers = Answers(client, self.transport, self.files)
        self.readable = True  # whether it was given the scopes to look for what it posted


# Gives the bot in the workspace of this id; None where it is not installed. May raise BriefsError.
TeamOf = Callable[[str], Awaitable[Team | None]]


class Teams:
    """The bot in every workspace that installed it.

    What is kept of one is thrown away when its token changes: another process may have seen it installed anew.
    """

    def __init__(self, installations: Installations, api_url: str = API_URL) -> None:
        self._api_url = api_url
        self._known: dict[str, Team] = {}
        self._find = GroupCommit(partial(installations.find_all, PLATFORM))  # Slack waits for it

    async def of(self, team_id: str) -> Team | None:
        """Return the bot in a workspace."""
        installed = await self._installed(team_id)
        if installed is None:
            self._known.pop(team_id, None)
            return None
        known = self._known.get(team_id)
        if known is None or known.client.token != installed.token:
            known = self._known[team_id] = Team(web_client(installed.token, self._api_url))
            known.transport.site = installed.site or ""
        return known

    async def identity(self, team_id: str) -> AuthorizeResult | None:
        """Return who the bot is in a workspace, as Bolt wants to know it."""
        installed = await self._installed(team_id)
        if installed is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_id=installed.bot_id,
            bot_user_id=installed.bot_user,
            bot_token=installed.token,
        )

    async def _installed(self, team_id: str) -> Installation | None:
        if not (team_id.isascii() and team_id.isalnum()):
            return None  # it is no id, and who is found in one trip with it is to be found all the same
        found = await self._find(team_id)
        if isinstance(found, BriefsError):
            raise found
        return found

    def site(self, team_id: str) -> str:
        """Return the workspace's own address, as far as it is known here."""
        known = self._known.get(team_id)
        return known.transport.site if known else ""


class TeamsTransport(IntoSlack):
    """A way into the channels of many workspaces; see `bot.delivery.transport` for what it promises."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams

    def permalink(self, channel: Channel, reference: str) -> str | None:
        """Return the address of a message; None before anything was said in its workspace."""
        site = self._teams.site(channel.workspace)
        return f"{site}archives/{channel.id}/p{reference.replace('.', '')}" if site else None

    async def send(self, envelope: Envelope) -> Outcome:
        """Post one message, once, in the name of its workspace."""
        try:
            team = await self._teams.of(envelope.channel.workspace)
        except BriefsError as error:  # the operator's trouble, not the channel's: nothing of it is paused
            return NotSent(str(error), _WAIT, "workspace")
        return Rejected(UNINSTALLED) if team is None else await team.transport.send(envelope)

    async def called(self, channel: Channel) -> str | None:
        """Return a channel's name as people write it."""
        try:
            team = await self._teams.of(channel.workspace)
        except BriefsError:
            return None
        return await team.transport.called(channel) if team else None

    async def look(self, sought: Sought) -> Sight:
        """Look for a delivery in its workspace."""
        try:
            team = await self._teams.of(sought.channel.workspace)
        except BriefsError as error:
            return Unseen(str(error), _WAIT)
        return Unseen(UNINSTALLED) if team is None else await team.transport.look(sought)
