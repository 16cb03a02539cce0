"""Servers that misbehave: one listening socket a case, and every byte under control.

with FaultyServer(CASES["chunked-cut-mid-chunk"]) as server:
    …  # ask server.url("/"), connect with server.connect_to
    assert block_in_the_warc == server.answers("/")[0]
"""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.world.authority import authority, context_for
from tests.world.replies import Close, Pause, Reset
from tests.world.server import reset

HOST = "faulty.example"
RETAINED = 64 << 20


@dataclass(frozen=True, slots=True)
class Drip:
    """Bytes that come one by one: 4 a second unless said otherwise."""

    data: bytes
    every: float = 0.25
    """Seconds between two bytes."""


@dataclass(frozen=True, slots=True)
class Endless:
    """The same bytes over and over, as fast as they are taken."""

    data: bytes
    times: int | None = None
    """None: until the client goes."""


@dataclass(frozen=True, slots=True)
class Await:
    """Wait for the next request before going on: what was said so far came unasked."""


@dataclass(frozen=True, slots=True)
class Vanish:
    """FIN without a goodbye: over TLS no close_notify, so nobody can say that all has come. In plain, as `Close`."""


Step = bytes | Pause | Close | Reset | Drip | Endless | Await | Vanish
FOREVER = Pause(3600)
"""Longer than any test; leaving the `with` block ends it."""

FOLLOWING_TARGET = "/following"
FOLLOWING = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\nthe following answer"
"""The response of every case to `/following`: it shows whether anything leaked from the response before."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What a careful reader makes of a case. None where the standard leaves it open."""

    status: int | None = 200
    """Of the final answer; None where there is none, or where it is no HTTP."""
    body: bytes | None = b""
    """The payload: transfer coding undone, content coding retained. None where nobody should compare it."""
    complete: bool | None = True
    """Whether the answer came whole, by its own framing."""
    truncated: str | None = None
    """What WARC-Truncated says: `disconnect`, `time` or `length`; `either` where two of them would be right."""
    keeps: bool | None = True
    """Whether the connection may serve another request. (RFC 9112, section 9.3)"""
    is_http: bool = True
    """False where the bytes are no HTTP answer, so that no `response` record may claim it."""
    interim: tuple[int, ...] = ()
    """1xx answers before the final one."""
    surplus: bytes = b""
    """What came after the answer's end, and belongs to no other."""
    odd: bool = False
    """Whether something about it deserves a note: ambiguous framing, a broken head."""


@dataclass(frozen=True, slots=True)
class Case:
    """One way to misbehave."""

    name: str
    script: tuple[Step, ...]
    """What is said to each request that `others` does not name."""
    expect: Expect = field(default_factory=Expect)
    others: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    """Scripts of further targets."""
    eager: bool = False
    """Whether it speaks at once, without waiting for a request (and, over TLS, in place of the handshake)."""
    rule: str = ""
    """Where the standard speaks of it."""

    def script_for(self, target: str) -> tuple[Step, ...]:
        return self.others.get(target, (FOLLOWING,) if target == FOLLOWING_TARGET else self.script)


class Said:
    """What was said to one request (or unasked), byte for byte."""

    def __init__(self, connection: int, request: bytes) -> None:
        self.connection = connection
        """Counts the connections from 1."""
        self.request = request
        """The request as it came, empty where the server spoke unasked."""
        self.size = 0
        self.broken = False
        """True where the client went before all was said."""
        self._retained = bytearray()
        self._sha256 = hashlib.sha256()

    @property
    def target(self) -> str | None:
        parts = self.request.split(b"\r\n", 1)[0].split(b" ")
        return parts[1].decode("latin-1") if len(parts) == 3 else None

    def add(self, data: bytes) -> None:
        self._sha256.update(data)
        self.size += len(data)
        if self.size <= RETAINED:
            self._retained += data

    @property
    def sent(self) -> bytes:
        """The bytes that were handed to the socket; of an endless answer the client may have got fewer."""
        return bytes(self._retained)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


class FaultyServer:
    """Plays one case on 127.0.0.1 (or `address`), with TLS where wanted."""

    def __init__(self, case: Case, tls: bool = False, address: str = "127.0.0.1", host: str = HOST) -> None:
        self.case, self.host, self.address = case, host, address
        self.scheme = "https" if tls else "http"
        self.sent: list[Said] = []
        self.connections = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._open: set[socket.socket] = set()

    def __enter__(self) -> FaultyServer:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._socket = socket.create_server((self.address, 0), family=family, backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self._folder = tempfile.TemporaryDirectory(prefix="faulty-")
        self.ca_file = str(Path(self._folder.name, "ca.pem"))
        authority().cert_pem.write_to_path(self.ca_file)
        threading.Thread(target=self._accept, daemon=True, name="faulty").start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for one in (self._socket, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._folder.cleanup()

    @property
    def connect_to(self) -> list[str]:
        port = 443 if self.scheme == "https" else 80
        address = f"[{self.address}]" if ":" in self.address else self.address
        return [f"{self.host}:{port}:{address}:{self.port}"]

    def url(self, target: str = "/") -> str:
        """A URL without port, to be reached through `connect_to`."""
        return f"{self.scheme}://{self.host}{target}"

    def answers(self, target: str) -> list[bytes]:
        """What was said to each request for a target."""
        return [said.sent for said in self.said(target)]

    def said(self, target: str | None = None) -> list[Said]:
        with self._lock:
            return [said for said in self.sent if target is None or said.target == target]

    # One connection

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                number = self.connections
            threading.Thread(target=self._guarded, args=(connection, number), daemon=True, name="faulty").start()

    def _guarded(self, connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError, ValueError):
            if self.scheme == "https" and not self.case.eager:
                connection = context_for((self.host,)).wrap_socket(connection, server_side=True)
            self._open.add(connection)
            self._serve(connection, number)
        self._open.discard(connection)
        _hang_up(connection)

    def _serve(self, connection: socket.socket, number: int) -> None:
        if self.case.eager:
            self._play(connection, number, b"", self.case.script)
            return
        while (request := _request(connection)) is not None:
            target = request.split(b" ", 2)[1].decode("latin-1")
            if not self._play(connection, number, request, self.case.script_for(target)):
                return

    def _play(self, connection: socket.socket, number: int, request: bytes, script: tuple[Step, ...]) -> bool:
        """Say one script; False where the connection is over."""
        said = Said(number, request)
        with self._lock:
            self.sent.append(said)
        try:
            return all(self._step(connection, said, step) for step in script)
        except OSError:
            said.broken = True
            raise

    def _step(self, connection: socket.socket, said: Said, step: Step) -> bool:
        match step:
            case bytes():
                said.add(step)
                connection.sendall(step)
            case Pause(seconds):
                return not self._stopped.wait(seconds)
            case Drip(data, every):
                for byte in data:
                    said.add(bytes([byte]))
                    connection.sendall(bytes([byte]))
                    if self._stopped.wait(every):
                        return False
            case Endless(data, times):
                turn = 0
                while (times is None or turn < times) and not self._stopped.is_set():
                    said.add(data)
                    connection.sendall(data)
                    turn += 1
            case Await():
                return _request(connection) is not None
            case Reset():
                reset(connection)
                return False
            case Vanish():
                if isinstance(connection, ssl.SSLSocket):
                    socket.socket(fileno=connection.detach()).close()
                return False
            case Close():
                return False
        return True


def _request(connection: socket.socket) -> bytes | None:
    """One request's head and body, as they came; None where the client has gone."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return None
        received += piece
    return received


def _hang_up(connection: socket.socket) -> None:
    """End in order: close_notify over TLS, then FIN, reading what is left so that no RST overtakes the answer."""
    with contextlib.suppress(OSError, ValueError):
        if isinstance(connection, ssl.SSLSocket):
            connection.settimeout(0.2)
            connection = connection.unwrap()
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.5)
        while connection.recv(65536):
            pass
    with contextlib.suppress(OSError):
        connection.close()


def __getattr__(name: str) -> object:
    # The catalogue imports this module for its types.
    if name == "CASES":
        from tests.world.cases import CASES

        return CASES
    raise AttributeError(name)
