"""Codes about packages and receipts."""

from __future__ import annotations

from archive_manifests.finding_tables.row import (
    CONDITION,
    CONTRADICTION,
    DAMAGE,
    ERROR,
    MISSING,
    NONCONFORMANCE,
    WARNING,
)
from archive_manifests.findings import Kind, Severity

HANDOVER: dict[str, tuple[str, Severity, Kind, str]] = {
    "package-differs": (
        "fixity",
        ERROR,
        DAMAGE,
        "the package is not the one that the list or checksum beside it names",
    ),
    "package-folder-name": ("structure", ERROR, NONCONFORMANCE, "the name of the bag's folder cannot be used here"),
    "package-twins": (
        "structure",
        ERROR,
        NONCONFORMANCE,
        "two members that some systems do not distinguish: one would be lost",
    ),
    "package-too-deep": (
        "structure",
        ERROR,
        NONCONFORMANCE,
        "folders are nested deeper, or a path is longer, than is reasonable",
    ),
    "parts-differ": ("structure", ERROR, MISSING, "the parts are not all the parts of one bag"),
    "seal-refused": ("who", ERROR, CONTRADICTION, "what came as the bag's seal is not a seal"),
    "custody-broken": ("who", ERROR, CONTRADICTION, "the custody log beside the bag is not a valid chain"),
    "custody-signature-bad": (
        "who",
        ERROR,
        CONTRADICTION,
        "a signature over the custody log is not valid; a warning for an unknown key",
    ),
    "statement-unsigned": (
        "who",
        WARNING,
        CONDITION,
        "nobody whose signature counts signed the event that states the page: anybody can have written it. "
        "the sealer's next `archive sign BAG --key KEY` signs it; others read what `verify` prints instead of the page",
    ),
    "identity-unbound": (
        "who",
        WARNING,
        CONTRADICTION,
        "the custody log does not name this record of who collected: it can be anybody's",
    ),
    "statement-altered": (
        "who",
        WARNING,
        CONTRADICTION,
        "the page that explains the seal is not the one that the custody log states",
    ),
    "receipt-text-differs": (
        "who",
        WARNING,
        CONTRADICTION,
        "the page beside the receipt is not what the receipt says: the receipt counts, which may be signed",
    ),
    "custody-time": ("who", WARNING, CONTRADICTION, "an event of the custody log is out of chronological order"),
    "profile-lacks": ("structure", ERROR, NONCONFORMANCE, "the bag lacks what the profile asks for"),
    "receipt-unreadable": ("who", ERROR, DAMAGE, "the receipt cannot be read"),
    "receipt-mismatch": ("who", ERROR, CONTRADICTION, "the receipt states something else of the bag than what is here"),
    "receipt-signature-bad": ("who", ERROR, CONTRADICTION, "the receipt's signature is not valid"),
    "receipt-unsigned": ("who", WARNING, CONDITION, "nobody signed the receipt: anybody can have written it"),
    "receipt-signer-unknown": (
        "who",
        WARNING,
        CONDITION,
        "the receipt's signature is valid; its key is not among the trusted ones",
    ),
    "receipt-key-expired": (
        "who",
        WARNING,
        CONDITION,
        "the key was trusted at the time that the receipt states, is so no longer, and nothing proves that time",
    ),
    "receipt-package-unknown": (
        "who",
        WARNING,
        CONDITION,
        "the receipt names a package of which no digest is known here: it was not compared",
    ),
    "receipt-custody": (
        "who",
        WARNING,
        CONTRADICTION,
        "the receiver's custody log continues from a line that is not in the one here",
    ),
    "receipt-answer": ("who", ERROR, CONTRADICTION, "the receiver found something wrong with the bag"),
    "receipt-time": ("who", ERROR, CONTRADICTION, "the receipt states a time at which it cannot have been made"),
    "receipt-by-sender": (
        "who",
        ERROR,
        CONTRADICTION,
        "the person who sealed the bag signed its receipt: it proves no receiver",
    ),
    "corroboration-unreadable": ("who", ERROR, DAMAGE, "the corroboration cannot be read"),
    "corroboration-other-bag": ("who", ERROR, CONTRADICTION, "the corroboration is about other bags"),
    "corroboration-differs": (
        "who",
        ERROR,
        CONTRADICTION,
        "the corroboration states something that the bag does not hold",
    ),
    "corroboration-inconsistent": (
        "who",
        ERROR,
        CONTRADICTION,
        "the corroboration states something that does not follow from its other statements",
    ),
    "corroboration-page": ("who", ERROR, CONTRADICTION, "the corroboration's page is not what its document states"),
    "corroboration-signature-bad": ("who", ERROR, CONTRADICTION, "a signature over the corroboration is not valid"),
    "corroboration-stamp-bad": (
        "when",
        WARNING,
        CONTRADICTION,
        "a timestamp over a signature of the corroboration is not valid: it shows no time",
    ),
    "corroboration-signature-name": (
        "who",
        WARNING,
        CONDITION,
        "a signature of the corroboration has a name under which no signature is read",
    ),
    "corroboration-contradicted": ("who", WARNING, CONDITION, "another observer saw something else of this source"),
}
"""Code -> question, severity, kind, sentence.

Raised by `archive receive`, and by `archive verify` with `--receipt` or `--corroboration`.
"""
