"""The candidates of a `srcset`. (HTML Standard, 4.8.4.2.2)"""

from __future__ import annotations

import re

_SPACE = " \t\n\f\r"
_GAP = re.compile(r"[ \t\n\f\r,]*")
_URL = re.compile(r"[^ \t\n\f\r]*")
_DESCRIPTORS = re.compile(r"[^(,]*(?:\([^)]*\)?[^(,]*)*")


def candidates(text: str) -> tuple[str, ...]:
    """The URLs of a `srcset`, in order.

    A URL ends at white space, or at commas that end it; commas inside it are its own, as in Photon's `?w=300,200`.
    """
    found: list[str] = []
    at = _GAP.match(text).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    while at < len(text):
        url = _URL.match(text, at)[0]  # type: ignore[index]
        at += len(url)
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            at = _DESCRIPTORS.match(text, at).end()  # type: ignore[union-attr]
        found.append(url)
        at = _GAP.match(text, at).end()  # type: ignore[union-attr]
    return tuple(found)
