"""An observer: one sound bag of the report, with the facts that distinguish it from other observers."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.bag.interface import Bag, Broken
from archive.bag.open import open_bag
from archive.corroborate.pages.bag_records import BagRecords, changed, open_records
from archive.corroborate.pages.evidence import EXTRACTED, SourceEvidence, read_evidence
from archive.corroborate.pages.extracts import statements_of
from archive.errors import BagUnreadable, StatementError
from archive.urls import UrlError, parse
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive_manifests import layout
from archive_manifests import ledger as ledgers
from archive_manifests.corroboration import ObserverFacts, RefusedBag, ReportFacts
from archive_manifests.findings import Severity
from archive_manifests.ledger import Conditions, Ledger, SourceEntry
from archive_manifests.paths import BagPath
from archive_manifests.payload import parse_manifest

LEDGER_LIMIT = 256 << 20
RENDERED_LIMIT = 4 << 20
EXTRACT_LIMIT = 16 << 20
WORDS = "text.txt"
"""What a browser showed of a page, in the folder of its renderings."""
_BAD_STATES = frozenset(("bad", "unsupported", "revoked"))


@dataclass(slots=True)
class Observer:
    """A sound bag, opened, with what it states."""

    bag: Bag
    ledger: Ledger
    facts: ObserverFacts
    records: BagRecords
    digests: Mapping[str, str]
    """Payload path -> hex sha256, of the files that are compared."""
    entries: Mapping[str, SourceEntry]
    """By the address of the source."""
    identities: frozenset[str]
    """What two bags share only where one copied from the other: record ids, digests of stored records, instants."""
    closing: frozenset[str]
    """Digests of what was timestamped last, and of the timestamps."""

    def evidence(self, address: str) -> SourceEvidence | None:
        """What the bag has of a source; None where it does not cite it."""
        entry = self.entries.get(address)
        if entry is None:
            return None
        return read_evidence(
            entry,
            self.records,
            self.digests,
            self._rendered(entry),
            self._extracts(entry),
            self.ledger.conditions.user_agent,
        )

    def _extracts(self, entry: SourceEntry) -> dict[str, str]:
        """What an extractor wrote down of the films of a source."""
        found: dict[str, str] = {}
        for path in dict.fromkeys(path for copy in entry.copies if copy.kind != "supplied" for path in copy.files):
            if path.endswith(EXTRACTED):
                found |= statements_of(path.rpartition("/")[2], self._read(path, EXTRACT_LIMIT))
        return found

    def _read(self, path: str, limit: int) -> bytes:
        try:
            with self.bag.open(BagPath(path)) as stream:
                return stream.read(limit)
        except BagUnreadable:
            return b""
        except Broken as error:
            raise changed(self.bag, error) from error

    def _rendered(self, entry: SourceEntry) -> tuple[str, ...]:
        path = f"{layout.views_of(entry.id)}{WORDS}"
        if entry.rendering is None or path not in entry.rendering.files:
            return ()
        return tuple(self._read(path, RENDERED_LIMIT).decode("utf-8", "replace").splitlines())

    def close(self) -> None:
        """Close what is open of the bag; it is opened again where more of it is read."""
        self.records.close()
        self.bag.close()


def read_observer(path: Path, trust: Path | None, now: datetime, seal: Path | None = None) -> Observer | RefusedBag:
    """Verify a bag and open it as an observer, its name to be given; a bag that is not sound is refused, with why."""
    name = path.resolve().name
    try:
        found = verify(path, trust=trust, now=now, seal=seal)
        tagmanifest = str(found.tagmanifest) if found.tagmanifest is not None else None
        wrong = [one for one in found.findings if one.severity is Severity.ERROR]
        if wrong:
            # What cannot be read has other findings follow from it.
            first = next((one for one in wrong if one.code == "unreadable"), wrong[0])
            reason = "unreadable" if first.code == "unreadable" else "unsound"
            return RefusedBag(name, tagmanifest, reason, f"{first.code} {first.path or ''}".strip())
        bag = open_bag(path)
    except BagUnreadable as error:
        return RefusedBag(name, None, "unreadable", _short(error, path))
    except PermissionError as error:
        return RefusedBag(name, None, "unreadable", error.strerror or "not permitted")
    try:
        if tagmanifest != _tagmanifest(bag):
            bag.close()
            return RefusedBag(name, tagmanifest, "unreadable", f"{layout.TAG_MANIFEST} changed while it was read")
        ledger = _ledger(bag)
        records = open_records(bag, ledger)
        return _observer(bag, ledger, records, found)
    except Broken as error:  # it was whole when it was verified
        bag.close()
        return RefusedBag(name, tagmanifest, "unreadable", f"changed while it was read: {error.note}"[:300])
    except BagUnreadable as error:
        bag.close()
        return RefusedBag(name, tagmanifest, "no-ledger", _short(error, path))


def _tagmanifest(bag: Bag) -> str:
    with bag.open(BagPath(layout.TAG_MANIFEST)) as stream:
        return fingerprint_of(stream.read(LEDGER_LIMIT))


def _short(error: BagUnreadable, path: Path) -> str:
    """Why, without the bag's name and the folder that it lies in: the corroboration is handed on."""
    why = str(error).replace(str(path.parent.resolve()) + "/", "").replace(str(path.parent) + "/", "")
    return why.removeprefix(f"{path.resolve().name}: ")[:300]


def _observer(bag: Bag, ledger: Ledger, records: BagRecords, found: Verification) -> Observer:
    digests = _digests(bag, ledger)
    return Observer(
        bag=bag,
        ledger=ledger,
        facts=_facts(bag.name, ledger, records, found),
        records=records,
        digests=digests,
        entries=by_address(ledger.sources),
        identities=frozenset(_identities(ledger, records)),
        closing=frozenset(
            digest for path, digest in digests.items() if path.startswith(layout.ENDED.removesuffix(".json"))
        ),
    )


def _ledger(bag: Bag) -> Ledger:
    try:
        with bag.open(BagPath(layout.LEDGER)) as stream:
            return ledgers.from_json(stream.read(LEDGER_LIMIT))
    except StatementError as error:
        raise BagUnreadable(f"{bag.location}: {error}") from error


def _digests(bag: Bag, ledger: Ledger) -> dict[str, str]:
    with bag.open(BagPath(layout.PAYLOAD_MANIFEST)) as stream:
        entries = parse_manifest(stream.read(LEDGER_LIMIT), "sha256").entries
    ended = layout.ENDED.removesuffix(".json")
    named = {path for entry in ledger.sources for copy in entry.copies for path in copy.files}
    return {path.text: digest for path, digest in entries.items() if path.text in named or path.text.startswith(ended)}


def _identities(ledger: Ledger, records: BagRecords) -> Iterator[str]:
    for entry in ledger.sources:
        for copy in entry.copies:
            if copy.kind not in ("live", "reading"):
                continue
            for line in (records.lines[name] for name in copy.records if name in records.lines):
                if line.type in ("response", "resource"):
                    yield from (line.id, line.sha256)
                    if "." in line.date:
                        yield f"{line.uri} {line.date}"


def _facts(name: str, ledger: Ledger, records: BagRecords, found: Verification) -> ObserverFacts:
    who, when = found.answers["who"].facts, found.answers["when"].facts
    stated = who.get("signers")
    signers = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    good = [one for one in signers if one.get("key") and one.get("state") not in _BAD_STATES]
    trusted = [str(who) for one in good if one.get("state") == "trusted" for who in one.get("names", ())]
    begun, ended = when.get("not_earlier_than"), when.get("log_not_later_than")
    stamped = when.get("bracket_by")
    authorities = tuple(dict.fromkeys(map(str, stamped))) if isinstance(stamped, list) else ()
    facts = ObserverFacts(
        name="",
        bag=name,
        tagmanifest=str(found.tagmanifest),
        report=report_facts(ledger),
        keys=tuple(sorted(str(one["key"]) for one in good)),
        signers=tuple(sorted(dict.fromkeys(trusted))),
        started=ledger.started,
        ended=ledger.ended,
        not_earlier_than=str(begun) if begun else None,
        not_later_than=str(ended) if ended else None,
        authorities=authorities,
        round=ledger.conditions.round,
        conditions=(),
        records_head=records.head,
    )
    return _with_conditions(facts, ledger.conditions)


def _with_conditions(facts: ObserverFacts, stated: Conditions) -> ObserverFacts:
    from dataclasses import replace

    is_bracketed = facts.not_earlier_than is not None and facts.not_later_than is not None
    found = (
        ("demonstration", stated.demonstration),
        ("connect-to", bool(stated.connect_to)),
        ("added-ca", bool(stated.added_cas)),
        ("accepted-certificate", bool(stated.accepted_certificates)),
        ("accepted-unsound-bag", bool(stated.accepted_bags)),
        ("proxy", stated.proxy is not None),
        ("cookies", stated.cookies),
        ("private-addresses", stated.allow_private),
        ("no-bracket", not facts.authorities),
        ("bracket-not-trusted", bool(facts.authorities) and not is_bracketed),
        ("no-round", facts.round is None),
        ("unsigned", not facts.keys),
    )
    return replace(facts, conditions=tuple(code for code, is_so in found if is_so))


def report_facts(ledger: Ledger) -> ReportFacts:
    stated = ledger.report.stated
    return ReportFacts(stated.id, stated.sha256, stated.title, stated.language)


def by_address(sources: Iterable[SourceEntry]) -> dict[str, SourceEntry]:
    """The sources by their cited address, the first of those that have the same one."""
    found: dict[str, SourceEntry] = {}
    for entry in sources:
        found.setdefault(address_of(entry.cited), entry)
    return found


def address_of(cited: str) -> str:
    """What sources are matched by: the cited address as the URL Standard writes it, with its fragment."""
    try:
        url = parse(cited)
    except UrlError:
        return cited
    fragment = cited.partition("#")[2]
    return f"{url.href}#{fragment}" if fragment else url.href


def fingerprint_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
