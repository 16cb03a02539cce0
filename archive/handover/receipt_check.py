"""A receipt, compared by the sender with the sender's own bag: who signed it, which bag it is about, what it states."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct, field

from archive.errors import StatementError
from archive.handover.receipt_content import compare_content, compare_page
from archive.handover.receipt_signature import ReceiptSignature, check_signed, sent_by
from archive.handover.receipt_time import check_time
from archive.handover.sent_bag import SentBag, look_at_sent
from archive.trust import seal_folder
from archive.trust.anchors import Anchors, load_anchors
from archive.trust.proofs import Proofs, read_proofs
from archive.trust.seal_folder import FileRefused
from archive.words import FALLBACK, load
from archive.words.reasons import few
from archive_manifests import receipt as receipts
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.paths import BagPath
from archive_manifests.receipt import Receipt


class ReceiptCheck(Struct, frozen=True):
    """A receipt, and what the check of it found."""

    receipt: Receipt | None
    findings: tuple[Finding, ...]
    signature: ReceiptSignature = field(default_factory=ReceiptSignature)
    is_trusted: bool = False
    """The signer is trusted for receipts, and is not who sealed the bag."""

    @property
    def key(self) -> str | None:
        """Fingerprint of the key that signed it; None where nobody did."""
        return self.signature.fingerprint

    @property
    def signer(self) -> str | None:
        """Who signed it, by name and key, or by key alone; None where nobody did."""
        return f"{few(self.signature.names)} ({self.key})" if self.signature.names else self.key

    @property
    def errors(self) -> int:
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def as_facts(self) -> dict[str, object] | None:
        """What the receipt says, ready for JSON; None where it cannot be read."""
        if self.receipt is None:
            return None
        return {
            "received": self.receipt.received,
            "by": self.receipt.by,
            "signer": self.signer,
            "trusted": self.is_trusted,
            "packages": [{"name": one.name, "sha256": one.sha256} for one in self.receipt.packages],
            "answers": {question: answer.state for question, answer in self.receipt.answers.items()},
        }

    @property
    def code(self) -> str:
        """Which sentence of the catalogue the check licenses."""
        if self.receipt is None:
            return "unreadable"
        if self.errors:
            return "proves-nothing"
        if self.key is None:
            return "unsigned"
        if self.is_trusted:
            return "received"
        if not self.signature.is_checked:
            return "unchecked"
        return "expired" if self.signature.has_expired else "unknown"

    @property
    def sentence(self) -> str:
        return self.sentence_in(FALLBACK)

    def sentence_in(self, language: str) -> str:
        receipt = self.receipt
        words = load(language)
        by = receipt.by if receipt and receipt.by else words.sentence("receiver.unnamed")
        facts = {"time": receipt.received, "by": by} if receipt else {}
        return words.sentence(f"receipt.{self.code}", signer=self.signer or "-", **facts)


MOST_BESIDE = 64
"""Receipts of a seal folder that are checked without being named."""


def check_receipts_beside(bag: Path, folder: Path, trust: Path | None, now: datetime) -> list[tuple[str, ReceiptCheck]]:
    """Check the receipts that lie in a seal folder, each with its file name. Raises `NotSealable`."""
    listing = seal_folder.list_folder(folder)
    receipts = folder / seal_folder.RECEIPTS
    places = sorted(receipts.glob("*.json")) if listing is not None and not receipts.is_symlink() else []
    names = [place for place in places if seal_folder.RECEIPT_NAME.match(place.name)][:MOST_BESIDE]
    if not names:
        return []
    anchors = load_anchors(trust) if trust else None
    sent = look_at_sent(bag, folder, anchors, now)
    return [(place.name, check_receipt(place, sent, anchors, now)) for place in names]


def check_receipt_of(bag: Path, path: Path, folder: Path, trust: Path | None, now: datetime) -> ReceiptCheck:
    """Check a receipt against the bag at `bag`, whose seal is in `folder`. Raises `NotSealable`, `UsageProblem`."""
    anchors = load_anchors(trust) if trust else None
    return check_receipt(path, look_at_sent(bag, folder, anchors, now), anchors, now)


def check_receipt(path: Path, sent: SentBag, anchors: Anchors | None, now: datetime) -> ReceiptCheck:
    """Check a receipt at the sender's, against the bag that was sent and the seal beside it."""
    try:
        content = seal_folder.read_file(path.absolute().parent, path.name)
        receipt = receipts.parse(content)
    except (FileRefused, StatementError) as error:
        finding = make_finding("receipt-unreadable", BagPath(path.name), note=str(error))
        return ReceiptCheck(None, (finding,))
    signature, about_signature = check_signed(path, content, receipt, anchors, _proofs(sent, anchors, now), now)
    own = list(sent_by(path.name, signature, sent, anchors))
    findings = (
        *compare_content(path.name, receipt, sent),
        *compare_page(path, receipt),
        *check_time(path.name, receipt, signature.proven, sent, now),
        *about_signature,
        *own,
    )
    return ReceiptCheck(receipt, findings, signature, signature.is_trusted and not own)


def _proofs(sent: SentBag, anchors: Anchors | None, now: datetime) -> Proofs:
    listing = seal_folder.list_folder(sent.folder)
    return read_proofs(sent.folder, listing, anchors, now) if listing is not None else Proofs()
