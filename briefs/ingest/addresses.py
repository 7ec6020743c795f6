"""Addresses: which ones are of the open internet, and which ones name the same document."""

import ipaddress
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "spm", "xtor", "at_medium", "at_campaign")


def canonical(address: str) -> str:
    """Return one address for one document: without fragment, default port, or marks of where a reader came from.

    What is no address (`https://a.example:port/`) stays as it is.
    """
    try:
        parts = urlsplit(address)
        number = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "").lower()
    port = f":{number}" if number and (parts.scheme, number) not in (("http", 80), ("https", 443)) else ""
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.startswith(_TRACKING)
    ]
    kept = parts.query if len(query) == parts.query.count("&") + 1 else urlencode(query)
    return urlunsplit((parts.scheme, f"[{host}]{port}" if ":" in host else host + port, parts.path or "/", kept, ""))


def is_allowed(address: str, host: str, listed: Sequence[str]) -> bool:
    """Whether a list of networks and names of hosts lets an IP address be asked that is none of the open internet.

    host: whose address it is. This machine itself, and what is only reached on its own wire (where clouds tell
    secrets), must be listed by address: whoever rules a name may point it there.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    near = ip.is_loopback or ip.is_link_local or ip.is_unspecified or ip == _WIRE_SERVER
    for one in listed:
        try:
            network = ipaddress.ip_network(one, strict=False)
        except ValueError:
            if not near and one.casefold() == host.casefold().rstrip("."):
                return True
        else:
            meant = network.is_loopback or network.is_link_local or network.num_addresses == 1
            if ip.version == network.version and ip in network and (meant or not near):
                return True
    return False


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, and so is any IPv4 address that it carries inside."""
    try:
        ip: Address = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local or not all(map(_is_public, _carried(ip))):
            return False
        return ip.ipv4_mapped is not None or _is_public(ip)
    return _is_public(ip)


def _is_public(ip: Address) -> bool:
    return (
        ip.is_global
        and ip not in _PROTOCOLS
        and ip != _WIRE_SERVER
        and not ip.is_multicast
        and not ip.is_reserved
        and not ip.is_unspecified
    )


_PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")  # RFC 6890; older versions of Python call it global
_WIRE_SERVER = ipaddress.ip_address("168.63.129.16")  # what a machine at Azure asks about itself
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _carried(ip: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """IPv4 addresses inside: mapped, compatible, 6to4, Teredo, NAT64 (RFC 4291, 3056, 4380, 6052)."""
    if ip.ipv4_mapped:
        yield ip.ipv4_mapped
    if ip.sixtofour:
        yield ip.sixtofour
    yield from ip.teredo or ()
    if ip in _NAT64 or int(ip) >> 32 == 0:
        yield ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
