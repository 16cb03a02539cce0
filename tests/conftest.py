"""What every test has: the loopback internet on demand, and no way out of loopback."""

from __future__ import annotations

import errno
import gc
import ipaddress
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any

import certifi
import pytest
import trustme
from hypothesis import settings

from archive.cite import isolate
from archive.systems.video import extractor_process
from tests.forked_starts import forked_starts
from tests.world import World

# A machine under load is slow, not wrong; and the same tests pass or fail on every machine. `make fuzz` searches further.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("same")

# Hundreds of programs are started by these tests: each would compile this one again where no bytecode may be written.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a shell starts in the background is deaf to Ctrl-C, and so would be every program that a test stops by it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


gc.disable()  # while tests are collected: all that is made then stays


def pytest_collection_finish() -> None:
    """Leave the collected tests out of every later garbage collection: there are a million objects of them."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture
def world() -> Iterator[World]:
    """A fresh loopback internet, every site in its usual mode."""
    with World() as running:
        yield running


_START_ISOLATED = isolate.start_isolated


@pytest.fixture(autouse=True, scope="session")
def _forked_starts() -> Iterator[None]:
    """Readers of reports and extractors of videos are forked from a process that has imported what they need."""
    if sys.platform != "linux":
        yield
        return
    with forked_starts(_START_ISOLATED) as start, pytest.MonkeyPatch.context() as patch:
        for module in (isolate, extractor_process):
            patch.setattr(module, "start_isolated", start)
        yield


@pytest.fixture
def real_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each confined process is started as the program starts it, for tests of that."""
    for module in (isolate, extractor_process):
        monkeypatch.setattr(module, "start_isolated", _START_ISOLATED)


@pytest.fixture(autouse=True, scope="session")
def _one_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The usual roots are one, of nobody: reading some 150 takes longer than many a run, and no test meets theirs.

    Programs that tests start read them all the same.
    """
    place = tmp_path_factory.mktemp("roots") / "roots.pem"
    trustme.CA(organization_name="Nobody").cert_pem.write_to_path(str(place))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(place))
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_the_disk() -> Iterator[None]:
    """What these tests write need not outlive a loss of power; programs that they start do wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: os.fstat(handle) and None)  # a file that is not open raises as before
        yield


def _is_loopback(address: Any) -> bool:
    """Whether a socket address cannot leave this machine: loopback, a Unix path."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        return address[0] in ("", "localhost")


def _is_literal(host: object) -> bool:
    try:
        socket.inet_aton(str(host))  # 127.1 and 0x7f000001 too: no name is requested
    except OSError:
        return ":" in str(host)
    return True


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    """Close the ways out: other addresses are as unreachable as without a network, and names do not resolve."""
    patch = pytest.MonkeyPatch()
    resolve = socket.getaddrinfo

    def guarded(name: str, place: int) -> None:
        method = getattr(socket.socket, name)

        def judged(self: socket.socket, *arguments: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(arguments[place]):
                raise OSError(errno.ENETUNREACH, f"tests stay on loopback, not {arguments[place]}")
            return method(self, *arguments)

        patch.setattr(socket.socket, name, judged)

    def answered(host: Any, *arguments: Any, **named: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host
        if text in (None, "", "localhost", "localhost.") or _is_literal(text):
            return resolve(host, *arguments, **named)
        raise socket.gaierror(socket.EAI_NONAME, f"tests ask no name server: {text}")

    for name, place in (("connect", 0), ("connect_ex", 0), ("sendto", -1)):
        guarded(name, place)
    patch.setattr(socket, "getaddrinfo", answered)
    yield
    patch.undo()
