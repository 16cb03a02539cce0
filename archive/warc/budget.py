"""What reading a WARC may cost, shared by its writer and its reader.

A few stored bytes can say that there are millions of records or chunks; reading these would take minutes. So a reader
takes a bounded number of steps for each stored byte, and the writer stores nothing that needs more of them.
"""

from __future__ import annotations

STEPS = 100_000
"""Steps that a reader takes in any case."""
BYTES_PER_STEP = 4
"""Stored bytes for each further step: as many as the smallest chunk has, so that a body stored as it is can be read."""
RECORD_STEPS = 5
"""Steps that a record takes; a small chunk takes one."""
MAX_RATIO = 1100
"""What a gzip member can shrink to at most. (RFC 1951, section 3.2.5: 258 bytes in two bits)"""


def is_affordable(stored: int, small_chunks: int) -> bool:
    """Say whether a record of so many stored bytes pays for reading its chunks."""
    return (RECORD_STEPS + small_chunks) * BYTES_PER_STEP <= stored
