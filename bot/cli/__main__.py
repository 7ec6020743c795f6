"""`python -m bot.cli` is `briefbot`."""

from bot.cli import main

main()
