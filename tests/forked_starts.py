"""Confined processes that cost a fork instead of a start: one server a module imports it once, and forks for each.

Of the modules named here alone: the reader of reports and the extractor of videos. What they do in their process, and
how they confine it, stays as it is. `real_starts` (conftest) is for tests of the start itself.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

FORKED = ("archive.cite.worker", "archive.systems.video.worker")
_LONGEST = 1 << 16
"""Bytes of one request."""


class ForkedProcess:
    """What callers use of a `subprocess.Popen`: it ends where the pipe that its process holds is closed."""

    def __init__(self, pid: int, life: BinaryIO, stdin: BinaryIO | None, stdout: BinaryIO | None) -> None:
        self.pid, self.stdin, self.stdout = pid, stdin, stdout
        self._life = life

    def kill(self) -> None:
        if not self._life.closed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if not self._life.closed:
            self._life.read()
            self._life.close()
        return 0


class _Server:
    """The parent's side of a process that has one module imported."""

    def __init__(self, module: str) -> None:
        roots = [str(Path(sys.modules[name].__file__ or "").parents[1]) for name in ("archive_manifests", "archive")]
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-I", __file__, str(theirs.fileno()), module, *roots]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdin=quiet, stdout=quiet, stderr=quiet, pass_fds=[theirs.fileno()], env={}
        )
        theirs.close()

    def start(self, request: dict[str, object], stdin: BinaryIO | int, stdout: int) -> ForkedProcess:
        with contextlib.ExitStack() as stack:
            read, given = _end(stdin, stack, writes=True)
            taken, written = _end(stdout, stack, writes=False)
            life, held = os.pipe()
            stack.callback(os.close, held)
            socket.send_fds(self._control, [json.dumps(request).encode()], [read, written, held])
        file = os.fdopen(life, "rb", buffering=0)
        pid = int.from_bytes(file.read(4), "big")
        assert pid, "the server of forks has ended"
        return ForkedProcess(pid, file, given, taken)  # type: ignore[arg-type]

    def close(self) -> None:
        self._control.close()
        self._process.wait(10)


def _end(wanted: BinaryIO | int, stack: contextlib.ExitStack, *, writes: bool) -> tuple:  # type: ignore[type-arg]
    """The two ends of what is stdin (`writes`) or stdout of a process: ours is a file, None where it has none."""
    if wanted == subprocess.PIPE:
        read, write = os.pipe()
        stack.callback(os.close, read if writes else write)
        return (read, os.fdopen(write, "wb")) if writes else (os.fdopen(read, "rb"), write)
    if wanted == subprocess.DEVNULL:
        null = os.open(os.devnull, os.O_RDWR)
        stack.callback(os.close, null)
        return (null, None) if writes else (None, null)
    assert writes
    return wanted if isinstance(wanted, int) else wanted.fileno(), None


@contextlib.contextmanager
def forked_starts(start: Callable[..., object]) -> Iterator[Callable[..., object]]:
    """A function to be used in place of `archive.cite.isolate.start_isolated`, which is handed in."""
    from archive.cite import isolate

    servers: dict[str, _Server] = {}
    lock = threading.Lock()

    def started(code: str, words: list[str], stdin: BinaryIO | int, **how: Any) -> object:
        module = next((name for name in FORKED if code == f"from {name} import main; main()"), None)
        if module is None or how.get("apart"):
            return start(code, words, stdin, **how)
        with lock:
            if module not in servers:
                servers[module] = _Server(module)
        home = how.get("home")
        environment = isolate._environment() | (dict.fromkeys(isolate._PLACES, str(home)) if home else {})
        request = {"words": words, "folder": str(home or Path.cwd()), "environment": environment}
        return servers[module].start(request, stdin, how.get("stdout", subprocess.DEVNULL))

    yield started
    for server in servers.values():
        server.close()


def _serve(control: socket.socket, module: str) -> None:
    """Import a module, then fork for each request: run its `main` with the arguments and files that came."""
    main = importlib.import_module(module).main
    if module == "archive.cite.worker":
        from archive.cite.readers import READERS

        for reader in READERS.values():
            reader()  # imports what reading takes
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, _, _ = socket.recv_fds(control, _LONGEST, 3)
        if not request:
            return
        if os.fork() == 0:
            control.close()
            _run(main, json.loads(request), files)
        for file in files:
            os.close(file)


def _run(main: Callable[[], None], request: dict[str, object], files: list[int]) -> None:
    """Be the process that was requested. Never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.set_inheritable(files[2], False)
        os.write(files[2], os.getpid().to_bytes(4, "big"))
        for number in (0, 1):
            os.dup2(files[number], number)
            os.close(files[number])
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115, PTH123 -- of this process
        os.chdir(str(request["folder"]))
        os.environ.clear()
        os.environ.update(request["environment"])  # type: ignore[call-overload]
        sys.argv[1:] = request["words"]  # type: ignore[assignment]
        main()
        sys.stdout.flush()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    _control, _module, *_roots = sys.argv[1:]
    sys.path[:0] = _roots
    _serve(socket.socket(fileno=int(_control)), _module)
