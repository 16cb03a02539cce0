"""ssh-agent: signs where the key stays, and is not believed where it misbehaves."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.ssh import signature
from archive.ssh.agent import AgentKey, AgentUnusable, find_key, list_keys
from archive.ssh.encoding import string, uint32
from archive.ssh.keys import load_private, read_key_file, write_new_key
from tests.world.sealed_bag import file_key

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets on this machine")


@contextmanager
def ssh_agent() -> Iterator[str]:
    """A real agent on a socket of its own."""
    program = shutil.which("ssh-agent")
    if program is None or shutil.which("ssh-add") is None:
        pytest.skip("skipped: no ssh-agent on this machine, so signing by a real agent was not tried")
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/agent"
        process = subprocess.Popen([program, "-D", "-a", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                if Path(path).exists():
                    break
                threading.Event().wait(0.02)
            yield path
        finally:
            process.terminate()
            process.wait()


@contextmanager
def false_agent(answer: bytes) -> Iterator[str]:
    """A socket that answers every message with these bytes, then closes."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        path = f"{folder}/agent"
        server.bind(path)
        server.listen()

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield path


def test_an_agent_signs_to_the_same_bytes_as_the_key_file(tmp_path: Path) -> None:
    public = write_new_key(tmp_path / "key", None)
    with ssh_agent() as agent:
        environment = {**os.environ, "SSH_AUTH_SOCK": agent}
        subprocess.run(["ssh-add", "-q", tmp_path / "key"], env=environment, check=True, timeout=30)
        assert list_keys(agent) == [public]
        by_agent = signature.sign(b"seal", "archive-bag", find_key(agent, public))
    by_file = signature.sign(b"seal", "archive-bag", load_private(read_key_file(tmp_path / "key"), None, "key"))
    assert by_agent == by_file


def test_a_key_that_the_agent_does_not_hold_is_reported_with_what_to_do() -> None:
    with ssh_agent() as agent, pytest.raises(AgentUnusable, match=r"does not hold SHA256:.*no Ed25519 key.*ssh-add"):
        find_key(agent, file_key(1).public_key)


def test_a_socket_is_reported_where_the_system_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_UNIX")
    with pytest.raises(AgentUnusable, match=r"/tmp/agent\.1: this system has no such sockets; unset SSH_AUTH_SOCK"):
        list_keys("/tmp/agent.1")


def test_an_agent_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(AgentUnusable, match="No such file"):
        list_keys(str(tmp_path / "nothing"))


@pytest.mark.parametrize(
    ("answer", "observed"),
    [
        (b"", "broke off"),
        (b"\0\0", "broke off"),
        (string(b""), "an answer of 0 bytes"),
        (b"\xff\xff\xff\xff", "an answer of 4,294,967,295 bytes"),
        (string(b"\x05"), "refused"),
        (string(b"\x0e" + b"\0\0\0\x09"), "malformed"),
        (string(b"\x0e" + string(string(b"ssh-rsa") + string(b"x" * 64))), "signed as b'ssh-rsa'"),
    ],
)
def test_a_misbehaving_agent_is_reported_and_not_believed(answer: bytes, observed: str) -> None:
    with false_agent(answer) as agent, pytest.raises(AgentUnusable, match=observed):
        AgentKey(agent, file_key(1).public_key).sign_raw(b"data")


def test_an_agent_that_lists_what_is_no_key_is_reported() -> None:
    no_key = string(b"ssh-ed25519") + string(b"short")
    with (
        false_agent(string(b"\x0c" + uint32(1) + string(no_key) + string(b""))) as agent,
        pytest.raises(AgentUnusable, match="malformed"),
    ):
        list_keys(agent)


def test_an_agent_that_signs_with_another_key_is_not_believed() -> None:
    other = file_key(2).sign_raw(b"something")
    with (
        false_agent(string(b"\x0e" + string(string(b"ssh-ed25519") + string(other)))) as agent,
        pytest.raises(signature.BadSignature, match="did not sign"),
    ):
        signature.sign(b"seal", "archive-bag", AgentKey(agent, file_key(1).public_key))
