"""Hash objects for digests, by the names that manifests give the algorithms."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

from archive_manifests.payload import ALGORITHMS

Hasher = Any
"""What `hashlib.new` gives: the module names no type for it."""


def hashers(algorithms: Iterable[str]) -> list[Callable[..., Hasher]]:
    """What makes a hash object, for each algorithm as manifests name them."""
    return [getattr(hashlib, ALGORITHMS[algorithm][0]) for algorithm in algorithms]
