"""Paths as a person types them in a shell."""

from __future__ import annotations

import shlex
from pathlib import Path


def shell_path(path: Path) -> str:
    """A path as a person types it in the current folder: relative where it is below, quoted where it has to be."""
    try:
        near = path.absolute().relative_to(Path.cwd())
    except ValueError:
        near = path.absolute()
    return shlex.quote(str(near))
