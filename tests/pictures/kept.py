"""What is kept beside the pictures: of what each was drawn, its height and size; and the page of them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "pictures"
DRAWN = KEPT / "drawn.json"
LOOKED = Path(__file__).parent / "looked.md"  # what came of looking at them

_TITLES = {
    "digest": "A digest, compact (the default)",
    "digest-thread": "What its thread has",
    "digest-full": "A digest in full",
    "digest-headlines": "A digest of headlines",
    "digest-empty": "A digest with nothing new",
    "look-up": "A look-up",
    "nothing-found": "A look-up without a result",
    "shared": "A look-up that is shared",
    "shared-after": "What stands where Share was pressed",
    "why": "Why this?",
    "why-details": "Its details",
    "timeline": "Timeline",
    "wish": "More like this, noted",
    "wishes": "What readers here wish",
    "preview": "Preview of a topic",
    "subscribed": "Subscribed, twice a day",
    "subscriptions": "What a channel gets",
    "topics": "Topics",
    "topic": "A topic",
    "sources": "Sources, some in trouble",
    "settings": "Settings",
    "status": "Status",
    "help": "Help",
    "help-commands": "Commands, ten a page",
    "asked-back": "A clock of several places, asked back",
    "mistake": "A mistake",
    "no-topic": "A topic that is not there",
    "greeting": "Somebody says hello",
    "paused": "In private: a subscription is paused",
    "topic-removed": "In private: a topic was removed",
    "report": "To the operators: what is in trouble",
    "welcome": "Invited: what the bot is",
    "sample": "A sample of a digest",
    "packs": "Starter packs",
    "pack": "What is in a pack",
    "looking": "A site that is being looked at",
    "found": "What was found at its address",
    "followed": "A site is followed",
    "unfollowed": "It is followed no more",
    "sources-own": "What the workspace follows",
    "source": "One of these sources",
    "form-follow": "Form: follow a site",
    "form-search": "Form: look something up",
    "import": "A file of feeds, before it is taken",
    "audit": "Who changed what",
    "home": "Home",
    "form-subscribe": "Form: subscribe",
    "form-topic": "Form: edit a topic",
    "form-settings": "Form: settings of a channel",
    "form-move": "Form: move a subscription",
}
_LANGUAGES = {"en": "English", "fr": "Français", "zh": "中文"}
_PLATFORMS = {"slack": "Slack", "discord": "Discord"}
_HEAD = """# What people see

Every kind of message, Home and form, in three languages, 420 pixels wide: about a phone. `make pictures` draws them
with open likenesses of both platforms (`slack-blocks-to-jsx`, `@skyra/discord-components-core`) from made-up news, and
writes this page; judge height, order, noise and where the eye goes, not pixels. `drawn.json` has the outline of what
each was drawn from, and `tests/test_pictures.py` fails where the bot now builds something else.

Before stories became rows, a digest of five stories was 1,855 pixels high in Slack and 2,705 in Discord.
Heights below are in pixels, sizes in characters of the JSON of the first message.
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture. height: in pixels. size: characters of the first payload's JSON. outline: see `outline`."""

    height: int
    size: int
    outline: Sequence[str]


def read() -> dict[str, Drawn]:
    """Give what was drawn, by the pictures' names."""
    return {name: Drawn(**one) for name, one in json.loads(DRAWN.read_text(encoding="utf-8")).items()}


def write(drawn: Mapping[str, Drawn]) -> None:
    """Write it down, and the page that shows it."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(asdict(one), ensure_ascii=False)}" for name, one in sorted(drawn.items())
    ]
    DRAWN.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    (KEPT / "README.md").write_text(readme(drawn), encoding="utf-8")


def outline(payloads: Iterable[Mapping[str, Any]]) -> list[str]:
    """Give what payloads are built of, a line for each block, and the words of what can be pressed; no running text."""
    return [_outline(block) for one in payloads for block in one.get("blocks", one.get("components", ()))]


def _outline(block: Mapping[str, Any]) -> str:
    inside = [one for key in ("elements", "components") for one in block.get(key, ())]
    inside += [block[key] for key in ("accessory", "element", "component") if key in block]
    kind = str(block["type"])
    words = _words(block)
    return kind + (f"={words}" if words else "") + (f"({' '.join(map(_outline, inside))})" if inside else "")


def _words(block: Mapping[str, Any]) -> str:
    """Give what is written on a button or a field, and how many options there are."""
    label = block["text"]["text"] if block["type"] == "button" else block.get("label", "")
    label = label["text"] if isinstance(label, dict) else label
    options = len(block.get("options", ()))
    return f"{label}{f'×{options}' if options else ''}"


def readme(drawn: Mapping[str, Drawn]) -> str:
    """Give the page: a table of heights and sizes, what came of looking, then all pictures."""
    page = [_HEAD, *_table(drawn), "", LOOKED.read_text(encoding="utf-8").rstrip()]
    for name, title in _TITLES.items():
        page += ["", f"## {title}"]
        for platform, called in _PLATFORMS.items():
            shown = [f"{platform}/{name}.{language}" for language in _LANGUAGES]
            cells = [f'<img src="{one}.png" width="280" alt="{called}, {title}">' for one in shown if one in drawn]
            if cells:
                page += ["", f"| {called} · " + " | ".join(_LANGUAGES.values()) + " |", "|---|---|---|"]
                page.append(f"| {' | '.join(cells)} |")
    return "\n".join(page) + "\n"


def _table(drawn: Mapping[str, Drawn]) -> Iterator[str]:
    columns = [(platform, language) for platform in _PLATFORMS for language in _LANGUAGES]
    heads = [f"{_PLATFORMS[platform]} {language}" for platform, language in columns]
    yield f"| height / size | {' | '.join(heads)} |"
    yield "|---|" + "---:|" * len(columns)
    for name, title in _TITLES.items():
        cells = [drawn[f"{platform}/{name}.{language}"] for platform, language in columns]
        yield f"| {title} | {' | '.join(f'{one.height:,} / {one.size:,}' for one in cells)} |"
