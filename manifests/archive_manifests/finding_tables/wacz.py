"""Codes about a WACZ, by the question that they belong to."""

from __future__ import annotations

from archive_manifests.finding_tables.row import (
    CONDITION,
    CONTRADICTION,
    DAMAGE,
    ERROR,
    MISSING,
    NONCONFORMANCE,
    WARNING,
    Table,
)

WACZ: dict[str, Table] = {
    "structure": {
        "wacz-description-missing": (ERROR, MISSING, "WACZ 1.1.1", "a WACZ without datapackage.json"),
        "wacz-description": (ERROR, NONCONFORMANCE, "WACZ 1.1.1", "a statement of a WACZ is not of its form"),
        "wacz-file-missing": (ERROR, MISSING, "WACZ 1.1.1", "a file that datapackage.json lists is not in the WACZ"),
        "wacz-file-unlisted": (
            WARNING,
            NONCONFORMANCE,
            "WACZ 1.1.1",
            "a file in a WACZ that datapackage.json does not list",
        ),
        "wacz-layout": (WARNING, NONCONFORMANCE, "WACZ 1.1.1, 5.2", "a WACZ lacks a file that it must have"),
        "wacz-pages": (WARNING, NONCONFORMANCE, "WACZ 1.1.1, 5.2", "the list of pages in a WACZ is not of its form"),
        "wacz-requires": (ERROR, MISSING, "WACZ relation", "the WACZ needs another file that is not here: incomplete"),
    },
    "fixity": {
        "wacz-file-altered": (ERROR, DAMAGE, "WACZ 1.1.1", "a file in a WACZ is not what datapackage.json states"),
        "wacz-description-altered": (
            ERROR,
            DAMAGE,
            "WACZ 1.1.1",
            "datapackage.json is not what datapackage-digest.json states",
        ),
    },
    "warc": {
        "wacz-no-warc": (ERROR, MISSING, "WACZ 1.1.1", "a WACZ without a WARC record"),
        "wacz-page-unfounded": (
            WARNING,
            CONTRADICTION,
            "WACZ 1.1.1, 5.2",
            "the list of pages in a WACZ names a page that no WARC in it has",
        ),
        "wacz-unchecked": (WARNING, CONDITION, "", "a WACZ that cannot be read where it lies: not checked"),
    },
    "who": {
        "wacz-signature-bad": (ERROR, CONTRADICTION, "WACZ auth 0.1.0", "the signature in a WACZ is not valid"),
        "wacz-signature-unread": (
            WARNING,
            CONDITION,
            "WACZ auth 0.1.0",
            "a signature in a WACZ of a form that is not checked here",
        ),
        "wacz-domain-not-vouched": (
            WARNING,
            CONDITION,
            "WACZ auth 0.1.0",
            "the certificate of the domain that a WACZ names as its signer leads to no root known here: whoever signs "
            "can state any domain",
        ),
    },
    "when": {
        "wacz-created-differs": (
            WARNING,
            CONTRADICTION,
            "WACZ auth 0.1.0",
            "the time that stands unsigned beside a WACZ's signature is not that of datapackage.json or the timestamp",
        ),
        "wacz-stamp-bad": (ERROR, CONTRADICTION, "WACZ auth 0.1.0", "the timestamp in a WACZ is not valid"),
    },
}
"""By the question that each belongs to."""
