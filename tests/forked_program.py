"""The program `archive` for shells and scripts, each run a process of its own that costs a fork instead of a start.

    python -m tests.forked_program SOCKET        imports the program, then forks for each command that arrives there

`forked_program(folder)` starts that server and writes the command `archive`, which sends it arguments, environment,
folder and open files, and ends as the fork ends. Signals are not passed on: whoever kills starts the program itself.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_COMMAND = """#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
server.connect({address!r})
run = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(run).to_bytes(4, "big")], [0, 1, 2])
server.sendall(run)
code = server.recv(1)
sys.exit(code[0] if code else "the forked program was killed")
"""
_IMPORTED_LATE = (
    "archive.bag.package",
    "archive.bag.wacz",
    "archive.fetch.fetch",
    "archive.fetch.finish",
    "archive.page.source_pages",
    "archive.verify.coverage",
    "archive.verify.foreign.recordings",
    "archive_cli.fetch_output",
)


@contextmanager
def forked_program(folder: Path) -> Iterator[Path]:
    """A folder for PATH whose `archive` is the program of this environment."""
    address, place = folder / "socket", folder / "bin"
    place.mkdir()
    command = place / "archive"
    command.write_text(_COMMAND.format(python=sys.executable, address=str(address)))
    command.chmod(0o755)
    server = subprocess.Popen([sys.executable, "-m", __name__, str(address)], cwd=ROOT, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        assert server.stdout.readline() == b"ready\n"
        yield place
    finally:
        server.terminate()
        server.wait(10)
        server.stdout.close()


def _serve(address: str) -> None:
    import_program()
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)
        while True:
            client, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run(client)
            client.close()


def _reap(*_: object) -> None:
    """Forget the forks that ended."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def import_program() -> None:
    """Load what a fork needs: the commands, what they import once they need it, the words and the page's templates."""
    from archive.fetch import final_check
    from archive_cli.main import COMMANDS

    for name in (*_IMPORTED_LATE, *COMMANDS.values()):
        importlib.import_module(name)
    final_check._load_verifier()


def _run(client: socket.socket) -> None:
    """Be one run of the program. Never returns."""
    from archive_cli.main import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    head, files, _, _ = socket.recv_fds(client, 4, 3)
    with client.makefile("rb") as stream:
        arguments, folder, environment = json.loads(stream.read(int.from_bytes(head, "big")))
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, mode, closefd=False), "utf-8", write_through=number == 2)  # type: ignore[type-var]
        for number, mode in enumerate("rww")
    )
    sys.argv = ["archive", *arguments]
    code: object = 1
    try:
        code = main() or 0
    except SystemExit as end:
        code = end.code or 0
    finally:
        sys.stdout.flush()
        client.sendall(bytes([code if isinstance(code, int) else 1]))
        os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1])
