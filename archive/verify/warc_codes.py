"""What can be wrong with a bag's WARCs, and with what is said of them: rows for the catalogue."""

from __future__ import annotations

from archive.verify.findings import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

_FILE: dict[str, tuple[Severity, str, str]] = {
    "warc-empty": (ERROR, "WARC 1.1, 4", "a WARC without a record"),
    "warc-garbage": (ERROR, "WARC 1.1, 4", "bytes that belong to no record"),
    "warc-gzip": (ERROR, "RFC 1952", "a gzip member is damaged: the record in it cannot be read whole"),
    "warc-cut": (ERROR, "WARC 1.1, 4", "the file ends within a record"),
    "warc-limit": (ERROR, "", "more than is reasonable; it was not read on"),
    "warc-not-per-record": (WARNING, "WARC 1.1, annex D", "each record should be a gzip member of its own"),
}

_RECORD: dict[str, tuple[Severity, str, str]] = {
    "warc-version": (ERROR, "WARC 1.1, 4", "a version of WARC whose rules are not known"),
    "warc-header": (ERROR, "WARC 1.1, 4", "a header line that is not `name: value` in UTF-8, ended by CRLF"),
    "warc-field-missing": (ERROR, "WARC 1.1, 5", "a field is missing that every record of its type must have"),
    "warc-field-repeated": (ERROR, "WARC 1.1, 4", "a field is there twice: what it says depends on the reader"),
    "warc-extension-repeated": (WARNING, "WARC 1.1, 4", "a field that the standard does not know is there twice"),
    "warc-field-misplaced": (ERROR, "WARC 1.1, 5", "a field that records of this type must not have"),
    "warc-field-form": (WARNING, "WARC 1.1, 5", "a field's value is not of the form that the standard prescribes"),
    "warc-type-unknown": (WARNING, "WARC 1.1, 5.5", "a type of record that is not known; it was read over"),
    "warc-date": (ERROR, "WARC 1.1, 5.4", "a date that is none"),
    "warc-date-form": (WARNING, "WARC 1.0, 5.4", "WARC 1.0 states dates in whole seconds"),
    "warc-length": (ERROR, "WARC 1.1, 5.3", "the block is not as long as its Content-Length says"),
    "warc-end": (ERROR, "WARC 1.1, 4", "a record does not end with two CRLF"),
    "warc-block-digest": (ERROR, "WARC 1.1, 5.8", "a block is not what its digest states: it was altered"),
    "warc-payload-digest": (ERROR, "WARC 1.1, 5.9", "a payload is not what its digest states: it was altered"),
    "warc-payload-framing": (
        WARNING,
        "WARC 1.1, 5.9",
        "the payload digest is of the body with its chunk marks, as some writers compute it",
    ),
    "warc-payload-unchecked": (WARNING, "", "a payload could not be found in its block; its digest was not checked"),
    "warc-digest-form": (ERROR, "WARC 1.1, 5.8", "a digest that is neither hex nor base32 of its algorithm's length"),
    "warc-digest-unknown": (WARNING, "WARC 1.1, 5.8", "a digest in an unknown algorithm; it was not checked"),
    "warc-http": (WARNING, "WARC 1.1, 6.3", "a response that says it is HTTP and has no head"),
    "warc-truncated-unmarked": (WARNING, "WARC 1.1, 5.13", "an answer is shorter than it says, and not marked so"),
    "warc-truncated-mark": (WARNING, "WARC 1.1, 5.13", "an answer is marked as cut off, and is as long as it says"),
    "warc-id-twice": (ERROR, "WARC 1.1, 5.2", "two records have one id"),
    "warc-reference": (WARNING, "WARC 1.1, 5", "a record refers to one that is not in the bag"),
    "warc-warcinfo": (ERROR, "evidence-bag-1", "the first record of a file is not its warcinfo"),
    "warc-block-undigested": (ERROR, "evidence-bag-1", "a record without a block digest"),
}

_TEXTS: dict[str, tuple[Severity, str, str]] = {
    "web-archive-part-missing": (ERROR, "evidence-bag-1", "a file that every bag of ours has is not there"),
    "log-line": (ERROR, "evidence-bag-1", "a line of a log is not what we write"),
    "log-chain": (ERROR, "evidence-bag-1", "a line does not state the digest of the one before it"),
    "record-missing": (ERROR, "evidence-bag-1", "the records log lists a record that is not there"),
    "record-unlisted": (ERROR, "evidence-bag-1", "a WARC holds a record that the records log does not list"),
    "record-differs": (ERROR, "evidence-bag-1", "a record is not what the records log states"),
    "generated-differs": (ERROR, "evidence-bag-1", "a generated file is not what comes out when it is made again"),
    "generated-unchecked": (WARNING, "", "too large to be made again; it was not compared"),
    "warc-unchecked": (WARNING, "", "too large to be held against the rest; it was not checked"),
}

WARC: dict[str, tuple[Severity, str, str]] = _FILE | _RECORD | _TEXTS
"""Code -> severity, rule, sentence."""

STRICT_IN_OURS = frozenset(
    {"warc-not-per-record", "warc-reference", "warc-truncated-unmarked", "warc-field-form", "warc-payload-framing"}
    | {"warc-extension-repeated", "warc-type-unknown", "warc-date-form", "warc-digest-unknown"}
)
"""Warnings that are errors in a bag of ours: the standard only advises, or others err, but we never write that."""
