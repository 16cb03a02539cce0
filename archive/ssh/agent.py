"""Signing with ssh-agent, which keeps the private key. (draft-ietf-sshm-ssh-agent, sections 3.5 and 3.6)"""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from archive.errors import ArchiveError
from archive.ssh.encoding import FieldReader, MalformedWire, string, uint32
from archive.ssh.keys import ED25519, PublicKey
from archive_manifests.plain_text import plain_reason

_REQUEST_IDENTITIES, _IDENTITIES_ANSWER = 11, 12
_SIGN_REQUEST, _SIGN_RESPONSE = 13, 14
_LARGEST_ANSWER = 1 << 20
_SECONDS = 120.0
"""An agent may ask its user first."""


class AgentUnusable(ArchiveError):
    """No ssh-agent responds, or it does not have the key."""

    exit_code = 2


class AgentKey(Struct, frozen=True):
    """A key in an agent."""

    agent: str
    """Path of its socket; on Windows of its named pipe."""
    public_key: PublicKey

    def sign_raw(self, data: bytes) -> bytes:
        request = bytes([_SIGN_REQUEST]) + string(self.public_key.blob) + string(data) + uint32(0)
        try:
            answer = FieldReader(_exchange(self.agent, request, _SIGN_RESPONSE))
            signature = FieldReader(answer.string())
            kind, raw = signature.string(), signature.string()
        except MalformedWire as error:
            raise AgentUnusable(f"ssh-agent: its answer is malformed ({error})") from error
        if kind != ED25519.encode():
            raise AgentUnusable(f"ssh-agent: it signed as {kind[:40]!r}, not as {ED25519}")
        return raw


def find_key(agent: str, wanted: PublicKey) -> AgentKey:
    """The key in the agent. Raises `AgentUnusable` with the fingerprints of the keys that it has."""
    keys = list_keys(agent)
    if wanted not in keys:
        others = ", ".join(key.fingerprint for key in keys if key.kind == ED25519) or "no Ed25519 key"
        raise AgentUnusable(f"ssh-agent: does not hold {wanted.fingerprint}; it holds {others}. ssh-add adds a key")
    return AgentKey(agent, wanted)


def list_keys(agent: str) -> list[PublicKey]:
    """Every key of the agent, without comments."""
    try:
        reader = FieldReader(_exchange(agent, bytes([_REQUEST_IDENTITIES]), _IDENTITIES_ANSWER))
        keys = []
        for _ in range(reader.uint32()):
            blob, _comment = reader.string(), reader.string()
            keys.append(PublicKey.from_blob(blob))
    except (MalformedWire, UnicodeDecodeError) as error:
        raise AgentUnusable(f"ssh-agent: its answer is malformed ({plain_reason(error)})") from error
    return keys


def _exchange(agent: str, message: bytes, expected: int) -> bytes:
    """Send one message and return the content of its response, without the type byte."""
    try:
        if agent.startswith("\\\\"):
            with Path(agent).open("r+b", buffering=0) as pipe:
                pipe.write(string(message))
                return _answer(pipe.read, expected)
        if not hasattr(socket, "AF_UNIX"):  # Python on Windows, where another shell has set SSH_AUTH_SOCK
            raise AgentUnusable(f"ssh-agent at {agent}: this system has no such sockets; unset SSH_AUTH_SOCK")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(_SECONDS)
            connection.connect(agent)
            connection.sendall(string(message))
            return _answer(connection.recv, expected)
    except OSError as error:
        raise AgentUnusable(f"ssh-agent at {agent}: {error.strerror or error}") from error


def _answer(receive: Callable[[int], bytes], expected: int) -> bytes:
    length = int.from_bytes(_exactly(receive, 4), "big")
    if not 0 < length <= _LARGEST_ANSWER:
        raise AgentUnusable(f"ssh-agent: an answer of {length:,} bytes")
    answer = _exactly(receive, length)
    if answer[0] != expected:
        raise AgentUnusable("ssh-agent: refused; the key may be locked, or its use was not confirmed")
    return answer[1:]


def _exactly(receive: Callable[[int], bytes], count: int) -> bytes:
    content = b""
    while len(content) < count:
        more = receive(count - len(content))
        if not more:
            raise AgentUnusable("ssh-agent: broke off its answer")
        content += more
    return content
