"""Codes about stated and computed digests."""

from __future__ import annotations

from archive_manifests.finding_tables.row import CONDITION, CONTRADICTION, DAMAGE, ERROR, MISSING, WARNING, Table

FIXITY: Table = {
    "unreadable": (ERROR, DAMAGE, "", "the file could not be read"),
    "algorithm-unknown": (WARNING, CONDITION, "2.4", "a manifest in an unknown algorithm: it was not checked"),
    "algorithm-weak": (WARNING, CONDITION, "2.4", "MD5 and SHA-1 alone do not show that a file was not replaced"),
    "payload-altered": (ERROR, DAMAGE, "3", "a payload file is not what its manifest states"),
    "tag-file-altered": (ERROR, DAMAGE, "3", "a tag file is not what its tag manifest states"),
    "eark-file-altered": (ERROR, DAMAGE, "CSIP 2.1.0", "a file in an E-ARK package is not what METS states"),
    "manifest-altered": (ERROR, DAMAGE, "3", "a manifest states a digest that is wrong, and another one shows it"),
    "reader-died": (ERROR, DAMAGE, "", "reading the file killed the process that read it"),
    "file-changed": (ERROR, DAMAGE, "", "the file changed while it was read"),
    "file-vanished": (ERROR, MISSING, "", "the file was there and disappeared before it was read"),
    "not-expected": (ERROR, CONTRADICTION, "", "the tag manifest is not the one that was expected"),
}
