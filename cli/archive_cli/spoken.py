"""The command line's sentences, out of the catalogue that the page in a bag has its own from.

English, whatever the system's language: what a program reads off our lines must not change by itself. ARCHIVE_LANGUAGE
asks for another that has a catalogue.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.view.words import Words

VARIABLE = "ARCHIVE_LANGUAGE"


def spoken() -> Words:
    """The catalogue in use."""
    from archive.view.words import FALLBACK, load

    return load(os.environ.get(VARIABLE) or FALLBACK)


def say(key: str, **values: object) -> str:
    """The sentence at `cli.KEY`; numbers are written as the language writes them. Raises `KeyError`."""
    return spoken().say(f"cli.{key}", **values)
