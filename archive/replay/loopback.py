"""Serves an ASGI application on loopback: in this thread until it is ended, or in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from types import FrameType

    from starlette.types import ASGIApp

_HEAD_SECONDS = 30.0
"""In which a request's head has to arrive."""
_START_SECONDS = 10.0


class Loopback:
    """A server on a free port of 127.0.0.1. It listens from the beginning, and answers once it runs."""

    def __init__(self, app: ASGIApp | None = None) -> None:
        """`app` may be given to `run` instead, where it has to know the port."""
        self._app = app
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._is_up = threading.Event()

    def run(self, app: ASGIApp) -> None:
        """Answer requests until `end` is called, or a signal asks for it."""
        with self._socket:
            self._server = _Server(_config(app), self._is_up)
            self._server.run(sockets=[self._socket])

    def start(self) -> None:
        """Answer requests in a thread, until `end` is called."""
        assert self._app is not None
        self._thread = threading.Thread(target=self.run, args=(self._app,), name="serve", daemon=True)
        self._thread.start()
        if not self._is_up.wait(_START_SECONDS):
            raise OSError("the server on this machine did not start")

    def end(self, *_: object) -> None:
        """End `run`. Also a handler of signals."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_START_SECONDS)

    def close(self) -> None:
        """Give the port back where `run` was never called."""
        self._socket.close()

    @property
    def has_ended(self) -> bool:
        return self._server is not None and self._server.should_exit


class _Server(uvicorn.Server):
    """Ends when it is told to, and does not raise the signal again: what is left to do afterwards is done."""

    def __init__(self, config: uvicorn.Config, is_up: threading.Event) -> None:
        super().__init__(config)
        self._is_up = is_up
        self.should_exit = self.force_exit = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._is_up.set()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


class _PatientProtocol(H11Protocol):
    """Closes a connection on which no request arrives: whoever holds many open would exhaust the server's.

    uvicorn limits the time between two requests, not that in which one arrives.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._last: object = None
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._timer = self.loop.call_later(_HEAD_SECONDS, self._look)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        is_busy = self.cycle is not None and not self.cycle.response_complete
        if not is_busy and self.cycle is self._last:
            self.transport.close()
            return
        self._last = self.cycle
        self._timer = self.loop.call_later(_HEAD_SECONDS, self._look)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=_PatientProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # it would record what was opened
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=1 << 16,
    )
