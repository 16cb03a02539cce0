"""The signer: a key in a file, with its passphrase where it needs one, or the ssh-agent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive_cli.output import message

if TYPE_CHECKING:
    from archive.ssh.signature import Signer

_LARGEST = 4096


def read_passphrase(path: Path) -> bytes:
    """The first line of a file. Raises `UsageProblem` where it is empty."""
    from archive.errors import UsageProblem

    with path.open("rb") as stream:
        passphrase = stream.read(_LARGEST).split(b"\n")[0].rstrip(b"\r")
    if not passphrase:
        raise UsageProblem(f"{path}: its first line contains no passphrase")
    return passphrase


def choose_passphrase(path: Path | None, *, none: bool, terminal: bool) -> bytes | None:
    """The passphrase of a new key."""
    from archive.errors import UsageProblem

    if none and path is not None:
        raise UsageProblem("--no-passphrase and --passphrase-file exclude each other")
    if none:
        return None
    if path is not None:
        return read_passphrase(path)
    if not terminal:
        raise UsageProblem(message("keygen.no_terminal"))
    chosen: str = click.prompt("Passphrase for the new key", hide_input=True, confirmation_prompt=True, err=True)
    return chosen.encode()


def ask_passphrase(path: Path, name: str, *, terminal: bool) -> bytes | None:
    """Ask for the passphrase of a key; None without a terminal."""
    if not terminal:
        return None
    given: str = click.prompt(f"Passphrase for {name}", hide_input=True, err=True)
    return given.encode()


def load_signer(path: Path, passphrase_file: Path | None) -> Signer:
    """The signer for the key at `path`: the file itself, or for a .pub file the agent. Raises `KeyUnusable`."""
    from archive.ssh.agent import find_key
    from archive.ssh.keys import PublicKey, is_encrypted, load_private, read_key_file

    content = read_key_file(path)
    if _is_used_elsewhere(path):
        click.echo(
            f"archive: warning: {path} is a key for logging in elsewhere: others know it by name, so it names whoever"
            " signs with it. `archive keygen` makes one for bags alone",
            err=True,
        )
    if content.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        return find_key(_agent(), PublicKey.from_text(content.decode("utf-8", "replace")))
    passphrase = None
    if is_encrypted(content):
        given = read_passphrase(passphrase_file) if passphrase_file else None
        passphrase = given or ask_passphrase(path, str(path), terminal=sys.stdin.isatty())
    return load_private(content, passphrase, str(path))


def _is_used_elsewhere(path: Path) -> bool:
    return path.name.startswith("id_") and path.absolute().parent == Path("~/.ssh").expanduser()


def _agent() -> str:
    from archive.ssh.agent import AgentUnusable

    found = os.environ.get("SSH_AUTH_SOCK") or (r"\\.\pipe\openssh-ssh-agent" if os.name == "nt" else None)
    if found is None:
        raise AgentUnusable("no ssh-agent is running (SSH_AUTH_SOCK is not set); give --key the private key's file")
    return found
