"""A process that has readers imported, and forks one that is confined for each file: what starting takes is paid once.

Each file is read by a process of its own with limits of its own, as in `worker`; only the imports are shared.
"""

from __future__ import annotations

import os
import signal
import socket
import sys

_LONGEST = 200
"""Bytes of a request: kind and suffix of a file."""


def main() -> None:
    """Serve requests on stdin, a socket: each comes with the file and the pipe for the answer."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that ended leave nothing behind
    control = socket.socket(fileno=0)
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, _LONGEST, 2)
        if not request or len(descriptors) != 2:
            return
        kind, _, suffix = request.decode().partition("\n")
        _import(kind)
        if os.fork() == 0:
            _read(kind, suffix, *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def _import(kind: str) -> None:
    from archive.cite.readers import READERS

    READERS[kind]()


def _read(kind: str, suffix: str, source: int, answer: int) -> None:
    """Become the reader of one file, which has neither the socket nor the other files."""
    from archive.cite.worker import main as read

    try:
        os.dup2(source, 0)
        os.dup2(answer, 1)
        os.closerange(3, max(source, answer) + 1)
        sys.argv[1:] = [kind, suffix]
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115 -- of this process
        read()
    finally:
        os._exit(0)
