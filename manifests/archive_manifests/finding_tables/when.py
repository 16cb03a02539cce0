"""Codes about timestamps and stated times."""

from __future__ import annotations

from archive_manifests.finding_tables.row import CONDITION, CONTRADICTION, ERROR, MISSING, WARNING, Table

WHEN: Table = {
    "stamp-bad": (ERROR, CONTRADICTION, "RFC 3161 2.4.2", "a timestamp is not valid; a warning beside a valid one"),
    "stamp-missing": (
        WARNING,
        MISSING,
        "",
        "a timestamp that the custody log records is not in the seal: somebody removed it, or left it out",
    ),
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
    "time-in-future": (WARNING, CONTRADICTION, "", "a stated time that is still to come by the clock of this machine"),
    "clock-offset": (WARNING, CONDITION, "", "the collector's clock differed from the servers' clocks"),
    "renewal-unstamped": (WARNING, CONDITION, "RFC 4998 5.3", "no timestamp is over a renewal: it proves nothing"),
    "renewal-mismatch": (WARNING, CONTRADICTION, "RFC 4998 5.3", "a file is no longer what a renewal lists"),
}
