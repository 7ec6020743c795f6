"""Telegram: a public channel, which has no feed of its own."""

from __future__ import annotations

from urllib.parse import SplitResult

from briefs.discovery.shapes.port import Shape, none, steps


def _bridged(parts: SplitResult) -> str:
    name = next((step for step in steps(parts) if step != "s"), "")
    return f"/telegram/channel/{name}" if name else ""


TELEGRAM = Shape("Telegram", ("t.me", "telegram.me"), none, bridged=_bridged)
