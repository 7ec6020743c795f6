"""Languages by their names, in English, French, Chinese and themselves → codes."""

import re
from collections.abc import Sequence
from functools import cache

from briefs.errors import UsageError
from briefs.languages import LANGUAGES, SERVED
from briefs.text.terms import fold

_NAMED_IN = ("en", "fr", "zh")


@cache
def language_names() -> dict[str, str]:
    """Return the code of each language that is served, by its folded names."""
    from babel import Locale  # slow to import

    names = {code: code for code in SERVED}
    for locale in map(Locale.parse, _NAMED_IN):
        names |= {fold(locale.languages[code]): code for code in SERVED if code in locale.languages}
    for code in SERVED:
        names[fold(Locale.parse(code).languages.get(code, code))] = code
    return names | {fold(name): pack.code for pack in LANGUAGES.values() for name in pack.names}


def named_language(text: str, among: Sequence[str] = SERVED) -> str:
    """Return the code of a language by its code or name. Raises UsageError."""
    typed = " ".join(fold(text).split())
    code = language_names().get(typed) or language_names().get(re.split("[-_]", typed)[0])
    if code is None or code not in among:
        raise UsageError(
            "“{word}” is not one of the languages I know: {languages}.", word=text, languages=", ".join(among)
        )
    return code
