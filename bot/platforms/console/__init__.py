"""The bot in a terminal: the same commands and digests, without a network."""
