"""The commands by which anybody checks a bag: said once, for the page and for README-VERIFY.txt."""

from __future__ import annotations

CHECKS = (
    ("tags", "sha256sum -c tagmanifest-sha256.txt"),
    ("payload", "sha256sum -c manifest-sha256.txt"),
    ("bagit", "bagit.py --validate ."),
    ("warc", "warcio check data/archive/*.warc.gz"),
    ("ours", "archive verify ."),
)
"""Key of the sentence that says what it proves -> the command, given in the bag's folder."""
