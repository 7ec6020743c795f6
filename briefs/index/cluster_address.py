"""The address of an index on a cluster of OpenSearch, as an operator writes it."""

import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from briefs.errors import ConfigError

_OPTIONS = {"ca_certs", "client_cert", "client_key", "verify_certs", "api_key"}
_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,60}")


def read_address(address: str) -> tuple[str, list[dict[str, Any]], dict[str, Any]]:
    """Return the alias of an address, its hosts, and the client's options. Raises ConfigError."""
    scheme, _, rest = address.partition("://")
    netloc = re.split("[/?#]", rest, maxsplit=1)[0]  # of several hosts: `urlsplit` may refuse them
    split = urlsplit(f"{scheme}://host{rest[len(netloc) :]}")
    user, _, places = netloc.rpartition("@")
    options: dict[str, Any] = dict(parse_qsl(split.query))
    alias = split.path.strip("/")
    try:
        hosts = [_host(place, split.scheme) for place in places.split(",")]
    except ValueError:  # a port that is none
        hosts = []
    if not hosts or not _ALIAS.fullmatch(alias) or {*options} - _OPTIONS:
        raise ConfigError(
            "{address} is no address of an index: write https://user:password@host:9200/articles?ca_certs=FILE, or "
            "https://host:9200/articles?api_key=KEY",
            address=address,
        )
    if "verify_certs" in options:
        options["verify_certs"] = options["verify_certs"] != "false"
    if key := options.pop("api_key", None):
        options["headers"] = {"authorization": f"ApiKey {key}"}
    if user:
        options["http_auth"] = tuple(map(unquote, user.split(":", 1)))
    return alias, hosts, options


def _host(place: str, scheme: str) -> dict[str, Any]:
    one = urlsplit(f"//{place}")
    if scheme not in ("http", "https") or not one.hostname:
        raise ValueError(place)
    return {"host": one.hostname, "port": one.port or 9200, "use_ssl": scheme == "https"}
