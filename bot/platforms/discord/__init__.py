"""Discord: the only home of discord.py.

tree       command definitions → slash commands with typed options, in three languages
adapter    gateway events → the dispatcher → answers
transport  digests → channels, threads and forums
rest       one request, one attempt, and what is known of it
"""

from bot.platforms.discord.adapter import DiscordAdapter
from bot.platforms.discord.transport import DiscordTransport

__all__ = ["DiscordAdapter", "DiscordTransport"]
