"""Where the starter content is: `seeds/` and `config/`, beside a checkout's packages or inside an installed one."""

from __future__ import annotations

from pathlib import Path

_BOT = Path(__file__).parents[1]


def starter(name: str) -> Path:
    """Return a folder of the starter content: "config" or "seeds"."""
    installed = _BOT / "starter" / name
    return installed if installed.is_dir() else _BOT.parent / name
