"""The reader's list of those whose signatures in a WACZ are believed: `wacz_signers` in the trust folder.

A line is what `archive verify` shows of a signature, and a name: `sha256:HEX NAME` for one key or certificate, or
`domain:HOST NAME` for whatever certificate that domain has when it signs. Lines that begin with `#` are comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.errors import StatementError

_LINE = re.compile(r"(?P<who>sha256:[0-9a-f]{64}|domain:[a-z0-9.-]{1,253})[ \t]+(?P<name>\S.*)\Z", re.IGNORECASE)


def parse_wacz_signers(text: bytes, name: str) -> Mapping[str, str]:
    """Names by digest or domain, in lower case. Raises `StatementError` for a line of another form."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.decode("utf-8", "replace").removeprefix("\ufeff").splitlines(), start=1):
        stated = line.strip()
        if not stated or stated.startswith("#"):
            continue
        match = _LINE.match(stated)
        if match is None:
            raise StatementError(
                f"{name}, line {number}: {stated[:80]!r}; expected sha256:HEX NAME, as `archive verify` shows the key "
                "or certificate, or domain:HOST NAME"
            )
        found.setdefault(match["who"].lower(), match["name"])
    return found
