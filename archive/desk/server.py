"""Runs the desk: a socket on loopback, the application behind its gate, until somebody ends it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from archive.capture.settings import FetchSettings
from archive.desk.app import application
from archive.desk.draft import FOLDER
from archive.desk.gate import Access
from archive.desk.opening import Codes, link, write_redirect
from archive.desk.state import Desk, Places
from archive.errors import UsageProblem

OPENING_FILE = "open.html"


def serve(
    folder: Path,
    base: FetchSettings,
    places: Places,
    *,
    language: str,
    opened: Callable[[str, Path], None],
) -> None:
    """Serve the desk on a folder until it is ended. `opened` gets the link, and the file that leads to it.

    Raises `InUse` where another desk has the folder, `UsageProblem` where there is no such folder.
    """
    if not folder.is_dir():
        raise UsageProblem(f"{folder}: no such folder; make it, or name another one")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        access = Access(listening.getsockname()[1])
        desk, codes = Desk(folder.resolve(), base, access, places, language), Codes()
        server = uvicorn.Server(_config(application(desk, codes)))

        def stop() -> None:
            server.should_exit = True

        desk.stop = stop
        with desk.running():
            address, place = link(access, codes.new()), desk.root / FOLDER / OPENING_FILE
            write_redirect(place, address)
            try:
                opened(address, place)
                with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how a person ends it
                    server.run(sockets=[listening])
            finally:
                place.unlink(missing_ok=True)


def _config(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http="h11",
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
