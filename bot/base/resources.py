"""Where the starter content is, and the user's own folder, which begins with it.

`seeds/` and `config/` stand beside a checkout's packages, or inside an installed one.
"""

from pathlib import Path

_BOT = Path(__file__).parents[1]


def starter(name: str) -> Path:
    """Return a folder of the starter content: "config" or "seeds"."""
    installed = _BOT / "starter" / name
    return installed if installed.is_dir() else _BOT.parent / name


def own_config(starting_with: Path) -> Path:
    """Return the user's own folder of configuration files; a new one begins with copies of these."""
    from shutil import copytree

    from platformdirs import user_config_path

    own = user_config_path("briefbot")
    if not own.is_dir():
        copytree(starting_with, own)
        listed = own / "sources.yaml"  # its paths are relative to where it stood
        if listed.exists():
            text = listed.read_text(encoding="utf-8")
            listed.write_text(text.replace("../seeds", str(starter("seeds"))), encoding="utf-8")
    return own
