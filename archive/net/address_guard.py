"""Which addresses may be connected to at all.

The resolved address is checked, never the string: `127.1`, `2130706433`, `0x7f.1` and a rebinding name all end here.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# `is_global` of Python 3.11 calls all of these global. (IANA special-purpose registries; RFC 6052, 3056, 4380, 8215)
_NEVER = [
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "100.64.0.0/10",
        "168.63.129.16/32",  # a cloud's own metadata and DNS address, inside public space
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",  # SIIT
        "64:ff9b::/96",  # NAT64: leads to any IPv4 address, the private ones too
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
]

_ALLOCATED = ipaddress.ip_network("2000::/3")
"""All that may be a public IPv6 address so far. (IANA IPv6 address space registry; RFC 4291, section 2.4)"""


def why_forbidden(address: str) -> str | None:
    """Say why this address must not be connected to (`loopback`, `private`, …), or None where it may.

    `address` is what a resolver returned: IPv4 or IPv6, a zone id allowed.
    """
    judged: Address = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(judged, ipaddress.IPv6Address) and judged.ipv4_mapped is not None:
        return "ipv4-mapped"
    for claim in ("is_loopback", "is_link_local", "is_multicast", "is_unspecified", "is_private"):
        if getattr(judged, claim):
            return claim.removeprefix("is_").replace("_", "-")
    if isinstance(judged, ipaddress.IPv6Address) and judged not in _ALLOCATED:
        return "reserved"
    if not judged.is_global or any(judged in block for block in _NEVER if block.version == judged.version):
        return "reserved"
    return None
