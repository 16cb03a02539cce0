"""Names to addresses, each name once: in threads of their own, since getaddrinfo has no deadline."""

from __future__ import annotations

import socket
import threading

MAX_LOOKUPS = 32
"""Look-ups at once, those that hang included: a resolver that is dead must not cost a thread for each name."""


class NameNotResolved(Exception):
    """A name has no address, or the resolver did not respond in time."""


class Resolver:
    """Resolves names and caches the addresses. Safe to use from many threads."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._cache: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(MAX_LOOKUPS)

    def addresses(self, host: str) -> tuple[str, ...]:
        """Every address of a name, in the resolver's order. Raises `NameNotResolved`."""
        with self._lock:
            cached = self._cache.get(host)
        if cached is not None:
            return cached
        resolved = self._look_up(host)
        with self._lock:
            return self._cache.setdefault(host, resolved)  # resolved once: a rebinding name cannot change its mind

    def _look_up(self, host: str) -> tuple[str, ...]:
        result: list[tuple[str, ...] | Exception] = []

        def look_up() -> None:
            try:
                entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
                result.append(tuple(dict.fromkeys(str(entry[4][0]) for entry in entries)))
            except (OSError, UnicodeError) as error:
                result.append(error)
            finally:
                self._slots.release()

        late = NameNotResolved(f"{host}: the resolver did not respond within {self._seconds:g} s")
        if not self._slots.acquire(timeout=self._seconds):
            raise late
        thread = threading.Thread(target=look_up, name="resolver", daemon=True)
        thread.start()
        thread.join(self._seconds)
        if not result:
            raise late
        if isinstance(result[0], Exception):
            raise NameNotResolved(f"{host}: {getattr(result[0], 'strerror', None) or result[0]}") from result[0]
        return result[0]


def is_literal(host: str) -> bool:
    """Say whether `host` is an address and not a name."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True
