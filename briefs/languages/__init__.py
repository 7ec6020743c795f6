"""The languages that articles are read in, each in a file of its own; `pack.py` says what such a file holds."""

from collections.abc import Mapping

from briefs.languages import ar, de, en, es, fr, it, ja, ko, nl, pt, ru, zh
from briefs.languages.pack import LanguagePack

LANGUAGES: Mapping[str, LanguagePack] = {
    module.PACK.code: module.PACK for module in (en, fr, zh, de, es, it, pt, nl, ru, ar, ja, ko)
}
SERVED: tuple[str, ...] = tuple(LANGUAGES)
_NONE = LanguagePack(code="und")


def pack_of(language: str | None) -> LanguagePack:
    """Return what is known of a language: nothing of one that is none of these."""
    return LANGUAGES.get(language or "", _NONE)
