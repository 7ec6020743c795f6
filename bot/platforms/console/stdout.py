"""Standard output as a place to read replies on."""

from __future__ import annotations

import os
import shutil
import sys

from bot.base.reply import Reply
from bot.platforms.console.terminal import render

WIDEST = 100  # columns: longer lines are hard to read


def shown(reply: Reply) -> str:
    """Lay a reply out for standard output: in bold and with links where that is a terminal."""
    looks = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return render(reply, width=min(shutil.get_terminal_size().columns, WIDEST), links=looks, style=looks)
