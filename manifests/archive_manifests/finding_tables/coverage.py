"""Codes about the ledger and what the records prove of it."""

from __future__ import annotations

from archive_manifests.finding_tables.row import (
    CONDITION,
    CONTRADICTION,
    ERROR,
    MISSING,
    NONCONFORMANCE,
    WARNING,
    Table,
)

COVERAGE: Table = {
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
