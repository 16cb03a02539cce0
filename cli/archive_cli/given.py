"""Files that a command is asked to look at: not there is no wrong usage, it is nothing to look at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from archive_manifests.errors import ArchiveError


class NotThere(ArchiveError):
    """What is to be looked at is not there, is no file, or may not be read."""


class GivenFile(click.Path):
    """The path of a file that can be opened. Raises `NotThere`, where click would speak of wrong usage."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        path = Path(value)
        if path.is_dir():
            raise NotThere(f"{path}: is a folder; give one file")
        if not path.exists():
            raise NotThere(f"{path}: no such file; look at the name, and at the folder you are in")
        if not os.access(path, os.R_OK):
            raise NotThere(f"{path}: may not be read; ask its owner, or copy it to where you can read it")
        return path
