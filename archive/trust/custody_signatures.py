"""Who signed the custody log beside a bag, and up to which line: anybody who can write the folder can rewrite the rest.

A signature is over the first lines of `custody.jsonl`, as many as its name says, so that it holds while the log grows:
`head -n 3 custody.jsonl | ssh-keygen -Y verify -n archive-custody -s custody-0003.SHA256-….sig …` checks it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from archive.ssh import signature as sshsig
from archive.ssh.keys import PublicKey
from archive.ssh.signature import BadSignature, Signer, UnsupportedSignature
from archive.trust import custody_log, seal_folder
from archive.trust.anchors import Anchors
from archive.trust.bound_files import check_identity, check_statement
from archive.trust.custody_log import CustodyBroken, CustodyLog
from archive.trust.proofs import Proofs, check_signature, first_signatures, read_proofs
from archive.trust.seal_folder import FileRefused, Listing
from archive.words.reasons import few
from archive_manifests import signature_namespaces
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding, Severity
from archive_manifests.moments import iso
from archive_manifests.paths import BagPath

NAMESPACE = signature_namespaces.CUSTODY
"""What a signature over a log is bound to. (PROTOCOL.sshsig, `namespace`)"""

MOST = 256
"""Signatures of a log that are looked at, those over the most lines first."""

_MISSING = {".sig": "signature-missing", ".tsr": "stamp-missing"}
_LARGEST_SIGNATURE = 1 << 16
_CLOCKS_APART = timedelta(minutes=10)


class SignedLines(Struct, frozen=True):
    """One good signature: the first `lines` events are what the owner of a key signed."""

    lines: int
    fingerprint: str
    names: str | None
    """As the reader's trust names the key; None for one that is not known, or not trusted when it was judged."""


class CustodyCheck(Struct, frozen=True):
    """The custody log of a seal folder, looked at."""

    log: CustodyLog | None
    """None where it does not hang together."""
    signed: tuple[SignedLines, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def signed_lines(self) -> int:
        """Events from the start of the log that a trusted signer signed."""
        return max((one.lines for one in self.signed if one.names), default=0)

    @property
    def signers(self) -> tuple[str, ...]:
        return tuple(sorted({one.names for one in self.signed if one.names}))

    @property
    def as_facts(self) -> dict[str, object]:
        """For the answer about authenticity, ready for JSON."""
        if self.log is None:
            return {"state": "broken"}
        if not self.log.events:
            return {"state": "absent"}
        events, signed = len(self.log.events), self.signed_lines
        state = "signed" if signed == events else "signed-in-part" if signed else "unsigned"
        return {"state": state, "events": events, "signed_events": signed, "signers": list(self.signers)}


def sign_log(folder: Path, log: CustodyLog, signer: Signer) -> str:
    """Sign a log as it is now, and return the signature's file name."""
    name = seal_folder.custody_signature_name(len(log.events), signer.public_key.safe_name)
    seal_folder.write_file(folder, name, sshsig.sign(log.text, NAMESPACE, signer))
    return name


def copy_of_log(folder: Path) -> dict[str, bytes]:
    """A copy of the log as it is, under the name it has beside a renewal; empty where there is no log."""
    try:
        text = seal_folder.read_file(folder, custody_log.NAME)
    except FileRefused:
        return {}
    return {seal_folder.custody_copy_name(text.count(b"\n")): text} if text else {}


def check_custody(folder: Path, events_head: str | None, anchors: Anchors | None, now: datetime) -> CustodyCheck:
    """Check the log of a seal folder, its times, and who signed it. Nothing is raised."""
    place = BagPath(f"{folder.name}/{custody_log.NAME}")
    try:
        log = custody_log.read_log(folder, events_head)
    except CustodyBroken as error:
        finding = make_finding("custody-broken", place, note=str(error), severity=Severity.WARNING)
        return CustodyCheck(None, findings=(finding, *_bad_signatures(folder, anchors, now)))
    listing = seal_folder.list_folder(folder) or Listing()
    signed: list[SignedLines] = []
    findings = [*_times(log, place, now), *_copies(folder, listing, log)]
    judge = _Judge(folder, listing, log.text, anchors or Anchors(), now)
    for name in sorted(listing.custody_signatures, reverse=True)[:MOST]:
        signature, found = judge.judge(name)
        signed += [signature] if signature else []
        findings += [found] if found else []
    findings += check_statement(folder, log, _lines_that_count(folder, listing, anchors, signed))
    findings += check_identity(folder, log)
    findings += _missing(folder, listing, log)
    return CustodyCheck(log, tuple(signed), tuple(findings))


def _bad_signatures(folder: Path, anchors: Anchors | None, now: datetime) -> Iterator[Finding]:
    """Signatures that the lines of a log which does not hang together do not fit: somebody rewrote what was signed."""
    listing = seal_folder.list_folder(folder) or Listing()
    try:
        text = seal_folder.read_file(folder, custody_log.NAME)
    except FileRefused:
        return
    judge = _Judge(folder, listing, text, anchors or Anchors(), now)
    for name in sorted(listing.custody_signatures, reverse=True)[:MOST]:
        signature, found = judge.judge(name)
        if signature is None and found is not None:
            yield found


class _Judge(Struct):
    """Judges the signatures over one log."""

    folder: Path
    listing: Listing
    log: bytes
    trust: Anchors
    now: datetime
    _proofs: Proofs | None = None

    def judge(self, name: str) -> tuple[SignedLines | None, Finding | None]:
        """A signature that holds, and what is wrong with it or with its key.

        A key is judged when the signature is proven to have existed, else now: the times in the log are the word of
        whoever signed it, and would bring back a key that has expired.
        """
        try:
            lines, key, content = self._read(name)
        except UnsupportedSignature as error:
            return None, make_finding("signature-unsupported", self._place(name), note=str(error))
        except (BadSignature, FileRefused) as error:
            severity = Severity.ERROR if self._is_known(name) else Severity.WARNING
            note = str(error)
            return None, make_finding("custody-signature-bad", self._place(name), note=note, severity=severity)
        entries = self.trust.entries_for(key, NAMESPACE)
        if not entries:
            return SignedLines(lines, key.fingerprint, None), None
        if self.trust.revoked.holds(key):
            return self._untrusted(name, lines, key, "signer-revoked", "was revoked")
        judged_at = self._proven(name, content) or self.now
        valid = [one.principals for one in entries if one.is_valid_at(judged_at)]
        if not valid:
            spans = few(dict.fromkeys(entry.span for entry in entries), between="; ")
            why = f"is trusted {spans}; the signature over the log is judged as of {iso(judged_at)}"
            return self._untrusted(name, lines, key, "signer-out-of-period", why)
        return SignedLines(lines, key.fingerprint, few(dict.fromkeys(valid))), None

    def _untrusted(self, name: str, lines: int, key: PublicKey, code: str, why: str) -> tuple[SignedLines, Finding]:
        names = few(dict.fromkeys(one.principals for one in self.trust.entries_for(key, NAMESPACE)))
        note = f"{names}: {key.fingerprint} {why}"
        finding = make_finding(code, self._place(name), note=note, severity=Severity.WARNING)
        return SignedLines(lines, key.fingerprint, None), finding

    def _place(self, name: str) -> BagPath:
        return BagPath(f"{self.folder.name}/{name}")

    def _is_known(self, name: str) -> bool:
        _, claimed = seal_folder.custody_signature_parts(name)
        return any(entry.key.safe_name == claimed for entry in self.trust.signers)

    def _read(self, name: str) -> tuple[int, PublicKey, bytes]:
        """The lines that a signature is over, its key, its file. Raises `BadSignature`, `FileRefused`."""
        lines, claimed = seal_folder.custody_signature_parts(name)
        content = seal_folder.read_file(self.folder, name, _LARGEST_SIGNATURE)
        signature = sshsig.parse(content)
        if signature.public_key.safe_name != claimed:
            raise BadSignature("its file is named after another key")
        there = custody_log.lines_of(self.log)
        if lines > len(there):
            raise BadSignature(f"it is over {lines} lines, and {len(there)} are there: the log was cut")
        signature.check(b"".join(there[:lines]), NAMESPACE)
        return lines, signature.public_key, content

    def _proven(self, name: str, content: bytes) -> datetime | None:
        """When a signature existed at the latest, by a renewal that lists it and an authority that is trusted."""
        if self._proofs is None:
            self._proofs = read_proofs(self.folder, self.listing, self.trust, self.now)
        return self._proofs.earliest_of(content, name, self.now)


def _lines_that_count(folder: Path, listing: Listing, anchors: Anchors | None, signed: list[SignedLines]) -> int:
    """Lines of the log that somebody signed whom the reader trusts; without a list of those, who signed the seal."""
    if anchors is not None and anchors.signers:
        return max((one.lines for one in signed if one.names), default=0)
    sealers = set(_sealers(folder, listing)) if signed else set()
    return max((one.lines for one in signed if one.fingerprint in sealers), default=0)


def _sealers(folder: Path, listing: Listing) -> Iterator[str]:
    """The fingerprints of the keys with a good signature over the seal."""
    for name in first_signatures(listing, None):
        with contextlib.suppress(BadSignature, FileRefused):
            content = seal_folder.read_file(folder, seal_folder.SEAL)
            yield check_signature(folder, name, content)[0].fingerprint


def _copies(folder: Path, listing: Listing, log: CustodyLog) -> Iterator[Finding]:
    """A copy of the log's first lines, as many as its name says, which a renewal lists, has to be just those."""
    for name in listing.custody_copies:
        try:
            is_beginning = seal_folder.read_file(folder, name) == log.first_lines(seal_folder.custody_copy_lines(name))
        except FileRefused:
            is_beginning = False
        if not is_beginning:
            note = f"{custody_log.NAME} does not begin with what {name} has: it was rewritten or cut since"
            place = BagPath(f"{folder.name}/{custody_log.NAME}")
            yield make_finding("custody-broken", place, note=note, severity=Severity.WARNING)


def _missing(folder: Path, listing: Listing, log: CustodyLog) -> Iterator[Finding]:
    """Signatures and timestamps that the log records and that are gone: the log is all that shows that they were."""
    recorded = dict.fromkeys(name for event in log.events for name in event.objects if name.endswith(tuple(_MISSING)))
    there = {*listing.signatures, *listing.custody_signatures, *listing.replies}
    for name in [one for one in recorded if one not in there and seal_folder.is_known(one)][:MOST]:
        yield make_finding(_MISSING[name[-4:]], BagPath(f"{folder.name}/{name}"))


def _times(log: CustodyLog, place: BagPath, now: datetime) -> Iterator[Finding]:
    """Events that are still to come, or that go back in time."""
    last: datetime | None = None
    for number, event in enumerate(log.events, start=1):
        time = custody_log.moment_of(event)
        if time is None or time > now + _CLOCKS_APART:
            note = "no time" if time is None else "a time that is still to come"
            yield make_finding("custody-time", place, line=number, found=event.time[:40], note=note)
        elif last is not None and time < last - _CLOCKS_APART:
            note = "earlier than the line before"
            yield make_finding("custody-time", place, line=number, found=event.time, note=note)
        last = time or last
