"""Addresses of the network: which ones are this machine."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address


def is_loopback(address: str) -> bool:
    """Whether it is this machine's own, also where IPv6 writes an IPv4 address: "::ffff:127.0.0.1"."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return (mapped or known).is_loopback
