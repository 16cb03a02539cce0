"""Values that commands are given: files that are to be looked at, moments."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from archive_manifests.errors import ArchiveError
from archive_manifests.moments import moment


class NotThere(ArchiveError):
    """What is to be looked at is not there, is no file, or may not be read."""


class GivenFile(click.Path):
    """The path of a file that can be opened. Raises `NotThere`: nothing to look at is no wrong usage."""

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


class Moment(click.ParamType[str]):
    """A day, or a moment with its zone, as it stands in a bag: `2026-11-22`, `2026-11-22T10:00:00Z`."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return moment(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)
