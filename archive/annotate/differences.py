"""How an annotated file differs from the one that report and bag give: values, one for each difference."""

from __future__ import annotations

from msgspec import Struct


class ReportDifference(Struct, frozen=True):
    """One thing in an annotated file that report and bag do not give."""

    code: str
    """A key below `annotation_difference` in the catalogue: `report-altered`, `mark-moved`, …"""
    place: str = ""
    """A mark's name, a page, a part of the package."""
    expected: str | None = None
    found: str | None = None
