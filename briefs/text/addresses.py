"""The ways in which one web address is written."""

from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit, urlunsplit

_MARKS = ("utm_", "mc_", "at_", "xtor")  # what newsletters and campaigns add
_MARKED = frozenset({"fbclid", "gclid", "igshid", "spm", "ref", "ref_src"})


def spellings(address: str) -> list[str]:
    """Return an address in each form that a source may have written it in: itself first, each once.

    Without a fragment and without what campaigns add; by http and https, with and without "www.", with and without the
    slash at its end.
    """
    address = address.strip()
    forms = [address, urldefrag(address).url]
    parts = urlsplit(forms[-1])
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return list(dict.fromkeys(forms))
    query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_mark(pair[0])])
    bare = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    for kept in (parts.query, query):
        for scheme in ("https", "http"):
            for host in (bare, f"www.{bare}"):
                forms += [urlunsplit((scheme, host, end, kept, "")) for end in (path, f"{path}/")]
    return list(dict.fromkeys(forms))


def host_of(address: str) -> str:
    """Return the host of a web address without "www."; "" where there is none."""
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")
    except ValueError:  # "http://[::1" is no address
        return ""


def _is_mark(key: str) -> bool:
    return key.lower() in _MARKED or key.lower().startswith(_MARKS)
