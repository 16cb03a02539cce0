"""Whether asking again could help. (Retry-After is a minimum: RFC 9110, section 10.2.3)"""

from __future__ import annotations

from typing import Literal

Again = Literal["never", "soon", "later"]

_SOON = frozenset((408, 425, 500, 502, 504, 520, 521, 522, 523, 524, 525, 527))
_LATER = frozenset((403, 429, 503, 529, 530))
_FAILURES: dict[str, Again] = {
    "timeout": "soon", "reset": "soon", "connect": "soon", "empty": "soon", "server-error": "soon", "truncated": "soon",
    "dns": "later", "rate": "later", "challenge": "later", "forbidden": "later",
}  # fmt: skip


def retry_class(what: int | str) -> Again:
    """When to ask again after a status code, or after a failure or verdict by its reason in the ledger.

    `soon`: some more times in this run, with growing pauses. `later`: once, after what Retry-After says or a long
    pause, so rather when the run is taken up again. `never`: the answer is an answer.
    """
    if isinstance(what, str):
        return _FAILURES.get(what, "never")
    if what in _SOON:
        return "soon"
    return "later" if what in _LATER else "never"
