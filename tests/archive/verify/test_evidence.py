"""The records that the ledger names, and those tied to them, whichever file of a series has them."""

from __future__ import annotations

from archive.verify.visits.evidence import gather
from archive_manifests.paths import BagPath
from tests.archive.verify.evidence_bag import ledger, scanned
from tests.archive.warc.warc_bytes import member, record, uuid


def test_a_later_file_of_a_series_may_describe_the_first_ones_warcinfo() -> None:
    """That is where the end of a run is stated, when the first file has become too large."""
    about = member(record("metadata", 2, b"{}", WARC_Refers_To=f"<{uuid(0)}>"))
    stored = {
        "data/archive/s01.warc.gz": member(record("warcinfo", 0, b"software: evidence-archive\r\n")),
        "data/archive/s01-002.warc.gz": member(record("warcinfo", 1, b"software: evidence-archive\r\n")) + about,
    }
    evidence = gather(ledger(), {BagPath(path): scanned(path, data) for path, data in stored.items()})
    assert evidence.metadata_of == {uuid(0): (uuid(2),)}
    assert uuid(2) in evidence.places
