"""Discord: the only home of discord.py.

platform   what the bot knows of it
tree       command definitions → slash commands with typed options, in three languages
adapter    gateway events → the dispatcher → answers
transport  digests → channels, threads and forums
rest       one request, one attempt, and what is known of it
"""
