"""What the records of requests and responses say of how they were sent, compared with the conditions and connections.

A request carries the User-Agent that its file states, cookies that a response set or the conditions allow, and a Range
where the rest of a body was requested; a record names the peer and the TLS of a connection that its file describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from archive.capture.classify.response import REDIRECTS
from archive.capture.politeness import ROBOTS_TXT
from archive.capture.warcinfo import CONDITIONS, RUNTIME, USER_AGENT, object_in, stated_conditions
from archive.errors import UsageProblem
from archive.net.address_guard import why_forbidden
from archive.net.client import field_value
from archive.net.resolver import is_literal
from archive.net.router import ConnectTo
from archive.systems.video.source_videos import REJECTED
from archive.urls import UrlError, parse
from archive.verify.files.control_files import is_supplied
from archive.verify.records.generated import is_written_since
from archive.verify.records.stated_moments import moment_of
from archive.verify.sources.copy_records import reached
from archive.verify.sources.exchange_records import ExchangeLinks
from archive.verify.sources.sent_forms import is_form
from archive.verify.statements.coverage_records import series_of
from archive.verify.statements.events import carried_over
from archive.verify.statements.seen_conditions import SeenConditions, origin_of
from archive.verify.visits.evidence import Evidence
from archive.verify.visits.replayed_visit import StoredExchanges
from archive.warc.digest import DigestVerdict
from archive.warc.report import ScannedRecord, WarcReport
from archive.warc.sent_fields import LONGEST_HEAD, NOTHING, Sent, shortened
from archive_manifests.exchanges import Purpose
from archive_manifests.finding_codes import make_finding
from archive_manifests.findings import Finding
from archive_manifests.ledger import Ledger, SourceEntry, records_of
from archive_manifests.paths import BagPath
from archive_manifests.shown import shown_pair

_OTHERS_AGENT = frozenset({Purpose.VIDEO_EXTRACTOR})
"""Purposes of requests of a guest, which sets User-Agent, cookies and ranges as the site's own players do."""
_AUTHORIZED = frozenset({Purpose.VIDEO_EXTRACTOR, Purpose.PAGE_SCRIPT})
"""Purposes of requests that a site's own scripts, or a guest in their place, may identify themselves in."""
_IN_PARTS = frozenset({Purpose.VIDEO_EXTRACTOR, Purpose.REST_OF_RESPONSE, Purpose.COOKIES_OF_VISIT})
"""Purposes of requests that may be for a part of a body; the rest of one may need the cookies of its visit."""
_FORMS_SINCE = (0, 6)
"""The version since which all fields of a request, and the address of each peer, are as they are now."""
_SHOWN = 160


def check_sent(
    ledger: Ledger,
    evidence: Evidence,
    reports: Mapping[BagPath, WarcReport],
    exchanges: StoredExchanges,
    seen: SeenConditions,
    *,
    was_stopped: bool = False,
) -> Iterator[Finding]:
    """Compare the records of each WARC of a run with what it states of its conditions. Raises `Broken`.

    One finding a file and kind. What a run that was stopped left behind is no exchange of any source, and no part of
    what the bag states.
    """
    carried = carried_over(ledger, evidence, moment_of(ledger.started))
    sources = {entry.id for entry in ledger.sources}
    set_cookies, robots = _SetCookies(ledger, evidence, exchanges), _RobotsTargets(evidence, exchanges)
    lost = evidence.lost.files  # connections that only a lost record describes are not known
    for path in sorted(each for each in reports if not is_supplied(each) and each.text not in lost):
        name = evidence.warcinfo_of.get(path)
        fields = exchanges.records.warcinfo(name) if name is not None else {}
        recorded = object_in(fields, CONDITIONS)
        stated = recorded if recorded is not None or path in carried else stated_conditions(ledger.conditions)
        series = series_of(path)
        is_known = is_written_since(fields.get("software", ""), _FORMS_SINCE)
        case = _SentCase(
            path=path,
            source=series if series in sources else None,
            user_agent=fields.get(USER_AGENT),
            stated=stated or {},
            ends_by=ledger.ended if path not in carried else None,
            is_whole=path not in carried and not was_stopped and is_known,
            is_known=is_known,
            libraries=_libraries(fields) if is_known and not was_stopped and path not in carried else None,
            states_cookies=recorded is not None,
            evidence=evidence,
            exchanges=exchanges,
            seen=seen,
            set_cookies=set_cookies,
            obeys_robots=fields.get("robots") == "obey",
            robots=robots,
        )
        yield from case.check(reports[path].records())


class _SentCase(Struct):
    """The records of one WARC, and what they are compared with."""

    path: BagPath
    source: str | None
    user_agent: str | None
    """As the file's warcinfo states it."""
    stated: Mapping[str, Any]
    """The conditions under which the file was written; empty where nobody knows them."""
    ends_by: str | None
    """When the run ended, where the file is of this bag's run."""
    is_whole: bool
    """Whether a known version wrote the file, in a run that was not stopped: every exchange is there as a whole."""
    is_known: bool
    """Whether a version wrote it of which all fields are known that its requests have."""
    libraries: Mapping[str, Any] | None
    """Those that the file's warcinfo states; None where a later run may have had others."""
    states_cookies: bool
    """Whether the version that wrote the file states the cookies and the purpose of each request."""
    evidence: Evidence
    exchanges: StoredExchanges
    seen: SeenConditions
    set_cookies: _SetCookies
    obeys_robots: bool
    robots: _RobotsTargets
    _rules: tuple[ConnectTo, ...] = ()
    _found: dict[str, tuple[Finding, int]] = field(default_factory=dict)
    """The first finding of each kind, and how many there are."""
    _noted: int = 0
    _extracted: set[str | None] = field(default_factory=set)
    """Addresses that the video extractor requested."""

    def check(self, records: Iterable[ScannedRecord]) -> Iterator[Finding]:
        """Compare every record that belongs to an exchange of a source."""
        self._rules = _rules_of(self.stated.get("connect_to"))
        links = ExchangeLinks(self.ends_by, self.is_whole)
        for record in records:
            for what, expected, stated in links.contradictions(record):
                self._note("exchange-contradicted", what, record, expected, stated)
            is_request = record.type == "request"
            is_plain = record.address is None and record.security is None
            if is_plain and not is_request and not (self.is_whole and record.type == "response"):
                continue
            if record.block is DigestVerdict.BAD or not self._is_of_exchange(record):
                continue
            if is_request and (record.sent is not None or record.block_size < LONGEST_HEAD):
                self._check_request(record, record.sent or NOTHING)  # a head that is too long is not read
            self._check_connection(record)
        for first, count in self._found.values():
            yield first if count == 1 else replace(first, note=f"{first.note}; {count:,} records, this is the first")

    def _is_of_exchange(self, record: ScannedRecord) -> bool:
        named = self.evidence.named  # a response may have a place for its date alone, and be named by nobody
        return record.id in named or any(name in named for name in record.concurrent)

    def _note(self, code: str, what: str, record: ScannedRecord, stated: object, found: object) -> None:
        self._noted += 1
        first = self._found.get(what)
        if first is not None:
            self._found[what] = first[0], first[1] + 1
            return
        # As of any contradicted statement: expected is what the records show.
        facts = shown_pair(found, stated) | {"source": self.source}
        note = f"{what}: {record.type} {record.uri}"[:_SHOWN]
        self._found[what] = make_finding(code, self.path, **facts, record=record.id, note=note), 1

    def _check_request(self, record: ScannedRecord, sent: Sent) -> None:
        purpose, cookies = next((found for name in record.concurrent if (found := self.seen.purposes.get(name))), _NONE)
        noted = self._noted
        self._check_values(record, sent, purpose, cookies)
        if self.is_known and self._noted == noted:
            is_guests = record.uri in self._extracted
            is_right = is_form(sent[-1], purpose, record.uri, self.libraries, is_guests=is_guests)
            if not is_right and self._is_named(record) and not self._is_of_robots(sent[-1], purpose, record.uri):
                expected = f"those of a request for {purpose or 'a visit'}, in their order"
                self._note("exchange-contradicted", "fields", record, expected, sent[-1])
        if purpose in _OTHERS_AGENT:
            self._extracted.add(record.uri)

    def _is_named(self, request: ScannedRecord) -> bool:
        """True where a source names the exchange, so that its purpose is known."""
        return any(name in self.evidence.named for name in request.concurrent)

    def _is_of_robots(self, form: str, purpose: str, uri: str | None) -> bool:
        """True of what a robots.txt leads to, in a run that obeys it. (RFC 9309, 2.3.1.2)"""
        return self.obeys_robots and is_form(form, purpose, ROBOTS_TXT, None) and uri in self.robots.targets

    def _check_values(self, record: ScannedRecord, sent: Sent, purpose: str, cookies: str | None) -> None:
        agent, cookie, part, other, is_authorized, _ = sent
        if other is not None:
            self._note("exchange-contradicted", "request line", record, record.uri, other)
        if is_authorized and purpose not in _AUTHORIZED:
            self._note("exchange-contradicted", "Authorization", record, "none", "one of nobody's")
        if purpose in _OTHERS_AGENT:
            return
        if self.user_agent is not None and agent != _as_sent(self.user_agent):
            self._note("condition-contradicted", "user_agent", record, self.user_agent, agent)
        if not self.states_cookies:
            return
        if purpose == Purpose.CONSENT_REJECTED:
            cookies = REJECTED[1]
        if cookie != _as_sent(cookies) and not self.stated.get("cookies"):
            self._note("exchange-contradicted", "Cookie", record, cookies or "no cookie", cookie or "no cookie")
        if purpose == Purpose.COOKIES_OF_VISIT and cookies and not self._were_set(record, cookies):
            self._note("exchange-contradicted", "Set-Cookie", record, cookies, "no response before set them")
        if part is not None and purpose not in _IN_PARTS:
            self._note("exchange-contradicted", "Range", record, "a request for all of it", part)
        elif part is None and purpose == Purpose.REST_OF_RESPONSE:
            self._note("exchange-contradicted", "Range", record, purpose, "no Range")

    def _were_set(self, request: ScannedRecord, cookies: str) -> bool:
        """True where responses of a source, before this request, set each of the cookies."""
        date = request.date.removesuffix("Z")
        return any(
            all(known.get(_bare(each), date) < date for each in cookies.split(";"))
            for known in self.set_cookies.of_sources_with(request.concurrent)
        )

    def _check_connection(self, record: ScannedRecord) -> None:
        origin = origin_of(record.uri or "")
        described = self.seen.described.get((self.path, origin))
        stated = record.address, record.security
        shown = " ".join(filter(None, stated))
        kind = record.type
        if described is not None and not any(_agree(stated, one, kind, is_whole=self.is_whole) for one in described):
            found = "; ".join(sorted(" ".join(filter(None, one)) for one in described))
            self._note("exchange-contradicted", "connection", record, shown, found)
        elif described is None and self.is_whole and record.type == "response":
            self._note("exchange-contradicted", "connection", record, shown, "none is described")
        if record.address is not None and self.stated:
            self._check_route(record, origin, record.address)

    def _check_route(self, record: ScannedRecord, origin: str, address: str) -> None:
        """The peer is the one to which the stated rules lead, or a public one."""
        host, port = _host_and_port(origin)
        rule = next((rule for rule in self._rules if rule.matches(host, port)), None)
        if rule is None:
            if not self.stated.get("allow_private") and _is_private(address):
                self._note("condition-contradicted", "allow_private", record, "no address that is not public", address)
        elif (leads_to := _address_of(rule.to_host)) is not None and leads_to != address:
            self._note("condition-contradicted", "connect_to", record, rule.to_host, address)


class _SetCookies(Struct):
    """The cookies that the responses of each source set. (RFC 6265, section 5.3)"""

    ledger: Ledger
    evidence: Evidence
    exchanges: StoredExchanges
    _sources_of: dict[str, list[int]] = field(default_factory=dict)
    """Record -> the numbers of the sources that name it, once they are needed."""
    _known: dict[int, dict[str, str]] = field(default_factory=dict)

    def of_sources_with(self, names: Iterable[str]) -> Iterator[dict[str, str]]:
        """Yield, for each source that names one of these records, its cookies and when each was set first."""
        if not self._sources_of:
            for number, entry in enumerate(self.ledger.sources):
                for name in dict.fromkeys(records_of(entry)):
                    self._sources_of.setdefault(name, []).append(number)
        for number in dict.fromkeys(each for name in names for each in self._sources_of.get(name, ())):
            if number not in self._known:
                self._known[number] = dict(sorted(self._set_by(self.ledger.sources[number]), reverse=True))
            yield self._known[number]

    def _set_by(self, entry: SourceEntry) -> Iterator[tuple[str, str]]:
        for name in dict.fromkeys(records_of(entry)):
            record = self.evidence.records.get(name)
            exchange = self.exchanges.get(name) if record is not None and record.type == "response" else None
            if record is None or exchange is None or exchange.head is None:
                continue
            for field_name, value in exchange.head.fields:
                if field_name.lower() == "set-cookie":
                    yield _bare(value.partition(";")[0]), record.date.removesuffix("Z")


class _RobotsTargets(Struct):
    """The addresses that redirects of a robots.txt lead to."""

    evidence: Evidence
    exchanges: StoredExchanges
    _targets: set[str] | None = None

    @property
    def targets(self) -> set[str]:
        if self._targets is None:
            redirects = {name: each for name, each in self.evidence.records.items() if each.http_status in REDIRECTS}
            start = {each.uri for each in redirects.values() if each.uri and each.uri.endswith(ROBOTS_TXT)}
            self._targets = reached(start, redirects, self.exchanges)
        return self._targets


_NONE: tuple[str, str | None] = ("", None)


def _rules_of(stated: object) -> tuple[ConnectTo, ...]:
    """The rules of `--connect-to`; none where one cannot be read, which is reported elsewhere."""
    try:
        return tuple(ConnectTo.parse(str(text)) for text in stated) if isinstance(stated, list) else ()
    except UsageProblem:
        return ()


def _agree(
    stated: tuple[str | None, str | None], described: tuple[str | None, str | None], kind: str, *, is_whole: bool
) -> bool:
    """True where a record states what the description of a connection does; a request states no TLS.

    The address may be missing where not `is_whole`.
    """
    address, security = stated
    is_there = address == described[0] or (address is None and not is_whole)
    return is_there and (security == described[1] or kind == "request")


def _libraries(fields: Mapping[str, str]) -> Mapping[str, Any]:
    """The libraries of the run that wrote a file, as its warcinfo states them."""
    stated = (object_in(fields, RUNTIME) or {}).get("libraries")
    return stated if isinstance(stated, dict) else {}


@lru_cache(maxsize=4096)
def _as_sent(value: str | None) -> str | None:
    """A value as the head of a request has it."""
    return shortened(field_value(value).encode("latin-1", "replace").decode("latin-1").strip()) if value else None


def _bare(cookie: str) -> str:
    """Name and value of a cookie, without what parsers of cookies trim."""
    return "".join(cookie.split()).replace('"', "")


@lru_cache(maxsize=4096)
def _host_and_port(origin: str) -> tuple[str, int]:
    try:
        url = parse(origin)
    except UrlError:
        return "", 0
    return url.hostname, url.port


@lru_cache(maxsize=4096)
def _address_of(host: str) -> str | None:
    """The address that a rule names, without its zone; None for a name."""
    return host.partition("%")[0] if is_literal(host) else None


@lru_cache(maxsize=4096)
def _is_private(address: str) -> bool:
    return why_forbidden(address) is not None
