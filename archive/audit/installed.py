"""Whether the optional parts of the audit are installed."""

from __future__ import annotations

from importlib.util import find_spec

from archive.audit.errors import ExtraMissing

NEEDED = ("sqlalchemy", "alembic", "platformdirs")


def check_installed() -> None:
    """Raise `ExtraMissing` where the catalogue cannot be opened for want of a library."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ExtraMissing(f"the catalogue needs {', '.join(missing)}; install evidence-archive[audit]")
