"""Two large sets of lines compared by short digests of each: a million lines take eight megabytes."""

from __future__ import annotations

import hashlib
import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable

SIZE = 8
"""Bytes of a digest. Its key is drawn anew each time, so nobody can prepare two lines with one digest."""


class LineDigests:
    """The lines that are expected, in any order."""

    def __init__(self, draw_key: Callable[[int], bytes] = os.urandom) -> None:
        self._key = draw_key(16)
        self._expected: array[int] = array("Q")

    def add(self, line: bytes) -> None:
        self._expected.append(self._digest(line))

    def first_difference(self, lines: Iterable[bytes]) -> tuple[int, str] | None:
        """Line number and what is wrong with the first line that is not expected there; None where all are right.

        Right is: just the expected lines, each as often as it was added, in the order of their bytes.
        """
        expected = array("Q", sorted(self._expected))
        met = bytearray(len(expected))
        before, last, place, number = b"", -1, -1, 0
        for number, line in enumerate(lines, start=1):
            if line < before:
                return number, "not in its order"
            digest = self._digest(line)
            place = place + 1 if digest == last else bisect_left(expected, digest)
            if place == len(expected) or expected[place] != digest:
                return number, line[:200].decode("utf-8", "backslashreplace").rstrip("\n")
            met[place] = 1
            before, last = line, digest
        return (number + 1, f"{met.count(0):,} lines are not there") if 0 in met else None

    def _digest(self, line: bytes) -> int:
        return int.from_bytes(hashlib.blake2b(line, digest_size=SIZE, key=self._key).digest(), "big")
