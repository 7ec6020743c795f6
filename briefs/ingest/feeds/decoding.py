"""The bytes of a feed → its text, whatever the server, the declaration and the bytes say of their encoding.

A byte order mark counts first, then UTF-8 where the bytes are UTF-8, then what the server names, then what the feed
declares, then a guess. Encodings are read as browsers read them: GB2312 is GBK, Latin-1 is windows-1252.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from briefs.ingest.charset import declared_charset

_HEAD = 1000  # bytes in which a feed declares its encoding
_SAMPLE = 20_000  # bytes that are enough to guess from
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']?\s*([\w.:\-]{2,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# WHATWG Encoding 4.2, where it and Python do not mean the same, and labels that Python does not know.
_MEANT = {
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb-2312-80", "csgb2312", "chinese", "euc-cn", "cp936"), "gb18030"),
    **dict.fromkeys(
        ("shift-jis", "sjis", "x-sjis", "shift-jisx0213", "windows-31j", "ms-kanji", "csshiftjis"), "cp932"
    ),
    **dict.fromkeys(("euc-kr", "ks-c-5601-1987", "ks-c-5601", "ksc5601", "korean", "windows-949"), "cp949"),
    **dict.fromkeys(("big5", "big-5", "x-x-big5", "cn-big5", "csbig5"), "big5hkscs"),
    **dict.fromkeys(("x-euc-jp", "euc-jp"), "euc_jp"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(("ansi", "x-cp1252", "windows-1252", "cp-1252", "x-ansi"), "cp1252"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5", "x-cp1254"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "tis-620", "iso8859-11", "dos-874"), "cp874"),
    **dict.fromkeys(("iso-8859-8-i", "logical"), "iso-8859-8"),
    **dict.fromkeys(("utf8", "unicode-1-1-utf-8", "x-unicode20utf8", "utf-8"), "utf-8"),
    **{"x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "koi": "koi8-r"},
    **{"koi8-ru": "koi8-u", "hz-gb-2312": "hz", "unicode": "utf-16", "iso-10646-ucs-2": "utf-16", "ucs-2": "utf-16"},
    **{"ucs-4": "utf-32", "iso-10646-ucs-4": "utf-32"},
}
_IN_ASCII = ("iso2022", "hz", "utf-7")  # how encodings begin that have other scripts in seven bits
_CJK = ("gb18030", "cp932", "cp949", "big5hkscs", "euc_jp", "johab")
_DEFAULTS = ("cp1252", "utf-8")  # what servers name that know nothing of the file
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_LONELY = 1.6  # bytes: how long runs of high bytes are at most in a language written in Latin letters
_ODD = 0.02  # of the characters that are not ASCII may be damaged, and a few where they are few
_FEW = 3  # damaged characters, however few there are


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was in, and whether that took more than believing what was said of it."""

    text: str
    encoding: str
    mended: bool = False


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Return the text of these bytes; never raises. content_type: as the server named it, with its charset."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], encoding)
    if wide := _wide(body):
        return _read(body, wide)
    named, declared = labels(body, content_type)
    for label in (named, declared):
        if label and label.startswith(_IN_ASCII) and body.isascii():
            return _read(body, label)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _legacy(body, named, declared)
    return Decoded(text, "utf-8", mended=not text.isascii() and declared not in (None, "utf-8"))


def is_json(body: bytes) -> bool:
    """Whether these bytes begin as a JSON document does, in whichever encoding."""
    return body[:100].lstrip(b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n")[:1] == b"{"


def labels(body: bytes, content_type: str | None) -> tuple[str | None, str | None]:
    """Return the encodings that the server and the feed name, as Python calls them."""
    head = body[:_HEAD]
    if head.startswith(b"\x4c\x6f\xa7\x94"):  # "<?xm" in EBCDIC
        head = head.decode("cp037").encode("ascii", "replace")
    found = _DECLARED.search(head)
    return _meant(declared_charset(content_type or "")), _meant(found[1].decode() if found else None)


def _meant(label: str | None) -> str | None:
    if not label:
        return None
    name = label.lower().replace("_", "-")
    name = _MEANT.get(name, name) or name.removeprefix("x-")
    try:
        found = codecs.lookup(name).name
        b"<?xm".decode(found, "replace")  # not one that makes bytes of bytes, or is for names of hosts
    except (LookupError, ValueError):
        return None
    return name if name in _CJK else found


def _wide(body: bytes) -> str | None:
    """Return the encoding of a text in two or four bytes a character that has no byte order mark."""
    head = body[:200]
    if not head or head.count(0) * 4 < len(head):
        return None
    four = head[:4].count(0) == 3 and len(body) % 4 == 0
    little = head[0] != 0
    return ("utf-32" if four else "utf-16") + ("-le" if little else "-be")


def _read(body: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(body.decode(encoding), encoding)
    except (UnicodeDecodeError, UnicodeError):
        text = body.decode(encoding, "replace")
    if encoding == "cp1252":
        text = body.decode("cp1252", "windows")
    return Decoded(text, encoding, mended=True)


def _legacy(body: bytes, named: str | None, declared: str | None) -> Decoded:
    """Read bytes that are not UTF-8 throughout."""
    # A server's default says nothing, and one byte a character fits everything: what is told apart by it comes last.
    said = [one for one in (named, declared) if one and one not in ("utf-8", "utf-16", "utf-32")]
    for encoding in sorted(said, key=lambda one: (one in _DEFAULTS, one not in _CJK)):
        read = _read(body, encoding)
        if encoding == "cp1252" or _odd(read.text) <= _bearable(read.text):
            return _unless_mixed(body, read)
    if _is_mostly_utf_8(body):
        return Decoded(body.decode("utf-8", "windows"), "utf-8", mended=True)
    return Decoded(_guessed(body), "guessed", mended=True)


def _unless_mixed(body: bytes, read: Decoded) -> Decoded:
    """Return what was read, but where one byte a character was said of what is UTF-8 with a damaged byte."""
    if read.encoding not in _CJK and _is_mostly_utf_8(body):
        return Decoded(body.decode("utf-8", "windows"), "utf-8", mended=True)
    return read


def _odd(text: str) -> int:
    return text.count("\ufffd")


def _bearable(text: str) -> float:
    return max(_FEW, _ODD * (len(text) - len(text.encode("ascii", "ignore"))))


def _is_mostly_utf_8(body: bytes) -> bool:
    high = sum(map(len, _HIGH.findall(body)))
    good = sum(map(len, _UTF_8.findall(body)))
    return 2 * good >= high > 0


def _guessed(body: bytes) -> str:
    runs = _HIGH.findall(body)
    if sum(map(len, runs)) <= _LONELY * len(runs):
        return body.decode("cp1252", "windows")
    best = from_bytes(re.sub(rb"<[^<>]{0,500}>", b" ", body[:_SAMPLE])).best()
    guess = _meant(best.encoding if best else None) or "cp1252"
    return body.decode(guess, "windows" if guess == "cp1252" else "replace")


def _windows(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are not what their text is as the windows-1252 that they mostly are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(_ONE_BYTE[byte] for byte in bad), error.end


_ONE_BYTE = [bytes([n]).decode("cp1252", "replace").replace("\ufffd", " ") for n in range(256)]
codecs.register_error("windows", _windows)
