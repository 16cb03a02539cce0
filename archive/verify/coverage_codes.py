"""What can be wrong between the report, the ledger and the captures: rows for the catalogue."""

from __future__ import annotations

from archive.verify.findings import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

_LEDGER: dict[str, tuple[Severity, str, str]] = {
    "ledger-unreadable": (ERROR, "evidence-bag-1", "the ledger cannot be read"),
    "ledger-unknown": (WARNING, "", "a ledger of another kind than is known here; it was read as far as it goes"),
    "ledger-spelling": (ERROR, "evidence-bag-1", "the ledger is not spelled as we write it"),
    "source-id": (ERROR, "evidence-bag-1", "sources are not numbered one after the other"),
    "verdict-reason": (ERROR, "evidence-bag-1", "a verdict whose reason is missing, or belongs to another verdict"),
    "verdict-unfounded": (ERROR, "evidence-bag-1", "no record stands behind a verdict that needs one"),
    "verdict-contradicted": (ERROR, "evidence-bag-1", "the records say something else than the verdict"),
    "exchange-missing": (ERROR, "evidence-bag-1", "the ledger names a record that is not in the bag"),
    "requisite-missing": (ERROR, "evidence-bag-1", "something that a page needs is said to be here, and is not"),
    "copy-missing": (ERROR, "evidence-bag-1", "the ledger names a file that is not in the bag"),
    "record-unexplained": (WARNING, "evidence-bag-1", "captures that the ledger ties to no source"),
}

_REPORT: dict[str, tuple[Severity, str, str]] = {
    "report-missing": (ERROR, "evidence-bag-1", "the report, or its text, is not in the bag"),
    "report-altered": (ERROR, "evidence-bag-1", "the report is not the one that the ledger states"),
    "citation-misplaced": (ERROR, "evidence-bag-1", "the report's text does not hold the citation at its stated place"),
    "coverage-unchecked": (WARNING, "", "too large to be held against the rest; it was not checked"),
}

_CONDITIONS: dict[str, tuple[Severity, str, str]] = {
    "redirected-capture": (WARNING, "", "connections were led elsewhere than the names say: the servers may be false"),
    "private-trust": (WARNING, "", "a certificate authority was trusted that the usual programs do not trust"),
    "cookies-used": (WARNING, "", "cookies were sent: others may be shown something else"),
    "private-allowed": (WARNING, "", "addresses of private networks were allowed"),
    "proxied-capture": (WARNING, "", "a proxy stood between the tool and the servers"),
    "demonstration": (WARNING, "", "a demonstration: it proves nothing about the sites it names"),
}

COVERAGE: dict[str, tuple[Severity, str, str]] = _LEDGER | _REPORT | _CONDITIONS
"""Code -> severity, rule, sentence."""
