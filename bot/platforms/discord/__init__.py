"""Discord: the only home of discord.py.

platform      what the bot knows of it
tree          command definitions → slash commands with typed options, in three languages
client        the gateway, and which commands Discord has
adapter       gateway events → the dispatcher → answers
asking        who asks, and where
menu, modal   what is chosen under stories, and forms
conversation  one interaction and its answer
components    replies → messages
markdown      strangers' text, so that nothing in it is live
transport     digests → channels, threads and forums
rest          one request, one attempt, and what is known of it
"""
