"""Seeded mutation, for where atheris is not: blind to coverage, and the same on every machine."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

from tests.fuzz.targets import TARGETS, run

_ODD = (b"", b"\0", b"\xff", b"\n", b"\r", b"\r\n", b"\r\n\r\n", b"%", b"%0A", b"../", b"-1", b"9" * 40, b'"', b"[" * 64)


def mutated(chosen: random.Random, seeds: Sequence[bytes]) -> bytes:
    """One seed with one to eight changes."""
    data = bytearray(chosen.choice(seeds))
    for _ in range(chosen.choice((1, 1, 2, 4, 8))):
        at = chosen.randrange(len(data) + 1)
        match chosen.randrange(7):
            case 0 if at < len(data):
                data[at] ^= 1 << chosen.randrange(8)
            case 1 if at < len(data):
                data[at] = chosen.randrange(256)
            case 2:
                del data[at : at + chosen.choice((1, 4, 32, 1000))]
            case 3:
                data[at:at] = chosen.choice(_ODD)
            case 4:
                start = chosen.randrange(len(data) + 1)
                data[at:at] = data[start : start + chosen.choice((1, 8, 64, 600))]
            case 5:
                del data[at:]
            case _:
                other = chosen.choice(seeds)
                start = chosen.randrange(len(other) + 1)
                data[at : at + 16] = other[start : start + 16]
    return bytes(data)


def mutate_for(name: str, seconds: float, seed: int = 8493) -> int:
    """Run a target on mutated seeds for so long; how many there were. What fails it is raised, with its input."""
    chosen = random.Random(f"{name} {seed}")
    seeds = TARGETS[name].seeds()
    for data in seeds:
        run(name, data)
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        data = mutated(chosen, seeds)
        try:
            run(name, data)
        except Exception as error:
            error.add_note(f"{name} on {data!r}")
            raise
        count += 1
    return count
