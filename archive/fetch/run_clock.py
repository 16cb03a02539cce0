"""Clock, record ids and random values of a run, as parameters: with the same ones a test makes the same bag."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from archive_manifests.disclosure import SEED_BYTES
from archive_manifests.moments import instant


class RunClock(Struct, frozen=True):
    """Clock, record ids and random text of a run."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bagged: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The moment of finishing: the only one that a user may set, because it dates no capture."""
    new_id: Callable[[], str] = lambda: _random_id()
    new_token: Callable[[], str] = lambda: f"{random.SystemRandom().getrandbits(64):016x}"
    new_seed: Callable[[], bytes] = lambda: secrets.token_bytes(SEED_BYTES)

    def instant(self) -> str:
        return instant(self.now())


_AT_ONCE = 64
_ready: list[str] = []
"""Ids that were drawn; a run needs three for each URL."""
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ready.clear)


def _random_id() -> str:
    """A random UUID, by a quarter of what `uuid.UUID` takes. Safe to call from any thread. (RFC 9562, section 5.4)"""
    try:
        return _ready.pop()
    except IndexError:
        digits = os.urandom(16 * _AT_ONCE).hex()
        _ready.extend([_uuid(digits[at : at + 32]) for at in range(32, len(digits), 32)])
        return _uuid(digits[:32])


def _uuid(digits: str) -> str:
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"
