"""Which names of hosts end in a top-level domain that is in use."""

from __future__ import annotations

from functools import cache


@cache
def _suffixes() -> frozenset[str]:
    """The top-level domains in use."""
    from linkify_it.tlds import TLDS

    return frozenset(name.lower() for name in TLDS)


def is_known_host(host: str) -> bool:
    """True where the name ends in a top-level domain in use, spelled as one: not `2020.In`, not `1.2`."""
    labels = host.partition("/")[0].partition(":")[0].split(".")
    suffix = labels[-1]
    is_spelled_so = suffix.islower() or host.partition("/")[0].isupper()
    return is_spelled_so and suffix.lower() in _suffixes() and any(not label.isdigit() for label in labels[:-1])
