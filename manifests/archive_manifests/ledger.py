"""The ledger (`data/sources.json`): what became of every source that the report cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct, field

from archive_manifests import canonical
from archive_manifests.notes import Note, note
from archive_manifests.sources import Citation, PassedOver, Report

SCHEMA = "archive.ledger/2"


class Status(StrEnum):
    """The one verdict that each cited source ends in. A verdict never deletes bytes."""

    CAPTURED = "captured"
    """What the server had to give is here."""
    PARTIAL = "partial"
    """The page is here; something the server would have given is not, or the page is hollow."""
    MEMENTO = "memento"
    """The live web failed; a copy from another archive is here."""
    SUPPLIED = "supplied"
    """A person supplied the file and said when and how it was got."""
    BLOCKED = "blocked"
    """Something prevented it."""
    GONE = "gone"
    """The place answers; the thing is no longer there."""
    UNREACHABLE = "unreachable"
    """No usable answer."""
    NOT_ATTEMPTED = "not-attempted"
    """Our own policy forbade it."""

    @property
    def is_gap(self) -> bool:
        return self not in (Status.CAPTURED, Status.MEMENTO, Status.SUPPLIED)


REASONS: dict[Status, frozenset[str]] = {
    Status.CAPTURED: frozenset(),
    Status.PARTIAL: frozenset({"requisites", "media", "truncated", "hollow", "policy", "ambiguous", "coding"}),
    Status.MEMENTO: frozenset(),
    Status.SUPPLIED: frozenset(),
    Status.BLOCKED: frozenset({"challenge", "login", "consent", "rate", "forbidden", "geo", "legal", "captive"}),
    Status.GONE: frozenset({"not-found", "soft-404", "redirected-home", "other-post", "parked"}),
    Status.UNREACHABLE: frozenset(
        {"dns", "connect", "tls", "timeout", "reset", "server-error", "redirect-loop", "empty", "not-http"}
        | {"redirect-invalid", "coding"}
        | {f"tls-{kind}" for kind in ("expired", "untrusted", "name", "intermediate", "protocol")}
        | {"client-error"}  # a 4xx that means neither gone nor blocked
        | {"fault"}  # the program itself failed on this source, and says so
    ),
    Status.NOT_ATTEMPTED: frozenset(
        {"private-address", "too-large", "scheme", "invalid-address", "skipped", "robots", "limit"}
    ),
}
"""The reasons that belong to each status. A source with a status that has reasons names one."""


class Verdict(Struct, frozen=True):
    """How a capture, or the live part of it, ended."""

    status: Status
    reason: str | None = None
    detail: Note | None = None
    """What was seen."""


class Copy(Struct, frozen=True):
    """One copy of a source that the bag holds."""

    kind: str
    """`live`, `reading` (another reading of the printed address), `successor`, `memento` or `supplied`."""
    url: str | None
    taken: str
    """When, in UTC, as `2026-11-22T10:00:00Z`."""
    holder: str | None = None
    """From whom: the archive that holds a memento, the person who supplied a file."""
    records: tuple[str, ...] = ()
    """Ids of the WARC records that hold it."""
    files: tuple[str, ...] = ()
    """Paths in the bag, for supplied files."""
    status: Status | None = None
    """How the capture of this copy ended."""
    notes: tuple[Note, ...] = ()


class Requisite(Struct, frozen=True):
    """One thing that a page needs to be seen, or a document that it links."""

    url: str
    outcome: str
    """`captured`, `error` (the server answered with one), `failed` or `not-attempted`."""
    reason: str | None = None
    """`http` (the server's own error), `dns`, `timeout`, `private-address`, `too-large`…"""
    kind: str = "other"
    """`image`, `style`, `script`, `font`, `frame`, `media`, `icon`, `document`, `data`, `other`."""
    found_in: str | None = None
    """The URL of the page or style sheet that names it."""
    record: str | None = None
    """Id of the WARC record that holds the answer, or the failure."""
    hops: tuple[str, ...] = ()
    """Ids of the records of redirects and earlier tries on the way to it."""
    status: int | None = None
    """The status code, where the reason is `http`."""
    decorative: bool = False
    """The page shows what it says without it: a third party's addition, or requested by a script alone."""


class Facet(Struct, frozen=True):
    """One of the three items that the Berkeley Protocol requires at least (paragraph 155)."""

    present: bool
    reason: Note | None = None
    """Why it is absent."""


class Facets(Struct, frozen=True):
    """What a capture holds of the three."""

    source_code: Facet
    appearance: Facet
    media: Facet


class Memento(Struct, frozen=True):
    """A copy that another archive holds. (RFC 7089)"""

    url: str
    datetime: str
    delta_days: int | None
    """Days from the report's date, negative before it; None where the report states none."""
    after_report: bool


class Replay(Struct, frozen=True):
    """How a page looked when it was opened from the records alone, with the network off."""

    checked: str
    """When, in UTC."""
    score: int
    """From 0 to 100: `likeness`, less what is missing."""
    likeness: int | None
    """From 0 to 100, the screenshot against that of the capture; None where there is none."""
    requests: int
    missing: int
    """Requests that no record answers, and that one answered at the capture."""


class Rendering(Struct, frozen=True):
    """What a browser rendered of a captured page."""

    rendered: str
    """When, in UTC."""
    browser: str
    """Name and version."""
    files: tuple[str, ...]
    """Paths in the bag: screenshot, PDF, thumbnail, text, and `render.json` on how they were made."""
    records: tuple[str, ...]
    """Ids of the WARC records that hold the same, the `metadata` record that ties them to the page first."""
    replay: Replay | None = None


class Submission(Struct, frozen=True):
    """A request to an archive to store a copy of its own, with the response. Submitted is not archived."""

    to: str
    """Which archive."""
    url: str
    """What was submitted."""
    time: str
    """When, in UTC."""
    outcome: str
    """`saved`, `pending` (it had not ended at the last request), `refused` or `error`."""
    job: str | None = None
    """The archive's own name for it."""
    memento: str | None = None
    """Where the archive says that its copy is."""
    message: str | None = None
    """What the archive said, in its own words."""
    note: Note | None = None
    """What else was seen of it."""
    records: tuple[str, ...] = ()
    """Ids of the WARC records that hold its answers."""


class Reading(Struct, frozen=True):
    """One way to read what the report prints, and its result."""

    url: str
    certainty: str
    """`certain` or `uncertain`."""
    why: tuple[str, ...] = ()
    """Codes of what makes it uncertain."""
    requested: bool = False
    result: str | None = None
    """`captured`, `gone (not-found)`…; None where it was not requested."""


class SourceEntry(Struct, frozen=True):
    """What became of one cited source."""

    id: str
    """`s01`, `s02`… in the order of first citation."""
    cited: str
    """The exact string in the report."""
    citations: tuple[Citation, ...]
    status: Status
    reason: str | None
    detail: Note | None
    live: Verdict
    """How the live web ended, always."""
    copies: tuple[Copy, ...]
    final_url: str | None
    http_status: int | None
    started: str | None
    ended: str | None
    exchanges: tuple[str, ...]
    """Ids of the WARC records that hold the answers (or the failures), in order: hops, page, repeats."""
    requisites: tuple[Requisite, ...]
    facets: Facets
    memento: Memento | None = None
    memento_lookup: str = "not-requested"
    """`found`, `none`, `not-requested` or `error`."""
    quote_found: str = "unknown"
    """`yes`, `no` or `unknown`: whether the text that the report quotes occurs in what was captured."""
    title: str | None = None
    """The page's own title, as it claims it."""
    notes: tuple[Note, ...] = ()
    request_url: str | None = None
    """The cited string as it goes on the wire (WHATWG URL); None where it was not requested."""
    dedup_key: str | None = None
    """The same for all addresses of one thing that differ in scheme, `www.` or what only follows a reader."""
    graphic: bool | None = None
    """As the source manifest says; only False shows pictures and videos of it uncovered."""
    rendering: Rendering | None = None
    submissions: tuple[Submission, ...] = ()
    """Where the source was submitted, by the user's option."""
    readings: tuple[Reading, ...] = ()
    """The ways to read it, likeliest first."""


class AcceptedBag(Struct, frozen=True):
    """An older bag that did not verify, and was used all the same (`--accept-unsound`)."""

    tagmanifest: str
    """`sha256:` of its tag manifest, which identifies it."""
    wrong: str
    """What was wrong with it: codes of findings."""
    when: str


DOUBTFUL = (
    *("demonstration", "accepted_bags", "connect_to", "added_cas", "accepted_certificates", "proxy", "cookies"),
    "allow_private",
)
"""Fields of `Conditions` under which a capture can be false, the worst first."""


class Conditions(Struct, frozen=True):
    """Under what conditions the captures were made. They stand in the bag because they can make it false."""

    user_agent: str
    connect_to: tuple[str, ...] = ()
    """`HOST:PORT:ADDR:PORT` as given: connections that went elsewhere than the name says."""
    added_cas: tuple[str, ...] = ()
    """`sha256:` of each certificate that was trusted beside the usual roots."""
    accepted_certificates: tuple[str, ...] = ()
    """Hosts of which any certificate was accepted (`--accept-certificate`)."""
    proxy: str | None = None
    """The kind of proxy, never its address: `http`, `socks5`."""
    allow_private: bool = False
    cookies: bool = False
    robots: str = "stored, not obeyed"
    memento_policy: Note = field(default_factory=lambda: note("memento-policy-none"))
    """When the program requests copies from other archives; a code of `MEMENTO_POLICIES`."""
    third_parties: bool = True
    media: bool = True
    demonstration: bool = False
    """The bag was made against a loopback internet, to show the tool."""
    limits: dict[str, float] = field(default_factory=dict)
    """Bytes and seconds: `max_size`, `max_total`, `delay`…"""
    submits: bool = False
    """Whether sources were submitted to the Wayback Machine, which publishes what it stores."""
    clock: Note = field(default_factory=lambda: note("clock-unknown"))
    """The clock's offset against servers' `Date` headers, as measured, or unknown; a code of `CLOCK_OFFSETS`."""
    round: str | None = None
    """The text that observers of one report agree on, or a beacon's round: the records log begins with its digest."""
    accepted_bags: tuple[AcceptedBag, ...] = ()
    """The bags before this one, the oldest first, that did not verify when the next was made of them."""

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The names of the conditions under which a capture can be false, the worst first."""
        return tuple(name for name in DOUBTFUL if getattr(self, name))


class ReportEntry(Struct, frozen=True):
    """The report inside the bag."""

    stated: Report
    path: str | None
    """`data/report/original.txt`, or None where only its digest travelled."""
    name: str | None
    """The file's name as it was given."""
    size: int | None
    pages: int | None


class Ledger(Struct, frozen=True):
    """The whole ledger."""

    schema: str
    report: ReportEntry
    conditions: Conditions
    started: str
    ended: str
    sources: tuple[SourceEntry, ...]
    predecessor: str | None = None
    """`sha256:` of the tag manifest of the bag that this one follows."""
    passed_over: tuple[PassedOver, ...] = ()
    """What looks like an address in the report, or may hide one, and is no source."""

    @property
    def recorded_under(self) -> tuple[tuple[str, str], ...]:
        """Source and names of conditions, for each supplied recording that states how its captures can be false."""
        notes = ((source.id, one) for source in self.sources for copy in source.copies for one in copy.notes)
        found = ((source, str(one.facts.get("codes"))) for source, one in notes if one.code == "recording-conditions")
        return tuple(dict.fromkeys(found))


def notes_of_conditions(conditions: Conditions) -> tuple[Note, ...]:
    """Every note among the conditions."""
    return conditions.memento_policy, conditions.clock


def notes_of(entry: SourceEntry) -> Iterator[Note]:
    """Every note of an entry, wherever it stands; those among the facts of another note left out."""
    facets = entry.facets
    optional = (entry.detail, entry.live.detail, *(facet.reason for facet in (facets.source_code, facets.appearance)))
    yield from (each for each in (*optional, facets.media.reason) if each is not None)
    yield from (each for copy in entry.copies for each in copy.notes)
    yield from (each.note for each in entry.submissions if each.note is not None)
    yield from entry.notes


def counts(statuses: Iterable[Status]) -> dict[str, int]:
    """How many sources ended in each status, in the order of `Status`, zeros left out."""
    found = Counter(statuses)
    return {str(status): found[status] for status in Status if found[status]}


def records_of(entry: SourceEntry) -> Iterator[str]:
    """Ids of the records without which an entry says what is not there."""
    yield from entry.exchanges
    for copy in entry.copies:
        yield from copy.records
    for requisite in entry.requisites:
        yield from requisite.hops
        if requisite.record is not None:
            yield requisite.record
    if entry.rendering is not None:
        yield from entry.rendering.records
    for submission in entry.submissions:
        yield from submission.records


def files_of(entry: SourceEntry) -> Iterator[str]:
    """Payload paths that an entry names."""
    for copy in entry.copies:
        yield from copy.files
    if entry.rendering is not None:
        yield from entry.rendering.files


def to_json(ledger: Ledger) -> str:
    return canonical.document(ledger)


def from_json(text: str | bytes) -> Ledger:
    """Read a ledger strictly. Raises `StatementError`."""
    return canonical.parse(text, Ledger, what="sources.json")
