"""Drafts for a court, as plain text beside a bag: what a qualified person would certify, and what a bag holds of what
the Berkeley Protocol asks for. Drafts: whoever signs has to know the facts, and a lawyer to read them.

They say what the verification that is made for them licenses (archive.seal.claims), and name what it found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from textwrap import fill
from typing import TypeGuard

from msgspec import Struct, field
from msgspec.structs import replace

from archive.bag.contents import PackRefused
from archive.bag.interface import Bag
from archive.corroborate.check import CorroborationCheck, check_beside
from archive.corroborate.standing import NO_STANDING, standings
from archive.errors import BagUnreadable, StatementError
from archive.handover.pack_order import PackSource
from archive.handover.profile_match import read_ledger
from archive.seal.claims import COURT, ClaimCheck, ClaimEvidence, evidence_of, licensed
from archive.trust.custody_log import CustodyBroken, CustodyLog, parse_log
from archive.verify.result.verification import Verification
from archive.verify.run import verify
from archive.version import AGENT
from archive.words import load
from archive.words.notes import describe
from archive_manifests import canonical, layout, records
from archive_manifests.corroboration import FILE
from archive_manifests.custody import Event
from archive_manifests.findings import Answer, Finding
from archive_manifests.ledger import Facet, Ledger, SourceEntry, counts
from archive_manifests.paths import BagPath
from archive_manifests.plain_text import one_line
from archive_manifests.seal import SealedFacts

_LIMIT = 1 << 20
_EVENTS_LIMIT = 64 << 20
_LONGEST_LINE = 1 << 20
_MOST_FINDINGS = 50
BLANK = "______________________________"


class RecordedCustody(Struct, frozen=True):
    """What the records log counts."""

    responses: int = 0
    derived: int = 0
    """Conversions, and resources that the program made."""
    truncated: int = 0
    views: int = 0
    """Files that a browser drew."""


class DraftFacts(Struct, frozen=True):
    """What the drafts are made from: a bag, verified just now."""

    name: str
    facts: SealedFacts
    ledger: Ledger
    software: Mapping[str, object]
    """`data/provenance/software.json`; empty where the bag has none."""
    found: Verification
    has_annex: bool
    events: tuple[Event, ...] | None = None
    """The bag's own events; None where they are absent, or do not follow on each other."""
    custody: tuple[Event, ...] = ()
    """The events beside the bag."""
    recorded: RecordedCustody = field(default_factory=RecordedCustody)
    corroboration: CorroborationCheck | None = None
    """The corroboration beside the bag, compared with the bag; None where none is there."""

    @property
    def evidence(self) -> ClaimEvidence:
        """What the verification and the bag's own statements license."""
        evidence = evidence_of(self.found.answers, self.found.findings, self._facts)
        more = {ClaimCheck.PRODUCT_STATED} if self.software.get("product") else set()
        more |= {ClaimCheck.EVENTS_CHAINED} if self.events else set()
        return replace(evidence, checks=evidence.checks | more)

    @property
    def _facts(self) -> dict[str, object]:
        stated = self.ledger.report.stated
        custody = self.found.answers["who"].facts.get("custody")
        return {
            "report": one_line(f"the report {stated.id}" + (f" ({stated.title})" if stated.title else "")),
            **{name: one_line(str(self.software.get(name, "-"))) for name in ("product", "version", "python")},
            "blank": BLANK,
            "events_inside": len(self.events or ()),
            "events_beside": len(self.custody),
            "signed_events": custody.get("signed_events", 0) if isinstance(custody, dict) else 0,
            "responses": self.recorded.responses,
            "derived": self.recorded.derived,
            "truncated": self.recorded.truncated,
            "views": self.recorded.views,
            "errors": self.found.errors,
            "warnings": self.found.warnings,
            "persons": ", ".join(self.persons),
            "collector": self.collector or "-",
        }

    @property
    def persons(self) -> tuple[str, ...]:
        """Who is named beside the bag, with what each did: an event by a person names the tool as well."""
        named = (f"{event.agent} ({event.type})" for event in self.custody if "tool" in event.facts)
        return tuple(one_line(one) for one in dict.fromkeys(named))

    @property
    def commits_to_identity(self) -> bool:
        """The custody log commits to a record of who collected."""
        return any(event.type == "encryption" and "commitment" in event.facts for event in self.custody)

    @property
    def collector(self) -> str | None:
        """Who captured, by a name that the capture's own event states."""
        named = (event.agent for event in self.events or () if event.type == "capture" and "tool" in event.facts)
        return next((one_line(one) for one in named), None)


def court_drafts(source: PackSource, log: CustodyLog, now: str, *, has_annex: bool) -> str:
    """Both drafts for a bag, which is verified for them. Raises `PackRefused` for one without a ledger."""
    ledger = read_ledger(source.bag)
    if ledger is None:
        raise PackRefused(f"{source.bag.location}: no ledger, so nothing can be stated to a court; nothing was packed")
    case = DraftFacts(
        name=source.bag.name,
        facts=source.facts,
        ledger=ledger,
        software=_software(source.bag),
        found=verify(source.bag.location, seal=source.seal),
        has_annex=has_annex,
        events=_events(source.bag),
        custody=log.events,
        recorded=_recorded(source.bag),
        corroboration=check_beside(source.bag.location, datetime.now(UTC)),
    )
    return draft(case, now)


def _software(bag: Bag) -> dict[str, object]:
    try:
        with bag.open(BagPath(layout.SOFTWARE)) as stream:
            return canonical.parse(stream.read(_LIMIT), dict[str, object], what="software.json")
    except (BagUnreadable, StatementError):
        return {}


def _events(bag: Bag) -> tuple[Event, ...] | None:
    try:
        with bag.open(BagPath(layout.EVENTS)) as stream:
            return parse_log(stream.read(_EVENTS_LIMIT), None, layout.EVENTS).events
    except (BagUnreadable, CustodyBroken):
        return None


def _recorded(bag: Bag) -> RecordedCustody:
    """Count the log's lines by type; a line that cannot be read is left to the verification."""
    found = {"response": 0, "revisit": 0, "conversion": 0, "resource": 0}
    truncated = 0
    try:
        with bag.open(BagPath(layout.RECORDS)) as stream:
            for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), start=1):
                record = records.parse_line(line, number)
                found[record.type] = found.get(record.type, 0) + 1
                truncated += record.truncated is not None
    except (BagUnreadable, StatementError):
        pass
    views = sum(entry.path.startswith("data/views/") for entry in bag.payload_entries())
    responses, derived = found["response"] + found["revisit"], found["conversion"] + found["resource"]
    return RecordedCustody(responses, derived, truncated, views)


def draft(case: DraftFacts, now: str) -> str:
    """Both drafts, one after the other."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(  # noqa: S701 -- plain text: what comes from outside is put on one line
        loader=PackageLoader("archive.handover"), undefined=StrictUndefined, keep_trailing_newline=True
    )
    said = _said(case, now)
    ledger, found = case.ledger, case.found
    return environment.get_template("court.txt").render(
        now=now,
        agent=AGENT,
        blank=BLANK,
        paragraph=_paragraph,
        line=one_line,
        name=one_line(case.name),
        bag_id=one_line(case.facts.bag_id or "without an identifier"),
        files=f"{found.payload_files:,}",
        octets=f"{found.payload_octets:,}",
        tag_manifests=case.facts.tag_manifests,
        started=ledger.started,
        ended=ledger.ended,
        clock=one_line(describe(ledger.conditions.clock)),
        said=said,
        conditions=_conditions(ledger),
        counted=counts(entry.status for entry in ledger.sources).items(),
        found=said["findings"],
        answers=[(question, _answer(answer)) for question, answer in found.answers.items()],
        findings=list(_findings(found.findings)),
        of_bag=_of_bag(case, said),
        about_sources=fill(said["sources"], 78, break_on_hyphens=False),
        sources=[(entry, _of_source(entry, case.corroboration)) for entry in ledger.sources],
    )


def _paragraph(number: int, text: str) -> str:
    return fill(f"{number}. {text}", 78, subsequent_indent="   ", break_on_hyphens=False)


def _said(case: DraftFacts, now: str) -> dict[str, str]:
    """What the evidence licenses, by the part of the draft it stands in."""
    evidence, words = case.evidence, load()
    facts = {**evidence.facts, "now": now}
    keys = [key for found in licensed(COURT, evidence) for key in found]
    said = {key: words.sentence(f"claim.{key}", **facts) for key in keys}
    parts = ("record", "program", "stored", "files", "digests", "events", "custody", "persons", "unaltered", "sources")
    found = {part: next(text for key, text in said.items() if key.startswith(f"court_{part}")) for part in parts}
    return found | {"findings": words.sentence("claim.court_findings", **facts)}


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding by its name: a number alone says nothing."""
    for finding in findings[:_MOST_FINDINGS]:
        where = f" {finding.path}" if finding.path else ""
        yield one_line(f"{finding.severity}: {finding.code}{where}{f': {finding.note}' if finding.note else ''}")
    if len(findings) > _MOST_FINDINGS:
        yield f"and {len(findings) - _MOST_FINDINGS:,} more, which `archive verify` lists"


def _conditions(ledger: Ledger) -> str:
    """What can make a capture false is stated, or its absence."""
    stated = ledger.conditions
    said = [
        ("connections were led elsewhere than the names say", bool(stated.connect_to)),
        ("certificate authorities were trusted beside the usual ones", bool(stated.added_cas)),
        ("certificates that did not prove who the host is were accepted", bool(stated.accepted_certificates)),
        ("parts come from an older bag that did not verify", bool(stated.accepted_bags)),
        (f"a proxy stood in between ({stated.proxy})", stated.proxy is not None),
        ("cookies were sent", stated.cookies),
        ("private addresses were allowed", stated.allow_private),
        ("IT IS A DEMONSTRATION AGAINST A LOOPBACK INTERNET, NOT A CAPTURE OF THE REAL ONE", stated.demonstration),
    ]
    there = [one_line(text) for text, is_so in said if is_so]
    what = "; ".join(there) if there else "none that could lead it elsewhere"
    return f"Conditions of the capture, as the bag states them: {what}."


def _answer(answer: Answer) -> str:
    return one_line(str(answer.state) if answer.why is None else f"{answer.state}: {answer.why}")


def _of_bag(case: DraftFacts, said: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Paragraph 155 and its neighbours: each thing that it names, present or absent with its reason."""
    ledger, answers = case.ledger, case.found.answers
    annex = _annex(case)
    words = load()
    collector = "court_collector" if case.collector else "court_no_collector"
    persons = [("persons", said["persons"])]
    return (
        ("collector", words.sentence(f"claim.{collector}", collector=case.collector or "-")),
        *(persons if case.persons else []),
        ("collector's identity", annex),
        ("collector's address", "absent: never recorded; what servers echoed of it is in the captures"),
        ("collecting machine's clock", one_line(describe(ledger.conditions.clock))),
        ("tool and version", _version(case.software)),
        ("digest at collection", said["digests"]),
        ("events in the bag", said["events"]),
        ("custody beside the bag", said["custody"]),
        ("corroboration", _corroboration(case.corroboration)),
        ("signed by", _answer(answers["who"])),
        ("independent time", _answer(answers["when"])),
        ("access", one_line(ledger.report.stated.access)),
        ("alterations", said["unaltered"]),
    )


def _annex(case: DraftFacts) -> str:
    """What is known of an encrypted record without opening it: whether the log names one."""
    if not case.has_annex:
        return "absent: no identity.age lies beside the bag"
    if any(one.code == "identity-unbound" for one in case.found.findings) or not case.commits_to_identity:
        return "an identity.age lies beside the bag, and the custody log does not name it: it can be anybody's"
    return "identity.age, beside the bag, for whoever may open it; the custody log names such a record"


def _version(software: Mapping[str, object]) -> str:
    product = software.get("product")
    return one_line(f"stated: {product} {software.get('version')}") if product else "absent: the bag does not say"


def _corroboration(found: CorroborationCheck | None) -> str:
    """The document that is cited below and that no package contains, by its digest."""
    if not _is_cited(found):
        return "absent: no corroboration beside the bag that agrees with it"
    return one_line(
        f"the folder {found.folder}, which the package does not contain: hand it over beside the package; "
        f"SHA-256 of its {FILE}: {found.sha256}"
    )


def _is_cited(found: CorroborationCheck | None) -> TypeGuard[CorroborationCheck]:
    return found is not None and not found.errors and found.document is not None


def _observers(entry: SourceEntry, corroboration: CorroborationCheck | None) -> str:
    """One sentence on what other observers saw, and who signed that; what the bag contradicts says nothing."""
    if not _is_cited(corroboration) or corroboration.document is None:
        return NO_STANDING.sentence()
    ours = corroboration.document.observer(corroboration.observer or "")
    standing = standings(corroboration.document, ours.tagmanifest).get(entry.id, NO_STANDING)
    signed = {name for one in corroboration.signatures for name in one.observers}
    facts = {"n": len(signed), "all": len(corroboration.document.observers)}
    return f"{standing.sentence()} {load().sentence('corroboration.court.signed', **facts)}"


def _of_source(entry: SourceEntry, corroboration: CorroborationCheck | None) -> Sequence[tuple[str, str]]:
    rows = (
        ("(a) address", f"cited above; answered as {entry.final_url}" if entry.final_url else "cited above; no answer"),
        ("(b) source code", _facet(entry.facets.source_code)),
        ("(c) full-page capture", _facet(entry.facets.appearance)),
        ("(d) embedded media", _facet(entry.facets.media)),
        ("time of collection", f"{entry.started} to {entry.ended}" if entry.started else "absent: never requested"),
        ("verdict", str(entry.status) if entry.reason is None else f"{entry.status} ({entry.reason})"),
        *((("seen", describe(entry.detail)),) if entry.detail else ()),
        ("quoted words found", entry.quote_found),
        ("other observers", _observers(entry, corroboration)),
        ("records", f"{len(entry.exchanges)} answers and failures, {len(entry.requisites)} requisites"),
    )
    return tuple((name, one_line(value)) for name, value in rows)


def _facet(facet: Facet) -> str:
    why = describe(facet.reason) if facet.reason is not None else "no reason stated"
    return "present" if facet.present else f"absent: {why}"
