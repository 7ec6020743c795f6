"""What readers want to know of a source: keys of sources.yaml, validated with the folder of that file as context."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints, ValidationInfo

from briefs.masking import MASK, masked
from briefs.models import Auth, AuthKind


def web_address(address: str) -> str:
    """Return an address that is one of the web. Raises ValueError that says what it must be, behind its name."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # read now: where it is no number, that is told only here
    except ValueError as error:
        raise ValueError(f"must be a web address, not “{masked(address)}”") from error
    if MASK in address:
        raise ValueError(f"is not whole: write what was left out for {MASK}, the secret in “{address}”")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"must be a web address that begins with https:// or http://, not “{masked(address)}”")
    return address


def _place(written: str) -> str:
    try:
        ipaddress.ip_network(written, strict=False)
    except ValueError:
        if not re.fullmatch(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*", written):
            raise ValueError(f"must be a network or the name of a host, such as 10.1.0.0/16, not “{written}”") from None
    return written


def _path(written: str, info: ValidationInfo) -> str:
    return str(Path(info.context or "", Path(written).expanduser()).resolve())


# What stands where a secret should be may be the secret: none of these repeats it.
def _secret(found: object) -> str:
    if not isinstance(found, str) or not re.fullmatch(r"env:[A-Za-z_]\w*|file:.+", found):
        raise ValueError("must say where the secret is, as env:NAME or file:PATH, and not hold it")
    return found


def _named_secret(found: object) -> tuple[str, str]:
    if not isinstance(found, dict) or len(found) != 1 or not re.fullmatch(_HEADER_NAME, str(*found)):
        raise ValueError("must be one name and where its value is, such as {X-Api-Key: env:NAME}")
    ((name, secret),) = found.items()
    return name, _secret(secret)


def _cookie(found: object) -> tuple[str, str]:
    return _named_secret(found) if isinstance(found, dict) else ("", _secret(found))


def _login(found: object) -> tuple[str, str]:
    if not isinstance(found, dict):
        return "", _secret(found)
    if found.keys() != {"user", "password"} or not isinstance(found["user"], str):
        raise ValueError("must be a user and a password, such as {user: ann, password: env:NAME}")
    return found["user"], _secret(found["password"])


def _one_way(found: object) -> object:
    if not isinstance(found, dict) or len(found) != 1 or None in found.values():
        raise ValueError("must be one of basic, bearer, header and cookie, such as {bearer: env:NAME}")
    return found


_HEADER_NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # what names a header or a cookie (RFC 9110, 5.6.2)


class _AuthEntry(BaseModel, extra="forbid", strict=True, frozen=True):
    """One of them: whose (a user's, or a header's or cookie's name), and where the secret is."""

    basic: Annotated[tuple[str, str], BeforeValidator(_login)] | None = None
    bearer: Annotated[str, BeforeValidator(_secret)] | None = None
    header: Annotated[tuple[str, str], BeforeValidator(_named_secret)] | None = None
    cookie: Annotated[tuple[str, str], BeforeValidator(_cookie)] | None = None


_AUTHS: tuple[AuthKind, ...] = ("basic", "bearer", "header", "cookie")


def _auth(entry: _AuthEntry, info: ValidationInfo) -> Auth:
    kind: AuthKind = next(kind for kind in _AUTHS if getattr(entry, kind))
    found = getattr(entry, kind)
    name, secret = ("", found) if kind == "bearer" else found
    where, _, path = secret.partition(":")
    return Auth(kind, f"file:{_path(path, info)}" if where == "file" else secret, name)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
WebAddress = Annotated[str, AfterValidator(web_address)]
LocalPath = Annotated[Text, AfterValidator(_path)]  # absolute


class OnTheWeb(BaseModel):
    """auth: how its own address is asked. allow: where it may lead beside the open internet, as `Source.allow`."""

    auth: Annotated[_AuthEntry | None, BeforeValidator(_one_way), AfterValidator(_auth)] = None
    allow: list[Annotated[str, AfterValidator(_place)]] = []
