"""Slack, by Socket Mode: the only home of slack_bolt and slack_sdk.

adapter      envelopes → desk → answers
answers      replies, to the asker or the channel
connection   one Socket Mode connection, kept
workspace    what Slack knows of people and channels
transport    digests out
api          the client and its errors
"""

from bot.adapters.slack.adapter import SlackAdapter
from bot.adapters.slack.api import API_URL, SCOPES
from bot.adapters.slack.transport import SlackTransport

__all__ = ["API_URL", "SCOPES", "SlackAdapter", "SlackTransport"]
