"""Names to addresses, each name once: in daemon threads, since getaddrinfo has no deadline."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading

MAX_LOOKUPS = 32
"""Look-ups at once, those that hang included: a resolver that is dead must not cost a thread for each name."""

_Addresses = tuple[str, ...]


class NameNotResolved(Exception):
    """A name has no address, or the resolver did not respond in time."""


class Resolver:
    """Resolves names and caches the addresses. Used on the event loop alone."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._cache: dict[str, _Addresses] = {}
        self._running: dict[str, asyncio.Task[_Addresses]] = {}
        self._slots = asyncio.Semaphore(MAX_LOOKUPS)

    async def addresses(self, host: str) -> _Addresses:
        """Every address of a name, in the resolver's order. Raises `NameNotResolved`."""
        cached = self._cache.get(host)
        if cached is not None:
            return cached
        running = self._running.get(host)
        if running is None:
            running = self._running[host] = asyncio.create_task(self._look_up(host))
            running.add_done_callback(lambda _: self._running.pop(host, None))
        resolved = await asyncio.shield(running)
        return self._cache.setdefault(host, resolved)  # resolved once: a rebinding name cannot change its mind

    async def _look_up(self, host: str) -> _Addresses:
        try:
            if _is_address(host):
                return _look_up(host, socket.AI_NUMERICHOST)
            async with asyncio.timeout(self._seconds):
                await self._slots.acquire()
                return await self._in_thread(host)
        except TimeoutError as error:
            raise NameNotResolved(f"{host}: the resolver did not respond within {self._seconds:g} s") from error
        except (OSError, UnicodeError) as error:
            raise NameNotResolved(f"{host}: {getattr(error, 'strerror', None) or error}") from error

    async def _in_thread(self, host: str) -> _Addresses:
        """Look a name up in a daemon thread, which frees its slot when it ends, however late."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Addresses] = loop.create_future()

        def settle(result: _Addresses | Exception) -> None:
            self._slots.release()
            if done.done():
                return
            if isinstance(result, Exception):
                done.set_exception(result)
            else:
                done.set_result(result)

        def look_up() -> None:
            result: _Addresses | Exception
            try:
                result = _look_up(host)
            except (OSError, UnicodeError) as error:
                result = error
            with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, result)

        threading.Thread(target=look_up, name="resolver", daemon=True).start()
        return await done


def _look_up(host: str, flags: int = 0) -> _Addresses:
    entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=flags)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))


def _is_address(host: str) -> bool:
    """True for an address in its plain form, which needs no thread to be looked up."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_literal(host: str) -> bool:
    """Say whether `host` is an address and not a name."""
    try:
        socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return True
