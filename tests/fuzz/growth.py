"""What each parser's cost does as its input grows: four times the input may cost about four times as much.

A seed is cut open at some places and a unit is repeated there (a blank, a folded line, a bracket, a whole line of the seed),
once for each size. The processor's time for the largest is compared with that for a quarter of it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fuzz.targets import TARGETS, run

SIZES = (1 << 14, 1 << 16, 1 << 18)
"""Octets of the repeated part."""
MOST = 7.0
"""How much more four times the input may cost: 16 would be quadratic."""
FEWEST_SECONDS = 0.02
"""What the largest has to cost before a ratio means anything."""
STOP = 20.0
"""Seconds after which the sizes of one shape are not raised any more."""

_UNITS = (
    *(b" ", b"\t", b"\n", b"\r\n", b"\r", b"\n ", b"\r\n\t", b"\0", b"a", b"0", b"%", b"%0A", b"*", b"?", b"=", b";", b","),
    *(b'"', b"'", b"\\", b"/", b"../", b"[", b"]", b"{", b'{"a":', b"(", b"<", b"<a", b"<!--", b"]]>", b"&", b"#", b"@"),
    *(b"-", b"--", b":", b"::", b"!", b"|", b"~", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"),
    *(b"HTTP/1.1 100 C\r\n\r\n", b"1\r\nx\r\n", b"X: y\r\n", b"WARC/1.1\r\n", b"\xd8\xa7", b"\xff", b"\xe2\x80\xae"),
)


@dataclass(frozen=True, slots=True)
class Growth:
    """How the cost of one shape of input grew."""

    target: str
    unit: bytes
    place: int
    """Offset in the seed at which the unit is repeated."""
    seconds: tuple[float, ...]
    """Of the processor, for each of the sizes that were tried."""

    @property
    def ratio(self) -> float:
        """How much more the largest size costs than a quarter of it; 0 where both cost next to nothing."""
        if len(self.seconds) < 2 or self.seconds[-1] < FEWEST_SECONDS:
            return 0.0
        return self.seconds[-1] / max(self.seconds[-2], 1e-4)

    @property
    def is_steep(self) -> bool:
        return self.ratio > MOST

    def text(self) -> str:
        costs = " -> ".join(f"{second * 1000:.0f} ms" for second in self.seconds)
        return f"{self.target}: {self.unit!r} at {self.place}: {costs} ({self.ratio:.1f}x)"


def shapes(name: str, count: int, seed: int = 8493) -> Iterator[tuple[bytes, int, bytes]]:
    """Seed, place and unit of each shape of input that is tried."""
    chosen = random.Random(f"growth {name} {seed}")
    seeds = TARGETS[name].seeds()
    for _ in range(count):
        start = chosen.choice(seeds)
        lines = start.splitlines(keepends=True) or [start]
        unit = chosen.choice(_UNITS) if chosen.random() < 0.7 else chosen.choice(lines)[:300] or b"x"
        yield start, chosen.randrange(len(start) + 1) if chosen.random() < 0.8 else len(start), unit


def measure(name: str, start: bytes, place: int, unit: bytes) -> Growth:
    """Run one shape in each size, as long as it is not too slow for the next."""
    seconds: list[float] = []
    for size in SIZES:
        data = start[:place] + unit * (size // len(unit)) + start[place:]
        seconds.append(min(_cost(name, data) for _ in range(2)))
        if seconds[-1] * 16 > STOP:
            break
    return Growth(name, unit[:40], place, tuple(seconds))


def _cost(name: str, data: bytes) -> float:
    began = time.process_time()
    run(name, data)
    return time.process_time() - began


def steepest(name: str, count: int) -> tuple[Growth | None, list[Growth]]:
    """The shape that grew most, and each that grew more than it may, twice in a row."""
    worst: Growth | None = None
    steep = []
    for start, place, unit in shapes(name, count):
        growth = measure(name, start, place, unit)
        if worst is None or growth.ratio > worst.ratio:
            worst = growth
        if growth.is_steep and (again := measure(name, start, place, unit)).is_steep:
            steep.append(again)
    return worst, steep
