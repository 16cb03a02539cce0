"""The evidence for what a statement says of one bag: what a verification found, and what the ledger counts."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from archive.bag.interface import Bag
from archive.errors import BagUnreadable, StatementError
from archive.seal.claims import ClaimEvidence, evidence_of
from archive.verify.records.stated_times import TOLERANCE, Proven, check_stated_times, times_of
from archive.verify.result.verification import Verification
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Answer, Finding
from archive_manifests.ledger import Ledger
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath

_LEDGER_LIMIT = 64 << 20


def gather(bag: Bag, found: Verification) -> ClaimEvidence:
    """The evidence that a whole verification gives: of the content, the seal and the times."""
    return evidence_of(found.answers, found.findings, _counts(found, _ledger(bag)))


def gather_for_seal(bag: Bag, content: Verification | None, who: Answer, when: Answer) -> ClaimEvidence:
    """The evidence where a seal was added after the content was verified; None where the content was not looked at."""
    ledger = _ledger(bag)
    times = times_of(ledger) if ledger else None
    findings = list(content.findings) if content else []
    sealed = _sealed(when)
    if sealed is not None and content is not None and content.latest is not None:
        findings += [_made_later(content.latest, sealed)] if content.latest > sealed + TOLERANCE else []
    if times is not None:
        findings += check_stated_times(times, Proven(None, None, sealed, is_stamped=True))
        when = replace(when, facts=when.facts | {"stated": times.as_facts})
    answers = {**(content.answers if content else {}), "who": who, "when": when}
    return evidence_of(answers, findings, _counts(content, ledger))


def _made_later(stated: datetime, sealed: datetime) -> Finding:
    """A bag that states a time of its making from after its own timestamp."""
    return make_finding("captured-after-stamp", expected=iso(sealed), found=iso(stated))


def _sealed(when: Answer) -> datetime | None:
    """The time by which the seal existed, by an authority that the caller trusts."""
    proven = when.facts.get("not_later_than")
    return datetime.fromisoformat(proven) if isinstance(proven, str) else None


def _counts(found: Verification | None, ledger: Ledger | None) -> dict[str, object]:
    counts: dict[str, object] = {"sources": len(ledger.sources) if ledger else 0}
    if found is not None:
        counts |= {"files": found.payload_files, "octets": found.payload_octets}
    return counts


def _ledger(bag: Bag) -> Ledger | None:
    try:
        with bag.open(BagPath(layout.LEDGER)) as stream:
            return ledgers.from_json(stream.read(_LEDGER_LIMIT))
    except (BagUnreadable, StatementError):
        return None
