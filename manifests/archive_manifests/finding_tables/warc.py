"""Codes about WARC files and the records log."""

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

WARC: Table = {
    # The file.
    "warc-empty": (ERROR, NONCONFORMANCE, "WARC 1.1, 4", "a WARC without a record"),
    "warc-garbage": (ERROR, DAMAGE, "WARC 1.1, 4", "bytes that belong to no record"),
    "warc-gzip": (ERROR, DAMAGE, "RFC 1952", "a gzip member is damaged: the record in it cannot be read whole"),
    "warc-cut": (ERROR, DAMAGE, "WARC 1.1, 4", "the file ends within a record"),
    "warc-limit": (ERROR, NONCONFORMANCE, "", "more than is reasonable; the rest was not read"),
    "warc-not-per-record": (
        WARNING,
        NONCONFORMANCE,
        "WARC 1.1, annex D",
        "each record should be a gzip member of its own",
    ),
    # A record.
    "warc-version": (ERROR, NONCONFORMANCE, "WARC 1.1, 4", "a version of WARC whose rules are not known"),
    "warc-header": (
        ERROR,
        NONCONFORMANCE,
        "WARC 1.1, 4",
        "a header line that is not `name: value` in UTF-8, ended by CRLF",
    ),
    "warc-field-missing": (
        ERROR,
        NONCONFORMANCE,
        "WARC 1.1, 5",
        "a field is missing that every record of its type must have",
    ),
    "warc-field-repeated": (
        ERROR,
        NONCONFORMANCE,
        "WARC 1.1, 4",
        "a field is there twice: what it says depends on the reader",
    ),
    "warc-extension-repeated": (
        WARNING,
        NONCONFORMANCE,
        "WARC 1.1, 4",
        "a field that the standard does not know is there twice",
    ),
    "warc-field-misplaced": (ERROR, NONCONFORMANCE, "WARC 1.1, 5", "a field that records of this type must not have"),
    "warc-field-form": (
        WARNING,
        NONCONFORMANCE,
        "WARC 1.1, 5",
        "a field's value is not of the form that the standard prescribes",
    ),
    "warc-type-unknown": (WARNING, CONDITION, "WARC 1.1, 5.5", "an unknown type of record; it was skipped"),
    "warc-date": (ERROR, NONCONFORMANCE, "WARC 1.1, 5.4", "not a date"),
    "warc-date-form": (WARNING, NONCONFORMANCE, "WARC 1.0, 5.4", "WARC 1.0 states dates in whole seconds"),
    "warc-length": (ERROR, DAMAGE, "WARC 1.1, 5.3", "the block is not as long as its Content-Length says"),
    "warc-end": (ERROR, DAMAGE, "WARC 1.1, 4", "a record does not end with two CRLF"),
    "warc-end-form": (ERROR, NONCONFORMANCE, "WARC 1.1, 4", "a whole record is not followed by two CRLF"),
    "warc-block-digest": (ERROR, DAMAGE, "WARC 1.1, 5.8", "a block is not what its digest states: it was altered"),
    "warc-payload-digest": (ERROR, DAMAGE, "WARC 1.1, 5.9", "a payload is not what its digest states: it was altered"),
    "warc-payload-differs": (
        ERROR,
        CONTRADICTION,
        "WARC 1.1, 5.9",
        "the payload's digest is of something else, and the block around it is what its own digest states",
    ),
    "warc-payload-framing": (
        WARNING,
        NONCONFORMANCE,
        "WARC 1.1, 5.9",
        "the payload digest is of the body as stored, not as HTTP frames it: some writers compute it so",
    ),
    "warc-payload-unchecked": (
        WARNING,
        CONDITION,
        "",
        "a payload could not be found in its block; its digest was not checked",
    ),
    "warc-digest-form": (
        ERROR,
        NONCONFORMANCE,
        "WARC 1.1, 5.8",
        "a digest that is neither hex nor base32 of its algorithm's length",
    ),
    "warc-digest-unknown": (
        WARNING,
        CONDITION,
        "WARC 1.1, 5.8",
        "a digest in an unknown algorithm; it was not checked",
    ),
    "warc-http": (WARNING, NONCONFORMANCE, "WARC 1.1, 6.3", "a response that says it is HTTP and has no head"),
    "warc-truncated-unmarked": (
        WARNING,
        CONTRADICTION,
        "WARC 1.1, 5.13",
        "a response is shorter than it says, and not marked so",
    ),
    "warc-truncated-mark": (
        WARNING,
        CONTRADICTION,
        "WARC 1.1, 5.13",
        "a response is marked as cut off, and is as long as it says",
    ),
    "warc-id-twice": (ERROR, NONCONFORMANCE, "WARC 1.1, 5.2", "two records have one id"),
    "warc-reference": (WARNING, NONCONFORMANCE, "WARC 1.1, 5", "a record refers to one that is not in the bag"),
    "warc-warcinfo": (ERROR, NONCONFORMANCE, "evidence-bag-1", "the first record of a file is not its warcinfo"),
    "warc-block-undigested": (ERROR, NONCONFORMANCE, "evidence-bag-1", "a record without a block digest"),
    # The logs and what is generated from them.
    "web-archive-part-missing": (ERROR, MISSING, "evidence-bag-1", "a file that every bag of ours has is not there"),
    "log-line": (ERROR, NONCONFORMANCE, "evidence-bag-1", "a line of a log is not what we write"),
    "log-chain": (ERROR, CONTRADICTION, "evidence-bag-1", "a line does not state the digest of the one before it"),
    "record-missing": (ERROR, MISSING, "evidence-bag-1", "the records log lists a record that is not there"),
    "record-unlisted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a WARC contains a record that the records log does not list",
    ),
    "record-differs": (ERROR, CONTRADICTION, "evidence-bag-1", "a record is not what the records log states"),
    "generated-differs": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a generated file differs from the one that is generated again",
    ),
    "disclosure-missing": (
        ERROR,
        MISSING,
        "evidence-bag-1",
        "no disclosure commitment, which every bag of this program has",
    ),
    "disclosure-differs": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the disclosure commitment is not over what the bag holds",
    ),
    "generated-unchecked": (WARNING, CONDITION, "", "too large to generate again; it was not compared"),
    "warc-unchecked": (WARNING, CONDITION, "", "too large to compare with the rest; it was not checked"),
}
