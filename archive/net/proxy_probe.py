"""Tests whether a proxy answers, without contacting anybody through it."""

from __future__ import annotations

import socket

from archive.net.proxy import Proxy

_SECONDS = 4.0


def proxy_problem(proxy: Proxy) -> str | None:
    """None where the proxy answers as its kind does; else `refused`, `silent` or `other` (another program is there).

    A SOCKS5 proxy answers the greeting; an HTTP proxy is only connected to, since it answers nothing unasked.
    """
    try:
        with socket.create_connection((proxy.host, proxy.port), _SECONDS) as sock:
            if proxy.kind != "socks5":
                return None
            sock.settimeout(_SECONDS)
            sock.sendall(b"\x05\x02\x00\x02")  # RFC 1928, section 3: without a password, or with one
            reply = sock.recv(2)
    except TimeoutError:
        return "silent"
    except OSError:
        return "refused"
    return None if reply[:1] == b"\x05" and reply[1:] in (b"\x00", b"\x02") else "other"
