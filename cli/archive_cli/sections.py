"""Commands by what one does with them, for the list of commands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

SECTIONS = {
    "Make a bag": ("cite", "fetch", "supply", "attest", "finish"),
    "Check": ("verify", "compare"),
    "Look": ("show", "view", "replay-check"),
    "Vouch for": ("keygen", "sign"),
    "Hand over": ("pack", "receive"),
    "Help": ("help", "doctor", "completion"),
}


def sections(commands: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Each heading with the commands there are under it; those that no heading names come last."""
    known = list(commands)
    for heading, names in SECTIONS.items():
        if found := [name for name in names if name in known]:
            yield heading, found
    named = {name for names in SECTIONS.values() for name in names}
    if others := [name for name in known if name not in named]:
        yield "Others", others
