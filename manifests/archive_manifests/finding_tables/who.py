"""Codes about signatures."""

from __future__ import annotations

from archive_manifests.finding_tables.row import CONDITION, CONTRADICTION, DAMAGE, ERROR, MISSING, WARNING, Table

WHO: Table = {
    "seal-unreadable": (ERROR, DAMAGE, "archive.seal/2", "seal.json is not there, or is not a seal"),
    "seal-mismatch": (
        ERROR,
        CONTRADICTION,
        "archive.seal/2",
        "the seal does not match the bag: the bag was changed since, or the seal is another bag's",
    ),
    "seal-unknown-file": (
        WARNING,
        CONDITION,
        "archive.seal/2",
        "a file that does not belong in a seal; it was not read",
    ),
    "seal-rests-on-weak": (ERROR, CONTRADICTION, "2.4", "the seal covers no payload manifest with a strong algorithm"),
    "tag-file-not-sealed": (
        WARNING,
        CONTRADICTION,
        "archive.seal/2",
        "a tag file that the seal does not cover: it can be anybody's",
    ),
    "trust-file-unread": (WARNING, CONDITION, "", "a file of the trust folder that was not used"),
    "signature-bad": (
        ERROR,
        CONTRADICTION,
        "PROTOCOL.sshsig",
        "a signature is not valid; a warning beside a valid one",
    ),
    "signature-missing": (
        WARNING,
        MISSING,
        "",
        "a signature that the custody log records is not in the seal: somebody removed it, or left it out",
    ),
    "signature-unsupported": (WARNING, CONDITION, "PROTOCOL.sshsig", "a signature of a kind that is not checked here"),
    "signature-unread": (WARNING, CONDITION, "", "more signatures than the program reads"),
    "signer-unknown": (WARNING, CONDITION, "", "the signature is valid, and its key is not among the trusted ones"),
    "signer-revoked": (
        ERROR,
        CONTRADICTION,
        "PROTOCOL.krl",
        "valid, but its key was revoked; a warning beside a good one",
    ),
    "signer-out-of-period": (
        ERROR,
        CONTRADICTION,
        "ssh-keygen(1)",
        "the signature is valid, and its key was not trusted at that time",
    ),
}
