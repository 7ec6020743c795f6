"""Addresses without the secrets that stand in them: what people, logs and other programs may see.

Two places of an address hold secrets: before its host (https://ann:password@…), and in the values of its query. A
value is taken for one by its name (token, key, password, signature …) or by its shape (a long hexadecimal number, a
JSON web token, a run of letters and digits that is no word).
"""

from __future__ import annotations

import re

MASK = "…"

# What stands before the host, also where a password has a slash in it that should have been written as %2F.
_USER = re.compile(
    rf"(?<=://)(?!{MASK}@)(?:[^\s/?#@]{{0,300}}@)+|(?<=://)[^\s/?#@:]{{0,100}}:(?!\d{{1,5}}[/?#])[^\s@]{{0,300}}@"
)
_NAMED = r"""
    [\w.\[\]%-]{0,60}?
    (?: token|secret|passw|passphrase|passcode|pwd|auth(?!or)|credential|signature|session|ticket|jwt|api[-_.]?key )
    [\w.\[\]%-]{0,60}
  | [\w.-]{0,60}key | pass | pw | sig | sid | pin
"""
_SHAPED = r"""
    (?:[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12} | [0-9a-fA-F]{24,}) (?![\w%-])
  | eyJ[\w-]{8,}\.[\w.-]+
  | (?=[^\s&;\#]{0,200}\d) (?=[^\s&;\#]{0,200}[a-z]) (?=[^\s&;\#]{0,200}[A-Z]) [\w+/=~]{20,}
  | (?=[a-z]{0,200}\d) [a-z0-9]{24,} (?![\w%-])
"""
_VALUE = re.compile(
    rf"""(?P<before>[?&;\#](?:amp;)?) (?: (?P<named>(?i:{_NAMED}))=(?!{MASK})[^\s&;\#"'<>”»]+
         | (?P<shaped>[\w.\[\]%-]{{1,100}})=(?:{_SHAPED})[^\s&;\#"'<>”»]* )""",
    re.VERBOSE,
)


def masked(text: str, mask: str = MASK) -> str:
    """Return a text in which every address is without its secrets; the rest of it stays as it is.

    An address stays one: its host and the names of its query are there. What is masked already does not change.
    """
    if "://" in text:
        text = _USER.sub(f"{mask}@", text)
    return _VALUE.sub(lambda found: f"{found['before']}{found['named'] or found['shaped']}={mask}", text)


def without_secrets(address: str) -> str:
    """Return an address as somebody would type it who has no secret: without the user, and without such values."""
    bare = re.sub(rf"(?<=://){MASK}@", "", masked(address))
    bare = re.sub(rf"(?<=[?&])[^?&#=]+={MASK}(?:&|(?=#|$))", "", bare)
    return re.sub(r"[?&](?=#|$)", "", bare)


def is_secret(address: str) -> bool:
    """Whether an address holds a secret."""
    return masked(address) != address
