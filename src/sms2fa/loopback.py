"""Loopback: whether a host is this machine."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str | None) -> bool:
    """Whether that is the name or an address of this machine.

    Python 3.13 calls ``::ffff:127.0.0.1`` loopback too, older ones do not; here it is none.

    >>> [is_loopback(host) for host in ("localhost", "127.0.0.1", "::1", "::ffff:127.0.0.1", "xoxzo.com", None)]
    [True, True, True, False, False, False]
    """
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return host == "localhost"
    return address.is_loopback and getattr(address, "ipv4_mapped", None) is None
