"""What the annex says about each source: values made of the ledger, the same for every format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from archive.words import Catalogue, load
from archive_manifests import disclosure
from archive_manifests.ledger import Ledger, SourceEntry, Status
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation

LAYOUT = 2
"""How annex and marks are laid out, from version to version; since 2 the annex has the size of the report's pages."""


class Sign(StrEnum):
    """What a mark shows at a glance."""

    CAPTURED = "captured"
    """A copy is in the bag."""
    PARTIAL = "partial"
    """A copy with gaps."""
    GAP = "gap"
    """No copy."""


@dataclass(frozen=True, slots=True)
class ReportEvidence:
    """The part of a bag that an entry of the annex refers to."""

    kind: str
    """As in `disclosure.Item`: `record`, `file` or `capture`."""
    ref: str
    """A record id, a payload path or a source id."""
    leaf: str | None
    """Hex; None where the bag has no disclosure commitment."""
    sha256: str | None
    """Hex digest of the stored record or the file; None for a part of the ledger."""


@dataclass(frozen=True, slots=True)
class AnnexEntry:
    """One source, as the annex shows it."""

    id: str
    cited: str
    number: int
    """In the annex, from 1: what the mark shows."""
    sign: Sign
    verdict: str
    """In words."""
    why: str | None
    """The reason in words."""
    doubts: str | None
    """Why the reading is uncertain, in words."""
    time_key: str
    """Key of the label before `time`."""
    time: str | None
    """In words, UTC."""
    instant: str | None
    """The same as an instant, to the second; None of a source that has no copy."""
    evidence: ReportEvidence
    public_copy: tuple[str, str] | None
    """Address and date of a copy that another archive publishes."""
    citations: tuple[Citation, ...]

    @property
    def label(self) -> str:
        """What the mark says, in characters: a gap and a doubt differ from a copy without colour."""
        ends = {Sign.CAPTURED: "", Sign.PARTIAL: "~", Sign.GAP: "×"}
        return f"{self.number}{ends[self.sign]}{'?' if self.doubts else ''}"


@dataclass(frozen=True, slots=True)
class AnnexFacts:
    """Everything that the annex says, in one language."""

    words: Catalogue
    bag: str
    """Name of the bag."""
    fingerprint: str
    """`sha256:` of the tag manifest."""
    report_name: str
    """The file's own name."""
    report_sha256: str
    report_size: int
    entries: tuple[AnnexEntry, ...]
    shows_digests: bool = False
    title: str | None = None
    """Of the report."""

    @property
    def citations(self) -> int:
        return sum(len(entry.citations) for entry in self.entries)


@dataclass(frozen=True, slots=True)
class AnnotatedSource:
    """Where the facts of an annex come from."""

    ledger: Ledger
    log: Mapping[str, RecordLine]
    """Record id -> its line."""
    files: Mapping[str, str]
    """Payload path -> hex sha256."""
    seed: bytes | None


def annex_entries(source: AnnotatedSource, words: Catalogue) -> tuple[AnnexEntry, ...]:
    """The entries in the order of first citation."""
    return tuple(_entry(each, at, source, words) for at, each in enumerate(source.ledger.sources, start=1))


def language_of(ledger: Ledger, wanted: str | None = None) -> Catalogue:
    """The language of the annex: the one that is wanted, or else the report's."""
    return load(wanted or ledger.report.stated.language or "en")


def _entry(entry: SourceEntry, number: int, source: AnnotatedSource, words: Catalogue) -> AnnexEntry:
    why = words.sentence(f"status.{entry.status}.sentence")
    if entry.reason is not None and words.has(key := f"reason.{entry.status}.{entry.reason}"):
        why = f"{why} {words.sentence(key)}"
    if entry.memento is not None:
        why = f"{why} {_age(entry, words)}"
    label, when = _time(entry)
    return AnnexEntry(
        id=entry.id,
        cited=entry.cited,
        number=number,
        sign=_sign(entry),
        verdict=words.sentence(f"status.{entry.status}.label"),
        why=why,
        doubts=_doubts(entry, words),
        time_key=label,
        time=words.instant(when) if when else None,
        instant=_to_the_second(when) if when and _sign(entry) is not Sign.GAP else None,
        evidence=evidence_of(entry, source),
        public_copy=(entry.memento.url, words.instant(entry.memento.datetime)) if entry.memento else None,
        citations=entry.citations,
    )


def _to_the_second(instant: str) -> str:
    """The instant without its fraction: a microsecond would help whoever guesses at the ledger."""
    return re.sub(r"\.[0-9]+(?=Z\Z)", "", instant)


def _sign(entry: SourceEntry) -> Sign:
    if entry.status is Status.PARTIAL:
        return Sign.PARTIAL
    return Sign.GAP if entry.status.is_gap else Sign.CAPTURED


def _age(entry: SourceEntry, words: Catalogue) -> str:
    memento = entry.memento
    assert memento is not None
    when = words.instant(memento.datetime)
    if memento.delta_days is None:
        return words.sentence("card.memento_undated", when=when)
    side = "after" if memento.after_report else "before"
    return words.sentence(f"card.memento_{side}", n=abs(memento.delta_days), when=when)


def _doubts(entry: SourceEntry, words: Catalogue) -> str | None:
    """Why the address may be misread; a reading that a person settled is certain."""
    first = entry.readings[0] if entry.readings else None
    if first is None or first.certainty == "certain":
        return None
    codes = [words.sentence(f"doubt.{code}") if words.has(f"doubt.{code}") else code for code in first.why]
    return words.sentence("language.semicolon").join(f"{each} " for each in codes).strip()


def _time(entry: SourceEntry) -> tuple[str, str | None]:
    if entry.status is Status.SUPPLIED and entry.copies:
        return "annex.time_supplied", entry.copies[-1].taken
    if entry.status.is_gap and entry.status is not Status.PARTIAL:
        return "annex.time_tried", entry.started
    taken = [copy.taken for copy in entry.copies if copy.kind != "supplied"]
    return "annex.time", taken[-1] if entry.status is Status.MEMENTO and taken else entry.started


def evidence_of(entry: SourceEntry, source: AnnotatedSource) -> ReportEvidence:
    """The record or file that shows the source, or the failure; where there is neither, the ledger's own half entry."""
    copies = [copy for copy in entry.copies if copy.records or copy.files]
    if entry.status in (Status.SUPPLIED, Status.MEMENTO) and copies:
        last = copies[-1]
        if last.files and last.files[0] in source.files:
            return _evidence("file", last.files[0], source.files[last.files[0]], source.seed)
        wanted = last.records
    else:
        wanted = entry.exchanges
    known = [source.log[record] for record in wanted if record in source.log]
    answers = [line for line in known if line.type == "response"] or known
    if answers:
        return _evidence("record", answers[-1].id, answers[-1].sha256, source.seed)
    return _ledger_evidence(entry, source.seed)


def _evidence(kind: str, ref: str, sha256: str, seed: bytes | None) -> ReportEvidence:
    leaf = None
    if seed is not None:
        leaf = disclosure.leaf_of(disclosure.salt_of(seed, kind, ref), kind, bytes.fromhex(sha256)).hex()
    return ReportEvidence(kind, ref, leaf, sha256)


def _ledger_evidence(entry: SourceEntry, seed: bytes | None) -> ReportEvidence:
    if seed is None:
        return ReportEvidence("capture", entry.id, None, None)
    item = next(item for item in disclosure.entry_items(entry) if item.kind == "capture")
    leaf = disclosure.leaf_of(disclosure.salt_of(seed, item.kind, item.ref), item.kind, item.sha256)
    return ReportEvidence(item.kind, item.ref, leaf.hex(), None)
