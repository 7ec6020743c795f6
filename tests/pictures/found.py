"""What was found at an invented address, in the reader's language."""

from __future__ import annotations

from typing import Any

_HEADLINES = {
    "en": (
        "Harbour ferries will take contactless payment from Thursday",
        "Council votes to keep the night buses running for another year",
        "A heron has nested on the roof of the town hall",
    ),
    "fr": (
        "Les navettes du port acceptent le paiement sans contact dès jeudi",
        "Le conseil garde les bus de nuit une année de plus",
        "Un héron a fait son nid sur le toit de la mairie",
    ),
    "zh": ("港口渡轮周四起支持非接触支付", "市议会决定夜班公交再运行一年", "一只苍鹭在市政厅屋顶筑巢"),
}
_NAMES = {"en": "Harbour Gazette", "fr": "La Gazette du port", "zh": "海港日报"}


def _found(language: str, section: str, kind: str, full: bool | None) -> dict[str, Any]:
    newest = [
        {"title": title, "url": f"https://harbour.example/{number}", "published": f"2026-11-{15 - number}T08:30:00Z"}
        for number, title in enumerate(_HEADLINES[language])
    ]
    return {
        "kind": kind,
        "address": f"https://harbour.example/{section}",
        "title": _NAMES[language],
        "language": language,
        "entries": 20,
        "newest": newest,
        "full": full,
        "a_week": 18.7,
        "topics": {"interop": 2, "Open links": 0},
    }


FOUND = {
    language: (_found(language, "feed.xml", "feed", False), _found(language, "news", "list", None))
    for language in _HEADLINES
}
