"""A loopback internet: the hosts that reports cite, on 127.0.0.1, with a log of everything that was requested."""

from __future__ import annotations

import contextlib
import hashlib
import socket
import ssl
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

from tests.world import failures
from tests.world.authority import authority, context_for
from tests.world.replies import Request
from tests.world.server import Listener, read_request, send
from tests.world.site import Site

RETAINED = 64 << 20
"""Bytes of one response that are stored for comparison; of longer ones only the digest and the size."""


class Seen:
    """One request that came, and every byte that was sent for it."""

    def __init__(self, request: Request, connection: int) -> None:
        self.request = request
        self.host, self.method, self.target = request.host, request.method, request.target
        self.headers, self.scheme, self.url = request.headers, request.scheme, request.url
        self.connection = connection
        """Counts the connections of the world, so that tests see which requests shared one."""
        self.began = time.monotonic()
        self.ended: float | None = None
        self.size = 0
        self._retained = bytearray()
        self._sha256 = hashlib.sha256()

    def add(self, piece: bytes) -> None:
        self._sha256.update(piece)
        self.size += len(piece)
        if self.size <= RETAINED:
            self._retained += piece

    @property
    def sent(self) -> bytes:
        if self.size > RETAINED:
            raise ValueError(f"{self.url}: {self.size:,} bytes were sent, more than are kept; compare `sha256`")
        return bytes(self._retained)

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()

    @property
    def status(self) -> int:
        return int(bytes(self._retained[9:12]))

    def __repr__(self) -> str:
        return f"<{self.method} {self.url} {self.size} bytes>"


class World:
    """The loopback internet, from `with World() as world` to the end of the block."""

    def __init__(self, sites: Iterable[Site] | None = None, modes: dict[str, str] | None = None) -> None:
        if sites is None:
            from tests.world.sites import all_sites

            sites = all_sites()
        self.sites = {host: site for site in sites for host in site.hosts}
        self._failures: dict[str, str] = {}
        self.log: list[Seen] = []
        self.strays: list[str] = []
        """Hosts that were requested and that the world does not know."""
        self._lock = threading.Lock()
        self._connections = 0
        self._stopped = threading.Event()
        self._secured: set[ssl.SSLSocket] = set()
        for host, mode in (modes or {}).items():
            self.set_mode(host, mode)

    def __enter__(self) -> World:
        self._folder = tempfile.TemporaryDirectory(prefix="world-")
        self.ca_file = str(Path(self._folder.name, "ca.pem"))
        authority().cert_pem.write_to_path(self.ca_file)
        self._listeners = (Listener("http", self._serve), Listener("https", self._serve_tls))
        self.http_port, self.https_port = (listener.port for listener in self._listeners)
        # Bound but not listening: whoever connects is refused, and nobody else can take the port.
        self._refusing = socket.socket()
        self._refusing.bind(("127.0.0.1", 0))
        self.refusing_port: int = self._refusing.getsockname()[1]
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stopped.set()
        for listener in self._listeners:
            listener.close()
        for tls in list(self._secured):
            with contextlib.suppress(OSError):
                tls.shutdown(socket.SHUT_RDWR)
        self._refusing.close()
        self._folder.cleanup()

    # What a client needs to get in

    @property
    def connect_to(self) -> list[str]:
        """curl's `--connect-to` for the two ports of every known host; all other names stay unreachable."""
        return [
            f"{host}:{port}:127.0.0.1:{self._port(host, ours)}"
            for host in self.sites
            if self._failures.get(host) != "dns"
            for port, ours in ((80, self.http_port), (443, self.https_port))
        ]

    @property
    def everywhere(self) -> list[str]:
        """curl's `--connect-to` that leads every host and port here, where a connection to an unknown host is closed."""
        ports = ((80, self.http_port), (443, self.https_port))
        return [*(f":{port}:127.0.0.1:{ours}" for port, ours in ports), f"::127.0.0.1:{self.refusing_port}"]

    def _port(self, host: str, ours: int) -> int:
        return self.refusing_port if self._failures.get(host) == "refused" else ours

    @property
    def cli_args(self) -> list[str]:
        """What `archive fetch` needs to get in. Without a browser: few tests want one, and a machine may have none."""
        mapped = [word for value in self.connect_to for word in ("--connect-to", value)]
        return [*mapped, "--no-browser", "--cacert", self.ca_file]

    @contextlib.contextmanager
    def resolving(self) -> Iterator[None]:
        """For clients in this process that know no `--connect-to`: names and ports lead here, other names nowhere."""
        mapped = {tuple(one.rsplit(":", 3)[:2]): int(one.rpartition(":")[2]) for one in self.connect_to}

        def answer(host: str | bytes | None, port: object, *_: object, **__: object) -> list[tuple[object, ...]]:
            name = host.decode() if isinstance(host, bytes) else str(host)
            ours = mapped.get((name, str(port)))
            if ours is None and name not in ("127.0.0.1", "localhost"):
                self._stray(name)
                raise socket.gaierror(socket.EAI_NONAME, f"the loopback internet has no {name}:{port}")
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", ours or int(str(port))))]

        usual, socket.getaddrinfo = socket.getaddrinfo, answer  # type: ignore[assignment]
        try:
            yield
        finally:
            socket.getaddrinfo = usual

    # What a test sets and reads

    def set_mode(self, host: str, mode: str) -> None:
        """Put the site of `host` in one of its own modes, or `host` alone in one that any host can fail in.

        `dns` and `refused` take effect through `connect_to`, so they are set before the client starts.
        """
        site = self.sites[host]
        if mode in site.modes:
            site.mode = mode
            self._failures.pop(host, None)
        elif mode in failures.MODES:
            self._failures[host] = mode
        else:
            raise KeyError(f"{host} knows no mode {mode!r}, only {site.modes} and {failures.MODES}")

    def requested(self, host: str | None = None) -> list[Seen]:
        with self._lock:
            return [seen for seen in self.log if host in (None, seen.host)]

    def urls(self, host: str | None = None) -> list[str]:
        """Every URL that was requested, in the order of the requests, repeats included."""
        return [seen.url for seen in self.requested(host)]

    def count(self, host: str, target: str | None = None) -> int:
        return sum(1 for seen in self.requested(host) if target in (None, seen.target))

    def sent(self, url: str) -> bytes:
        """The exact bytes that were sent for a URL. Raises `LookupError` unless every asking got the same."""
        found = [seen for seen in self.requested() if seen.url == url]
        answers = len({seen.sha256 for seen in found})
        if answers != 1:
            raise LookupError(f"{url}: asked {len(found)} times, {answers} different answers")
        return found[0].sent

    def most_at_once(self, host: str) -> int:
        """The largest number of requests to `host` that were being answered at the same moment."""
        seen = self.requested(host)
        return max((sum(a.began <= b.began < (a.ended or float("inf")) for a in seen) for b in seen), default=0)

    # How it answers

    def _serve(self, connection: socket.socket, scheme: str, sni: str | None = None) -> None:
        with self._lock:
            self._connections += 1
            number = self._connections
        reader = connection.makefile("rb")
        with contextlib.closing(reader):
            for request in _requests(reader, scheme):
                if request.host not in self.sites or sni not in (None, request.host):
                    self._stray(request.host or "(no Host)")
                    return
                if not self._answer(connection, request, number):
                    return

    def _answer(self, connection: socket.socket, request: Request, number: int) -> bool:
        seen = Seen(request, number)
        with self._lock:
            self.log.append(seen)
        site = self.sites[request.host]
        failure = self._failures.get(request.host)
        answer = failures.play(failure, request, site) if failure is not None else site.answer(request)
        try:
            return send(connection, answer, seen.add, self._stopped)
        finally:
            seen.ended = time.monotonic()

    def _serve_tls(self, connection: socket.socket, scheme: str) -> None:
        names: list[str] = []

        def choose(tls: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> int | None:
            if name is None or name not in self.sites:
                self._stray(name or "(no server name)")
                return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
            names.append(name)
            tls.context = context_for(self.sites[name].hosts, failures.flaw(self._failures.get(name)))
            return None

        entry = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        entry.set_alpn_protocols(["http/1.1"])
        entry.sni_callback = choose
        with entry.wrap_socket(connection, server_side=True) as tls:
            self._secured.add(tls)
            try:
                self._serve(tls, scheme, names[0])
                with contextlib.suppress(OSError, ValueError):  # close_notify, as servers say goodbye
                    tls.settimeout(0.2)
                    tls.unwrap()
            finally:
                self._secured.discard(tls)

    def _stray(self, host: str) -> None:
        with self._lock:
            self.strays.append(host)


def _requests(reader: object, scheme: str) -> Iterator[Request]:
    while (request := read_request(reader, scheme, "127.0.0.1")) is not None:  # type: ignore[arg-type]
        yield request
