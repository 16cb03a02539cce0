"""Clock, record ids and random values of a run, as parameters: with the same ones a test makes the same bag."""

from __future__ import annotations

import random
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from archive_manifests.disclosure import SEED_BYTES
from archive_manifests.moments import instant


@dataclass(frozen=True, slots=True)
class RunClock:
    """Clock, record ids and random text of a run."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    bagged: Callable[[], datetime] = lambda: datetime.now(UTC)
    """The moment of finishing: the only one that a user may set, because it dates no capture."""
    new_id: Callable[[], str] = lambda: f"urn:uuid:{uuid.uuid4()}"
    new_token: Callable[[], str] = lambda: f"{random.SystemRandom().getrandbits(64):016x}"
    new_seed: Callable[[], bytes] = lambda: secrets.token_bytes(SEED_BYTES)

    def instant(self) -> str:
        return instant(self.now())
