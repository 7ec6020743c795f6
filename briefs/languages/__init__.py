"""The languages that articles are read in, each in a file of its own; `pack.py` says what such a file holds."""

from collections.abc import Mapping

from briefs.languages import ar, de, en, es, fr, it, ja, ko, nl, pt, ru, zh
from briefs.languages.pack import LanguagePack

LANGUAGES: Mapping[str, LanguagePack] = {
    module.PACK.code: module.PACK for module in (en, fr, zh, de, es, it, pt, nl, ru, ar, ja, ko)
}
SERVED: tuple[str, ...] = tuple(LANGUAGES)
