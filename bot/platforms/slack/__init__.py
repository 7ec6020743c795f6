"""Slack, in one workspace by Socket Mode or in many by HTTP: the only home of slack_bolt and slack_sdk.

platform     what the bot knows of it
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
