"""Whoever signs: a key out of a file, its passphrase asked for where needed, or the agent."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from archive.trust.sshsig import Signer


def load_signer(path: Path, passphrase_file: Path | None) -> Signer:
    """Whoever holds the key at `path`: the file itself, or for a .pub file the agent. Raises `KeyUnusable`."""
    from archive.trust.agent import find_key
    from archive.trust.keys import PublicKey, is_encrypted, load_private, read_key_file
    from archive_cli.passphrase import ask_passphrase, read_passphrase

    content = read_key_file(path)
    if _is_used_elsewhere(path):
        click.echo(
            f"archive: warning: {path} is a key for logging in elsewhere: it is known there by name, and so is whoever"
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
    from archive.trust.agent import AgentUnusable

    found = os.environ.get("SSH_AUTH_SOCK") or (r"\\.\pipe\openssh-ssh-agent" if os.name == "nt" else None)
    if found is None:
        raise AgentUnusable("no ssh-agent is running (SSH_AUTH_SOCK is not set); give --key the private key's file")
    return found
