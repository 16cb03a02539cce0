"""How a copy may be looked at."""

from __future__ import annotations

from archive.audit.head_checksum import METHOD as HEAD_CHECKSUM
from archive.audit.look import FULL_READ
from archive.errors import UsageProblem

REFUSED = {"provider-report": "it is taken in by `archive audit provider-report FILE`"}


def check_method(method: str) -> str:
    """The method. Raises `UsageProblem` for one that a run does not have."""
    if method not in (FULL_READ, HEAD_CHECKSUM):
        raise UsageProblem(f"--method {method}: {REFUSED.get(method, f'expected {FULL_READ} or {HEAD_CHECKSUM}')}")
    return method
