"""Passphrases: from a file, else asked for at a terminal, never from an argument or the environment."""

from __future__ import annotations

from pathlib import Path

import click

_LARGEST = 4096


def read_passphrase(path: Path) -> bytes:
    """The first line of a file. Raises `UsageProblem` where it is empty."""
    from archive.errors import UsageProblem

    with path.open("rb") as stream:
        passphrase = stream.read(_LARGEST).split(b"\n")[0].rstrip(b"\r")
    if not passphrase:
        raise UsageProblem(f"{path}: holds no passphrase in its first line")
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
        raise UsageProblem("no terminal to ask for a passphrase; give --passphrase-file, or --no-passphrase")
    chosen: str = click.prompt("Passphrase for the new key", hide_input=True, confirmation_prompt=True, err=True)
    return chosen.encode()


def ask_passphrase(path: Path, name: str, *, terminal: bool) -> bytes | None:
    """The passphrase of a key that has one; None where there is no terminal to ask at."""
    if not terminal:
        return None
    given: str = click.prompt(f"Passphrase for {name}", hide_input=True, err=True)
    return given.encode()
