"""Slack, in one workspace by Socket Mode or in many by HTTP: the only home of slack_bolt and slack_sdk.

adapter      one workspace
connection   its Socket Mode connection, kept
http         many workspaces: what Slack calls
installing   how they install the bot
team         the bot in a workspace, and digests into the right one
listening    what people do → dispatcher → answers
answers      replies, to the asker or the channel
workspace    what Slack knows of people and channels
transport    digests out
api          the client and its errors
"""

from bot.platforms.slack.adapter import SlackAdapter
from bot.platforms.slack.api import API_URL, SCOPES
from bot.platforms.slack.http import SlackHttpAdapter
from bot.platforms.slack.transport import SlackTransport

__all__ = ["API_URL", "SCOPES", "SlackAdapter", "SlackHttpAdapter", "SlackTransport"]
