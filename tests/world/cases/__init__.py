"""The catalogue of misbehaviour, by the part of an exchange that goes wrong."""

from __future__ import annotations

from tests.world.cases import chunks, codings, ends, heads, interims, lengths, redirects, statuses
from tests.world.faulty import Case

_ALL = (lengths, chunks, codings, interims, heads, statuses, ends, redirects)
CASES: dict[str, Case] = {case.name: case for module in _ALL for case in module.CASES}
