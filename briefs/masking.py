"""Addresses without the secrets that stand in them: what people, logs and other programs may see.

Three places of an address hold secrets: before its host (https://ann:password@…), the values of its query, and its
path (https://hooks.slack.com/services/…, https://example.org/feeds/…). A value is taken for one by its name (token,
key, password, signature …) or by its shape (a long hexadecimal number, a JSON web token, a run of letters and digits
that is no word); a segment of a path by its look: long, and letters, capitals and digits take turns in it as chance has
it. Numbers of articles are none: digits, UUIDs, hexadecimal numbers, slugs that end in such. Under a name like feed,
private or token these are secrets too, and so is whatever stands under hooks.
"""

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
_PATH = re.compile(r"""(?<=://)[^\s/?#"'<>”»]{1,300}/[^\s?#"'<>”»]+""")
_HOOKS = re.compile(r"(?:web)?hooks?", re.IGNORECASE)
_PRIVATE = re.compile(r"feeds?|rss|atom|private|secrets?|tokens?|keys?", re.IGNORECASE)
_KEY = re.compile(r"(?=.*\d)(?=.*[A-Za-z])(?:[A-Za-z0-9]{16,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})")
# How publishers number articles, and words with a number: "covid19", "256gb".
_ID = re.compile(r"[A-Za-z]{0,3}[0-9a-f]*|[0-9A-Z]*|\d*[A-Za-z][a-z]*\d*[a-z]{0,2}")
_TURN = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_LONG, _LONG_IF_NAMED = 24, 16  # characters of a secret in a path
_MANY = 4  # turns in one word without capitals
_ENDING = 5  # characters, as in .html


def masked(text: str, mask: str = MASK) -> str:
    """Return a text in which every address is without its secrets; the rest of it stays as it is.

    An address stays one: its host and the names of its query are there. What is masked already does not change.
    """
    text = _but_for_its_path(text, mask)
    return _PATH.sub(lambda found: _without_keys(found.group(), mask), text) if "://" in text else text


def _but_for_its_path(text: str, mask: str = MASK) -> str:
    if "://" in text:
        text = _USER.sub(f"{mask}@", text)
    return _VALUE.sub(lambda found: f"{found['before']}{found['named'] or found['shaped']}={mask}", text)


def without_secrets(address: str) -> str:
    """Return an address as somebody would type it who has no secret: without the user, and without such values.

    Its path stays: without it, it would lead nowhere.
    """
    bare = re.sub(rf"(?<=://){MASK}@", "", _but_for_its_path(address))
    bare = re.sub(rf"(?<=[?&])[^?&#=]+={MASK}(?:&|(?=#|$))", "", bare)
    return re.sub(r"[?&](?=#|$)", "", bare)


def is_secret(address: str) -> bool:
    """Whether an address holds a secret."""
    return masked(address) != address


def _without_keys(address: str, mask: str) -> str:
    """Return a host and a path with a mask in place of each segment that looks like a secret."""
    host, *segments = address.split("/")
    kept, is_hook, before = [host], host.startswith("hooks."), ""
    for segment in segments:
        name = segment.rstrip(".,:;!)]")  # of the sentence in which the address stands
        stem, _, ending = name.rpartition(".")
        name = stem if ending.isalpha() and len(ending) <= _ENDING else name
        is_key = _is_random(name, _LONG) or (is_hook and _is_no_slug(name))
        is_named = bool(_PRIVATE.fullmatch(before)) and (_is_random(name, _LONG_IF_NAMED) or bool(_KEY.fullmatch(name)))
        kept.append(mask + segment[len(name) :] if is_key or is_named else segment)
        is_hook, before = is_hook or bool(_HOOKS.fullmatch(segment)), segment
    return "/".join(kept)


def _is_random(name: str, least: int) -> bool:
    """Whether a name is long and as chance makes one."""
    pieces = re.split("[^A-Za-z0-9]", name)
    words = sum(len(piece) > 2 and piece.isalpha() and (piece.islower() or piece.istitle()) for piece in pieces)
    if len(name) < least or "%" in name or words > 2:
        return False
    turns = sum(len(_TURN.findall(piece)) for piece in pieces if not _ID.fullmatch(piece))
    return any(map(str.isdigit, name)) and (
        5 * turns >= len(name) or (name.isalnum() and name.islower() and turns >= _MANY)
    )


def _is_no_slug(name: str) -> bool:
    return any(map(str.isdigit, name)) or (len(name) >= _LONG_IF_NAMED and name.isalnum())
