"""Paths inside a bag, and how a manifest spells them."""

from __future__ import annotations

import re

from msgspec import Struct

from archive_manifests.errors import StatementError

_ESCAPE = re.compile(r"%(0[AaDd]|25)")
_UNESCAPED = {"0A": "\n", "0D": "\r", "25": "%"}
_OURS = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*\Z")


class BagPath(Struct, frozen=True, order=True):
    """A path relative to a bag's base directory, `/` between its parts.

    Holds whatever a manifest stated: `is_inside` says whether it may be opened at all.
    """

    text: str

    def __str__(self) -> str:
        return self.text

    def encoded(self) -> str:
        """The path as a manifest spells it: CR, LF and % percent-encoded, nothing else. (RFC 8493, 2.1.3)"""
        return self.text.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")

    @classmethod
    def decoded(cls, spelled: str) -> BagPath:
        """The path that a manifest of BagIt 1.0 spells. (RFC 8493, 2.1.3)"""
        return cls(_ESCAPE.sub(lambda escape: _UNESCAPED[escape[1].upper()], spelled))

    @property
    def is_payload(self) -> bool:
        return self.text.startswith("data/")

    @property
    def is_inside(self) -> bool:
        """True where no part leads out of the base directory or hides another spelling."""
        return bool(self.text) and "\0" not in self.text and all(
            part not in ("", ".", "..") for part in self.text.split("/")
        )

    @classmethod
    def ours(cls, text: str) -> BagPath:
        """A name made by us: ASCII, shell-safe, safe on every file system. Raises `StatementError`."""
        if not all(_OURS.match(part) and not part.endswith(".") for part in text.split("/")):
            raise StatementError(f"not a name for our bags: {text!r}; letters, digits, '.', '_' and '-' only")
        return cls(text)
