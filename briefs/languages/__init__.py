"""The languages that articles are read in, each in a file of its own; `pack.py` says what such a file holds."""

from collections.abc import Mapping
from importlib import import_module

from briefs.languages.pack import LanguagePack

SERVED = ("en", "fr", "zh", "de", "es", "it", "pt", "nl", "ru", "ar", "ja", "ko")
LANGUAGES: Mapping[str, LanguagePack] = {code: import_module(f"{__name__}.{code}").PACK for code in SERVED}
_NONE = LanguagePack(code="und")


def pack_of(language: str | None) -> LanguagePack:
    """Return what is known of a language: nothing of one that is none of these."""
    return LANGUAGES.get(language or "", _NONE)
