"""How a copy may be looked at, and why some ways of looking are refused."""

from __future__ import annotations

from archive.audit.look import FULL_READ
from archive.errors import UsageProblem

REFUSED = {
    "head-checksum": (
        "the checksum that a store keeps with an object was computed when it was written, and S3 returns it only for a"
        " header that the client library cannot sign; nobody reads the bytes for it. Have the provider read them, and"
        " take its report in: `archive audit provider-report`"
    ),
    "provider-report": "it is taken in by `archive audit provider-report FILE`",
}


def check_method(method: str) -> None:
    """Raise `UsageProblem` for a method that a run does not have."""
    if method != FULL_READ:
        raise UsageProblem(f"--method {method}: {REFUSED.get(method, f'expected {FULL_READ}')}")
