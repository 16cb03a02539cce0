"""Conversions by LibreOffice, with one profile for a test process: making a new one takes longer than converting."""

from __future__ import annotations

import atexit
import subprocess
import tempfile
from functools import cache
from pathlib import Path


def convert(office: str, source: Path, kind: str, folder: Path) -> Path:
    """Have LibreOffice, the program `office`, convert a file into a folder; where the result is."""
    filters = ["--infilter=HTML (StarWriter)"] if source.suffix == ".html" else []
    command = [office, _profile(), "--headless", *filters, "--convert-to", kind, "--outdir", str(folder), str(source)]
    subprocess.run(command, capture_output=True, timeout=150, check=True)
    return folder / f"{source.stem}.{kind}"


@cache
def _profile() -> str:
    """The option that names it. Conversions of one process follow each other, so that none finds it locked."""
    folder = tempfile.TemporaryDirectory(prefix="office-")
    atexit.register(folder.cleanup)
    return f"-env:UserInstallation={Path(folder.name).as_uri()}"
