"""Finds bags in an object store."""

from __future__ import annotations

from collections.abc import Iterator

from archive.audit.discover import PassedOver
from archive.errors import UsageProblem


def find_in_store(root: str) -> Iterator[str | PassedOver]:
    """Yield the URL of every bag at or below a prefix."""
    raise UsageProblem(f"{root}: object stores are not supported yet")
