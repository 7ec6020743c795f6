"""How a source wants to be asked → the header that lets us in. Secrets stand in the environment, or in files."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from briefs.errors import Unasked
from briefs.models import Auth

_LONGEST = 8192  # characters of a secret
_PRINTED = re.compile(r"[^\x00-\x1f\x7f]+")  # a line break in a header would begin another one


def header(auth: Auth, environment: Mapping[str, str], address: str) -> tuple[str, str]:
    """Return the name and the value of the header that a source is asked with.

    Raises Unasked, which names the address and never a secret, where one is not to be had.
    """
    secret = _secret(auth.secret, environment, address)
    match auth.kind:
        case "basic":
            login = f"{auth.name}:{secret}" if auth.name else secret
            return "Authorization", "Basic " + base64.b64encode(login.encode()).decode()
        case "bearer":
            return "Authorization", f"Bearer {secret}"
        case "cookie":
            return "Cookie", f"{auth.name}={secret}" if auth.name else secret
        case "header":
            return auth.name, secret


def _secret(reference: str, environment: Mapping[str, str], address: str) -> str:
    kind, _, name = reference.partition(":")
    found = environment.get(name, "") if kind == "env" else _read(name, address)
    secret = found.strip()
    if not secret and kind == "env":
        raise Unasked(
            "{address}: its password should stand in the environment as {name}, which is not set; set it, start again",
            address=address,
            name=name,
        )
    if not _PRINTED.fullmatch(secret) or len(secret) > _LONGEST:
        raise Unasked("{address}: its password in {name} is not one line of text", address=address, name=name)
    return secret


def _read(path: str, address: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")[: _LONGEST + 1]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise Unasked(
            "{address}: its password should stand in the file {name}, which cannot be read ({reason})",
            address=address,
            name=path,
            reason=reason,
        ) from None
