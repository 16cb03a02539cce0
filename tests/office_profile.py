"""One profile of LibreOffice for all conversions of a test process: making a new one takes longer than converting."""

from __future__ import annotations

import atexit
import tempfile
from functools import cache
from pathlib import Path


@cache
def office_profile() -> str:
    """The option that names it. Conversions of one process follow each other, so that none finds it locked."""
    folder = tempfile.TemporaryDirectory(prefix="office-")
    atexit.register(folder.cleanup)
    return f"-env:UserInstallation={Path(folder.name).as_uri()}"
