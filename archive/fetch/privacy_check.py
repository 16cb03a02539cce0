"""Do no harm: nothing of the documenter's machine gets into a bag by our hand.

What we write ourselves is scanned before a bag is finished; a hit there is an error, not a warning.
"""

from __future__ import annotations

import getpass
import re
import socket
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from archive.errors import ArchiveError

SHORTEST = 4
"""Characters below which a name is too common to be looked for."""
_COMMON = frozenset({"root", "user", "admin", "home", "debian", "ubuntu", "localhost", "archive", "runner"})


class LeakError(ArchiveError):
    """Something of the documenter's machine stands in a file that we made ourselves."""


class Secret(Struct, frozen=True):
    """A string that must not stand in a bag by our hand."""

    what: str
    """`host name`, `user name`, `home path`…"""
    text: str


def secrets_of_machine(*places: Path) -> tuple[Secret, ...]:
    """What of this machine must not get in; looked up only to be looked for, and stored nowhere."""
    found = [
        Secret("host name", socket.gethostname()),
        Secret("user name", _user()),
        Secret("home path", str(Path.home())),
        Secret("temporary path", tempfile.gettempdir()),
        Secret("working path", str(Path.cwd())),
        *(Secret("path of the work", str(place)) for place in places),
    ]
    return tuple(secret for secret in found if _is_identifying(secret))


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _is_identifying(secret: Secret) -> bool:
    if "path" in secret.what:
        return secret.text.count("/") + secret.text.count("\\") >= 1 and len(secret.text) > SHORTEST
    return len(secret.text) >= SHORTEST and secret.text.lower() not in _COMMON


class LeakCheck:
    """Looks for secrets in what we write; one that stands in a text from outside too is no leak."""

    def __init__(self, secrets: Iterable[Secret], known: Callable[[], Iterable[str]]) -> None:
        """`known` gives the texts that came from outside, the report's first of all: read only after a hit."""
        self._secrets, self._known = list(secrets), known

    def require_none(self, path: str, data: bytes) -> None:
        """Raise `LeakError` where a file of ours holds a secret."""
        for secret in list(self._secrets):
            if not _stands_in(secret, data):
                continue
            if not any(secret.text in text for text in self._known()):
                raise LeakError(
                    f"{path} would hold the {secret.what} of this machine; nothing is finished: "
                    "report this as a fault of the program, and keep the work folder"
                )
            self._secrets.remove(secret)


def _stands_in(secret: Secret, data: bytes) -> bool:
    name = secret.text.encode()
    return name in data and re.search(rb"(?<![\w.-])" + re.escape(name) + rb"(?![\w-])", data) is not None
