"""What the annex says about each source: values made of the ledger, the same for every format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from msgspec import Struct

from archive.page.cards import status_sentence
from archive.words import Catalogue, load
from archive_manifests import disclosure, layout
from archive_manifests.ledger import Copy, Ledger, SourceEntry, Status
from archive_manifests.records import RecordLine
from archive_manifests.sources import Citation

LAYOUT = 3
"""How annex and marks are laid out, from version to version; since 2 the annex has the size of the report's pages,
since 3 marks on pages larger than office paper are larger too."""


class Sign(StrEnum):
    """What a mark shows at a glance."""

    CAPTURED = "captured"
    """A copy is in the bag."""
    MEMENTO = "memento"
    """A copy that another archive made."""
    SUPPLIED = "supplied"
    """A copy that a person supplied."""
    PARTIAL = "partial"
    """A copy with gaps."""
    GAP = "gap"
    """No copy."""


_ENDS = {Sign.CAPTURED: "", Sign.MEMENTO: "*", Sign.SUPPLIED: "+", Sign.PARTIAL: "~", Sign.GAP: "×"}
_MOST_FILES = 3
"""Files of a source that its entry names."""


class ReportEvidence(Struct, frozen=True):
    """The part of a bag that an entry of the annex refers to."""

    kind: str
    """As in `disclosure.Item`: `record`, `file` or `capture`."""
    ref: str
    """A record id, a payload path or a source id."""
    leaf: str | None
    """Hex; None where the bag has no disclosure commitment."""
    sha256: str | None
    """Hex digest of the stored record or the file; None for a part of the ledger."""


class AnnexEntry(Struct, frozen=True):
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
    places: tuple[str, ...]
    """Where the bag shows it: its page, and paths of files, the first few."""
    public_copy: tuple[str, str] | None
    """Address and date of a copy that another archive publishes."""
    citations: tuple[Citation, ...]

    @property
    def label(self) -> str:
        """What the mark says, in characters: a gap and a doubt differ from a copy without colour."""
        return f"{self.number}{_ENDS[self.sign]}{'?' if self.doubts else ''}"


class AnnexFacts(Struct, frozen=True):
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
    doubtful: tuple[str, ...] = ()
    """Names of the conditions under which a capture can be false, as in `Conditions.doubtful`."""

    @property
    def citations(self) -> int:
        return sum(len(entry.citations) for entry in self.entries)

    @property
    def caution(self) -> str | None:
        """The conditions that can make a capture false, in a sentence; None where there are none."""
        if not self.doubtful:
            return None
        between = f"{self.words.sentence('language.semicolon')} "
        names = between.join(self.words.sentence(f"condition_name.{name}") for name in self.doubtful)
        return self.words.sentence("annex.conditions", names=names)

    @property
    def legend(self) -> Iterator[tuple[str, str]]:
        """An example of each sign that occurs, and what it means."""
        for sign, end in _ENDS.items():
            if any(entry.sign is sign for entry in self.entries):
                yield f"1{end}", self.words.sentence(f"annex.sign_{sign}")
        if any(entry.doubts for entry in self.entries):
            yield "1?", self.words.sentence("annex.sign_uncertain")

    def about_bag(self) -> Iterator[str]:
        """What an annex says before its entries, below what it says of its own file."""
        if self.caution:
            yield self.caution
        yield self.words.sentence("annex.bag", name=self.bag, fingerprint=self.fingerprint)
        if any(entry.evidence.leaf for entry in self.entries):
            yield self.words.sentence("annex.leaf_means")


class AnnotatedSource(Struct, frozen=True):
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
    why = words.sentence(status_sentence(entry))
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
        places=_places(entry, source, words),
        public_copy=(entry.memento.url, words.instant(entry.memento.datetime)) if entry.memento else None,
        citations=entry.citations,
    )


def _to_the_second(instant: str) -> str:
    """The instant without its fraction: a microsecond would help whoever guesses at the ledger."""
    return re.sub(r"\.[0-9]+(?=Z\Z)", "", instant)


def _sign(entry: SourceEntry) -> Sign:
    signs = {Status.PARTIAL: Sign.PARTIAL, Status.MEMENTO: Sign.MEMENTO, Status.SUPPLIED: Sign.SUPPLIED}
    return signs.get(entry.status, Sign.GAP if entry.status.is_gap else Sign.CAPTURED)


def _places(entry: SourceEntry, source: AnnotatedSource, words: Catalogue) -> tuple[str, ...]:
    """The page that shows the source, and the files that a person can open."""
    is_apart = len(source.ledger.sources) > layout.MOST_ON_ONE_PAGE
    page = layout.source_page(entry.id) if is_apart else f"{layout.PAGE}#{words.code}-{entry.id}"
    files = dict.fromkeys(path for copy in entry.copies for path in copy.files if path in source.files)
    more = ("…",) if len(files) > _MOST_FILES else ()
    return (page, *list(files)[:_MOST_FILES], *more)


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
    return f"{words.sentence('language.semicolon')} ".join(codes)


def _time(entry: SourceEntry) -> tuple[str, str | None]:
    if entry.status is Status.SUPPLIED and entry.copies:
        return "annex.time_supplied", entry.copies[-1].taken
    if entry.status.is_gap and entry.status is not Status.PARTIAL:
        return "annex.time_tried", entry.started
    if entry.status is Status.MEMENTO:
        taken = [copy.taken for copy in entry.copies if copy.kind != "supplied"]
        return "annex.time_memento", taken[-1] if taken else entry.started
    return "annex.time", entry.started


def evidence_of(entry: SourceEntry, source: AnnotatedSource) -> ReportEvidence:
    """The record or file that shows the source, or the failure; where there is neither, the ledger's own half entry."""
    copy = _copy_shown(entry)
    if copy is not None and copy.kind == "supplied" and copy.files and copy.files[0] in source.files:
        return _evidence("file", copy.files[0], source.files[copy.files[0]], source.seed)
    known = [source.log[record] for record in (copy.records if copy else entry.exchanges) if record in source.log]
    if copy is None:  # what failed, not what was asked of an archive after that
        failures = [line for line in known if line.type == "metadata"]
        known = failures or [line for line in known if line.type == "response"] or known
    if known:
        return _evidence("record", known[-1].id, known[-1].sha256, source.seed)
    return _ledger_evidence(entry, source.seed)


def _copy_shown(entry: SourceEntry) -> Copy | None:
    """The copy that the verdict rests on; each ends with the record of the page itself."""
    copies = [copy for copy in entry.copies if copy.records or copy.files]
    if entry.status in (Status.SUPPLIED, Status.MEMENTO):
        return copies[-1] if copies else None
    alike = [copy for copy in copies if copy.status is entry.status]
    return next(iter(alike or copies), None)


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
