"""Options that differ between two runs, as a person types them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archive.words.notes import describe
from archive.workfolder.resuming import SWITCHES
from archive_manifests.notes import Note

_OF_CONDITIONS = {
    "user_agent": "--identify",
    "added_cas": "--cacert",
    "accepted_certificates": "--accept-certificate",
    "robots": "--obey-robots",
    "memento_policy": "--no-memento",
    "submits": "--submit-wayback",
}
"""Condition that has another name than its option -> the switch."""
_SHOWN = 60
_OFF = (None, False, "not obeyed")


def differences(names: Iterable[str], before: Mapping[str, object], now: Mapping[str, object]) -> str:
    """`then --no-media, now without --no-media` for each of the names, the values of both runs as switches."""
    pairs = ((_as_typed(name, before.get(name)), _as_typed(name, now.get(name))) for name in names)
    return "; ".join(f"then {then}, now {today}" for then, today in pairs)


def _as_typed(name: str, value: object) -> str:
    switch = _OF_CONDITIONS.get(name) or SWITCHES[name][1].split()[0]
    if isinstance(value, Note):
        return f"`{describe(value)}`"
    if isinstance(value, list | tuple):
        typed = " ".join(f"{switch} {each}" for each in value)
        return _shortened(typed) if value else f"without {switch}"
    is_set = (value is False) if switch.startswith("--no-") else value not in _OFF
    if not is_set:
        return f"without {switch}"
    return switch if isinstance(value, bool) or name == "robots" else _shortened(f"{switch} {value}")


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
