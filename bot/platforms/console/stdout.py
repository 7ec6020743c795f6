"""Standard output as a place to read replies on."""

from __future__ import annotations

import os
import shutil
import sys
from typing import Any

from bot.base.reply import Reply
from bot.platforms.console.terminal import render

WIDEST = 100  # columns: longer lines are hard to read


def layout() -> dict[str, Any]:
    """Give how a reply is laid out on standard output: in bold and with links where that is a terminal."""
    looks = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return {"width": min(shutil.get_terminal_size().columns, WIDEST), "links": looks, "style": looks}


def shown(reply: Reply) -> str:
    """Lay a reply out for standard output."""
    return render(reply, **layout())
