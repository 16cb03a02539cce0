"""The closed catalogue of findings: what each code means, its kind, its severity, the question that it bears on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from archive_manifests.findings import Finding, Kind, Severity
from archive_manifests.paths import BagPath

ERROR, WARNING = Severity.ERROR, Severity.WARNING
DAMAGE, MISSING, CONTRADICTION = Kind.DAMAGE, Kind.MISSING, Kind.CONTRADICTION
NONCONFORMANCE, CONDITION = Kind.NONCONFORMANCE, Kind.CONDITION

Table = dict[str, tuple[Severity, Kind, str, str]]
"""Code -> severity, kind, section of RFC 8493 (or another rule, or nothing), sentence."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code of the catalogue."""

    severity: Severity
    question: str
    says: str
    """One plain sentence, for people."""
    rule: str | None = None
    kind: Kind = Kind.NONCONFORMANCE


_STRUCTURE: Table = {
    # The package round the bag.
    "package-broken": (ERROR, DAMAGE, "", "the package cannot be read to its end"),
    "package-top": (ERROR, NONCONFORMANCE, "", "a package has one folder, the bag, and nothing beside it"),
    "package-name": (
        WARNING,
        CONDITION,
        "",
        "the bag's folder is not named like the package; some archives refuse that",
    ),
    "package-no-folder": (
        WARNING,
        NONCONFORMANCE,
        "",
        "the package has no folder around the bag's files; some programs refuse that",
    ),
    "package-extras": (
        WARNING,
        NONCONFORMANCE,
        "",
        "what macOS adds beside a folder was left out; it is not a part of the bag",
    ),
    "package-backslash": (
        WARNING,
        NONCONFORMANCE,
        "APPNOTE 4.4.17",
        "names with backslashes, read as slashes: not every program can",
    ),
    "package-unterminated": (
        WARNING,
        NONCONFORMANCE,
        "POSIX.1 pax",
        "the tar lacks the empty blocks at its end; its last member is whole",
    ),
    "package-path": (ERROR, NONCONFORMANCE, "", "a member's name leads out of the package, or hides another spelling"),
    "package-duplicate": (
        ERROR,
        CONTRADICTION,
        "",
        "two members have one name: what is unpacked depends on the program",
    ),
    "package-link": (ERROR, NONCONFORMANCE, "", "a member is a link; a bag consists of files"),
    "package-special": (ERROR, NONCONFORMANCE, "", "a member is a device, a pipe or another thing that is no file"),
    "package-encrypted": (ERROR, DAMAGE, "", "a member is encrypted and was not read"),
    "package-method": (ERROR, NONCONFORMANCE, "", "a member is compressed in a way that is not read"),
    "package-overlap": (ERROR, DAMAGE, "", "two members share the same bytes of the package"),
    "package-header": (ERROR, CONTRADICTION, "", "the package says two things about one member"),
    "package-trailing": (ERROR, NONCONFORMANCE, "", "there are bytes in the package that belong to no member"),
    "package-limit": (
        ERROR,
        NONCONFORMANCE,
        "",
        "the package unpacks to more than is reasonable; the rest was not read",
    ),
    # What lies in the folder.
    "link": (ERROR, NONCONFORMANCE, "5.1", "a symbolic link: it was not followed"),
    "special-file": (ERROR, NONCONFORMANCE, "2", "not a file: it was not opened"),
    "folder-limit": (ERROR, NONCONFORMANCE, "", "folders are nested deeper than is reasonable; the rest was not read"),
    "hard-link": (WARNING, CONDITION, "", "the file has another name elsewhere; changing that one changes this one"),
    "name-unencodable": (ERROR, NONCONFORMANCE, "2.3", "the name is not text: no manifest can list it"),
    "name-case-twins": (
        WARNING,
        CONDITION,
        "6.1.1",
        "two names differ in case alone: one is lost on Windows and macOS",
    ),
    "name-twins": (
        WARNING,
        CONDITION,
        "6.1.1",
        "two names differ in Unicode normalisation alone: one is lost on macOS",
    ),
    "name-twins-differ": (ERROR, CONTRADICTION, "6.1.1", "two files whose names look alike have different contents"),
    "name-normalised": (
        WARNING,
        CONDITION,
        "6.1.1",
        "the name on disk differs from the stated one in Unicode normalisation",
    ),
    "name-percent": (
        WARNING,
        NONCONFORMANCE,
        "2.1.3",
        "the file has the very name that the manifest spells, % not decoded",
    ),
    "name-unsafe": (WARNING, CONDITION, "6.1.2", "Windows cannot store this name"),
    "name-control": (WARNING, NONCONFORMANCE, "", "the name contains invisible characters"),
    # The bag declaration and tag files.
    "declaration-missing": (ERROR, MISSING, "2.1.1", "no bagit.txt: this is not a bag"),
    "declaration-lines": (ERROR, NONCONFORMANCE, "2.1.1", "bagit.txt has not exactly two lines"),
    "declaration-line": (ERROR, NONCONFORMANCE, "2.1.1", "a line of bagit.txt is not what it must be"),
    "version-unknown": (ERROR, NONCONFORMANCE, "2.1.1", "a version of BagIt whose rules are not known"),
    "encoding-unknown": (ERROR, NONCONFORMANCE, "2.1.1", "an encoding in which tag files are not read"),
    "encoding-not-utf8": (WARNING, NONCONFORMANCE, "2.1.1", "tag files should be UTF-8"),
    "tag-file-bom": (ERROR, NONCONFORMANCE, "2.3", "a tag file starts with a byte order mark"),
    "tag-file-encoding": (ERROR, NONCONFORMANCE, "2.3", "a tag file is not in the declared encoding"),
    "tag-file-limit": (ERROR, NONCONFORMANCE, "", "a tag file is larger than is reasonable; it was not read as text"),
    "tag-file-end": (WARNING, NONCONFORMANCE, "2.3", "the last line of a tag file should end like the others"),
    "findings-limit": (WARNING, CONDITION, "", "more is wrong with this file; it is not listed"),
    "tag-line-limit": (ERROR, NONCONFORMANCE, "", "a line is longer than is reasonable; the rest was not read as text"),
    "tag-file-missing": (ERROR, MISSING, "3", "a tag file that is listed is not there"),
    "tag-file-unlisted": (WARNING, NONCONFORMANCE, "2.2.1", "a tag manifest should list every tag file"),
    "not-canonical": (ERROR, NONCONFORMANCE, "evidence-bag-1", "not the exact text that our profile prescribes"),
    # bag-info.txt
    "bag-info-line": (ERROR, NONCONFORMANCE, "2.2.2", "a line of bag-info.txt is not `Label: value`"),
    "bag-info-spacing": (WARNING, NONCONFORMANCE, "2.2.2", "white space where version 1.0 allows none"),
    "bag-info-limit": (ERROR, NONCONFORMANCE, "", "bag-info.txt has more fields than is reasonable"),
    "bag-info-repeats": (WARNING, NONCONFORMANCE, "2.2.2", "a field that should be there once is repeated"),
    "bag-info-group": (WARNING, NONCONFORMANCE, "2.2.2", "Bag-Count needs a Bag-Group-Identifier"),
    "oxum-repeats": (ERROR, CONTRADICTION, "2.2.2", "Payload-Oxum is there more than once"),
    "oxum-form": (ERROR, NONCONFORMANCE, "2.2.2", "Payload-Oxum is not `octets.files`"),
    "oxum-differs": (ERROR, CONTRADICTION, "2.2.2", "the payload is not as much as Payload-Oxum says"),
    # Manifests.
    "payload-folder-missing": (ERROR, MISSING, "2.1.2", "no data/ folder"),
    "manifest-missing": (ERROR, MISSING, "2.1.3", "no payload manifest"),
    "manifest-line": (ERROR, NONCONFORMANCE, "2.1.3", "a line of a manifest is not `digest path`"),
    "manifest-blank-line": (WARNING, NONCONFORMANCE, "2.1.3", "a blank line in a manifest"),
    "manifest-percent": (WARNING, NONCONFORMANCE, "2.1.3", "a % that is not encoded as %25"),
    "manifest-marker": (WARNING, NONCONFORMANCE, "6.1.3", "a mark of md5sum's, or ./, before a path"),
    "manifest-duplicate": (ERROR, CONTRADICTION, "2.1.3", "a path is listed twice"),
    "manifest-repeats": (WARNING, NONCONFORMANCE, "2.1.3", "a path is listed twice, with the same digest"),
    "manifest-outside": (ERROR, NONCONFORMANCE, "2.1.3", "a payload manifest lists what is not under data/"),
    "manifest-name": (WARNING, NONCONFORMANCE, "2.1.3", "named like a manifest, but not as one must be named"),
    "path-unsafe": (ERROR, NONCONFORMANCE, "5.1", "a path that leads out of the bag, or hides another spelling"),
    "payload-missing": (ERROR, MISSING, "3", "a payload file that is listed is not there"),
    "payload-unlisted": (ERROR, CONTRADICTION, "3", "a payload file that no manifest lists"),
    "manifest-incomplete": (ERROR, CONTRADICTION, "2.1.3", "every manifest lists every payload file"),
    "tagmanifest-absent": (
        WARNING,
        MISSING,
        "2.2.1",
        "no tag manifest: bag-info.txt and the manifests are not covered",
    ),
    "tagmanifest-omits": (ERROR, NONCONFORMANCE, "2.2.1", "a tag manifest must list every payload manifest"),
    "tagmanifest-lists": (ERROR, NONCONFORMANCE, "2.2.1", "a tag manifest lists neither tag manifests nor payload"),
    "tagmanifest-differ": (WARNING, NONCONFORMANCE, "2.2.1", "tag manifests should list the same files"),
    # fetch.txt
    "fetch-line": (ERROR, NONCONFORMANCE, "2.2.3", "a line of fetch.txt is not `url length path`"),
    "fetch-url": (ERROR, NONCONFORMANCE, "2.2.3", "not an absolute URI, or one of this machine"),
    "fetch-length": (ERROR, NONCONFORMANCE, "2.2.3", "a length in fetch.txt is neither octets nor -"),
    "fetch-outside": (ERROR, NONCONFORMANCE, "2.2.3", "fetch.txt lists what is not payload"),
    "fetch-duplicate": (ERROR, NONCONFORMANCE, "2.2.3", "fetch.txt lists a path twice"),
    "fetch-unlisted": (ERROR, CONTRADICTION, "2.2.3", "fetch.txt lists what a manifest does not"),
    "fetch-hole": (ERROR, MISSING, "3", "a payload file is still to be fetched: the bag is incomplete"),
    "required": (ERROR, CONDITION, "", "an answer that was required is not `passed`"),
}

_WACZ: dict[str, Table] = {
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
        "wacz-unchecked": (WARNING, CONDITION, "", "a WACZ that is compressed where it lies: not checked"),
    },
    "who": {
        "wacz-signature-bad": (ERROR, CONTRADICTION, "WACZ auth 0.1.0", "the signature in a WACZ is not valid"),
        "wacz-signature-unread": (
            WARNING,
            CONDITION,
            "WACZ auth 0.1.0",
            "a signature in a WACZ of a form that is not checked here",
        ),
    },
    "when": {
        "wacz-stamp-bad": (ERROR, CONTRADICTION, "WACZ auth 0.1.0", "the timestamp in a WACZ is not valid"),
    },
}
"""By the question that each bears on."""

_FIXITY: Table = {
    "unreadable": (ERROR, DAMAGE, "", "the file could not be read"),
    "algorithm-unknown": (WARNING, CONDITION, "2.4", "a manifest in an unknown algorithm: it was not checked"),
    "algorithm-weak": (WARNING, CONDITION, "2.4", "MD5 and SHA-1 alone do not show that a file was not replaced"),
    "payload-altered": (ERROR, DAMAGE, "3", "a payload file is not what its manifest states"),
    "tag-file-altered": (ERROR, DAMAGE, "3", "a tag file is not what its tag manifest states"),
    "manifest-altered": (ERROR, DAMAGE, "3", "a manifest states a digest that is wrong, and another one shows it"),
    "reader-died": (ERROR, DAMAGE, "", "reading the file killed the process that read it"),
    "file-changed": (ERROR, DAMAGE, "", "the file changed while it was read"),
    "file-vanished": (ERROR, MISSING, "", "the file was there and disappeared before it was read"),
    "not-expected": (ERROR, CONTRADICTION, "", "the tag manifest is not the one that was expected"),
}

_WARC: Table = {
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

_COVERAGE: Table = {
    # The ledger.
    "ledger-unreadable": (ERROR, CONTRADICTION, "evidence-bag-1", "the ledger cannot be read"),
    "ledger-unknown": (WARNING, CONDITION, "", "a ledger of an unknown kind; it was read as far as possible"),
    "ledger-spelling": (ERROR, NONCONFORMANCE, "evidence-bag-1", "the ledger is not in our canonical form"),
    "source-id": (ERROR, CONTRADICTION, "evidence-bag-1", "sources are not numbered consecutively"),
    "verdict-reason": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a verdict whose reason is missing, or belongs to another verdict",
    ),
    "verdict-unfounded": (ERROR, CONTRADICTION, "evidence-bag-1", "no record stands behind a verdict that needs one"),
    "verdict-contradicted": (ERROR, CONTRADICTION, "evidence-bag-1", "the records say something else than the verdict"),
    "exchange-missing": (ERROR, MISSING, "evidence-bag-1", "the ledger names a record that is not in the bag"),
    "requisite-missing": (
        ERROR,
        MISSING,
        "evidence-bag-1",
        "the ledger says that something that a page needs is here, and it is not",
    ),
    "copy-missing": (ERROR, MISSING, "evidence-bag-1", "the ledger names a file that is not in the bag"),
    "record-unexplained": (
        WARNING,
        CONTRADICTION,
        "evidence-bag-1",
        "captures that the ledger connects with no source",
    ),
    # The report and its citations.
    "ledger-field": (ERROR, CONTRADICTION, "evidence-bag-1", "a statement of the ledger that is not of its form"),
    "address-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the records lead to another address than the ledger states",
    ),
    "time-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the records have another date than the ledger states",
    ),
    "title-contradicted": (ERROR, CONTRADICTION, "evidence-bag-1", "the page has another title than the ledger states"),
    "quote-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "what the ledger says of a quotation is not what the page contains",
    ),
    "facet-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "what the ledger says of source code, appearance and media is not true",
    ),
    "memento-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "another archive's copy is of another address or date than the ledger states",
    ),
    "note-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a note's sentence is not what its code and facts say",
    ),
    "requisite-unlisted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the page needs something that the ledger does not list",
    ),
    "requisite-invented": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the ledger lists something that the page does not need",
    ),
    "condition-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the records were made under another condition than the ledger states",
    ),
    "file-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a file is not what the record contains that it comes from",
    ),
    "file-unexplained": (ERROR, CONTRADICTION, "evidence-bag-1", "a file that no statement of the bag explains"),
    "event-contradicted": (ERROR, CONTRADICTION, "evidence-bag-1", "the custody events are not those of this bag"),
    "software-contradicted": (ERROR, CONTRADICTION, "evidence-bag-1", "the bag names two programs that made it"),
    "report-missing": (ERROR, MISSING, "evidence-bag-1", "the report, or its text, is not in the bag"),
    "report-altered": (ERROR, CONTRADICTION, "evidence-bag-1", "the report is not the one that the ledger states"),
    "citation-misplaced": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the report's text does not have the citation at its stated place",
    ),
    "text-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the report's text is not what the report's file contains",
    ),
    "citation-unlisted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the report cites something that the ledger does not list",
    ),
    "citation-invented": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the ledger lists something that the report does not cite",
    ),
    "citation-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the report cites a source at another place than the ledger states",
    ),
    "manifest-contradicted": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "the source manifest and the ledger do not name the same sources",
    ),
    "read-otherwise": (
        WARNING,
        CONDITION,
        "",
        "this version reads the report or the captures differently from the version that made the bag",
    ),
    "report-unread": (
        WARNING,
        CONDITION,
        "",
        "the report could not be read here: its citations and text were not compared",
    ),
    "coverage-unchecked": (WARNING, CONDITION, "", "too large to compare with the rest; it was not checked"),
    # Conditions of the capture.
    "redirected-capture": (
        WARNING,
        CONDITION,
        "",
        "the program connected elsewhere than the names lead to: the servers may be false",
    ),
    "private-trust": (
        WARNING,
        CONDITION,
        "",
        "the program trusted a certificate authority that the usual programs do not trust",
    ),
    "certificate-accepted": (
        WARNING,
        CONDITION,
        "",
        "the program accepted a certificate that does not prove the identity of the host",
    ),
    "cookies-used": (WARNING, CONDITION, "", "the program sent cookies: others may see something else"),
    "private-allowed": (WARNING, CONDITION, "", "the program was allowed to use addresses of private networks"),
    "proxied-capture": (WARNING, CONDITION, "", "a proxy stood between the tool and the servers"),
    "extract-differs": (
        ERROR,
        CONTRADICTION,
        "evidence-bag-1",
        "a screenshot or text is not what the recording beside it contains",
    ),
    "recording-damaged": (
        WARNING,
        CONDITION,
        "",
        "a recording was damaged when it was supplied; it is stored as supplied, and not read",
    ),
    "demonstration": (WARNING, CONDITION, "", "a demonstration: it proves nothing about the sites that it names"),
}

_WHO: Table = {
    "seal-unreadable": (ERROR, DAMAGE, "archive.seal/2", "seal.json is not there, or is not a seal"),
    "seal-mismatch": (
        ERROR,
        CONTRADICTION,
        "archive.seal/2",
        "the seal does not match the bag: it belongs to another one",
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

_ORIGIN: Table = {
    "origin-unreadable": (ERROR, DAMAGE, "archive-leaf/1", "a document of the disclosure copy cannot be read"),
    "origin-unproven": (
        ERROR,
        CONTRADICTION,
        "archive-leaf/1",
        "a part of the copy that is not proven to be in the original",
    ),
    "origin-incomplete": (ERROR, MISSING, "archive-leaf/1", "a disclosed source of which something is missing"),
}

_WHEN: Table = {
    "stamp-bad": (ERROR, CONTRADICTION, "RFC 3161 2.4.2", "a timestamp is not valid; a warning beside a valid one"),
    "stamp-unbound": (
        ERROR,
        CONTRADICTION,
        "archive.seal/2",
        "a timestamp over something that does not belong to this bag",
    ),
    "stamp-unread": (WARNING, CONDITION, "", "more timestamps than the program reads"),
    "stamp-in-future": (ERROR, CONTRADICTION, "", "a timestamp later than the clock here; a warning beside a good one"),
    "stamp-authority-unknown": (
        WARNING,
        CONDITION,
        "",
        "the timestamp is valid, and its authority is not a trusted one",
    ),
    "stamp-authority-revoked": (
        ERROR,
        CONTRADICTION,
        "RFC 3161 4",
        "its certificate was revoked; a warning beside a valid one",
    ),
    "revocation-list-overdue": (
        WARNING,
        CONDITION,
        "RFC 5280 5.1.2.5",
        "a newer revocation list exists, and is not here",
    ),
    "revocation-list-unusable": (
        WARNING,
        CONDITION,
        "RFC 5280 6.3.3",
        "a revocation list of the trust folder that cannot be used",
    ),
    "stamp-renewal-due": (
        WARNING,
        CONDITION,
        "RFC 4998 5.2",
        "a certificate ends within 180 days: timestamp again before it does",
    ),
    "stamp-certificate-ended": (
        WARNING,
        CONDITION,
        "RFC 4998 5.2",
        "a certificate has ended since, with no newer stamp over it",
    ),
    "bracket-broken": (
        ERROR,
        CONTRADICTION,
        "RFC 3161 2.4.2",
        "a timestamp at the beginning or end of the run is not valid",
    ),
    "captured-before-bracket": (
        ERROR,
        CONTRADICTION,
        "",
        "the bag states captures from before the timestamp that its run began with",
    ),
    "captured-after-stamp": (
        ERROR,
        CONTRADICTION,
        "",
        "the bag states captures from after the time by which it is proven to have existed",
    ),
    "time-runs-backwards": (WARNING, CONTRADICTION, "", "stated times that run backwards: the clock was set meanwhile"),
    "clock-offset": (WARNING, CONDITION, "", "the collector's clock differed from the servers' clocks"),
    "renewal-mismatch": (WARNING, CONTRADICTION, "RFC 4998 5.3", "a file is no longer what a renewal lists"),
}

_HANDOVER: dict[str, tuple[str, Severity, Kind, str]] = {
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
    "statement-altered": (
        "who",
        WARNING,
        CONTRADICTION,
        "the page that explains the seal is not the one that the custody log states",
    ),
    "custody-time": ("who", WARNING, CONTRADICTION, "an event of the custody log is out of chronological order"),
    "profile-lacks": ("structure", ERROR, NONCONFORMANCE, "the bag lacks what the profile asks for"),
    "receipt-unreadable": ("who", ERROR, DAMAGE, "the receipt cannot be read"),
    "receipt-mismatch": ("who", ERROR, CONTRADICTION, "the receipt is for another bag"),
    "receipt-signature-bad": ("who", ERROR, CONTRADICTION, "the receipt's signature is not valid"),
    "receipt-unsigned": ("who", WARNING, CONDITION, "nobody signed the receipt: anybody can have written it"),
    "receipt-signer-unknown": (
        "who",
        WARNING,
        CONDITION,
        "the receipt's signature is valid; its key is not among the trusted ones",
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
}
"""Raised by `archive receive`, and by `archive verify --receipt`: code -> question, severity, kind, sentence."""

STRICT_IN_OURS = frozenset(
    {"warc-not-per-record", "warc-reference", "warc-truncated-unmarked", "warc-field-form", "warc-payload-framing"}
    | {"warc-extension-repeated", "warc-type-unknown", "warc-date-form", "warc-digest-unknown"}
)
"""Warnings that are errors in a bag of ours: the standard only advises, or others err, but we never write that."""


def _rows(question: str, table: Table) -> dict[str, CodeRow]:
    return {
        code: CodeRow(severity, question, says, f"RFC 8493 {rule}" if rule[:1].isdigit() else rule or None, kind)
        for code, (severity, kind, rule, says) in table.items()
    }


CATALOGUE: dict[str, CodeRow] = (
    _rows("structure", _STRUCTURE)
    | _rows("fixity", _FIXITY)
    | _rows("warc", _WARC)
    | _rows("coverage", _COVERAGE)
    | _rows("who", _WHO)
    | _rows("when", _WHEN)
    | {code: row for question, table in _WACZ.items() for code, row in _rows(question, table).items()}
    | _rows("origin", _ORIGIN)
    | {
        code: CodeRow(severity, question, says, None, kind)
        for code, (question, severity, kind, says) in _HANDOVER.items()
    }
)
"""Code -> what it means. A code that is not here is a fault in the program."""


def make_finding(code: str, path: BagPath | None = None, **facts: Any) -> Finding:
    """Make a finding from its row of the catalogue. `facts` are fields of `Finding`; they win over the row's."""
    row = CATALOGUE[code]
    stated: dict[str, Any] = {"rule": row.rule, "severity": row.severity, "question": row.question, "kind": row.kind}
    return Finding(code=code, path=path, **(stated | facts))
