"""All captures of one source read together: which of its texts, values and settings vary from visit to visit."""

from __future__ import annotations

from collections.abc import Sequence

from archive.corroborate.compare.data import places_of_data
from archive.corroborate.compare.scripts import places_of_scripts
from archive.corroborate.explain.varying_places import FEWEST, NOTHING, Varying, varying_of, varying_places
from archive.corroborate.pages.evidence import CopyEvidence
from archive.corroborate.texts.telemetry import DOCUMENT

_FEWEST_OF_DATA = 4
"""Captures from which on a value of a source that is data, and no page, is known to vary."""


def read_varying(copies: Sequence[CopyEvidence]) -> Varying:
    """What the captures of a source show of its places; nothing for fewer than three."""
    shown = [(copy.content, copy.visit) for copy in copies if copy.content is not None]
    if len(shown) < FEWEST:
        return NOTHING
    pages, visits = [page for page, _ in shown], [visit for _, visit in shown]
    if all(page.is_data for page in pages):
        if len(pages) < _FEWEST_OF_DATA:
            return NOTHING
        texts = (f"{DOCUMENT}\0{' '.join(block.text for block in page.blocks)}" for page in pages)
        return varying_of([places_of_data((text,)) for text in texts], visits)
    data = [places_of_data(texts) for texts in _apart([page.data for page in pages])]
    scripts = [places_of_scripts(texts) for texts in _apart([page.scripts for page in pages])]
    found = varying_places(pages, visits).joined(varying_of(data, visits, are_lists=True))
    return found.joined(varying_of(scripts, visits))


def _apart(sides: Sequence[Sequence[str]]) -> list[list[str]]:
    """The texts of each page that not all of the pages have."""
    shared = set.intersection(*(set(texts) for texts in sides))
    return [[text for text in texts if text not in shared] for texts in sides]
