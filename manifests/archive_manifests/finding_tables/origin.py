"""Codes about a disclosure copy."""

from __future__ import annotations

from archive_manifests.finding_tables.row import CONTRADICTION, DAMAGE, ERROR, MISSING, Table

ORIGIN: Table = {
    "origin-unreadable": (ERROR, DAMAGE, "archive-leaf/1", "a document of the disclosure copy cannot be read"),
    "origin-unproven": (
        ERROR,
        CONTRADICTION,
        "archive-leaf/1",
        "a part of the copy that is not proven to be in the original",
    ),
    "origin-incomplete": (ERROR, MISSING, "archive-leaf/1", "a disclosed source of which something is missing"),
}
